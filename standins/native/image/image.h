// What the decoders share.
#pragma once

#include "imageshim.h"

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>

namespace image {

struct Failure : std::runtime_error {
    Failure(int status, const std::string& message) : std::runtime_error(message), status(status) {}
    int status;
};

[[noreturn]] inline void broken(const std::string& message) { throw Failure(IMAGE_BROKEN, message); }

struct Bytes {
    const uint8_t* data;
    size_t length;

    uint16_t le16(size_t at) const { return static_cast<uint16_t>(data[at] | data[at + 1] << 8); }
    uint32_t le32(size_t at) const { return le16(at) | static_cast<uint32_t>(le16(at + 2)) << 16; }
};

struct Size {
    int32_t width;
    int32_t height;
};

struct Free {
    void operator()(void* p) const { std::free(p); }
};

// Blue, green, red, alpha, from the top row down.
class Pixels {
public:
    Pixels(int64_t width, int64_t height, int64_t max_pixels) {
        if (width <= 0 || height <= 0 || width > INT32_MAX || height > INT32_MAX)
            broken("The image has no pixels or too many: " + std::to_string(width) + " x " + std::to_string(height) + ".");
        check(width, height, max_pixels);
        size = {static_cast<int32_t>(width), static_cast<int32_t>(height)};
        data.reset(static_cast<uint8_t*>(std::malloc(static_cast<size_t>(width * height) * 4)));
        if (!data) throw std::bad_alloc();
    }

    uint8_t* row(int64_t y) { return data.get() + y * size.width * 4; }

    static void check(int64_t width, int64_t height, int64_t max_pixels) {
        constexpr int64_t most = INT64_MAX / 4;
        if (height > 0 && width > (max_pixels > 0 ? max_pixels : most) / height)
            throw Failure(IMAGE_TOO_LARGE, "The image of " + std::to_string(width) + " x " + std::to_string(height) +
                                               " pixels exceeds the limit of " + std::to_string(max_pixels) + " pixels.");
    }

    Size size{};
    std::unique_ptr<uint8_t, Free> data;
};

struct Encoded {
    std::unique_ptr<uint8_t, Free> data;
    size_t length = 0;
};

Size jpeg_size(Bytes bytes);
Size png_size(Bytes bytes);
Size gif_size(Bytes bytes);
Size bmp_size(Bytes bytes);

Pixels decode_jpeg(Bytes bytes, int64_t max_pixels);
Pixels decode_png(Bytes bytes, int64_t max_pixels);
Pixels decode_gif(Bytes bytes, int64_t max_pixels);
Pixels decode_bmp(Bytes bytes, int64_t max_pixels);

Encoded encode_jpeg(const uint8_t* pixels, Size size, int quality);
Encoded encode_png(const uint8_t* pixels, Size size);

}  // namespace image

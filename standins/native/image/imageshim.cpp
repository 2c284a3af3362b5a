#include "image.h"

#include <cstring>
#include <new>

using namespace image;

namespace {

thread_local std::string last_error;

template <class Body> int guarded(Body&& body) noexcept {
    int status;
    std::string message;
    try {
        body();
        return IMAGE_OK;
    } catch (const Failure& e) {
        status = e.status;
        message = e.what();
    } catch (const std::bad_alloc&) {
        status = IMAGE_OUT_OF_MEMORY;
        message = "There is not enough memory for the image.";
    } catch (const std::exception& e) {
        status = IMAGE_BROKEN;
        message = e.what();
    }
    last_error.swap(message);
    return status;
}

void require(bool condition, const char* message) {
    if (!condition) throw Failure(IMAGE_BAD_ARGUMENT, message);
}

bool starts(Bytes bytes, const char* magic, size_t length) {
    return bytes.length >= length && std::memcmp(bytes.data, magic, length) == 0;
}

image_format format_of(Bytes bytes) {
    if (bytes.length == 0) throw Failure(IMAGE_UNKNOWN_FORMAT, "The image has 0 bytes.");
    if (starts(bytes, "\xFF\xD8\xFF", 3)) return IMAGE_JPEG;
    if (starts(bytes, "\x89PNG\r\n\x1A\n", 8)) return IMAGE_PNG;
    if (starts(bytes, "GIF87a", 6) || starts(bytes, "GIF89a", 6)) return IMAGE_GIF;
    if (starts(bytes, "BM", 2)) return IMAGE_BMP;
    throw Failure(IMAGE_UNKNOWN_FORMAT, "The bytes are no JPEG, PNG, GIF or BMP image.");
}

Pixels decode(Bytes bytes, int64_t max_pixels) {
    switch (format_of(bytes)) {
        case IMAGE_JPEG: return decode_jpeg(bytes, max_pixels);
        case IMAGE_PNG: return decode_png(bytes, max_pixels);
        case IMAGE_GIF: return decode_gif(bytes, max_pixels);
        default: return decode_bmp(bytes, max_pixels);
    }
}

Size size_of(Bytes bytes, image_format format) {
    switch (format) {
        case IMAGE_JPEG: return jpeg_size(bytes);
        case IMAGE_PNG: return png_size(bytes);
        case IMAGE_GIF: return gif_size(bytes);
        default: return bmp_size(bytes);
    }
}

bool any_transparent(Pixels& pixels) {
    const int64_t count = static_cast<int64_t>(pixels.size.width) * pixels.size.height;
    const uint8_t* alpha = pixels.data.get() + 3;
    for (int64_t i = 0; i < count; i++)
        if (alpha[i * 4] != 255) return true;
    return false;
}

}  // namespace

const char* image_last_error(void) { return last_error.c_str(); }

int image_decode(const uint8_t* bytes, int64_t length, int64_t max_pixels, uint8_t** pixels, int32_t* width,
                 int32_t* height, int32_t* has_alpha) {
    return guarded([&] {
        require(length >= 0 && (bytes || length == 0), "bytes and length do not describe a block of memory.");
        require(pixels && width && height, "pixels, width and height must not be null.");
        Pixels decoded = decode({bytes, static_cast<size_t>(length)}, max_pixels);
        if (has_alpha) *has_alpha = any_transparent(decoded);
        *width = decoded.size.width;
        *height = decoded.size.height;
        *pixels = decoded.data.release();
    });
}

int image_inspect(const uint8_t* bytes, int64_t length, int32_t* format, int32_t* width, int32_t* height) {
    return guarded([&] {
        require(length >= 0 && (bytes || length == 0), "bytes and length do not describe a block of memory.");
        Bytes all{bytes, static_cast<size_t>(length)};
        image_format found = format_of(all);
        Size size = size_of(all, found);
        if (format) *format = found;
        if (width) *width = size.width;
        if (height) *height = size.height;
    });
}

int image_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t format, int32_t quality,
                 uint8_t** encoded, int64_t* encoded_length) {
    return guarded([&] {
        require(pixels && encoded && encoded_length, "pixels, encoded and encoded_length must not be null.");
        require(width > 0 && height > 0, "width and height must be at least 1.");
        require(format == IMAGE_JPEG || format == IMAGE_PNG, "Only JPEG and PNG can be written.");
        require(format != IMAGE_JPEG || (quality >= 1 && quality <= 100), "quality must lie between 1 and 100.");
        Size size{width, height};
        Encoded result = format == IMAGE_JPEG ? encode_jpeg(pixels, size, quality) : encode_png(pixels, size);
        *encoded_length = static_cast<int64_t>(result.length);
        *encoded = result.data.release();
    });
}

void image_free(void* buffer) { std::free(buffer); }

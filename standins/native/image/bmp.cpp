// Windows bitmaps: 1, 4, 8, 24 and 32 bits a pixel, uncompressed, and run-length coded with 8 bits.
#include "image.h"

#include <cstring>

namespace {

using image::broken;
using image::Bytes;

struct Header {
    uint32_t pixels_at;
    int64_t width;
    int64_t height;
    bool top_down;
    int bits;
    uint32_t compression;
    size_t palette_at;
    size_t palette_entry;
    size_t palette_count;

    explicit Header(Bytes bytes) {
        constexpr size_t file_header = 14;
        if (bytes.length < file_header + 12) broken("The BMP image ends in its header.");
        pixels_at = bytes.le32(10);
        const uint32_t header_size = bytes.le32(file_header);
        if (header_size < 12 || header_size > bytes.length - file_header) broken("The BMP image's header is damaged.");
        const bool ancient = header_size == 12;
        if (!ancient && header_size < 40) broken("The BMP image's header is of an unknown kind.");
        const int64_t rows = ancient ? bytes.le16(20) : static_cast<int32_t>(bytes.le32(22));
        width = ancient ? bytes.le16(18) : static_cast<int32_t>(bytes.le32(18));
        height = rows < 0 ? -rows : rows;
        top_down = rows < 0;
        bits = bytes.le16(ancient ? 24 : 28);
        compression = ancient ? 0 : bytes.le32(30);
        palette_at = file_header + header_size + (header_size == 40 && compression == 3 ? 12 : 0);
        palette_entry = ancient ? 3 : 4;
        const size_t used = ancient ? 0 : bytes.le32(46);
        palette_count = bits > 8 ? 0 : used && used <= (1u << bits) ? used : size_t{1} << bits;
        if (width <= 0 || height <= 0) broken("The BMP image has no pixels.");
        if (palette_at + palette_count * palette_entry > bytes.length) broken("The BMP image ends in its palette.");
        check(bytes);
    }

    void check(Bytes bytes) const {
        const bool plain = compression == 0 && (bits == 1 || bits == 4 || bits == 8 || bits == 24 || bits == 32);
        const bool runs = compression == 1 && bits == 8;
        const bool masks = compression == 3 && bits == 32 && bytes.length >= 66 && bytes.le32(54) == 0xFF0000 &&
                           bytes.le32(58) == 0xFF00 && bytes.le32(62) == 0xFF;
        if (!plain && !runs && !masks)
            broken("BMP images with " + std::to_string(bits) + " bits a pixel and compression " +
                   std::to_string(compression) + " are not supported.");
    }

    int64_t row(int64_t y) const { return top_down ? y : height - 1 - y; }
};

void set(uint8_t* to, Bytes bytes, const Header& header, unsigned index) {
    if (index >= header.palette_count) broken("The BMP image names a colour that it has not.");
    std::memcpy(to, bytes.data + header.palette_at + index * header.palette_entry, 3);
    to[3] = 255;
}

void plain_row(uint8_t* to, const uint8_t* from, Bytes bytes, const Header& header) {
    for (int64_t x = 0; x < header.width; x++, to += 4) {
        switch (header.bits) {
            case 1: set(to, bytes, header, from[x / 8] >> (7 - x % 8) & 1); break;
            case 4: set(to, bytes, header, x % 2 ? from[x / 2] & 15 : from[x / 2] >> 4); break;
            case 8: set(to, bytes, header, from[x]); break;
            default: std::memcpy(to, from + x * (header.bits / 8), 3); to[3] = 255; break;
        }
    }
}

// Pairs of count and colour; a count of 0 ends the line (0), the image (1), moves on (2), or starts plain bytes.
void runs(image::Pixels& pixels, Bytes bytes, const Header& header) {
    size_t at = header.pixels_at;
    int64_t x = 0, y = 0;
    auto next = [&] {
        if (at >= bytes.length) broken("The BMP image ends too early.");
        return bytes.data[at++];
    };
    auto put = [&](unsigned index) {
        if (x >= header.width || y >= header.height) broken("The BMP image's runs leave the image.");
        set(pixels.row(header.row(y)) + x++ * 4, bytes, header, index);
    };
    for (int64_t i = 0; i < header.width * header.height; i++) set(pixels.data.get() + i * 4, bytes, header, 0);
    for (;;) {
        const int count = next(), value = next();
        if (count > 0) {
            for (int i = 0; i < count; i++) put(value);
        } else if (value == 0) {
            x = 0, y++;
        } else if (value == 1) {
            return;
        } else if (value == 2) {
            x += next();
            y += next();
        } else {
            for (int i = 0; i < value; i++) put(next());
            if (value % 2) next();
        }
    }
}

}  // namespace

namespace image {

Size bmp_size(Bytes bytes) {
    Header header(bytes);
    return {static_cast<int32_t>(header.width), static_cast<int32_t>(header.height)};
}

Pixels decode_bmp(Bytes bytes, int64_t max_pixels) {
    Header header(bytes);
    Pixels pixels(header.width, header.height, max_pixels);
    if (header.compression == 1) {
        runs(pixels, bytes, header);
        return pixels;
    }
    const uint64_t stride = (static_cast<uint64_t>(header.width) * header.bits + 31) / 32 * 4;
    if (header.pixels_at > bytes.length || stride * header.height > bytes.length - header.pixels_at)
        broken("The BMP image ends too early.");
    for (int64_t y = 0; y < header.height; y++)
        plain_row(pixels.row(header.row(y)), bytes.data + header.pixels_at + stride * y, bytes, header);
    return pixels;
}

}  // namespace image

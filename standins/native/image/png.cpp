#include "image.h"

#include <png.h>

#include <csetjmp>
#include <cstring>
#include <vector>

namespace {

// libpng reports by a callback that must not return; see jpeg.cpp.
struct Reader {
    image::Bytes bytes;
    size_t at = 0;
    char message[200] = "";
    png_structp png = nullptr;
    png_infop info = nullptr;

    explicit Reader(image::Bytes bytes) : bytes(bytes) {
        png = png_create_read_struct(PNG_LIBPNG_VER_STRING, this, fail, ignore);
        if (png) info = png_create_info_struct(png);
        if (!info) {
            png_destroy_read_struct(&png, nullptr, nullptr);
            throw std::bad_alloc();
        }
        png_set_read_fn(png, this, read);
    }

    ~Reader() { png_destroy_read_struct(&png, &info, nullptr); }

    static void fail(png_structp png, png_const_charp text) {
        auto reader = static_cast<Reader*>(png_get_error_ptr(png));
        std::strncpy(reader->message, text, sizeof reader->message - 1);
        longjmp(png_jmpbuf(png), 1);
    }

    static void ignore(png_structp, png_const_charp) {}

    static void read(png_structp png, png_bytep to, size_t count) {
        auto reader = static_cast<Reader*>(png_get_io_ptr(png));
        if (count > reader->bytes.length - reader->at) png_error(png, "the file ends too early");
        std::memcpy(to, reader->bytes.data + reader->at, count);
        reader->at += count;
    }

    [[noreturn]] void broken() const { image::broken(std::string("The PNG image is damaged: ") + message + "."); }

    void header() {
        if (setjmp(png_jmpbuf(png))) broken();
        png_read_info(png, info);
    }

    image::Size size() const {
        return {static_cast<int32_t>(png_get_image_width(png, info)),
                static_cast<int32_t>(png_get_image_height(png, info))};
    }

    // Every colour type becomes eight-bit blue, green, red, alpha.
    void body(png_bytepp rows) {
        if (setjmp(png_jmpbuf(png))) broken();
        png_set_scale_16(png);
        png_set_expand(png);
        png_set_gray_to_rgb(png);
        png_set_bgr(png);
        png_set_add_alpha(png, 255, PNG_FILLER_AFTER);
        png_read_update_info(png, info);
        png_read_image(png, rows);
        png_read_end(png, nullptr);
    }
};

void append(png_structp png, png_bytep from, size_t count) {
    auto all = static_cast<std::vector<uint8_t>*>(png_get_io_ptr(png));
    try {
        all->insert(all->end(), from, from + count);
    } catch (...) {
        png_error(png, "out of memory");
    }
}

void write(png_structp png, png_infop info, image::Size size, png_bytepp rows) {
    if (setjmp(png_jmpbuf(png))) image::broken("The PNG image could not be written.");
    png_set_IHDR(png, info, static_cast<png_uint_32>(size.width), static_cast<png_uint_32>(size.height), 8,
                 PNG_COLOR_TYPE_RGB_ALPHA, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    png_set_bgr(png);
    png_write_image(png, rows);
    png_write_end(png, nullptr);
}

}  // namespace

namespace image {

Size png_size(Bytes bytes) {
    Reader reader(bytes);
    reader.header();
    return reader.size();
}

Pixels decode_png(Bytes bytes, int64_t max_pixels) {
    Reader reader(bytes);
    reader.header();
    Size size = reader.size();
    Pixels pixels(size.width, size.height, max_pixels);
    std::vector<png_bytep> rows(static_cast<size_t>(size.height));
    for (int32_t y = 0; y < size.height; y++) rows[y] = pixels.row(y);
    reader.body(rows.data());
    return pixels;
}

Encoded encode_png(const uint8_t* pixels, Size size) {
    std::vector<uint8_t> bytes;
    std::vector<png_bytep> rows(static_cast<size_t>(size.height));
    for (int32_t y = 0; y < size.height; y++)
        rows[y] = const_cast<png_bytep>(pixels + static_cast<size_t>(y) * size.width * 4);

    struct Writer {
        png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, Reader::ignore);
        png_infop info = png ? png_create_info_struct(png) : nullptr;
        ~Writer() { png_destroy_write_struct(&png, &info); }
    } writer;
    if (!writer.info) throw std::bad_alloc();
    png_set_write_fn(writer.png, &bytes, append, nullptr);
    write(writer.png, writer.info, size, rows.data());

    Encoded result;
    result.data.reset(static_cast<uint8_t*>(std::malloc(bytes.size())));
    if (!result.data) throw std::bad_alloc();
    std::memcpy(result.data.get(), bytes.data(), bytes.size());
    result.length = bytes.size();
    return result;
}

}  // namespace image

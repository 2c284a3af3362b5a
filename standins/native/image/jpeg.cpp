#include "image.h"

#include <cstdio>

#include <jpeglib.h>

#include <jerror.h>

#include <csetjmp>

namespace {

// libjpeg reports by a callback that must not return: it jumps back to where the call was made, where the
// message becomes an exception. Nothing with a destructor is made between the two.
struct Errors {
    jpeg_error_mgr manager;
    std::jmp_buf back;
    char message[JMSG_LENGTH_MAX];

    static Errors* of(j_common_ptr info) { return reinterpret_cast<Errors*>(info->err); }

    [[noreturn]] static void fail(j_common_ptr info) {
        Errors* errors = of(info);
        errors->manager.format_message(info, errors->message);
        std::longjmp(errors->back, 1);
    }

    // Of libjpeg's warnings (level -1) these mean lost pixels; with the others the image is whole.
    static void emit(j_common_ptr info, int level) {
        if (level >= 0) return;
        switch (info->err->msg_code) {
            case JWRN_JPEG_EOF:
            case JWRN_HIT_MARKER:
            case JWRN_HUFF_BAD_CODE:
            case JWRN_ARITH_BAD_CODE:
            case JWRN_MUST_RESYNC: fail(info);
            default: break;
        }
    }

    jpeg_error_mgr* install() {
        jpeg_std_error(&manager);
        manager.error_exit = fail;
        manager.emit_message = emit;
        return &manager;
    }
};

class Decompressor {
public:
    explicit Decompressor(image::Bytes bytes) {
        info.err = errors.install();
        if (setjmp(errors.back)) fail();
        jpeg_create_decompress(&info);
        jpeg_mem_src(&info, bytes.data, static_cast<unsigned long>(bytes.length));
        jpeg_read_header(&info, TRUE);
    }

    ~Decompressor() { jpeg_destroy_decompress(&info); }

    image::Size size() const {
        return {static_cast<int32_t>(info.image_width), static_cast<int32_t>(info.image_height)};
    }

    // libjpeg turns YCbCr and gray into BGRA itself; of CMYK it makes CMYK at best.
    void read(image::Pixels& pixels) {
        if (setjmp(errors.back)) fail();
        const bool cmyk = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
        info.out_color_space = cmyk ? JCS_CMYK : JCS_EXT_BGRA;
        jpeg_start_decompress(&info);
        while (info.output_scanline < info.output_height) {
            JSAMPROW row = pixels.row(info.output_scanline);
            jpeg_read_scanlines(&info, &row, 1);
            if (cmyk) to_bgra(row);
        }
        jpeg_finish_decompress(&info);
    }

private:
    // Adobe's files hold the inks inverted.
    void to_bgra(uint8_t* row) const {
        for (JDIMENSION x = 0; x < info.output_width; x++, row += 4) {
            int c = row[0], m = row[1], y = row[2], k = row[3];
            if (!info.saw_Adobe_marker) c = 255 - c, m = 255 - m, y = 255 - y, k = 255 - k;
            row[0] = static_cast<uint8_t>((y * k + 127) / 255);
            row[1] = static_cast<uint8_t>((m * k + 127) / 255);
            row[2] = static_cast<uint8_t>((c * k + 127) / 255);
            row[3] = 255;
        }
    }

    [[noreturn]] void fail() {
        std::string message = errors.message;
        jpeg_destroy_decompress(&info);
        image::broken("The JPEG image is damaged: " + message + ".");
    }

    jpeg_decompress_struct info{};
    Errors errors{};
};

class Compressor {
public:
    Compressor() {
        info.err = errors.install();
        if (setjmp(errors.back)) fail();
        jpeg_create_compress(&info);
    }

    ~Compressor() {
        jpeg_destroy_compress(&info);
        std::free(buffer);
    }

    image::Encoded write(const uint8_t* pixels, image::Size size, int quality) {
        if (setjmp(errors.back)) fail();
        jpeg_mem_dest(&info, &buffer, &length);
        info.image_width = static_cast<JDIMENSION>(size.width);
        info.image_height = static_cast<JDIMENSION>(size.height);
        info.input_components = 4;
        info.in_color_space = JCS_EXT_BGRX;
        jpeg_set_defaults(&info);
        jpeg_set_quality(&info, quality, TRUE);
        jpeg_start_compress(&info, TRUE);
        while (info.next_scanline < info.image_height) {
            auto row = const_cast<JSAMPROW>(pixels + static_cast<size_t>(info.next_scanline) * size.width * 4);
            jpeg_write_scanlines(&info, &row, 1);
        }
        jpeg_finish_compress(&info);
        image::Encoded result;
        result.data.reset(buffer);
        result.length = length;
        buffer = nullptr;
        return result;
    }

private:
    [[noreturn]] void fail() { image::broken(std::string("The JPEG image could not be written: ") + errors.message + "."); }

    jpeg_compress_struct info{};
    Errors errors{};
    unsigned char* buffer = nullptr;
    unsigned long length = 0;
};

}  // namespace

namespace image {

Size jpeg_size(Bytes bytes) { return Decompressor(bytes).size(); }

Pixels decode_jpeg(Bytes bytes, int64_t max_pixels) {
    Decompressor jpeg(bytes);
    Pixels pixels(jpeg.size().width, jpeg.size().height, max_pixels);
    jpeg.read(pixels);
    return pixels;
}

Encoded encode_jpeg(const uint8_t* pixels, Size size, int quality) { return Compressor().write(pixels, size, quality); }

}  // namespace image

#include "image.h"

#include <gif_lib.h>

#include <algorithm>
#include <cstring>
#include <vector>

namespace {

struct Source {
    image::Bytes bytes;
    size_t at = 0;

    static int read(GifFileType* gif, GifByteType* to, int count) {
        auto source = static_cast<Source*>(gif->UserData);
        size_t got = std::min(static_cast<size_t>(count), source->bytes.length - source->at);
        std::memcpy(to, source->bytes.data + source->at, got);
        source->at += got;
        return static_cast<int>(got);
    }
};

class Gif {
public:
    explicit Gif(image::Bytes bytes) : source{bytes} {
        int error = 0;
        file = DGifOpen(&source, Source::read, &error);
        if (!file) fail(error);
    }

    ~Gif() { DGifCloseFile(file, nullptr); }

    image::Size size() const { return {file->SWidth, file->SHeight}; }

    // The first frame on a transparent canvas.
    void read(image::Pixels& canvas) {
        std::memset(canvas.data.get(), 0, static_cast<size_t>(canvas.size.width) * canvas.size.height * 4);
        for (;;) {
            GifRecordType record;
            if (DGifGetRecordType(file, &record) == GIF_ERROR) fail(file->Error);
            if (record == EXTENSION_RECORD_TYPE) extension();
            else if (record == IMAGE_DESC_RECORD_TYPE) return frame(canvas);
            else image::broken("The GIF image has no frame.");
        }
    }

private:
    [[noreturn]] static void fail(int error) {
        const char* text = GifErrorString(error);
        image::broken(std::string("The GIF image is damaged: ") + (text ? text : "it ends too early") + ".");
    }

    void extension() {
        int code;
        GifByteType* block;
        if (DGifGetExtension(file, &code, &block) == GIF_ERROR) fail(file->Error);
        GraphicsControlBlock control;
        if (code == GRAPHICS_EXT_FUNC_CODE && block && DGifExtensionToGCB(block[0], block + 1, &control) == GIF_OK)
            transparent = control.TransparentColor;
        while (block)
            if (DGifGetExtensionNext(file, &block) == GIF_ERROR) fail(file->Error);
    }

    void frame(image::Pixels& canvas) {
        if (DGifGetImageDesc(file) == GIF_ERROR) fail(file->Error);
        const GifImageDesc& at = file->Image;
        if (at.Left < 0 || at.Top < 0 || at.Left + at.Width > canvas.size.width || at.Top + at.Height > canvas.size.height)
            image::broken("The GIF image's frame lies outside the image.");
        const ColorMapObject* colors = at.ColorMap ? at.ColorMap : file->SColorMap;
        if (!colors) image::broken("The GIF image has no colours.");

        std::vector<GifPixelType> line(static_cast<size_t>(at.Width));
        static const int first[] = {0, 4, 2, 1}, step[] = {8, 8, 4, 2};
        for (int pass = 0; pass < (at.Interlace ? 4 : 1); pass++) {
            for (int y = at.Interlace ? first[pass] : 0; y < at.Height; y += at.Interlace ? step[pass] : 1) {
                if (DGifGetLine(file, line.data(), at.Width) == GIF_ERROR) fail(file->Error);
                uint8_t* to = canvas.row(at.Top + y) + at.Left * 4;
                for (GifPixelType index : line) {
                    if (index != transparent && index < colors->ColorCount) {
                        const GifColorType& color = colors->Colors[index];
                        to[0] = color.Blue, to[1] = color.Green, to[2] = color.Red, to[3] = 255;
                    }
                    to += 4;
                }
            }
        }
    }

    Source source;
    GifFileType* file;
    int transparent = NO_TRANSPARENT_COLOR;
};

}  // namespace

namespace image {

Size gif_size(Bytes bytes) { return Gif(bytes).size(); }

Pixels decode_gif(Bytes bytes, int64_t max_pixels) {
    Gif gif(bytes);
    Pixels canvas(gif.size().width, gif.size().height, max_pixels);
    gif.read(canvas);
    return canvas;
}

}  // namespace image

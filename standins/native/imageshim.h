// A plain C interface over libjpeg, libpng and giflib.
//
// Every function that returns int returns 0 on success; any other value is an error whose text
// image_last_error() gives on the same thread. Output arguments are untouched on error.
// Pixels are rows from top to bottom without padding, four bytes each: blue, green, red, alpha (not premultiplied).
#pragma once

#include <stdint.h>

#if defined(__GNUC__)
#define IMAGE_API __attribute__((visibility("default")))
#else
#define IMAGE_API __declspec(dllexport)
#endif

#ifdef __cplusplus
extern "C" {
#endif

enum image_status {
    IMAGE_OK = 0,
    IMAGE_UNKNOWN_FORMAT = 1,  // the bytes are none of JPEG, PNG, GIF, BMP
    IMAGE_BROKEN = 2,          // the format is known, the data is damaged, truncated or not supported
    IMAGE_TOO_LARGE = 3,       // width * height exceeds max_pixels
    IMAGE_OUT_OF_MEMORY = 4,
    IMAGE_BAD_ARGUMENT = 5
};

enum image_format { IMAGE_JPEG = 1, IMAGE_PNG = 2, IMAGE_GIF = 3, IMAGE_BMP = 4 };

// The message of the last error on this thread, UTF-8, valid until the next call on this thread.
IMAGE_API const char* image_last_error(void);

// Decodes the first frame. *pixels holds *width * *height * 4 bytes; release it with image_free.
// max_pixels <= 0 means no limit. has_alpha (may be null) tells whether any pixel is not opaque.
IMAGE_API int image_decode(const uint8_t* bytes, int64_t length, int64_t max_pixels,
                           uint8_t** pixels, int32_t* width, int32_t* height, int32_t* has_alpha);

// Reads format, width and height from the header alone. Any output may be null.
IMAGE_API int image_inspect(const uint8_t* bytes, int64_t length,
                            int32_t* format, int32_t* width, int32_t* height);

// Encodes width * height * 4 bytes as IMAGE_JPEG or IMAGE_PNG; other formats are IMAGE_BAD_ARGUMENT.
// quality is 1..100 and concerns JPEG alone, which drops alpha. Release *encoded with image_free.
IMAGE_API int image_encode(const uint8_t* pixels, int32_t width, int32_t height, int32_t format, int32_t quality,
                           uint8_t** encoded, int64_t* encoded_length);

// Releases what image_decode or image_encode returned; null is ignored.
IMAGE_API void image_free(void* buffer);

#ifdef __cplusplus
}
#endif

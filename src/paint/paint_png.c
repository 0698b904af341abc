// Pictures of the canvas as PNG files.
#include <SDL.h>
#include <SDL_image.h>

#include "mem.h"
#include "paint_screen.h"

#define PNG_SIDE_MAX 16384

bool paint_save_png(const struct paint_canvas *canvas, const char *path, struct err *err)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormatFrom(canvas->pixels, canvas->width_px, canvas->height_px, 32,
                                           canvas->stride_px * 4, SDL_PIXELFORMAT_RGB888);
    if (!surface) {
        return err_set(err, "%s: %s", path, SDL_GetError());
    }
    int result = IMG_SavePNG(surface, path);
    SDL_FreeSurface(surface);
    return result == 0 || err_set(err, "%s: %s", path, IMG_GetError());
}

static bool take_pixels(struct paint_canvas *out, SDL_Surface *surface, struct err *err)
{
    if (surface->w > PNG_SIDE_MAX || surface->h > PNG_SIDE_MAX) {
        return err_set(err, "the picture is too large");
    }
    SDL_Surface *plain = SDL_ConvertSurfaceFormat(surface, SDL_PIXELFORMAT_ARGB8888, 0);
    if (!plain) {
        return err_set(err, "%s", SDL_GetError());
    }
    size_t width = (size_t)plain->w, height = (size_t)plain->h;
    uint32_t *pixels = mem_alloc_array(width * height, sizeof *pixels);
    for (size_t y = 0; y < height; y++) {
        const char *bytes = (const char *)plain->pixels + y * (size_t)plain->pitch;
        const uint32_t *row = (const uint32_t *)(const void *)bytes;
        for (size_t x = 0; x < width; x++) {
            pixels[y * width + x] = row[x] & 0xFFFFFFu;
        }
    }
    *out = (struct paint_canvas){pixels, plain->w, plain->h, plain->w};
    SDL_FreeSurface(plain);
    return true;
}

bool paint_load_png(struct paint_canvas *out, const char *path, struct err *err)
{
    SDL_RWops *file = SDL_RWFromFile(path, "rb");
    if (!file) {
        return err_set(err, "%s: %s", path, SDL_GetError());
    }
    SDL_Surface *surface = IMG_LoadPNG_RW(file);
    SDL_RWclose(file);
    if (!surface) {
        return err_set(err, "%s: %s", path, IMG_GetError());
    }
    bool is_ok = take_pixels(out, surface, err) || err_wrap(err, "%s", path);
    SDL_FreeSurface(surface);
    return is_ok;
}

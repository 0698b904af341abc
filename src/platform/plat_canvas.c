// The canvas and its way to the screen.
#include <string.h>

#include "mem.h"
#include "plat_internal.h"

#define LOG_MODULE "platform"
#include "log.h"

#define RECTS_MAX 64

static bool has_our_format(const SDL_Surface *surface)
{
    uint32_t format = surface->format->format;
    return format == SDL_PIXELFORMAT_RGB888 || format == SDL_PIXELFORMAT_ARGB8888;
}

static bool open_texture(struct plat *plat, struct err *err)
{
    plat->way = PLAT_TEXTURE;
    plat->renderer = SDL_CreateRenderer(plat->window, -1, 0);
    return plat->renderer || err_set(err, "%s", SDL_GetError());
}

bool plat_canvas_open(struct plat *plat, struct err *err)
{
    const char *driver = SDL_GetCurrentVideoDriver();
    plat->is_lost = true;
    if (driver && strcmp(driver, "wayland") == 0) {
        return open_texture(plat, err); // no native window surface there
    }
    const SDL_Surface *surface = SDL_GetWindowSurface(plat->window);
    if (!surface) {
        log_info("no window surface: %s", SDL_GetError());
        return open_texture(plat, err);
    }
    plat->way = has_our_format(surface) ? PLAT_SURFACE : PLAT_CONVERT;
    log_info("driver=%s surface=%s", driver, SDL_GetPixelFormatName(surface->format->format));
    return true;
}

void plat_canvas_close(struct plat *plat)
{
    if (plat->texture) {
        SDL_DestroyTexture(plat->texture);
    }
    if (plat->renderer) {
        SDL_DestroyRenderer(plat->renderer);
    }
    mem_free(plat->buffer);
}

void plat_pixel_size(const struct plat *plat, int *width_px, int *height_px)
{
    SDL_GetWindowSizeInPixels(plat->window, width_px, height_px);
}

float plat_pixels_per_point(const struct plat *plat)
{
    int points, pixels, height;
    SDL_GetWindowSize(plat->window, &points, &height);
    plat_pixel_size(plat, &pixels, &height);
    return points > 0 ? (float)pixels / (float)points : 1.0f;
}

static bool fit_texture(struct plat *plat, int width, int height)
{
    if (plat->texture) {
        SDL_DestroyTexture(plat->texture);
    }
    plat->texture = SDL_CreateTexture(plat->renderer, SDL_PIXELFORMAT_ARGB8888,
                                      SDL_TEXTUREACCESS_STREAMING, width, height);
    if (!plat->texture) {
        log_error("no texture: %s", SDL_GetError());
        return false;
    }
    SDL_SetTextureBlendMode(plat->texture, SDL_BLENDMODE_NONE);
    return true;
}

// A buffer of ours, of the drawable's size. false: nothing to draw on at this moment.
static bool fit_buffer(struct plat *plat, int width, int height)
{
    if (width <= 0 || height <= 0) {
        return false;
    }
    bool is_same = plat->buffer && plat->width_px == width && plat->height_px == height;
    if (is_same && (plat->way != PLAT_TEXTURE || plat->texture)) {
        return true;
    }
    if (plat->way == PLAT_TEXTURE && !fit_texture(plat, width, height)) {
        return false;
    }
    mem_free(plat->buffer);
    plat->buffer = mem_alloc_array((size_t)width * (size_t)height, sizeof plat->buffer[0]);
    plat->is_lost = true;
    return true;
}

bool plat_canvas(struct plat *plat, struct paint_canvas *out, bool *is_fresh)
{
    SDL_Surface *surface = NULL;
    int width, height;
    if (plat->way == PLAT_TEXTURE) {
        plat_pixel_size(plat, &width, &height);
    } else {
        surface = SDL_GetWindowSurface(plat->window);
        if (!surface) {
            return false;
        }
        width = surface->w;
        height = surface->h;
    }
    if (plat->way == PLAT_SURFACE) {
        *out = (struct paint_canvas){surface->pixels, width, height, surface->pitch / 4};
    } else {
        if (!fit_buffer(plat, width, height)) {
            return false;
        }
        *out = (struct paint_canvas){plat->buffer, width, height, width};
    }
    *is_fresh = plat->is_lost || plat->last_pixels != out->pixels || plat->width_px != width ||
                plat->height_px != height;
    plat->is_lost = false;
    plat->last_pixels = out->pixels;
    plat->width_px = width;
    plat->height_px = height;
    return true;
}

// Few rectangles inside the canvas; SDL mishandles what sticks out. Too many become one.
static int clip_rects(const struct plat *plat, const struct paint_rect *dirty, size_t count,
                      SDL_Rect rects[RECTS_MAX])
{
    struct paint_rect all = {0, 0, plat->width_px, plat->height_px};
    struct paint_rect sum = {0, 0, 0, 0};
    int used = 0;
    for (size_t i = 0; i < count; i++) {
        struct paint_rect part = paint_rect_intersect(dirty[i], all);
        if (paint_rect_is_empty(part)) {
            continue;
        }
        sum = paint_rect_union(sum, part);
        if (used < RECTS_MAX) {
            rects[used] = (SDL_Rect){part.x, part.y, part.w, part.h};
        }
        used++;
    }
    if (used <= RECTS_MAX) {
        return used;
    }
    rects[0] = (SDL_Rect){sum.x, sum.y, sum.w, sum.h};
    return 1;
}

static const uint32_t *buffer_at(const struct plat *plat, SDL_Rect rect)
{
    return plat->buffer + (ptrdiff_t)rect.y * plat->width_px + rect.x;
}

static void present_texture(struct plat *plat, const SDL_Rect *rects, int count)
{
    int pitch = plat->width_px * 4;
    for (int i = 0; i < count; i++) {
        SDL_UpdateTexture(plat->texture, &rects[i], buffer_at(plat, rects[i]), pitch);
    }
    SDL_RenderCopy(plat->renderer, plat->texture, NULL, NULL);
    SDL_RenderPresent(plat->renderer);
}

static void convert(const struct plat *plat, SDL_Surface *surface, SDL_Rect rect)
{
    char *to = (char *)surface->pixels + (ptrdiff_t)rect.y * surface->pitch +
               (ptrdiff_t)rect.x * surface->format->BytesPerPixel;
    SDL_ConvertPixels(rect.w, rect.h, SDL_PIXELFORMAT_RGB888, buffer_at(plat, rect),
                      plat->width_px * 4, surface->format->format, to, surface->pitch);
}

void plat_present(struct plat *plat, const struct paint_rect *dirty, size_t count)
{
    SDL_Rect rects[RECTS_MAX];
    int used = clip_rects(plat, dirty, count, rects);
    if (used == 0) {
        return;
    }
    if (plat->way == PLAT_TEXTURE) {
        if (plat->texture) {
            present_texture(plat, rects, used);
        }
        return;
    }
    SDL_Surface *surface = SDL_GetWindowSurface(plat->window);
    if (!surface || surface->w != plat->width_px || surface->h != plat->height_px) {
        plat->is_lost = true; // resized since it was drawn; the next frame fits
        return;
    }
    for (int i = 0; plat->way == PLAT_CONVERT && plat->buffer && i < used; i++) {
        convert(plat, surface, rects[i]);
    }
    SDL_UpdateWindowSurfaceRects(plat->window, rects, used);
}

void plat_canvas_repeat(struct plat *plat)
{
    if (!plat->is_lost) {
        struct paint_rect all = {0, 0, plat->width_px, plat->height_px};
        plat_present(plat, &all, 1);
    }
}

// SVG pictures rasterised at the size they are shown, kept while they are used.
#include "paint_image.h"

#include <limits.h>

#include <SDL.h>
#include <SDL_image.h>

#include "buf.h"
#include "map.h"
#include "mem.h"

#define LOG_MODULE "paint"
#include "log.h"

#define SIDE_MAX  4096
#define BYTES_MAX ((size_t)32 * 1024 * 1024)

struct image {
    char *name; // owned
    paint_image_id id;
    int width_px, height_px;
    uint32_t *argb; // owned; NULL while dropped
    struct paint_rect ink;
    uint64_t used; // the frame
    bool is_broken;
};

// The store may change behind a const set: pixels come back when an old id is drawn again.
struct store {
    char *folder;          // owned
    struct image **images; // owned, each too; id - 1
    size_t count, size;
    size_t bytes; // of all pixels
    uint64_t frame;
    struct map by_key; // "name WxH" to struct image
    struct map broken; // names
};

struct paint_images {
    struct store *store; // owned
};

struct paint_images *paint_images_create(const char *folder)
{
    struct paint_images *images = MEM_NEW(struct paint_images);
    images->store = MEM_NEW(struct store);
    images->store->folder = mem_copy_text(folder);
    map_init(&images->store->by_key, 1); // our own names: no need for a secret seed
    map_init(&images->store->broken, 2);
    return images;
}

void paint_images_destroy(struct paint_images *images)
{
    if (!images) {
        return;
    }
    struct store *store = images->store;
    for (size_t i = 0; i < store->count; i++) {
        mem_free(store->images[i]->name);
        mem_free(store->images[i]->argb);
        mem_free(store->images[i]);
    }
    map_deinit(&store->by_key);
    map_deinit(&store->broken);
    mem_free(store->images);
    mem_free(store->folder);
    mem_free(store);
    mem_free(images);
}

// The file's text, SDL_free; NULL when it cannot be read or is cut off. Checked here because
// SDL_image 2.6.3 loses memory on a picture without a size.
static char *read_svg(const struct store *store, const struct image *image, size_t *len)
{
    struct buf path;
    size_t at;
    buf_init(&path, BUF_NO_LIMIT);
    (void)buf_printf(&path, "%s/%s.svg", store->folder, image->name); // no limit to hit
    char *text = SDL_LoadFile(buf_cstr(&path), len);
    buf_deinit(&path);
    if (!text) {
        return NULL;
    }
    struct str view = {text, *len};
    if (view.len > INT_MAX || !str_find(view, STR("<svg"), &at) ||
        !str_find(view, STR("</svg>"), &at)) {
        SDL_SetError("not a whole SVG file");
        SDL_free(text);
        return NULL;
    }
    return text;
}

static SDL_Surface *load_svg(const struct store *store, const struct image *image)
{
    size_t len = 0;
    char *text = read_svg(store, image, &len);
    if (!text) {
        return NULL;
    }
    SDL_RWops *file = SDL_RWFromConstMem(text, (int)len);
    SDL_Surface *loaded = NULL, *argb = NULL;
    if (file) {
        loaded = IMG_LoadSizedSVG_RW(file, image->width_px, image->height_px);
        SDL_RWclose(file);
    }
    if (loaded) {
        argb = SDL_ConvertSurfaceFormat(loaded, SDL_PIXELFORMAT_ARGB8888, 0);
        SDL_FreeSurface(loaded);
    }
    SDL_free(text);
    return argb;
}

static uint32_t premultiply(uint32_t argb)
{
    uint32_t alpha = argb >> 24, out = alpha << 24;
    for (int shift = 0; shift < 24; shift += 8) {
        uint32_t value = (argb >> shift & 255u) * alpha + 128;
        out |= ((value + (value >> 8)) >> 8) << shift;
    }
    return out;
}

// The picture keeps its shape; what it leaves free of width x height stays clear.
static void copy_centred(struct image *image, const SDL_Surface *surface)
{
    int width = surface->w < image->width_px ? surface->w : image->width_px;
    int height = surface->h < image->height_px ? surface->h : image->height_px;
    int left = (image->width_px - width) / 2, top = (image->height_px - height) / 2;
    for (int y = 0; y < height; y++) {
        const uint32_t *from = (const uint32_t *)(const void *)((const char *)surface->pixels +
                                                                (ptrdiff_t)y * surface->pitch);
        uint32_t *to = image->argb + (ptrdiff_t)(top + y) * image->width_px + left;
        for (int x = 0; x < width; x++) {
            to[x] = premultiply(from[x]);
        }
    }
}

// Layers of a figure are mostly empty: who draws them looks at their ink only.
static struct paint_rect ink_of(const struct image *image)
{
    int left = image->width_px, right = 0, top = image->height_px, bottom = 0;
    for (int y = 0; y < image->height_px; y++) {
        const uint32_t *row = image->argb + (ptrdiff_t)y * image->width_px;
        for (int x = 0; x < image->width_px; x++) {
            if (row[x]) {
                left = x < left ? x : left;
                right = x >= right ? x + 1 : right;
                top = y < top ? y : top;
                bottom = y + 1;
            }
        }
    }
    return (struct paint_rect){left, top, right - left, bottom - top};
}

static size_t image_bytes(const struct image *image)
{
    return (size_t)image->width_px * (size_t)image->height_px * 4;
}

static bool rasterise(struct store *store, struct image *image)
{
    if (image->argb || image->is_broken) {
        return image->argb != NULL;
    }
    SDL_Surface *surface = load_svg(store, image);
    if (!surface) {
        image->is_broken = true;
        return false;
    }
    image->argb = mem_alloc(image_bytes(image));
    copy_centred(image, surface);
    image->ink = ink_of(image);
    SDL_FreeSurface(surface);
    store->bytes += image_bytes(image);
    return true;
}

static void mark_broken(struct store *store, struct str name)
{
    map_put(&store->broken, name, store);
    log_warn("picture=%.*s cannot be shown: %s", STR_ARG(name), SDL_GetError());
}

// NULL when the picture is missing or broken.
static struct image *create_image(struct store *store, struct str name, int width_px, int height_px)
{
    struct image *image = MEM_NEW(struct image);
    image->name = str_dup(name);
    image->width_px = width_px;
    image->height_px = height_px;
    if (!rasterise(store, image)) {
        mark_broken(store, name);
        mem_free(image->name);
        mem_free(image);
        return NULL;
    }
    if (store->count == store->size) {
        store->size = store->size ? store->size * 2 : 32;
        store->images = mem_resize(store->images, store->size, sizeof(struct image *));
    }
    store->images[store->count++] = image;
    image->id = (paint_image_id)store->count;
    return image;
}

paint_image_id paint_image_get(struct paint_images *images, const char *name, int width_px,
                               int height_px)
{
    struct store *store = images->store;
    struct str view = str_from(name);
    if (width_px <= 0 || height_px <= 0 || width_px > SIDE_MAX || height_px > SIDE_MAX ||
        map_get(&store->broken, view)) {
        return PAINT_IMAGE_NONE;
    }
    struct buf key;
    buf_init(&key, BUF_NO_LIMIT);
    (void)buf_printf(&key, "%s %dx%d", name, width_px, height_px); // no limit to hit
    struct image *image = map_get(&store->by_key, buf_str(&key));
    if (!image) {
        image = create_image(store, view, width_px, height_px);
        if (image) {
            map_put(&store->by_key, buf_str(&key), image);
        }
    }
    buf_deinit(&key);
    if (!image) {
        return PAINT_IMAGE_NONE;
    }
    image->used = store->frame;
    return image->id;
}

static struct image *oldest(struct store *store)
{
    struct image *found = NULL;
    for (size_t i = 0; i < store->count; i++) {
        struct image *image = store->images[i];
        bool is_idle = image->argb && image->used != store->frame;
        if (is_idle && (!found || image->used < found->used)) {
            found = image;
        }
    }
    return found;
}

void paint_images_end_frame(struct paint_images *images)
{
    struct store *store = images->store;
    while (store->bytes > BYTES_MAX) {
        struct image *image = oldest(store);
        if (!image) {
            break; // all of it is on screen
        }
        store->bytes -= image_bytes(image);
        mem_free(image->argb);
        image->argb = NULL;
    }
    store->frame++;
}

bool paint_image_pixels(const struct paint_images *images, paint_image_id id,
                        struct paint_pixels *out)
{
    struct store *store = images->store;
    if (id == PAINT_IMAGE_NONE || id > store->count) {
        return false;
    }
    struct image *image = store->images[id - 1];
    if (!rasterise(store, image)) {
        return false;
    }
    image->used = store->frame;
    *out = (struct paint_pixels){image->width_px, image->height_px, image->argb, image->ink};
    return true;
}

// Finds what changed since the last list, cell by cell, and redraws only that.
#include "paint_screen.h"

#include <string.h>

#include "mem.h"
#include "paint_command.h"
#include "paint_raster.h"

#define CELL_PX 64

struct paint_screen {
    const struct paint_images *images; // borrowed
    uint64_t *cells, *last;            // owned, rows * columns
    int columns, rows;
    int width_px, height_px;
    bool is_valid; // `last` describes the canvas
};

struct paint_screen *paint_screen_create(const struct paint_images *images)
{
    struct paint_screen *screen = MEM_NEW(struct paint_screen);
    screen->images = images;
    return screen;
}

void paint_screen_destroy(struct paint_screen *screen)
{
    if (!screen) {
        return;
    }
    mem_free(screen->cells);
    mem_free(screen->last);
    mem_free(screen);
}

void paint_screen_invalidate(struct paint_screen *screen)
{
    screen->is_valid = false;
}

static void fit(struct paint_screen *screen, const struct paint_canvas *canvas)
{
    if (screen->cells && screen->width_px == canvas->width_px &&
        screen->height_px == canvas->height_px) {
        return;
    }
    screen->width_px = canvas->width_px;
    screen->height_px = canvas->height_px;
    screen->columns = (canvas->width_px + CELL_PX - 1) / CELL_PX;
    screen->rows = (canvas->height_px + CELL_PX - 1) / CELL_PX;
    size_t count = (size_t)screen->columns * (size_t)screen->rows;
    mem_free(screen->cells);
    mem_free(screen->last);
    screen->cells = mem_alloc_array(count, sizeof screen->cells[0]);
    screen->last = mem_alloc_array(count, sizeof screen->last[0]);
    screen->is_valid = false;
}

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 29;
}

static struct paint_rect cell_rect(int column, int row)
{
    return (struct paint_rect){column * CELL_PX, row * CELL_PX, CELL_PX, CELL_PX};
}

// A clip counts only where it cuts the cell: an edge far away changes nothing here.
static uint64_t mix_clip(uint64_t hash, struct paint_rect clip, struct paint_rect cell)
{
    struct paint_rect part = paint_rect_intersect(clip, cell);
    if (part.w == cell.w && part.h == cell.h) {
        return hash;
    }
    hash = mix(hash, (uint64_t)(uint32_t)part.x << 32 | (uint32_t)part.y);
    return mix(hash, (uint64_t)(uint32_t)part.w << 32 | (uint32_t)part.h);
}

static void hash_command(struct paint_screen *screen, const struct paint_command *command,
                         struct paint_rect bounds)
{
    int right = (bounds.x + bounds.w - 1) / CELL_PX, bottom = (bounds.y + bounds.h - 1) / CELL_PX;
    for (int row = bounds.y / CELL_PX; row <= bottom; row++) {
        for (int column = bounds.x / CELL_PX; column <= right; column++) {
            uint64_t *cell = &screen->cells[(size_t)row * (size_t)screen->columns + (size_t)column];
            *cell = mix_clip(mix(*cell, command->hash), command->clip, cell_rect(column, row));
        }
    }
}

static void hash_list(struct paint_screen *screen, const struct paint_list *list)
{
    struct paint_rect all = {0, 0, screen->width_px, screen->height_px};
    memset(screen->cells, 0,
           (size_t)screen->columns * (size_t)screen->rows * sizeof screen->cells[0]);
    for (size_t i = 0; i < paint_list_count(list); i++) {
        const struct paint_command *command = paint_list_at(list, i);
        struct paint_rect bounds =
            paint_rect_intersect(paint_command_bounds(command, screen->images), all);
        if (!paint_rect_is_empty(bounds)) {
            hash_command(screen, command, bounds);
        }
    }
}

struct dirty {
    struct paint_rect *rects; // PAINT_DIRTY_MAX
    size_t count;
};

static int64_t area(struct paint_rect rect)
{
    return (int64_t)rect.w * rect.h;
}

// Extends the run right above when it spans the same columns; when full, grows the rectangle that
// grows least.
static void add_run(struct dirty *dirty, struct paint_rect run)
{
    for (size_t i = dirty->count; i-- > 0;) {
        struct paint_rect *rect = &dirty->rects[i];
        if (rect->x == run.x && rect->w == run.w && rect->y + rect->h == run.y) {
            rect->h += run.h;
            return;
        }
    }
    if (dirty->count < PAINT_DIRTY_MAX) {
        dirty->rects[dirty->count++] = run;
        return;
    }
    size_t best = 0;
    int64_t least = INT64_MAX;
    for (size_t i = 0; i < dirty->count; i++) {
        struct paint_rect both = paint_rect_union(dirty->rects[i], run);
        int64_t growth = area(both) - area(dirty->rects[i]);
        if (growth < least) {
            least = growth;
            best = i;
        }
    }
    dirty->rects[best] = paint_rect_union(dirty->rects[best], run);
}

static bool is_dirty(const struct paint_screen *screen, int column, int row)
{
    size_t idx = (size_t)row * (size_t)screen->columns + (size_t)column;
    return !screen->is_valid || screen->cells[idx] != screen->last[idx];
}

static void find_dirty(const struct paint_screen *screen, struct dirty *dirty)
{
    for (int row = 0; row < screen->rows; row++) {
        int column = 0;
        while (column < screen->columns) {
            int start = column;
            while (column < screen->columns && is_dirty(screen, column, row)) {
                column++;
            }
            if (column > start) {
                struct paint_rect run = {start * CELL_PX, row * CELL_PX, (column - start) * CELL_PX,
                                         CELL_PX};
                add_run(dirty, run);
            }
            column++;
        }
    }
}

size_t paint_screen_update(struct paint_screen *screen, const struct paint_list *list,
                           const struct paint_canvas *canvas,
                           struct paint_rect dirty[PAINT_DIRTY_MAX])
{
    struct dirty found = {dirty, 0};
    fit(screen, canvas);
    hash_list(screen, list);
    find_dirty(screen, &found);
    struct paint_rect all = {0, 0, canvas->width_px, canvas->height_px};
    for (size_t i = 0; i < found.count; i++) {
        dirty[i] = paint_rect_intersect(dirty[i], all);
        paint_raster(list, screen->images, canvas, dirty[i]);
    }
    uint64_t *cells = screen->cells;
    screen->cells = screen->last;
    screen->last = cells;
    screen->is_valid = true;
    return found.count;
}

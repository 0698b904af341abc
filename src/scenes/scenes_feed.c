#include "scenes_feed.h"

#include <math.h>

#include "chat_lines.h"
#include "i18n.h"
#include "mem.h"
#include "scenes_line.h"
#include "ui_draw.h"

#define GUESS_PX 40

void feed_deinit(struct feed *feed)
{
    mem_free(feed->items);
    *feed = (struct feed){0};
}

void feed_show(struct feed *feed, chat_buffer_id buffer)
{
    feed_deinit(feed);
    feed->buffer = buffer;
}

bool feed_is_empty(const struct feed *feed)
{
    return feed->count == 0;
}

static float total_px(const struct feed *feed)
{
    float total = 0;
    for (size_t i = 0; i < feed->count; i++) {
        total += (float)feed->items[i].height_px;
    }
    return total;
}

void feed_to_end(struct feed *feed, struct ui *ui, bool is_smooth)
{
    feed->is_away = false;
    feed->unseen = 0;
    ui_scroll_to(ui, &feed->scroll, total_px(feed), is_smooth);
}

void feed_scroll_by(struct feed *feed, struct ui *ui, float px)
{
    float from = feed->scroll.is_gliding ? feed->scroll.target : feed->scroll.offset;
    ui_scroll_to(ui, &feed->scroll, fmaxf(from + px, 0), true);
    feed->is_away = true; // the end takes it back when it is reached
}

// Lines that chat dropped at the front go; new ones are added. Returns the pixels that went.
static float sync(struct feed *feed, const struct feed_view *view)
{
    struct chat_line line;
    size_t lines = chat_line_count(view->chat, feed->buffer), gone = 0;
    float gone_px = 0;
    bool was_empty = feed->count == 0;
    uint64_t first = chat_line(view->chat, feed->buffer, 0, &line) ? line.id : 0;
    while (gone < feed->count && (lines == 0 || feed->items[gone].id < first)) {
        gone_px += (float)feed->items[gone++].height_px;
    }
    feed->count -= gone;
    for (size_t i = 0; gone && i < feed->count; i++) {
        feed->items[i] = feed->items[i + gone];
    }
    while (feed->count < lines && chat_line(view->chat, feed->buffer, feed->count, &line)) {
        if (feed->count == feed->size) {
            feed->size = feed->size ? feed->size * 2 : 64;
            feed->items = mem_resize(feed->items, feed->size, sizeof *feed->items);
        }
        feed->items[feed->count++] = (struct feed_item){
            .id = line.id,
            .height_px = ui_px(view->ui, GUESS_PX),
            .born_ms = was_empty ? 0 : ui_now_ms(view->ui),
        };
        feed->unseen += !was_empty && feed->is_away && line.kind <= CHAT_LINE_NOTICE;
    }
    return gone_px;
}

static void measure(struct feed *feed, const struct feed_view *view, size_t idx)
{
    struct feed_item *item = &feed->items[idx];
    struct line_look look;
    // Anew each time it is seen: a line that was sent, or got a follower, has another height.
    if (line_look_at(view, feed->buffer, idx, &look)) {
        item->height_px = line_height(view, &look, feed->width_px);
        item->is_measured = true;
    }
}

// The item at a height of the content; *top: where it begins.
static size_t item_at(const struct feed *feed, float y, float *top)
{
    float at = 0;
    for (size_t i = 0; i < feed->count; i++) {
        float next = at + (float)feed->items[i].height_px;
        if (next > y || i + 1 == feed->count) {
            *top = at;
            return i;
        }
        at = next;
    }
    *top = 0;
    return 0;
}

// Measures what is in view from the end up: the newest lines stand at the bottom.
static void measure_end(struct feed *feed, const struct feed_view *view, int height_px)
{
    int seen_px = 0;
    for (size_t i = feed->count; i > 0 && seen_px < height_px; i--) {
        measure(feed, view, i - 1);
        seen_px += feed->items[i - 1].height_px;
    }
}

// Measures what is in view from the first visible line down. When that one was only guessed, its
// bottom stays where it is: what the person reads does not jump.
static void measure_here(struct feed *feed, const struct feed_view *view, int height_px)
{
    for (int round = 0; round < 64; round++) {
        float top;
        size_t first = item_at(feed, feed->scroll.offset, &top);
        if (first >= feed->count || feed->items[first].is_measured) {
            break;
        }
        int before_px = feed->items[first].height_px;
        measure(feed, view, first);
        float by = (float)(feed->items[first].height_px - before_px);
        feed->scroll.offset = fmaxf(feed->scroll.offset + by, 0);
        feed->scroll.target += by;
    }
    float top;
    size_t first = item_at(feed, feed->scroll.offset, &top);
    float bottom = feed->scroll.offset + (float)height_px;
    for (size_t i = first; i < feed->count && top < bottom; i++) {
        measure(feed, view, i);
        top += (float)feed->items[i].height_px;
    }
}

static void resize(struct feed *feed, const struct feed_view *view, int width_px)
{
    if (feed->width_px == width_px && feed->scale == ui_scale(view->ui)) {
        return;
    }
    float top;
    size_t anchor = item_at(feed, feed->scroll.offset, &top);
    float into = feed->scroll.offset - top;
    feed->width_px = width_px;
    feed->scale = ui_scale(view->ui);
    for (size_t i = 0; i < feed->count; i++) {
        feed->items[i].is_measured = false;
    }
    float at = 0;
    for (size_t i = 0; i < anchor && i < feed->count; i++) {
        at += (float)feed->items[i].height_px;
    }
    feed->scroll.offset = at + into;
}

static struct feed_result draw_items(struct feed *feed, const struct feed_view *view,
                                     struct paint_rect rect, int above_px)
{
    struct ui *ui = view->ui;
    struct feed_result result = {FEED_NOTHING, 0};
    float top;
    size_t first = item_at(feed, feed->scroll.offset - (float)above_px, &top);
    float bottom = feed->scroll.offset + (float)rect.h;
    ui_push_id(ui, ui_id_index(ui, "line", feed->buffer));
    for (size_t i = first; i < feed->count && top < bottom; i++) {
        const struct feed_item *item = &feed->items[i];
        struct line_look look;
        struct paint_rect at = {rect.x, rect.y + above_px + (int)top, rect.w, item->height_px};
        int64_t age_ms = ui_now_ms(ui) - item->born_ms;
        float in = item->born_ms == 0 || age_ms >= 160 || ui_is_reduced_motion(ui)
                       ? 1
                       : (float)(age_ms > 0 ? age_ms : 0) / 160;
        if (line_look_at(view, feed->buffer, i, &look)) {
            float eased = 1 - (1 - in) * (1 - in) * (1 - in);
            paint_push_alpha(ui_list(ui), eased);
            paint_push_offset(ui_list(ui), 0, (1 - eased) * 12 * ui_scale(ui));
            enum feed_wish wish = line_draw(view, &look, at);
            paint_pop_offset(ui_list(ui));
            paint_pop_alpha(ui_list(ui));
            result = wish ? (struct feed_result){wish, item->id} : result;
        }
        if (in < 1) {
            ui_keep_moving(ui);
        }
        top += (float)item->height_px;
    }
    ui_pop_id(ui);
    return result;
}

static void draw_to_end_button(struct feed *feed, struct ui *ui, struct paint_rect rect)
{
    ui_id id = ui_id_of(ui, "to end");
    float shown = ui_spring(ui, id, UI_SLOT_OWN, feed->is_away ? 1 : 0);
    if (shown < 0.02f) {
        return;
    }
    char label[64] = "";
    if (feed->unseen) {
        struct buf text;
        buf_init(&text, sizeof label);
        (void)buf_printf(&text, _n("%zu new", "%zu new", feed->unseen), feed->unseen);
        (void)str_copy(label, sizeof label, buf_str(&text)); // short
        buf_deinit(&text);
    }
    struct ui_button_spec spec = {.label = str_from(label),
                                  .icon = "icon-down",
                                  .tip = str_from(_("To the newest")),
                                  .kind = feed->unseen ? UI_BUTTON_PRIMARY : UI_BUTTON_PLAIN};
    int height = ui_px(ui, 44), width = label[0] ? ui_button_width(ui, &spec) : height;
    struct paint_rect at = {rect.x + rect.w - width - ui_px(ui, 20),
                            rect.y + rect.h - height - ui_px(ui, 12) +
                                (int)((1 - shown) * (float)height),
                            width, height};
    paint_push_alpha(ui_list(ui), fminf(fmaxf(shown, 0), 1));
    if (ui_button(ui, id, at, &spec)) {
        feed_to_end(feed, ui, true);
    }
    paint_pop_alpha(ui_list(ui));
}

struct feed_result feed_update(struct feed *feed, const struct feed_view *view,
                               struct paint_rect rect)
{
    bool was_empty = feed->count == 0;
    rect.h -= ui_px(view->ui, 6); // the last line does not touch the composer
    resize(feed, view, rect.w);
    size_t count_before = feed->count;
    float gone_px = sync(feed, view);
    feed->scroll.offset = fmaxf(feed->scroll.offset - gone_px, 0);
    float end_before = fmaxf(total_px(feed) - (float)rect.h, 0);
    if (feed->is_away) {
        measure_here(feed, view, rect.h);
    } else {
        measure_end(feed, view, rect.h);
        float end = fmaxf(total_px(feed) - (float)rect.h, 0);
        bool is_new = feed->count > count_before && !was_empty;
        if (is_new || (feed->scroll.is_gliding && end == end_before)) {
            if (!feed->scroll.is_gliding || feed->scroll.target != end) {
                ui_scroll_to(view->ui, &feed->scroll, end, true);
            }
        } else if (!feed->scroll.is_dragged) {
            ui_scroll_to(view->ui, &feed->scroll, end, false);
        }
    }
    float total = total_px(feed);
    int above_px = total < (float)rect.h ? rect.h - (int)total : 0; // few lines stand at the bottom
    if (ui_scroll_begin(view->ui, ui_id_of(view->ui, "feed"), rect, (int)total, &feed->scroll)) {
        feed->is_away = true;
    }
    float end = fmaxf(total - (float)rect.h, 0);
    float aim = feed->scroll.is_gliding ? feed->scroll.target : feed->scroll.offset;
    if (feed->is_away && aim >= end - 2 && !feed->scroll.is_dragged) {
        feed->is_away = false;
        feed->unseen = 0;
    }
    struct feed_result result = draw_items(feed, view, rect, above_px);
    ui_scroll_end(view->ui);
    draw_to_end_button(feed, view->ui, rect);
    return result;
}

#include "scenes_line.h"

#include <stdio.h>

#include "buf.h"
#include "i18n.h"
#include "text_layout.h"
#include "ui_draw.h"
#include "utf8.h"

#define GROUP_MS (5 * 60 * 1000) // lines of one person within this time merge
#define DAY_MS   ((int64_t)24 * 3600 * 1000)

static int64_t local_ms(const struct feed_view *view, const struct chat_line *line)
{
    return line->time_utc_ms + (int64_t)view->utc_offset_s * 1000;
}

static bool is_bubble(const struct chat_line *line)
{
    return line->kind == CHAT_LINE_MESSAGE || line->kind == CHAT_LINE_NOTICE;
}

static bool same_group(const struct chat_line *a, const struct chat_line *b)
{
    return is_bubble(a) && is_bubble(b) && a->is_own == b->is_own &&
           str_eq_nocase(a->nick, b->nick) && b->time_utc_ms - a->time_utc_ms < GROUP_MS;
}

// One to three emoji and nothing else.
static bool is_emoji_alone(struct str text)
{
    size_t shown = 0;
    bool joins = false;
    for (size_t at = 0, len; at < text.len; at += len) {
        uint32_t c = utf8_decode(text, at, &len);
        bool is_extra = c == 0x200D || c == 0xFE0F || (c >= 0x1F3FB && c <= 0x1F3FF);
        bool is_emoji = (c >= 0x2600 && c <= 0x27BF) || (c >= 0x1F000 && c <= 0x1FAFF);
        if (!is_extra && !is_emoji) {
            return false;
        }
        shown += is_emoji && !is_extra && !joins;
        joins = c == 0x200D;
    }
    return shown >= 1 && shown <= 3;
}

bool line_look_at(const struct feed_view *view, chat_buffer_id buffer, size_t idx,
                  struct line_look *out)
{
    struct chat_line *line = &out->line, other;
    *out = (struct line_look){.begins_group = true, .ends_group = true, .begins_day = true};
    if (!chat_line(view->chat, buffer, idx, line)) {
        return false;
    }
    if (idx > 0 && chat_line(view->chat, buffer, idx - 1, &other)) {
        out->begins_day = local_ms(view, &other) / DAY_MS != local_ms(view, line) / DAY_MS;
        out->begins_group = out->begins_day || !same_group(&other, line);
    } else {
        // Today needs no heading at the top of a fresh room.
        int64_t now_ms = view->now_utc_ms + (int64_t)view->utc_offset_s * 1000;
        out->begins_day = local_ms(view, line) / DAY_MS != now_ms / DAY_MS;
    }
    if (chat_line(view->chat, buffer, idx + 1, &other)) {
        out->ends_group = !same_group(line, &other);
    }
    out->is_large = is_bubble(line) && is_emoji_alone(line->text);
    return true;
}

// --- text ---

static size_t attrs_of(const struct feed_view *view, const struct chat_line *line,
                       struct text_attr attrs[CHAT_FORMAT_RUNS_MAX])
{
    size_t count = 0;
    for (; count < line->format_count && count < CHAT_FORMAT_RUNS_MAX; count++) {
        const struct chat_format *format = &line->formats[count];
        unsigned flags =
            (format->flags & 1 ? TEXT_BOLD : 0u) | (format->flags & 2 ? TEXT_ITALIC : 0u) |
            (format->flags & 4 ? TEXT_UNDERLINE : 0u) | (format->flags & 8 ? TEXT_STRIKE : 0u) |
            (format->flags & 16 ? TEXT_MONO : 0u);
        uint32_t color = TEXT_COLOR_DEFAULT;
        // A colour that cannot be read on the bubble is left out, whatever the sender wished.
        if (format->foreground != UINT32_MAX &&
            paint_contrast(0xFF000000u | format->foreground,
                           ui_color(view->ui, line->is_own ? UI_OWN : UI_RAISED)) >= 3) {
            color = format->foreground;
        }
        attrs[count] = (struct text_attr){format->len, flags, color};
    }
    return count;
}

static int bubble_text_width(const struct feed_view *view, int width_px)
{
    int side = ui_px(view->ui, 24 + 48), most = width_px * 62 / 100;
    int letters = ui_px(view->ui, 72 * 8);
    most = most < ui_px(view->ui, 280) ? width_px - side - ui_px(view->ui, 40) : most;
    most = most < letters ? most : letters;
    most -= ui_px(view->ui, 28);
    return most > 40 ? most : 40;
}

static struct text_layout *text_of(const struct feed_view *view, const struct line_look *look,
                                   int width_px)
{
    struct text_attr attrs[CHAT_FORMAT_RUNS_MAX];
    struct text_spec spec = {.style = ui_text_style(view->ui, UI_TEXT_BODY),
                             .text = look->line.text,
                             .attrs = attrs,
                             .attr_count = attrs_of(view, &look->line, attrs),
                             .width_px = bubble_text_width(view, width_px),
                             .max_lines = 400};
    if (look->is_large) {
        spec.style.size_px *= 2.6f;
    }
    return text_cache_get(ui_texts(view->ui), &spec);
}

// --- system lines ---

static void system_sentence(const struct chat_line *line, struct buf *out)
{
    struct str nick = line->nick, text = line->text;
    switch (line->kind) {
    case CHAT_LINE_JOIN:
        (void)buf_printf(out, _("%.*s came in"), STR_ARG(nick));
        break;
    case CHAT_LINE_LEAVE:
        (void)buf_printf(out, text.len ? _("%.*s left: %.*s") : _("%.*s left"), STR_ARG(nick),
                         STR_ARG(text));
        break;
    case CHAT_LINE_NICK:
        (void)buf_printf(out, _("%.*s is now %.*s"), STR_ARG(nick), STR_ARG(text));
        break;
    case CHAT_LINE_TOPIC:
        (void)buf_printf(out, _("%.*s set the topic: %.*s"), STR_ARG(nick), STR_ARG(text));
        break;
    case CHAT_LINE_ACTION:
        (void)buf_printf(out, "%.*s %.*s", STR_ARG(nick), STR_ARG(text));
        break;
    case CHAT_LINE_MESSAGE:
    case CHAT_LINE_NOTICE:
    case CHAT_LINE_INFO:
    case CHAT_LINE_ERROR:
        (void)buf_append(out, text);
        break;
    }
}

static struct text_layout *system_text(const struct feed_view *view, const struct chat_line *line,
                                       int width_px)
{
    struct buf text;
    buf_init(&text, BUF_NO_LIMIT);
    system_sentence(line, &text);
    bool is_action = line->kind == CHAT_LINE_ACTION;
    struct text_attr italic = {is_action ? buf_str(&text).len : 0, TEXT_ITALIC, TEXT_COLOR_DEFAULT};
    bool is_loud = is_action || line->kind == CHAT_LINE_ERROR;
    struct text_spec spec = {.style =
                                 ui_text_style(view->ui, is_loud ? UI_TEXT_BODY : UI_TEXT_SMALL),
                             .text = buf_str(&text),
                             .attrs = &italic,
                             .attr_count = 1,
                             .width_px = width_px - ui_px(view->ui, 120),
                             .max_lines = 60};
    struct text_layout *layout = text_cache_get(ui_texts(view->ui), &spec);
    buf_deinit(&text);
    return layout;
}

static void draw_system(const struct feed_view *view, const struct line_look *look,
                        struct paint_rect rect)
{
    struct ui *ui = view->ui;
    struct text_layout *layout = system_text(view, &look->line, rect.w);
    bool is_error = look->line.kind == CHAT_LINE_ERROR;
    bool is_action = look->line.kind == CHAT_LINE_ACTION;
    int width = text_layout_width_px(layout), height = text_layout_height_px(layout);
    int pad = ui_px(ui, 12), icon = is_error || is_action ? ui_px(ui, 26) : 0;
    struct paint_rect pill = {rect.x + (rect.w - width - icon) / 2 - pad, rect.y + ui_px(ui, 4),
                              width + icon + 2 * pad, height + ui_px(ui, 6)};
    paint_color ink = is_error    ? ui_color(ui, UI_BAD)
                      : is_action ? ui_theme_nick(ui_theme(ui), look->line.nick)
                                  : ui_color(ui, UI_MUTED);
    paint_round(ui_list(ui),
                (struct paint_box){(float)pill.x, (float)pill.y, (float)pill.w, (float)pill.h},
                12 * ui_scale(ui), paint_with_alpha(ui_color(ui, UI_SURFACE), 0.85f));
    if (icon) {
        struct paint_rect at = {pill.x + pad - ui_px(ui, 2), pill.y, ui_px(ui, 18), pill.h};
        ui_icon(ui, at, is_error ? "icon-warn" : "icon-paw", ink);
    }
    paint_text(ui_list(ui), layout, pill.x + pad + icon, pill.y + ui_px(ui, 3), ink);
}

// --- bubbles ---

static int head_px(const struct feed_view *view, const struct line_look *look)
{
    return look->begins_group ? ui_px(view->ui, look->line.is_own ? 10 : 30) : ui_px(view->ui, 3);
}

static bool shows_state(const struct line_look *look)
{
    enum chat_send_state state = look->line.state;
    return look->line.is_own && is_bubble(&look->line) && state != CHAT_SEND_NONE &&
           (look->ends_group || state != CHAT_SEND_SENT);
}

static int day_px(const struct feed_view *view, const struct line_look *look)
{
    return look->begins_day ? ui_px(view->ui, 36) : 0;
}

int line_height(const struct feed_view *view, const struct line_look *look, int width_px)
{
    int height = day_px(view, look);
    if (!is_bubble(&look->line)) {
        return height + ui_px(view->ui, 14) +
               text_layout_height_px(system_text(view, &look->line, width_px));
    }
    height += head_px(view, look) + text_layout_height_px(text_of(view, look, width_px));
    height += look->is_large ? 0 : ui_px(view->ui, 14);
    return height + (shows_state(look) ? ui_px(view->ui, 20) : 0);
}

static void clock_text(const struct feed_view *view, const struct chat_line *line, char out[16])
{
    int64_t minutes = local_ms(view, line) / 60000;
    minutes = minutes > 0 ? minutes : 0;
    (void)snprintf(out, 16, "%02d:%02d", (int)(minutes / 60 % 24), (int)(minutes % 60));
}

static void draw_head(const struct feed_view *view, const struct line_look *look,
                      struct paint_rect rect)
{
    struct ui *ui = view->ui;
    char time[16];
    clock_text(view, &look->line, time);
    int x = rect.x + ui_px(ui, 60), y = rect.y + ui_px(ui, 8), height = ui_px(ui, 20);
    struct paint_rect name = {x, y, rect.w - ui_px(ui, 140), height};
    paint_color color = ui_theme_nick(ui_theme(ui), look->line.nick);
    int width = ui_label(ui, name, look->line.nick, UI_TEXT_STRONG, color, UI_ALIGN_LEFT);
    struct paint_rect at = {x + width + ui_px(ui, 8), y + ui_px(ui, 1), ui_px(ui, 60), height};
    (void)ui_label(ui, at, str_from(time), UI_TEXT_SMALL, ui_color(ui, UI_MUTED), UI_ALIGN_LEFT);
    int side = ui_px(ui, 36);
    ui_avatar(ui, (struct paint_rect){rect.x + ui_px(ui, 14), rect.y + ui_px(ui, 12), side, side},
              look->line.nick);
}

static const char *state_text(enum chat_send_state state)
{
    switch (state) {
    case CHAT_SEND_WAITING:
        return _("Not sent yet: it goes out when the link is back");
    case CHAT_SEND_SENDING:
        return _("On its way");
    case CHAT_SEND_UNSURE:
        return _("The link broke: it may not have arrived. Press to send again");
    case CHAT_SEND_FAILED:
        return _("Refused. Press to send again");
    case CHAT_SEND_NONE:
    case CHAT_SEND_SENT:
        return "";
    }
    return "";
}

static void draw_state(const struct feed_view *view, const struct line_look *look,
                       struct paint_rect rect)
{
    struct ui *ui = view->ui;
    char time[16];
    clock_text(view, &look->line, time);
    enum chat_send_state state = look->line.state;
    bool is_bad = state == CHAT_SEND_UNSURE || state == CHAT_SEND_FAILED;
    const char *icon = state == CHAT_SEND_SENT ? "icon-check" : is_bad ? "icon-warn" : "icon-clock";
    paint_color color = ui_color(ui, is_bad                    ? UI_BAD
                                     : state == CHAT_SEND_SENT ? UI_MUTED
                                                               : UI_WARN);
    int height = ui_px(ui, 18), side = ui_px(ui, 14);
    struct paint_rect at = {rect.x + ui_px(ui, 16), rect.y + rect.h - height,
                            rect.w - ui_px(ui, 32), height};
    struct paint_rect mark = {at.x + at.w - side, at.y, side, height};
    ui_icon(ui, mark, icon, color);
    at.w -= side + ui_px(ui, 4);
    const char *text = state_text(state);
    (void)ui_label(ui, at, str_from(text[0] ? text : time), UI_TEXT_SMALL, color, UI_ALIGN_RIGHT);
}

static void draw_bubble_back(const struct feed_view *view, const struct line_look *look,
                             struct paint_rect rect)
{
    struct ui *ui = view->ui;
    float big = 14 * ui_scale(ui), small = 5 * ui_scale(ui);
    bool own = look->line.is_own, first = look->begins_group, last = look->ends_group;
    // Bubbles of a group grow together on the side of their author.
    struct paint_corners corners = {.top_left = own || first ? big : small,
                                    .top_right = !own || first ? big : small,
                                    .bottom_right = !own   ? big
                                                    : last ? small / 2
                                                           : small,
                                    .bottom_left = own    ? big
                                                   : last ? small / 2
                                                          : small};
    struct paint_box box = {(float)rect.x, (float)rect.y, (float)rect.w, (float)rect.h};
    paint_color color = ui_color(ui, own ? UI_OWN : UI_RAISED);
    if (look->line.is_own && look->line.state != CHAT_SEND_SENT) {
        color = paint_mix(color, ui_color(ui, UI_SURFACE), 0.35f);
    }
    paint_corners(ui_list(ui), box, corners, color);
    if (look->line.is_mention && !own) {
        paint_round(ui_list(ui), (struct paint_box){box.x, box.y + 4, 4 * ui_scale(ui), box.h - 8},
                    2 * ui_scale(ui), ui_color(ui, UI_ACCENT));
    }
}

static enum feed_wish draw_bubble(const struct feed_view *view, const struct line_look *look,
                                  struct paint_rect rect)
{
    struct ui *ui = view->ui;
    struct text_layout *layout = text_of(view, look, rect.w);
    int pad_x = look->is_large ? 0 : ui_px(ui, 14), pad_y = look->is_large ? 0 : ui_px(ui, 7);
    int width = text_layout_width_px(layout) + 2 * pad_x;
    int height = text_layout_height_px(layout) + 2 * pad_y;
    int x = look->line.is_own ? rect.x + rect.w - ui_px(ui, 16) - width : rect.x + ui_px(ui, 60);
    struct paint_rect bubble = {x, rect.y + head_px(view, look), width, height};
    struct ui_touch touch = ui_area(ui, ui_id_index(ui, "bubble", look->line.id), bubble,
                                    UI_AREA_DRAG_PASSES | UI_AREA_RIGHT_TOO);
    if (look->begins_group && !look->line.is_own) {
        draw_head(view, look, rect);
    }
    if (!look->is_large) {
        draw_bubble_back(view, look, bubble);
    }
    paint_text(ui_list(ui), layout, bubble.x + pad_x, bubble.y + pad_y, ui_color(ui, UI_INK));
    if (shows_state(look)) {
        draw_state(view, look, rect);
    }
    bool may_resend = look->line.state == CHAT_SEND_UNSURE || look->line.state == CHAT_SEND_FAILED;
    return touch.was_long_pressed                                 ? FEED_COPY
           : touch.was_clicked && look->line.is_own && may_resend ? FEED_RESEND
                                                                  : FEED_NOTHING;
}

static void draw_day(const struct feed_view *view, const struct line_look *look,
                     struct paint_rect rect)
{
    // Days since 1970-03-01 in a calendar whose years begin in March (Howard Hinnant's formula).
    int64_t days = local_ms(view, &look->line) / DAY_MS + 719468;
    int64_t era = days / 146097, of_era = days % 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100),
            month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month += month < 10 ? 3 : -9;
    year += era * 400 + (month <= 2);
    char text[32];
    (void)snprintf(text, sizeof text, "%04d-%02d-%02d", (int)year, (int)month, (int)day);
    rect.h = ui_px(view->ui, 36);
    (void)ui_label(view->ui, rect, str_from(text), UI_TEXT_SMALL, ui_color(view->ui, UI_MUTED),
                   UI_ALIGN_CENTER);
}

enum feed_wish line_draw(const struct feed_view *view, const struct line_look *look,
                         struct paint_rect rect)
{
    if (look->begins_day) {
        draw_day(view, look, rect);
        rect.y += day_px(view, look);
        rect.h -= day_px(view, look);
    }
    if (!is_bubble(&look->line)) {
        draw_system(view, look, rect);
        return FEED_NOTHING;
    }
    return draw_bubble(view, look, rect);
}

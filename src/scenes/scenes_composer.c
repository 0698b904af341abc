// Where one writes: the field, Send, what was sent before.
#include "mem.h"
#include "scenes_internal.h"

static struct ui_field_spec field_spec(struct scenes *scenes)
{
    struct str label = party_buffer_label(scenes, scenes->buffer);
    bool is_query = chat_buffer_kind(scenes->chat, scenes->buffer) == CHAT_BUFFER_QUERY;
    return (struct ui_field_spec){
        .placeholder = is_query ? say(scenes, _("Whisper to %.*s…"), STR_ARG(label))
                                : str_from(_("Say something to everybody…")),
        .tip = str_from(_("Your message")),
        .max_lines = 5,
    };
}

static int send_width(struct scenes *scenes, int width_px)
{
    struct ui *ui = scenes->ui;
    struct ui_button_spec spec = {.label = str_from(_("Send")), .icon = "icon-send"};
    return width_px < ui_px(ui, 560) ? ui_px(ui, 56) : ui_button_width(ui, &spec) + ui_px(ui, 12);
}

int party_composer_height(struct scenes *scenes, int width_px)
{
    struct ui *ui = scenes->ui;
    struct ui_field_spec spec = field_spec(scenes);
    int inner = width_px - 2 * ui_px(ui, 16) - ui_px(ui, 8) - send_width(scenes, width_px);
    int height = ui_field_height(ui, scenes->composer, inner, &spec);
    int least = ui_px(ui, 56);
    return (height < least ? least : height) + ui_px(ui, 24);
}

static void remember(struct scenes *scenes, struct str text)
{
    if (scenes->recall_count == SCENES_RECALL_MAX) {
        mem_free(scenes->recall[0]);
        for (size_t i = 1; i < SCENES_RECALL_MAX; i++) {
            scenes->recall[i - 1] = scenes->recall[i];
        }
        scenes->recall_count--;
    }
    scenes->recall[scenes->recall_count++] = str_dup(text);
    scenes->recall_at = scenes->recall_count;
}

static void send_text(struct scenes *scenes)
{
    struct str text = ui_edit_text(scenes->composer);
    if (str_trim(text).len == 0 || !scenes->buffer) {
        return;
    }
    switch (chat_send(scenes->chat, scenes->buffer, text)) {
    case CHAT_SENT:
        remember(scenes, text);
        ui_edit_set(scenes->composer, (struct str){0});
        feed_to_end(&scenes->feed, scenes->ui, true);
        break;
    case CHAT_SENT_NOTHING:
        ui_edit_set(scenes->composer, (struct str){0});
        break;
    case CHAT_SEND_REFUSED:
        break; // the text stays; a line says why
    }
}

// Up and down in the first and last line walk through what was sent before.
static void recall(struct scenes *scenes)
{
    struct ui *ui = scenes->ui;
    size_t at = scenes->recall_at;
    bool is_fresh = at == scenes->recall_count;
    if (at > 0 && (!is_fresh || ui_edit_text(scenes->composer).len == 0) &&
        ui_take_key(ui, UI_KEY_UP, 0)) {
        at--;
    } else if (!is_fresh && ui_take_key(ui, UI_KEY_DOWN, 0)) {
        at++;
    } else {
        return;
    }
    scenes->recall_at = at;
    ui_edit_set(scenes->composer,
                at < scenes->recall_count ? str_from(scenes->recall[at]) : (struct str){0});
    ui_keep_moving(ui);
}

void party_composer(struct scenes *scenes, struct paint_rect rect)
{
    struct ui *ui = scenes->ui;
    struct paint_rect at = paint_rect_inset(rect, ui_px(ui, 16), ui_px(ui, 12));
    struct ui_field_spec spec = field_spec(scenes);
    int button_w = send_width(scenes, rect.w);
    struct paint_rect button = rect_cut_right(&at, button_w);
    (void)rect_cut_right(&at, ui_px(ui, 8));
    int tall = ui_px(ui, 56);
    button.y += button.h - tall;
    button.h = tall;
    ui_id id = ui_id_of(ui, "composer");
    enum chat_link_state link = chat_link_state(scenes->chat, scenes->network);
    if (!scenes->asks_leave && link != CHAT_LINK_FAILED && ui_has_text(ui)) {
        ui_focus(ui, id); // typing means writing, wherever the focus was
    }
    struct paint_rect field = at;
    int height = ui_field_height(ui, scenes->composer, field.w, &spec);
    field.y += (field.h - height) / 2;
    field.h = height;
    unsigned result = ui_field(ui, id, field, scenes->composer, &spec);
    if (ui_has_focus(ui, id)) {
        recall(scenes);
    }
    if (result & UI_FIELD_CHANGED) {
        scenes->has_typed = true;
        ui_keep_moving(ui);
        scenes->recall_at = scenes->recall_count;
    }
    bool has_text = str_trim(ui_edit_text(scenes->composer)).len > 0;
    struct ui_button_spec send = {
        .label = button_w > tall ? str_from(_("Send")) : (struct str){0},
        .icon = "icon-send",
        .tip = str_from(_("Send (Enter)")),
        .kind = UI_BUTTON_PRIMARY,
        .is_disabled = !has_text,
    };
    if (ui_button(ui, ui_id_of(ui, "send"), button, &send)) {
        result |= UI_FIELD_SUBMITTED;
        ui_focus(ui, id);
    }
    if (result & UI_FIELD_SUBMITTED) {
        send_text(scenes);
        ui_keep_moving(ui);
    }
}

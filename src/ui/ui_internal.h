// What the files of this room share of struct ui.
#ifndef UI_INTERNAL_H
#define UI_INTERNAL_H

#include "buf.h"
#include "map.h"
#include "ui.h"
#include "ui_draw.h"
#include "ui_widgets.h"

#define UI_DEPTH_MAX 16

struct ui_queued {
    struct ui_input input;
    char *text; // owned; input.text points here
};

struct ui_area_record {
    ui_id id;
    ui_id scroll;           // the scroll area around it, 0 none
    struct paint_rect rect; // on the canvas, clipped
    unsigned flags;
    int layer;
};
#define UI_AREA_IS_SCROLL (1u << 16)

struct ui_areas {
    struct ui_area_record *items; // owned
    size_t count, size;
    int modal; // areas of lower layers get nothing
};

// Kept under an id for as long as it is shown.
struct ui_state {
    uint64_t pass; // in which it was asked for last
    int64_t start_ms;
    float from, target, value, velocity;
    float scroll_x, scroll_y; // of a field
    float goal_x;             // of a caret that moves up and down; < 0: none
};

struct ui_pointer {
    float x, y;
    bool is_there; // over the window
    bool is_down;
    bool is_finger;
    int64_t finger;
    float press_x, press_y;
    int64_t press_ms;
    int clicks;
    bool has_moved; // farther than a click may
    bool has_long_pressed;
};

// What the person did since the pass before.
struct ui_pass {
    struct ui_queued event; // the press, key or text this pass is for
    bool is_taken;
    float drag_x, drag_y;
    float wheel_x, wheel_y;
    ui_id wheel_target;
    ui_id pressed, released, clicked, long_pressed;
    float release_ms; // since the last movement
};

struct ui_scroll_frame {
    ui_id id;
    struct paint_rect rect;
    int content_px;
    struct ui_scroll *scroll;
    ui_id outer;
};

struct ui_toast_item {
    char *text; // owned; NULL: free place
    enum ui_toast_kind kind;
    int64_t start_ms;
    uint64_t serial;
};
#define UI_TOASTS_MAX 4

struct ui {
    struct text_cache *texts;    // borrowed
    struct paint_images *images; // borrowed
    struct paint_list *list;     // owned
    struct ui_theme theme;
    paint_color before[UI_TOKEN_COUNT]; // colours the cross-fade comes from
    int64_t theme_ms;
    bool is_fading;
    bool has_theme;
    float scale;
    bool is_reduced;

    struct ui_queued *queue; // owned
    size_t queue_count, queue_size, queue_at;
    struct ui_pass pass;
    uint64_t pass_no;
    uint64_t frame_no;
    int64_t now_ms;
    int64_t last_ms; // of the frame before
    bool in_frame;   // a pass of this frame has run
    int width_px, height_px;
    int wake_ms;

    struct ui_pointer pointer;
    ui_id hot, active, focus, focus_before_modal;
    bool shows_focus;
    bool focus_was_seen;
    bool window_has_focus;
    struct ui_areas areas, last_areas;
    int layer, layer_count;
    int layer_stack[UI_DEPTH_MAX];
    size_t layer_depth;

    ui_id parents[UI_DEPTH_MAX];
    size_t parent_count;
    float offset_x, offset_y;
    float offsets[UI_DEPTH_MAX][2];
    size_t offset_depth;
    struct ui_scroll_frame scrolls[UI_DEPTH_MAX];
    size_t scroll_depth;

    struct map states; // id bytes -> struct ui_state
    struct ui_wants wants;
    struct buf copy;
    struct buf scratch;
    struct ui_toast_item toasts[UI_TOASTS_MAX];
    uint64_t toast_serial;
    char *tip; // owned; of the widget under the pointer, shown at the end of the pass
    struct paint_rect tip_rect;
    ui_id tip_id;
    int64_t last_input_ms;
};

struct ui_state *ui_state_of(struct ui *ui, ui_id id, int slot, bool *is_new);
void ui_states_sweep(struct ui *ui, bool drop_all);
// Records the area without looking at input; its rect on the canvas.
struct paint_rect ui_record_area(struct ui *ui, ui_id id, struct paint_rect rect, unsigned flags);
const struct ui_area_record *ui_area_at(const struct ui *ui, float x, float y, unsigned with_flags);
bool ui_is_event(const struct ui *ui, enum ui_input_type type); // of this pass, not taken yet
void ui_move_focus(struct ui *ui);                              // Tab and arrows that nobody took
void ui_tip(struct ui *ui, ui_id id, struct paint_rect rect, struct str text); // while hovered
void ui_draw_tip(struct ui *ui);
void ui_focus_ring(struct ui *ui, struct paint_box box, float radius);
float ui_dt_ms(const struct ui *ui); // since the frame before, at most 50

#endif

// The window, its canvas, input, clipboard, clock: SDL's video lives here and nowhere else.
//
// The canvas is the window surface (X11, dummy, offscreen) or a plain buffer pushed through a
// streaming texture (Wayland, or where no surface exists).
//
// Thread: main, but plat_wake() may be called from any.
#ifndef PLAT_H
#define PLAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "paint_types.h"
#include "str.h"
#include "ui_input.h"

struct plat;

struct plat_config {
    const char *title;
    int width, height; // of the window; 0: a good default for the screen
    bool is_fullscreen;
};

struct plat *plat_create(const struct plat_config *config, struct err *err);
void plat_destroy(struct plat *plat);

int64_t plat_now_ms(void);     // monotonic
int64_t plat_now_us(void);     // monotonic
int64_t plat_now_utc_ms(void); // wall clock
void plat_sleep_us(int64_t us);

// Sleeps until input, plat_wake() or the time; -1: without end. The only place main sleeps.
void plat_wait(struct plat *plat, int timeout_ms);
// Next input; its text lives until the next call. false: none waits.
bool plat_next_input(struct plat *plat, struct ui_input *out);
void plat_wake(struct plat *plat); // any thread: pushes one SDL user event while none is pending

// The canvas of this moment; fetch it again after every input of type RESIZE and each frame.
// is_fresh becomes true when its pixels were lost since the last call (redraw everything).
bool plat_canvas(struct plat *plat, struct paint_canvas *out, bool *is_fresh);
void plat_present(struct plat *plat, const struct paint_rect *dirty, size_t count);

// A square of premultiplied ARGB; copied.
void plat_set_icon(struct plat *plat, const uint32_t *argb, int side_px);
void plat_set_title(struct plat *plat, const char *title);
void plat_set_fullscreen(struct plat *plat, bool is_fullscreen);
bool plat_is_fullscreen(const struct plat *plat);
void plat_set_text_input(struct plat *plat, bool is_active, struct paint_rect caret);
void plat_set_cursor(struct plat *plat, int cursor); // enum ui_cursor
float plat_scale(const struct plat *plat);           // from the display; 1 when unknown
int plat_refresh_hz(const struct plat *plat);        // 60 when unknown

// Clipboard; asked only when a person pastes (a hanging owner blocks up to 1 s). mem_free result;
// NULL when empty. Text over 1 MB is refused by set.
char *plat_clipboard_get(struct plat *plat);
bool plat_clipboard_set(struct plat *plat, struct str text);
void plat_flash(struct plat *plat); // asks for attention when not focused
bool plat_open_url(struct str url); // only after a person looked at it

#endif

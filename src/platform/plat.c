// The window itself: opening, waiting, waking, clipboard and the rest of the desktop.
#include "plat.h"

#include <string.h>

#include "mem.h"
#include "plat_internal.h"
#include "ui.h"

#define LOG_MODULE "platform"
#include "log.h"

#define WIDTH_MIN     640
#define HEIGHT_MIN    400
#define WIDTH_GOOD    1280
#define HEIGHT_GOOD   800
#define CLIPBOARD_MAX ((size_t)1024 * 1024) // X kills who sets about 16 MB
#define URL_MAX       ((size_t)2048)
#define COMPOSING_MS  50 // an input method's window does not always wake us
#define DPI_PLAIN     96.0f

static void set_hints(void)
{
    // Fingers are fingers and mice are mice.
    SDL_SetHint(SDL_HINT_TOUCH_MOUSE_EVENTS, "0");
    SDL_SetHint(SDL_HINT_MOUSE_TOUCH_EVENTS, "0");
    SDL_SetHint(SDL_HINT_IME_SHOW_UI, "1");
    SDL_SetHint(SDL_HINT_IME_SUPPORT_EXTENDED_TEXT, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    SDL_SetHint(SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0");
}

static void good_size(const struct plat_config *config, int *width, int *height)
{
    SDL_Rect usable = {0, 0, WIDTH_GOOD, HEIGHT_GOOD};
    *width = config->width;
    *height = config->height;
    if (*width > 0 && *height > 0) {
        return;
    }
    if (SDL_GetDisplayUsableBounds(0, &usable) != 0) {
        log_debug("no usable bounds: %s", SDL_GetError());
    }
    *width = usable.w * 9 / 10 < WIDTH_GOOD ? usable.w * 9 / 10 : WIDTH_GOOD;
    *height = usable.h * 9 / 10 < HEIGHT_GOOD ? usable.h * 9 / 10 : HEIGHT_GOOD;
}

static bool open_window(struct plat *plat, const struct plat_config *config, struct err *err)
{
    int width, height;
    uint32_t flags = SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI;
    flags |= config->is_fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0u;
    good_size(config, &width, &height);
    plat->window = SDL_CreateWindow(config->title, SDL_WINDOWPOS_UNDEFINED, SDL_WINDOWPOS_UNDEFINED,
                                    width, height, flags);
    if (!plat->window) {
        return err_set(err, "%s", SDL_GetError());
    }
    SDL_SetWindowMinimumSize(plat->window, WIDTH_MIN, HEIGHT_MIN);
    return true;
}

struct plat *plat_create(const struct plat_config *config, struct err *err)
{
    set_hints();
    if (SDL_InitSubSystem(SDL_INIT_VIDEO) != 0) {
        err_set(err, "no display: %s", SDL_GetError());
        return NULL;
    }
    const char *driver = SDL_GetCurrentVideoDriver();
    if (driver && strcmp(driver, "x11") == 0) {
        // Otherwise SDL shows the window surface through OpenGL: 5 to 11 times slower without a GPU.
        SDL_SetHint(SDL_HINT_FRAMEBUFFER_ACCELERATION, "0");
    }
    struct plat *plat = MEM_NEW(struct plat);
    plat->wake_type = SDL_RegisterEvents(1);
    if (plat->wake_type == UINT32_MAX) {
        err_set(err, "no event type is left");
        goto fail;
    }
    if (!open_window(plat, config, err) || !plat_canvas_open(plat, err)) {
        err_wrap(err, "cannot open a window");
        goto fail;
    }
    plat->is_text_active = SDL_IsTextInputActive() == SDL_TRUE;
    return plat;
fail:
    plat_destroy(plat);
    return NULL;
}

void plat_destroy(struct plat *plat)
{
    if (!plat) {
        return;
    }
    SDL_free(plat->owned_text);
    for (size_t i = 0; i < PLAT_CURSORS; i++) {
        SDL_FreeCursor(plat->cursors[i]);
    }
    plat_canvas_close(plat);
    if (plat->window) {
        SDL_DestroyWindow(plat->window);
    }
    mem_free(plat);
    SDL_QuitSubSystem(SDL_INIT_VIDEO);
}

void plat_wait(struct plat *plat, int timeout_ms)
{
    bool is_long = timeout_ms < 0 || timeout_ms > COMPOSING_MS;
    if (plat->is_composing && is_long) {
        timeout_ms = COMPOSING_MS;
    }
    // Without a place for it the event stays in the queue for plat_next_input().
    (void)SDL_WaitEventTimeout(NULL, timeout_ms < 0 ? -1 : timeout_ms); // a time-out is no failure
}

bool plat_next_input(struct plat *plat, struct ui_input *out)
{
    while (true) {
        SDL_free(plat->owned_text);
        plat->owned_text = NULL;
        if (!SDL_PollEvent(&plat->event)) {
            return false;
        }
        *out = (struct ui_input){.type = UI_INPUT_NONE};
        uint32_t age_ms = SDL_GetTicks() - plat->event.common.timestamp;
        out->time_ms = plat_now_ms() - (age_ms < 10000 ? age_ms : 0);
        if (plat_translate(plat, out)) {
            return true;
        }
    }
}

void plat_wake(struct plat *plat)
{
    if (!SDL_AtomicCAS(&plat->is_wake_pending, 0, 1)) {
        return;
    }
    SDL_Event event;
    SDL_zero(event);
    event.type = plat->wake_type;
    if (SDL_PushEvent(&event) != 1) {
        // A full queue wakes main by itself; the next call tries again.
        SDL_AtomicSet(&plat->is_wake_pending, 0);
    }
}

void plat_set_icon(struct plat *plat, const uint32_t *argb, int side_px)
{
    SDL_Surface *surface =
        SDL_CreateRGBSurfaceWithFormat(0, side_px, side_px, 32, SDL_PIXELFORMAT_ARGB8888);
    if (!surface) {
        log_warn("no icon: %s", SDL_GetError());
        return;
    }
    for (int y = 0; y < side_px; y++) {
        uint32_t *row = (uint32_t *)((uint8_t *)surface->pixels + (ptrdiff_t)y * surface->pitch);
        for (int x = 0; x < side_px; x++) {
            uint32_t p = argb[(ptrdiff_t)y * side_px + x], a = p >> 24;
            uint32_t r = a ? (p >> 16 & 255) * 255 / a : 0, g = a ? (p >> 8 & 255) * 255 / a : 0;
            row[x] = a << 24 | r << 16 | g << 8 | (a ? (p & 255) * 255 / a : 0);
        }
    }
    SDL_SetWindowIcon(plat->window, surface); // copies
    SDL_FreeSurface(surface);
}

void plat_set_title(struct plat *plat, const char *title)
{
    SDL_SetWindowTitle(plat->window, title);
}

void plat_set_fullscreen(struct plat *plat, bool is_fullscreen)
{
    if (is_fullscreen == plat_is_fullscreen(plat)) {
        return;
    }
    if (SDL_SetWindowFullscreen(plat->window, is_fullscreen ? SDL_WINDOW_FULLSCREEN_DESKTOP : 0)) {
        log_warn("fullscreen=%d refused: %s", is_fullscreen, SDL_GetError());
    }
    plat->is_lost = true;
}

bool plat_is_fullscreen(const struct plat *plat)
{
    return (SDL_GetWindowFlags(plat->window) & SDL_WINDOW_FULLSCREEN) != 0;
}

void plat_set_text_input(struct plat *plat, bool is_active, struct paint_rect caret)
{
    if (is_active != plat->is_text_active) {
        plat->is_text_active = is_active;
        plat->is_composing = false;
        if (is_active) {
            SDL_StartTextInput();
        } else {
            SDL_StopTextInput();
        }
    }
    if (is_active) {
        float ratio = plat_pixels_per_point(plat);
        SDL_Rect points = {(int)((float)caret.x / ratio), (int)((float)caret.y / ratio),
                           (int)((float)caret.w / ratio), (int)((float)caret.h / ratio)};
        SDL_SetTextInputRect(&points);
    }
}

void plat_set_cursor(struct plat *plat, int cursor)
{
    static const SDL_SystemCursor shapes[] = {
        [UI_CURSOR_ARROW] = SDL_SYSTEM_CURSOR_ARROW,
        [UI_CURSOR_HAND] = SDL_SYSTEM_CURSOR_HAND,
        [UI_CURSOR_TEXT] = SDL_SYSTEM_CURSOR_IBEAM,
    };
    if (cursor < 0 || cursor >= (int)(sizeof shapes / sizeof shapes[0])) {
        return;
    }
    if (!plat->cursors[cursor]) {
        plat->cursors[cursor] = SDL_CreateSystemCursor(shapes[cursor]);
    }
    if (plat->cursors[cursor] && SDL_GetCursor() != plat->cursors[cursor]) {
        SDL_SetCursor(plat->cursors[cursor]);
    }
}

float plat_scale(const struct plat *plat)
{
    float dpi = 0;
    int display = SDL_GetWindowDisplayIndex(plat->window);
    if (display < 0 || SDL_GetDisplayDPI(display, &dpi, NULL, NULL) != 0 || !(dpi >= 72) ||
        !(dpi <= 400)) {
        return 1;
    }
    int quarters = (int)(dpi / DPI_PLAIN * 4 + 0.5f); // crisp steps only
    return quarters > 4 ? (float)quarters / 4 : 1.0f;
}

int plat_refresh_hz(const struct plat *plat)
{
    SDL_DisplayMode mode;
    int display = SDL_GetWindowDisplayIndex(plat->window);
    if (display < 0 || SDL_GetCurrentDisplayMode(display, &mode) != 0 || mode.refresh_rate <= 0) {
        return 60;
    }
    return mode.refresh_rate;
}

char *plat_clipboard_get(struct plat *plat)
{
    (void)plat; // SDL has one clipboard
    if (!SDL_HasClipboardText()) {
        return NULL;
    }
    char *text = SDL_GetClipboardText();
    char *copy = NULL;
    if (text && text[0]) {
        struct str view = str_from(text);
        view.len = view.len < CLIPBOARD_MAX ? view.len : CLIPBOARD_MAX;
        copy = str_dup(view);
    }
    SDL_free(text);
    return copy;
}

bool plat_clipboard_set(struct plat *plat, struct str text)
{
    (void)plat; // SDL has one clipboard
    if (text.len > CLIPBOARD_MAX) {
        log_warn("clipboard refused: bytes=%zu", text.len);
        return false;
    }
    char *copy = str_dup(text);
    bool is_set = SDL_SetClipboardText(copy) == 0;
    mem_free(copy);
    return is_set;
}

void plat_flash(struct plat *plat)
{
    if (!plat->has_focus && SDL_FlashWindow(plat->window, SDL_FLASH_UNTIL_FOCUSED) != 0) {
        log_debug("no flash: %s", SDL_GetError());
    }
}

static bool is_safe_url(struct str url)
{
    static const struct str schemes[] = {STR_INIT("http://"), STR_INIT("https://"),
                                         STR_INIT("irc://")};
    bool is_known = false;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        is_known = is_known || str_starts_nocase(url, schemes[i]);
    }
    for (size_t i = 0; i < url.len; i++) {
        unsigned char c = (unsigned char)url.data[i];
        if (c <= ' ' || c == 0x7F || c == '"' || c == '\'' || c == '`' || c == '\\') {
            return false;
        }
    }
    return is_known && url.len <= URL_MAX;
}

bool plat_open_url(struct str url)
{
    if (!is_safe_url(url)) {
        log_warn("link refused");
        return false;
    }
    char *copy = str_dup(url);
    bool is_open = SDL_OpenURL(copy) == 0;
    mem_free(copy);
    return is_open;
}

// SDL events as plain input values.
#include "plat_internal.h"

struct key_row {
    SDL_Keycode sym;
    enum ui_key key;
    enum ui_key without_num; // on the keypad, while Num Lock is off
};

// clang-format off
static const struct key_row keys[] = {
    {SDLK_RETURN,    UI_KEY_ENTER,     UI_KEY_ENTER},
    {SDLK_RETURN2,   UI_KEY_ENTER,     UI_KEY_ENTER},
    {SDLK_KP_ENTER,  UI_KEY_ENTER,     UI_KEY_ENTER},
    {SDLK_ESCAPE,    UI_KEY_ESCAPE,    UI_KEY_ESCAPE},
    {SDLK_TAB,       UI_KEY_TAB,       UI_KEY_TAB},
    {SDLK_BACKSPACE, UI_KEY_BACKSPACE, UI_KEY_BACKSPACE},
    {SDLK_DELETE,    UI_KEY_DELETE,    UI_KEY_DELETE},
    {SDLK_LEFT,      UI_KEY_LEFT,      UI_KEY_LEFT},
    {SDLK_RIGHT,     UI_KEY_RIGHT,     UI_KEY_RIGHT},
    {SDLK_UP,        UI_KEY_UP,        UI_KEY_UP},
    {SDLK_DOWN,      UI_KEY_DOWN,      UI_KEY_DOWN},
    {SDLK_HOME,      UI_KEY_HOME,      UI_KEY_HOME},
    {SDLK_END,       UI_KEY_END,       UI_KEY_END},
    {SDLK_PAGEUP,    UI_KEY_PAGE_UP,   UI_KEY_PAGE_UP},
    {SDLK_PAGEDOWN,  UI_KEY_PAGE_DOWN, UI_KEY_PAGE_DOWN},
    {SDLK_SPACE,     UI_KEY_SPACE,     UI_KEY_SPACE},
    {SDLK_F1,        UI_KEY_F1,        UI_KEY_F1},
    {SDLK_F11,       UI_KEY_F11,       UI_KEY_F11},
    {SDLK_KP_1,      UI_KEY_OTHER,     UI_KEY_END},
    {SDLK_KP_2,      UI_KEY_OTHER,     UI_KEY_DOWN},
    {SDLK_KP_3,      UI_KEY_OTHER,     UI_KEY_PAGE_DOWN},
    {SDLK_KP_4,      UI_KEY_OTHER,     UI_KEY_LEFT},
    {SDLK_KP_6,      UI_KEY_OTHER,     UI_KEY_RIGHT},
    {SDLK_KP_7,      UI_KEY_OTHER,     UI_KEY_HOME},
    {SDLK_KP_8,      UI_KEY_OTHER,     UI_KEY_UP},
    {SDLK_KP_9,      UI_KEY_OTHER,     UI_KEY_PAGE_UP},
    {SDLK_KP_PERIOD, UI_KEY_OTHER,     UI_KEY_DELETE},
};
// clang-format on

// The right Alt key writes characters on many layouts, so it makes no shortcuts.
static unsigned mods_from(unsigned mod)
{
    unsigned mods = 0;
    mods |= mod & KMOD_SHIFT ? UI_MOD_SHIFT : 0;
    mods |= mod & KMOD_CTRL ? UI_MOD_CTRL : 0;
    mods |= mod & KMOD_LALT ? UI_MOD_ALT : 0;
    mods |= mod & KMOD_GUI ? UI_MOD_GUI : 0;
    return mods;
}

static bool is_letter(SDL_Keycode sym)
{
    return (sym >= 'a' && sym <= 'z') || (sym >= '0' && sym <= '9');
}

// By what the key writes, so that AZERTY works; layouts without Latin letters go by place.
static char letter_of(SDL_Keysym keysym)
{
    if (is_letter(keysym.sym)) {
        return (char)keysym.sym;
    }
    bool is_foreign = keysym.sym > 127 && !(keysym.sym & SDLK_SCANCODE_MASK);
    if (is_foreign && keysym.scancode >= SDL_SCANCODE_A && keysym.scancode <= SDL_SCANCODE_Z) {
        return (char)('a' + (keysym.scancode - SDL_SCANCODE_A));
    }
    return 0;
}

static bool key_down(const struct plat *plat, struct ui_input *out)
{
    const SDL_KeyboardEvent *event = &plat->event.key;
    out->type = UI_INPUT_KEY_DOWN;
    out->mods = mods_from(event->keysym.mod);
    out->is_repeat = event->repeat != 0;
    out->letter = letter_of(event->keysym);
    out->key = out->letter ? UI_KEY_LETTER : UI_KEY_OTHER;
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (keys[i].sym == event->keysym.sym) {
            out->key = event->keysym.mod & KMOD_NUM ? keys[i].key : keys[i].without_num;
        }
    }
    return true;
}

static void at_points(const struct plat *plat, struct ui_input *out, int x, int y)
{
    float ratio = plat_pixels_per_point(plat);
    out->x = (float)x * ratio;
    out->y = (float)y * ratio;
    out->mods = mods_from((unsigned)SDL_GetModState());
}

// X adds a mouse motion to a touch; SDL another one.
static bool is_from_touch(const struct plat *plat, uint32_t which)
{
    return which == SDL_TOUCH_MOUSEID || plat->finger_count > 0;
}

static bool mouse_moved(const struct plat *plat, struct ui_input *out)
{
    const SDL_MouseMotionEvent *event = &plat->event.motion;
    out->type = UI_INPUT_POINTER_MOVE;
    at_points(plat, out, event->x, event->y);
    return !is_from_touch(plat, event->which);
}

static bool mouse_button(const struct plat *plat, struct ui_input *out)
{
    const SDL_MouseButtonEvent *event = &plat->event.button;
    if (is_from_touch(plat, event->which) || event->button < SDL_BUTTON_LEFT ||
        event->button > SDL_BUTTON_RIGHT) {
        return false;
    }
    bool is_down = event->type == SDL_MOUSEBUTTONDOWN;
    out->type = is_down ? UI_INPUT_POINTER_DOWN : UI_INPUT_POINTER_UP;
    out->button = event->button; // SDL counts them as we do
    out->clicks = event->clicks > 0 ? (event->clicks - 1) % 3 + 1 : 1;
    at_points(plat, out, event->x, event->y);
    return true;
}

static bool mouse_wheel(const struct plat *plat, struct ui_input *out)
{
    const SDL_MouseWheelEvent *event = &plat->event.wheel;
    float sign = event->direction == SDL_MOUSEWHEEL_FLIPPED ? -1.0f : 1.0f;
    out->type = UI_INPUT_WHEEL;
    at_points(plat, out, event->mouseX, event->mouseY);
    out->wheel_x = event->preciseX * sign;
    out->wheel_y = event->preciseY * sign;
    return event->which != SDL_TOUCH_MOUSEID;
}

static int find_finger(const struct plat *plat, int64_t id)
{
    for (int i = 0; i < plat->finger_count; i++) {
        if (plat->fingers[i] == id) {
            return i;
        }
    }
    return -1;
}

static void track_finger(struct plat *plat, int64_t id, enum ui_input_type type)
{
    int at = find_finger(plat, id);
    if (type == UI_INPUT_FINGER_DOWN && at < 0 && plat->finger_count < PLAT_FINGERS) {
        plat->fingers[plat->finger_count++] = id;
    } else if (type == UI_INPUT_FINGER_UP && at >= 0) {
        plat->fingers[at] = plat->fingers[--plat->finger_count];
    }
}

static bool finger(struct plat *plat, struct ui_input *out, enum ui_input_type type)
{
    const SDL_TouchFingerEvent *event = &plat->event.tfinger;
    int width, height;
    plat_pixel_size(plat, &width, &height);
    out->type = type;
    out->finger = event->fingerId;
    // SDL divides by the last pixel, not by the width.
    out->x = event->x * (float)(width - 1);
    out->y = event->y * (float)(height - 1);
    track_finger(plat, event->fingerId, type);
    return true;
}

static bool window_changed(struct plat *plat, struct ui_input *out)
{
    switch (plat->event.window.event) {
    case SDL_WINDOWEVENT_SIZE_CHANGED:
        plat->is_lost = true;
        out->type = UI_INPUT_RESIZE;
        plat_pixel_size(plat, &out->width_px, &out->height_px);
        return true;
    case SDL_WINDOWEVENT_EXPOSED:
        plat_canvas_repeat(plat);
        out->type = UI_INPUT_NONE;
        return true;
    case SDL_WINDOWEVENT_LEAVE:
        out->type = UI_INPUT_POINTER_LEAVE;
        return true;
    case SDL_WINDOWEVENT_FOCUS_GAINED:
        plat->has_focus = true;
        out->type = UI_INPUT_FOCUS_GAINED;
        return true;
    case SDL_WINDOWEVENT_FOCUS_LOST:
        plat->has_focus = false;
        out->type = UI_INPUT_FOCUS_LOST;
        return true;
    default: // SDL's enum, not ours
        return false;
    }
}

static bool composed(struct plat *plat, struct ui_input *out, const char *text)
{
    out->type = UI_INPUT_COMPOSITION;
    out->text = str_from(text);
    plat->is_composing = out->text.len > 0;
    return true;
}

static bool text_typed(struct plat *plat, struct ui_input *out)
{
    out->type = UI_INPUT_TEXT;
    out->text = str_from(plat->event.text.text);
    plat->is_composing = false;
    return out->text.len > 0;
}

static bool dropped_text(struct plat *plat, struct ui_input *out)
{
    plat->owned_text = plat->event.drop.file;
    out->type = UI_INPUT_DROP_TEXT;
    out->text = str_from(plat->owned_text);
    return out->text.len > 0;
}

static bool rare_event(struct plat *plat, struct ui_input *out)
{
    switch (plat->event.type) {
    case SDL_QUIT:
        out->type = UI_INPUT_QUIT;
        return true;
    case SDL_WINDOWEVENT:
        return window_changed(plat, out);
    case SDL_DROPTEXT:
        return dropped_text(plat, out);
    case SDL_DROPFILE:
        plat->owned_text = plat->event.drop.file; // ours to free
        return false;
    case SDL_RENDER_TARGETS_RESET:
    case SDL_RENDER_DEVICE_RESET:
        plat->is_lost = true;
        out->type = UI_INPUT_NONE;
        return true;
    default:
        break;
    }
    if (plat->event.type != plat->wake_type) {
        return false;
    }
    // Before the caller drains its queues, so that what comes later wakes again.
    SDL_AtomicSet(&plat->is_wake_pending, 0);
    out->type = UI_INPUT_NONE;
    return true;
}

bool plat_translate(struct plat *plat, struct ui_input *out)
{
    switch (plat->event.type) {
    case SDL_KEYDOWN:
        return key_down(plat, out);
    case SDL_TEXTINPUT:
        return text_typed(plat, out);
    case SDL_TEXTEDITING:
        return composed(plat, out, plat->event.edit.text);
    case SDL_TEXTEDITING_EXT:
        plat->owned_text = plat->event.editExt.text;
        return composed(plat, out, plat->owned_text);
    case SDL_MOUSEMOTION:
        return mouse_moved(plat, out);
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        return mouse_button(plat, out);
    case SDL_MOUSEWHEEL:
        return mouse_wheel(plat, out);
    case SDL_FINGERDOWN:
        return finger(plat, out, UI_INPUT_FINGER_DOWN);
    case SDL_FINGERMOTION:
        return finger(plat, out, UI_INPUT_FINGER_MOVE);
    case SDL_FINGERUP:
        return finger(plat, out, UI_INPUT_FINGER_UP);
    default:
        return rare_event(plat, out);
    }
}

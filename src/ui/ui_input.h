// Input as plain values: what platform makes of SDL events and what a recording replays.
#ifndef UI_INPUT_H
#define UI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"

enum ui_input_type {
    UI_INPUT_NONE, // a wake-up, an expose: nothing for widgets
    UI_INPUT_POINTER_MOVE,
    UI_INPUT_POINTER_DOWN,
    UI_INPUT_POINTER_UP,
    UI_INPUT_POINTER_LEAVE,
    UI_INPUT_WHEEL,
    UI_INPUT_FINGER_DOWN,
    UI_INPUT_FINGER_MOVE,
    UI_INPUT_FINGER_UP,
    UI_INPUT_KEY_DOWN,
    UI_INPUT_TEXT,        // committed text
    UI_INPUT_COMPOSITION, // text being composed by an input method; empty ends it
    UI_INPUT_PASTE,       // the clipboard, after ui asked for it
    UI_INPUT_DROP_TEXT,
    UI_INPUT_FOCUS_GAINED, // the window
    UI_INPUT_FOCUS_LOST,
    UI_INPUT_RESIZE,
    UI_INPUT_QUIT, // the window's close button
};

enum ui_key {
    UI_KEY_OTHER,
    UI_KEY_ENTER,
    UI_KEY_ESCAPE,
    UI_KEY_TAB,
    UI_KEY_BACKSPACE,
    UI_KEY_DELETE,
    UI_KEY_LEFT,
    UI_KEY_RIGHT,
    UI_KEY_UP,
    UI_KEY_DOWN,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_SPACE,
    UI_KEY_F1,
    UI_KEY_F11,
    UI_KEY_LETTER, // with `letter` a..z or 0..9, for shortcuts
};

enum ui_mod { UI_MOD_SHIFT = 1, UI_MOD_CTRL = 2, UI_MOD_ALT = 4, UI_MOD_GUI = 8 };

enum ui_pointer_button { UI_BUTTON_LEFT = 1, UI_BUTTON_MIDDLE = 2, UI_BUTTON_RIGHT = 3 };

struct ui_input {
    enum ui_input_type type;
    int64_t time_ms;
    float x, y;             // pixels: pointer, finger
    float wheel_x, wheel_y; // notches, up and right positive
    int64_t finger;         // id, while it touches
    int button;             // enum ui_pointer_button
    int clicks;             // 1, 2, 3
    enum ui_key key;
    char letter;
    unsigned mods; // enum ui_mod
    bool is_repeat;
    int width_px, height_px; // RESIZE
    // TEXT, COMPOSITION, PASTE, DROP_TEXT: valid only during the call it is passed to.
    struct str text;
};

// A press, a release, a key or text: what a hand meant as one thing, to be answered at once.
bool ui_input_is_hand(enum ui_input_type type);

#endif

#include "ui_input.h"

bool ui_input_is_hand(enum ui_input_type type)
{
    switch (type) {
    case UI_INPUT_POINTER_DOWN:
    case UI_INPUT_POINTER_UP:
    case UI_INPUT_FINGER_DOWN:
    case UI_INPUT_FINGER_UP:
    case UI_INPUT_KEY_DOWN:
    case UI_INPUT_TEXT:
    case UI_INPUT_COMPOSITION:
    case UI_INPUT_PASTE:
    case UI_INPUT_DROP_TEXT:
        return true;
    case UI_INPUT_NONE:
    case UI_INPUT_POINTER_MOVE:
    case UI_INPUT_POINTER_LEAVE:
    case UI_INPUT_WHEEL:
    case UI_INPUT_FINGER_MOVE:
    case UI_INPUT_FOCUS_GAINED:
    case UI_INPUT_FOCUS_LOST:
    case UI_INPUT_RESIZE:
    case UI_INPUT_QUIT:
        return false;
    }
    return false;
}

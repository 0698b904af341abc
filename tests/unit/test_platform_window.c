// The window under SDL's dummy driver: canvas, waking, events as input values.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <SDL.h>

#include "mem.h"
#include "plat.h"

static int open_plat(void **state)
{
    struct err err = {{0}};
    struct plat_config config = {.title = "Ronron", .width = 800, .height = 600};
    SDL_setenv("SDL_VIDEODRIVER", "dummy", 1);
    struct plat *plat = plat_create(&config, &err);
    if (!plat) {
        return -1;
    }
    *state = plat;
    return 0;
}

static int close_plat(void **state)
{
    plat_destroy(*state);
    return 0;
}

// SDL puts a mark behind what one drain may see; take it away before the next event comes.
static void drain(struct plat *plat)
{
    struct ui_input input;
    while (plat_next_input(plat, &input)) {
    }
}

static void assert_ignored(struct plat *plat, SDL_Event event)
{
    struct ui_input input;
    drain(plat);
    assert_int_equal(SDL_PushEvent(&event), 1);
    assert_false(plat_next_input(plat, &input));
}

static struct ui_input push(struct plat *plat, SDL_Event event)
{
    struct ui_input input = {0};
    drain(plat);
    assert_int_equal(SDL_PushEvent(&event), 1);
    assert_true(plat_next_input(plat, &input));
    return input;
}

static void canvas_has_the_windows_size_and_is_fresh_once(void **state)
{
    struct plat *plat = *state;
    struct paint_canvas canvas;
    struct paint_rect outside = {-50, -50, 5000, 5000};
    bool is_fresh = false;
    assert_true(plat_canvas(plat, &canvas, &is_fresh));
    assert_true(is_fresh);
    assert_int_equal(canvas.width_px, 800);
    assert_int_equal(canvas.height_px, 600);
    for (int y = 0; y < canvas.height_px; y++) {
        canvas.pixels[(ptrdiff_t)y * canvas.stride_px + canvas.width_px - 1] = 0x123456;
    }
    plat_present(plat, &outside, 1);
    assert_true(plat_canvas(plat, &canvas, &is_fresh));
    assert_false(is_fresh);
    assert_int_equal(canvas.pixels[canvas.width_px - 1], 0x123456);
}

static void a_resize_makes_a_fresh_canvas(void **state)
{
    struct plat *plat = *state;
    struct paint_canvas canvas;
    struct ui_input input;
    bool is_fresh = false, was_told = false;
    assert_true(plat_canvas(plat, &canvas, &is_fresh));
    SDL_SetWindowSize(SDL_GetWindowFromID(1), 900, 700);
    while (plat_next_input(plat, &input)) {
        was_told = was_told || (input.type == UI_INPUT_RESIZE && input.width_px == 900 &&
                                input.height_px == 700);
    }
    assert_true(was_told);
    assert_true(plat_canvas(plat, &canvas, &is_fresh));
    assert_true(is_fresh);
    assert_int_equal(canvas.width_px, 900);
}

static int wake_later(void *data)
{
    SDL_Delay(30);
    plat_wake(data);
    plat_wake(data);
    return 0;
}

static void a_wake_from_a_thread_ends_a_wait(void **state)
{
    struct plat *plat = *state;
    struct ui_input input;
    drain(plat);
    int64_t start = plat_now_ms();
    SDL_Thread *thread = SDL_CreateThread(wake_later, "wake", plat);
    assert_non_null(thread);
    plat_wait(plat, 10000);
    assert_true(plat_now_ms() - start < 9000);
    SDL_WaitThread(thread, NULL);
    assert_true(plat_next_input(plat, &input));
    assert_int_equal(input.type, UI_INPUT_NONE);
    assert_false(plat_next_input(plat, &input)); // two wakes, one event
    plat_wake(plat);
    assert_true(plat_next_input(plat, &input));
}

static void a_wait_without_input_lasts_its_time(void **state)
{
    struct plat *plat = *state;
    drain(plat);
    int64_t start = plat_now_us();
    plat_wait(plat, 40);
    assert_true(plat_now_us() - start > 35000);
}

static void a_wait_leaves_the_event_for_the_next_input(void **state)
{
    struct plat *plat = *state;
    struct ui_input input = {0};
    SDL_Event event = {.type = SDL_QUIT};
    drain(plat);
    assert_int_equal(SDL_PushEvent(&event), 1);
    plat_wait(plat, 5000);
    assert_true(plat_next_input(plat, &input));
    assert_int_equal(input.type, UI_INPUT_QUIT);
}

static struct ui_input press(struct plat *plat, SDL_Keycode sym, SDL_Scancode scancode, Uint16 mod)
{
    SDL_Event event = {.type = SDL_KEYDOWN};
    event.key.keysym.sym = sym;
    event.key.keysym.scancode = scancode;
    event.key.keysym.mod = mod;
    return push(plat, event);
}

static void letters_follow_the_layout_not_the_place(void **state)
{
    // On AZERTY the key at Q's place writes a.
    struct ui_input input = press(*state, SDLK_a, SDL_SCANCODE_Q, KMOD_LCTRL);
    assert_int_equal(input.type, UI_INPUT_KEY_DOWN);
    assert_int_equal(input.key, UI_KEY_LETTER);
    assert_int_equal(input.letter, 'a');
    assert_int_equal(input.mods, UI_MOD_CTRL);
    // A Cyrillic layout has no Latin letters: by place.
    input = press(*state, 0x441, SDL_SCANCODE_C, KMOD_LCTRL);
    assert_int_equal(input.letter, 'c');
}

static void keypad_enter_is_enter(void **state)
{
    assert_int_equal(press(*state, SDLK_KP_ENTER, SDL_SCANCODE_KP_ENTER, 0).key, UI_KEY_ENTER);
    assert_int_equal(press(*state, SDLK_KP_ENTER, SDL_SCANCODE_KP_ENTER, KMOD_NUM).key,
                     UI_KEY_ENTER);
}

static void keypad_moves_only_without_num_lock(void **state)
{
    assert_int_equal(press(*state, SDLK_KP_4, SDL_SCANCODE_KP_4, 0).key, UI_KEY_LEFT);
    assert_int_equal(press(*state, SDLK_KP_4, SDL_SCANCODE_KP_4, KMOD_NUM).key, UI_KEY_OTHER);
}

static void typed_text_and_composition_arrive_as_text(void **state)
{
    struct plat *plat = *state;
    SDL_Event event = {.type = SDL_TEXTINPUT};
    SDL_strlcpy(event.text.text, "\xC3\xA9", sizeof event.text.text);
    struct ui_input input = push(plat, event);
    assert_int_equal(input.type, UI_INPUT_TEXT);
    assert_true(str_eq(input.text, STR("\xC3\xA9")));
    event = (SDL_Event){.type = SDL_TEXTEDITING_EXT};
    event.editExt.text = SDL_strdup("ni hao");
    input = push(plat, event);
    assert_int_equal(input.type, UI_INPUT_COMPOSITION);
    assert_true(str_eq(input.text, STR("ni hao")));
    event = (SDL_Event){.type = SDL_TEXTEDITING};
    input = push(plat, event);
    assert_int_equal(input.type, UI_INPUT_COMPOSITION);
    assert_int_equal(input.text.len, 0);
}

static void fingers_come_in_pixels_and_silence_the_mouse(void **state)
{
    struct plat *plat = *state;
    struct ui_input input;
    SDL_Event mouse = {.type = SDL_MOUSEMOTION};
    SDL_Event finger = {.type = SDL_FINGERDOWN};
    mouse.motion.x = 10;
    mouse.motion.y = 20;
    input = push(plat, mouse);
    assert_int_equal(input.type, UI_INPUT_POINTER_MOVE);
    assert_true(input.x == 10 && input.y == 20);
    finger.tfinger.fingerId = 7;
    finger.tfinger.x = 1;
    finger.tfinger.y = 0;
    input = push(plat, finger);
    assert_int_equal(input.type, UI_INPUT_FINGER_DOWN);
    assert_int_equal(input.finger, 7);
    assert_true(input.x == 799 && input.y == 0);
    assert_ignored(plat, mouse);
    finger.type = SDL_FINGERUP;
    assert_int_equal(push(plat, finger).type, UI_INPUT_FINGER_UP);
    assert_int_equal(push(plat, mouse).type, UI_INPUT_POINTER_MOVE);
    mouse.motion.which = SDL_TOUCH_MOUSEID;
    assert_ignored(plat, mouse);
}

static void buttons_count_clicks_to_three(void **state)
{
    SDL_Event event = {.type = SDL_MOUSEBUTTONDOWN};
    event.button.button = SDL_BUTTON_RIGHT;
    event.button.clicks = 4;
    struct ui_input input = push(*state, event);
    assert_int_equal(input.type, UI_INPUT_POINTER_DOWN);
    assert_int_equal(input.button, UI_BUTTON_RIGHT);
    assert_int_equal(input.clicks, 1);
}

static void a_flipped_wheel_is_turned_back(void **state)
{
    SDL_Event event = {.type = SDL_MOUSEWHEEL};
    event.wheel.preciseY = 0.5f;
    assert_true(push(*state, event).wheel_y == 0.5f);
    event.wheel.direction = SDL_MOUSEWHEEL_FLIPPED;
    assert_true(push(*state, event).wheel_y == -0.5f);
}

static void dropped_text_arrives(void **state)
{
    SDL_Event event = {.type = SDL_DROPTEXT};
    event.drop.file = SDL_strdup("hello");
    struct ui_input input = push(*state, event);
    assert_int_equal(input.type, UI_INPUT_DROP_TEXT);
    assert_true(str_eq(input.text, STR("hello")));
}

static void clipboard_keeps_text_and_refuses_a_flood(void **state)
{
    struct plat *plat = *state;
    size_t size = 1024 * 1024 + 1;
    char *flood = mem_alloc(size);
    memset(flood, 'a', size);
    assert_true(plat_clipboard_set(plat, STR("miaou")));
    assert_false(plat_clipboard_set(plat, (struct str){flood, size}));
    char *text = plat_clipboard_get(plat);
    assert_string_equal(text, "miaou");
    mem_free(text);
    mem_free(flood);
}

static void only_harmless_links_open(void **state)
{
    (void)state;
    assert_false(plat_open_url(STR("file:///etc/passwd")));
    assert_false(plat_open_url(STR("javascript:alert(1)")));
    assert_false(plat_open_url(STR("http://a b")));
    assert_false(plat_open_url(STR("--help")));
}

static void unknown_displays_get_plain_answers(void **state)
{
    struct plat *plat = *state;
    assert_true(plat_refresh_hz(plat) >= 30);
    assert_true(plat_scale(plat) >= 1);
}

#define WINDOW_TEST(f) cmocka_unit_test_setup_teardown(f, open_plat, close_plat)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WINDOW_TEST(canvas_has_the_windows_size_and_is_fresh_once),
        WINDOW_TEST(a_resize_makes_a_fresh_canvas),
        WINDOW_TEST(a_wake_from_a_thread_ends_a_wait),
        WINDOW_TEST(a_wait_without_input_lasts_its_time),
        WINDOW_TEST(a_wait_leaves_the_event_for_the_next_input),
        WINDOW_TEST(letters_follow_the_layout_not_the_place),
        WINDOW_TEST(keypad_enter_is_enter),
        WINDOW_TEST(keypad_moves_only_without_num_lock),
        WINDOW_TEST(typed_text_and_composition_arrive_as_text),
        WINDOW_TEST(fingers_come_in_pixels_and_silence_the_mouse),
        WINDOW_TEST(buttons_count_clicks_to_three),
        WINDOW_TEST(a_flipped_wheel_is_turned_back),
        WINDOW_TEST(dropped_text_arrives),
        WINDOW_TEST(clipboard_keeps_text_and_refuses_a_flood),
        WINDOW_TEST(only_harmless_links_open),
        WINDOW_TEST(unknown_displays_get_plain_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

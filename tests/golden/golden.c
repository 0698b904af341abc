// Pictures of the screens, compared with those in this folder. UPDATE_GOLDEN=1 writes them anew; a
// difference leaves the picture and the difference in the build folder.
//
// The same fonts give the same pixels; other versions of a font or of FreeType move a few edges, so
// one pixel in two hundred may differ.
#include <stdio.h>
#include <stdlib.h>

#include "mem.h"
#include "scenes_harness.h"

#define TOLERANCE_SHARE 200 // one pixel in this many
#define TOLERANCE_STEP  24  // of a channel, below it is no difference

struct scene_row {
    const char *name;
    void (*play)(struct stage *stage);
};

static void play_welcome(struct stage *stage)
{
    struct scenes_party parties[] = {
        {.instance = "1", .host = "10.0.0.7", .port = 6667, .people = 4, .name = "Friday night"},
        {.instance = "2",
         .host = "127.0.0.1",
         .port = 6668,
         .people = 1,
         .is_local = true,
         .is_locked = true,
         .name = "Chez Leo"},
    };
    scenes_set_parties(stage->scenes, parties, 2);
}

static void play_party(struct stage *stage)
{
    static const char *const lines[] = {
        ":leo!l@h PRIVMSG #party :Salut ! Qui vient ce soir ? \U0001F37F",
        ":leo!l@h PRIVMSG #party :J'apporte les chips et la couverture pour le chat.",
        ":mia!m@h JOIN #party",
        ":mia!m@h PRIVMSG #party :\U0001F63A",
        ":mia!m@h PRIVMSG #party :\x01"
        "ACTION ronronne\x01",
        ":Ana!a@h PRIVMSG #party :Parfait. Huit heures, sur le grand \u00e9cran : "
        "apportez vos tablettes et de quoi grignoter, la partie sera longue.",
        ":leo!l@h PRIVMSG #party :\u65e5\u672c\u8a9e \u0645\u0631\u062d\u0628\u0627 \u03b5\u03bb "
        "\u0440\u0443\u0441 ok Ana?",
    };
    stage_enter_party(stage);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        stage_server(stage, lines[i]);
    }
    stage_type(stage, "Et un tournoi");
}

static const struct scene_row scene_rows[] = {{"welcome", play_welcome}, {"party", play_party}};
static const int sizes[][2] = {{640, 400}, {1280, 800}, {1920, 1080}};
static const char *const themes[] = {"velours", "creme"};

static bool differs(uint32_t a, uint32_t b)
{
    for (int shift = 0; shift <= 16; shift += 8) {
        if (abs((int)(a >> shift & 255) - (int)(b >> shift & 255)) > TOLERANCE_STEP) {
            return true;
        }
    }
    return false;
}

// Pixels that differ; `now` becomes a picture of where.
static size_t mark_differences(struct paint_canvas *now, const struct paint_canvas *kept)
{
    size_t count = 0, total = (size_t)now->width_px * (size_t)now->height_px;
    for (size_t i = 0; i < total; i++) {
        bool is_other = differs(now->pixels[i], kept->pixels[i]);
        count += is_other;
        now->pixels[i] = is_other ? 0xFF0000 : (now->pixels[i] >> 2 & 0x3F3F3F);
    }
    return count;
}

static bool compare(struct paint_canvas *now, const char *name)
{
    char kept_path[1024], left_path[1024];
    struct err err = {0};
    struct paint_canvas kept = {0};
    (void)snprintf(kept_path, sizeof kept_path, "%s/%s.png", RONRON_GOLDEN, name);
    if (getenv("UPDATE_GOLDEN")) {
        return paint_save_png(now, kept_path, &err);
    }
    bool is_same = false;
    if (!paint_load_png(&kept, kept_path, &err)) {
        (void)printf("%s\n", err.text);
    } else if (kept.width_px != now->width_px || kept.height_px != now->height_px) {
        (void)printf("%s: another size\n", name);
    } else {
        (void)snprintf(left_path, sizeof left_path, "%s.png", name);
        (void)paint_save_png(now, left_path, &err); // a help, no more
        size_t count = mark_differences(now, &kept);
        size_t total = (size_t)now->width_px * (size_t)now->height_px;
        is_same = count * TOLERANCE_SHARE <= total;
        (void)printf("%s %s: %zu of %zu pixels differ\n", is_same ? "ok" : "NOT OK", name, count,
                     total);
        if (is_same) {
            (void)remove(left_path);
        } else {
            (void)snprintf(left_path, sizeof left_path, "%s-difference.png", name);
            (void)paint_save_png(now, left_path, &err);
        }
    }
    mem_free(kept.pixels);
    return is_same;
}

static bool shoot(const struct scene_row *scene, const char *theme, const int size[2])
{
    struct stage stage;
    char name[128];
    stage_open(&stage, theme, size[0], size[1]);
    ui_set_scale(stage.ui, size[0] >= 1920 ? 1.33f : 1);
    stage_frame(&stage, 16);
    scene->play(&stage);
    stage_frame(&stage, 10000); // toasts, carets and the cat have come to rest
    stage_settle(&stage);
    struct paint_canvas canvas = {mem_alloc_array((size_t)size[0] * (size_t)size[1], 4), size[0],
                                  size[1], size[0]};
    paint_render(ui_list(stage.ui), stage.images, &canvas);
    (void)snprintf(name, sizeof name, "%s-%s-%dx%d", scene->name, theme, size[0], size[1]);
    bool is_same = compare(&canvas, name);
    mem_free(canvas.pixels);
    stage_close(&stage);
    return is_same;
}

int main(void)
{
    bool is_fine = true;
    for (size_t scene = 0; scene < sizeof scene_rows / sizeof scene_rows[0]; scene++) {
        for (size_t theme = 0; theme < sizeof themes / sizeof themes[0]; theme++) {
            for (size_t size = 0; size < sizeof sizes / sizeof sizes[0]; size++) {
                is_fine &= shoot(&scene_rows[scene], themes[theme], sizes[size]);
            }
        }
    }
    return is_fine ? EXIT_SUCCESS : EXIT_FAILURE;
}

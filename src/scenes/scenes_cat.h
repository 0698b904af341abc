// The cat of the house: breathes, blinks, turns its ears, types, purrs, sleeps.
//
// It moves when there is a cause and for five seconds after, then it sits still so that the
// program can sleep.
#ifndef SCENES_CAT_H
#define SCENES_CAT_H

#include <stdbool.h>
#include <stdint.h>

#include "ui.h"

#define CAT_HEARTS_MAX 12

struct cat_heart {
    float x, y; // of the cat's square, 0..1
    float drift;
    int64_t start_ms;
};

struct cat {          // {0} is a cat at rest
    int64_t cause_ms; // last thing that happened
    int64_t ears_ms;  // a message came
    int64_t type_ms;  // somebody types
    int64_t purr_ms;  // it was petted
    unsigned pets;
    bool is_asleep;
    struct cat_heart hearts[CAT_HEARTS_MAX];
    unsigned next_heart;
};

void cat_message(struct cat *cat, int64_t now_ms);
void cat_types(struct cat *cat, int64_t now_ms);
void cat_sleep(struct cat *cat, bool is_asleep, int64_t now_ms);
// Draws it in the largest square in rect, standing on its bottom; takes the petting.
void cat_draw(struct ui *ui, struct cat *cat, struct paint_rect rect);

#endif

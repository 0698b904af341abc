// A relay over pipes with a store.
#include "kept.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void kept_settle(struct kept *kept)
{
    for (int i = 0; i < 3; i++) {
        harness_turn(&kept->h, 0);
    }
}

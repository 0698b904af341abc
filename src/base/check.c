// Ends the program where an invariant of ours is broken.
#include "check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *condition, const char *file, int line)
{
    (void)fprintf(stderr, "ronron: bug: check(%s) failed at %s:%d\n", condition, file, line);
    abort();
}

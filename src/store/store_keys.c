// Names that rows go by.
#include <stdio.h>

#include "store.h"

struct str store_pair_key(struct str a, struct str b, char out[256])
{
    bool is_ordered = str_compare(a, b) <= 0;
    struct str first = is_ordered ? a : b, second = is_ordered ? b : a;
    // No channel begins with a space, and no account holds one.
    int len = snprintf(out, 256, " %.*s %.*s", STR_ARG(first), STR_ARG(second));
    return (struct str){out, len < 255 ? (size_t)len : 255};
}

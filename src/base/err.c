// Error sentences.
#include "err.h"

#include <stdarg.h>
#include <stdio.h>

#include "str.h"

bool err_set(struct err *err, const char *format, ...)
{
    if (err) {
        va_list args;
        va_start(args, format);
        (void)vsnprintf(err->text, sizeof(err->text), format, args); // cut on purpose
        va_end(args);
    }
    return false;
}

bool err_wrap(struct err *err, const char *format, ...)
{
    if (err) {
        char where[sizeof(err->text)];
        char what[sizeof(err->text)];
        va_list args;
        va_start(args, format);
        (void)vsnprintf(where, sizeof(where), format, args); // cut on purpose
        va_end(args);
        (void)str_copy(what, sizeof(what), str_from(err->text)); // same size: never cut
        (void)snprintf(err->text, sizeof(err->text), "%s: %s", where, what);
    }
    return false;
}

// One sentence that says what went wrong, written by the lowest layer that knows.
//
// err_set and err_wrap return false, so that a failing function ends with
// `return err_set(err, ...)`. err may be NULL everywhere.
#ifndef ERR_H
#define ERR_H

#include <stdbool.h>

struct err {
    char text[512];
};

bool err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
// Puts "where: " before the sentence that is there.
bool err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#endif

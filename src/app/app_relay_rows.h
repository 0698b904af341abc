// The table of a relay's settings.
#ifndef APP_RELAY_ROWS_H
#define APP_RELAY_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "app_relay_config.h"
#include "err.h"
#include "str.h"

struct app_relay_row {
    const char *section;
    const char *key;
    const char *flag;     // long option that sets the same; NULL: none
    const char *argument; // what to write, for people; NULL: a flag that alone means yes
    const char *fallback; // default, set through the same setter; NULL: none
    const char *help;     // msgid
    bool (*set)(struct app_relay_config *config, const struct app_relay_row *row, struct str value,
                struct err *err);
    size_t offset; // of the field, where the setter is told so
    size_t size;   // of a text's field; the lowest number
    int64_t max;   // the highest number
    bool is_list;  // may be given several times
};

// All rows, in order of sections.
const struct app_relay_row *app_relay_rows(size_t *count);
const struct app_relay_row *app_relay_row_find(struct str section, struct str key);
bool app_relay_section_exists(struct str section);
// What stands as the default in a manual; "" when there is none.
void app_relay_row_default(const struct app_relay_row *row, char *out, size_t size);

#endif

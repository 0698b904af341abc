// Saves a conversation where a person finds it: UTF-8 text and a self-contained HTML page.
//
// Nothing is overwritten: "Ronron _party 2026-11-24 21h05.txt", then "... (2).txt".
#ifndef CHAT_EXPORT_H
#define CHAT_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chat.h"
#include "err.h"

enum chat_export_format { CHAT_EXPORT_TEXT, CHAT_EXPORT_HTML };

struct chat_export_place {
    enum chat_export_format format;
    const char *folder; // its parent must exist
    int utc_offset_s;   // shifts times to the person's clock
    int64_t now_utc_ms; // for the file's name
};

// path receives where it went. On failure no half file is left and the sentence says what happened
// and what to do (disk full, missing right).
bool chat_export(const struct chat *chat, chat_buffer_id buffer,
                 const struct chat_export_place *place, char *path, size_t path_size,
                 struct err *err);

#endif

// The search index's row of a line: put in, taken out again.
#include "store_index.h"

#include <inttypes.h>

#include "store_sql.h"
#include "store_words.h"

static bool run(struct store_writer *writer, int which, const struct store_indexed *line,
                struct err *err)
{
    struct buf text, place;
    sqlite3_stmt *statement = store_db_use(&writer->db, which);
    buf_init(&text, BUF_NO_LIMIT);
    buf_init(&place, BUF_NO_LIMIT);
    store_words_index(&text, line->text);
    (void)buf_printf(&place, "c%" PRId64 "z ", line->target); // no ceiling
    store_words_nick(&place, line->source);
    store_bind_number(statement, 1, line->id);
    store_bind_str(statement, 2, buf_str(&text));
    store_bind_str(statement, 3, buf_str(&place));
    bool is_ok = store_db_run(&writer->db, statement, err);
    buf_deinit(&text);
    buf_deinit(&place);
    return is_ok;
}

bool store_index_add(struct store_writer *writer, const struct store_indexed *line, struct err *err)
{
    return run(writer, WRITE_FTS_ADD, line, err);
}

bool store_index_drop(struct store_writer *writer, const struct store_indexed *line,
                      struct err *err)
{
    return run(writer, WRITE_FTS_DROP, line, err);
}

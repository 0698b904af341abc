// The search index's row of a line: put in, taken out again. Inside the writer's transaction.
#ifndef STORE_INDEX_H
#define STORE_INDEX_H

#include "store_internal.h"

struct store_indexed { // what a row of the index is made of
    int64_t id;
    int64_t target;
    struct str source;
    struct str text;
};

bool store_index_add(struct store_writer *writer, const struct store_indexed *line,
                     struct err *err);
// Needs exactly what was added: the index holds no copy of it.
bool store_index_drop(struct store_writer *writer, const struct store_indexed *line,
                      struct err *err);

#endif

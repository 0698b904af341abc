// The tables, and how a file of an older version becomes one of this.
#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include <stdbool.h>

#include "err.h"
#include "store_db.h"

enum store_file {
    STORE_FILE_NEW,     // empty or not there
    STORE_FILE_OURS,    // this version or an older one
    STORE_FILE_DAMAGED, // not readable as a database
    STORE_FILE_REFUSED, // of a newer or another program, or not to be opened: leave it alone
};

// Looks at a file through a connection that cannot change it. `is_thorough`: reads every page
// whatever it costs; else only as much as opening may take. The sentence is set when REFUSED.
enum store_file store_schema_look(struct store_db *db, bool is_thorough, struct err *err);
// Brings the tables to this version, in one transaction.
bool store_schema_upgrade(struct store_db *db, struct err *err);
int store_schema_version(void); // of this program

#endif

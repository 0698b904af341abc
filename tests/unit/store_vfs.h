// A VFS of SQLite that fails on demand, in front of the system's own.
#ifndef STORE_VFS_H
#define STORE_VFS_H

#include <stdbool.h>

struct faults;

enum fault {
    FAULT_NONE,
    FAULT_FULL,      // writes: no room on the disk
    FAULT_IO,        // writes: the device reports an error
    FAULT_READ_ONLY, // writes: the file system has become read-only
    FAULT_SYNC,      // flushes fail, what was written stays written
};

struct faults *faults_create(const char *name); // registers the VFS under this name
void faults_destroy(struct faults *faults);
// From now on, after `spared` calls that go well, `times` calls fail in this way.
void faults_set(struct faults *faults, enum fault fault, int spared, int times);
bool faults_came(const struct faults *faults); // at least one call failed since
// Files opened from now on can only be read.
void faults_open_read_only(struct faults *faults, bool is_read_only);

#endif

// What VFSs of SQLite for tests are made of: a file that hands every call to one of the system's own.
#ifndef VFS_PASS_H
#define VFS_PASS_H

#include <stddef.h>

#include <sqlite3.h>

struct vfs_file { // the first field of a file with more in it
    sqlite3_file base;
    sqlite3_file *real; // owned
};

// All of them hand on; a VFS replaces those it cares for in a copy.
sqlite3_io_methods vfs_pass_methods(void);
// The system's VFS under another name, whose files have this size.
sqlite3_vfs vfs_pass_vfs(const char *name, size_t file_size);
// Opens the file behind; methods outlive the file.
int vfs_pass_open(struct vfs_file *file, const char *name, int flags, int *out_flags,
                  const sqlite3_io_methods *methods);
int vfs_pass_delete(const char *name, int syncs);
sqlite3_file *vfs_real(sqlite3_file *base);

#endif

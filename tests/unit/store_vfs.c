// A VFS of SQLite that fails on demand, in front of the system's own.
#include "store_vfs.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "check.h"
#include "mem.h"
#include "vfs_pass.h"

struct faults {
    sqlite3_vfs vfs;
    sqlite3_io_methods methods;
    enum fault fault;
    int spared;
    int times;
    bool has_come;
    bool is_read_only;
};

struct file {
    struct vfs_file pass;
    struct faults *faults;
};

static struct file *file_of(sqlite3_file *base)
{
    return (struct file *)base;
}

static bool is_due(struct faults *faults)
{
    if (faults->fault == FAULT_NONE || faults->times == 0) {
        return false;
    }
    if (faults->spared > 0) {
        faults->spared--;
        return false;
    }
    faults->times--;
    faults->has_come = true;
    return true;
}

static int file_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
    struct file *file = file_of(base);
    if (file->faults->fault != FAULT_SYNC && is_due(file->faults)) {
        switch (file->faults->fault) {
        case FAULT_FULL:
            return SQLITE_FULL;
        case FAULT_READ_ONLY:
            errno = EROFS;
            return SQLITE_IOERR_WRITE;
        case FAULT_NONE:
        case FAULT_IO:
        case FAULT_SYNC:
            errno = EIO;
            return SQLITE_IOERR_WRITE;
        }
    }
    return file->pass.real->pMethods->xWrite(file->pass.real, data, len, at);
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct file *file = file_of(base);
    if (file->faults->fault == FAULT_SYNC && is_due(file->faults)) {
        errno = EIO;
        return SQLITE_IOERR_FSYNC;
    }
    return file->pass.real->pMethods->xSync(file->pass.real, flags);
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                    int *out_flags)
{
    struct faults *faults = vfs->pAppData;
    struct file *file = file_of(base);
    if (faults->is_read_only && (flags & SQLITE_OPEN_READWRITE)) {
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    *file = (struct file){.faults = faults};
    int code = vfs_pass_open(&file->pass, name, flags, out_flags, &faults->methods);
    if (code != SQLITE_OK && faults->is_read_only) {
        errno = EROFS; // a new file cannot be made there
    }
    return code;
}

struct faults *faults_create(const char *name)
{
    struct faults *faults = MEM_NEW(struct faults);
    faults->methods = vfs_pass_methods();
    faults->methods.xWrite = file_write;
    faults->methods.xSync = file_sync;
    faults->vfs = vfs_pass_vfs(name, sizeof(struct file));
    faults->vfs.xOpen = vfs_open;
    faults->vfs.pAppData = faults;
    check(sqlite3_vfs_register(&faults->vfs, 0) == SQLITE_OK);
    return faults;
}

void faults_destroy(struct faults *faults)
{
    check(sqlite3_vfs_unregister(&faults->vfs) == SQLITE_OK);
    mem_free(faults);
}

void faults_set(struct faults *faults, enum fault fault, int spared, int times)
{
    faults->fault = fault;
    faults->spared = spared;
    faults->times = times;
    faults->has_come = false;
}

bool faults_came(const struct faults *faults)
{
    return faults->has_come;
}

void faults_open_read_only(struct faults *faults, bool is_read_only)
{
    faults->is_read_only = is_read_only;
}

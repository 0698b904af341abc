// A VFS of SQLite that fails on demand, in front of the system's own.
#include "store_vfs.h"

#include <errno.h>
#include <string.h>

#include <sqlite3.h>

#include "check.h"
#include "mem.h"

struct faults {
    sqlite3_vfs vfs;
    sqlite3_vfs *real;
    enum fault fault;
    int spared;
    int times;
    bool has_come;
    bool is_read_only;
};

struct file {
    sqlite3_file base;
    struct faults *faults;
    sqlite3_file *real; // owned
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

static int file_close(sqlite3_file *base)
{
    struct file *file = file_of(base);
    int code = file->real->pMethods->xClose(file->real);
    mem_free(file->real);
    return code;
}

static int file_read(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xRead(real, out, len, at);
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
    return file->real->pMethods->xWrite(file->real, data, len, at);
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xTruncate(real, size);
}

static int file_sync(sqlite3_file *base, int flags)
{
    struct file *file = file_of(base);
    if (file->faults->fault == FAULT_SYNC && is_due(file->faults)) {
        errno = EIO;
        return SQLITE_IOERR_FSYNC;
    }
    return file->real->pMethods->xSync(file->real, flags);
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xFileSize(real, out);
}

static int file_lock(sqlite3_file *base, int level)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xLock(real, level);
}

static int file_unlock(sqlite3_file *base, int level)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xUnlock(real, level);
}

static int file_check_lock(sqlite3_file *base, int *out)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xCheckReservedLock(real, out);
}

static int file_control(sqlite3_file *base, int op, void *arg)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xFileControl(real, op, arg);
}

static int file_sector(sqlite3_file *base)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xSectorSize(real);
}

static int file_traits(sqlite3_file *base)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xDeviceCharacteristics(real);
}

static int file_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **out)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int file_shm_lock(sqlite3_file *base, int at, int count, int flags)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xShmLock(real, at, count, flags);
}

static void file_shm_barrier(sqlite3_file *base)
{
    sqlite3_file *real = file_of(base)->real;
    real->pMethods->xShmBarrier(real);
}

static int file_shm_unmap(sqlite3_file *base, int removes)
{
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xShmUnmap(real, removes);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = file_close,
    .xRead = file_read,
    .xWrite = file_write,
    .xTruncate = file_truncate,
    .xSync = file_sync,
    .xFileSize = file_size,
    .xLock = file_lock,
    .xUnlock = file_unlock,
    .xCheckReservedLock = file_check_lock,
    .xFileControl = file_control,
    .xSectorSize = file_sector,
    .xDeviceCharacteristics = file_traits,
    .xShmMap = file_shm_map,
    .xShmLock = file_shm_lock,
    .xShmBarrier = file_shm_barrier,
    .xShmUnmap = file_shm_unmap,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                    int *out_flags)
{
    struct faults *faults = vfs->pAppData;
    struct file *file = file_of(base);
    if (faults->is_read_only && (flags & SQLITE_OPEN_READWRITE)) {
        flags = (flags & ~(SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)) | SQLITE_OPEN_READONLY;
    }
    *file = (struct file){.faults = faults};
    file->real = mem_alloc((size_t)faults->real->szOsFile);
    int code = faults->real->xOpen(faults->real, name, file->real, flags, out_flags);
    if (code != SQLITE_OK) {
        mem_free(file->real);
        errno = faults->is_read_only ? EROFS : errno; // a new file cannot be made there
        return code;
    }
    file->base.pMethods = &methods;
    return SQLITE_OK;
}

struct faults *faults_create(const char *name)
{
    struct faults *faults = MEM_NEW(struct faults);
    faults->real = sqlite3_vfs_find(NULL);
    faults->vfs = *faults->real;
    faults->vfs.zName = name;
    faults->vfs.szOsFile = (int)sizeof(struct file);
    faults->vfs.xOpen = vfs_open;
    faults->vfs.pAppData = faults;
    faults->vfs.pNext = NULL;
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

// A file that hands every call to one of the system's own.
#include "vfs_pass.h"

#include "mem.h"

sqlite3_file *vfs_real(sqlite3_file *base)
{
    return ((struct vfs_file *)base)->real;
}

static int pass_close(sqlite3_file *base)
{
    sqlite3_file *real = vfs_real(base);
    int code = real->pMethods->xClose(real);
    mem_free(real);
    return code;
}

static int pass_read(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
    return vfs_real(base)->pMethods->xRead(vfs_real(base), out, len, at);
}

static int pass_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
    return vfs_real(base)->pMethods->xWrite(vfs_real(base), data, len, at);
}

static int pass_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    return vfs_real(base)->pMethods->xTruncate(vfs_real(base), size);
}

static int pass_sync(sqlite3_file *base, int flags)
{
    return vfs_real(base)->pMethods->xSync(vfs_real(base), flags);
}

static int pass_size(sqlite3_file *base, sqlite3_int64 *out)
{
    return vfs_real(base)->pMethods->xFileSize(vfs_real(base), out);
}

static int pass_lock(sqlite3_file *base, int level)
{
    return vfs_real(base)->pMethods->xLock(vfs_real(base), level);
}

static int pass_unlock(sqlite3_file *base, int level)
{
    return vfs_real(base)->pMethods->xUnlock(vfs_real(base), level);
}

static int pass_check_lock(sqlite3_file *base, int *out)
{
    return vfs_real(base)->pMethods->xCheckReservedLock(vfs_real(base), out);
}

static int pass_control(sqlite3_file *base, int op, void *arg)
{
    return vfs_real(base)->pMethods->xFileControl(vfs_real(base), op, arg);
}

static int pass_sector(sqlite3_file *base)
{
    return vfs_real(base)->pMethods->xSectorSize(vfs_real(base));
}

static int pass_traits(sqlite3_file *base)
{
    return vfs_real(base)->pMethods->xDeviceCharacteristics(vfs_real(base));
}

static int pass_shm_map(sqlite3_file *base, int page, int size, int extend, void volatile **out)
{
    return vfs_real(base)->pMethods->xShmMap(vfs_real(base), page, size, extend, out);
}

static int pass_shm_lock(sqlite3_file *base, int at, int count, int flags)
{
    return vfs_real(base)->pMethods->xShmLock(vfs_real(base), at, count, flags);
}

static void pass_shm_barrier(sqlite3_file *base)
{
    vfs_real(base)->pMethods->xShmBarrier(vfs_real(base));
}

static int pass_shm_unmap(sqlite3_file *base, int removes)
{
    return vfs_real(base)->pMethods->xShmUnmap(vfs_real(base), removes);
}

sqlite3_io_methods vfs_pass_methods(void)
{
    return (sqlite3_io_methods){
        .iVersion = 2,
        .xClose = pass_close,
        .xRead = pass_read,
        .xWrite = pass_write,
        .xTruncate = pass_truncate,
        .xSync = pass_sync,
        .xFileSize = pass_size,
        .xLock = pass_lock,
        .xUnlock = pass_unlock,
        .xCheckReservedLock = pass_check_lock,
        .xFileControl = pass_control,
        .xSectorSize = pass_sector,
        .xDeviceCharacteristics = pass_traits,
        .xShmMap = pass_shm_map,
        .xShmLock = pass_shm_lock,
        .xShmBarrier = pass_shm_barrier,
        .xShmUnmap = pass_shm_unmap,
    };
}

sqlite3_vfs vfs_pass_vfs(const char *name, size_t file_size)
{
    sqlite3_vfs vfs = *sqlite3_vfs_find(NULL);
    vfs.zName = name;
    vfs.szOsFile = (int)file_size;
    vfs.pNext = NULL;
    return vfs;
}

int vfs_pass_delete(const char *name, int syncs)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    return system->xDelete(system, name, syncs);
}

int vfs_pass_open(struct vfs_file *file, const char *name, int flags, int *out_flags,
                  const sqlite3_io_methods *methods)
{
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    file->base.pMethods = NULL; // nothing to close when this fails
    file->real = mem_alloc((size_t)system->szOsFile);
    int code = system->xOpen(system, name, file->real, flags, out_flags);
    if (code == SQLITE_OK) {
        file->base.pMethods = methods;
    } else {
        mem_free(file->real);
    }
    return code;
}

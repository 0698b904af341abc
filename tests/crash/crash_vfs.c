// VFSs of SQLite for a power cut.
//
// Every file that matters has one image in memory, shared by all connections of the process, and a
// log of what was done to it since the last flush. A flush plays the log to the real file.
#include "crash_vfs.h"

#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <sqlite3.h>

#include "buf.h"
#include "check.h"
#include "mem.h"
#include "rng.h"
#include "vfs_pass.h"

// A lying disk is so many flushes behind. With one, a process that is ended between a flush and the
// echo that the flush was for loses nothing of what was told.
enum { LATE_FLUSHES = 4 };

struct image {
    struct image *next;
    char *name;                    // owned
    struct buf bytes;              // as the process sees the file
    struct buf log;                // struct change and its bytes, since the last flush
    struct buf late[LATE_FLUSHES]; // what a lying disk still owes, oldest first
};

struct change {
    sqlite3_int64 at;  // of a write; the new size of a cut
    sqlite3_int64 len; // -1: a cut
};

struct crash_vfs {
    sqlite3_vfs vfs;
    sqlite3_io_methods passes; // of files that are not held back (temporary ones)
    sqlite3_io_methods keeps;
    enum crash_disk disk;
    pthread_mutex_t lock; // of all images
    struct image *images; // owned, for the life of the process
    struct rng rng;
    unsigned long syncs;
};

struct file {
    struct vfs_file pass;
    struct crash_vfs *crash;
    struct image *image; // stays when the file is closed: others may have it open
};

static struct file *file_of(sqlite3_file *base)
{
    return (struct file *)base;
}

static void lock(struct crash_vfs *crash)
{
    check(pthread_mutex_lock(&crash->lock) == 0);
}

static void unlock(struct crash_vfs *crash)
{
    check(pthread_mutex_unlock(&crash->lock) == 0);
}

static void resize(struct image *image, size_t size)
{
    if (size <= image->bytes.len) {
        buf_truncate(&image->bytes, size);
        return;
    }
    size_t more = size - image->bytes.len;
    char *at = buf_reserve(&image->bytes, more);
    check(at != NULL);
    memset(at, 0, more);
    buf_commit(&image->bytes, more);
}

static void note(struct image *image, struct change change, const void *data)
{
    check(buf_append(&image->log, (struct str){(char *)&change, sizeof(change)}));
    if (change.len > 0) {
        check(buf_append(&image->log, (struct str){data, (size_t)change.len}));
    }
}

static int play(struct file *file, struct buf *log)
{
    struct str rest = buf_str(log);
    int code = SQLITE_OK;
    while (rest.len > 0 && code == SQLITE_OK) {
        struct change change;
        memcpy(&change, rest.data, sizeof(change));
        rest = str_range(rest, sizeof(change), rest.len);
        if (change.len < 0) {
            code = file->pass.real->pMethods->xTruncate(file->pass.real, change.at);
        } else {
            code = file->pass.real->pMethods->xWrite(file->pass.real, rest.data, (int)change.len,
                                                     change.at);
            rest = str_range(rest, (size_t)change.len, rest.len);
        }
    }
    buf_clear(log);
    return code;
}

static int file_read(sqlite3_file *base, void *out, int len, sqlite3_int64 at)
{
    struct file *file = file_of(base);
    lock(file->crash);
    struct str bytes =
        str_range(buf_str(&file->image->bytes), (size_t)at, (size_t)at + (size_t)len);
    if (bytes.len > 0) {
        memcpy(out, bytes.data, bytes.len);
    }
    unlock(file->crash);
    memset((char *)out + bytes.len, 0, (size_t)len - bytes.len);
    return bytes.len == (size_t)len ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int file_write(sqlite3_file *base, const void *data, int len, sqlite3_int64 at)
{
    enum { EARLY_OF = 8 }; // one write of so many does not wait for its flush
    struct file *file = file_of(base);
    lock(file->crash);
    size_t end = (size_t)at + (size_t)len;
    if (end > file->image->bytes.len) {
        resize(file->image, end);
    }
    memcpy(file->image->bytes.data + file->image->bytes.start + at, data, (size_t)len);
    note(file->image, (struct change){at, len}, data);
    bool is_early =
        file->crash->disk == CRASH_DISK_HONEST && rng_below(&file->crash->rng, EARLY_OF) == 0;
    unlock(file->crash);
    return is_early ? file->pass.real->pMethods->xWrite(file->pass.real, data, len, at) : SQLITE_OK;
}

static int file_truncate(sqlite3_file *base, sqlite3_int64 size)
{
    struct file *file = file_of(base);
    lock(file->crash);
    resize(file->image, (size_t)size);
    note(file->image, (struct change){size, -1}, NULL);
    unlock(file->crash);
    return SQLITE_OK;
}

static int file_sync(sqlite3_file *base, int flags)
{
    enum { LIES_AFTER = 10 };
    struct file *file = file_of(base);
    (void)flags; // there is one way to bring a log to the disk
    lock(file->crash);
    struct image *image = file->image;
    // Honest at first, so that there is a file with tables in which something can be missing.
    bool is_lying = file->crash->disk == CRASH_DISK_LYING && ++file->crash->syncs > LIES_AFTER;
    int code = play(file, is_lying ? &image->late[0] : &image->log);
    if (is_lying) {
        struct buf empty = image->late[0];
        memmove(image->late, image->late + 1, (LATE_FLUSHES - 1) * sizeof(image->late[0]));
        image->late[LATE_FLUSHES - 1] = image->log;
        image->log = empty;
    }
    unlock(file->crash);
    return code;
}

static int file_size(sqlite3_file *base, sqlite3_int64 *out)
{
    struct file *file = file_of(base);
    lock(file->crash);
    *out = (sqlite3_int64)file->image->bytes.len;
    unlock(file->crash);
    return SQLITE_OK;
}

static int file_control(sqlite3_file *base, int op, void *arg)
{
    sqlite3_file *real = vfs_real(base);
    if (op == SQLITE_FCNTL_SIZE_HINT || op == SQLITE_FCNTL_CHUNK_SIZE) {
        return SQLITE_OK; // would change the real file before its time
    }
    return real->pMethods->xFileControl(real, op, arg);
}

static struct image *find_image(struct crash_vfs *crash, const char *name)
{
    for (struct image *image = crash->images; image; image = image->next) {
        if (strcmp(image->name, name) == 0) {
            return image;
        }
    }
    return NULL;
}

// Reads the file once into memory; from then on the image is the file.
static struct image *load_image(struct crash_vfs *crash, const char *name, sqlite3_file *real)
{
    struct image *image = MEM_NEW(struct image);
    sqlite3_int64 size = 0;
    image->name = mem_copy_text(name);
    buf_init(&image->bytes, BUF_NO_LIMIT);
    buf_init(&image->log, BUF_NO_LIMIT);
    for (size_t i = 0; i < LATE_FLUSHES; i++) {
        buf_init(&image->late[i], BUF_NO_LIMIT);
    }
    check(real->pMethods->xFileSize(real, &size) == SQLITE_OK);
    resize(image, (size_t)size);
    for (sqlite3_int64 at = 0; at < size; at += 65536) {
        int len = size - at < 65536 ? (int)(size - at) : 65536;
        check(real->pMethods->xRead(real, image->bytes.data + at, len, at) == SQLITE_OK);
    }
    image->next = crash->images;
    crash->images = image;
    return image;
}

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *base, int flags,
                    int *out_flags)
{
    struct crash_vfs *crash = vfs->pAppData;
    struct file *file = file_of(base);
    bool is_kept =
        name && (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL));
    *file = (struct file){.crash = crash};
    int code = vfs_pass_open(&file->pass, name, flags, out_flags,
                             is_kept ? &crash->keeps : &crash->passes);
    if (code == SQLITE_OK && is_kept) {
        lock(crash);
        file->image = find_image(crash, name);
        if (!file->image) {
            file->image = load_image(crash, name, file->pass.real);
        }
        unlock(crash);
    }
    return code;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int syncs)
{
    struct crash_vfs *crash = vfs->pAppData;
    lock(crash);
    struct image *image = find_image(crash, name);
    if (image) {
        buf_clear(&image->bytes);
        buf_clear(&image->log);
        for (size_t i = 0; i < LATE_FLUSHES; i++) {
            buf_clear(&image->late[i]);
        }
    }
    unlock(crash);
    return vfs_pass_delete(name, syncs);
}

struct crash_vfs *crash_vfs_create(const char *name, enum crash_disk disk, unsigned long seed)
{
    struct crash_vfs *crash = MEM_NEW(struct crash_vfs);
    crash->passes = crash->keeps = vfs_pass_methods();
    crash->keeps.xRead = file_read;
    crash->keeps.xWrite = file_write;
    crash->keeps.xTruncate = file_truncate;
    crash->keeps.xSync = file_sync;
    crash->keeps.xFileSize = file_size;
    crash->keeps.xFileControl = file_control;
    crash->disk = disk;
    rng_init(&crash->rng, seed);
    check(pthread_mutex_init(&crash->lock, NULL) == 0);
    crash->vfs = vfs_pass_vfs(name, sizeof(struct file));
    crash->vfs.xOpen = vfs_open;
    crash->vfs.xDelete = vfs_delete;
    crash->vfs.pAppData = crash;
    check(sqlite3_vfs_register(&crash->vfs, 0) == SQLITE_OK);
    return crash;
}

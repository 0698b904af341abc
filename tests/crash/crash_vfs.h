// VFSs of SQLite for a power cut: what is written stays in this process until it is flushed, so
// that ending the process by force takes it away as a cut takes it from a computer.
#ifndef CRASH_VFS_H
#define CRASH_VFS_H

enum crash_disk {
    CRASH_DISK_HONEST, // a flush brings everything to the disk
    CRASH_DISK_LYING,  // a flush brings only what was there some flushes ago
};

struct crash_vfs;

// Registers a VFS by this name. Some of the writes reach the disk early, in no order, as with a
// system that writes back when it likes: seed chooses them.
struct crash_vfs *crash_vfs_create(const char *name, enum crash_disk disk, unsigned long seed);

#endif

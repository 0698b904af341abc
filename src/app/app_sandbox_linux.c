// The sandbox by Landlock, seccomp and empty capabilities.
#include "app_sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "i18n.h"

// Rights that newer kernels know and Debian 12's header does not.
#define FS_REFER        (1ULL << 13)
#define FS_TRUNCATE     (1ULL << 14)
#define NET_CONNECT_TCP (1ULL << 1)
#define FAMILY_INET     2 // AF_INET and AF_INET6: no sockets are made here
#define FAMILY_INET6    10
#define SCOPE_ALL       (1ULL << 0 | 1ULL << 1) // abstract sockets, signals

struct ruleset { // landlock_ruleset_attr as of ABI 6
    uint64_t fs;
    uint64_t net;
    uint64_t scoped;
};

static int landlock_abi(void)
{
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return abi < 0 ? 0 : (int)abi;
}

static uint64_t writing(int abi)
{
    uint64_t rights = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                      LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_CHAR |
                      LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                      LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO |
                      LANDLOCK_ACCESS_FS_MAKE_BLOCK | LANDLOCK_ACCESS_FS_MAKE_SYM;
    rights |= abi >= 2 ? FS_REFER : 0;
    return rights | (abi >= 3 ? FS_TRUNCATE : 0);
}

static bool allow_folder(int ruleset, const char *data, uint64_t rights)
{
    struct landlock_path_beneath_attr beneath = {.allowed_access = rights};
    beneath.parent_fd = open(data, O_PATH | O_CLOEXEC | O_DIRECTORY);
    bool is_added = beneath.parent_fd >= 0 && syscall(SYS_landlock_add_rule, ruleset,
                                                      LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) == 0;
    if (beneath.parent_fd >= 0) {
        (void)close(beneath.parent_fd);
    }
    return is_added;
}

static bool enter_landlock(const char *data, struct err *err)
{
    int abi = landlock_abi();
    struct ruleset rules = {
        .fs = writing(abi) | LANDLOCK_ACCESS_FS_EXECUTE,
        .net = abi >= 4 ? NET_CONNECT_TCP : 0,
        .scoped = abi >= 6 ? SCOPE_ALL : 0,
    };
    size_t size = abi >= 6   ? sizeof(rules)
                  : abi >= 4 ? offsetof(struct ruleset, scoped)
                             : offsetof(struct ruleset, net);
    if (abi == 0) {
        return err_set(err, "%s", _("this kernel has no Landlock, files are not guarded"));
    }
    int ruleset = (int)syscall(SYS_landlock_create_ruleset, &rules, size, 0);
    bool is_in = ruleset >= 0 && (!data || allow_folder(ruleset, data, writing(abi))) &&
                 syscall(SYS_landlock_restrict_self, ruleset, 0) == 0;
    if (!is_in) {
        (void)err_set(err, _("Landlock: %s"), strerror(errno));
    }
    if (ruleset >= 0) {
        (void)close(ruleset);
    }
    return is_in;
}

// Seen by strace in runs with history, TLS, reload, hundreds of clients, threads that start and
// end; and what glibc, OpenSSL and SQLite may call instead on other kernels.
// clang-format off
static const char *const calls[] = {
    "read", "readv", "pread64", "preadv", "write", "writev", "pwrite64", "pwritev", "lseek",
    "open", "openat", "close", "fcntl", "dup", "dup3", "fstat", "stat", "lstat", "newfstatat", "statx",
    "access", "faccessat", "faccessat2", "readlink", "readlinkat", "getcwd", "getdents64",
    "fsync", "fdatasync", "ftruncate", "fallocate", "unlink", "unlinkat", "rename", "renameat",
    "renameat2", "mkdir", "mkdirat", "fchmod", "fchown", "umask", "flock",
    "statfs", "fstatfs",
    "munmap", "mremap", "madvise", "brk", "futex",
    "set_robust_list", "rseq", "set_tid_address", "gettid", "getpid", "sched_yield",
    "sched_getaffinity", "sched_getparam", "sched_getscheduler", "membarrier",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigtimedwait", "sigaltstack", "restart_syscall",
    "tgkill", "exit", "exit_group",
    "select", "pselect6", "poll", "ppoll", "epoll_ctl",
    "bind", "listen", "accept", "accept4", "connect", "shutdown", "sendto", "sendmsg", "sendmmsg",
    "recvfrom", "recvmsg", "getsockname", "getpeername", "setsockopt", "getsockopt",
    "clock_gettime", "clock_getres", "clock_nanosleep", "nanosleep", "gettimeofday", "time",
    "getrandom", "getuid", "geteuid", "getgid", "getegid", "getrlimit", "uname", "sysinfo", "getrusage",
};
static const unsigned ioctls[] = {
    FIONBIO, FIONREAD, TCGETS, SIOCGIFCONF, SIOCGIFFLAGS, SIOCGIFADDR, SIOCGIFBRDADDR,
};
static const int families[] = {FAMILY_INET, FAMILY_INET6};
// clang-format on

static int allow(scmp_filter_ctx filter, const char *name, unsigned count,
                 const struct scmp_arg_cmp *args)
{
    int number = seccomp_syscall_resolve_name(name);
    return number == __NR_SCMP_ERROR
               ? 0 // this processor has none of that name
               : seccomp_rule_add_array(filter, SCMP_ACT_ALLOW, number, count, args);
}

// Calls whose arguments matter.
static int allow_some(scmp_filter_ctx filter)
{
    // A thread, never a namespace: those let one become root inside.
    const uint64_t namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC |
                                CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;
    struct scmp_arg_cmp thread =
        SCMP_A0_64(SCMP_CMP_MASKED_EQ, namespaces | CLONE_THREAD, CLONE_THREAD);
    struct scmp_arg_cmp no_code = SCMP_A2_64(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    struct scmp_arg_cmp names = SCMP_A0_64(SCMP_CMP_EQ, PR_SET_NAME, 0);
    struct scmp_arg_cmp only_asks = SCMP_A2_64(SCMP_CMP_EQ, 0, 0);
    int bad = allow(filter, "clone", 1, &thread) | allow(filter, "mmap", 1, &no_code) |
              allow(filter, "mprotect", 1, &no_code) | allow(filter, "prctl", 1, &names) |
              allow(filter, "prlimit64", 1, &only_asks);
    // Its flags lie in memory where no filter sees them; libc falls back to clone.
    bad |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    for (size_t i = 0; i < sizeof(ioctls) / sizeof(ioctls[0]); i++) {
        struct scmp_arg_cmp request = SCMP_A1_64(SCMP_CMP_MASKED_EQ, UINT32_MAX, ioctls[i]);
        bad |= allow(filter, "ioctl", 1, &request);
    }
    for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++) {
        struct scmp_arg_cmp family = SCMP_A0_64(SCMP_CMP_EQ, (scmp_datum_t)families[i], 0);
        bad |= allow(filter, "socket", 1, &family);
    }
    return bad;
}

static bool enter_seccomp(struct err *err)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
    int bad = filter ? 0 : -1;
    for (size_t i = 0; filter && i < sizeof(calls) / sizeof(calls[0]); i++) {
        bad |= allow(filter, calls[i], 0, NULL);
    }
    if (filter) {
        bad |= allow_some(filter);
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_LOG, 1);      // kernels before 4.14: no log
        (void)seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2); // older libraries: slower
    }
    if (bad || seccomp_load(filter) != 0) {
        seccomp_release(filter); // NULL is fine
        return err_set(err, "%s", _("the system takes no filter of system calls (seccomp)"));
    }
    seccomp_release(filter);
    return true;
}

// Root without capabilities is a user who owns many files, no more.
static bool drop_capabilities(struct err *err)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};
    return syscall(SYS_capset, &header, none) == 0 ||
           err_set(err, _("capabilities stay: %s"), strerror(errno));
}

bool app_sandbox_enter(const char *data, struct err *err)
{
    struct err parts[3] = {0};
    (void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); // Landlock and seccomp fail without it
    bool is_in = drop_capabilities(&parts[0]);
    is_in = enter_landlock(data, &parts[1]) && is_in;
    is_in = enter_seccomp(&parts[2]) && is_in;
    for (size_t i = 0; i < 3 && !is_in; i++) {
        if (parts[i].text[0]) {
            return err_set(err, "%s", parts[i].text);
        }
    }
    return is_in;
}

const char *app_sandbox_name(void)
{
    return landlock_abi() > 0 ? "Landlock, seccomp" : "seccomp";
}

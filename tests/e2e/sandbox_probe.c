// Enters the sandbox with the folder given, then tries what must fail and what must work. Prints a
// line for each; the exit code is the number of surprises.
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app_sandbox.h"

static int surprises;

static void expect(const char *what, int is_as_wished)
{
    (void)printf("%s: %s\n", what, is_as_wished ? "ok" : "SURPRISE");
    surprises += is_as_wished ? 0 : 1;
}

static int opens(const char *folder, const char *name, int flags)
{
    char path[512];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    int fd = open(path, flags, 0600);
    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0;
}

static void *in_a_thread(void *context)
{
    char *const argv[] = {(char[]){"true"}, NULL};
    *(int *)context =
        execv("/bin/true", argv) != 0 && opens("/tmp", "ronrond-probe", O_RDONLY) == 0;
    return NULL;
}

static void try_processes(void)
{
    char *const argv[] = {(char[]){"true"}, NULL};
    expect("no program starts", execv("/bin/true", argv) != 0 && errno == EPERM);
    pid_t child = fork();
    if (child == 0) {
        _exit(0);
    }
    expect("no process is made", child < 0 && errno == EPERM);
    int is_denied = 0;
    pthread_t thread;
    expect("threads start", pthread_create(&thread, NULL, in_a_thread, &is_denied) == 0);
    (void)pthread_join(thread, NULL);
    expect("threads are inside too", is_denied);
}

static void try_files(const char *data, const char *outside, int has_landlock)
{
    expect("the folder takes files", opens(data, "file", O_WRONLY | O_CREAT | O_TRUNC));
    if (has_landlock) {
        expect("no file is made outside", !opens(outside, "new", O_WRONLY | O_CREAT));
        expect("no file is written outside", !opens(outside, "old", O_WRONLY));
        expect("no file is emptied outside", !opens(outside, "old", O_RDONLY | O_TRUNC));
        char path[512];
        (void)snprintf(path, sizeof(path), "%s/old", outside);
        expect("no file is removed outside", unlink(path) != 0);
    }
    expect("files outside are read", opens(outside, "old", O_RDONLY));
    expect("modes of paths stay", chmod(data, 0777) != 0 && errno == EPERM);
}

static void try_sockets(void)
{
    struct sockaddr_in addr = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    expect("no netlink", socket(AF_NETLINK, SOCK_RAW, 0) < 0 && errno == EPERM);
    expect("no packet socket", socket(AF_PACKET, SOCK_RAW, 0) < 0 && errno == EPERM);
    expect("no local socket", socket(AF_UNIX, SOCK_STREAM, 0) < 0 && errno == EPERM);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    expect("it listens",
           fd >= 0 && bind(fd, (struct sockaddr *)&addr, sizeof(addr)) == 0 && listen(fd, 1) == 0);
    (void)close(fd);
}

static void try_memory(void)
{
    void *code =
        mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect("no memory is code", code == MAP_FAILED);
    void *plain = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    expect("memory is memory", plain != MAP_FAILED);
    expect("nor becomes it", mprotect(plain, 4096, PROT_READ | PROT_EXEC) != 0);
    expect("no other user", setuid(1) != 0);
}

int main(int argc, char **argv)
{
    struct err err = {0};
    if (argc != 3) {
        return 99;
    }
    int has_landlock = strstr(app_sandbox_name(), "Landlock") != NULL;
    if (!app_sandbox_enter(argv[1], &err) && has_landlock) {
        (void)printf("not entered: %s\n", err.text);
        return 98;
    }
    try_processes();
    try_files(argv[1], argv[2], has_landlock);
    try_sockets();
    try_memory();
    return surprises;
}

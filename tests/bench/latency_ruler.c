// From a key press to changed pixels, for any X11 program.
//
//     latency_ruler TITLE X,Y,W,H COUNT    the window whose title contains TITLE, a part of it
//     latency_ruler --floor COUNT          a bare window of its own that paints at once: the ruler's
//                                          own share
//
// Presses keys with XTest, blocks on XDamage, verifies with XShmGetImage that pixels changed. Prints
// one line: presses, missed, and milliseconds p50 p95 max. Works on a screen of 24 or 32 bits.
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/extensions/XShm.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xdamage.h>

#define WARM_UP    6
#define QUIET_MS   30.0 // the part must have been still for so long
#define GIVE_UP_MS 1000.0
#define PAUSE_MS   100.0 // between presses, at a random phase
#define FLOOR_SIDE 64
#define FLOOR_NAME "latency floor"

struct ruler {
    Display *display;
    Window root;
    int x, y, width, height; // on the screen
    XImage *image;
    XShmSegmentInfo shm;
    uint32_t *before; // pixels at rest
    int damage_event;
    Damage damage;
};

static double now_ms(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void sleep_ms(double ms)
{
    struct timespec time = {(time_t)(ms / 1e3), (long)(ms * 1e6) % 1000000000L};
    (void)nanosleep(&time, NULL);
}

static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, "latency_ruler: %s\n", why);
    exit(2);
}

static void grab(struct ruler *ruler)
{
    if (!XShmGetImage(ruler->display, ruler->root, ruler->image, ruler->x, ruler->y, AllPlanes)) {
        give_up("the picture cannot be read");
    }
}

static const uint32_t *row_of(const struct ruler *ruler, int y)
{
    const char *row = ruler->image->data + (ptrdiff_t)y * ruler->image->bytes_per_line;
    return (const uint32_t *)(const void *)row;
}

static bool has_changed(const struct ruler *ruler)
{
    for (int y = 0; y < ruler->height; y++) {
        const uint32_t *row = row_of(ruler, y), *old = ruler->before + (ptrdiff_t)y * ruler->width;
        for (int x = 0; x < ruler->width; x++) {
            if ((row[x] ^ old[x]) & 0xFFFFFF) {
                return true;
            }
        }
    }
    return false;
}

static void keep(struct ruler *ruler)
{
    for (int y = 0; y < ruler->height; y++) {
        memcpy(ruler->before + (ptrdiff_t)y * ruler->width, row_of(ruler, y),
               (size_t)ruler->width * 4);
    }
}

static void wait_for_stillness(struct ruler *ruler)
{
    grab(ruler);
    keep(ruler);
    double since = now_ms(), end = since + GIVE_UP_MS;
    while (now_ms() - since < QUIET_MS && now_ms() < end) {
        sleep_ms(5);
        grab(ruler);
        if (has_changed(ruler)) {
            keep(ruler);
            since = now_ms();
        }
    }
}

static void drop_events(struct ruler *ruler)
{
    XDamageSubtract(ruler->display, ruler->damage, None, None);
    XSync(ruler->display, False);
    while (XPending(ruler->display)) {
        XEvent event;
        XNextEvent(ruler->display, &event);
    }
}

// Whether one of the waiting events tells of a change in our part.
static bool is_our_part(struct ruler *ruler)
{
    bool is_ours = false;
    while (XPending(ruler->display)) {
        XEvent event;
        XNextEvent(ruler->display, &event);
        if (event.type == ruler->damage_event + XDamageNotify) {
            const XDamageNotifyEvent *damage = (const XDamageNotifyEvent *)(const void *)&event;
            is_ours |= damage->area.x < ruler->x + ruler->width &&
                       damage->area.y < ruler->y + ruler->height &&
                       damage->area.x + damage->area.width > ruler->x &&
                       damage->area.y + damage->area.height > ruler->y;
        }
    }
    return is_ours;
}

// Milliseconds from the press to the event that brought changed pixels; negative when none came.
static double press(struct ruler *ruler, KeyCode key)
{
    wait_for_stillness(ruler);
    drop_events(ruler);
    double start = now_ms(), took = -1;
    XTestFakeKeyEvent(ruler->display, key, True, CurrentTime);
    XFlush(ruler->display);
    while (took < 0 && now_ms() - start < GIVE_UP_MS) {
        struct pollfd connection = {ConnectionNumber(ruler->display), POLLIN, 0};
        if (!XPending(ruler->display) && poll(&connection, 1, 50) <= 0) {
            continue;
        }
        double seen = now_ms();
        if (is_our_part(ruler)) {
            grab(ruler);
            took = has_changed(ruler) ? seen - start : -1;
        }
    }
    XTestFakeKeyEvent(ruler->display, key, False, CurrentTime);
    XSync(ruler->display, False);
    return took;
}

static bool has_title(struct ruler *ruler, Window window, const char *title)
{
    char *name = NULL;
    bool is_it = XFetchName(ruler->display, window, &name) && name && strstr(name, title);
    XFree(name);
    return is_it;
}

static Window find(struct ruler *ruler, Window from, const char *title)
{
    Window root, parent, *children = NULL, found = 0;
    unsigned count = 0;
    if (has_title(ruler, from, title)) {
        return from;
    }
    if (XQueryTree(ruler->display, from, &root, &parent, &children, &count)) {
        for (unsigned i = count; i > 0 && !found; i--) {
            found = find(ruler, children[i - 1], title);
        }
        XFree(children);
    }
    return found;
}

static int ignore_error(Display *display, XErrorEvent *event)
{
    (void)display;
    (void)event;
    return 0; // windows come and go while the tree is walked
}

static void open_image(struct ruler *ruler)
{
    int screen = DefaultScreen(ruler->display);
    ruler->image = XShmCreateImage(ruler->display, DefaultVisual(ruler->display, screen),
                                   (unsigned)DefaultDepth(ruler->display, screen), ZPixmap, NULL,
                                   &ruler->shm, (unsigned)ruler->width, (unsigned)ruler->height);
    size_t bytes = (size_t)ruler->image->bytes_per_line * (size_t)ruler->height;
    ruler->shm.shmid = shmget(IPC_PRIVATE, bytes, IPC_CREAT | 0600);
    if (ruler->shm.shmid < 0) {
        give_up("no shared memory");
    }
    ruler->shm.shmaddr = ruler->image->data = shmat(ruler->shm.shmid, NULL, 0);
    XShmAttach(ruler->display, &ruler->shm);
    XSync(ruler->display, False);
    (void)shmctl(ruler->shm.shmid, IPC_RMID, NULL);
    ruler->before = malloc((size_t)ruler->width * (size_t)ruler->height * 4);
    if (!ruler->before) {
        give_up("no memory");
    }
}

static void open_ruler(struct ruler *ruler, const char *title)
{
    int unused, error;
    ruler->display = XOpenDisplay(NULL);
    if (!ruler->display) {
        give_up("no display");
    }
    ruler->root = DefaultRootWindow(ruler->display);
    XSetErrorHandler(ignore_error);
    if (!XTestQueryExtension(ruler->display, &unused, &unused, &unused, &unused) ||
        !XShmQueryExtension(ruler->display) ||
        !XDamageQueryExtension(ruler->display, &ruler->damage_event, &error)) {
        give_up("the display lacks XTEST, MIT-SHM or DAMAGE");
    }
    Window window = 0, child;
    for (int i = 0; i < 100 && !window; i++) {
        window = find(ruler, ruler->root, title);
        sleep_ms(window ? 0 : 50);
    }
    int left, top;
    if (!window ||
        !XTranslateCoordinates(ruler->display, window, ruler->root, 0, 0, &left, &top, &child)) {
        give_up("no window has that title");
    }
    ruler->x += left;
    ruler->y += top;
    XRaiseWindow(ruler->display, window);
    XSetInputFocus(ruler->display, window, RevertToParent, CurrentTime);
    XSync(ruler->display, False);
    sleep_ms(300);
    open_image(ruler);
    ruler->damage = XDamageCreate(ruler->display, ruler->root, XDamageReportRawRectangles);
}

// The child: a window that inverts itself on each press.
static _Noreturn void be_the_floor(void)
{
    (void)alarm(300);
    Display *display = XOpenDisplay(NULL);
    if (!display) {
        exit(2);
    }
    Window window = XCreateSimpleWindow(display, DefaultRootWindow(display), 0, 0, FLOOR_SIDE,
                                        FLOOR_SIDE, 0, 0, 0);
    XSetWindowAttributes attributes = {.override_redirect = True};
    XStoreName(display, window, FLOOR_NAME);
    XSelectInput(display, window, KeyPressMask);
    XChangeWindowAttributes(display, window, CWOverrideRedirect, &attributes);
    XMapRaised(display, window);
    GC gc = XCreateGC(display, window, 0, NULL);
    for (bool is_light = false;;) {
        XEvent event;
        XNextEvent(display, &event);
        if (event.type == KeyPress) {
            is_light = !is_light;
            XSetForeground(display, gc, is_light ? 0xFFFFFF : 0x202020);
            XFillRectangle(display, window, gc, 0, 0, FLOOR_SIDE, FLOOR_SIDE);
            XFlush(display);
        }
    }
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void measure(struct ruler *ruler, int count)
{
    // A letter and its removal in turn, so that the text does not grow.
    KeyCode keys[2] = {XKeysymToKeycode(ruler->display, XStringToKeysym("a")),
                       XKeysymToKeycode(ruler->display, XStringToKeysym("BackSpace"))};
    double *took = calloc((size_t)count, sizeof *took);
    int seen = 0, missed = 0;
    uint32_t random = 12345;
    for (int i = -WARM_UP; took && i < count; i++) {
        random = random * 1664525u + 1013904223u;
        sleep_ms(PAUSE_MS * (0.5 + (double)(random >> 8) / (1 << 24)));
        double ms = press(ruler, keys[(i + WARM_UP) % 2]);
        if (i >= 0 && ms >= 0) {
            took[seen++] = ms;
        } else if (i >= 0) {
            missed++;
        }
    }
    if (!seen) {
        give_up("no press changed the picture");
    }
    qsort(took, (size_t)seen, sizeof *took, by_size);
    (void)printf("%d %d %.3f %.3f %.3f\n", seen, missed, took[seen / 2], took[seen * 95 / 100],
                 took[seen - 1]);
    free(took);
}

int main(int argc, char **argv)
{
    struct ruler ruler = {.width = FLOOR_SIDE, .height = FLOOR_SIDE};
    bool is_floor = argc == 3 && strcmp(argv[1], "--floor") == 0;
    long count = argc > 2 ? strtol(argv[argc - 1], NULL, 10) : 0; // 0 when it is no number
    if (!is_floor && (argc != 4 || sscanf(argv[2], "%d,%d,%d,%d", &ruler.x, &ruler.y, &ruler.width,
                                          &ruler.height) != 4)) {
        give_up("usage: latency_ruler TITLE X,Y,W,H COUNT | --floor COUNT");
    }
    if (count < 10 || count > 100000 || ruler.width <= 0 || ruler.height <= 0) {
        give_up("COUNT from 10 on, and a part with pixels");
    }
    pid_t child = is_floor ? fork() : 0;
    if (is_floor && child == 0) {
        be_the_floor();
    }
    open_ruler(&ruler, is_floor ? FLOOR_NAME : argv[1]);
    measure(&ruler, (int)count);
    if (is_floor) {
        (void)kill(child, SIGTERM);
        (void)waitpid(child, NULL, 0);
    }
    return 0;
}

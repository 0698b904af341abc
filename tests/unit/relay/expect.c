// Asking a relay and comparing its answers line by line.
#include "expect.h"

#include "mem.h"

static bool fits(const char *pattern, const char *text)
{
    const char *any = strstr(pattern, "{}");
    if (!any) {
        return strcmp(pattern, text) == 0;
    }
    size_t head = (size_t)(any - pattern);
    if (strncmp(pattern, text, head) != 0) {
        return false;
    }
    for (text += head;; text++) {
        if (fits(any + 2, text)) {
            return true;
        }
        if (!*text) {
            return false;
        }
    }
}

void expect_lines(struct harness *h, int client, const char *const *lines, size_t count,
                  const char *file, int line)
{
    char *got = str_dup(str_from(harness_got(h, client)));
    char *at = got;
    size_t done = 0;
    const char *wrong = NULL;
    for (char *end; !wrong && (end = strstr(at, "\r\n")) != NULL; at = end + 2) {
        *end = '\0';
        wrong = done == count || !fits(lines[done], at) ? at : NULL;
        done += wrong ? 0 : 1;
    }
    if (wrong || done < count || *at) {
        print_error("%s:%d: line %zu\n  expected %s\n  got      %s\nall it got:\n%s\n", file, line,
                    done + 1, done < count ? lines[done] : "nothing", wrong ? wrong : at,
                    harness_got(h, client));
    }
    bool is_good = !wrong && done == count && !*at;
    mem_free(got);
    buf_clear(&h->got[client]);
    assert_true(is_good);
}

static void send_line(struct harness *h, int client, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void send_line(struct harness *h, int client, const char *format, va_list args)
{
    struct buf line;
    buf_init(&line, BUF_NO_LIMIT);
    (void)buf_vprintf(&line, format, args); // no ceiling, as below
    (void)buf_append(&line, STR("\r\n"));
    harness_drop(h);
    harness_send(h, client, buf_cstr(&line));
    buf_deinit(&line);
}

void ask(struct harness *h, int client, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    send_line(h, client, format, args);
    va_end(args);
}

void did(struct harness *h, int client, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    send_line(h, client, format, args);
    va_end(args);
    harness_drop(h);
}

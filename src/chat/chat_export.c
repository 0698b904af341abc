// Saves a conversation as text or as a self-contained page.
#include "chat_export.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "buf.h"
#include "chat_lines.h"
#include "i18n.h"

#define TRIES_MAX  999
#define CHUNK      ((size_t)64 * 1024)
#define NAME_MAX_B 80 // bytes of the party's name in the file's name

struct out { // what is being written
    int fd;
    struct buf buf;
    bool has_failed;
    int code; // errno of the first failure
};

static void flush(struct out *out)
{
    while (out->buf.len > 0 && !out->has_failed) {
        struct str rest = buf_str(&out->buf);
        ssize_t done = write(out->fd, rest.data, rest.len);
        if (done < 0 && errno != EINTR) {
            out->has_failed = true;
            out->code = errno;
        } else if (done > 0) {
            buf_consume(&out->buf, (size_t)done);
        }
    }
}

static void put(struct out *out, struct str text)
{
    (void)buf_append(&out->buf, text); // no ceiling; flushed by the chunk
    if (out->buf.len >= CHUNK) {
        flush(out);
    }
}

static void put_escaped(struct out *out, struct str text)
{
    size_t from = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.data[i];
        const char *entity = c == '<'   ? "&lt;"
                             : c == '>' ? "&gt;"
                             : c == '&' ? "&amp;"
                             : c == '"' ? "&quot;"
                                        : NULL;
        if (entity) {
            put(out, str_range(text, from, i));
            put(out, str_from(entity));
            from = i + 1;
        }
    }
    put(out, str_range(text, from, text.len));
}

static void format_time(int64_t utc_ms, int utc_offset_s, bool is_for_name, char *out, size_t size)
{
    time_t seconds = (time_t)(utc_ms / 1000 + utc_offset_s);
    struct tm shifted;
    size_t len = 0;
    if (gmtime_r(&seconds, &shifted)) {
        len = is_for_name ? strftime(out, size, "%Y-%m-%d %Hh%M", &shifted)
                          : strftime(out, size, "%Y-%m-%d %H:%M:%S", &shifted);
    }
    if (len == 0) {
        (void)str_copy(out, size, STR("?"));
    }
}

// "* leo joined" and the like; messages are "<leo> text".
static void put_sentence(struct buf *out, const struct chat_line *line)
{
    struct str who = line->nick;
    struct str text = line->text;
    switch (line->kind) {
    case CHAT_LINE_MESSAGE:
        (void)buf_printf(out, "<%.*s> %.*s", STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_ACTION:
        (void)buf_printf(out, "* %.*s %.*s", STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_NOTICE:
        (void)buf_printf(out, "-%.*s- %.*s", STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_JOIN:
        (void)buf_printf(out, _("* %.*s joined"), STR_ARG(who));
        break;
    case CHAT_LINE_LEAVE:
        (void)buf_printf(out, _("* %.*s left (%.*s)"), STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_NICK:
        (void)buf_printf(out, _("* %.*s is now %.*s"), STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_TOPIC:
        (void)buf_printf(out, _("* %.*s wrote on the banner: %.*s"), STR_ARG(who), STR_ARG(text));
        break;
    case CHAT_LINE_INFO:
    case CHAT_LINE_ERROR:
        (void)buf_printf(out, "* %.*s", STR_ARG(text));
        break;
    }
    if (line->state == CHAT_SEND_WAITING || line->state == CHAT_SEND_UNSURE ||
        line->state == CHAT_SEND_FAILED) {
        (void)buf_printf(out, " [%s]", _("not confirmed as sent"));
    }
}

static void put_html_head(struct out *out, struct str title)
{
    put(out, STR("<!doctype html>\n<html><head><meta charset=\"utf-8\"><title>"));
    put_escaped(out, title);
    put(out, STR("</title>\n<meta name=\"viewport\" content=\"width=device-width\">\n<style>"
                 "body{background:#1b1526;color:#f6eeff;font:16px/1.4 Inter,sans-serif;"
                 "max-width:46em;margin:2em auto;padding:0 1em}h1{color:#ffb454}"
                 "p{margin:4px 0;padding:6px 14px;border-radius:14px;background:#332748;"
                 "overflow-wrap:anywhere}p.own{background:#5b3fa8}p.quiet{background:none;"
                 "color:#b6a6cc}time{color:#b6a6cc;font-size:12px;margin-right:8px}"
                 "</style></head><body>\n<h1>"));
    put_escaped(out, title);
    put(out, STR("</h1>\n"));
}

static void put_line(struct out *out, const struct chat_line *line, enum chat_export_format format,
                     int utc_offset_s)
{
    char time[64];
    struct buf sentence;
    buf_init(&sentence, BUF_NO_LIMIT);
    put_sentence(&sentence, line);
    format_time(line->time_utc_ms, utc_offset_s, false, time, sizeof(time));
    if (format == CHAT_EXPORT_TEXT) {
        put(out, str_from(time));
        put(out, STR("  "));
        put(out, buf_str(&sentence));
    } else {
        bool is_talk = line->kind <= CHAT_LINE_NOTICE;
        put(out, line->is_own ? STR("<p class=\"own\"><time>")
                 : is_talk    ? STR("<p><time>")
                              : STR("<p class=\"quiet\"><time>"));
        put(out, str_from(time));
        put(out, STR("</time>"));
        put_escaped(out, buf_str(&sentence));
        put(out, STR("</p>"));
    }
    put(out, STR("\n"));
    buf_deinit(&sentence);
}

static void put_all(struct out *out, const struct chat *chat, chat_buffer_id buffer,
                    enum chat_export_format format, int utc_offset_s)
{
    struct chat_line line;
    struct str name = chat_buffer_name(chat, buffer);
    if (format == CHAT_EXPORT_HTML) {
        put_html_head(out, name);
    }
    for (size_t i = 0; !out->has_failed && chat_line(chat, buffer, i, &line); i++) {
        put_line(out, &line, format, utc_offset_s);
    }
    if (format == CHAT_EXPORT_HTML) {
        put(out, STR("</body></html>\n"));
    }
    flush(out);
}

// Letters, digits and a few harmless signs; anything else would be trouble in a file's name.
static void safe_name(struct str name, char *out, size_t size)
{
    (void)str_copy(out, size, str_range(name, 0, NAME_MAX_B)); // may be cut
    for (char *at = out; *at; at++) {
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c == 0x7F || strchr("/\\:*?\"<>|#", c)) {
            *at = '_';
        }
    }
}

static bool explain(struct err *err, const char *path, int code)
{
    if (code == ENOSPC || code == EDQUOT) {
        return err_set(err, _("The disk is full; nothing was saved. Make room and save again."));
    }
    if (code == EACCES || code == EROFS || code == EPERM) {
        return err_set(err, _("You may not write to %s; nothing was saved."), path);
    }
    return err_set(err, _("%s could not be written (%s); nothing was saved."), path,
                   strerror(code));
}

// A new file; what exists is never touched.
static int create_new(const char *stem, const char *ending, char *path, size_t size)
{
    for (int i = 1; i <= TRIES_MAX; i++) {
        int len = i == 1 ? snprintf(path, size, "%s.%s", stem, ending)
                         : snprintf(path, size, "%s (%d).%s", stem, i, ending);
        if (len < 0 || (size_t)len >= size) {
            errno = ENAMETOOLONG;
            return -1;
        }
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (fd >= 0 || errno != EEXIST) {
            return fd;
        }
    }
    return -1;
}

bool chat_export(const struct chat *chat, chat_buffer_id buffer,
                 const struct chat_export_place *place, char *path, size_t path_size,
                 struct err *err)
{
    char stem[3072];
    char when[64];
    char name[NAME_MAX_B + 1];
    format_time(place->now_utc_ms, place->utc_offset_s, true, when, sizeof(when));
    safe_name(chat_buffer_name(chat, buffer), name, sizeof(name));
    (void)mkdir(place->folder, 0755); // open() below tells when it is not there
    (void)snprintf(stem, sizeof(stem), "%s/Ronron %s %s", place->folder, name, when);
    struct out out = {.fd = create_new(stem, place->format == CHAT_EXPORT_TEXT ? "txt" : "html",
                                       path, path_size)};
    if (out.fd < 0) {
        return explain(err, place->folder, errno);
    }
    buf_init(&out.buf, BUF_NO_LIMIT);
    put_all(&out, chat, buffer, place->format, place->utc_offset_s);
    if (!out.has_failed && fsync(out.fd) != 0) {
        out.has_failed = true;
        out.code = errno;
    }
    if (close(out.fd) != 0 && !out.has_failed) {
        out.has_failed = true;
        out.code = errno;
    }
    buf_deinit(&out.buf);
    if (out.has_failed) {
        (void)unlink(path); // no half file is left
        return explain(err, path, out.code);
    }
    return true;
}

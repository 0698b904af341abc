// Where things are.
#include "app_paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "i18n.h"
#include "str.h"

void app_paths_near_program(char *out, size_t size, const char *name)
{
    char program[3072];
    ssize_t len = readlink("/proc/self/exe", program, sizeof(program) - 1);
    struct str folder = {program, len > 0 ? (size_t)len : 0};
    while (folder.len > 0 && folder.data[folder.len - 1] != '/') {
        folder.len--;
    }
    (void)snprintf(out, size, "%.*s%s", STR_ARG(folder), name);
}

bool app_paths_assets(char *out, size_t size, struct err *err)
{
    static const char *const places[] = {"assets", "../share/ronron"};
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        char probe[4096];
        app_paths_near_program(out, size, places[i]);
        (void)snprintf(probe, sizeof(probe), "%s/themes/velours.theme", out);
        if (access(probe, R_OK) == 0) {
            return true;
        }
    }
    return err_set(
        err, _("Ronron's pictures and themes are missing (looked in %s). Install it again."), out);
}

// A folder that the environment names, "" for anything but an absolute path.
static const char *folder_of(const char *variable)
{
    const char *folder = getenv(variable);
    return folder && folder[0] == '/' ? folder : "";
}

bool app_paths_data(char *out, size_t size)
{
    const char *data = folder_of("XDG_DATA_HOME");
    const char *home = folder_of("HOME");
    out[0] = '\0';
    if (data[0]) {
        (void)snprintf(out, size, "%s/ronron", data);
    } else if (home[0]) {
        (void)snprintf(out, size, "%s/.local/share/ronron", home);
    }
    return out[0] != '\0';
}

void app_paths_saves(char *out, size_t size)
{
    char documents[4096];
    const char *home = folder_of("HOME")[0] ? folder_of("HOME") : "/tmp";
    (void)snprintf(documents, sizeof(documents), "%s/Documents", home);
    bool has_documents = access(documents, W_OK) == 0;
    (void)snprintf(out, size, "%s/Ronron", has_documents ? documents : home);
}

bool app_paths_make(const char *folder, struct err *err)
{
    char path[4096];
    if (!str_copy(path, sizeof(path), str_from(folder))) {
        return err_set(err, _("The folder's name is too long."));
    }
    for (char *at = path + 1; *at; at++) {
        if (*at == '/') {
            *at = '\0';
            (void)mkdir(path, 0700); // the check below says whether the whole path is there
            *at = '/';
        }
    }
    struct stat info;
    bool is_made = mkdir(path, 0700) == 0;
    int why = errno;
    if (!is_made && (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))) {
        return err_set(err, _("The folder %s cannot be made: %s."), folder, strerror(why));
    }
    return true;
}

bool app_paths_make_writable(const char *folder, struct err *err)
{
    if (!app_paths_make(folder, err)) {
        return false;
    }
    return access(folder, W_OK | X_OK) == 0 ||
           err_set(err, _("The folder %s cannot be written to."), folder);
}

bool app_paths_is_exposed(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && (info.st_mode & (S_IROTH | S_IWOTH)) != 0;
}

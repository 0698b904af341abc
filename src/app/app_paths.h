// Where things are: the program's own files and the person's folders.
#ifndef APP_PATHS_H
#define APP_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "err.h"

// "FOLDER_OF_THE_PROGRAM/name".
void app_paths_near_program(char *out, size_t size, const char *name);
// The assets folder: beside the program in a build tree, share/ronron under an install prefix.
bool app_paths_assets(char *out, size_t size, struct err *err);
// XDG_DATA_HOME/ronron, else ~/.local/share/ronron. false and "" without a home: keys and history
// lie in no folder that others may have made.
bool app_paths_data(char *out, size_t size);
// Where saved conversations go: ~/Documents/Ronron where Documents exists, else ~/Ronron.
void app_paths_saves(char *out, size_t size);
// Makes the folder and its parents; false with a sentence when it is not there then. One that is
// may be read-only.
bool app_paths_make(const char *folder, struct err *err);
// The same for a folder that things are put in.
bool app_paths_make_writable(const char *folder, struct err *err);
// Whether everybody on this machine may read the file, or write it.
bool app_paths_is_exposed(const char *path);

#endif

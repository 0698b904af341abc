// Replays a corpus through a fuzz target where libFuzzer is not there: every file of the folders
// given. Fails when a folder holds no file, so that an empty corpus cannot pass.
#include <dirent.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 0;
    }
    static uint8_t data[1 << 20];
    size_t size = fread(data, 1, sizeof(data), file);
    (void)fclose(file);                       // only read from
    uint8_t *exact = malloc(size ? size : 1); // so that ASan sees one byte too far
    if (!exact) {
        return 0;
    }
    for (size_t i = 0; i < size; i++) {
        exact[i] = data[i];
    }
    (void)LLVMFuzzerTestOneInput(exact, size); // crashes are the result
    free(exact);
    return 1;
}

static int replay_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    if (!dir) {
        perror(folder);
        return 0;
    }
    int count = 0;
    for (const struct dirent *entry = readdir(dir); entry; entry = readdir(dir)) {
        if (entry->d_name[0] != '.') {
            char path[4096];
            (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
            count += replay_file(path);
        }
    }
    (void)closedir(dir); // only read from
    (void)printf("%s: %d inputs\n", folder, count);
    return count;
}

int main(int argc, char **argv)
{
    int failed = argc < 2;
    for (int i = 1; i < argc; i++) {
        failed |= replay_folder(argv[i]) == 0;
    }
    return failed;
}

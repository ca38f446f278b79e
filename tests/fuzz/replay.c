/* Runs a target on every file of the folders it is given, without libFuzzer: corpora as an ordinary
 * test. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "tests/fuzz/fuzz.h"

#define FILE_MOST ((size_t)8 << 20)

static size_t replayed;

static void replay_file(const char *path)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct err err = {0};
    if (!file_read(path, FILE_MOST, &bytes, &err)) {
        if (err.code != ERR_LIMIT)
            fprintf(stderr, "%s: %s\n", path, err.msg);
        return;
    }
    if (getenv("FUZZ_TELL") != NULL)
        fprintf(stderr, "%s\n", path);
    /* In memory of its own size, so that one byte too far is seen. */
    uint8_t *exact = malloc(bytes.len);
    if (bytes.len > 0)
        memcpy(exact, bytes.ptr, bytes.len);
    (void)LLVMFuzzerTestOneInput(exact, bytes.len);
    free(exact);
    replayed++;
}

static void replay(const char *path)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    DIR *dir = opendir(path);
    if (dir == NULL) {
        struct stat info;
        if (stat(path, &info) == 0)
            replay_file(path);
        return;
    }
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir))
        if (e->d_name[0] != '.')
            replay(arena_printf(&mem, "%s/%s", path, e->d_name).ptr);
    closedir(dir);
}

int main(int argc, char **argv)
{
    if (LLVMFuzzerInitialize(&argc, &argv) != 0)
        return 1;
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    if (replayed == 0) {
        fprintf(stderr, "no corpus: %s\n", argc > 1 ? argv[1] : "none was named");
        return 1;
    }
    printf("replay: %zu passed, 0 failed\n", replayed); /* one that fails ends the process */
    return 0;
}

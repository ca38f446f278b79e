/* tmplc OUT.h OUT.c HEADER FILE…: compiles templates (*.html) and static files (all others). */
#include <stdlib.h>

#include "tools/tmplc/tmplc.h"

#define FILE_MOST_BYTES ((size_t)4 << 20)
#define PACK_LEVEL      9
#define HASH_DIGITS     8

struct input {
    VEC(struct tmpl_source) sources;
    VEC(struct html_file) files;
};

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *media_type_of(struct str name)
{
    static const struct {
        const char *ending, *media_type;
    } types[] = {
        {".css", "text/css; charset=utf-8"},
        {".svg", "image/svg+xml"          },
        {".png", "image/png"              },
    };
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (str_ends(name, str_from(types[i].ending)))
            return types[i].media_type;
    return NULL;
}

/* style.css → style.1f2e3d4c.css */
static bool add_file(struct input *in, const char *path, struct str bytes, struct arena *mem,
                     struct err *err)
{
    CLEANUP(buf_clear) struct buf packed = {0};
    struct str rest = str_from(last_part(path)), stem = rest;
    struct sha256 hash = sha256_of(bytes);
    struct html_file file = {.media_type = media_type_of(rest), .bytes = bytes};
    if (file.media_type == NULL || !str_split(&rest, '.', &stem))
        return fail(err, ERR_INVALID, path, "no known kind of file");
    if (!gzip_pack(bytes, PACK_LEVEL, &packed, err))
        return false;
    if (packed.len < bytes.len)
        file.packed = arena_str(mem, buf_str(&packed));
    struct str hex = hex_format(mem, hash.bytes, HASH_DIGITS / 2);
    file.name = arena_join(mem, stem, STR("."), hex, STR("."), rest).ptr;
    vec_push(&in->files, mem, file);
    return true;
}

static bool read_input(struct input *in, char **paths, size_t count, struct arena *mem,
                       struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        CLEANUP(buf_clear) struct buf text = {0};
        if (!file_read(paths[i], FILE_MOST_BYTES, &text, err))
            return false;
        struct str bytes = arena_str(mem, buf_str(&text));
        if (str_ends(str_from(paths[i]), STR(".html")))
            vec_push(&in->sources, mem, (struct tmpl_source){last_part(paths[i]), bytes});
        else if (!add_file(in, paths[i], bytes, mem, err))
            return false;
    }
    return true;
}

static bool write_output(const struct input *in, const struct html_template *templates, char **argv,
                         struct err *err)
{
    CLEANUP(buf_clear) struct buf header = {0}, source = {0};
    emit_header(templates, in->sources.len, in->files.len, &header);
    emit_source(templates, in->sources.len, in->files.ptr, in->files.len, argv[3], &source);
    return file_replace(argv[1], buf_str(&header), 0644, err) &&
           file_replace(argv[2], buf_str(&source), 0644, err);
}

int main(int argc, char **argv)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct input in = {0};
    struct err err = {0};
    if (argc < 5 || !crypto_init()) {
        fputs("usage: tmplc OUT.h OUT.c HEADER FILE…\n", stderr);
        return 2;
    }
    if (read_input(&in, argv + 4, (size_t)argc - 4, &mem, &err)) {
        struct html_template *templates = arena_array(&mem, struct html_template, in.sources.len);
        if (tmpl_compile(in.sources.ptr, in.sources.len, in.files.ptr, in.files.len, &mem,
                         templates, &err) &&
            write_output(&in, templates, argv, &err))
            return EXIT_SUCCESS;
    }
    fprintf(stderr, "tmplc: %s: %s\n", err.where, err.msg);
    return EXIT_FAILURE;
}

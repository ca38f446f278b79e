/* Documents in one file or several: what an upload may consist of, which file is the root, and the
 * files of a stored revision. References lead from one file of a manifest to another and never out
 * of it. */
#include <stdlib.h>

#include "catalog/service/internal.h"

#define PACK_LEVEL      6
#define FILE_MOST_BYTES ((size_t)1 << 30)
#define NAME_MOST       100 /* bytes of the name of a file that comes alone */
#define SHOWN_MOST      60  /* bytes of a path in a message */

const struct tree_limits import_limits_most = {
    .bytes = FILE_MOST_BYTES,
    .depth = 512,
    .nodes = 100000000,
    .alias_nodes = 1000000,
};

struct tree_limits import_limits(int64_t bytes, int64_t depth, int64_t nodes)
{
    return (struct tree_limits){.bytes = (size_t)bytes,
                                .depth = (uint32_t)depth,
                                .nodes = (uint32_t)nodes,
                                .alias_nodes = tree_limits_default.alias_nodes};
}

/* --- names ------------------------------------------------------------------------------------ */

static struct str media_type_of(struct str name)
{
    return str_ends(name, STR(".json")) ? STR("application/json") : STR("application/yaml");
}

/* The last part of what a client calls a file that comes alone; never a path. */
static struct str plain_name(struct str name, struct str bytes)
{
    size_t slash;
    while ((slash = str_find_char(name, '/')) != SIZE_MAX)
        name = str_sub(name, slash + 1, name.len);
    bool plain = name.len > 0 && name.len <= NAME_MOST;
    for (size_t i = 0; i < name.len; i++)
        plain = plain && (unsigned char)name.ptr[i] > 0x20 && name.ptr[i] != '\\' &&
                (unsigned char)name.ptr[i] < 0x7F;
    if (plain)
        return name;
    struct str start = str_trim(str_sub(bytes, 0, 100));
    return start.len > 0 && start.ptr[0] == '{' ? STR("openapi.json") : STR("openapi.yaml");
}

/* As much of a path as fits into a message. */
static struct str shown(struct str path)
{
    size_t cut = 0;
    path = str_sub(path, 0, SHOWN_MOST);
    if (!str_utf8(path, &cut))
        path.len = cut;
    return path;
}

/* What no path of a manifest has: a reference could not name it, or a place "path#pointer". */
static bool is_forbidden(char c)
{
    return (unsigned char)c < 0x20 || c == 0x7F || c == '\\' || c == '#';
}

static const char *what_is_wrong_with(struct str path)
{
    size_t colon = str_find_char(path, ':'), slash = str_find_char(path, '/');
    if (path.len == 0)
        return "it is empty";
    if (path.len > IMPORT_PATH_MOST)
        return "it has more than 255 bytes";
    if (!str_utf8(path, NULL))
        return "it is not UTF-8";
    if (path.ptr[0] == '/' || (colon != SIZE_MAX && colon < slash))
        return "it is not relative";
    for (size_t i = 0; i < path.len; i++)
        if (is_forbidden(path.ptr[i]))
            return "it has a backslash, a # or a control character";
    return NULL;
}

/* "./schemas/./Pet.yaml" is "schemas/Pet.yaml". */
static const char *normalise(struct str path, struct buf *out)
{
    const char *wrong = what_is_wrong_with(path);
    struct str part;
    while (wrong == NULL && str_split(&path, '/', &part)) {
        if (part.len == 0)
            return "it has an empty part";
        if (str_eq(part, STR("..")))
            return "it has a part \"..\"";
        if (str_eq(part, STR(".")))
            continue;
        if (out->len > 0)
            buf_add_char(out, '/');
        buf_add(out, part);
    }
    return wrong == NULL && out->len == 0 ? "it names no file" : wrong;
}

static bool take_path(struct str path, struct arena *mem, struct str *out, struct err *err)
{
    CLEANUP(buf_clear) struct buf normal = {0};
    const char *wrong = normalise(path, &normal);
    if (wrong != NULL) {
        (void)fail(err, ERR_INVALID, "body", "the path \"" STR_FMT "\" cannot be taken: %s",
                   STR_ARG(shown(path)), wrong);
        return err_hint(err, "name files from the folder that holds all of them, with slashes: "
                             "schemas/pet.yaml");
    }
    *out = arena_str(mem, buf_str(&normal));
    return true;
}

/* --- the files of an upload ------------------------------------------------------------------- */

static int by_path(const void *a, const void *b)
{
    const struct import_file *x = a, *y = b;
    return str_cmp(x->path, y->path);
}

static bool take_file(struct str path, struct str bytes, struct arena *mem, struct import_file *out,
                      struct err *err)
{
    CLEANUP(buf_clear) struct buf packed = {0};
    struct sha256 hash = sha256_of(bytes);
    if (!gzip_pack(bytes, PACK_LEVEL, &packed, err))
        return false;
    *out = (struct import_file){
        .path = path,
        .media_type = media_type_of(path),
        .bytes = bytes,
        .sha256 = hex_format(mem, hash.bytes, sizeof(hash.bytes)),
        .packed = arena_str(mem, buf_str(&packed)),
    };
    return true;
}

/* Sorted by path, which is what the manifest's hash depends on; the order of parts is not. */
static bool take_files(const struct import_part *parts, size_t count, size_t most_bytes,
                       struct arena *mem, struct import_file *files, struct err *err)
{
    size_t bytes = 0;
    for (size_t i = 0; i < count; i++) {
        struct str path = STR_NONE;
        bytes += parts[i].bytes.len;
        if (bytes > most_bytes)
            return fail(err, ERR_LIMIT, "body", "the files have more than %zu bytes together",
                        most_bytes);
        if (!take_path(parts[i].path, mem, &path, err) ||
            !take_file(path, parts[i].bytes, mem, &files[i], err))
            return false;
    }
    qsort(files, count, sizeof(*files), by_path);
    for (size_t i = 1; i < count; i++)
        if (str_eq(files[i - 1].path, files[i].path)) {
            (void)fail(err, ERR_INVALID, "body", "the path \"" STR_FMT "\" is there twice",
                       STR_ARG(shown(files[i].path)));
            return err_hint(err, "send each file once, named from the folder that holds all");
        }
    return true;
}

/* --- the root --------------------------------------------------------------------------------- */

/* Places in other files than the root begin with their path. */
static bool fail_in(struct str path, const struct err *why, struct arena *mem, struct err *err)
{
    if (err != NULL)
        *err = *why;
    return err_at(err, arena_join(mem, path, STR(" "), str_from(why->where)).ptr);
}

/* Whether a file says of itself that it is a document; err: it might, but cannot be read. */
static bool is_document(const struct import_file *file, const struct tree_limits *limits,
                        struct err *err)
{
    CLEANUP(arena_clear) struct arena own = {0};
    struct tree *doc = NULL;
    if (str_find(file->bytes, STR("openapi")) == SIZE_MAX &&
        str_find(file->bytes, STR("swagger")) == SIZE_MAX)
        return false;
    if (!tree_read(file->bytes, limits, &own, &doc, err))
        return false;
    return tree_get(doc, tree_root(doc), STR("openapi")) != NULL ||
           tree_get(doc, tree_root(doc), STR("swagger")) != NULL;
}

/* "a.yaml, b.yaml …" */
static struct str names_of(const struct import_file *files, const bool *chosen, size_t count,
                           struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t i = 0; i < count; i++) {
        if (chosen != NULL && !chosen[i])
            continue;
        if (out.len + files[i].path.len > SHOWN_MOST + SHOWN_MOST / 2) {
            buf_add(&out, STR(" …"));
            break;
        }
        buf_add(&out, out.len > 0 ? STR(", ") : STR(""));
        buf_add(&out, files[i].path);
    }
    return arena_str(mem, buf_str(&out));
}

static bool find_root(const struct import_file *files, size_t count,
                      const struct tree_limits *limits, struct arena *mem, size_t *out,
                      struct err *err)
{
    bool *documents = arena_array(mem, bool, count);
    size_t found = 0, unreadable = count;
    struct err why = {0};
    for (size_t i = 0; i < count; i++) {
        struct err one = {0};
        documents[i] = is_document(&files[i], limits, &one);
        if (documents[i])
            *out = i;
        found += documents[i];
        if (one.code != ERR_NONE && unreadable == count) {
            unreadable = i;
            why = one;
        }
    }
    if (found == 1)
        return true;
    if (found == 0 && unreadable < count)
        return fail_in(files[unreadable].path, &why, mem, err);
    struct str names = names_of(files, found ? documents : NULL, count, mem);
    if (found == 0) {
        (void)fail(err, ERR_INVALID, "body", "none of the files is an OpenAPI document");
        return err_hint(err, "one begins with openapi: 3.1.0; there are " STR_FMT, STR_ARG(names));
    }
    (void)fail(err, ERR_INVALID, "body",
               "%zu of the files are OpenAPI documents: which is the root?", found);
    return err_hint(err, "name it in the field root: " STR_FMT, STR_ARG(names));
}

static bool named_root(const struct import_file *files, size_t count, struct str name,
                       struct arena *mem, size_t *out, struct err *err)
{
    struct str path = STR_NONE;
    if (!take_path(name, mem, &path, err))
        return false;
    for (size_t i = 0; i < count; i++)
        if (str_eq(files[i].path, path)) {
            *out = i;
            return true;
        }
    (void)fail(err, ERR_INVALID, "body", "the root \"" STR_FMT "\" is none of the files",
               STR_ARG(shown(path)));
    return err_hint(err, "the field root names one of them: " STR_FMT,
                    STR_ARG(names_of(files, NULL, count, mem)));
}

/* --- reading ---------------------------------------------------------------------------------- */

static const struct import_file *file_at(const struct import *import, struct str path)
{
    for (size_t i = 0; i < import->file_count; i++)
        if (str_eq(import->files[i].path, path))
            return &import->files[i];
    return NULL;
}

static bool load_imported(void *context, struct str path, struct arena *mem, struct str *bytes,
                          struct err *err)
{
    const struct import_file *file = file_at(context, path);
    UNUSED(mem);
    if (file == NULL)
        return fail(err, ERR_NOT_FOUND, "", "the upload has no such file");
    *bytes = file->bytes;
    return true;
}

bool documents_judge(struct oas_files *documents, struct arena *mem, struct oas_summary *summary,
                     struct err *err)
{
    const struct oas_validate_options options = {.one_file = true};
    return oas_weigh(documents, err) && oas_summarise(documents, mem, summary, err) &&
           oas_validate(documents, &options, err);
}

/* What references lead to must be readable where it was sent, as the root must. */
static bool files_readable(const struct import *import, struct arena *mem, struct err *err)
{
    for (size_t i = 0; i < oas_file_count(import->documents); i++) {
        const struct oas_file *file = oas_file_at(import->documents, i);
        if (file->doc == NULL && file_at(import, file->path) != NULL)
            return fail_in(file->path, &file->err, mem, err);
    }
    return true;
}

static bool read_import(struct import_file *files, size_t count, size_t root,
                        const struct tree_limits *limits, struct arena *mem, struct import *out,
                        struct err *err)
{
    struct import *made = arena_new(mem, struct import);
    struct oas_files_config config = {.load = load_imported, .context = made};
    if (limits != NULL)
        config.limits = *limits;
    files[root].root = true;
    made->files = files;
    made->file_count = count;
    if (!oas_files_open(&config, files[root].path, mem, &made->documents, err) ||
        !documents_judge(made->documents, mem, &made->summary, err) ||
        !files_readable(made, mem, err))
        return false;
    *out = *made;
    return true;
}

bool import_read(struct str bytes, struct str file_name, const struct tree_limits *limits,
                 struct arena *mem, struct import *out, struct err *err)
{
    struct import_file *file = arena_new(mem, struct import_file);
    return take_file(plain_name(file_name, bytes), bytes, mem, file, err) &&
           read_import(file, 1, 0, limits, mem, out, err);
}

bool import_read_parts(const struct import_part *parts, size_t count, struct str root,
                       const struct tree_limits *limits, struct arena *mem, struct import *out,
                       struct err *err)
{
    size_t at = 0;
    if (count == 0)
        return fail(err, ERR_INVALID, "body", "there is no file in it");
    if (count > IMPORT_FILES_MOST) {
        (void)fail(err, ERR_LIMIT, "body", "a document has %d files at most, these are %zu",
                   IMPORT_FILES_MOST, count);
        return err_hint(err, "chancery bundle makes one file of them");
    }
    if (count == 1 && root.ptr == NULL)
        return import_read(parts[0].bytes, parts[0].path, limits, mem, out, err);
    struct import_file *files = arena_array(mem, struct import_file, count);
    size_t most_bytes = limits != NULL ? limits->bytes : tree_limits_default.bytes;
    if (!take_files(parts, count, most_bytes, mem, files, err) ||
        !(root.ptr != NULL ? named_root(files, count, root, mem, &at, err)
                           : find_root(files, count, limits, mem, &at, err)))
        return false;
    return read_import(files, count, at, limits, mem, out, err);
}

/* --- the manifest ----------------------------------------------------------------------------- */

struct str manifest_hash(const struct import *import, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf text = {0};
    struct json_writer w = {.out = &text};
    json_open_object(&w);
    json_key(&w, STR("files"));
    json_open_array(&w);
    for (size_t i = 0; i < import->file_count; i++) {
        const struct import_file *file = &import->files[i];
        json_open_object(&w);
        json_key_str(&w, "media_type", file->media_type);
        json_key_str(&w, "path", file->path);
        json_key_bool(&w, "root", file->root);
        json_key_str(&w, "sha256", file->sha256);
        json_key_i64(&w, "size_bytes", (int64_t)file->bytes.len);
        json_close_object(&w);
    }
    json_close_array(&w);
    json_key_str(&w, "format", STR("openapi"));
    json_key_i64(&w, "parser", PARSER_VERSION);
    json_close_object(&w);
    struct sha256 hash = sha256_of(buf_str(&text));
    return hex_format(mem, hash.bytes, sizeof(hash.bytes));
}

/* --- stored revisions ------------------------------------------------------------------------- */

struct stored {
    struct store *store;
    struct store_rows rows; /* struct revision_file */
};

bool stored_bytes(struct store *s, struct str sha256, struct arena *mem, struct str *out,
                  struct err *err)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    struct str packed = STR_NONE;
    if (!store_bytes(s, STMT_FILE_PACKED, ARGS(arg_text(sha256)), mem, &packed, err) ||
        !gzip_unpack(packed, FILE_MOST_BYTES, &bytes, err))
        return false;
    *out = arena_str(mem, buf_str(&bytes));
    return true;
}

static bool load_stored(void *context, struct str path, struct arena *mem, struct str *bytes,
                        struct err *err)
{
    const struct stored *stored = context;
    const struct revision_file *rows = stored->rows.rows;
    for (size_t i = 0; i < stored->rows.count; i++)
        if (str_eq(rows[i].path, path))
            return stored_bytes(stored->store, rows[i].sha256, mem, bytes, err);
    return fail(err, ERR_NOT_FOUND, "", "the revision has no such file");
}

bool revision_open(struct store *s, int64_t revision_id, struct str path, struct arena *mem,
                   struct oas_files **out, struct err *err)
{
    struct stored *stored = arena_new(mem, struct stored);
    const struct oas_files_config config = {
        .load = load_stored, .context = stored, .limits = import_limits_most};
    stored->store = s;
    if (!store_all(s, STMT_REVISION_FILES, &record_revision_file, ARGS(arg_i64(revision_id)), mem,
                   &stored->rows, err))
        return false;
    const struct revision_file *rows = stored->rows.rows;
    for (size_t i = 0; i < stored->rows.count && path.ptr == NULL; i++)
        if (rows[i].root)
            path = rows[i].path;
    return oas_files_open(&config, path, mem, out, err);
}

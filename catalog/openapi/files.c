/* Documents in several files: which are there, and where a $ref leads among them. */
#include "catalog/base/hash.h"
#include "reference.h"

#define MOST_PATH 1024

/* Values by name; of those that share one, the first. */
struct named {
    struct text_set names;
    VEC(struct oas_spot) spots; /* by place in names */
};

struct source {
    struct oas_file file;
    struct named anchors; /* $anchor and $dynamicAnchor (JSON Schema 2020-12 §8.2.2) */
    bool has_anchors;     /* they were looked for: when the first is asked for */
};

struct oas_files {
    struct oas_files_config config;
    struct arena *mem;
    VEC(struct source *) files;
    struct named ids; /* "$self" or "$id" as written, without an empty fragment */
    size_t bytes;
};

/* --- names ------------------------------------------------------------------------------------ */

static void add_name(struct oas_files *files, struct named *named, struct str name,
                     struct oas_spot at)
{
    named->names.mem = files->mem;
    if (text_set_add(&named->names, name))
        vec_push(&named->spots, files->mem, at);
}

static struct oas_spot spot_named(const struct named *named, struct str name)
{
    size_t at = text_set_find(&named->names, name);
    return at != SIZE_MAX ? named->spots.ptr[at] : (struct oas_spot){0};
}

static const struct named *anchors_of(struct oas_files *files, struct source *source)
{
    const struct tree *doc = source->file.doc;
    static const char *const words[] = {"$anchor", "$dynamicAnchor"};
    for (uint32_t i = 0; i < tree_count(doc) && !source->has_anchors; i++) {
        struct oas_spot object = {doc, tree_numbered(doc, i)};
        for (size_t k = 0; tree_kind_of(object.node) == TREE_OBJECT && k < COUNT_OF(words); k++) {
            struct str name = spot_text(object, words[k]);
            if (name.ptr != NULL)
                add_name(files, &source->anchors, name, object);
        }
    }
    source->has_anchors = true;
    return &source->anchors;
}

/* --- paths ------------------------------------------------------------------------------------ */

/* RFC 3986 §3.1: a scheme ends at a colon before any slash. */
static bool is_remote(struct str path)
{
    size_t colon = str_find_char(path, ':'), slash = str_find_char(path, '/');
    return (colon != SIZE_MAX && colon < slash) || str_starts(path, STR("/")) ||
           str_find_char(path, '\\') != SIZE_MAX || str_find_char(path, '\0') != SIZE_MAX;
}

static struct str folder_of(struct str path)
{
    while (path.len > 0 && path.ptr[path.len - 1] != '/')
        path.len--;
    return path;
}

/* Joins and removes dots (RFC 3986 §5.2.4); false when it climbs out of the root's folder. */
static bool path_join(struct str folder, struct str path, struct buf *out)
{
    CLEANUP(buf_clear) struct buf whole = {0};
    struct str part, rest;
    buf_add(&whole, folder);
    buf_add(&whole, path);
    rest = buf_str(&whole);
    while (str_split(&rest, '/', &part)) {
        if (str_eq(part, STR("..")) && out->len == 0)
            return false;
        if (str_eq(part, STR(".."))) {
            out->len--;
            out->len = folder_of(buf_str(out)).len;
        } else if (part.len > 0 && !str_eq(part, STR("."))) {
            buf_add(out, part);
            buf_add_char(out, '/');
        }
    }
    if (out->len > 0)
        out->len--;
    return out->len > 0;
}

/* --- files ------------------------------------------------------------------------------------ */

size_t oas_file_count(const struct oas_files *files)
{
    return files->files.len;
}

const struct oas_file *oas_file_at(const struct oas_files *files, size_t index)
{
    return index < files->files.len ? &files->files.ptr[index]->file : NULL;
}

static struct source *source_of(const struct oas_files *files, const struct tree *doc)
{
    for (size_t i = 0; i < files->files.len; i++)
        if (files->files.ptr[i]->file.doc == doc)
            return files->files.ptr[i];
    return NULL;
}

const struct oas_file *oas_file_of(const struct oas_files *files, const struct tree *doc)
{
    const struct source *source = source_of(files, doc);
    return source ? &source->file : NULL;
}

static void add_id(struct oas_files *files, struct oas_file *file, const struct tree_node *object,
                   const char *name)
{
    struct str text = tree_text(file->doc, tree_get(file->doc, object, str_from(name)));
    if (str_ends(text, STR("#")))
        text.len--;
    if (text.len > 0)
        add_name(files, &files->ids, text, (struct oas_spot){file->doc, object});
}

/* $self of the document (OAS 3.2) and every $id (JSON Schema 2020-12 §8.2.1). */
static void collect_ids(struct oas_files *files, struct oas_file *file)
{
    struct tree *doc = file->doc;
    add_id(files, file, tree_root(doc), "$self");
    for (uint32_t i = 0; i < tree_count(doc); i++) {
        const struct tree_node *node = tree_numbered(doc, i);
        const struct tree_node *name = tree_key_node(doc, node);
        if (name != NULL && tree_kind_of(node) == TREE_STRING &&
            str_eq(tree_text(doc, name), STR("$id")))
            file->has_ids = true;
    }
    if (!file->has_ids)
        return;
    for (uint32_t i = 0; i < tree_count(doc); i++)
        if (tree_kind_of(tree_numbered(doc, i)) == TREE_OBJECT)
            add_id(files, file, tree_numbered(doc, i), "$id");
}

static bool load(struct oas_files *files, struct oas_file *file)
{
    struct str bytes = STR_NONE;
    struct err *err = &file->err;
    const struct oas_files_config *config = &files->config;
    if (config->load == NULL)
        return fail(err, ERR_NOT_FOUND, str_z(files->mem, file->path),
                    "only this one file is at hand");
    if (files->files.len > config->most_files)
        return fail(err, ERR_LIMIT, str_z(files->mem, file->path),
                    "the document has more than %zu files", config->most_files);
    if (!config->load(config->context, file->path, files->mem, &bytes, err))
        return false;
    files->bytes += bytes.len;
    if (files->bytes > config->limits.bytes)
        return fail(err, ERR_LIMIT, str_z(files->mem, file->path),
                    "the document's files have more than %zu bytes", config->limits.bytes);
    file->bytes = bytes;
    if (!tree_read(bytes, &config->limits, files->mem, &file->doc, err))
        return false;
    collect_ids(files, file);
    return true;
}

static struct oas_file *add_file(struct oas_files *files, struct str path, struct tree *doc)
{
    struct source *source = arena_new(files->mem, struct source);
    source->file = (struct oas_file){.path = path, .doc = doc};
    vec_push(&files->files, files->mem, source);
    return &source->file;
}

static const struct oas_file *open_file(struct oas_files *files, struct str path)
{
    for (size_t i = 0; i < files->files.len; i++)
        if (str_eq(files->files.ptr[i]->file.path, path))
            return &files->files.ptr[i]->file;
    struct oas_file *file = add_file(files, arena_str(files->mem, path), NULL);
    (void)load(files, file); /* the file keeps why not */
    return file;
}

static struct oas_files *files_new(const struct oas_files_config *config, struct arena *mem)
{
    struct oas_files *files = arena_new(mem, struct oas_files);
    files->config = *config;
    files->mem = mem;
    if (files->config.limits.bytes == 0)
        files->config.limits = tree_limits_default;
    if (files->config.most_files == 0)
        files->config.most_files = OAS_FILES_MOST;
    return files;
}

bool oas_files_open(const struct oas_files_config *config, struct str path, struct arena *mem,
                    struct oas_files **out, struct err *err)
{
    struct oas_files *files = files_new(config, mem);
    const struct oas_file *root = open_file(files, path);
    if (root->doc == NULL) {
        if (err != NULL)
            *err = root->err;
        return false;
    }
    *out = files;
    return true;
}

struct oas_files *oas_files_of(struct tree *doc, struct arena *mem)
{
    const struct oas_files_config alone = {0};
    struct oas_files *files = files_new(&alone, mem);
    collect_ids(files, add_file(files, STR(""), doc));
    return files;
}

struct str oas_where(const struct oas_files *files, struct oas_spot at, struct arena *mem)
{
    const struct oas_file *file = oas_file_of(files, at.doc);
    struct tree_where where = {{0}};
    struct str place = arena_str(mem, str_from(tree_where_of(at.doc, at.node->start, &where)));
    return file->path.len > 0 ? arena_join(mem, file->path, STR(" "), place) : place;
}

/* --- references ------------------------------------------------------------------------------- */

static struct oas_spot missing(enum oas_lead *lead, enum oas_lead why)
{
    *lead = why;
    return (struct oas_spot){0};
}

static struct oas_spot anchored(struct oas_files *files, const struct tree *doc, struct str name)
{
    struct source *source = source_of(files, doc);
    return source ? spot_named(anchors_of(files, source), name) : (struct oas_spot){0};
}

/* What a fragment names below a value: "" that itself, "/…" a JSON Pointer, else an anchor. */
static struct oas_spot inside(struct oas_files *files, struct oas_spot base, struct str fragment,
                              enum oas_lead *lead)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (fragment.len == 0)
        return base;
    struct str plain = percent_decode(fragment, &mem);
    struct oas_spot to = {base.doc, NULL};
    if (fragment.ptr[0] == '/')
        to.node = tree_below(base.doc, base.node, plain);
    else
        to = anchored(files, base.doc, plain);
    return to.node != NULL ? to : missing(lead, OAS_LEAD_NOWHERE);
}

static struct oas_spot in_file(struct oas_files *files, const struct tree *from, struct str path,
                               struct str fragment, enum oas_lead *lead)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf whole = {0};
    const struct oas_file *base = oas_file_of(files, from);
    struct str plain = percent_decode(path, &mem);
    if (is_remote(path) || is_remote(plain) || !path_join(folder_of(base->path), plain, &whole) ||
        whole.len > MOST_PATH)
        return missing(lead, OAS_LEAD_OUTSIDE);
    const struct oas_file *file = open_file(files, buf_str(&whole));
    if (file->doc == NULL)
        return missing(lead, OAS_LEAD_UNREADABLE);
    return inside(files, (struct oas_spot){file->doc, tree_root(file->doc)}, fragment, lead);
}

struct oas_spot oas_refer(struct oas_files *files, const struct tree *from, struct str ref,
                          enum oas_lead *lead)
{
    enum oas_lead unused = OAS_LEAD_FOUND;
    size_t hash = str_find_char(ref, '#');
    struct str path = str_sub(ref, 0, hash), fragment = STR("");
    lead = lead ? lead : &unused;
    *lead = OAS_LEAD_FOUND;
    if (ref.len > REFERENCE_MOST_BYTES)
        return missing(lead, OAS_LEAD_OUTSIDE);
    if (hash != SIZE_MAX)
        fragment = str_sub(ref, hash + 1, ref.len);
    if (path.len == 0)
        return inside(files, (struct oas_spot){from, tree_root(from)}, fragment, lead);
    struct oas_spot identified = spot_named(&files->ids, path);
    if (identified.node != NULL)
        return inside(files, identified, fragment, lead);
    return in_file(files, from, path, fragment, lead);
}

struct oas_spot oas_follow(struct oas_files *files, struct oas_spot from, enum oas_lead *lead)
{
    enum oas_lead unused = OAS_LEAD_FOUND;
    lead = lead ? lead : &unused;
    *lead = OAS_LEAD_FOUND;
    for (unsigned hops = 0; hops < REFERENCE_MOST_HOPS; hops++) {
        const struct tree_node *ref = tree_get(from.doc, from.node, STR("$ref"));
        if (tree_kind_of(ref) != TREE_STRING)
            return from;
        from = oas_refer(files, from.doc, tree_text(from.doc, ref), lead);
        if (from.node == NULL)
            return from;
    }
    return missing(lead, OAS_LEAD_CIRCLE);
}

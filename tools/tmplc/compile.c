/* From the text of templates to the ops that html_render runs. */
#include "tools/tmplc/tmplc.h"

#define SECTIONS_MOST 32
/* Compilers need not take longer string literals (C17 5.2.4.1). */
#define LITERAL_MOST 4000

struct section {
    struct str name;
    uint32_t op;
    uint32_t line;
    struct markup at; /* where it began */
};

struct compiler {
    const struct tmpl_source *source;
    const struct tmpl_source *sources;
    struct html_template *templates;
    size_t count;
    const struct html_file *files;
    size_t file_count;
    struct arena *mem;
    struct err *err;
    VEC(struct html_op) ops;
    struct buf literal;
    struct markup markup;
    struct section sections[SECTIONS_MOST];
    size_t depth;
    uint32_t line;
};

/* Puts "apis.html line 12" in front of a message from wherever. */
static bool here(struct compiler *c)
{
    return err_at(c->err, arena_printf(c->mem, "%s line %u", c->source->name, c->line).ptr);
}

static bool wrong(struct compiler *c, const char *message, struct str name)
{
    (void)fail(c->err, ERR_INVALID, "", "%s" STR_FMT, message, STR_ARG(name));
    return here(c);
}

/* --- literals ------------------------------------------------------------------------------------
 */

static void flush(struct compiler *c)
{
    struct str all = arena_str(c->mem, buf_str(&c->literal));
    while (all.len > 0) {
        vec_push(&c->ops, c->mem,
                 (struct html_op){
                     .kind = HTML_LITERAL, .line = c->line, .text = str_sub(all, 0, LITERAL_MOST)});
        all = str_sub(all, LITERAL_MOST, all.len);
    }
    buf_reset(&c->literal);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Indentation between tags is for the reader of the template: white space with a line's end in it
 * becomes that line's end alone. */
static void put_literal(struct compiler *c, char byte)
{
    bool between = c->markup.state == MARKUP_TEXT && !markup_preformatted(&c->markup);
    if (between && is_blank(byte) && c->literal.len > 0 &&
        c->literal.ptr[c->literal.len - 1] == '\n')
        return;
    if (between && byte == '\n')
        while (c->literal.len > 0 && is_blank(c->literal.ptr[c->literal.len - 1]))
            c->literal.len--;
    buf_add_char(&c->literal, byte);
}

static bool feed(struct compiler *c, char byte)
{
    if (!markup_feed(&c->markup, byte, c->err))
        return here(c);
    put_literal(c, byte);
    if (byte == '\n')
        c->line++;
    return true;
}

/* --- tags ----------------------------------------------------------------------------------------
 */

static bool is_word(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char ch = name.ptr[i];
        if ((ch < 'a' || ch > 'z') && (ch < '0' || ch > '9' || i == 0) && ch != '_')
            return false;
    }
    return name.len > 0;
}

static struct html_op *push(struct compiler *c, enum html_op_kind kind, struct str name)
{
    flush(c);
    vec_push(&c->ops, c->mem,
             (struct html_op){
                 .kind = kind, .line = c->line, .name = name.len ? str_z(c->mem, name) : NULL});
    return vec_last(&c->ops);
}

static bool put_value(struct compiler *c, struct str name)
{
    enum html_context context;
    if (!is_word(name) && !str_eq(name, STR(".")))
        return wrong(c, "no name for a value: ", name);
    if (!markup_value(&c->markup, &context, c->err))
        return here(c);
    push(c, HTML_VALUE, name)->context = context;
    return true;
}

static bool open_section(struct compiler *c, enum html_op_kind kind, struct str name)
{
    if (!is_word(name))
        return wrong(c, "no name for a section: ", name);
    if (c->depth == SECTIONS_MOST)
        return wrong(c, "sections nest too deeply: ", name);
    if (!markup_border(&c->markup, c->err))
        return here(c);
    push(c, kind, name);
    c->sections[c->depth++] = (struct section){name, (uint32_t)c->ops.len - 1, c->line, c->markup};
    return true;
}

static bool close_section(struct compiler *c, struct str name)
{
    if (c->depth == 0)
        return wrong(c, "closes nothing: ", name);
    struct section *section = &c->sections[c->depth - 1];
    if (!str_eq(section->name, name))
        return wrong(c, "closes another section than the innermost: ", name);
    if (!markup_border(&c->markup, c->err))
        return here(c);
    if (!markup_equal(&section->at, &c->markup))
        return wrong(c, "ends in another part of the markup than it begins: ", name);
    flush(c);
    c->ops.ptr[section->op].end = (uint32_t)c->ops.len;
    c->depth--;
    return true;
}

static size_t template_number(const struct compiler *c, struct str name)
{
    for (size_t i = 0; i < c->count; i++) {
        struct str known = str_from(c->sources[i].name);
        if (str_eq(known, name) ||
            (str_ends(known, STR(".html")) && str_eq(str_sub(known, 0, known.len - 5), name)))
            return i;
    }
    return SIZE_MAX;
}

static bool put_partial(struct compiler *c, struct str name)
{
    size_t number = template_number(c, name);
    if (number == SIZE_MAX)
        return wrong(c, "there is no template ", name);
    if (c->markup.state != MARKUP_TEXT)
        return wrong(c, "a template inside of a tag: ", name);
    push(c, HTML_PARTIAL, name)->partial = &c->templates[number];
    return true;
}

static bool put_slot(struct compiler *c, struct str name)
{
    if (!is_word(name))
        return wrong(c, "no name for a template: ", name);
    if (c->markup.state != MARKUP_TEXT)
        return wrong(c, "a template inside of a tag: ", name);
    push(c, HTML_SLOT, name);
    return true;
}

/* "style.css" finds style.1f2e3d4c.css. */
static bool put_file(struct compiler *c, struct str name)
{
    for (size_t i = 0; i < c->file_count; i++) {
        struct str known = str_from(c->files[i].name), rest = known, stem, hash;
        (void)str_split(&rest, '.', &stem);
        (void)str_split(&rest, '.', &hash);
        if (!str_eq(arena_join(c->mem, stem, STR("."), rest), name))
            continue;
        struct str address = arena_join(c->mem, STR("/static/"), known);
        for (size_t k = 0; k < address.len; k++)
            if (!feed(c, address.ptr[k]))
                return false;
        return true;
    }
    return wrong(c, "there is no static file ", name);
}

static bool put_tag(struct compiler *c, struct str tag)
{
    struct str name = str_trim(str_sub(tag, 1, tag.len));
    switch (tag.len ? tag.ptr[0] : '\0') {
    case '!':
        return true;
    case '#':
        return open_section(c, HTML_EACH, name);
    case '?':
        return open_section(c, HTML_IF, name);
    case '^':
        return open_section(c, HTML_UNLESS, name);
    case '/':
        return close_section(c, name);
    case '>':
        return put_partial(c, name);
    case '@':
        return put_slot(c, name);
    case '$':
        return put_file(c, name);
    default:
        return put_value(c, str_trim(tag));
    }
}

/* --- whole templates -----------------------------------------------------------------------------
 */

static bool check_end(struct compiler *c)
{
    if (c->depth > 0) {
        c->line = c->sections[c->depth - 1].line;
        return wrong(c, "is never closed: ", c->sections[c->depth - 1].name);
    }
    if (c->markup.state != MARKUP_TEXT)
        return wrong(c, "ends inside of a tag: ", str_from(c->markup.tag));
    if (c->markup.depth > 0)
        return wrong(c, "is never closed: <", str_from(c->markup.open[c->markup.depth - 1]));
    return true;
}

static bool compile_one(struct compiler *c, struct html_template *out)
{
    struct str rest = c->source->text;
    c->line = 1;
    while (rest.len > 0) {
        if (!str_starts(rest, STR("{{"))) {
            if (!feed(c, rest.ptr[0]))
                return false;
            rest = str_sub(rest, 1, rest.len);
            continue;
        }
        size_t end = str_find(rest, STR("}}"));
        if (end == SIZE_MAX)
            return wrong(c, "{{ without }}", STR(""));
        struct str tag = str_sub(rest, 2, end - 2);
        if (!put_tag(c, tag))
            return false;
        for (size_t i = 0; i < tag.len; i++)
            c->line += tag.ptr[i] == '\n';
        rest = str_sub(rest, end + 2, rest.len);
    }
    if (!check_end(c))
        return false;
    flush(c);
    *out = (struct html_template){c->source->name, c->ops.ptr, c->ops.len};
    return true;
}

/* A template that is part of itself would never end. */
static bool check_circle(const struct html_template *t, const struct html_template *start,
                         unsigned depth, struct err *err)
{
    for (size_t i = 0; i < t->count; i++) {
        const struct html_op *op = &t->ops[i];
        if (op->kind != HTML_PARTIAL)
            continue;
        if (op->partial == start || depth > SECTIONS_MOST)
            return fail(err, ERR_INVALID, start->name, "is part of itself, by %s line %u", t->name,
                        op->line);
        if (!check_circle(op->partial, start, depth + 1, err))
            return false;
    }
    return true;
}

bool tmpl_compile(const struct tmpl_source *sources, size_t count, const struct html_file *files,
                  size_t file_count, struct arena *mem, struct html_template *out, struct err *err)
{
    for (size_t i = 0; i < count; i++) {
        struct compiler *c = arena_new(mem, struct compiler);
        *c = (struct compiler){.source = &sources[i],
                               .sources = sources,
                               .templates = out,
                               .count = count,
                               .files = files,
                               .file_count = file_count,
                               .mem = mem,
                               .err = err};
        bool ok = compile_one(c, &out[i]);
        buf_clear(&c->literal);
        if (!ok)
            return false;
    }
    for (size_t i = 0; i < count; i++)
        if (!check_circle(&out[i], &out[i], 0, err))
            return false;
    return true;
}

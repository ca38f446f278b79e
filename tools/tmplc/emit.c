/* Compiled templates as C. */
#include "tools/tmplc/tmplc.h"

#define BYTES_PER_LINE 24

/* "api-page.html" → api_page */
static void put_identifier(const char *name, struct buf *out)
{
    struct str stem = str_from(name);
    if (str_ends(stem, STR(".html")))
        stem.len -= 5;
    for (size_t i = 0; i < stem.len; i++)
        buf_add_char(out, stem.ptr[i] == '-' ? '_' : stem.ptr[i]);
}

static void put_string(struct str s, struct buf *out)
{
    buf_add_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if (c == '"' || c == '\\')
            buf_printf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F || c == '?') /* '?': no trigraphs */
            buf_printf(out, "\\%03o", c);
        else
            buf_add_char(out, (char)c);
    }
    buf_add_char(out, '"');
}

static void put_op(const struct html_op *op, struct buf *out)
{
    static const char *const kinds[] = {
        [HTML_LITERAL] = "HTML_LITERAL", [HTML_VALUE] = "HTML_VALUE",
        [HTML_EACH] = "HTML_EACH",       [HTML_IF] = "HTML_IF",
        [HTML_UNLESS] = "HTML_UNLESS",   [HTML_PARTIAL] = "HTML_PARTIAL",
        [HTML_SLOT] = "HTML_SLOT",
    };
    static const char *const contexts[] = {
        [HTML_TEXT] = "HTML_TEXT",
        [HTML_ATTRIBUTE] = "HTML_ATTRIBUTE",
        [HTML_URL] = "HTML_URL",
        [HTML_URL_PATH] = "HTML_URL_PATH",
        [HTML_URL_QUERY] = "HTML_URL_QUERY",
    };
    buf_printf(out, "    {.kind = %s, .context = %s, .line = %u, .end = %u", kinds[op->kind],
               contexts[op->context], op->line, op->end);
    if (op->text.len > 0) {
        buf_add(out, STR(", .text = {"));
        put_string(op->text, out);
        buf_printf(out, ", %zu}", op->text.len);
    }
    if (op->name != NULL) {
        buf_add(out, STR(", .name = "));
        put_string(str_from(op->name), out);
    }
    if (op->partial != NULL) {
        buf_add(out, STR(", .partial = &template_"));
        put_identifier(op->partial->name, out);
    }
    buf_add(out, STR("},\n"));
}

static void put_bytes(const char *kind, size_t number, struct str bytes, struct buf *out)
{
    buf_printf(out, "static const char %s_%zu[] = {", kind, number);
    for (size_t i = 0; i < bytes.len; i++)
        buf_printf(out, "%s%d,", i % BYTES_PER_LINE ? "" : "\n    ", bytes.ptr[i]);
    buf_add(out, STR("\n};\n"));
}

static void put_files(const struct html_file *files, size_t count, struct buf *out)
{
    for (size_t i = 0; i < count; i++) {
        put_bytes("file", i, files[i].bytes, out);
        if (files[i].packed.len > 0)
            put_bytes("packed", i, files[i].packed, out);
    }
    buf_add(out, STR("const struct html_file template_files[] = {\n"));
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "    {\"%s\", \"%s\", {file_%zu, sizeof(file_%zu)}, ", files[i].name,
                   files[i].media_type, i, i);
        if (files[i].packed.len > 0)
            buf_printf(out, "{packed_%zu, sizeof(packed_%zu)}},\n", i, i);
        else
            buf_add(out, STR("{NULL, 0}},\n"));
    }
    buf_printf(out, "};\nconst size_t template_file_count = %zu;\n", count);
}

void emit_source(const struct html_template *templates, size_t count, const struct html_file *files,
                 size_t file_count, const char *header, struct buf *out)
{
    buf_printf(out, "/* Made by tmplc. */\n#include \"%s\"\n\n", header);
    for (size_t i = 0; i < count; i++) {
        const struct html_template *t = &templates[i];
        buf_add(out, STR("static const struct html_op ops_"));
        put_identifier(t->name, out);
        buf_add(out, STR("[] = {\n"));
        for (size_t k = 0; k < t->count; k++)
            put_op(&t->ops[k], out);
        buf_add(out, STR("};\nconst struct html_template template_"));
        put_identifier(t->name, out);
        buf_printf(out, " = {\"%s\", ops_", t->name);
        put_identifier(t->name, out);
        buf_printf(out, ", %zu};\n\n", t->count);
    }
    if (file_count > 0)
        put_files(files, file_count, out);
}

/* --- the header ----------------------------------------------------------------------------------
 */

static bool seen(const struct html_template *templates, size_t t, size_t op, const char *name)
{
    for (size_t i = 0; i <= t; i++)
        for (size_t k = 0; k < (i == t ? op : templates[i].count); k++) {
            const struct html_op *other = &templates[i].ops[k];
            if (other->name != NULL && other->kind != HTML_PARTIAL &&
                strcmp(other->name, name) == 0)
                return true;
        }
    return false;
}

static void put_names(const struct html_template *templates, size_t count, struct buf *out)
{
    buf_add(out, STR("/* One for each name that a template uses: a handler that sets another does "
                     "not compile. */\nenum template_name {\n    TEMPLATE_NAME_NONE,\n"));
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < templates[i].count; k++) {
            const struct html_op *op = &templates[i].ops[k];
            if (op->name != NULL && op->kind != HTML_PARTIAL && strcmp(op->name, ".") != 0 &&
                !seen(templates, i, k, op->name))
                buf_printf(out, "    TEMPLATE_NAME_%s,\n", op->name);
        }
    buf_add(out, STR("};\n"));
}

void emit_header(const struct html_template *templates, size_t count, size_t file_count,
                 struct buf *out)
{
    buf_add(out, STR("/* Made by tmplc. */\n#ifndef CHANCERY_TEMPLATES_H\n"
                     "#define CHANCERY_TEMPLATES_H\n\n#include \"portal/html/html.h\"\n\n"));
    for (size_t i = 0; i < count; i++) {
        buf_add(out, STR("extern const struct html_template template_"));
        put_identifier(templates[i].name, out);
        buf_add(out, STR(";\n"));
    }
    if (file_count > 0)
        buf_add(out, STR("extern const struct html_file template_files[];\n"
                         "extern const size_t template_file_count;\n"));
    put_names(templates, count, out);
    buf_add(out,
            STR("#define TEMPLATE_NAME(name) ((void)TEMPLATE_NAME_##name, #name)\n\n#endif\n"));
}

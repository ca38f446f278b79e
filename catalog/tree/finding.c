/* Findings of a document, and the JSON Pointers they carry. */
#include "reader.h"

#define MOST_FINDINGS 1000

#define FINDING_KIND(name, text, severity) [name] = {text, severity},
const struct finding_kind finding_kinds[] = {FINDING_CODES(FINDING_KIND)};
#undef FINDING_KIND

const struct finding *tree_findings(const struct tree *doc, size_t *count)
{
    *count = doc->findings.len;
    return doc->findings.ptr;
}

bool tree_notes_full(const struct tree *doc)
{
    return doc->findings.len > MOST_FINDINGS;
}

size_t tree_notes_of_reading(const struct tree *doc)
{
    return doc->read_findings;
}

void tree_notes_reset(struct tree *doc)
{
    doc->findings.len = doc->read_findings;
}

struct arena *tree_arena(const struct tree *doc)
{
    return doc->mem;
}

void tree_note(struct tree *doc, const struct finding_kind *kind, struct str pointer,
               uint32_t offset, const char *format, ...)
{
    char text[240];
    if (tree_notes_full(doc))
        return;
    if (doc->findings.len == MOST_FINDINGS) {
        kind = &finding_kinds[FINDING_TOO_MANY];
        snprintf(text, sizeof(text), "only the first %d findings are kept", MOST_FINDINGS);
    } else {
        va_list args;
        va_start(args, format);
        vsnprintf(text, sizeof(text), format, args);
        va_end(args);
    }
    struct str message = str_from(text);
    size_t cut = 0;
    if (!str_utf8(message, &cut)) /* vsnprintf cuts inside characters */
        message.len = cut;
    struct finding finding = {.code = kind->code,
                              .severity = kind->severity,
                              .message = arena_str(doc->mem, message),
                              .pointer = pointer,
                              .offset = offset};
    vec_push(&doc->findings, doc->mem, finding);
}

void pointer_add(struct buf *out, struct str name)
{
    buf_add_char(out, '/');
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] == '~')
            buf_add(out, STR("~0"));
        else if (name.ptr[i] == '/')
            buf_add(out, STR("~1"));
        else
            buf_add_char(out, name.ptr[i]);
    }
}

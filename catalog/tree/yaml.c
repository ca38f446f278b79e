/* The only file that speaks to libyaml. Takes its events, one at a time, into the node tree, so
 * that every budget stops the parser itself; libyaml's own document loader has none. */
#include <search.h>
#include <yaml.h>

#include "reader.h"

/* libyaml looks through all earlier %TAG lines at each new one. */
#define MOST_TAG_DIRECTIVES 1000

/* A named value. The tree of names is balanced, so hostile names cost no more than others. */
struct anchor {
    struct str name;
    uint32_t node;
    bool open; /* its container is not complete: an alias would contain itself */
};

/* libyaml's marks count characters; this one follows them in bytes. */
struct cursor {
    size_t index, byte;
};

struct reader {
    struct builder *b;
    yaml_parser_t parser;
    struct cursor cursor;
    void *anchors; /* tsearch */
    struct arena names;
    unsigned documents;
};

/* --- places ----------------------------------------------------------------------------------- */

static bool continues(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

static uint32_t byte_of(struct reader *r, const yaml_mark_t *mark)
{
    struct str text = r->b->doc->source.text;
    struct cursor *c = &r->cursor;
    while (c->index < mark->index && c->byte < text.len) {
        c->index++;
        do
            c->byte++;
        while (c->byte < text.len && continues(text.ptr[c->byte]));
    }
    while (c->index > mark->index && c->byte > 0) {
        c->index--;
        do
            c->byte--;
        while (c->byte > 0 && continues(text.ptr[c->byte]));
    }
    return (uint32_t)c->byte;
}

/* Behind a node's `&anchor` and `!tag`. *plain_tag: a lone `!`, which libyaml forgets. */
static uint32_t skip_properties(struct str text, uint32_t at, uint32_t end, bool *plain_tag)
{
    while (at < end && (text.ptr[at] == '&' || text.ptr[at] == '!')) {
        uint32_t from = at;
        while (at < end && strchr(" \t\r\n", text.ptr[at]) == NULL)
            at++;
        *plain_tag = *plain_tag || (at == from + 1 && text.ptr[from] == '!');
        while (at < end && strchr(" \t\r\n#", text.ptr[at]) != NULL)
            if (text.ptr[at] == '#')
                while (at < end && text.ptr[at] != '\n' && text.ptr[at] != '\r')
                    at++;
            else
                at++;
    }
    return at;
}

static bool refuse_syntax(struct reader *r)
{
    const yaml_parser_t *parser = &r->parser;
    if (parser->error == YAML_MEMORY_ERROR)
        mem_exhausted();
    const char *problem = parser->problem ? parser->problem : "unknown problem";
    uint32_t offset = parser->error == YAML_READER_ERROR ? (uint32_t)parser->problem_offset
                                                         : byte_of(r, &parser->problem_mark);
    const char *context = parser->context ? parser->context : "";
    return fail_in(r->b->err, ERR_INVALID, &r->b->doc->source, offset, "not valid YAML: %s%s%s",
                   problem, *context ? " " : "", context);
}

/* --- anchors ---------------------------------------------------------------------------------- */

static int by_name(const void *left, const void *right)
{
    const struct anchor *l = left, *r = right;
    return str_cmp(l->name, r->name);
}

static struct anchor *anchor_find(struct reader *r, const yaml_char_t *name)
{
    struct anchor wanted = {.name = str_from((const char *)name)};
    struct anchor *const *hit = tfind(&wanted, &r->anchors, by_name);
    return hit ? *hit : NULL;
}

/* A later anchor of the same name replaces the earlier one. */
static struct anchor *anchor_set(struct reader *r, const yaml_char_t *name, uint32_t node,
                                 bool container)
{
    if (name == NULL)
        return NULL;
    struct anchor *anchor = anchor_find(r, name);
    if (anchor == NULL) {
        anchor = arena_new(&r->names, struct anchor);
        anchor->name = arena_str(&r->names, str_from((const char *)name));
        if (tsearch(anchor, &r->anchors, by_name) == NULL)
            mem_exhausted();
    }
    anchor->node = node;
    anchor->open = container;
    return anchor;
}

static void anchor_keep(void *anchor)
{
    UNUSED(anchor); /* its arena frees it */
}

/* --- events ----------------------------------------------------------------------------------- */

static void apply_tag(struct reader *r, const yaml_char_t *tag, uint32_t at, enum tree_kind *kind)
{
    if (tag == NULL)
        return;
    struct tree *doc = r->b->doc;
    const char *name = (const char *)tag;
    switch (tag_apply(str_from(name), kind)) {
    case TAG_FITS:
        break;
    case TAG_MISMATCH:
        tree_note(doc, &finding_kinds[FINDING_TAG_MISMATCH], builder_here(r->b), at,
                  "the value does not fit its tag %.80s", name);
        break;
    case TAG_UNKNOWN:
        tree_note(doc, &finding_kinds[FINDING_UNKNOWN_TAG], builder_here(r->b), at,
                  "the tag %.80s means nothing here; the value is kept", name);
        break;
    }
}

/* The value's place in the source when its text stands there as it is, else it goes to the pool. */
static void locate(struct str source, struct str value, uint32_t quote, struct scalar *scalar)
{
    struct str there = str_sub(source, scalar->start + quote, value.len);
    bool same = scalar->start + quote + value.len <= scalar->end && str_eq(there, value);
    scalar->text = same ? there : value;
    scalar->pooled = !same;
}

static bool on_scalar(struct reader *r, const yaml_event_t *event)
{
    struct str source = r->b->doc->source.text;
    struct str value = {(const char *)event->data.scalar.value, event->data.scalar.length};
    bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE, plain_tag = false;
    uint32_t start = byte_of(r, &event->start_mark), end = byte_of(r, &event->end_mark);
    uint32_t number = 0;
    struct scalar scalar = {.start = skip_properties(source, start, end, &plain_tag), .end = end};
    scalar.kind = plain || event->data.scalar.tag ? scalar_kind(value) : TREE_STRING;
    if (plain_tag)
        scalar.kind = TREE_STRING;
    apply_tag(r, event->data.scalar.tag, start, &scalar.kind);
    locate(source, value, plain ? 0 : 1, &scalar);
    if (!builder_scalar(r->b, &scalar, &number))
        return false;
    if (plain && event->data.scalar.tag == NULL && str_eq(value, STR("<<")))
        builder_node(r->b, number)->flags |= NODE_MERGE_KEY;
    anchor_set(r, event->data.scalar.anchor, number, false);
    return true;
}

static bool on_open(struct reader *r, const yaml_event_t *event)
{
    bool object = event->type == YAML_MAPPING_START_EVENT, plain_tag = false;
    const yaml_char_t *tag =
        object ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor =
        object ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    uint32_t start = byte_of(r, &event->start_mark), number = builder_count(r->b);
    uint32_t end = (uint32_t)r->b->doc->source.text.len;
    enum tree_kind kind = object ? TREE_OBJECT : TREE_ARRAY;
    apply_tag(r, tag, start, &kind);
    if (anchor != NULL || tag != NULL)
        start = skip_properties(r->b->doc->source.text, start, end, &plain_tag);
    if (!builder_open(r->b, object, start))
        return false;
    builder_top(r->b)->anchor = anchor_set(r, anchor, number, true);
    return true;
}

/* A block collection ends with its last member; libyaml's mark is that of the next token. */
static bool on_close(struct reader *r, const yaml_event_t *event)
{
    const struct frame *top = builder_top(r->b);
    uint32_t end = byte_of(r, &event->end_mark), node = top->node;
    struct anchor *anchor = top->anchor;
    if (event->start_mark.index == event->end_mark.index && top->last != 0)
        end = builder_node(r->b, top->last)->end;
    if (!builder_close(r->b, end))
        return false;
    if (anchor != NULL && anchor->node == node)
        anchor->open = false;
    return true;
}

static bool on_alias(struct reader *r, const yaml_event_t *event)
{
    const struct source *source = &r->b->doc->source;
    const char *name = (const char *)event->data.alias.anchor;
    const struct anchor *anchor = anchor_find(r, event->data.alias.anchor);
    uint32_t start = byte_of(r, &event->start_mark), end = byte_of(r, &event->end_mark);
    if (anchor == NULL)
        return fail_in(r->b->err, ERR_INVALID, source, start,
                       "not valid YAML: the alias *%.60s names no earlier anchor", name);
    if (anchor->open)
        return fail_in(r->b->err, ERR_INVALID, source, start,
                       "the alias *%.60s stands inside the value that it names", name);
    return builder_alias(r->b, anchor->node, start, end);
}

static bool on_document(struct reader *r, const yaml_event_t *event)
{
    if (++r->documents == 1)
        return true;
    (void)fail_in(r->b->err, ERR_INVALID, &r->b->doc->source, byte_of(r, &event->start_mark),
                  "a second YAML document begins here");
    return err_hint(r->b->err, "keep one document per file");
}

static bool on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return on_document(r, event);
    case YAML_ALIAS_EVENT:
        return on_alias(r, event);
    case YAML_SCALAR_EVENT:
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return on_open(r, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return on_close(r, event);
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
    return true;
}

static bool events(struct reader *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return refuse_syntax(r);
        bool ok = on_event(r, &event);
        more = event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    if (builder_count(r->b) == 0)
        return fail_in(r->b->err, ERR_INVALID, &r->b->doc->source, 0, "the document is empty");
    return true;
}

static bool few_directives(const struct builder *b)
{
    struct str rest = b->doc->source.text;
    for (unsigned seen = 0; seen <= MOST_TAG_DIRECTIVES;) {
        size_t at = str_find(rest, STR("%TAG"));
        if (at == SIZE_MAX)
            return true;
        unsigned char before = at > 0 ? (unsigned char)rest.ptr[at - 1] : '\n';
        if (before < ' ' || before >= 0x80) /* may end a line */
            seen++;
        rest = str_sub(rest, at + 4, rest.len);
    }
    uint32_t offset = (uint32_t)(rest.ptr - b->doc->source.text.ptr);
    (void)fail_in(b->err, ERR_LIMIT, &b->doc->source, offset, "more than %d %%TAG directives",
                  MOST_TAG_DIRECTIVES);
    return err_hint(b->err, "write tags in full");
}

bool yaml_scan(struct builder *b)
{
    struct reader r = {.b = b};
    struct str text = b->doc->source.text;
    if (!few_directives(b))
        return false;
    if (!yaml_parser_initialize(&r.parser))
        mem_exhausted();
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)text.ptr, text.len);
    bool ok = events(&r);
    yaml_parser_delete(&r.parser);
    tdestroy(r.anchors, anchor_keep);
    arena_clear(&r.names);
    return ok;
}

/* The tree reader on JSON: it takes what another reader takes, and reads the same out of it. */
#include "tests/fuzz/dump.h"

/* The other reader's value in the words of dump_tree, numbers by kind only. */
static void put(struct json_writer *w, const struct json *value)
{
    CLEANUP(buf_clear) struct buf text = {0};
    switch (value->type) {
    case JSON_TYPE_OBJECT:
        json_open_object(w);
        for (const struct json *child = value->child; child != NULL; child = child->next) {
            json_key(w, child->key);
            put(w, child);
        }
        json_close_object(w);
        return;
    case JSON_TYPE_ARRAY:
        json_open_array(w);
        for (const struct json *child = value->child; child != NULL; child = child->next)
            put(w, child);
        json_close_array(w);
        return;
    case JSON_TYPE_STRING:
        buf_add_char(&text, '$');
        buf_add(&text, value->string);
        break;
    case JSON_TYPE_BOOL:
        buf_add(&text, value->boolean ? STR("?true") : STR("?false"));
        break;
    case JSON_TYPE_NULL:
        buf_add(&text, STR("~"));
        break;
    case JSON_TYPE_INT:
    case JSON_TYPE_REAL:
        buf_add(&text, STR("#"));
        break;
    }
    json_put_str(w, buf_str(&text));
}

/* Numbers lose their digits, which the readers keep in different forms. */
static void without_digits(struct buf *dump)
{
    size_t to = 0;
    for (size_t i = 0; i < dump->len; i++) {
        bool number = i > 0 && dump->ptr[i] == '#' && dump->ptr[i - 1] == '"';
        dump->ptr[to++] = dump->ptr[i];
        while (number && i + 1 < dump->len && dump->ptr[i + 1] != '"')
            i++;
    }
    dump->len = to;
}

/* Texts and keys with a # of their own would be cut, too: the same in both. */
static void same(const struct tree *doc, const struct json *root)
{
    CLEANUP(buf_clear) struct buf ours = {0};
    CLEANUP(buf_clear) struct buf other = {0};
    struct json_writer w = {.out = &other};
    dump_tree(doc, true, &ours);
    put(&w, root);
    without_digits(&ours);
    without_digits(&other);
    HOLDS(str_eq(buf_str(&ours), buf_str(&other)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(arena_clear) struct arena others = {0};
    struct str text = fuzz_text(data, size);
    struct tree *doc = NULL;
    struct json *root = NULL;
    struct err err = {0};
    struct str begins = str_trim(text);
    bool other = (str_starts(begins, STR("{")) || str_starts(begins, STR("["))) &&
                 json_parse(text, &others, &root, &err);
    if (!dump_read(text, &mem, &doc, &err)) {
        HOLDS(!other || err.code == ERR_LIMIT);
        return 0;
    }
    dump_round_trip(doc);
    dump_pointers(doc);
    if (other)
        same(doc, root);
    return 0;
}

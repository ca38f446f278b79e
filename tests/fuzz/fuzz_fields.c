/* Small texts from outside: queries, cookies, entity tags, tokens, ids, times, numbers, gzip. The
 * first byte chooses which. */
#include "portal/http/server.h"
#include "tests/fuzz/fuzz.h"

#define UNPACKED_MOST 65536

static void encode(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        buf_printf(out, "%%%02X", (unsigned)(unsigned char)s.ptr[i]);
}

/* What was decoded, encoded again, decodes to the same. */
static void query(struct arena *mem, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    const struct http_pair *pairs = NULL, *again = NULL;
    size_t count = 0, count_again = 0;
    struct err err = {0};
    if (!form_decode(text, "query", mem, &pairs, &count, &err)) {
        HOLDS(err.msg[0] != '\0');
        return;
    }
    HOLDS(count <= FORM_FIELDS_MAX);
    for (size_t i = 0; i < count; i++) {
        HOLDS(str_utf8(pairs[i].name, NULL) && str_utf8(pairs[i].value, NULL));
        HOLDS(str_find_char(pairs[i].value, '\0') == SIZE_MAX);
        buf_add(&out, i ? STR("&") : STR(""));
        encode(&out, pairs[i].name);
        buf_add_char(&out, '=');
        encode(&out, pairs[i].value);
    }
    HOLDS(form_decode(buf_str(&out), "query", mem, &again, &count_again, &err));
    for (size_t i = 0; i < count && i < count_again; i++)
        HOLDS(str_eq(pairs[i].name, again[i].name) && str_eq(pairs[i].value, again[i].value));
}

static void cookie(struct arena *mem, struct str text)
{
    struct http_exchange *ex = arena_new(mem, struct http_exchange);
    ex->req.exchange = ex;
    ex->headers[0] = (struct http_pair){STR("Cookie"), text};
    ex->header_count = 1;
    struct str value = http_cookie(&ex->req, "chancery");
    HOLDS(fuzz_inside(value, text) && str_find_char(value, ';') == SIZE_MAX);
}

static void tags(struct arena *mem, struct str text)
{
    struct str tag = arena_join(mem, STR("\""), str_from("7"), STR("\""));
    bool found = http_etag_matches(text, tag);
    HOLDS(!found || str_find(text, tag) != SIZE_MAX || str_eq(str_trim(text), STR("*")));
    HOLDS(http_etag_matches(arena_join(mem, STR("\"a\", "), tag), tag));
}

/* No slip of one character passes. */
static void token(struct arena *mem, struct str text)
{
    struct str good = token_new(mem);
    HOLDS(token_well_formed(good));
    if (text.len >= 2) {
        char *slip = str_z(mem, good);
        size_t at = (unsigned char)text.ptr[0] % good.len;
        slip[at] = text.ptr[1];
        HOLDS(!token_well_formed((struct str){slip, good.len}) || slip[at] == good.ptr[at]);
    }
    HOLDS(!token_well_formed(text) || text.len == TOKEN_TEXT_LEN);
}

static void numbers(struct arena *mem, struct str text)
{
    int64_t n = 0, again = 0;
    if (str_to_i64(text, &n))
        HOLDS(str_to_i64(arena_printf(mem, "%lld", (long long)n), &again) && again == n);
    if (id_parse(text, &n))
        HOLDS(n >= 0 && id_parse(id_format(mem, n), &again) && again == n);
    if (time_parse(text, &n))
        HOLDS(time_parse(time_format(mem, n), &again) && again == n);
}

static void packed(struct arena *mem, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    CLEANUP(buf_clear) struct buf pack = {0};
    CLEANUP(buf_clear) struct buf back = {0};
    struct err err = {0};
    UNUSED(mem);
    if (gzip_unpack(text, UNPACKED_MOST, &out, &err))
        HOLDS(out.len <= UNPACKED_MOST);
    HOLDS(gzip_pack(text, 1, &pack, &err) && gzip_unpack(buf_str(&pack), text.len, &back, &err));
    HOLDS(str_eq(buf_str(&back), text) || text.len == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const what[])(struct arena * mem, struct str text) = {query, cookie,  tags,
                                                                        token, numbers, packed};
    CLEANUP(arena_clear) struct arena mem = {0};
    if (size == 0 || !crypto_init())
        return 0;
    what[data[0] % COUNT_OF(what)](&mem, fuzz_text(data + 1, size - 1));
    return 0;
}

/* Texts: by pattern, by format, else plain words of the right length. */
#include "maker.h"

#define MOST_BYTES 100000

/* One digit of each may be counted up. The short form is for a small maxLength. */
static const struct {
    const char *format, *text, *small;
} samples[] = {
    {"date-time",             "2026-01-31T12:00:00Z",                 NULL     },
    {"date",                  "2026-01-15",                           NULL     },
    {"time",                  "12:00:00Z",                            NULL     },
    {"duration",              "P1D",                                  NULL     },
    {"email",                 "user1@example.com",                    "a1@b.co"},
    {"idn-email",             "user1@example.com",                    "a1@b.co"},
    {"hostname",              "host1.example.com",                    "h1"     },
    {"idn-hostname",          "host1.example.com",                    "h1"     },
    {"ipv4",                  "192.0.2.1",                            "1.1.1.1"},
    {"ip",                    "192.0.2.1",                            "1.1.1.1"},
    {"ipv6",                  "2001:db8::1",                          "::1"    },
    {"uri",                   "https://example.com/1",                "a:1"    },
    {"url",                   "https://example.com/1",                "a:1"    },
    {"iri",                   "https://example.com/1",                "a:1"    },
    {"uri-reference",         "/path/1",                              "1"      },
    {"iri-reference",         "/path/1",                              "1"      },
    {"uri-template",          "https://example.com/1/{id}",           "{id}"   },
    {"json-pointer",          "/items/1",                             "/1"     },
    {"relative-json-pointer", "1/items",                              "1"      },
    {"regex",                 "^[a-z]{1}$",                           "1"      },
    {"uuid",                  "7f2c1a34-5b6d-4e8f-9a0b-1c2d3e4f5061", NULL     },
    {"byte",                  "c3RyaW5nMQ==",                         "MQ=="   },
    {"password",              "Pass-word-1",                          "Pw1"    },
};

/* For patterns of other forms: what they often ask for. */
static const char *const fallbacks[] = {
    "string", "a", "A", "1", "0", "a1", "A1", "/a", "", "aA1!aA1!", "1.0", "https://example.com/1"};

struct text {
    struct making *m;
    struct tries *tries;
    const struct group *g;
    uint64_t least, most; /* characters; samples are ASCII */
};

/* The last digit counted up; a text without one gets a number. */
static struct str varied(struct arena *mem, struct str text, unsigned by)
{
    struct str copy = arena_str(mem, text);
    size_t at = copy.len;
    while (at > 0 && (copy.ptr[at - 1] < '0' || copy.ptr[at - 1] > '9'))
        at--;
    if (by == 0)
        return copy;
    if (at == 0 || by >= 10)
        return arena_printf(mem, STR_FMT "%u", STR_ARG(text), by);
    char *digit = arena_alloc(mem, copy.len + 1);
    memcpy(digit, copy.ptr, copy.len);
    digit[at - 1] = (char)('0' + ((unsigned)(copy.ptr[at - 1] - '0') + by) % 10);
    return (struct str){digit, copy.len};
}

/* Long enough: an address grows at its front, all others at their end. */
static struct str grown(const struct text *t, struct str text)
{
    CLEANUP(buf_clear) struct buf out = {0};
    bool front = str_find_char(text, '@') != SIZE_MAX;
    size_t missing = t->least > text.len ? (size_t)t->least - text.len : 0;
    if (!front)
        buf_add(&out, text);
    for (size_t i = 0; i < missing; i++)
        buf_add_char(&out, 'a');
    if (front)
        buf_add(&out, text);
    return arena_str(t->m->mem, buf_str(&out));
}

static bool offer_text(const struct text *t, struct str text)
{
    return offer(t->m, t->tries, json_text(t->m->mem, text));
}

static bool offer_all(const struct text *t, struct str text)
{
    for (unsigned by = 0; by <= t->tries->need->ordinal; by++)
        if (offer_text(t, varied(t->m->mem, grown(t, text), by)))
            return true;
    return false;
}

static bool by_pattern(const struct text *t)
{
    CLEANUP(buf_clear) struct buf out = {0};
    for (size_t part = 0; part < t->g->parts.len; part++) {
        const struct tree_node *pattern = part_get(t->g, part, "pattern");
        struct str source = tree_text(t->g->parts.ptr[part].doc, pattern);
        if (tree_kind_of(pattern) != TREE_STRING)
            continue;
        unsigned most = PATTERN_VARIATIONS + t->tries->need->ordinal;
        for (unsigned variation = 0; variation < most; variation++) {
            buf_reset(&out);
            if (!pattern_text(source, variation, 0, &out))
                break;
            size_t len = out.len;
            if (len < t->least) {
                buf_reset(&out);
                if (!pattern_text(source, variation, (size_t)t->least - len, &out))
                    break;
            }
            if (offer_text(t, buf_str(&out)))
                return true;
        }
    }
    return false;
}

static bool by_format(const struct text *t)
{
    for (size_t part = 0; part < t->g->parts.len; part++) {
        const struct tree *doc = t->g->parts.ptr[part].doc;
        struct str format = tree_text(doc, part_get(t->g, part, "format"));
        for (size_t i = 0; i < COUNT_OF(samples); i++) {
            if (!str_eq(format, str_from(samples[i].format)))
                continue;
            bool small = samples[i].small != NULL && t->most < strlen(samples[i].text);
            if (offer_all(t, str_from(small ? samples[i].small : samples[i].text)))
                return true;
        }
    }
    return false;
}

static bool has(const struct group *g, const char *keyword)
{
    for (size_t part = 0; part < g->parts.len; part++)
        if (part_get(g, part, keyword) != NULL)
            return true;
    return false;
}

static bool plain(const struct text *t)
{
    struct str word = STR("string");
    if (t->most < word.len)
        word = str_sub(STR("abcde"), 0, (size_t)t->most);
    return offer_all(t, word);
}

bool make_text(struct making *m, struct tries *tries, const struct group *g)
{
    struct text t = {.m = m, .tries = tries, .g = g};
    t.least = group_count(g, "minLength", true, 0);
    t.most = group_count(g, "maxLength", false, UINT64_MAX);
    if (t.least > MOST_BYTES)
        return no_value(m, "more than %d characters are asked for", MOST_BYTES);
    if (by_format(&t))
        return true;
    if (!has(g, "pattern"))
        return plain(&t);
    if (by_pattern(&t))
        return true;
    struct trouble trouble = m->trouble;
    for (size_t i = 0; i < COUNT_OF(fallbacks); i++)
        if (offer_all(&t, str_from(fallbacks[i])))
            return true;
    if (trouble.reason.ptr != NULL) /* of what the pattern gave */
        m->trouble = trouble;
    return false;
}

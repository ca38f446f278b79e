/* YAML 1.2 core schema: what plain text and tags mean. `NO`, `on`, `y`, dates and 1_000 are text.
 */
#include "tree.h"

static size_t run_of(struct str s, size_t from, const char *set)
{
    size_t at = from;
    while (at < s.len && s.ptr[at] != '\0' && strchr(set, s.ptr[at]) != NULL)
        at++;
    return at - from;
}

#define DIGITS "0123456789"

/* [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?  and the integers in it */
static bool decimal(struct str s)
{
    size_t at = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+') ? 1 : 0;
    size_t whole = run_of(s, at, DIGITS), fraction = 0;
    at += whole;
    if (at < s.len && s.ptr[at] == '.') {
        fraction = run_of(s, at + 1, DIGITS);
        at += 1 + fraction;
    }
    if (whole + fraction == 0)
        return false;
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        at++;
        if (at < s.len && (s.ptr[at] == '-' || s.ptr[at] == '+'))
            at++;
        size_t exponent = run_of(s, at, DIGITS);
        if (exponent == 0)
            return false;
        at += exponent;
    }
    return at == s.len;
}

static bool prefixed(struct str s, struct str prefix, const char *set)
{
    return s.len > prefix.len && str_starts(s, prefix) &&
           run_of(s, prefix.len, set) == s.len - prefix.len;
}

static const struct {
    struct str text;
    enum oas_kind kind;
} words[] = {
    {{"", 0},      OAS_NULL  },
    {{"~", 1},     OAS_NULL  },
    {{"null", 4},  OAS_NULL  },
    {{"Null", 4},  OAS_NULL  },
    {{"NULL", 4},  OAS_NULL  },
    {{"true", 4},  OAS_BOOL  },
    {{"True", 4},  OAS_BOOL  },
    {{"TRUE", 4},  OAS_BOOL  },
    {{"false", 5}, OAS_BOOL  },
    {{"False", 5}, OAS_BOOL  },
    {{"FALSE", 5}, OAS_BOOL  },
    {{".inf", 4},  OAS_NUMBER},
    {{".Inf", 4},  OAS_NUMBER},
    {{".INF", 4},  OAS_NUMBER},
    {{"-.inf", 5}, OAS_NUMBER},
    {{"-.Inf", 5}, OAS_NUMBER},
    {{"-.INF", 5}, OAS_NUMBER},
    {{"+.inf", 5}, OAS_NUMBER},
    {{"+.Inf", 5}, OAS_NUMBER},
    {{"+.INF", 5}, OAS_NUMBER},
    {{".nan", 4},  OAS_NUMBER},
    {{".NaN", 4},  OAS_NUMBER},
    {{".NAN", 4},  OAS_NUMBER},
};

enum oas_kind scalar_kind(struct str text)
{
    if (text.len > 0 && strchr("0123456789+-.~nNtTfF", text.ptr[0]) == NULL)
        return OAS_STRING; /* most text */
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i].text))
            return words[i].kind;
    if (decimal(text) || prefixed(text, STR("0o"), "01234567") ||
        prefixed(text, STR("0x"), "0123456789abcdefABCDEF"))
        return OAS_NUMBER;
    return OAS_STRING;
}

#define YAML_TAGS "tag:yaml.org,2002:"

static const struct {
    struct str name;
    enum oas_kind kind;
} tags[] = {
    {{"str", 3},       OAS_STRING},
    {{"int", 3},       OAS_NUMBER},
    {{"float", 5},     OAS_NUMBER},
    {{"bool", 4},      OAS_BOOL  },
    {{"null", 4},      OAS_NULL  },
    {{"map", 3},       OAS_OBJECT},
    {{"seq", 3},       OAS_ARRAY },
    {{"set", 3},       OAS_OBJECT},
    {{"omap", 4},      OAS_ARRAY },
    {{"pairs", 5},     OAS_ARRAY },
    {{"binary", 6},    OAS_STRING},
    {{"timestamp", 9}, OAS_STRING},
};

enum tag_verdict tag_apply(struct str tag, enum oas_kind *kind)
{
    bool container = *kind >= OAS_ARRAY;
    enum oas_kind own = *kind;
    if (!container)
        *kind = OAS_STRING; /* what an unknown or unfitting tag leaves is text */
    if (!str_starts(tag, STR(YAML_TAGS)))
        return TAG_UNKNOWN;
    struct str name = str_sub(tag, sizeof(YAML_TAGS) - 1, tag.len);
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        if (!str_eq(name, tags[i].name))
            continue;
        if (tags[i].kind == OAS_STRING && !container)
            return TAG_FITS;
        if (tags[i].kind != own)
            return TAG_MISMATCH;
        *kind = own;
        return TAG_FITS;
    }
    return TAG_UNKNOWN;
}

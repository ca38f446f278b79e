/* YAML 1.2 core schema: what plain text and tags mean. `NO`, `on`, `y`, dates and 1_000 are text.
 */
#include <math.h>
#include <stdlib.h>

#include "reader.h"

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
    enum tree_kind kind;
} words[] = {
    {{"", 0},      TREE_NULL  },
    {{"~", 1},     TREE_NULL  },
    {{"null", 4},  TREE_NULL  },
    {{"Null", 4},  TREE_NULL  },
    {{"NULL", 4},  TREE_NULL  },
    {{"true", 4},  TREE_BOOL  },
    {{"True", 4},  TREE_BOOL  },
    {{"TRUE", 4},  TREE_BOOL  },
    {{"false", 5}, TREE_BOOL  },
    {{"False", 5}, TREE_BOOL  },
    {{"FALSE", 5}, TREE_BOOL  },
    {{".inf", 4},  TREE_NUMBER},
    {{".Inf", 4},  TREE_NUMBER},
    {{".INF", 4},  TREE_NUMBER},
    {{"-.inf", 5}, TREE_NUMBER},
    {{"-.Inf", 5}, TREE_NUMBER},
    {{"-.INF", 5}, TREE_NUMBER},
    {{"+.inf", 5}, TREE_NUMBER},
    {{"+.Inf", 5}, TREE_NUMBER},
    {{"+.INF", 5}, TREE_NUMBER},
    {{".nan", 4},  TREE_NUMBER},
    {{".NaN", 4},  TREE_NUMBER},
    {{".NAN", 4},  TREE_NUMBER},
};

enum tree_kind scalar_kind(struct str text)
{
    if (text.len > 0 && strchr("0123456789+-.~nNtTfF", text.ptr[0]) == NULL)
        return TREE_STRING; /* most text */
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (str_eq(text, words[i].text))
            return words[i].kind;
    if (decimal(text) || prefixed(text, STR("0o"), "01234567") ||
        prefixed(text, STR("0x"), "0123456789abcdefABCDEF"))
        return TREE_NUMBER;
    return TREE_STRING;
}

#define YAML_TAGS "tag:yaml.org,2002:"

static const struct {
    struct str name;
    enum tree_kind kind;
} tags[] = {
    {{"str", 3},       TREE_STRING},
    {{"int", 3},       TREE_NUMBER},
    {{"float", 5},     TREE_NUMBER},
    {{"bool", 4},      TREE_BOOL  },
    {{"null", 4},      TREE_NULL  },
    {{"map", 3},       TREE_OBJECT},
    {{"seq", 3},       TREE_ARRAY },
    {{"set", 3},       TREE_OBJECT},
    {{"omap", 4},      TREE_ARRAY },
    {{"pairs", 5},     TREE_ARRAY },
    {{"binary", 6},    TREE_STRING},
    {{"timestamp", 9}, TREE_STRING},
};

enum tag_verdict tag_apply(struct str tag, enum tree_kind *kind)
{
    bool container = *kind >= TREE_ARRAY;
    enum tree_kind own = *kind;
    if (!container)
        *kind = TREE_STRING; /* what an unknown or unfitting tag leaves is text */
    if (!str_starts(tag, STR(YAML_TAGS)))
        return TAG_UNKNOWN;
    struct str name = str_sub(tag, sizeof(YAML_TAGS) - 1, tag.len);
    for (size_t i = 0; i < COUNT_OF(tags); i++) {
        if (!str_eq(name, tags[i].name))
            continue;
        if (tags[i].kind == TREE_STRING && !container)
            return TAG_FITS;
        if (tags[i].kind != own)
            return TAG_MISMATCH;
        *kind = own;
        return TAG_FITS;
    }
    return TAG_UNKNOWN;
}

double tree_double(const struct tree *doc, const struct tree_node *node)
{
    struct str text = tree_text(doc, node);
    char z[64];
    char *end = NULL;
    size_t len = text.len < sizeof(z) - 1 ? text.len : sizeof(z) - 1;
    if (tree_kind_of(node) != TREE_NUMBER)
        return (double)NAN;
    memcpy(z, text.ptr, len);
    z[len] = '\0';
    if (str_starts(text, STR("0o")))
        return (double)strtoull(z + 2, NULL, 8);
    if (len > 3 && str_eq_nocase(str_sub(text, text.len - 4, 4), STR(".inf")))
        return z[0] == '-' ? -(double)INFINITY : (double)INFINITY;
    double number = strtod(z, &end);
    return end == z ? (double)NAN : number;
}

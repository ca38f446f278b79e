/* Formats: the table, and those that fit nowhere else. */
#include "engine.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool holds_uuid(struct str text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < text.len; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? text.ptr[i] != '-' : !is_hex(text.ptr[i]))
            return false;
    }
    return true;
}

static bool holds_json_pointer(struct str text)
{
    if (text.len > 0 && text.ptr[0] != '/')
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '~' &&
            (i + 1 == text.len || (text.ptr[i + 1] != '0' && text.ptr[i + 1] != '1')))
            return false;
    return true;
}

static bool holds_relative_json_pointer(struct str text)
{
    size_t at = 0;
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    if (at == 0 || (at > 1 && text.ptr[0] == '0'))
        return false;
    struct str rest = str_sub(text, at, text.len);
    return str_eq(rest, STR("#")) || holds_json_pointer(rest);
}

static bool holds_regex(struct str text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct regex *regex = NULL;
    return regex_compile(text, STR("u"), &mem, &regex, NULL) ||
           regex_compile(text, STR(""), &mem, &regex, NULL);
}

static bool within(struct str text, const char *least, const char *most)
{
    return schema_number_is_whole(text) && schema_number_cmp(text, str_from(least)) >= 0 &&
           schema_number_cmp(text, str_from(most)) <= 0;
}

static bool holds_int32(struct str text)
{
    return within(text, "-2147483648", "2147483647");
}

static bool holds_int64(struct str text)
{
    return within(text, "-9223372036854775808", "9223372036854775807");
}

/* base64 (RFC 4648 §4), padded. */
static bool holds_byte(struct str text)
{
    size_t padding = 0;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
        padding++;
    for (size_t i = 0; i < text.len - padding; i++) {
        char c = text.ptr[i];
        if (!is_digit(c) && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') && c != '+' && c != '/')
            return false;
    }
    return text.len % 4 == 0;
}

static const struct format formats[] = {
    {"date-time",             TREE_STRING, holds_date_time            },
    {"date",                  TREE_STRING, holds_date                 },
    {"time",                  TREE_STRING, holds_time                 },
    {"duration",              TREE_STRING, holds_duration             },
    {"email",                 TREE_STRING, holds_email                },
    {"idn-email",             TREE_STRING, holds_idn_email            },
    {"hostname",              TREE_STRING, holds_hostname             },
    {"idn-hostname",          TREE_STRING, holds_idn_hostname         },
    {"ipv4",                  TREE_STRING, holds_ipv4                 },
    {"ipv6",                  TREE_STRING, holds_ipv6                 },
    {"uri",                   TREE_STRING, holds_uri                  },
    {"uri-reference",         TREE_STRING, holds_uri_reference        },
    {"iri",                   TREE_STRING, holds_iri                  },
    {"iri-reference",         TREE_STRING, holds_iri_reference        },
    {"uri-template",          TREE_STRING, holds_uri_template         },
    {"json-pointer",          TREE_STRING, holds_json_pointer         },
    {"relative-json-pointer", TREE_STRING, holds_relative_json_pointer},
    {"regex",                 TREE_STRING, holds_regex                },
    {"uuid",                  TREE_STRING, holds_uuid                 },
    {"byte",                  TREE_STRING, holds_byte                 },
    {"int32",                 TREE_NUMBER, holds_int32                },
    {"int64",                 TREE_NUMBER, holds_int64                },
};

const struct format *format_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(formats); i++)
        if (str_eq(name, str_from(formats[i].name)))
            return &formats[i];
    return NULL;
}

bool schema_format_holds(struct str format, struct str text)
{
    const struct format *row = format_named(format);
    return row == NULL || row->holds(text);
}

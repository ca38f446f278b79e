/* Formats of names and addresses in networks, and of URIs. */
#include <arpa/inet.h>

#include "engine.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static bool is_hex(char c)
{
    return is_digit(c) || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f');
}

static bool is_wide(char c)
{
    return (unsigned char)c >= 0x80;
}

/* --- addresses ---------------------------------------------------------------------------------
 */

bool holds_ipv4(struct str text)
{
    struct str part, rest = text;
    unsigned parts = 0;
    while (str_split(&rest, '.', &part)) {
        int64_t number = 0;
        if (part.len == 0 || part.len > 3 || (part.len > 1 && part.ptr[0] == '0') ||
            !is_digit(part.ptr[0]) || !str_to_i64(part, &number) || number > 255)
            return false;
        parts++;
    }
    return parts == 4;
}

bool holds_ipv6(struct str text)
{
    char z[64];
    struct in6_addr address;
    if (text.len >= sizeof(z) || memchr(text.ptr, 0, text.len) != NULL)
        return false;
    memcpy(z, text.ptr, text.len);
    z[text.len] = '\0';
    return inet_pton(AF_INET6, z, &address) == 1;
}

/* --- host names --------------------------------------------------------------------------------
 */

#define LONGEST_LABEL 63
#define LONGEST_NAME  253

static bool label_holds(struct str label, bool wide)
{
    if (label.len == 0 || label.len > LONGEST_LABEL || label.ptr[0] == '-' ||
        label.ptr[label.len - 1] == '-')
        return false;
    for (size_t i = 0; i < label.len; i++) {
        char c = label.ptr[i];
        if (!is_digit(c) && !is_letter(c) && c != '-' && !(wide && is_wide(c)))
            return false;
    }
    /* "--" in third place is for labels made from other scripts. */
    bool coded = label.len >= 4 && label.ptr[2] == '-' && label.ptr[3] == '-';
    return !coded || (str_eq_nocase(str_sub(label, 0, 2), STR("xn")) && label.len > 4);
}

static bool name_holds(struct str text, bool wide)
{
    struct str label, rest = text;
    if (text.len == 0 || text.len > LONGEST_NAME)
        return false;
    while (str_split(&rest, '.', &label))
        if (!label_holds(label, wide))
            return false;
    return true;
}

bool holds_hostname(struct str text)
{
    return name_holds(text, false);
}

bool holds_idn_hostname(struct str text)
{
    return name_holds(text, true);
}

/* --- mail --------------------------------------------------------------------------------------
 */

static bool is_atom(char c, bool wide)
{
    return is_letter(c) || is_digit(c) || (wide && is_wide(c)) ||
           (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

static bool local_holds(struct str local, bool wide)
{
    if (local.len == 0)
        return false;
    bool quoted = local.len >= 2 && local.ptr[0] == '"' && local.ptr[local.len - 1] == '"';
    for (size_t i = 0; i < local.len; i++) {
        char c = local.ptr[i];
        bool dot = c == '.' && i > 0 && i + 1 < local.len && local.ptr[i - 1] != '.';
        if (!quoted && !dot && !is_atom(c, wide))
            return false;
        if (quoted && c == '\\')
            i++;
        else if (quoted && (((unsigned char)c < 32) || (c == '"' && i > 0 && i + 1 < local.len)))
            return false;
    }
    return true;
}

static bool mail_holds(struct str text, bool wide)
{
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != '@')
        at--;
    if (at == 0)
        return false;
    struct str local = str_sub(text, 0, at - 1), host = str_sub(text, at, text.len);
    if (!local_holds(local, wide))
        return false;
    if (host.len < 2 || host.ptr[0] != '[' || host.ptr[host.len - 1] != ']')
        return name_holds(host, wide);
    host = str_sub(host, 1, host.len - 2);
    return str_starts(host, STR("IPv6:")) ? holds_ipv6(str_sub(host, 5, host.len))
                                          : holds_ipv4(host);
}

bool holds_email(struct str text)
{
    return mail_holds(text, false);
}

bool holds_idn_email(struct str text)
{
    return mail_holds(text, true);
}

/* --- URIs (RFC 3986, 3987) ----------------------------------------------------------------------
 */

static bool escape_at(struct str text, size_t at)
{
    return at + 2 < text.len && is_hex(text.ptr[at + 1]) && is_hex(text.ptr[at + 2]);
}

static bool chars_hold(struct str text, const char *also, bool wide)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool plain = is_letter(c) || is_digit(c) || (wide && is_wide(c)) ||
                     (c != '\0' && (strchr("-._~!$&'()*+,;=:@", c) || strchr(also, c)));
        if (c == '%' ? !escape_at(text, i) : !plain)
            return false;
    }
    return true;
}

static bool literal_holds(struct str host)
{
    if (host.len > 0 && (host.ptr[0] | 0x20) == 'v')
        return host.len > 3 && chars_hold(host, "", false);
    return holds_ipv6(host);
}

static bool authority_holds(struct str authority, bool wide)
{
    size_t at = str_find_char(authority, '@');
    struct str host = at == SIZE_MAX ? authority : str_sub(authority, at + 1, authority.len);
    if (at != SIZE_MAX && !chars_hold(str_sub(authority, 0, at), "", wide))
        return false;
    struct str port = STR_NONE;
    if (host.len > 0 && host.ptr[0] == '[') {
        size_t end = str_find_char(host, ']');
        if (end == SIZE_MAX || !literal_holds(str_sub(host, 1, end - 1)))
            return false;
        port = str_sub(host, end + 1, host.len);
        if (port.len > 0 && port.ptr[0] != ':')
            return false;
        port = str_sub(port, 1, port.len);
    } else {
        size_t colon = str_find_char(host, ':');
        if (colon != SIZE_MAX) {
            port = str_sub(host, colon + 1, host.len);
            host = str_sub(host, 0, colon);
        }
        if (!chars_hold(host, "", wide) || str_find_char(host, '@') != SIZE_MAX)
            return false;
    }
    for (size_t i = 0; i < port.len; i++)
        if (!is_digit(port.ptr[i]))
            return false;
    return true;
}

/* Takes "scheme:" when there is one. */
static bool take_scheme(struct str *rest)
{
    size_t colon = str_find_char(*rest, ':');
    if (colon == SIZE_MAX || colon == 0 || !is_letter(rest->ptr[0]))
        return false;
    for (size_t i = 0; i < colon; i++) {
        char c = rest->ptr[i];
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '.')
            return false;
    }
    *rest = str_sub(*rest, colon + 1, rest->len);
    return true;
}

static bool uri_holds(struct str text, bool absolute, bool wide)
{
    struct str fragment, rest = text;
    bool scheme = take_scheme(&rest);
    if (absolute && !scheme)
        return false;
    rest = uri_without_fragment(rest, &fragment);
    size_t question = str_find_char(rest, '?');
    struct str query = question == SIZE_MAX ? STR("") : str_sub(rest, question + 1, rest.len);
    rest = str_sub(rest, 0, question == SIZE_MAX ? rest.len : question);
    if (!chars_hold(fragment, "/?", wide) || !chars_hold(query, "/?", wide))
        return false;
    if (str_starts(rest, STR("//"))) {
        rest = str_sub(rest, 2, rest.len);
        size_t slash = str_find_char(rest, '/');
        size_t end = slash == SIZE_MAX ? rest.len : slash;
        if (!authority_holds(str_sub(rest, 0, end), wide))
            return false;
        rest = str_sub(rest, end, rest.len);
    }
    /* Without scheme a colon in the first segment would read as one (§4.2). */
    size_t colon = str_find_char(rest, ':'), slash = str_find_char(rest, '/');
    if (!scheme && colon < slash)
        return false;
    return chars_hold(rest, "/", wide);
}

bool holds_uri(struct str text)
{
    return uri_holds(text, true, false);
}

bool holds_uri_reference(struct str text)
{
    return uri_holds(text, false, false);
}

bool holds_iri(struct str text)
{
    return uri_holds(text, true, true);
}

bool holds_iri_reference(struct str text)
{
    return uri_holds(text, false, true);
}

/* RFC 6570 §2: what stands in braces. */
static bool expression_holds(struct str body)
{
    struct str name;
    if (body.len > 0 && strchr("+#./;?&", body.ptr[0]) != NULL)
        body = str_sub(body, 1, body.len);
    if (body.len == 0)
        return false;
    while (str_split(&body, ',', &name)) {
        size_t colon = str_find_char(name, ':');
        struct str length = colon == SIZE_MAX ? STR("1") : str_sub(name, colon + 1, name.len);
        name = str_sub(name, 0, colon == SIZE_MAX ? name.len : colon);
        if (str_ends(name, STR("*")))
            name = str_sub(name, 0, name.len - 1);
        int64_t number = 0;
        if (!str_to_i64(length, &number) || number < 1 || number > 9999 || length.ptr[0] == '0' ||
            name.len == 0 || str_find(name, STR("..")) != SIZE_MAX)
            return false;
        for (size_t i = 0; i < name.len; i++)
            if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '_' &&
                name.ptr[i] != '.' && !(name.ptr[i] == '%' && escape_at(name, i)))
                return false;
    }
    return true;
}

bool holds_uri_template(struct str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c == '{') {
            size_t end = str_find_char(str_sub(text, i, text.len), '}');
            if (end == SIZE_MAX || !expression_holds(str_sub(text, i + 1, end - 1)))
                return false;
            i += end;
        } else if ((unsigned char)c <= 0x20 || c == 0x7F || strchr("\"<>\\^`|}", c) != NULL ||
                   (c == '%' && !escape_at(text, i))) {
            return false;
        }
    }
    return true;
}

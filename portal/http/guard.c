/* The guard: one pass over the head, then one table-like list of checks per profile.
 *
 * The library's parser is lenient where leniency between two HTTP implementations becomes request
 * smuggling: it cuts values at a NUL, joins folded lines, ends lines at a bare LF, skips extra
 * blanks. None of that is visible in the values it hands out, but all of it moves the bytes: so the
 * guard walks the head and demands that method, target, version and every header follow each other
 * exactly as RFC 9112 §2.1 writes them. */
#include "portal/http/guard.h"

#define HOST_LEN_MAX       255
#define REQUEST_ID_LEN_MAX 64
#define LENGTH_DIGITS_MAX  12
#define VERSION_LEN        8

/* One bit per ASCII code. */
static const uint64_t token_bytes[2] = {0x03ff6cfa00000000, 0x57ffffffc7fffffe};
static const uint64_t name_bytes[2] = {0x03ff600000000000,
                                       0x47fffffe87fffffe}; /* [-._~0-9A-Za-z] */

static bool in_set(const uint64_t set[2], unsigned char c)
{
    return c < 128 && (set[c >> 6] >> (c & 63) & 1) != 0;
}

static bool all_in(const uint64_t set[2], struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (!in_set(set, (unsigned char)s.ptr[i]))
            return false;
    return true;
}

bool guard_token(struct str s)
{
    return s.len > 0 && all_in(token_bytes, s);
}

/* Eight bytes at a time. Some byte below `least` leaves its top bit set; so does one that is equal
 * to another, which is 0 when that is taken away. */
#define ONES UINT64_C(0x0101010101010101)
#define TOPS (ONES * 0x80)

static uint64_t below(uint64_t eight, uint64_t least)
{
    return (eight - ONES * least) & ~eight & TOPS;
}

static uint64_t equal(uint64_t eight, uint64_t byte)
{
    return below(eight ^ (ONES * byte), 1);
}

static bool has_control(uint64_t eight)
{
    return (below(eight, 0x20) | equal(eight, 0x7f)) != 0;
}

/* Goes on from i while eight bytes are letters, digits and most marks: no blank, control, DEL,
 * percent sign, nothing beyond ASCII. */
static size_t skip_plain(struct str s, size_t i)
{
    for (uint64_t eight; i + sizeof(eight) <= s.len; i += sizeof(eight)) {
        memcpy(&eight, s.ptr + i, sizeof(eight));
        if ((below(eight, 0x21) | equal(eight, 0x7f) | equal(eight, '%') | (eight & TOPS)) != 0)
            break;
    }
    return i;
}

bool guard_value(struct str s)
{
    size_t i = 0;
    for (; i + 8 <= s.len; i += 8) {
        uint64_t eight;
        memcpy(&eight, s.ptr + i, 8);
        if (has_control(eight))
            break; /* perhaps only a tab */
    }
    for (; i < s.len; i++) {
        unsigned char c = (unsigned char)s.ptr[i];
        if ((c < 0x20 && c != '\t') || c == 0x7f)
            return false;
    }
    return true;
}

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (s.ptr[i] < '0' || s.ptr[i] > '9')
            return false;
    return s.len > 0;
}

static int refuse(struct err *err, int status, const char *where, const char *message)
{
    fail(err, ERR_INVALID, where, "%s", message);
    return status;
}

/* --- the bytes -------------------------------------------------------------------------------- */

static int check_layout(const struct guard_head *head, struct err *err)
{
    const char *at = head->method.ptr + head->method.len + 1;
    bool exact = head->url == at && head->version.ptr == at + head->target.len + 1;
    at = head->version.ptr + VERSION_LEN + 2;
    for (size_t i = 0; exact && i < head->header_count; i++) {
        exact = head->headers[i].name.ptr == at;
        at = head->headers[i].value.ptr + head->headers[i].value.len + 2;
    }
    if (exact && at + 2 == head->method.ptr + head->size_bytes)
        return 0;
    return refuse(err, 400, "request",
                  "lines must end in CRLF, unfolded, without NUL or extra blanks");
}

/* --- headers ---------------------------------------------------------------------------------- */

enum known {
    KNOWN_HOST,
    KNOWN_LENGTH,
    KNOWN_ENCODING,
    KNOWN_EXPECT,
    KNOWN_TYPE,
    KNOWN_CODING,
    KNOWN_ORIGIN,
    KNOWN_REQUEST_ID,
    KNOWN_COUNT
};

/* Names the guard acts on; those that decide framing or authority may stand once only. */
static const struct {
    struct str name;
    bool once;
} known_headers[KNOWN_COUNT] = {
    [KNOWN_HOST] = {{"host", 4},               true },
    [KNOWN_LENGTH] = {{"content-length", 14},    true },
    [KNOWN_ENCODING] = {{"transfer-encoding", 17}, true },
    [KNOWN_EXPECT] = {{"expect", 6},             true },
    [KNOWN_TYPE] = {{"content-type", 12},      true },
    [KNOWN_CODING] = {{"content-encoding", 16},  false},
    [KNOWN_ORIGIN] = {{"origin", 6},             true },
    [KNOWN_REQUEST_ID] = {{"x-request-id", 12},      false},
};

/* Most names are told apart from these by their length alone. */
#define KNOWN_LENGTHS (1U << 4 | 1U << 6 | 1U << 12 | 1U << 14 | 1U << 16 | 1U << 17)

static int take_header(const struct http_pair *header, struct str values[KNOWN_COUNT],
                       struct err *err)
{
    if (!guard_token(header->name))
        return refuse(err, 400, "header", "a header name has bytes a name must not have");
    if (!guard_value(header->value))
        return refuse(err, 400, "header", "a header value has control bytes");
    if (header->name.len >= 32 || (KNOWN_LENGTHS >> header->name.len & 1) == 0)
        return 0;
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        if (header->name.len != known_headers[k].name.len ||
            !str_eq_nocase(header->name, known_headers[k].name))
            continue;
        if (known_headers[k].once && values[k].ptr != NULL)
            return refuse(err, 400, known_headers[k].name.ptr, "the header must stand once only");
        values[k] = str_trim(header->value);
        return 0;
    }
    return 0;
}

static bool is_length(struct str value)
{
    return all_digits(value) && value.len <= LENGTH_DIGITS_MAX;
}

bool guard_length_is_odd(const struct http_pair *headers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_eq_nocase(headers[i].name, known_headers[KNOWN_LENGTH].name) &&
            !is_length(headers[i].value))
            return true;
    return false;
}

static int check_framing(const struct guard_head *head, const struct str values[KNOWN_COUNT],
                         struct guard_facts *out, struct err *err)
{
    struct str coding = values[KNOWN_ENCODING], length = values[KNOWN_LENGTH];
    if (coding.ptr != NULL && length.ptr != NULL)
        return refuse(err, 400, "transfer-encoding", "stands beside content-length");
    if (coding.ptr != NULL) {
        if (!str_eq_nocase(coding, STR("chunked")) || str_eq(head->version, STR("HTTP/1.0")))
            return refuse(err, 400, "transfer-encoding", "only chunked, and not in HTTP/1.0");
        out->framing = FRAMING_CHUNKED;
    }
    if (length.ptr != NULL) {
        int64_t bytes = 0;
        if (!is_length(length) || !str_to_i64(length, &bytes))
            return refuse(err, 400, "content-length", "must be 1 to 12 digits");
        out->content_length = (uint64_t)bytes;
        out->framing = bytes > 0 ? FRAMING_LENGTH : FRAMING_NONE;
    }
    if (values[KNOWN_EXPECT].ptr != NULL) {
        if (!str_eq_nocase(values[KNOWN_EXPECT], STR("100-continue")))
            return refuse(err, 417, "expect", "only 100-continue can be expected");
        out->expects_continue = true;
    }
    return 0;
}

/* --- host and origin -------------------------------------------------------------------------- */

/* Takes host[:port] apart; false for anything else (user information, paths, blanks, lists). */
static bool split_host(struct str host, struct str *name, struct str *port)
{
    *port = STR_NONE;
    if (host.len == 0 || host.len > HOST_LEN_MAX)
        return false;
    size_t end = host.ptr[0] == '[' ? str_find_char(host, ']') : str_find_char(host, ':');
    if (host.ptr[0] == '[') {
        if (end == SIZE_MAX || end < 3)
            return false;
        for (size_t i = 1; i < end; i++)
            if (strchr("0123456789abcdefABCDEF:.", host.ptr[i]) == NULL)
                return false;
        end++;
    }
    if (end == SIZE_MAX)
        end = host.len;
    *name = str_sub(host, 0, end);
    if (end < host.len) {
        *port = str_sub(host, end + 1, host.len - end - 1);
        if (host.ptr[end] != ':' || !all_digits(*port) || port->len > 5)
            return false;
    }
    return name->len > 0 && (name->ptr[0] == '[' || all_in(name_bytes, *name));
}

static bool is_ipv4_loopback(struct str name)
{
    size_t dots = 0;
    if (!str_starts(name, STR("127.")))
        return false;
    for (size_t i = 0; i < name.len; i++) {
        dots += name.ptr[i] == '.';
        if (name.ptr[i] != '.' && (name.ptr[i] < '0' || name.ptr[i] > '9'))
            return false;
    }
    return dots == 3;
}

bool guard_host_is_loopback(struct str host)
{
    struct str name = STR_NONE, port = STR_NONE;
    if (!split_host(host, &name, &port))
        return false;
    static const struct str suffix = {".localhost", 10};
    return str_eq_nocase(name, STR("localhost")) || str_eq(name, STR("[::1]")) ||
           is_ipv4_loopback(name) ||
           (name.len > suffix.len &&
            str_eq_nocase(str_sub(name, name.len - suffix.len, suffix.len), suffix));
}

/* public_host without a port names the host on any port. */
static bool same_host(struct str host, struct str public_host)
{
    struct str name = STR_NONE, port = STR_NONE, want = STR_NONE, want_port = STR_NONE;
    if (!split_host(host, &name, &port) || !split_host(public_host, &want, &want_port))
        return false;
    return str_eq_nocase(name, want) && (want_port.ptr == NULL || str_eq(port, want_port));
}

static int check_host(enum http_profile profile, const struct guard_head *head, struct str host,
                      struct err *err)
{
    struct str name = STR_NONE, port = STR_NONE;
    if (host.ptr == NULL && str_eq(head->version, STR("HTTP/1.0")))
        return 0;
    if (host.ptr == NULL)
        return refuse(err, 400, "host", "the header is required");
    if (!split_host(host, &name, &port))
        return refuse(err, 400, "host", "must be a name or an address, with or without a port");
    if (profile == HTTP_CHECK || str_eq(head->public_host, STR("*")) ||
        guard_host_is_loopback(host) || same_host(host, head->public_host))
        return 0;
    refuse(err, 421, "host", "this name is not served here");
    err_hint(err, "set public_url to the address people use");
    return 421;
}

/* A browser names the page a form was sent from; another site's form must not act for its user. */
static int check_origin(const struct guard_head *head, const struct guard_facts *facts,
                        struct err *err)
{
    static const struct str safe[] = {
        {"GET",     3},
        {"HEAD",    4},
        {"OPTIONS", 7}
    };
    for (size_t i = 0; i < COUNT_OF(safe); i++)
        if (str_eq(head->method, safe[i]))
            return 0;
    struct str host = STR_NONE;
    if (str_starts(facts->origin, STR("http://")))
        host = str_sub(facts->origin, 7, SIZE_MAX);
    if (str_starts(facts->origin, STR("https://")))
        host = str_sub(facts->origin, 8, SIZE_MAX);
    if (facts->origin.ptr == NULL || (host.ptr != NULL && (str_eq_nocase(host, facts->host) ||
                                                           same_host(host, head->public_host))))
        return 0;
    return refuse(err, 403, "origin", "the request comes from another site");
}

/* --- method and target ------------------------------------------------------------------------ */

/* Value of the %XX at s[i], or -1. */
static int encoded_byte(struct str s, size_t i)
{
    if (i + 2 >= s.len)
        return -1;
    int high = hex_digit(s.ptr[i + 1]), low = hex_digit(s.ptr[i + 2]);
    return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static bool is_dot_segment(struct str path, size_t slash)
{
    struct str rest = str_sub(path, slash + 1, 3);
    return str_eq(rest, STR(".")) || str_eq(rest, STR("..")) || str_starts(rest, STR("./")) ||
           str_starts(rest, STR("../"));
}

/* Encoded bytes that another decoder on the way could turn into structure. */
static bool is_encoded_structure(int byte)
{
    return byte < 0x20 || byte == 0x7f || byte == '/' || byte == '\\' || byte == '.';
}

static int check_path(struct str path, struct err *err)
{
    if (path.len == 0 || path.ptr[0] != '/')
        return refuse(err, 400, "path", "must start with a slash");
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] == '%' && is_encoded_structure(encoded_byte(path, i)))
            return refuse(err, 400, "path", "has an encoded slash, dot or control byte");
        if (path.ptr[i] == '\\' || path.ptr[i] == '#')
            return refuse(err, 400, "path", "has a backslash or a fragment");
        if (path.ptr[i] == '/' && is_dot_segment(path, i))
            return refuse(err, 400, "path", "has a dot segment");
    }
    return 0;
}

/* Request-line grammar, alike for both profiles; obs-text only where the target is client data. */
static int check_target_bytes(enum http_profile profile, struct str target, struct err *err)
{
    for (size_t i = skip_plain(target, 0); i < target.len; i = skip_plain(target, i + 1)) {
        unsigned char c = (unsigned char)target.ptr[i];
        if (c <= 0x20 || c == 0x7f || (c >= 0x80 && profile == HTTP_PORTAL))
            return refuse(err, 400, "target", "has a byte that must be percent-encoded");
        if (c != '%')
            continue;
        int byte = encoded_byte(target, i);
        if (byte < 0)
            return refuse(err, 400, "target", "has a malformed percent-encoding");
        if (byte == 0)
            return refuse(err, 400, "target", "has an encoded NUL");
    }
    return 0;
}

static int check_method(enum http_profile profile, struct str method, struct err *err)
{
    if (!guard_token(method))
        return refuse(err, 400, "method", "has bytes a method must not have");
    if (profile == HTTP_CHECK)
        return 0;
    for (size_t i = 0; i < HTTP_METHOD_COUNT; i++)
        if (str_eq(method, str_from(http_method_name((enum http_method)i))))
            return 0;
    return refuse(err, 501, "method", "is not one this server knows");
}

int guard_check(enum http_profile profile, const struct guard_head *head, struct guard_facts *out,
                struct err *err)
{
    struct str values[KNOWN_COUNT] = {{0}};
    int status = check_layout(head, err);
    for (size_t i = 0; status == 0 && i < head->header_count; i++)
        status = take_header(&head->headers[i], values, err);
    *out = (struct guard_facts){
        .host = values[KNOWN_HOST],
        .content_type = values[KNOWN_TYPE],
        .content_encoding = values[KNOWN_CODING],
        .origin = values[KNOWN_ORIGIN],
        .request_id = values[KNOWN_REQUEST_ID],
    };
    size_t mark = str_find_char(head->target, '?');
    out->path = str_sub(head->target, 0, mark);
    if (mark != SIZE_MAX)
        out->query = str_sub(head->target, mark + 1, SIZE_MAX);
    if (out->request_id.len > REQUEST_ID_LEN_MAX || !all_in(name_bytes, out->request_id))
        out->request_id = STR_NONE;

    if (status == 0)
        status = check_framing(head, values, out, err);
    if (status == 0)
        status = check_method(profile, head->method, err);
    if (status == 0)
        status = check_target_bytes(profile, head->target, err);
    if (status == 0 && profile == HTTP_PORTAL)
        status = check_path(out->path, err);
    if (status == 0)
        status = check_host(profile, head, out->host, err);
    if (status == 0 && profile == HTTP_PORTAL)
        status = check_origin(head, out, err);
    return status;
}

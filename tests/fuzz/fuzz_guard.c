/* The request guard: a head that it lets through has one meaning only. The input is the head as it
 * came, the first byte the profile. */
#include "portal/http/guard.h"
#include "tests/fuzz/fuzz.h"

#define HEADERS_MOST 64

/* As the HTTP library cuts it up: at the first blanks of the first line, then at colons. */
static bool cut(struct str text, struct guard_head *head, struct http_pair *headers)
{
    struct str rest = text, line = STR_NONE, name = STR_NONE;
    if (!str_split(&rest, '\n', &line) || rest.ptr == NULL)
        return false;
    head->version = str_ends(line, STR("\r")) ? str_sub(line, 0, line.len - 1) : line;
    if (!str_split(&head->version, ' ', &head->method) || head->version.ptr == NULL ||
        !str_split(&head->version, ' ', &head->target) || head->version.ptr == NULL)
        return false;
    head->url = head->target.ptr;
    while (str_split(&rest, '\n', &line) && line.len > 1 && head->header_count < HEADERS_MOST) {
        struct str value = str_sub(line, 0, line.len - 1);
        if (!str_split(&value, ':', &name) || value.ptr == NULL)
            return false;
        headers[head->header_count++] = (struct http_pair){name, str_trim(value)};
    }
    head->headers = headers;
    head->size_bytes = rest.ptr ? (size_t)(rest.ptr - text.ptr) : text.len;
    return true;
}

static size_t named(const struct guard_head *head, struct str name)
{
    size_t n = 0;
    for (size_t i = 0; i < head->header_count; i++)
        n += str_eq_nocase(head->headers[i].name, name);
    return n;
}

static void one_meaning(enum http_profile profile, const struct guard_head *head,
                        const struct guard_facts *facts)
{
    HOLDS(named(head, STR("host")) == 1 ||
          (named(head, STR("host")) == 0 && str_eq(head->version, STR("HTTP/1.0"))));
    HOLDS(named(head, STR("content-length")) + named(head, STR("transfer-encoding")) <= 1);
    HOLDS((facts->framing == FRAMING_CHUNKED) == (named(head, STR("transfer-encoding")) == 1));
    HOLDS((facts->framing == FRAMING_LENGTH) == (facts->content_length > 0));
    HOLDS(facts->content_length == 0 || named(head, STR("content-length")) == 1);
    HOLDS(facts->content_length <= UINT64_C(999999999999));
    HOLDS(fuzz_inside(facts->path, head->target) && fuzz_inside(facts->query, head->target));
    HOLDS(guard_token(head->method));
    for (size_t i = 0; i < head->header_count; i++)
        HOLDS(guard_token(head->headers[i].name) && guard_value(head->headers[i].value));
    for (size_t i = 0; i < head->target.len; i++)
        HOLDS((unsigned char)head->target.ptr[i] > ' ' &&
              (unsigned char)head->target.ptr[i] != 0x7F);
    if (profile == HTTP_PORTAL) {
        HOLDS(str_starts(facts->path, STR("/")));
        HOLDS(str_find(facts->path, STR("/../")) == SIZE_MAX && !str_ends(facts->path, STR("/..")));
        HOLDS(str_find(facts->path, STR("%2f")) == SIZE_MAX &&
              str_find(facts->path, STR("%2F")) == SIZE_MAX);
        HOLDS(str_find(facts->path, STR("%00")) == SIZE_MAX);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct http_pair headers[HEADERS_MOST];
    struct guard_head head = {.public_host = STR("portal.example")};
    struct guard_facts facts = {0}, again = {0};
    struct err err = {0};
    if (size == 0)
        return 0;
    enum http_profile profile = (data[0] & 1) ? HTTP_CHECK : HTTP_PORTAL;
    struct str text = fuzz_text(data + 1, size - 1);
    if (!cut(text, &head, headers))
        return 0;
    int status = guard_check(profile, &head, &facts, &err);
    HOLDS(status == 0 || (status >= 400 && status < 600 && err.msg[0] != '\0'));
    HOLDS(guard_check(profile, &head, &again, &err) == status);
    if (status == 0)
        one_meaning(profile, &head, &facts);
    return 0;
}

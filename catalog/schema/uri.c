/* Resolving URI references (RFC 3986 §5). The base may be a mere path. */
#include "engine.h"

/* As appendix B takes a URI apart. Absent parts have no ptr. */
struct uri {
    struct str scheme, authority, path, query;
};

static bool is_scheme_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' ||
           c == '-' || c == '.';
}

static struct str take_scheme(struct str *rest)
{
    size_t colon = str_find_char(*rest, ':');
    if (colon == SIZE_MAX || colon == 0)
        return STR_NONE;
    for (size_t i = 0; i < colon; i++)
        if (!is_scheme_char(rest->ptr[i]))
            return STR_NONE;
    struct str scheme = str_sub(*rest, 0, colon);
    *rest = str_sub(*rest, colon + 1, rest->len);
    return scheme;
}

static struct uri take_apart(struct str text)
{
    struct uri uri = {0};
    uri.scheme = take_scheme(&text);
    size_t question = str_find_char(text, '?');
    if (question != SIZE_MAX) {
        uri.query = str_sub(text, question + 1, text.len);
        text = str_sub(text, 0, question);
    }
    if (str_starts(text, STR("//"))) {
        struct str behind = str_sub(text, 2, text.len);
        size_t slash = str_find_char(behind, '/');
        uri.authority = str_sub(behind, 0, slash == SIZE_MAX ? behind.len : slash);
        text = str_sub(behind, uri.authority.len, behind.len);
    }
    uri.path = text;
    return uri;
}

struct str uri_without_fragment(struct str uri, struct str *fragment)
{
    size_t hash = str_find_char(uri, '#');
    *fragment = hash == SIZE_MAX ? STR_NONE : str_sub(uri, hash + 1, uri.len);
    return hash == SIZE_MAX ? uri : str_sub(uri, 0, hash);
}

/* §5.2.4, segment by segment: "." goes, ".." takes the one before along. */
static void add_path(struct buf *out, struct str path)
{
    size_t begin = out->len;
    struct str segment, rest = path;
    bool first = true;
    while (str_split(&rest, '/', &segment)) {
        bool last = rest.ptr == NULL;
        bool up = str_eq(segment, STR("..")), stay = str_eq(segment, STR("."));
        if (up) {
            while (out->len > begin && out->ptr[out->len - 1] != '/')
                out->len--;
            if (out->len > begin + 1) /* the slash behind the one before, which goes too */
                out->len--;
            while (out->len > begin && out->ptr[out->len - 1] != '/')
                out->len--;
        } else if (!stay) {
            buf_add(out, segment);
            if (!last)
                buf_add_char(out, '/');
        } else if (first && last) {
            continue;
        }
        first = false;
    }
}

/* §5.2.3: the reference beside the base's last segment. */
static struct str merge(const struct uri *base, struct str path, struct arena *mem)
{
    size_t end = base->path.len;
    while (end > 0 && base->path.ptr[end - 1] != '/')
        end--;
    if (base->authority.ptr != NULL && base->path.len == 0)
        return arena_join(mem, STR("/"), path);
    return arena_join(mem, str_sub(base->path, 0, end), path);
}

static struct str put_together(const struct uri *uri, struct arena *mem)
{
    CLEANUP(buf_clear) struct buf out = {0};
    if (uri->scheme.ptr != NULL) {
        buf_add(&out, uri->scheme);
        buf_add_char(&out, ':');
    }
    if (uri->authority.ptr != NULL) {
        buf_add(&out, STR("//"));
        buf_add(&out, uri->authority);
    }
    add_path(&out, uri->path);
    if (uri->query.ptr != NULL) {
        buf_add_char(&out, '?');
        buf_add(&out, uri->query);
    }
    return arena_str(mem, buf_str(&out));
}

struct str uri_resolve(struct str base, struct str reference, struct arena *mem)
{
    struct str fragment, ignored;
    struct uri ref = take_apart(uri_without_fragment(reference, &fragment));
    struct uri from = take_apart(uri_without_fragment(base, &ignored));
    if (ref.scheme.ptr == NULL) {
        ref.scheme = from.scheme;
        if (ref.authority.ptr == NULL) {
            ref.authority = from.authority;
            if (ref.path.len == 0) {
                ref.path = from.path;
                if (ref.query.ptr == NULL)
                    ref.query = from.query;
            } else if (ref.path.ptr[0] != '/') {
                ref.path = merge(&from, ref.path, mem);
            }
        }
    }
    struct str whole = put_together(&ref, mem);
    return fragment.ptr ? arena_join(mem, whole, STR("#"), fragment) : whole;
}

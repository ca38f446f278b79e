/* rulesets.lock: which file stands for a ruleset's address, and what that file must be. Nothing is
 * fetched here; an address that is not listed is refused with what to write. */
#include "ruleset.h"

#define LOCK_NAME "rulesets.lock"

struct lock_row {
    struct str url, hash, file; /* hash as written: "sha256:" and 64 hex digits */
    unsigned line;
};

static struct str next_word(struct str *rest)
{
    size_t end = 0;
    *rest = str_trim(*rest);
    while (end < rest->len && rest->ptr[end] != ' ' && rest->ptr[end] != '\t')
        end++;
    struct str word = str_sub(*rest, 0, end);
    *rest = str_sub(*rest, end, rest->len);
    return word;
}

/* `URL sha256:HEX FILE`, the hash may be missing; `#` begins a comment. */
static bool find_row(struct str text, struct str url, struct lock_row *out)
{
    struct str line, rest = text;
    for (unsigned number = 1; str_split(&rest, '\n', &line); number++) {
        struct lock_row row = {.url = next_word(&line), .line = number};
        struct str word = next_word(&line);
        if (!str_eq(row.url, url))
            continue;
        bool has_hash = str_starts(word, STR("sha256:"));
        row.hash = has_hash ? word : STR_NONE;
        row.file = has_hash ? next_word(&line) : word;
        *out = row;
        return true;
    }
    return false;
}

static struct str hash_text(struct str bytes, struct arena *mem)
{
    struct sha256 hash = sha256_of(bytes);
    return arena_join(mem, STR("sha256:"), hex_format(mem, hash.bytes, sizeof(hash.bytes)));
}

/* The folder of the ruleset that was asked for; where people stand, when that is an address. */
static struct str in_folder(const struct lint_ruleset *r, struct str name)
{
    size_t end = ruleset_is_url(r->file) ? 0 : r->file.len;
    while (end > 0 && r->file.ptr[end - 1] != '/')
        end--;
    return arena_join(r->mem, str_sub(r->file, 0, end), name);
}

static bool refuse_unknown(const struct lint_ruleset *r, struct str url, struct err *err)
{
    (void)fail(err, ERR_DENIED, str_z(r->mem, url),
               "a ruleset is not fetched from the network, and no line of " STR_FMT
               " names a file for this address",
               STR_ARG(in_folder(r, STR(LOCK_NAME))));
    return err_hint(err, "download it, then add the line: " STR_FMT " FILE", STR_ARG(url));
}

bool lock_load(const struct lint_ruleset *r, struct str url, struct str *out, struct err *err)
{
    struct str text = STR_NONE, path = in_folder(r, STR(LOCK_NAME));
    struct lock_row row = {0};
    struct err why = {0};
    if (r->config.load == NULL)
        return refuse_unknown(r, url, err);
    if (!r->config.load(r->config.context, path, r->mem, &text, &why) &&
        why.code != ERR_NOT_FOUND) {
        if (err != NULL)
            *err = why;
        return false;
    }
    if (text.ptr == NULL || !find_row(text, url, &row))
        return refuse_unknown(r, url, err);
    const char *where = arena_printf(r->mem, STR_FMT " line %u", STR_ARG(path), row.line).ptr;
    if (row.file.len == 0)
        return fail(err, ERR_INVALID, where, "a line is an address, sha256:HEX and a file");
    if (!r->config.load(r->config.context, in_folder(r, row.file), r->mem, out, err))
        return false;
    if (!crypto_init())
        return fail(err, ERR_IO, where, "the hash cannot be made");
    struct str hash = hash_text(*out, r->mem);
    if (str_eq(hash, row.hash))
        return true;
    (void)fail(err, ERR_DENIED, where,
               row.hash.ptr ? STR_FMT " is not the file that was pinned: it has " STR_FMT
                            : STR_FMT " is not pinned yet: it has " STR_FMT,
               STR_ARG(row.file), STR_ARG(hash));
    return err_hint(err, "if that is what it should be, write %s behind the address", hash.ptr);
}

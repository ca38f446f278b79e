/* Compares `diff --compat oasdiff` with recorded change logs and prints one line per corpus.
 * diff_parity [--verbose] [--pairs PERCENT] [--findings PERCENT] [--deviations FILE] FOLDER…
 *   [--aggregate OLD NEW COUNTS]
 * A folder holds cases: base.*, revision.*, perhaps flags, and changelog.json. Exit 1 when more
 * deviates than allowed, or something that the file of deviations does not name, or names in vain.
 */
#include <dirent.h>
#include <stdlib.h>
#include <time.h>

#include "catalog/diff/diff.h"

#define MOST_BYTES ((size_t)1 << 30)

struct limits {
    double pairs, findings; /* percent; negative: none */
    bool verbose;
    struct str deviations;
};

struct tally {
    size_t pairs, pairs_off, findings, missing, extra, level_off, text_same, print_same, refused;
    size_t unlisted, idle; /* deviations that no line names; lines that name none */
    double seconds;
};

/* --- cases ------------------------------------------------------------------------------------ */

/* A file, or its packed twin. */
static bool read_bytes(struct str path, struct arena *mem, struct str *out)
{
    CLEANUP(buf_clear) struct buf bytes = {0};
    CLEANUP(buf_clear) struct buf plain = {0};
    struct err err = {0};
    if (file_read(path.ptr, MOST_BYTES, &bytes, &err)) {
        *out = arena_str(mem, buf_str(&bytes));
        return true;
    }
    if (!file_read(arena_join(mem, path, STR(".gz")).ptr, MOST_BYTES, &bytes, &err) ||
        !gzip_unpack(buf_str(&bytes), MOST_BYTES, &plain, &err))
        return false;
    *out = arena_str(mem, buf_str(&plain));
    return true;
}

static bool read_document(const char *folder, const char *stem, struct arena *mem, struct str *out)
{
    static const char *const ends[] = {"yaml", "json", "yml"};
    for (size_t i = 0; i < COUNT_OF(ends); i++)
        if (read_bytes(arena_printf(mem, "%s/%s.%s", folder, stem, ends[i]), mem, out))
            return true;
    return false;
}

static bool read_flags(const char *folder, struct arena *mem, struct diff_options *options,
                       enum diff_level *least)
{
    struct err err = {0};
    struct str rest, word;
    *least = DIFF_INFO;
    if (!read_bytes(arena_printf(mem, "%s/flags", folder), mem, &rest))
        return true;
    rest = str_trim(rest);
    while (rest.ptr != NULL && str_split(&rest, ' ', &word)) {
        struct str name = str_sub(word, 2, word.len), value = STR_NONE;
        size_t equals = str_find_char(name, '=');
        if (equals != SIZE_MAX) {
            value = str_sub(name, equals + 1, name.len);
            name = str_sub(name, 0, equals);
        }
        bool own = str_eq(name, STR("level")) || str_eq(name, STR("lang"));
        if (value.ptr == NULL && (own || diff_option_takes_value(name)))
            (void)!str_split(&rest, ' ', &value);
        if (str_eq(name, STR("level")) && !diff_level_parse(value, least))
            return false;
        if (!own && !diff_option_set(options, name, value, &err))
            return false;
    }
    return true;
}

/* --- comparing -------------------------------------------------------------------------------- */

struct line {
    struct str key, text, print; /* key: id, operation, path */
    int level;
    bool matched;
};

struct lines {
    struct line *ptr;
    size_t len;
};

static int compare_lines(const void *x, const void *y)
{
    const struct line *a = x, *b = y;
    int order = str_cmp(a->key, b->key);
    if (order == 0)
        order = a->level - b->level;
    return order != 0 ? order : str_cmp(a->text, b->text);
}

static struct lines wanted_lines(const struct json *list, struct arena *mem)
{
    struct lines out = {arena_array(mem, struct line, list->count + 1), 0};
    for (const struct json *f = list->child; f != NULL; f = f->next)
        out.ptr[out.len++] = (struct line){arena_join(mem, json_get_str(f, "id"), STR("\t"),
                                                      json_get_str(f, "operation"), STR("\t"),
                                                      json_get_str(f, "path")),
                                           json_get_str(f, "text"), json_get_str(f, "fingerprint"),
                                           (int)json_get_i64(f, "level", 0), false};
    qsort(out.ptr, out.len, sizeof(*out.ptr), compare_lines);
    return out;
}

static struct lines got_lines(const struct diff_report *report, enum diff_level least,
                              struct arena *mem)
{
    struct lines out = {arena_array(mem, struct line, report->count + 1), 0};
    for (size_t i = 0; i < report->count; i++) {
        const struct diff_finding *f = &report->findings[i];
        if (f->level >= least)
            out.ptr[out.len++] = (struct line){
                arena_join(mem, str_from(f->id), STR("\t"), f->operation, STR("\t"), f->path),
                f->text, f->fingerprint, (int)f->level, false};
    }
    qsort(out.ptr, out.len, sizeof(*out.ptr), compare_lines);
    return out;
}

static void print_line(const char *mark, const struct line *line)
{
    printf("    %s %d " STR_FMT "\t" STR_FMT "\n", mark, line->level, STR_ARG(line->key),
           STR_ARG(line->text));
}

/* Both sorted by key, so equal keys stand together. */
static size_t compare_groups(struct lines *want, struct lines *got, struct tally *t, bool verbose)
{
    size_t i = 0, j = 0, off = 0;
    while (i < want->len || j < got->len) {
        int order = i == want->len  ? 1
                    : j == got->len ? -1
                                    : str_cmp(want->ptr[i].key, got->ptr[j].key);
        if (order == 0) {
            bool level = want->ptr[i].level != got->ptr[j].level;
            t->level_off += level;
            off += level;
            if (level && verbose) {
                print_line("level, wanted", &want->ptr[i]);
                print_line("level, got   ", &got->ptr[j]);
            }
            bool text = str_eq(want->ptr[i].text, got->ptr[j].text);
            t->text_same += text;
            t->print_same += str_eq(want->ptr[i].print, got->ptr[j].print);
            if (!text && verbose && getenv("TEXTS") != NULL) {
                print_line("text, wanted", &want->ptr[i]);
                print_line("text, got   ", &got->ptr[j]);
            }
        } else if (order < 0) {
            t->missing++;
            off++;
            if (verbose)
                print_line("missing", &want->ptr[i]);
        } else {
            t->extra++;
            off++;
            if (verbose)
                print_line("extra  ", &got->ptr[j]);
        }
        i += order <= 0;
        j += order >= 0;
    }
    return off;
}

static bool named(struct str deviations, struct str name)
{
    struct str line;
    while (deviations.ptr != NULL && str_split(&deviations, '\n', &line))
        if (str_starts(line, name) && line.len > name.len && line.ptr[name.len] == '\t')
            return true;
    return false;
}

static bool load_case(const char *folder, struct arena *mem, struct diff_report *report,
                      enum diff_level *least, struct tally *t, struct err *err)
{
    struct diff_options options = {.oasdiff = true, .now_ms = clock_now_ms(&clock_system)};
    struct tree *old = NULL, *new = NULL;
    struct str base, revision;
    struct timespec a, b;
    if (!read_document(folder, "base", mem, &base) ||
        !read_document(folder, "revision", mem, &revision))
        return fail(err, ERR_NOT_FOUND, folder, "no base or no revision");
    if (!read_flags(folder, mem, &options, least))
        return fail(err, ERR_INVALID, folder, "flags that are not known");
    clock_gettime(CLOCK_MONOTONIC, &a);
    bool ok =
        tree_read(base, NULL, mem, &old, err) && tree_read(revision, NULL, mem, &new, err) &&
        diff_compare(oas_files_of(old, mem), oas_files_of(new, mem), &options, mem, report, err);
    clock_gettime(CLOCK_MONOTONIC, &b);
    t->seconds += (double)(b.tv_sec - a.tv_sec) + (double)(b.tv_nsec - a.tv_nsec) / 1e9;
    return ok;
}

static bool run_case(const char *folder, struct str name, const struct limits *limits,
                     struct tally *t)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct json *list = NULL;
    struct diff_report report = {0};
    struct err err = {0};
    enum diff_level least = DIFF_INFO;
    struct str log = STR_NONE;
    bool recorded = read_bytes(arena_printf(&mem, "%s/changelog.json", folder), &mem, &log);
    bool ok = load_case(folder, &mem, &report, &least, t, &err);
    if (!recorded) { /* oasdiff refused: ours goes on */
        t->refused += ok;
        return ok;
    }
    if (!ok || !json_parse(log, &mem, &list, &err)) {
        printf("  " STR_FMT ": %s: %s\n", STR_ARG(name), err.where, err.msg);
        t->pairs++;
        t->pairs_off++;
        t->unlisted++;
        return false;
    }
    struct lines want = wanted_lines(list, &mem), got = got_lines(&report, least, &mem);
    struct tally before = *t;
    struct lines quiet_want = want, quiet_got = got;
    size_t off = compare_groups(&quiet_want, &quiet_got, t, false);
    t->pairs++;
    t->findings += want.len;
    t->pairs_off += off > 0;
    t->unlisted += off > 0 && !named(limits->deviations, name);
    t->idle += off == 0 && named(limits->deviations, name);
    bool texts = getenv("TEXTS") != NULL && t->text_same - before.text_same < want.len;
    if (limits->verbose && (off > 0 || texts)) {
        printf("  " STR_FMT " (%zu off of %zu)\n", STR_ARG(name), off, want.len);
        (void)compare_groups(&want, &got, &before, true);
    }
    return off == 0;
}

/* --- folders ---------------------------------------------------------------------------------- */

static int no_dots(const struct dirent *e)
{
    return e->d_name[0] != '.';
}

static bool run_folder(const char *folder, const struct limits *limits, const char *only)
{
    struct dirent **entries = NULL;
    struct tally t = {0};
    const char *slash = strrchr(folder, '/');
    const char *corpus = slash != NULL ? slash + 1 : folder;
    int count = scandir(folder, &entries, no_dots, alphasort);
    for (int i = 0; i < count; i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct str path = arena_printf(&mem, "%s/%s", folder, entries[i]->d_name);
        struct str name = arena_printf(&mem, "%s/%s", corpus, entries[i]->d_name);
        DIR *dir = opendir(path.ptr);
        if (dir != NULL) {
            closedir(dir);
            if (only == NULL || strstr(name.ptr, only) != NULL)
                (void)!run_case(path.ptr, name, limits, &t);
        }
        free(entries[i]);
    }
    free(entries);
    double pairs_off = t.pairs == 0 ? 0 : 100.0 * (double)t.pairs_off / (double)t.pairs;
    size_t off = t.missing + t.extra + t.level_off;
    double findings_off = t.findings == 0 ? 0 : 100.0 * (double)off / (double)t.findings;
    printf(
        "%-16s %5zu pairs %6.2f %% off | %6zu findings %6.2f %% off (%zu missing, %zu extra, %zu "
        "level) | text %6.2f %% fingerprint %6.2f %% same | %zu refused by oasdiff | %.2f s\n",
        corpus, t.pairs, pairs_off, t.findings, findings_off, t.missing, t.extra, t.level_off,
        t.findings == 0 ? 100 : 100.0 * (double)t.text_same / (double)t.findings,
        t.findings == 0 ? 100 : 100.0 * (double)t.print_same / (double)t.findings, t.refused,
        t.seconds);
    if (t.unlisted > 0)
        printf("%-16s %zu cases deviate without a reason\n", corpus, t.unlisted);
    if (t.idle > 0)
        printf("%-16s %zu reasons for cases that do not deviate\n", corpus, t.idle);
    if (t.pairs == 0 && only == NULL) {
        printf("no-shared: %s\n", corpus);
        exit(77);
    }
    return t.unlisted == 0 && t.idle == 0 && (limits->pairs < 0 || pairs_off <= limits->pairs) &&
           (limits->findings < 0 || findings_off <= limits->findings);
}

/* --- one pair whose findings are counted only ---------------------------------------------------
 */

/* Lines "id level operation path count", tabs between. */
static struct lines counted_lines(struct str text, struct arena *mem)
{
    struct lines out = {NULL, 0};
    size_t most = 0;
    for (int pass = 0; pass < 2; pass++) {
        struct str rest = text, line;
        while (str_split(&rest, '\n', &line)) {
            struct str id, level, operation, path;
            int64_t count = 0, number = 0;
            if (!str_split(&line, '\t', &id) || !str_split(&line, '\t', &level) ||
                !str_split(&line, '\t', &operation) || !str_split(&line, '\t', &path) ||
                !str_to_i64(line, &count) || !str_to_i64(level, &number))
                continue;
            most += pass == 0 ? (size_t)count : 0;
            struct str key =
                pass == 0 ? STR_NONE : arena_join(mem, id, STR("\t"), operation, STR("\t"), path);
            for (int64_t i = 0; pass == 1 && i < count; i++)
                out.ptr[out.len++] = (struct line){key, STR(""), STR(""), (int)number, false};
        }
        if (pass == 0)
            out.ptr = arena_array(mem, struct line, most + 1);
    }
    qsort(out.ptr, out.len, sizeof(*out.ptr), compare_lines);
    return out;
}

static bool run_aggregate(char **paths, const struct limits *limits)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct diff_options options = {.oasdiff = true, .now_ms = clock_now_ms(&clock_system)};
    struct str texts[3];
    struct tree *old = NULL, *new = NULL;
    struct diff_report report = {0};
    struct err err = {0};
    struct tally t = {0};
    for (size_t i = 0; i < 3; i++)
        if (!read_bytes(str_from(paths[i]), &mem, &texts[i]))
            return fail(&err, ERR_NOT_FOUND, paths[i], "cannot be read");
    if (!tree_read(texts[0], NULL, &mem, &old, &err) ||
        !tree_read(texts[1], NULL, &mem, &new, &err) ||
        !diff_compare(oas_files_of(old, &mem), oas_files_of(new, &mem), &options, &mem, &report,
                      &err)) {
        printf("%s: %s\n", err.where, err.msg);
        return false;
    }
    struct lines want = counted_lines(texts[2], &mem), got = got_lines(&report, DIFF_INFO, &mem);
    size_t off = compare_groups(&want, &got, &t, limits->verbose);
    double percent = 100.0 * (double)off / (double)want.len;
    printf(
        "%-16s     1 pair                | %6zu findings %6.2f %% off (%zu missing, %zu extra, %zu "
        "level), %zu found\n",
        "real-aggregate", want.len, percent, t.missing, t.extra, t.level_off, got.len);
    return limits->findings < 0 || percent <= limits->findings;
}

int main(int argc, char **argv)
{
    struct limits limits = {.pairs = -1, .findings = -1};
    struct buf deviations = {0};
    struct err err = {0};
    const char *only = NULL;
    bool ok = crypto_init();
    for (int i = 1; i < argc && ok; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            limits.verbose = true;
        else if (strcmp(argv[i], "--only") == 0 && i + 1 < argc)
            only = argv[++i];
        else if (strcmp(argv[i], "--pairs") == 0 && i + 1 < argc)
            limits.pairs = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--findings") == 0 && i + 1 < argc)
            limits.findings = strtod(argv[++i], NULL);
        else if (strcmp(argv[i], "--deviations") == 0 && i + 1 < argc)
            ok = file_read(argv[++i], 1 << 20, &deviations, &err);
        else
            continue;
    }
    limits.deviations = buf_str(&deviations);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            continue;
        if (strcmp(argv[i], "--aggregate") == 0 && i + 3 < argc) {
            ok = run_aggregate(&argv[i + 1], &limits) && ok;
            i += 3;
            continue;
        }
        if (strncmp(argv[i], "--", 2) == 0)
            i++;
        else
            ok = run_folder(argv[i], &limits, only) && ok;
    }
    buf_clear(&deviations);
    return ok ? 0 : 1;
}

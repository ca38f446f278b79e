/* Memory, text, errors, time, hashes, JSON and log lines: what every other folder stands on. */
#ifndef CHANCERY_BASE_H
#define CHANCERY_BASE_H

#include <assert.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* --- language --------------------------------------------------------------------------------- */

#define MUST_USE              __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, arg) __attribute__((format(printf, fmt, arg)))
#define CLEANUP(fn)           __attribute__((cleanup(fn)))
#define COUNT_OF(array)       (sizeof(array) / sizeof((array)[0]))
#define UNUSED(x)             ((void)(x))

/* Calls that truncate, overflow, keep hidden state or accept nonsense do not compile. */
#pragma GCC poison strcpy strcat sprintf strtok gmtime localtime atoi atol sscanf

/* --- errors ----------------------------------------------------------------------------------- */

#define ERR_CODES(X)                          \
    X(ERR_NONE, "none")                       \
    X(ERR_INVALID, "invalid")                 \
    X(ERR_NOT_FOUND, "not-found")             \
    X(ERR_CONFLICT, "conflict")               \
    X(ERR_STALE, "stale")                     \
    X(ERR_UNAUTHENTICATED, "unauthenticated") \
    X(ERR_DENIED, "denied")                   \
    X(ERR_LIMIT, "limit")                     \
    X(ERR_BUSY, "busy")                       \
    X(ERR_STORE, "store")                     \
    X(ERR_IO, "io")

#define ERR_ENUM(name, text) name,
enum err_code { ERR_CODES(ERR_ENUM) ERR_CODE_COUNT };
#undef ERR_ENUM

/**
 * What went wrong, where in the *input*, and what to do about it. `where` is a JSON Pointer for
 * bodies and documents ("/plan/burst"), "line 3 column 7" for text, a file or setting name else.
 * All three texts truncate at a character border. A zeroed struct is "no error".
 */
struct err {
    enum err_code code;
    int line;         /* source line that failed, for the log */
    const char *file; /* source file that failed, for the log */
    char where[96];
    char msg[240];
    char hint[160];
};

#define fail(err, code, where, ...) \
    err_set_at((err), __FILE__, __LINE__, (code), (where), __VA_ARGS__)

/** Fills err (may be NULL) and returns false, so that `return fail(…)` reads as one step. */
bool err_set_at(struct err *err, const char *file, int line, enum err_code code, const char *where,
                const char *format, ...) PRINTF_LIKE(6, 7);
/** Adds the remedy to an error just set; returns false. */
bool err_hint(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);
/** Replaces the place of an error coming from below (the caller knows the field's name). Returns
 * false. */
bool err_at(struct err *err, const char *where);
/** "conflict", "not-found" … */
const char *err_code_name(enum err_code code);

/* --- text ------------------------------------------------------------------------------------- */

/** A borrowed view of bytes; not terminated. An absent text has ptr == NULL, an empty one has not.
 */
struct str {
    const char *ptr;
    size_t len;
};

#define STR(literal) ((struct str){("" literal), sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
#define STR_FMT      "%.*s"
#define STR_ARG(s)   ((int)(s).len), ((s).ptr ? (s).ptr : "")

struct str str_from(const char *z); /* NULL gives STR_NONE */
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b); /* ASCII only */
int str_cmp(struct str a, struct str b);        /* bytewise, then shorter first */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
struct str str_sub(struct str s, size_t from, size_t len); /* clamps to s */
struct str str_trim(struct str s);                         /* ASCII blanks at both ends */
/** Position of needle's first occurrence, or SIZE_MAX. */
size_t str_find(struct str s, struct str needle);
size_t str_find_char(struct str s, char c);
/** Takes the part of *rest before sep and moves *rest behind it; false when *rest was absent. */
bool str_split(struct str *rest, char sep, struct str *part);
/** Edit distance in which two letters that have changed places count once, as typing errors do; for
 *  "did you mean". SIZE_MAX when one is longer than 127 bytes. */
size_t str_distance(struct str a, struct str b);
/** The nearest of count names by edit distance, or NULL when none is near (for hints). */
const char *nearest_name(struct str wanted, const char *const *names, size_t count);
/** Decimal digits with an optional minus, nothing else, no overflow. */
MUST_USE bool str_to_i64(struct str s, int64_t *out);
/** The value of a hexadecimal digit, -1 for another character. */
int hex_digit(char c);
/** True for well-formed UTF-8 (RFC 3629); *bad (may be NULL) is the offset of the first bad byte.
 */
bool str_utf8(struct str s, size_t *bad);

/* --- memory ----------------------------------------------------------------------------------- */

/** Memory that is freed all at once; the default owner of everything with a request's or document's
 *  life. Zeroed is empty. An allocation failure ends the process: budgets come before it. */
struct arena {
    struct arena_block *blocks;
    size_t used_bytes; /* handed out so far */
};

/** Zeroed memory, aligned for any type. size 0 gives a valid pointer. */
void *arena_alloc(struct arena *mem, size_t size);
#define arena_new(mem, type)          ((type *)arena_alloc((mem), sizeof(type)))
#define arena_array(mem, type, count) ((type *)arena_alloc_array((mem), sizeof(type), (count)))
void *arena_alloc_array(struct arena *mem, size_t size, size_t count);
struct str arena_str(struct arena *mem, struct str s); /* a copy, followed by a NUL byte */
char *str_z(struct arena *mem, struct str s);          /* a NUL-terminated copy */
struct str arena_printf(struct arena *mem, const char *format, ...) PRINTF_LIKE(2, 3);
struct str arena_cat(struct arena *mem, const struct str *parts, size_t count);
#define arena_join(mem, ...)                            \
    arena_cat((mem), (const struct str[]){__VA_ARGS__}, \
              COUNT_OF(((const struct str[]){__VA_ARGS__})))
/** Undoes percent-encoding (RFC 3986 §2.1); a % that begins none stays. The text itself when it has
 *  none, else bytes in mem. */
struct str percent_decode(struct str text, struct arena *mem);
/** Frees all; the arena is empty and usable again. */
void arena_clear(struct arena *mem);
/** Frees all but the first block, for loops that fill an arena again and again. */
void arena_reset(struct arena *mem);

/** A growing array of T whose memory belongs to an arena. Zeroed is empty. */
#define VEC(type)        \
    struct {             \
        type *ptr;       \
        size_t len, cap; \
    }
#define vec_push(vec, mem, ...)                                                              \
    ((vec)->ptr = vec_room((mem), (vec)->ptr, (vec)->len, &(vec)->cap, sizeof(*(vec)->ptr)), \
     (vec)->ptr[(vec)->len++] = __VA_ARGS__)
#define vec_last(vec) (&(vec)->ptr[(vec)->len - 1])
/** Room for one more element; used by vec_push only. */
void *vec_room(struct arena *mem, void *ptr, size_t len, size_t *cap, size_t size);

/** Owned, growing output. Failure (limit exceeded) sticks: write on, check once at the end.
 *  limit_bytes 0 means none. */
struct buf {
    char *ptr;
    size_t len, cap, limit_bytes;
    bool failed;
};

void buf_add(struct buf *b, struct str s);
void buf_add_char(struct buf *b, char c);
void buf_printf(struct buf *b, const char *format, ...) PRINTF_LIKE(2, 3);
/** Text for HTML and XML: the five characters that mean something there are escaped, control
 *  characters that XML 1.0 forbids are left out. */
void buf_add_markup(struct buf *b, struct str text);
/** Text for an annotation of GitHub's workflow commands: percent and line breaks are escaped; in a
 *  property, which colon and comma end, these too. */
void buf_add_annotation(struct buf *b, struct str text, bool property);
/** Makes room for size more bytes and returns where they go (NULL when failed); then add to len. */
char *buf_room(struct buf *b, size_t size);
struct str buf_str(const struct buf *b); /* a view, valid until the next write */
void buf_reset(struct buf *b);           /* empty, keeps the memory */
void buf_clear(struct buf *b);           /* frees */

/** Ends the process. For libraries that report a failed allocation as if it were the input's fault.
 */
_Noreturn void mem_exhausted(void);
/** Has the system back memory that is large, read at random for long, and not touched yet by huge
 * pages. */
void mem_prefer_huge(char *bytes, size_t size);
/** calloc that ends the process instead of failing. */
void *mem_new(size_t size);
#define mem_new_of(type) ((type *)mem_new(sizeof(type)))
/** The same, at a multiple of a power of two that divides size. */
void *mem_new_aligned(size_t alignment, size_t size);

/* --- numbers, ids, time ----------------------------------------------------------------------- */

/** Milliseconds since 1970 UTC and a steady count; injected so that tests own the time. */
struct clock {
    int64_t (*now_ms)(void *context);
    void *context;
};
extern const struct clock clock_system;
int64_t clock_now_ms(const struct clock *c);
/** CLOCK_BOOTTIME in ms: for intervals, never shown to people. */
int64_t clock_steady_ms(void);

/** RFC 3339 UTC with milliseconds: 2026-11-24T12:37:00.000Z. */
struct str time_format(struct arena *mem, int64_t at_ms);
MUST_USE bool time_parse(struct str text, int64_t *out_ms);

/** 63-bit ids, ordered by time: 43 bits of ms since 2020, 20 bits that differ. Thread-safe through
 *  the caller: one source per thread, each with its own lane (0–15). */
struct id_source {
    int64_t last_ms;
    uint32_t counter;
    uint32_t lane;
};
int64_t id_next(struct id_source *source, int64_t now_ms);
#define ID_TEXT_LEN 13
/** 13 characters of Crockford base32, lower case; the opaque form ids have outside. */
struct str id_format(struct arena *mem, int64_t id);
MUST_USE bool id_parse(struct str text, int64_t *out);

/* --- crypto ----------------------------------------------------------------------------------- */

#define SHA256_LEN 32
struct sha256 {
    uint8_t bytes[SHA256_LEN];
};
/** Must be called once before any other function of this section; false when the library fails. */
MUST_USE bool crypto_init(void);
/** FIPS 180-4 §6.2. */
struct sha256 sha256_of(struct str s);
struct str hex_format(struct arena *mem, const void *bytes, size_t len);
MUST_USE bool hex_parse(struct str text, void *bytes, size_t len);
void random_fill(void *bytes, size_t len);
/** len characters of [0-9A-Za-z], unbiased. */
struct str random_base62(struct arena *mem, size_t len);
bool equal_constant_time(const void *a, const void *b, size_t len);
void secret_wipe(void *bytes, size_t len);
/** Argon2id, t=2, 19 MiB: about 35 ms of CPU, so never on an event thread. */
MUST_USE bool password_hash(struct str password, struct arena *mem, struct str *out,
                            struct err *err);
bool password_matches(struct str hash, struct str password);

struct str base64_format(struct arena *mem, const void *bytes, size_t len);

/** Ed25519 (RFC 8032). seed is the secret. */
#define SIGNATURE_LEN 64
struct sign_key {
    uint8_t seed[32];
    uint8_t public_key[32];
};
struct sign_key sign_key_from(const uint8_t seed[32]);
/** Signs a text that comes in pieces: begin, add …, end. What is signed is the text's SHA-512 (64
 *  bytes), so that one pass is enough and nobody keeps the text. */
struct signer {
    _Alignas(16) unsigned char hash[256];
    uint8_t seed[32];
};
void sign_begin(struct signer *s, const struct sign_key *key);
void sign_add(struct signer *s, struct str piece);
void sign_end(struct signer *s, uint8_t signature[SIGNATURE_LEN]);
bool signature_holds(const uint8_t signature[SIGNATURE_LEN], struct str text,
                     const uint8_t public_key[32]);

/** API keys: prefix, environment letter, 32 base62 random, 6 base62 CRC-32 of what stands before,
 * by which programs that look for leaked keys know one. A decision looks keys up without it:
 * hashing costs no more. */
#define KEY_PREFIX   "chy_"
#define KEY_TEXT_LEN (sizeof(KEY_PREFIX) - 1 + 1 + 32 + 6)
/** A fresh key; environment is one lower-case letter ('l' live, 't' test). The text is a secret. */
struct str key_new(struct arena *mem, char environment);

/** Personal tokens: prefix, 32 base62 random (190 bits), 6 base62 checksum as keys have. */
#define TOKEN_PREFIX   "chp_"
#define TOKEN_TEXT_LEN (sizeof(TOKEN_PREFIX) - 1 + 32 + 6)
/** A fresh token. The text is a secret. */
struct str token_new(struct arena *mem);
/** True when prefix, alphabet and checksum hold: a typo is refused without a look-up. */
bool token_well_formed(struct str token);

uint32_t crc32_of(struct str s);

/* --- compression (zlib) ----------------------------------------------------------------------- */

/** gzip, level 1–9. */
MUST_USE bool gzip_pack(struct str in, int level, struct buf *out, struct err *err);
/** Refuses with ERR_LIMIT once more than limit_bytes would come out. */
MUST_USE bool gzip_unpack(struct str in, size_t limit_bytes, struct buf *out, struct err *err);

/** gzip of a text that comes in pieces, in little memory. */
struct gzip_stream;
/** NULL when there is no memory for it. */
struct gzip_stream *gzip_open(int level);
/** Appends what is ready; last: all that is left. False when out has failed. */
bool gzip_add(struct gzip_stream *s, struct str piece, bool last, struct buf *out);
void gzip_close(struct gzip_stream *s);

/* --- regular expressions (PCRE2) ---------------------------------------------------------------
 */

struct regex;
/** Compiles a pattern as ECMA-262 §22.2 means it; flags are RegExp's (i, m, s, u; g and y say
 *  nothing here). Lives in mem; belongs to one thread. err: ERR_INVALID (also for lookbehinds of no
 *  fixed length, which PCRE2 lacks), ERR_LIMIT. */
MUST_USE bool regex_compile(struct str pattern, struct str flags, struct arena *mem,
                            struct regex **out, struct err *err);
/** True when the pattern occurs in the text. *gave_up (may be NULL): it took too many steps to
 *  know; the answer is then false. */
bool regex_matches(struct regex *regex, struct str text, bool *gave_up);

/* --- JSON ------------------------------------------------------------------------------------- */

/** Writes JSON; commas and nesting are its own affair, text is escaped (RFC 8259 §7). A value in an
 *  object without a key, or the reverse, is a programming mistake and asserts. */
struct json_writer {
    struct buf *out;
    uint64_t is_object; /* one bit per open level */
    uint64_t has_items;
    unsigned depth;
    bool after_key;
};

void json_open_object(struct json_writer *w);
void json_close_object(struct json_writer *w);
void json_open_array(struct json_writer *w);
void json_close_array(struct json_writer *w);
void json_key(struct json_writer *w, struct str name);
void json_put_str(struct json_writer *w, struct str value); /* absent text becomes null */
void json_put_i64(struct json_writer *w, int64_t value);
void json_put_double(struct json_writer *w,
                     double value); /* 17 digits at most; NaN and infinities: null */
void json_put_bool(struct json_writer *w, bool value);
void json_put_null(struct json_writer *w);
/** Bytes that are JSON already. */
void json_put_raw(struct json_writer *w, struct str json);
void json_key_str(struct json_writer *w, const char *name, struct str value);
void json_key_i64(struct json_writer *w, const char *name, int64_t value);
void json_key_bool(struct json_writer *w, const char *name, bool value);

enum json_type {
    JSON_TYPE_NULL,
    JSON_TYPE_BOOL,
    JSON_TYPE_INT,
    JSON_TYPE_REAL,
    JSON_TYPE_STRING,
    JSON_TYPE_ARRAY,
    JSON_TYPE_OBJECT
};

/** A JSON value read from a body or an answer (never an OpenAPI document); lives in an arena. */
struct json {
    enum json_type type;
    bool boolean;
    int64_t integer;
    double real;
    struct str string;
    struct str key;     /* name, when a member of an object */
    struct json *child; /* first member or element */
    struct json *next;  /* next sibling */
    size_t count;       /* members or elements */
};

/** Reads one JSON text: ≤ 32 levels, duplicate names refused. err.where is "line L column C". */
MUST_USE bool json_parse(struct str text, struct arena *mem, struct json **out, struct err *err);
/** The member of that name, or NULL (also when object is NULL or no object). */
const struct json *json_get(const struct json *object, const char *name);
struct str json_get_str(const struct json *object,
                        const char *name); /* STR_NONE when absent or no string */
int64_t json_get_i64(const struct json *object, const char *name, int64_t otherwise);
double json_get_double(const struct json *object, const char *name, double otherwise);
bool json_get_bool(const struct json *object, const char *name, bool otherwise);
/** Writes a value back, members in their order. */
void json_write(struct json_writer *w, const struct json *value);

/* --- log -------------------------------------------------------------------------------------- */

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR };
enum log_field_type { LOG_FIELD_STR, LOG_FIELD_I64 };

struct log_field {
    const char *name;
    enum log_field_type type;
    struct str str;
    int64_t i64;
};
#define LOG_STR(name, value) ((struct log_field){(name), LOG_FIELD_STR, (value), 0})
#define LOG_I64(name, value) ((struct log_field){(name), LOG_FIELD_I64, STR_NONE, (value)})

/** Where log lines go: one JSON object per line, control bytes escaped. Lines of several threads do
 *  not mix (one write each). */
struct log {
    int fd;
    enum log_level least;
    const struct clock *clock;
};
void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count);
#define log_at(log, level, event, ...)                                          \
    log_write((log), (level), (event), (const struct log_field[]){__VA_ARGS__}, \
              COUNT_OF(((const struct log_field[]){__VA_ARGS__})))
#define log_info(log, event, ...)  log_at(log, LOG_INFO, event, __VA_ARGS__)
#define log_warn(log, event, ...)  log_at(log, LOG_WARN, event, __VA_ARGS__)
#define log_error(log, event, ...) log_at(log, LOG_ERROR, event, __VA_ARGS__)
/** code, place, message and source of an error, as fields. */
void log_err(const struct log *log, const char *event, const struct err *err);

/* --- files ------------------------------------------------------------------------------------ */

/** Reads a whole file into out; refuses with ERR_LIMIT past limit_bytes. err.where is the path. */
MUST_USE bool file_read(const char *path, size_t limit_bytes, struct buf *out, struct err *err);
/** Writes bytes beside path, syncs and renames over it, mode as given. */
MUST_USE bool file_replace(const char *path, struct str bytes, unsigned mode, struct err *err);
/** Removes what file_replace has left beside path where the process was killed meanwhile. Nobody
 * else may be writing it. */
void file_tidy(const char *path);
/** Gives a finished file its name, in the same directory: syncs, renames, syncs the directory. err:
 * ERR_CONFLICT when there is a file of that name, ERR_IO. */
MUST_USE bool file_publish(const char *made, const char *path, struct err *err);

#endif

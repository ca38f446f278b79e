/* Reads the access logger's figures from Envoy's Prometheus text. */
#include <math.h>
#include <stdlib.h>

#include "catalog/envoy/resource.h"

const char envoy_stats_target[] = "/stats/prometheus?filter=%5E" STATS_SCOPE "%5C.";

#define METRIC(name) "envoy_" STATS_SCOPE "_" name

struct line {
    struct str rest;
    size_t number;
    struct arena *mem;
    struct err *err;
};

static bool bad(const struct line *line, const char *what)
{
    char where[40];
    snprintf(where, sizeof(where), "line %zu", line->number);
    return fail(line->err, ERR_INVALID, where, "the statistics cannot be read: %s", what);
}

/* --- one label -------------------------------------------------------------------------------- */

static char unescaped(char c)
{
    if (c == 'n')
        return '\n';
    return c;
}

/* The text up to its closing quote: a slice, or a copy in mem when there was something escaped. */
static bool take_text(struct line *line, struct str *out)
{
    size_t end = 0, escapes = 0, used = 0;
    while (end < line->rest.len && line->rest.ptr[end] != '"') {
        bool escape = line->rest.ptr[end] == '\\';
        escapes += escape;
        end += escape ? 2 : 1;
    }
    if (end >= line->rest.len)
        return bad(line, "a label does not end");
    struct str raw = str_sub(line->rest, 0, end);
    line->rest = str_sub(line->rest, end + 1, line->rest.len);
    *out = raw;
    if (escapes == 0)
        return true;
    char *copy = arena_alloc(line->mem, raw.len);
    for (size_t i = 0; i < raw.len; i++) {
        char c = raw.ptr[i];
        if (c == '\\')
            c = unescaped(raw.ptr[++i]);
        copy[used++] = c;
    }
    *out = (struct str){copy, used};
    return true;
}

static bool set_status(struct str text, struct envoy_sample *sample)
{
    int64_t status = 0;
    if (text.len > 0 && (!str_to_i64(text, &status) || status < 0 || status > 999))
        return false;
    sample->status = (int32_t)status;
    return true;
}

static bool set_bound(struct str text, struct envoy_sample *sample)
{
    char copy[40] = {0}, *end = NULL;
    if (str_eq(text, STR("+Inf"))) {
        sample->bucket_le = HUGE_VAL;
        return true;
    }
    if (text.len == 0 || text.len >= sizeof(copy) || text.ptr[0] < '0' || text.ptr[0] > '9')
        return false;
    memcpy(copy, text.ptr, text.len);
    sample->bucket_le = strtod(copy, &end);
    return *end == '\0' && isfinite(sample->bucket_le);
}

static bool set_label(struct line *line, struct str name, struct str text,
                      struct envoy_sample *sample)
{
    const struct {
        struct str name, *to;
    } texts[] = {
        {STR("api"),      &sample->api          },
        {STR("version"),  &sample->version_label},
        {STR("op"),       &sample->operation    },
        {STR("consumer"), &sample->app          },
        {STR("reason"),   &sample->reason       },
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (str_eq(name, texts[i].name))
            *texts[i].to = text;
    if (str_eq(name, STR("status")))
        return set_status(text, sample) || bad(line, "a status is no number");
    if (str_eq(name, STR("le")))
        return set_bound(text, sample) || bad(line, "a bucket's bound is no number");
    return true;
}

/* name="text",… up to the closing brace. */
static bool take_labels(struct line *line, struct envoy_sample *sample)
{
    while (!str_starts(line->rest, STR("}"))) {
        size_t equals = str_find_char(line->rest, '=');
        struct str name = str_sub(line->rest, 0, equals), text = STR_NONE;
        if (equals == SIZE_MAX || !str_starts(str_sub(line->rest, equals, 2), STR("=\"")))
            return bad(line, "a label is expected");
        line->rest = str_sub(line->rest, equals + 2, line->rest.len);
        if (!take_text(line, &text) || !set_label(line, name, text, sample))
            return false;
        if (str_starts(line->rest, STR(",")))
            line->rest = str_sub(line->rest, 1, line->rest.len);
        else if (!str_starts(line->rest, STR("}")))
            return bad(line, "a comma or brace is expected");
    }
    line->rest = str_sub(line->rest, 1, line->rest.len);
    if (sample->operation.len > 0 && sample->reason.len == 0) /* loggers.c */
        sample->reason = STR("ok");
    return true;
}

/* --- one line --------------------------------------------------------------------------------- */

/* Values go beyond int64: gauges that were taken below zero, counters in principle. */
static bool take_value(struct line *line, uint64_t *out)
{
    uint64_t value = 0;
    if (line->rest.len < 2 || line->rest.ptr[0] != ' ')
        return bad(line, "a value is expected");
    for (size_t i = 1; i < line->rest.len; i++) {
        unsigned digit = (unsigned char)line->rest.ptr[i] - (unsigned)'0';
        if (digit > 9 || value > (UINT64_MAX - digit) / 10)
            return bad(line, "a value is no whole number of 64 bits");
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool read_line(struct line *line, struct envoy_sample *sample, bool *known)
{
    static const struct {
        struct str start;
        enum envoy_sample_kind kind;
    } metrics[] = {
        {{METRIC(STATS_REQUESTS) "{", sizeof(METRIC(STATS_REQUESTS))},                  ENVOY_SAMPLE_REQUESTS},
        {{METRIC(STATS_DURATION) "_bucket{", sizeof(METRIC(STATS_DURATION) "_bucket")},
         ENVOY_SAMPLE_DURATION                                                                               },
    };
    *known = false;
    for (size_t i = 0; i < COUNT_OF(metrics); i++) {
        if (!str_starts(line->rest, metrics[i].start))
            continue;
        *known = true;
        *sample = (struct envoy_sample){.kind = metrics[i].kind, .bucket_le = -1};
        line->rest = str_sub(line->rest, metrics[i].start.len, line->rest.len);
        if (!take_labels(line, sample) || !take_value(line, &sample->value))
            return false;
        if (sample->kind == ENVOY_SAMPLE_DURATION)
            return sample->bucket_le >= 0 || bad(line, "a bucket has no bound");
        sample->bucket_le = 0;
        return true;
    }
    return true;
}

bool envoy_stats_read(struct str text, struct arena *mem,
                      void (*each)(void *context, const struct envoy_sample *), void *context,
                      struct err *err)
{
    struct line line = {.mem = mem, .err = err};
    while (text.len > 0) {
        struct envoy_sample sample;
        bool known;
        size_t end = str_find_char(text, '\n');
        line.number++;
        if (end == SIZE_MAX)
            return bad(&line, "it ends inside a line");
        line.rest = str_sub(text, 0, end);
        text = str_sub(text, end + 1, text.len);
        if (!read_line(&line, &sample, &known))
            return false;
        if (known)
            each(context, &sample);
    }
    return true;
}

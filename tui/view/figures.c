/* Numbers, ages and times for people. What is not known reads "-", never 0. */
#include <math.h>
#include <time.h>

#include "tui/view/ui.h"

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR   (60 * MINUTE)
#define DAY    (24 * HOUR)

static struct str scaled(struct arena *mem, double value)
{
    if (value >= 1e6)
        return arena_printf(mem, "%.2fM", value / 1e6);
    if (value >= 1e3)
        return arena_printf(mem, "%.2fk", value / 1e3);
    return arena_printf(mem, "%.1f", value);
}

struct str figure_rps(struct arena *mem, double value)
{
    return isnan(value) ? STR("-") : scaled(mem, value);
}

struct str figure_percent(struct arena *mem, double part, double whole)
{
    if (isnan(part) || isnan(whole) || whole <= 0)
        return STR("-");
    return arena_printf(mem, "%.1f%%", 100 * part / whole);
}

struct str figure_ms(struct arena *mem, double value)
{
    if (isnan(value))
        return STR("-");
    if (value >= 1000)
        return arena_printf(mem, "%.1fs", value / 1000);
    return arena_printf(mem, value < 10 ? "%.1f" : "%.0f", value);
}

struct str figure_count(struct arena *mem, double value)
{
    return isnan(value) ? STR("-") : arena_printf(mem, "%.0f", value);
}

struct str figure_age(struct arena *mem, int64_t ms)
{
    if (ms < MINUTE)
        return arena_printf(mem, "%llds", (long long)(ms > 0 ? ms / SECOND : 0));
    if (ms < HOUR)
        return arena_printf(mem, "%lldm", (long long)(ms / MINUTE));
    if (ms < DAY)
        return arena_printf(mem, "%lldh", (long long)(ms / HOUR));
    return arena_printf(mem, "%lldd%02lldh", (long long)(ms / DAY), (long long)(ms % DAY / HOUR));
}

struct cell figure_since(struct arena *mem, int64_t now_ms, const struct json *row,
                         const char *field)
{
    int64_t at_ms = 0;
    if (!time_parse(json_get_str(row, field), &at_ms))
        return cell_text(STR("-"), TONE_DIM);
    return (struct cell){figure_age(mem, now_ms - at_ms), (double)(now_ms - at_ms), TONE_TEXT};
}

static bool local(int64_t at_ms, struct tm *out)
{
    time_t at = (time_t)(at_ms / SECOND);
    return localtime_r(&at, out) != NULL;
}

struct str figure_clock(struct arena *mem, int64_t at_ms)
{
    struct tm parts = {0};
    char text[32];
    if (!local(at_ms, &parts) || strftime(text, sizeof(text), "%H:%M:%S", &parts) == 0)
        return STR("-");
    return arena_str(mem, str_from(text));
}

struct str figure_time(struct arena *mem, struct str rfc3339)
{
    struct tm parts = {0};
    char text[32];
    int64_t at_ms = 0;
    if (!time_parse(rfc3339, &at_ms) || !local(at_ms, &parts) ||
        strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &parts) == 0)
        return rfc3339;
    return arena_str(mem, str_from(text));
}

struct str figure_when(struct arena *mem, int64_t now_ms, struct str rfc3339)
{
    struct str now = figure_time(mem, time_format(mem, now_ms)), at = figure_time(mem, rfc3339);
    size_t date = sizeof("2026-11-24") - 1;
    if (at.len <= date)
        return at;
    return str_eq(str_sub(now, 0, date), str_sub(at, 0, date)) ? str_sub(at, date + 1, at.len)
                                                               : str_sub(at, 0, date);
}

/* --- cells --------------------------------------------------------------------------------------
 */

struct cell cell_text(struct str text, enum term_tone tone)
{
    return (struct cell){text, (double)NAN, tone};
}

struct cell cell_count(struct arena *mem, const struct json *row, const char *name)
{
    double value = json_get_double(row, name, (double)NAN);
    return (struct cell){figure_count(mem, value), value, TONE_TEXT};
}

static struct cell share_cell(struct arena *mem, double part, double whole, enum term_tone tone)
{
    double share = whole > 0 ? part / whole : (double)NAN;
    return (struct cell){figure_percent(mem, part, whole), share, share > 0.01 ? tone : TONE_TEXT};
}

void figure_cells(struct arena *mem, const struct json *row, struct cell *cells)
{
    static const char *const waits[] = {"p50_ms", "p95_ms", "p99_ms"};
    double rps = json_get_double(row, "rps", (double)NAN);
    cells[0] = (struct cell){figure_rps(mem, rps), rps, TONE_TEXT};
    cells[1] = share_cell(mem, json_get_double(row, "rps_4xx", (double)NAN), rps, TONE_WARN);
    cells[2] = share_cell(mem, json_get_double(row, "rps_5xx", (double)NAN), rps, TONE_BAD);
    for (size_t i = 0; i < COUNT_OF(waits); i++) {
        double ms = json_get_double(row, waits[i], (double)NAN);
        cells[3 + i] = (struct cell){figure_ms(mem, ms), ms, TONE_TEXT};
    }
}

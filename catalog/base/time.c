/* Clocks, RFC 3339 times and time-ordered ids. */
#include <limits.h>
#include <time.h>

#include "catalog/base/base.h"

#define EPOCH_2020_MS   INT64_C(1577836800000)
#define DAY_MS          INT64_C(86400000)
#define ID_COUNTER_BITS 16
#define ID_LANE_BITS    4

static int64_t system_now_ms(void *context)
{
    struct timespec now;
    UNUSED(context);
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const struct clock clock_system = {.now_ms = system_now_ms};

int64_t clock_now_ms(const struct clock *c)
{
    return c->now_ms(c->context);
}

int64_t clock_steady_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct str time_format(struct arena *mem, int64_t at_ms)
{
    int64_t ms = at_ms % 1000;
    time_t seconds = (time_t)(at_ms / 1000 - (ms < 0));
    struct tm utc = {0};
    gmtime_r(&seconds, &utc);
    return arena_printf(mem, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                        utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                        (int)(ms < 0 ? ms + 1000 : ms));
}

/* Reads exactly `digits` digits at *at and moves on. */
static bool take_number(struct str s, size_t *at, size_t digits, int64_t *out)
{
    struct str part = str_sub(s, *at, digits);
    if (part.len != digits || part.ptr[0] == '-' || !str_to_i64(part, out))
        return false;
    *at += digits;
    return true;
}

static bool take_char(struct str s, size_t *at, const char *any)
{
    if (*at >= s.len || strchr(any, s.ptr[*at]) == NULL || s.ptr[*at] == '\0')
        return false;
    (*at)++;
    return true;
}

/* RFC 3339 §5.6: fractions of any length, offset Z or ±hh:mm. */
bool time_parse(struct str s, int64_t *out_ms)
{
    int64_t year, month, day, hour, minute, second, ms = 0, offset_hour = 0, offset_minute = 0;
    size_t at = 0;
    if (!take_number(s, &at, 4, &year) || !take_char(s, &at, "-") ||
        !take_number(s, &at, 2, &month) || !take_char(s, &at, "-") ||
        !take_number(s, &at, 2, &day) || !take_char(s, &at, "Tt ") ||
        !take_number(s, &at, 2, &hour) || !take_char(s, &at, ":") ||
        !take_number(s, &at, 2, &minute) || !take_char(s, &at, ":") ||
        !take_number(s, &at, 2, &second))
        return false;
    if (take_char(s, &at, ".")) {
        int64_t digit, weight = 100;
        size_t start = at;
        while (take_number(s, &at, 1, &digit)) {
            ms += digit * weight;
            weight /= 10;
        }
        if (at == start)
            return false;
    }
    bool west = at < s.len && s.ptr[at] == '-';
    if (!take_char(s, &at, "Zz") &&
        (!take_char(s, &at, "+-") || !take_number(s, &at, 2, &offset_hour) ||
         !take_char(s, &at, ":") || !take_number(s, &at, 2, &offset_minute)))
        return false;
    if (at != s.len || month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 ||
        second > 60 || offset_hour > 23 || offset_minute > 59)
        return false;
    struct tm utc = {.tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day};
    int64_t days = (int64_t)timegm(&utc) * 1000 / DAY_MS;
    if (utc.tm_mday != (int)day) /* 31 February and its like were carried over */
        return false;
    int64_t offset = (offset_hour * 60 + offset_minute) * 60000;
    *out_ms = days * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + ms -
              (west ? -offset : offset);
    return true;
}

int64_t id_next(struct id_source *source, int64_t now_ms)
{
    if (now_ms > source->last_ms) {
        source->last_ms = now_ms;
        source->counter = 0;
    } else if (++source->counter >> ID_COUNTER_BITS) { /* a clock set back, or 65,536 in one ms */
        source->last_ms++;
        source->counter = 0;
    }
    int64_t ms = source->last_ms - EPOCH_2020_MS;
    return (int64_t)((uint64_t)ms << (ID_COUNTER_BITS + ID_LANE_BITS)) |
           (int64_t)((source->lane & 15U) << ID_COUNTER_BITS) | (int64_t)source->counter;
}

static const char id_alphabet[] = "0123456789abcdefghjkmnpqrstvwxyz";

struct str id_format(struct arena *mem, int64_t id)
{
    char *text = arena_alloc(mem, ID_TEXT_LEN + 1);
    uint64_t rest = (uint64_t)id;
    for (size_t i = ID_TEXT_LEN; i-- > 0; rest >>= 5)
        text[i] = id_alphabet[rest & 31];
    return (struct str){text, ID_TEXT_LEN};
}

/* The place of a character in the alphabet, and one more; 0: it has none. */
static const uint8_t id_places[UCHAR_MAX + 1] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['g'] = 17, ['h'] = 18, ['j'] = 19, ['k'] = 20, ['m'] = 21, ['n'] = 22, ['p'] = 23, ['q'] = 24,
    ['r'] = 25, ['s'] = 26, ['t'] = 27, ['v'] = 28, ['w'] = 29, ['x'] = 30, ['y'] = 31, ['z'] = 32,
};

bool id_parse(struct str text, int64_t *out)
{
    uint64_t value = 0;
    if (text.len != ID_TEXT_LEN || text.ptr[0] > '7') /* 13 × 5 bits hold 65: the top two are 0 */
        return false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned place = id_places[(unsigned char)text.ptr[i]];
        if (place == 0)
            return false;
        value = value << 5 | (place - 1);
    }
    *out = (int64_t)value;
    return true;
}

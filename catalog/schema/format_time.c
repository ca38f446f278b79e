/* Formats of dates and times (RFC 3339). */
#include "engine.h"

/* Takes exactly count digits. */
static bool take_number(struct str *rest, size_t count, int *out)
{
    *out = 0;
    if (rest->len < count)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (rest->ptr[i] < '0' || rest->ptr[i] > '9')
            return false;
        *out = *out * 10 + (rest->ptr[i] - '0');
    }
    *rest = str_sub(*rest, count, rest->len);
    return true;
}

static bool take_char(struct str *rest, char c)
{
    if (rest->len == 0 || (rest->ptr[0] | 0x20) != (c | 0x20))
        return false;
    *rest = str_sub(*rest, 1, rest->len);
    return true;
}

static bool take_date(struct str *rest)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int year, month, day;
    if (!take_number(rest, 4, &year) || !take_char(rest, '-') || !take_number(rest, 2, &month) ||
        !take_char(rest, '-') || !take_number(rest, 2, &day))
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month >= 1 && month <= 12 && day >= 1 && day <= days[month - 1] &&
           (month != 2 || day <= 28 + leap);
}

/* Minutes east of Greenwich. */
static bool take_offset(struct str *rest, int *minutes)
{
    int hour, minute;
    *minutes = 0;
    if (take_char(rest, 'Z'))
        return true;
    bool west = rest->len > 0 && rest->ptr[0] == '-';
    if (rest->len == 0 || (!west && rest->ptr[0] != '+'))
        return false;
    *rest = str_sub(*rest, 1, rest->len);
    if (!take_number(rest, 2, &hour) || rest->len == 0 || rest->ptr[0] != ':')
        return false;
    *rest = str_sub(*rest, 1, rest->len);
    if (!take_number(rest, 2, &minute) || hour > 23 || minute > 59)
        return false;
    *minutes = (hour * 60 + minute) * (west ? -1 : 1);
    return true;
}

static bool take_colon(struct str *rest)
{
    bool colon = rest->len > 0 && rest->ptr[0] == ':';
    *rest = str_sub(*rest, 1, rest->len);
    return colon;
}

static bool take_time(struct str *rest)
{
    int hour, minute, second, offset;
    if (!take_number(rest, 2, &hour) || !take_colon(rest) || !take_number(rest, 2, &minute) ||
        !take_colon(rest) || !take_number(rest, 2, &second))
        return false;
    if (rest->len > 0 && rest->ptr[0] == '.') {
        size_t at = 1;
        while (at < rest->len && rest->ptr[at] >= '0' && rest->ptr[at] <= '9')
            at++;
        if (at == 1)
            return false;
        *rest = str_sub(*rest, at, rest->len);
    }
    if (!take_offset(rest, &offset) || hour > 23 || minute > 59 || second > 60)
        return false;
    /* A leap second is the last of a day in UTC. */
    int utc = (hour * 60 + minute - offset + 2 * 1440) % 1440;
    return second < 60 || utc == 1439;
}

bool holds_date(struct str text)
{
    return take_date(&text) && text.len == 0;
}

bool holds_time(struct str text)
{
    return take_time(&text) && text.len == 0;
}

bool holds_date_time(struct str text)
{
    return take_date(&text) && take_char(&text, 'T') && take_time(&text) && text.len == 0;
}

/* Takes "3Y", "4M" … in the order of units, each at most once, none left out between two. */
static bool take_units(struct str *rest, const char *units, bool *any)
{
    size_t at = 0;
    const char *next = NULL;
    while (rest->len > 0 && rest->ptr[0] >= '0' && rest->ptr[0] <= '9') {
        while (at < rest->len && rest->ptr[at] >= '0' && rest->ptr[at] <= '9')
            at++;
        const char *unit = at < rest->len ? strchr(units, rest->ptr[at]) : NULL;
        if (unit == NULL || *unit == '\0' || (next != NULL && unit != next))
            return false;
        next = unit + 1;
        *rest = str_sub(*rest, at + 1, rest->len);
        *any = true;
        at = 0;
    }
    return true;
}

/* RFC 3339 appendix A. */
bool holds_duration(struct str text)
{
    bool date = false, time = false;
    if (text.len == 0 || text.ptr[0] != 'P')
        return false;
    text = str_sub(text, 1, text.len);
    struct str weeks = text;
    if (take_units(&weeks, "W", &date) && date && weeks.len == 0)
        return true;
    date = false;
    if (!take_units(&text, "YMD", &date))
        return false;
    if (text.len == 0)
        return date;
    if (text.ptr[0] != 'T')
        return false;
    text = str_sub(text, 1, text.len);
    return take_units(&text, "HMS", &time) && time && text.len == 0;
}

/* Calendar windows in UTC. */
#include "catalog/authz/limiter.h"

#define DAY_MS        INT64_C(86400000)
#define MONTHLY       UINT32_C(0x80000000)
#define DAILY         UINT32_C(0x40000000)
#define EPOCH_YEAR    1970
#define LONGEST_YEAR  366
#define MONTHS_A_YEAR 12

static bool is_leap(int64_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

/* Days from 1970-01-01 to January 1 of a year from 1970 on. */
static int64_t days_before(int64_t year)
{
    int64_t past = year - 1;
    int64_t leap_days = past / 4 - past / 100 + past / 400 - (1969 / 4 - 1969 / 100 + 1969 / 400);
    return (year - EPOCH_YEAR) * 365 + leap_days;
}

static struct quota_window month_of(int64_t day)
{
    static const uint8_t lengths[MONTHS_A_YEAR] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t year = EPOCH_YEAR + day / LONGEST_YEAR; /* never too late, so only forward from here */
    uint32_t month = 0;
    while (days_before(year + 1) <= day)
        year++;
    int64_t end = days_before(year);
    for (;; month++) {
        end += lengths[month] + (month == 1 && is_leap(year));
        if (day < end)
            break;
    }
    uint32_t number = (uint32_t)(year - EPOCH_YEAR) * MONTHS_A_YEAR + month;
    return (struct quota_window){MONTHLY | number, end * DAY_MS};
}

struct quota_window quota_window_at(int64_t now_ms, bool monthly)
{
    int64_t day = now_ms / DAY_MS;
    if (monthly)
        return month_of(day);
    return (struct quota_window){DAILY | (uint32_t)day, (day + 1) * DAY_MS};
}

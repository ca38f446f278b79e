/* Numbers as they are written: compared and divided exactly, whatever their size. */
#include "engine.h"

/* Exponents beyond this are as good as infinite, and far from overflowing a sum. */
#define MOST_EXPONENT ((int64_t)1000000000000000)

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* --- reading -----------------------------------------------------------------------------------
 */

static int64_t read_exponent(struct str text)
{
    bool negative = text.len > 0 && text.ptr[0] == '-';
    int64_t value = 0;
    for (size_t i = text.len > 0 && (negative || text.ptr[0] == '+'); i < text.len; i++)
        if (is_digit(text.ptr[i]) && value < MOST_EXPONENT)
            value = value * 10 + (text.ptr[i] - '0');
    return negative ? -value : value;
}

/* YAML's 0x1F and 0o17; past 64 bits the largest there is. */
static uint64_t read_based(struct str digits, unsigned base)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        char c = (char)(digits.ptr[i] | 0x20);
        unsigned digit = (unsigned)(is_digit(digits.ptr[i]) ? digits.ptr[i] - '0' : c - 'a' + 10);
        if (value > (UINT64_MAX - digit) / base)
            return UINT64_MAX;
        value = value * base + digit;
    }
    return value;
}

static void read_digits(struct str text, struct decimal *out)
{
    size_t end = 0;
    int64_t before_point = 0;
    bool point = false;
    while (end < text.len && (is_digit(text.ptr[end]) || text.ptr[end] == '.')) {
        char c = text.ptr[end];
        if (c == '.') {
            point = true;
        } else if (out->digits != NULL || c != '0') {
            if (out->digits == NULL)
                out->digits = text.ptr + end;
            before_point += !point;
        } else {
            before_point -= point; /* zeros right behind the point */
        }
        end++;
    }
    const char *last = text.ptr + end;
    while (out->digits != NULL && (last[-1] == '0' || last[-1] == '.'))
        last--;
    for (const char *at = out->digits; at != NULL && at < last; at++)
        out->count += *at != '.';
    out->top = before_point;
    if (end < text.len)
        out->top += read_exponent(str_sub(text, end + 1, text.len));
}

void decimal_read(struct str text, struct decimal *out)
{
    *out = (struct decimal){0};
    if (text.len == 0)
        return; /* absent: nothing may be added to its NULL */
    if (text.ptr[0] == '-' || text.ptr[0] == '+') {
        out->negative = text.ptr[0] == '-';
        text = str_sub(text, 1, text.len);
    }
    if (str_eq_nocase(text, STR(".inf"))) {
        out->infinite = true;
        return;
    }
    if (str_eq_nocase(text, STR(".nan"))) {
        out->nan = true;
        return;
    }
    if (str_starts(text, STR("0x")) || str_starts(text, STR("0o"))) {
        uint64_t value = read_based(str_sub(text, 2, text.len), text.ptr[1] == 'x' ? 16 : 8);
        int len = snprintf(out->own, sizeof(out->own), "%llu", (unsigned long long)value);
        text = (struct str){out->own, (size_t)len};
    }
    read_digits(text, out);
    if (out->count == 0)
        out->negative = false;
}

/* --- using -------------------------------------------------------------------------------------
 */

/* The next digit of a walk. */
static int take_digit(const char **at)
{
    if (**at == '.')
        ++*at;
    return *(*at)++ - '0';
}

static int cmp_digits(const struct decimal *a, const struct decimal *b)
{
    const char *x = a->digits, *y = b->digits;
    size_t both = a->count < b->count ? a->count : b->count;
    for (size_t i = 0; i < both; i++) {
        int difference = take_digit(&x) - take_digit(&y);
        if (difference != 0)
            return difference < 0 ? -1 : 1;
    }
    return (a->count > b->count) - (a->count < b->count);
}

/* Without signs. */
static int cmp_size(const struct decimal *a, const struct decimal *b)
{
    if (a->infinite || b->infinite)
        return (int)a->infinite - (int)b->infinite;
    if (a->count == 0 || b->count == 0)
        return (a->count > 0) - (b->count > 0);
    if (a->top != b->top)
        return a->top < b->top ? -1 : 1;
    return cmp_digits(a, b);
}

int decimal_cmp(const struct decimal *a, const struct decimal *b)
{
    if (a->nan || b->nan)
        return 0;
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? -cmp_size(a, b) : cmp_size(a, b);
}

bool decimal_whole(const struct decimal *d)
{
    return !d->infinite && !d->nan && (d->count == 0 || (int64_t)d->count <= d->top);
}

bool decimal_count(const struct decimal *d, uint64_t *out)
{
    uint64_t value = 0;
    const char *at = d->digits;
    if (!decimal_whole(d) || d->negative)
        return false;
    for (int64_t i = 0; d->count > 0 && i < d->top && value != UINT64_MAX; i++) {
        unsigned digit = i < (int64_t)d->count ? (unsigned)take_digit(&at) : 0;
        value = value > (UINT64_MAX - digit) / 10 ? UINT64_MAX : value * 10 + digit;
    }
    *out = value;
    return true;
}

uint64_t decimal_hash(const struct decimal *d)
{
    uint64_t kind = (uint64_t)d->negative | (uint64_t)d->infinite << 1 | (uint64_t)d->nan << 2;
    uint64_t hash = hash_text(kind, STR("")); /* begins where nobody outside knows */
    const char *at = d->digits;
    if (d->count == 0)
        return hash;
    for (size_t i = 0; i < d->count; i++)
        hash = (hash ^ (uint64_t)take_digit(&at)) * UINT64_C(1099511628211);
    return hash_mix(hash, (uint64_t)d->top);
}

/* --- division ----------------------------------------------------------------------------------
 */

/* A remainder of as many digits as the divisor has, and one more. */
struct remainder {
    const unsigned char *divisor; /* most significant digit first */
    unsigned char *digits;        /* one more than the divisor's */
    size_t count;                 /* of the divisor */
};

static bool subtract(struct remainder *r)
{
    int cmp = r->digits[0] != 0;
    if (cmp == 0)
        cmp = memcmp(r->digits + 1, r->divisor, r->count);
    if (cmp < 0)
        return false;
    int borrow = 0;
    for (size_t i = r->count; i > 0; i--) {
        int digit = r->digits[i] - r->divisor[i - 1] - borrow;
        borrow = digit < 0;
        r->digits[i] = (unsigned char)(digit + 10 * borrow);
    }
    r->digits[0] = (unsigned char)(r->digits[0] - borrow);
    return true;
}

/* remainder = (remainder * 10 + digit) mod divisor */
static void bring_down(struct remainder *r, int digit)
{
    memmove(r->digits, r->digits + 1, r->count);
    r->digits[r->count] = (unsigned char)digit;
    while (subtract(r))
        continue;
}

static bool remainder_zero(const struct remainder *r)
{
    for (size_t i = 0; i <= r->count; i++)
        if (r->digits[i] != 0)
            return false;
    return true;
}

/* Long division, for divisors of more than 18 digits. zeros: to bring down behind a's digits. */
static bool divides_long(const struct decimal *a, const struct decimal *b, uint64_t zeros)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    unsigned char *divisor = arena_alloc(&mem, b->count);
    struct remainder r = {divisor, arena_alloc(&mem, b->count + 1), b->count};
    const char *at = b->digits;
    for (size_t i = 0; i < b->count; i++)
        divisor[i] = (unsigned char)take_digit(&at);
    at = a->digits;
    for (size_t i = 0; i < a->count; i++)
        bring_down(&r, take_digit(&at));
    for (uint64_t i = 0; i < zeros && !remainder_zero(&r); i++)
        bring_down(&r, 0);
    return remainder_zero(&r);
}

static bool divides_short(const struct decimal *a, const struct decimal *b, uint64_t zeros)
{
    uint64_t divisor = 0, rest = 0;
    const char *at = b->digits;
    for (size_t i = 0; i < b->count; i++)
        divisor = divisor * 10 + (uint64_t)take_digit(&at);
    at = a->digits;
    for (size_t i = 0; i < a->count; i++)
        rest = (rest * 10 + (uint64_t)take_digit(&at)) % divisor;
    for (uint64_t i = 0; i < zeros && rest != 0; i++)
        rest = rest * 10 % divisor;
    return rest == 0;
}

/* Zeros to bring down behind a's digits until the last place of b is reached; negative: a has
 * digits below it. */
static int64_t places(const struct decimal *a, const struct decimal *b)
{
    return (a->top - (int64_t)a->count) - (b->top - (int64_t)b->count);
}

/* Past this many zeros all factors of 2 and 5 of the divisor are used up. */
static uint64_t zeros_needed(const struct decimal *a, const struct decimal *b)
{
    uint64_t enough = 4 * (uint64_t)b->count + 4;
    int64_t zeros = places(a, b);
    return zeros < 0 ? 0 : (uint64_t)zeros < enough ? (uint64_t)zeros : enough;
}

uint64_t decimal_multiple_cost(const struct decimal *a, const struct decimal *b)
{
    return 1 + (a->count + zeros_needed(a, b)) / 16 * (1 + b->count / 18);
}

bool decimal_multiple(const struct decimal *a, const struct decimal *b)
{
    if (a->infinite || a->nan || b->infinite || b->nan || b->count == 0)
        return false;
    if (a->count == 0)
        return true;
    if (places(a, b) < 0)
        return false; /* a's last digit is not 0 and stands below b's last place */
    uint64_t zeros = zeros_needed(a, b);
    return b->count <= 18 ? divides_short(a, b, zeros) : divides_long(a, b, zeros);
}

int schema_number_cmp(struct str a, struct str b)
{
    struct decimal x, y;
    decimal_read(a, &x);
    decimal_read(b, &y);
    return decimal_cmp(&x, &y);
}

bool schema_number_is_whole(struct str text)
{
    struct decimal d;
    decimal_read(text, &d);
    return decimal_whole(&d);
}

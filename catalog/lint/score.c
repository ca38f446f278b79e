/* A score for a document: weighted findings, capped per rule, scaled by the size of the API. */
#include "lint.h"

#define MOST_OF_ONE_RULE 20.0 /* points that one rule can cost */

struct rule_cost {
    struct str code;
    double cost;
};

static double weight(enum severity severity)
{
    static const double weights[] = {5, 1, 0.25, 0};
    return weights[severity];
}

static char grade_of(unsigned points)
{
    static const struct {
        unsigned least;
        char grade;
    } grades[] = {
        {90, 'A'},
        {80, 'B'},
        {70, 'C'},
        {60, 'D'},
        {50, 'E'}
    };
    for (size_t i = 0; i < COUNT_OF(grades); i++)
        if (points >= grades[i].least)
            return grades[i].grade;
    return 'F';
}

/* What no rule was applied to is not good for want of findings. */
static bool is_unjudged(const struct lint_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        if (str_eq(report->findings[i].code, STR("unrecognized-format")))
            return true;
    return false;
}

struct lint_score lint_score(const struct lint_report *report, struct arena *mem)
{
    if (report->unreadable)
        return (struct lint_score){0, 'F', STR("the document cannot be read")};
    if (is_unjudged(report))
        return (struct lint_score){0, 'F', STR("no rule applies to a document of unknown format")};
    if (report->unruled)
        return (struct lint_score){.explained = STR("no rule was applied")};
    CLEANUP(buf_clear) struct buf text = {0};
    VEC(struct rule_cost) costs = {0};
    double scale = report->operations > 10 ? (double)report->operations / 10 : 1, total = 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct lint_finding *f = &report->findings[i];
        size_t j = 0;
        while (j < costs.len && !str_eq(costs.ptr[j].code, f->code))
            j++;
        if (j == costs.len)
            vec_push(&costs, mem, (struct rule_cost){f->code, 0});
        costs.ptr[j].cost += weight(f->severity) / scale;
    }
    buf_add(&text, STR("100"));
    for (size_t i = 0; i < costs.len; i++) {
        double cost = costs.ptr[i].cost < MOST_OF_ONE_RULE ? costs.ptr[i].cost : MOST_OF_ONE_RULE;
        total += cost;
        if (cost <= 0)
            continue; /* hints */
        buf_printf(&text, " - %.2f (" STR_FMT ")", cost, STR_ARG(costs.ptr[i].code));
    }
    unsigned points = total >= 100 ? 0 : (unsigned)(100 - total + 0.5);
    buf_printf(&text, " = %u", points);
    return (struct lint_score){points, grade_of(points), arena_str(mem, buf_str(&text))};
}

/* Every single change of a small schema. */
#include "tests/oracle/sketch.h"

#define NUMBERS (TYPE_BIT(IS_INTEGER) | TYPE_BIT(IS_NUMBER))
#define SCALARS (NUMBERS | TYPE_BIT(IS_STRING))

typedef bool make_change(struct sketch *s, struct dice *d, struct arena *mem);

static bool has_type(const struct sketch *s, unsigned types)
{
    return (s->types & types) != 0;
}

static struct sketch *scalar(struct dice *d, struct arena *mem)
{
    return sketch_random(d, mem, 0);
}

/* --- limits ----------------------------------------------------------------------------------- */

enum limit_step { LIMIT_SET, LIMIT_UNSET, LIMIT_RAISED, LIMIT_LOWERED, LIMIT_STEPS };
static const char *const step_names[] = {"set", "unset", "raised", "lowered"};

/* Whose values they limit, and between which numbers a change shows in the oracle's values. */
static const struct {
    const char *name;
    unsigned types;
    int low, high;
} limits[] = {
    [MINIMUM] = {"minimum",           NUMBERS,             0, 3},
    [MAXIMUM] = {"maximum",           NUMBERS,             0, 3},
    [EXCLUSIVE_MINIMUM] = {"exclusive-minimum", NUMBERS,             0, 3},
    [EXCLUSIVE_MAXIMUM] = {"exclusive-maximum", NUMBERS,             0, 3},
    [MULTIPLE_OF] = {"multiple-of",       NUMBERS,             1, 4},
    [MIN_LENGTH] = {"min-length",        TYPE_BIT(IS_STRING), 1, 3},
    [MAX_LENGTH] = {"max-length",        TYPE_BIT(IS_STRING), 0, 3},
    [MIN_ITEMS] = {"min-items",         TYPE_BIT(IS_ARRAY),  1, 2},
    [MAX_ITEMS] = {"max-items",         TYPE_BIT(IS_ARRAY),  0, 2},
    [MIN_PROPERTIES] = {"min-properties",    TYPE_BIT(IS_OBJECT), 1, 3},
    [MAX_PROPERTIES] = {"max-properties",    TYPE_BIT(IS_OBJECT), 0, 2},
};
#define LIMIT_CHANGES ((size_t)LIMIT_COUNT * LIMIT_STEPS)

static bool limit_change(size_t change, struct sketch *s, struct dice *d)
{
    size_t which = change / LIMIT_STEPS;
    enum limit_step step = (enum limit_step)(change % LIMIT_STEPS);
    int *value = &s->limits[which];
    if (!has_type(s, limits[which].types) || (*value == NO_LIMIT) != (step == LIMIT_SET))
        return false;
    if (step == LIMIT_UNSET)
        *value = NO_LIMIT;
    else if (step == LIMIT_SET)
        *value = limits[which].low +
                 (int)dice_roll(d, (uint32_t)(limits[which].high - limits[which].low + 1));
    else if (which == MULTIPLE_OF)
        *value = step == LIMIT_RAISED ? *value * 2 : *value / 2;
    else
        *value += step == LIMIT_RAISED ? 1 : -1;
    return step == LIMIT_UNSET || (*value >= limits[which].low && *value <= limits[which].high);
}

/* --- types and values ------------------------------------------------------------------------- */

static bool type_added(struct sketch *s, struct dice *d, struct arena *mem)
{
    unsigned type = TYPE_BIT(dice_roll(d, IS_OBJECT + 1));
    UNUSED(mem);
    if (s->types == 0 || s->apart || has_type(s, type))
        return false;
    s->types |= type;
    return true;
}

static bool type_removed(struct sketch *s, struct dice *d, struct arena *mem)
{
    unsigned type = TYPE_BIT(dice_roll(d, IS_OBJECT + 1));
    UNUSED(mem);
    if (!has_type(s, type) || s->types == type)
        return false;
    s->types &= ~type;
    return true;
}

static bool type_changed(struct sketch *s, struct dice *d, struct arena *mem)
{
    struct sketch *other = scalar(d, mem);
    if (s->types == 0 || s->apart || (s->types & other->types) != 0 ||
        (has_type(s, NUMBERS) && has_type(other, NUMBERS)))
        return false;
    *s = *other;
    return true;
}

static bool types_forgotten(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    if (s->types == 0 || s->apart)
        return false;
    s->types = 0;
    return true;
}

static bool integer_to_number(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    if (!has_type(s, TYPE_BIT(IS_INTEGER)))
        return false;
    s->types ^= TYPE_BIT(IS_INTEGER) | TYPE_BIT(IS_NUMBER);
    return true;
}

static bool number_to_integer(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    if (!has_type(s, TYPE_BIT(IS_NUMBER)))
        return false;
    s->types ^= TYPE_BIT(IS_INTEGER) | TYPE_BIT(IS_NUMBER);
    return true;
}

static bool null_toggled(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    if ((s->types & ~TYPE_BIT(IS_NULL)) == 0 || s->apart)
        return false;
    s->types ^= TYPE_BIT(IS_NULL);
    return true;
}

static bool value_toggled(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(mem);
    if (s->values == 0)
        return false;
    s->values ^= 1U << dice_roll(d, ENUM_VALUES);
    return s->values != 0;
}

static bool enum_set(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(mem);
    if (s->values != 0 || !has_type(s, SCALARS))
        return false;
    s->values = 1 + dice_roll(d, ENUM_MAXIMUM);
    s->of_text = has_type(s, TYPE_BIT(IS_STRING));
    return true;
}

static bool enum_unset(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    bool had = s->values != 0;
    s->values = 0;
    return had;
}

static bool unique_toggled(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    s->unique = !s->unique;
    return has_type(s, TYPE_BIT(IS_ARRAY));
}

static bool pattern_set(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(mem);
    if (s->pattern != NULL || !has_type(s, TYPE_BIT(IS_STRING)))
        return false;
    s->pattern = dice_roll(d, 2) ? "^a" : "b";
    return true;
}

static bool pattern_unset(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    bool had = s->pattern != NULL;
    s->pattern = NULL;
    return had;
}

static bool pattern_changed(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(mem);
    if (s->pattern == NULL)
        return false;
    s->pattern = dice_roll(d, 2) ? "^ab" : "b$";
    return true;
}

/* --- below ------------------------------------------------------------------------------------ */

static bool items_set(struct sketch *s, struct dice *d, struct arena *mem)
{
    if (s->items != NULL || !has_type(s, TYPE_BIT(IS_ARRAY)))
        return false;
    s->items = scalar(d, mem);
    return true;
}

static bool items_unset(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    bool had = s->items != NULL;
    s->items = NULL;
    return had;
}

static bool add_member(struct sketch *s, struct dice *d, struct arena *mem, bool required)
{
    size_t at = dice_roll(d, MEMBERS);
    if (!has_type(s, TYPE_BIT(IS_OBJECT)) || s->members[at] != NULL || s->required[at])
        return false;
    s->members[at] = scalar(d, mem);
    s->required[at] = required;
    return true;
}

static bool optional_member_added(struct sketch *s, struct dice *d, struct arena *mem)
{
    return add_member(s, d, mem, false);
}

static bool required_member_added(struct sketch *s, struct dice *d, struct arena *mem)
{
    return add_member(s, d, mem, true);
}

static bool member_removed(struct sketch *s, struct dice *d, struct arena *mem)
{
    size_t at = dice_roll(d, MEMBERS);
    UNUSED(mem);
    bool had = s->members[at] != NULL;
    s->members[at] = NULL;
    s->required[at] = false;
    return had;
}

static bool required_toggled(struct sketch *s, struct dice *d, struct arena *mem)
{
    size_t at = dice_roll(d, MEMBERS);
    UNUSED(mem);
    s->required[at] = !s->required[at];
    return s->members[at] != NULL;
}

static bool additional_changed(struct sketch *s, struct dice *d, struct arena *mem)
{
    enum additional to = (enum additional)dice_roll(d, 3);
    if (!has_type(s, TYPE_BIT(IS_OBJECT)) || to == s->additional)
        return false;
    s->additional = to;
    s->additional_schema = to == ADDITIONAL_SCHEMA ? scalar(d, mem) : NULL;
    return true;
}

static bool branch_removed(struct sketch *s, struct dice *d, struct arena *mem)
{
    size_t at = dice_roll(d, BRANCHES);
    UNUSED(mem);
    if (s->join != JOIN_ONE_OF && s->join != JOIN_ANY_OF)
        return false;
    bool had = s->branches[at] != NULL, other = false;
    s->branches[at] = NULL;
    for (size_t i = 0; i < BRANCHES; i++)
        other |= s->branches[i] != NULL;
    return had && other;
}

static bool branch_added(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    for (size_t i = 0; i < BRANCHES && (s->join == JOIN_ONE_OF || s->join == JOIN_ANY_OF); i++)
        if (s->branches[i] == NULL) {
            s->branches[i] = sketch_new(mem, TYPE_BIT(IS_ARRAY));
            return true;
        }
    return false;
}

/* --- the same in other words ------------------------------------------------------------------ */

static bool named_toggled(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    s->named = !s->named;
    return true;
}

static bool reversed(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    s->backwards = !s->backwards;
    return true;
}

static bool described(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    UNUSED(mem);
    s->annotated = !s->annotated;
    return true;
}

static bool wrap(struct sketch *s, struct arena *mem, enum join join)
{
    struct sketch *inner = sketch_copy(s, mem), *outer = sketch_new(mem, 0);
    bool named = s->named;
    inner->named = false;
    *s = *outer;
    s->named = named;
    s->join = join;
    s->branches[0] = inner;
    return true;
}

static bool wrapped_in_all_of(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    return wrap(s, mem, JOIN_ALL_OF);
}

static bool wrapped_beside_nothing(struct sketch *s, struct dice *d, struct arena *mem)
{
    UNUSED(d);
    (void)wrap(s, mem, JOIN_ALL_OF);
    s->branches[1] = sketch_new(mem, 0);
    return true;
}

/* Properties move into parts of an allOf; additionalProperties would not see them there. */
static bool split_in_all_of(struct sketch *s, struct dice *d, struct arena *mem)
{
    size_t at = dice_roll(d, MEMBERS);
    if (s->join != JOIN_NONE || s->additional != ADDITIONAL_ABSENT || s->members[at] == NULL)
        return false;
    struct sketch *part = sketch_new(mem, TYPE_BIT(IS_OBJECT));
    part->members[at] = s->members[at];
    part->required[at] = s->required[at];
    s->members[at] = NULL;
    s->required[at] = false;
    part->named = dice_roll(d, 2) == 0;
    part->types |= s->types;
    s->join = JOIN_ALL_OF;
    s->branches[0] = part;
    return true;
}

static const struct {
    const char *name;
    make_change *make;
    bool neutral;
} changes[] = {
    {"type-added",            type_added,             false},
    {"type-removed",          type_removed,           false},
    {"type-changed",          type_changed,           false},
    {"types-forgotten",       types_forgotten,        false},
    {"integer-to-number",     integer_to_number,      false},
    {"number-to-integer",     number_to_integer,      false},
    {"null-toggled",          null_toggled,           false},
    {"enum-value-toggled",    value_toggled,          false},
    {"enum-set",              enum_set,               false},
    {"enum-unset",            enum_unset,             false},
    {"unique-toggled",        unique_toggled,         false},
    {"pattern-set",           pattern_set,            false},
    {"pattern-unset",         pattern_unset,          false},
    {"pattern-changed",       pattern_changed,        false},
    {"items-set",             items_set,              false},
    {"items-unset",           items_unset,            false},
    {"optional-member-added", optional_member_added,  false},
    {"required-member-added", required_member_added,  false},
    {"member-removed",        member_removed,         false},
    {"required-toggled",      required_toggled,       false},
    {"additional-changed",    additional_changed,     false},
    {"branch-removed",        branch_removed,         false},
    {"branch-added",          branch_added,           false},
    {"named-toggled",         named_toggled,          true },
    {"reversed",              reversed,               true },
    {"described",             described,              true },
    {"all-of-around",         wrapped_in_all_of,      true },
    {"all-of-beside-nothing", wrapped_beside_nothing, true },
    {"all-of-split",          split_in_all_of,        true },
};

size_t change_count(void)
{
    return LIMIT_CHANGES + COUNT_OF(changes);
}

bool change_make(size_t change, struct sketch *s, struct dice *d, struct arena *mem)
{
    if (change < LIMIT_CHANGES)
        return limit_change(change, s, d);
    return changes[change - LIMIT_CHANGES].make(s, d, mem);
}

struct str change_name(size_t change, struct arena *mem)
{
    if (change >= LIMIT_CHANGES)
        return str_from(changes[change - LIMIT_CHANGES].name);
    return arena_printf(mem, "%s-%s", limits[change / LIMIT_STEPS].name,
                        step_names[change % LIMIT_STEPS]);
}

bool change_is_neutral(size_t change)
{
    return change >= LIMIT_CHANGES && changes[change - LIMIT_CHANGES].neutral;
}

/* --- places ----------------------------------------------------------------------------------- */

static size_t list_from(struct sketch *s, struct sketch **out, size_t count, size_t most)
{
    if (s == NULL || count == most)
        return count;
    out[count++] = s;
    count = list_from(s->items, out, count, most);
    count = list_from(s->additional_schema, out, count, most);
    for (size_t i = 0; i < MEMBERS; i++)
        count = list_from(s->members[i], out, count, most);
    for (size_t i = 0; i < BRANCHES; i++)
        count = list_from(s->branches[i], out, count, most);
    return count;
}

size_t sketch_list(struct sketch *s, struct sketch **out, size_t most)
{
    return list_from(s, out, 0, most);
}

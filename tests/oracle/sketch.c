/* Random schemas, and documents that have them. */
#include "tests/oracle/sketch.h"

const char *const sketch_type_names[] = {"null",   "boolean", "integer", "number",
                                         "string", "array",   "object"};
static const char *const limit_names[] = {
    [MINIMUM] = "minimum",
    [MAXIMUM] = "maximum",
    [EXCLUSIVE_MINIMUM] = "exclusiveMinimum",
    [EXCLUSIVE_MAXIMUM] = "exclusiveMaximum",
    [MULTIPLE_OF] = "multipleOf",
    [MIN_LENGTH] = "minLength",
    [MAX_LENGTH] = "maxLength",
    [MIN_ITEMS] = "minItems",
    [MAX_ITEMS] = "maxItems",
    [MIN_PROPERTIES] = "minProperties",
    [MAX_PROPERTIES] = "maxProperties",
};
static const char *const member_names[MEMBERS] = {"a", "b", "c"};

/* splitmix64 */
uint32_t dice_roll(struct dice *d, uint32_t below)
{
    uint64_t z = d->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ (z >> 31)) % below);
}

/* --- making ----------------------------------------------------------------------------------- */

struct sketch *sketch_new(struct arena *mem, unsigned types)
{
    struct sketch *s = arena_new(mem, struct sketch);
    s->types = types;
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        s->limits[i] = NO_LIMIT;
    return s;
}

static void maybe_limit(struct dice *d, struct sketch *s, enum limit limit, int low, int high)
{
    if (dice_roll(d, 3) == 0)
        s->limits[limit] = low + (int)dice_roll(d, (uint32_t)(high - low + 1));
}

static void fill_scalar(struct dice *d, struct sketch *s, enum sketch_type type)
{
    s->of_text = type == IS_STRING;
    if (type != IS_BOOLEAN && dice_roll(d, 4) == 0) {
        s->values = 1 + dice_roll(d, ENUM_MAXIMUM);
        return; /* bounds beside an enum seldom matter */
    }
    if (type == IS_STRING) {
        maybe_limit(d, s, MIN_LENGTH, 1, 2);
        maybe_limit(d, s, MAX_LENGTH, 2, 3);
        if (dice_roll(d, 4) == 0)
            s->pattern = "^a";
    } else if (type != IS_BOOLEAN) {
        maybe_limit(d, s, dice_roll(d, 2) ? MINIMUM : EXCLUSIVE_MINIMUM, 0, 1);
        maybe_limit(d, s, dice_roll(d, 2) ? MAXIMUM : EXCLUSIVE_MAXIMUM, 2, 3);
        maybe_limit(d, s, MULTIPLE_OF, 1, 2);
    }
}

static void fill_object(struct dice *d, struct sketch *s, struct arena *mem, unsigned depth)
{
    for (size_t i = 0; i < MEMBERS; i++) {
        if (dice_roll(d, 3) == 0)
            continue;
        s->members[i] = sketch_random(d, mem, depth - 1);
        s->required[i] = dice_roll(d, 3) == 0;
    }
    s->additional = (enum additional)dice_roll(d, 3);
    if (s->additional == ADDITIONAL_SCHEMA)
        s->additional_schema = sketch_random(d, mem, 0);
    maybe_limit(d, s, MIN_PROPERTIES, 1, 2);
    maybe_limit(d, s, MAX_PROPERTIES, 2, 2);
}

static void fill_array(struct dice *d, struct sketch *s, struct arena *mem)
{
    if (dice_roll(d, 4) != 0)
        s->items = sketch_random(d, mem, 0);
    maybe_limit(d, s, MIN_ITEMS, 1, 1);
    maybe_limit(d, s, MAX_ITEMS, 1, 2);
    s->unique = dice_roll(d, 4) == 0;
}

/* Branches of different types, so that each one matters. */
static void fill_branches(struct dice *d, struct sketch *s, struct arena *mem)
{
    static const enum sketch_type types[] = {IS_BOOLEAN, IS_INTEGER, IS_STRING};
    uint32_t skip = dice_roll(d, 4);
    size_t count = 0;
    s->join = dice_roll(d, 2) ? JOIN_ONE_OF : JOIN_ANY_OF;
    for (size_t i = 0; i < COUNT_OF(types); i++) {
        if (i == skip)
            continue;
        s->branches[count] = sketch_new(mem, TYPE_BIT(types[i]));
        s->branches[count]->apart = true;
        fill_scalar(d, s->branches[count++], types[i]);
    }
}

struct sketch *sketch_random(struct dice *d, struct arena *mem, unsigned depth)
{
    static const enum sketch_type scalars[] = {IS_BOOLEAN, IS_INTEGER, IS_NUMBER, IS_STRING,
                                               IS_STRING};
    uint32_t kind = dice_roll(d, depth >= 2 ? 12 : depth == 1 ? 8 : 5);
    struct sketch *s = sketch_new(mem, 0);
    if (kind < COUNT_OF(scalars)) {
        s->types = TYPE_BIT(scalars[kind]);
        fill_scalar(d, s, scalars[kind]);
    } else if (kind == 5) {
        fill_branches(d, s, mem);
    } else if (kind < 8) {
        s->types = TYPE_BIT(IS_ARRAY);
        fill_array(d, s, mem);
    } else {
        s->types = TYPE_BIT(IS_OBJECT);
        fill_object(d, s, mem, depth);
    }
    if (s->types != 0 && s->values == 0 && dice_roll(d, 6) == 0)
        s->types |= TYPE_BIT(IS_NULL);
    s->named = dice_roll(d, 6) == 0;
    return s;
}

static struct sketch *copy_maybe(const struct sketch *s, struct arena *mem)
{
    return s != NULL ? sketch_copy(s, mem) : NULL;
}

struct sketch *sketch_copy(const struct sketch *s, struct arena *mem)
{
    struct sketch *c = arena_new(mem, struct sketch);
    *c = *s;
    c->items = copy_maybe(s->items, mem);
    c->additional_schema = copy_maybe(s->additional_schema, mem);
    for (size_t i = 0; i < MEMBERS; i++)
        c->members[i] = copy_maybe(s->members[i], mem);
    for (size_t i = 0; i < BRANCHES; i++)
        c->branches[i] = copy_maybe(s->branches[i], mem);
    return c;
}

/* --- writing ---------------------------------------------------------------------------------- */

struct writing {
    struct json_writer w;
    const struct sketch *named[NAMED_MOST]; /* components to be written */
    size_t named_count;
};

static void put(struct writing *out, const struct sketch *s);

static void put_types(struct json_writer *w, const struct sketch *s)
{
    bool list = (s->types & (s->types - 1)) != 0;
    if (s->types == 0)
        return;
    json_key(w, STR("type"));
    if (list)
        json_open_array(w);
    for (unsigned i = 0; i <= IS_OBJECT; i++) {
        unsigned type = s->backwards ? IS_OBJECT - i : i;
        if (s->types & TYPE_BIT(type))
            json_put_str(w, str_from(sketch_type_names[type]));
    }
    if (list)
        json_close_array(w);
}

static void put_values(struct json_writer *w, const struct sketch *s)
{
    static const char *const texts[ENUM_VALUES] = {"a", "b", "ab", "abc"};
    if (s->values == 0)
        return;
    json_key(w, STR("enum"));
    json_open_array(w);
    for (unsigned i = 0; i < ENUM_VALUES; i++) {
        unsigned at = s->backwards ? ENUM_VALUES - 1 - i : i;
        if ((s->values & (1U << at)) == 0)
            continue;
        if (s->of_text)
            json_put_str(w, str_from(texts[at]));
        else
            json_put_i64(w, at);
    }
    json_close_array(w);
}

static void put_scalars(struct json_writer *w, const struct sketch *s)
{
    put_types(w, s);
    for (size_t i = 0; i < LIMIT_COUNT; i++)
        if (s->limits[i] != NO_LIMIT)
            json_key_i64(w, limit_names[i], s->limits[i]);
    put_values(w, s);
    if (s->unique)
        json_key_bool(w, "uniqueItems", true);
    if (s->pattern != NULL)
        json_key_str(w, "pattern", str_from(s->pattern));
}

static void put_members(struct writing *out, const struct sketch *s)
{
    struct json_writer *w = &out->w;
    bool any = false, needs = false;
    for (size_t i = 0; i < MEMBERS; i++) {
        any |= s->members[i] != NULL;
        needs |= s->required[i];
    }
    if (any) {
        json_key(w, STR("properties"));
        json_open_object(w);
        for (size_t i = 0; i < MEMBERS; i++) {
            size_t at = s->backwards ? MEMBERS - 1 - i : i;
            if (s->members[at] == NULL)
                continue;
            json_key(w, str_from(member_names[at]));
            put(out, s->members[at]);
        }
        json_close_object(w);
    }
    if (needs) {
        json_key(w, STR("required"));
        json_open_array(w);
        for (size_t i = 0; i < MEMBERS; i++)
            if (s->required[s->backwards ? MEMBERS - 1 - i : i])
                json_put_str(w, str_from(member_names[s->backwards ? MEMBERS - 1 - i : i]));
        json_close_array(w);
    }
}

static void put_below(struct writing *out, const struct sketch *s)
{
    static const char *const joins[] = {"", "oneOf", "anyOf", "allOf"};
    struct json_writer *w = &out->w;
    put_members(out, s);
    if (s->additional == ADDITIONAL_FALSE)
        json_key_bool(w, "additionalProperties", false);
    if (s->additional == ADDITIONAL_SCHEMA) {
        json_key(w, STR("additionalProperties"));
        put(out, s->additional_schema);
    }
    if (s->items != NULL) {
        json_key(w, STR("items"));
        put(out, s->items);
    }
    if (s->join == JOIN_NONE)
        return;
    json_key(w, str_from(joins[s->join]));
    json_open_array(w);
    for (size_t i = 0; i < BRANCHES; i++)
        if (s->branches[s->backwards ? BRANCHES - 1 - i : i] != NULL)
            put(out, s->branches[s->backwards ? BRANCHES - 1 - i : i]);
    json_close_array(w);
}

static void put_schema(struct writing *out, const struct sketch *s)
{
    json_open_object(&out->w);
    if (s->annotated) {
        json_key_str(&out->w, "title", STR("another title"));
        json_key_str(&out->w, "description", STR("Says more."));
    }
    if (s->backwards)
        put_below(out, s);
    put_scalars(&out->w, s);
    if (!s->backwards)
        put_below(out, s);
    json_close_object(&out->w);
}

static void put(struct writing *out, const struct sketch *s)
{
    char ref[48];
    if (!s->named || out->named_count == NAMED_MOST) {
        put_schema(out, s);
        return;
    }
    (void)snprintf(ref, sizeof(ref), "#/components/schemas/N%zu", out->named_count);
    out->named[out->named_count++] = s;
    json_open_object(&out->w);
    json_key_str(&out->w, "$ref", str_from(ref));
    json_close_object(&out->w);
}

void sketch_write(const struct sketch *s, struct buf *out)
{
    static const struct str ref = {"{\"$ref\":\"#/components/schemas/Whole\"}", 38};
    struct writing writing = {.w = {.out = out}};
    struct json_writer *w = &writing.w;
    char name[32];
    buf_printf(out,
               "{\"openapi\":\"3.1.0\",\"info\":{\"title\":\"t\",\"version\":\"1.0.0\"},\"paths\":{"
               "\"/in\":{\"post\":{\"requestBody\":{\"required\":true,\"content\":"
               "{\"application/json\":{\"schema\":" STR_FMT "}}},\"responses\":{\"204\":"
               "{\"description\":\"done\"}}}},\"/out\":{\"get\":{\"responses\":{\"200\":"
               "{\"description\":\"ok\",\"content\":{\"application/json\":{\"schema\":" STR_FMT
               "}}}}}}},\"components\":{\"schemas\":",
               STR_ARG(ref), STR_ARG(ref));
    json_open_object(w);
    json_key(w, STR("Whole"));
    put_schema(&writing, s);
    for (size_t i = 0; i < writing.named_count; i++) {
        (void)snprintf(name, sizeof(name), "N%zu", i);
        json_key(w, str_from(name));
        put_schema(&writing, writing.named[i]);
    }
    json_close_object(w);
    buf_add(out, STR("}}"));
}

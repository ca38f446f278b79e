/* What a refusal is called, and what its caller is told. */
#include "catalog/authz/authz.h"

struct deny_row {
    const char *name;
    int status;
    const char *sentence, *remedy;
};

#define DENY_ROW(code, name, status, sentence, remedy) [code] = {name, status, sentence, remedy},
static const struct deny_row rows[DENY_CODE_COUNT] = {DENY_CODES(DENY_ROW)};
#undef DENY_ROW

const char *deny_name(enum deny_code code)
{
    return rows[code].name;
}

int deny_status(enum deny_code code)
{
    return rows[code].status;
}

const char *deny_sentence(enum deny_code code)
{
    return rows[code].sentence;
}

const char *deny_remedy(enum deny_code code)
{
    return rows[code].remedy;
}

void deny_body(enum deny_code code, struct str request_id, struct buf *out)
{
    struct json_writer w = {.out = out};
    json_open_object(&w);
    json_key_str(&w, "type", STR("about:blank"));
    json_key_str(&w, "title", str_from(rows[code].sentence));
    json_key_i64(&w, "status", rows[code].status);
    json_key_str(&w, "detail", str_from(rows[code].remedy));
    json_key_str(&w, "code", str_from(rows[code].name));
    json_key_str(&w, "request_id", request_id);
    json_close_object(&w);
}

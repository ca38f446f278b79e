/* Two revisions of an API, compared. */
#include "portal/rest/operation.h"

#define CHANGES_MOST 2000

static void write_operations(struct json_writer *w, const struct diff_finding *f)
{
    json_key(w, STR("operations"));
    json_open_array(w);
    for (size_t i = 0; i < f->affected_count; i++)
        json_put_str(w, f->affected[i]);
    json_close_array(w);
}

static void write_place(struct json_writer *w, const char *name, struct diff_place place)
{
    json_key(w, str_from(name));
    if (place.line == 0) {
        json_put_null(w);
        return;
    }
    json_open_object(w);
    json_key_str(w, "file", place.file.len > 0 ? place.file : STR_NONE);
    json_key_i64(w, "line", place.line);
    json_key_i64(w, "column", place.column);
    json_close_object(w);
}

static void write_change(struct json_writer *w, const struct diff_finding *f)
{
    static const char *const levels[] = {
        [DIFF_NONE] = "none", [DIFF_INFO] = "info", [DIFF_WARN] = "warn", [DIFF_ERR] = "error"};
    json_open_object(w);
    json_key_str(w, "code", str_from(f->id));
    json_key_str(w, "level", str_from(levels[f->level]));
    json_key_str(w, "operation", f->operation.len > 0 ? f->operation : STR_NONE);
    json_key_str(w, "path", f->path.len > 0 ? f->path : STR_NONE);
    json_key_str(w, "message", f->text);
    json_key_str(w, "fingerprint", f->fingerprint);
    write_place(w, "from", f->old);
    write_place(w, "to", f->new);
    write_operations(w, f);
    json_close_object(w);
}

static void write_comparison(struct rest_call *call, const struct comparison *c)
{
    const struct diff_report *report = &c->report;
    size_t shown = report->count < CHANGES_MOST ? report->count : CHANGES_MOST;
    struct json_writer w = rest_json(call->res);
    json_open_object(&w);
    json_key(&w, STR("from"));
    record_write(&w, &record_revision, &c->from.revision);
    json_key(&w, STR("to"));
    record_write(&w, &record_revision, &c->to.revision);
    json_key_str(&w, "bump", str_from(diff_bump_name(report->bump)));
    json_key_i64(&w, "breaking_count", (int64_t)report->levels[DIFF_ERR]);
    json_key_i64(&w, "risky_count", (int64_t)report->levels[DIFF_WARN]);
    json_key_i64(&w, "change_count", (int64_t)report->count);
    json_key_i64(&w, "left_out", (int64_t)(report->count - shown));
    json_key(&w, STR("changes"));
    json_open_array(&w);
    for (size_t i = 0; i < shown; i++)
        write_change(&w, &report->findings[i]);
    json_close_array(&w);
    json_key(&w, STR("notes"));
    json_open_array(&w);
    for (size_t i = 0; i < report->note_count; i++)
        json_put_str(&w, report->notes[i]);
    json_close_array(&w);
    json_close_object(&w);
}

bool rest_compare(struct rest_call *call, struct err *err)
{
    struct http_request *req = call->req;
    struct str from = http_query(req, "from"), to = http_query(req, "to");
    struct comparison *made = arena_new(req->mem, struct comparison);
    if (from.len == 0 || to.len == 0)
        return fail(err, ERR_INVALID, from.len == 0 ? "from" : "to",
                    "name the version or revision to compare");
    if (!catalog_compare(VIEW(req), PRINCIPAL(req), req->args[0], from, to, req->mem, made, err))
        return false;
    write_comparison(call, made);
    return true;
}

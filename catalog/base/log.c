/* Log lines: one JSON object each, one write each. */
#include <errno.h>
#include <unistd.h>

#include "catalog/base/base.h"

void log_write(const struct log *log, enum log_level level, const char *event,
               const struct log_field *fields, size_t count)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    if (log == NULL || level < log->least)
        return;
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf line = {.limit_bytes = 16384};
    struct json_writer w = {.out = &line};
    json_open_object(&w);
    json_key_str(&w, "time", time_format(&mem, clock_now_ms(log->clock)));
    json_key_str(&w, "level", str_from(levels[level]));
    json_key_str(&w, "event", str_from(event));
    for (size_t i = 0; i < count; i++) {
        if (fields[i].type == LOG_FIELD_STR)
            json_key_str(&w, fields[i].name, fields[i].str);
        else
            json_key_i64(&w, fields[i].name, fields[i].i64);
    }
    json_close_object(&w);
    buf_add_char(&line, '\n');
    if (line.failed)
        return;
    ssize_t written = write(log->fd, line.ptr, line.len);
    UNUSED(written); /* a log that cannot be written has nowhere to say so */
}

void log_err(const struct log *log, const char *event, const struct err *err)
{
    log_error(log, event, LOG_STR("code", str_from(err_code_name(err->code))),
              LOG_STR("where", str_from(err->where)), LOG_STR("message", str_from(err->msg)),
              LOG_STR("source", str_from(err->file ? err->file : "")), LOG_I64("line", err->line));
}

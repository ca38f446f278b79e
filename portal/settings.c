/* Reads and checks settings; the table in settings.h is all there is to know. */
#include "portal/settings.h"

#include "catalog/model/model.h"

#define SOCKET_PATH_MOST 107 /* sun_path, with its NUL */

struct setting {
    const char *name;
    const char *text;            /* default of a text */
    int64_t number, least, most; /* default and range of a number */
    bool is_text;
    size_t offset;
    const char *help;
};

#define TEXT_ROW(name, text, help) \
    {#name, text, 0, 0, 0, true, offsetof(struct settings, name), help},
#define INT_ROW(name, number, least, most, help) \
    {#name, NULL, number, least, most, false, offsetof(struct settings, name), help},
static const struct setting table[] = {SETTINGS(TEXT_ROW, INT_ROW)};

static void *member(struct settings *s, const struct setting *row)
{
    return (char *)s + row->offset;
}

void settings_init(struct settings *s)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        if (table[i].is_text)
            *(struct str *)member(s, &table[i]) = str_from(table[i].text);
        else
            *(int64_t *)member(s, &table[i]) = table[i].number;
    }
}

static bool unknown_setting(struct str name, struct arena *mem, struct err *err)
{
    const char *names[COUNT_OF(table)];
    for (size_t i = 0; i < COUNT_OF(table); i++)
        names[i] = table[i].name;
    (void)fail(err, ERR_INVALID, str_z(mem, name), "no setting has this name");
    const char *near = nearest_name(name, names, COUNT_OF(names));
    return near ? err_hint(err, "did you mean %s?", near)
                : err_hint(err, "chanceryd check --settings lists all of them");
}

bool settings_set(struct settings *s, struct str name, struct str value, struct arena *mem,
                  struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct setting *row = &table[i];
        int64_t number = 0;
        if (!str_eq(name, str_from(row->name)))
            continue;
        if (row->is_text) {
            *(struct str *)member(s, row) = arena_str(mem, value);
            return true;
        }
        if (!str_to_i64(value, &number))
            return fail(err, ERR_INVALID, row->name, "\"" STR_FMT "\" is not a whole number",
                        STR_ARG(value));
        if (number < row->least || number > row->most)
            return fail(err, ERR_INVALID, row->name, "%lld is out of range: %lld to %lld",
                        (long long)number, (long long)row->least, (long long)row->most);
        *(int64_t *)member(s, row) = number;
        return true;
    }
    return unknown_setting(name, mem, err);
}

static bool read_line(struct settings *s, struct str line, struct arena *mem, struct err *err)
{
    line = str_trim(line);
    if (line.len == 0 || line.ptr[0] == '#')
        return true;
    size_t equals = str_find_char(line, '=');
    if (equals == SIZE_MAX) {
        (void)fail(err, ERR_INVALID, "", "no '=' in \"" STR_FMT "\"", STR_ARG(line));
        return err_hint(err, "write: name = value");
    }
    return settings_set(s, str_trim(str_sub(line, 0, equals)),
                        str_trim(str_sub(line, equals + 1, line.len)), mem, err);
}

bool settings_read(struct settings *s, const char *path, struct arena *mem, struct err *err)
{
    CLEANUP(buf_clear) struct buf file = {0};
    if (!file_read(path, (size_t)1 << 20, &file, err))
        return false;
    struct str rest = buf_str(&file), line;
    for (int number = 1; str_split(&rest, '\n', &line); number++)
        if (!read_line(s, line, mem, err))
            return err_at(err, arena_printf(mem, "%s line %d%s%s", path, number,
                                            err->where[0] ? ": " : "", err->where)
                                   .ptr);
    return true;
}

static bool is_loopback_url(struct str url)
{
    static const char *const hosts[] = {"http://127.0.0.1", "http://localhost", "http://[::1]"};
    for (size_t i = 0; i < COUNT_OF(hosts); i++) {
        struct str host = str_from(hosts[i]);
        if (str_starts(url, host) &&
            (url.len == host.len || url.ptr[host.len] == ':' || url.ptr[host.len] == '/'))
            return true;
    }
    return false;
}

/* Its host may be all addresses. */
struct str settings_url(const struct settings *s, uint16_t port, struct arena *mem)
{
    struct str rest = s->listen, last = STR_NONE;
    int64_t number = port;
    if (s->public_url.len > 0)
        return s->public_url;
    while (str_split(&rest, ':', &last))
        continue;
    if (number == 0)
        (void)!str_to_i64(last, &number);
    return arena_printf(mem, "http://127.0.0.1:%lld", (long long)number);
}

bool settings_check(const struct settings *s, struct err *err)
{
    const struct {
        const char *name;
        struct str path;
    } sockets[] = {
        {"socket",         s->socket        },
        {"control_socket", s->control_socket},
        {"check_socket",   s->check_socket  }
    };
    for (size_t i = 0; i < COUNT_OF(sockets); i++)
        if (sockets[i].path.len > SOCKET_PATH_MOST)
            return fail(err, ERR_INVALID, sockets[i].name,
                        "path of %zu bytes; a socket has %d at most", sockets[i].path.len,
                        SOCKET_PATH_MOST);
    if (s->listen_tls.len > 0 && (s->tls_certificate.len == 0 || s->tls_key.len == 0)) {
        (void)fail(err, ERR_INVALID, "listen_tls", "needs a certificate and its key");
        return err_hint(err, "set tls_certificate and tls_key to PEM files");
    }
    if (s->listen.len == 0 && s->listen_tls.len == 0 && s->socket.len == 0) {
        (void)fail(err, ERR_INVALID, "listen", "nothing to listen on");
        return err_hint(err, "set listen, listen_tls or socket");
    }
    if (s->public_url.len > 0 && !str_starts(s->public_url, STR("https://")) &&
        !is_loopback_url(s->public_url)) {
        (void)fail(err, ERR_INVALID, "public_url", "\"" STR_FMT "\" is neither https nor loopback",
                   STR_ARG(s->public_url));
        return err_hint(
            err,
            "set listen_tls, or name a TLS proxy in trusted_proxies, and use the https address");
    }
    return true;
}

void settings_write(const struct settings *s, struct buf *out)
{
    for (size_t i = 0; i < COUNT_OF(table); i++) {
        const struct setting *row = &table[i];
        const char *at = (const char *)s + row->offset;
        buf_printf(out, "# %s\n", row->help);
        if (row->is_text)
            buf_printf(out, "%s = " STR_FMT "\n\n", row->name,
                       STR_ARG(*(const struct str *)(const void *)at));
        else
            buf_printf(out, "%s = %lld\n\n", row->name,
                       (long long)*(const int64_t *)(const void *)at);
    }
}

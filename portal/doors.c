/* Which socket is for what. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "portal/doors.h"

#define FIRST_PASSED_FD 3 /* sd_listen_fds(3) */
#define PASSED_MOST     64

struct door_setting {
    const char *name;
    size_t offset;
    enum door door;
    enum { PATH, PLAIN, TLS } kind;
};
#define ROW(name, door, kind) {#name, offsetof(struct settings, name), door, kind},
static const struct door_setting door_settings[] = {
    /* clang-format off */
    ROW(socket, DOOR_PORTAL, PATH)
    ROW(listen, DOOR_PORTAL, PLAIN)
    ROW(listen_tls, DOOR_PORTAL, TLS)
    ROW(control_socket, DOOR_CONTROL, PATH)
    ROW(control_listen, DOOR_CONTROL, PLAIN)
    ROW(check_socket, DOOR_CHECK, PATH)
    ROW(check_listen, DOOR_CHECK, PLAIN)
    /* clang-format on */
};
#undef ROW

static struct str text_of(const struct settings *s, const struct door_setting *row)
{
    return *(const struct str *)(const void *)((const char *)s + row->offset);
}

static const struct door_setting *setting_named(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(door_settings); i++)
        if (str_eq(name, str_from(door_settings[i].name)))
            return &door_settings[i];
    return NULL;
}

/* --- of the service manager ------------------------------------------------------------------- */

static bool is_listening(int fd)
{
    int type = 0, listening = 0;
    socklen_t size = sizeof(type);
    if (getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) != 0)
        return false;
    size = sizeof(listening);
    return type == SOCK_STREAM &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening;
}

static bool take_passed(struct doors *out, int fd, struct str name, struct err *err)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    int flags = fcntl(fd, F_GETFL);
    if (!is_listening(fd)) {
        (void)fail(err, ERR_INVALID, "LISTEN_FDS", "%s is no listening stream socket",
                   arena_join(&mem, STR("the socket "), name).ptr);
        return err_hint(err, "the socket unit needs ListenStream=");
    }
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0 ||
        fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
        return fail(err, ERR_IO, "LISTEN_FDS", "cannot use a passed socket: %s", strerror(errno));
    vec_push(&out->openings, &out->mem, (struct opening){fd, arena_str(&out->mem, name), STR("")});
    return true;
}

bool doors_of_manager(struct doors *out, struct err *err)
{
    struct str pid_text = str_from(getenv("LISTEN_PID")),
               count_text = str_from(getenv("LISTEN_FDS"));
    struct str names = arena_str(&out->mem, str_from(getenv("LISTEN_FDNAMES")));
    int64_t pid = 0, count = 0;
    bool ok = true;
    if (!str_to_i64(pid_text, &pid) || pid != getpid() || !str_to_i64(count_text, &count))
        count = 0; /* they are somebody else's */
    if (count < 0 || count > PASSED_MOST)
        return fail(err, ERR_INVALID, "LISTEN_FDS", "%lld sockets cannot be", (long long)count);
    for (int i = 0; ok && i < (int)count; i++) {
        struct str name = STR("");
        (void)str_split(&names, ':', &name);
        ok = take_passed(out, FIRST_PASSED_FD + i, name, err);
    }
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
    return ok;
}

/* --- opening ---------------------------------------------------------------------------------- */

static bool same_place(const struct opening *passed, struct str text, bool is_path)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct http_listener listener = {.fd = passed->fd};
    struct str at = http_listener_address(&listener, &mem);
    return text.len > 0 &&
           str_eq(at, arena_join(&mem, is_path ? STR("unix:") : STR("http://"), text));
}

/* Inherited ones are named, and have the text they were bound by; the manager's have no text, and
 * only then a name when the unit gives one. */
static bool fits(const struct opening *passed, const struct door_setting *row, struct str text)
{
    bool named = str_eq(passed->name, str_from(row->name));
    if (passed->address.len > 0)
        return named && str_eq(passed->address, text);
    return named ||
           (setting_named(passed->name) == NULL && same_place(passed, text, row->kind == PATH));
}

static void add(struct doors *doors, int fd, const struct door_setting *row, struct str address)
{
    vec_push(&doors->openings, &doors->mem,
             (struct opening){fd, str_from(row->name), arena_str(&doors->mem, address)});
}

static bool take_fitting(struct doors *doors, struct doors *passed, const struct door_setting *row,
                         struct str text)
{
    bool any = false;
    for (size_t i = 0; i < passed->openings.len; i++) {
        struct opening *o = &passed->openings.ptr[i];
        if (o->fd < 0 || !fits(o, row, text))
            continue;
        add(doors, o->fd, row, o->address);
        o->fd = -1;
        any = true;
    }
    return any;
}

static bool bind_one(struct doors *doors, const struct settings *s, const struct door_setting *row,
                     struct str text, struct err *err)
{
    struct http_listener listener;
    struct str address = row->kind == PATH ? arena_join(&doors->mem, STR("unix:"), text) : text;
    if (!http_listen(address, (unsigned)s->socket_mode, row->name, &listener, NULL, err)) {
        if (row->kind == PATH)
            return err->hint[0] == '\0' && err->code == ERR_IO
                       ? err_hint(err,
                                  "its folder must exist and belong to this account; another "
                                  "place: --set %s=PATH",
                                  row->name)
                       : false;
        return err_at(err,
                      arena_printf(&doors->mem, "%s = " STR_FMT, row->name, STR_ARG(text)).ptr);
    }
    add(doors, listener.fd, row, text);
    return true;
}

static bool enough_room(const struct doors *doors, struct err *err)
{
    size_t count[DOOR_CHECK + 1] = {0};
    for (size_t i = 0; i < doors->openings.len; i++) {
        const struct door_setting *row = setting_named(doors->openings.ptr[i].name);
        assert(row != NULL);
        if (++count[row->door] > DOOR_LISTENERS_MAX)
            return fail(err, ERR_LIMIT, "LISTEN_FDS", "more than %d sockets for one purpose",
                        DOOR_LISTENERS_MAX);
    }
    return true;
}

bool doors_open(struct doors *doors, const struct settings *s, struct doors *passed,
                struct err *err)
{
    for (size_t i = 0; i < COUNT_OF(door_settings); i++) {
        const struct door_setting *row = &door_settings[i];
        struct str text = text_of(s, row);
        if (!take_fitting(doors, passed, row, text) && text.len > 0 &&
            !bind_one(doors, s, row, text, err))
            return false;
    }
    for (size_t i = 0; i < passed->openings.len; i++)
        if (passed->openings.ptr[i].fd >= 0 && passed->openings.ptr[i].address.len == 0) {
            (void)fail(err, ERR_INVALID, "LISTEN_FDS", "nothing is set for a passed socket");
            return err_hint(err, "name it by its setting: FileDescriptorName=check_socket");
        }
    doors_close(passed); /* what the settings name no longer */
    return enough_room(doors, err);
}

static const struct opening *opening_named(const struct doors *doors, const char *name)
{
    for (size_t i = 0; i < doors->openings.len; i++)
        if (str_eq(doors->openings.ptr[i].name, str_from(name)))
            return &doors->openings.ptr[i];
    return NULL;
}

bool doors_have(const struct doors *doors, const char *name)
{
    return opening_named(doors, name) != NULL;
}

uint16_t doors_port(const struct doors *doors, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    const struct opening *o = opening_named(doors, name);
    const struct http_listener listener = {.fd = o != NULL ? o->fd : -1};
    struct str at = http_listener_address(&listener, &mem);
    int64_t port = 0;
    if (!str_starts(at, STR("http://")))
        return 0;
    while (str_find_char(at, ':') != SIZE_MAX)
        at = str_sub(at, str_find_char(at, ':') + 1, at.len);
    return str_to_i64(at, &port) ? (uint16_t)port : 0;
}

size_t doors_copy(const struct doors *doors, enum door door, struct http_tls *tls,
                  struct http_listener out[DOOR_LISTENERS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < doors->openings.len; i++) {
        const struct opening *o = &doors->openings.ptr[i];
        const struct door_setting *row = setting_named(o->name);
        assert(row != NULL);
        int copy = row->door == door ? fcntl(o->fd, F_DUPFD_CLOEXEC, 0) : -1;
        if (copy >= 0)
            out[count++] = (struct http_listener){copy, row->kind == TLS ? tls : NULL};
    }
    return count;
}

void doors_close(struct doors *doors)
{
    for (size_t i = 0; i < doors->openings.len; i++)
        if (doors->openings.ptr[i].fd >= 0)
            close(doors->openings.ptr[i].fd);
    arena_clear(&doors->mem);
    *doors = (struct doors){0};
}

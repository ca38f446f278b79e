/* Where chanceryd is and who asks: options, environment, token file. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tui/client/client.h"

#define DEFAULT_SOCKET   "/run/chancery/chancery.sock"
#define TOKEN_FILE_BYTES 4096

/* option, environment, member */
#define PLACE(member) offsetof(struct server_options, member)
static const struct {
    const char *option, *variable;
    size_t place;
} options[] = {
    {"--socket",     "CHANCERY_SOCKET",     PLACE(socket)    },
    {"--url",        "CHANCERY_URL",        PLACE(url)       },
    {"--ca",         "CHANCERY_CA",         PLACE(ca_file)   },
    {"--token-file", "CHANCERY_TOKEN_FILE", PLACE(token_file)},
};

static struct str *member_of(struct server_options *o, size_t i)
{
    return (struct str *)(void *)((char *)o + options[i].place);
}

bool server_option(int count, char **words, int *at, struct server_options *out)
{
    struct str word = str_from(words[*at]);
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        struct str name = str_from(options[i].option);
        if (str_eq(word, name) && *at + 1 < count) {
            *member_of(out, i) = str_from(words[++*at]);
            return true;
        }
        if (str_starts(word, name) && word.len > name.len && word.ptr[name.len] == '=') {
            *member_of(out, i) = str_sub(word, name.len + 1, word.len);
            return true;
        }
    }
    return false;
}

/* A place named on the command line is not mixed with the other one of the environment. */
void server_environment(struct server_options *out)
{
    bool placed = out->socket.len > 0 || out->url.len > 0;
    for (size_t i = 0; i < COUNT_OF(options); i++) {
        struct str *member = member_of(out, i);
        bool place = member == &out->socket || member == &out->url;
        if (member->len == 0 && !(place && placed))
            *member = str_from(getenv(options[i].variable));
    }
}

/* --- the token ----------------------------------------------------------------------------------
 */

static bool read_private(int fd, const char *path, struct buf *out, struct err *err)
{
    struct stat about;
    char *to = buf_room(out, TOKEN_FILE_BYTES + 1);
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(err, ERR_INVALID, path, "the token file is not a regular file");
    if (about.st_mode & 077) {
        (void)fail(err, ERR_DENIED, path, "the token file may be read by others (mode %04o)",
                   (unsigned)about.st_mode & 07777);
        return err_hint(err, "chmod 600 %s; if others may have read it, make a new token", path);
    }
    ssize_t got = read(fd, to, TOKEN_FILE_BYTES + 1);
    if (got < 0)
        return fail(err, ERR_IO, path, "cannot read the token file: %s", strerror(errno));
    out->len = (size_t)got;
    return true;
}

/* What a header can carry and a token can be: no blanks, no controls. */
static bool token_text(struct str token)
{
    for (size_t i = 0; i < token.len; i++)
        if (token.ptr[i] <= ' ' || token.ptr[i] > '~')
            return false;
    return token.len > 0 && token.len <= TOKEN_FILE_BYTES;
}

bool server_token(struct str file, struct arena *mem, struct str *out, struct err *err)
{
    struct buf bytes = {0};
    const char *path = str_z(mem, file);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fail(err, ERR_IO, path, "cannot open the token file: %s", strerror(errno));
    bool ok = read_private(fd, path, &bytes, err);
    struct str token = str_trim(buf_str(&bytes));
    (void)close(fd);
    if (ok && !token_text(token)) {
        ok = fail(err, ERR_INVALID, path, "the token file does not hold one token");
        (void)err_hint(err, "one line, as it was shown when the token was made");
    }
    if (ok)
        *out = arena_str(mem, token);
    if (bytes.ptr != NULL)
        secret_wipe(bytes.ptr, bytes.cap);
    buf_clear(&bytes);
    return ok;
}

/* --- the address --------------------------------------------------------------------------------
 */

/* "https://host:8443/" → "host:8443"; absent when it is no address. */
static struct str host_of(struct str url)
{
    struct str rest = url, scheme;
    if (!str_starts(url, STR("http://")) && !str_starts(url, STR("https://")))
        return STR_NONE;
    (void)str_split(&rest, ':', &scheme);
    rest = str_sub(rest, 2, rest.len);
    if (str_ends(rest, STR("/")))
        rest.len--;
    for (size_t i = 0; i < rest.len; i++)
        if (rest.ptr[i] <= ' ' || rest.ptr[i] > '~' || strchr("/?#@\\", rest.ptr[i]) != NULL)
            return STR_NONE;
    return rest;
}

static bool is_loopback(struct str host)
{
    struct str name = host;
    if (str_starts(host, STR("[::1]")))
        return host.len == 5 || host.ptr[5] == ':';
    (void)str_split(&host, ':', &name);
    return str_eq(name, STR("localhost")) || str_eq(name, STR("127.0.0.1"));
}

static bool use_url(const struct server_options *o, struct arena *mem, struct server *out,
                    struct err *err)
{
    struct str host = host_of(o->url);
    bool secure = str_starts(o->url, STR("https://"));
    const char *where = str_z(mem, o->url);
    if (host.len == 0) {
        (void)fail(err, ERR_INVALID, where, "not the address of a chanceryd");
        return err_hint(err, "--url https://host or https://host:port, nothing behind it");
    }
    if (!secure && o->token_file.len > 0 && !is_loopback(host)) {
        (void)fail(err, ERR_DENIED, where, "a token is not sent in the clear");
        return err_hint(err, "use the https address");
    }
    out->address = arena_str(mem, o->url);
    out->name = secure ? arena_str(mem, host) : out->address;
    return true;
}

static bool use_socket(const struct server_options *o, struct arena *mem, struct server *out,
                       struct err *err)
{
    struct str socket = o->socket.len > 0 ? o->socket : STR(DEFAULT_SOCKET);
    if (str_find(socket, STR("://")) != SIZE_MAX) {
        (void)fail(err, ERR_INVALID, str_z(mem, socket), "this is an address, not a socket's path");
        return err_hint(err, "--url takes addresses");
    }
    if (o->ca_file.len > 0)
        return fail(err, ERR_INVALID, "--ca", "a Unix socket has no certificate: --ca needs --url");
    out->address = str_starts(socket, STR("unix:")) ? arena_str(mem, socket)
                                                    : arena_join(mem, STR("unix:"), socket);
    out->name = STR("chancery");
    return true;
}

/* Now, not at the first question: the same words for console and commands. */
static bool readable(const char *path, struct err *err)
{
    if (access(path, R_OK) == 0)
        return true;
    return fail(err, ERR_IO, path, "cannot read the issuers' certificates: %s", strerror(errno));
}

bool server_find(const struct server_options *o, struct arena *mem, struct server *out,
                 struct err *err)
{
    struct server found = {.token_file = arena_str(mem, o->token_file)};
    if (o->url.len > 0 && o->socket.len > 0) {
        (void)fail(err, ERR_INVALID, "--url", "a socket is named, too");
        return err_hint(err, "give either --url (CHANCERY_URL) or --socket (CHANCERY_SOCKET)");
    }
    if (!(o->url.len > 0 ? use_url(o, mem, &found, err) : use_socket(o, mem, &found, err)))
        return false;
    if (o->ca_file.len > 0 && !readable(found.ca_file = str_z(mem, o->ca_file), err))
        return false;
    if (o->token_file.len > 0 && !server_token(o->token_file, mem, &found.token, err))
        return false;
    *out = found;
    return true;
}

/* http: who is at the other end, and listening sockets. */
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/http/rig.h"

#define H "Host: localhost\r\n"

static bool peer_is(struct reply r, struct str line)
{
    size_t at = str_find(r.body, STR("peer "));
    struct str rest = at == SIZE_MAX ? STR("") : str_sub(r.body, at, SIZE_MAX);
    bool same = str_starts(rest, line);
    if (!same)
        printf("\n got: " STR_FMT "\nwant: " STR_FMT "\n", STR_ARG(rest), STR_ARG(line));
    return same;
}

TEST(test_peer_of_a_unix_socket_has_its_uid)
{
    struct rig rig;
    rig_init(&rig);
    rig_start(&rig, true);
    int fd = client_open_unix(&rig);
    client_say(fd, "GET /echo HTTP/1.1\r\n" H
                   "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-Proto: https\r\n\r\n");
    CHECK(
        peer_is(client_read(fd, &rig.mem, false),
                arena_printf(&rig.mem, "peer unix=1 loop=0 proxy=0 secure=0 uid=%ld address=unix\n",
                             (long)getuid())));
    close(fd);
    CHECK(peer_is(client_ask(&rig, &rig.mem, "GET /echo HTTP/1.1\r\n" H "\r\n"),
                  STR("peer unix=0 loop=1 proxy=0 secure=0 uid=-1 address=127.0.0.1\n")));
    rig_stop(&rig);
}

TEST(test_peer_behind_a_proxy_is_the_last_untrusted_hop)
{
    static const struct {
        const char *trusted, *headers, *want;
    } cases[] = {
        {"",                           "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: https\r\n",
         "loop=1 proxy=0 secure=0 uid=-1 address=127.0.0.1\n"                                                                                                   },
        {"10.0.0.1",                   "X-Forwarded-For: 10.0.0.9\r\n",
         "loop=1 proxy=0 secure=0 uid=-1 address=127.0.0.1\n"                                                                                                   },
        {"127.0.0.1",                  "",                                                                  "loop=1 proxy=0 secure=0 uid=-1 address=127.0.0.1\n"},
        {"127.0.0.1",                  "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: https\r\n",
         "loop=0 proxy=1 secure=1 uid=-1 address=10.0.0.9\n"                                                                                                    },
        {"127.0.0.1",                  "X-Forwarded-For: 10.0.0.9\r\nX-Forwarded-Proto: http\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=10.0.0.9\n"                                                                                                    },
        {"127.0.0.1",                  "X-Forwarded-For: 1.2.3.4, 10.0.0.9\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=10.0.0.9\n"                                                                                                    },
        {"127.0.0.1, 10.0.0.9",        "X-Forwarded-For: 1.2.3.4 ,10.0.0.9\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=1.2.3.4\n"                                                                                                     },
        {"127.0.0.1,10.0.0.9",         "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 1.2.3.4,10.0.0.9\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=1.2.3.4\n"                                                                                                     },
        {"127.0.0.1,10.0.0.9",         "X-Forwarded-For: 6.6.6.6, nonsense, 10.0.0.9\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=10.0.0.9\n"                                                                                                    },
        {"127.0.0.1",                  "X-Forwarded-For: 127.0.0.1\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=127.0.0.1\n"                                                                                                   },
        {"127.0.0.1, ::ffff:10.0.0.9", "X-Forwarded-For: 2001:DB8::1, 10.0.0.9\r\n",
         "loop=0 proxy=1 secure=0 uid=-1 address=2001:db8::1\n"                                                                                                 },
        {"127.0.0.1",                  "X-Forwarded-Proto: https\r\n",
         "loop=0 proxy=1 secure=1 uid=-1 address=127.0.0.1\n"                                                                                                   },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct rig rig;
        rig_init(&rig);
        rig.config.trusted_proxies = str_from(cases[i].trusted);
        rig_start(&rig, false);
        struct str request =
            arena_printf(&rig.mem, "GET /echo HTTP/1.1\r\n" H "%s\r\n", cases[i].headers);
        CHECK(peer_is(client_once(&rig, &rig.mem, request),
                      arena_printf(&rig.mem, "peer unix=0 %s", cases[i].want)));
        rig_stop(&rig);
    }
}

/* The proxy's own account must not become that of the people behind it. */
TEST(test_peer_behind_a_unix_proxy_has_no_uid)
{
    struct rig rig;
    rig_init(&rig);
    rig.config.trusted_proxies = STR("unix");
    rig_start(&rig, true);
    int fd = client_open_unix(&rig);
    client_say(fd, "GET /echo HTTP/1.1\r\n" H "X-Forwarded-For: 10.0.0.1\r\n\r\n");
    CHECK(peer_is(client_read(fd, &rig.mem, false),
                  STR("peer unix=0 loop=0 proxy=1 secure=0 uid=-1 address=10.0.0.1\n")));
    close(fd);
    rig_stop(&rig);
}

TEST(test_peer_trust_names_what_is_no_address)
{
    struct http_config config = http_config_default;
    struct http_server *server = NULL;
    struct err err = {0};
    config.trusted_proxies = STR("127.0.0.1, example.org");
    CHECK(!http_server_start(&config, &server, &err));
    CHECK_I64(err.code, ERR_INVALID);
    CHECK_STR(str_from(err.where), STR("trusted_proxies"));
    CHECK(str_find(str_from(err.msg), STR("example.org")) != SIZE_MAX);
}

/* --- listening -------------------------------------------------------------------------------- */

TEST(test_listen_takes_addresses_of_every_form)
{
    static const struct {
        const char *address;
        bool ok;
    } cases[] = {
        {"127.0.0.1:0",     true },
        {"localhost:0",     true },
        {":0",              true },
        {"127.0.0.1",       false},
        {"127.0.0.1:",      false},
        {"127.0.0.1:x",     false},
        {"127.0.0.1:70000", false},
        {"127.0.0.1:-1",    false},
        {"::1:80",          false},
        {"",                false},
        {"unix:",           false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct http_listener listener = {.fd = -1};
        uint16_t port = 0;
        struct err err = {0};
        bool ok = http_listen(str_from(cases[i].address), 0, "listen", &listener, &port, &err);
        if (ok != cases[i].ok)
            printf("\n%s: %s\n", cases[i].address, err.msg);
        CHECK_I64(ok, cases[i].ok);
        CHECK_I64(port != 0, cases[i].ok);
        CHECK(ok || (err.code == ERR_INVALID && strcmp(err.where, "listen") == 0));
        if (ok)
            close(listener.fd);
    }
}

TEST(test_listen_names_a_port_in_use)
{
    struct http_listener first = {0}, second = {0};
    CLEANUP(arena_clear) struct arena mem = {0};
    uint16_t port = 0;
    struct err err = {0};
    CHECK_OK(http_listen(STR("127.0.0.1:0"), 0, "listen", &first, &port, &err), &err);
    CHECK(!http_listen(arena_printf(&mem, "127.0.0.1:%u", port), 0, "listen", &second, NULL, &err));
    CHECK_I64(err.code, ERR_CONFLICT);
    CHECK(err.hint[0] != '\0');
    close(first.fd);
}

TEST(test_listen_replaces_stale_sockets_but_nothing_else)
{
    struct rig rig;
    rig_init(&rig);
    struct http_listener first = {0}, second = {0};
    struct err err = {0};
    struct stat status;
    struct str address = arena_printf(&rig.mem, "unix:%s", rig.socket_path);
    CHECK_OK(http_listen(address, 0640, "socket", &first, NULL, &err), &err);
    CHECK_I64(stat(rig.socket_path, &status), 0);
    CHECK_I64(status.st_mode & 0777, 0640);
    CHECK(!http_listen(address, 0640, "socket", &second, NULL, &err));
    CHECK_I64(err.code, ERR_CONFLICT);
    close(first.fd);
    CHECK_OK(http_listen(address, 0600, "socket", &second, NULL, &err), &err);
    close(second.fd);
    unlink(rig.socket_path);
    close(open(rig.socket_path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    CHECK(!http_listen(address, 0600, "socket", &second, NULL, &err));
    CHECK_I64(err.code, ERR_CONFLICT);
    CHECK_I64(stat(rig.socket_path, &status), 0);
    rig_stop(&rig);
}

/* The commands: what they print, what they ask for, how they end. */
#include <dirent.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/screen/fixture.h"

/* Runs a command line (%s: the socket) in a shell, standard error joined to its output. */
static struct str run(struct fixture *f, const char *arguments, struct arena *mem, int *status)
{
    CLEANUP(buf_clear) struct buf out = {0};
    struct str line = arena_printf(mem,
                                   "ASAN_OPTIONS=detect_leaks=1 LC_ALL=C.UTF-8 " CHANCERY_BINARY
                                   " --socket %s %s 2>&1 </dev/null",
                                   f->socket, arguments);
    FILE *pipe = popen(line.ptr, "r");
    char bytes[4096];
    size_t got;
    CHECK(pipe != NULL);
    while (pipe != NULL && (got = fread(bytes, 1, sizeof(bytes), pipe)) > 0)
        buf_add(&out, (struct str){bytes, got});
    int ended = pipe ? pclose(pipe) : -1;
    *status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
    return arena_str(mem, buf_str(&out));
}

static void open_server(struct fixture *f, const struct canned_answer *answers)
{
    *f = (struct fixture){0};
    (void)snprintf(f->folder, sizeof(f->folder), "/tmp/chy-screen-XXXXXX");
    CHECK(mkdtemp(f->folder) != NULL);
    (void)snprintf(f->socket, sizeof(f->socket), "%s/s", f->folder);
    f->server = answers ? canned_start(f->socket, answers) : NULL;
}

TEST(test_commands_print_tables)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, answers_pending);
    CHECK_STR(run(&f, "apis", &mem, &status), STR("NAME      OWNER      STATE      OPS  SUBS\n"
                                                  "invoices  finance    published    5     1\n"
                                                  "parcels   logistics  published    7     2\n"
                                                  "rooms     workplace  draft        4     0\n"));
    CHECK_I64(status, 0);
    struct str proxies = run(&f, "proxies", &mem, &status);
    CHECK(str_find(proxies, STR("edge-1  ok           in_sync  12.1   4211")) != SIZE_MAX);
    CHECK(str_starts(run(&f, "requests --json", &mem, &status),
                     STR("[{\"id\":\"01abcdefgh001\",\"app\":\"shop\"")));
}

TEST(test_commands_print_hostile_names_harmless)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, answers_hostile);
    struct str text = run(&f, "apis", &mem, &status);
    CHECK_I64(status, 0);
    CHECK(str_find(text, STR("evil")) != SIZE_MAX);
    CHECK(str_find_char(text, '\033') == SIZE_MAX);
    CHECK(str_find(text, STR("\xE2\x80\xAE")) == SIZE_MAX);
}

TEST(test_commands_decide_and_print_the_receipt)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, answers_pending);
    CHECK_STR(run(&f, "approve 01abcdefgh001 --reason 'fine by me'", &mem, &status),
              STR("approved 01abcdefgh001\nenforced by 1 of 1 gateways after 6 ms\n"));
    CHECK_I64(status, 0);
    CHECK_STR(canned_body(f.server, &mem), STR("{\"reason\":\"fine by me\"}"));
    CHECK_STR(run(&f, "reject 01abcdefgh001 --reason=no", &mem, &status),
              STR("rejected 01abcdefgh001\n"));
    CHECK_I64(canned_count(f.server, "POST", "/v1/subscriptions/01abcdefgh001/reject"), 1);
    CHECK_I64(canned_count(f.server, "POST", "/"), 2);
}

TEST(test_commands_end_with_their_documented_status)
{
    static const struct {
        const char *arguments;
        int status;
        const char *says;
    } cases[] = {
        {"--help",                            0, "usage: chancery"                               },
        {"--version",                         0, "chancery "                                     },
        {"",                                  2, "The console needs a terminal"                  },
        {"--nonsense",                        2, "usage"                                         },
        {"nonsense",                          2, "there is no command \"nonsense\""              },
        {"apis extra",                        2, "usage: chancery apis"                          },
        {"apis --reason x",                   2, "usage: chancery apis"                          },
        {"approve",                           2, "usage: chancery approve"                       },
        {"approve ../../x",                   2, "not an id"                                     },
        {"reject 01abcdefgh001",              2, "a reason is required"                          },
        {"revoke 01abcdefgh001 --reason ' '", 2, "a reason is required"                          },
        {"approve 01abcdefgh001",             1, "only owners of parcels may decide"             },
        {"route",                             2, "usage: chancery route"                         },
        {"route /no/such/file GET /",         1, "/no/such/file"                                 },
        {"--socket /no/such/socket apis",     1, "cannot reach chanceryd at unix:/no/such/socket"},
        {"--socket /no/such/socket apis",     1, "start it with \"chanceryd serve\""             },
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    open_server(&f, answers_refusing);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int status = -1;
        struct str text = run(&f, cases[i].arguments, &mem, &status);
        CHECK_I64(status, cases[i].status);
        if (str_find(text, str_from(cases[i].says)) == SIZE_MAX)
            printf("\n%s: " STR_FMT, cases[i].arguments, STR_ARG(text));
        CHECK(str_find(text, str_from(cases[i].says)) != SIZE_MAX);
    }
}

TEST(test_route_names_the_operation)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, NULL);
    struct str text = run(
        &f, "route " TEST_DATA "/../../data/demo/parcels.yaml HEAD /parcels/DE%201", &mem, &status);
    CHECK_I64(status, 0);
    CHECK(str_find(text, STR("operation   GET /parcels/{number}\n")) != SIZE_MAX);
    CHECK(str_find(text, STR("variable    number = DE 1\n")) != SIZE_MAX);
    text =
        run(&f, "route " TEST_DATA "/../../data/demo/parcels.yaml PATCH /parcels", &mem, &status);
    CHECK_I64(status, 1);
    CHECK(str_find(text, STR("allowed: GET, HEAD, POST")) != SIZE_MAX);
}

/* --- documents ---------------------------------------------------------------------------------
 */

static void write_file(struct fixture *f, const char *name, const char *text, struct arena *mem)
{
    struct err err = {0};
    struct str path = arena_printf(mem, "%s/%s", f->folder, name);
    CHECK_OK(file_replace(path.ptr, str_from(text), 0600, &err), &err);
}

/* schema may be NULL; so may file. */
static struct str validate(struct fixture *f, const char *schema, const char *file,
                           struct arena *mem, int *status)
{
    struct str folder = str_from(f->folder), words = STR("validate");
    if (schema != NULL)
        words = arena_join(mem, words, STR(" --schema "), folder, STR("/"), str_from(schema));
    if (file != NULL)
        words = arena_join(mem, words, STR(" "), folder, STR("/"), str_from(file));
    return run(f, words.ptr, mem, status);
}

static void drop_files(struct fixture *f, struct arena *mem)
{
    DIR *dir = opendir(f->folder);
    CHECK(dir != NULL);
    for (struct dirent *entry = dir ? readdir(dir) : NULL; entry != NULL; entry = readdir(dir))
        if (entry->d_name[0] != '.')
            CHECK(unlink(arena_printf(mem, "%s/%s", f->folder, entry->d_name).ptr) == 0);
    if (dir != NULL)
        closedir(dir);
}

TEST(test_validate_names_file_line_and_remedy)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, NULL);
    write_file(&f, "api.yaml",
               "openapi: 3.1.0\ninfo:\n  title: A\n  version: '1'\npaths:\n"
               "  /pets:\n    get:\n      responses:\n        '200':\n"
               "          $ref: rest.yaml#/ok\n",
               &mem);
    write_file(&f, "rest.yaml", "ok:\n  description: fine\n", &mem);
    CHECK_STR(validate(&f, NULL, "api.yaml", &mem, &status),
              arena_printf(&mem, "%s/api.yaml: OpenAPI 3.1.0, 1 operation, sound\n", f.folder));
    CHECK_I64(status, 0);
    write_file(&f, "rest.yaml", "ok:\n  descripton: fine\n", &mem);
    struct str text = validate(&f, NULL, "api.yaml", &mem, &status);
    CHECK_I64(status, 1);
    CHECK(str_find(text, STR("/rest.yaml:2:15: error: /ok/descripton: the Response Object has no "
                             "field \"descripton\"; is \"description\" meant? (unknown-field)")) !=
          SIZE_MAX);
    (void)validate(&f, NULL, "none.yaml", &mem, &status);
    CHECK_I64(status, 2);
    (void)validate(&f, NULL, NULL, &mem, &status);
    CHECK_I64(status, 2);
    drop_files(&f, &mem);
}

TEST(test_validate_says_when_all_is_well)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, NULL);
    struct str folder = str_from(f.folder);
    write_file(&f, "old.yaml", "swagger: '2.0'\ninfo: {title: A, version: '1'}\npaths: {}\n", &mem);
    CHECK_STR(validate(&f, NULL, "old.yaml", &mem, &status),
              arena_join(&mem, folder, STR("/old.yaml: OpenAPI 2.0, 0 operations, sound\n")));
    CHECK_I64(status, 0);
    write_file(
        &f, "api.yaml",
        "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/pets: {$ref: pets.yaml}}\n",
        &mem);
    write_file(&f, "pets.yaml", "get: {tags: [undeclared]}\nput: {}\n", &mem);
    CHECK_STR(validate(&f, NULL, "api.yaml", &mem, &status),
              arena_join(&mem, folder, STR("/api.yaml: OpenAPI 3.1.0, 2 operations, sound\n")));
    CHECK_I64(status, 0);
    write_file(&f, "own.yaml",
               "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {/pets: {get: {}}}\n"
               "jsonSchemaDialect: https://example.com/dialect\n",
               &mem);
    CHECK_STR(validate(&f, NULL, "own.yaml", &mem, &status),
              arena_join(&mem, folder, STR("/own.yaml: OpenAPI 3.1.0, sound\n")));
    drop_files(&f, &mem);
}

TEST(test_validate_stays_in_the_documents_folder)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, NULL);
    write_file(&f, "api.yaml",
               "openapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n"
               "components: {schemas: {A: {$ref: link.yaml}}}\n",
               &mem);
    struct str link = arena_printf(&mem, "%s/link.yaml", f.folder);
    CHECK(symlink("/etc/hostname", link.ptr) == 0);
    struct str text = validate(&f, NULL, "api.yaml", &mem, &status);
    CHECK_I64(status, 1);
    CHECK(str_find(text, STR("(broken-reference)")) != SIZE_MAX);
    drop_files(&f, &mem);
}

TEST(test_validate_applies_a_schema)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    FIXTURE f;
    int status;
    open_server(&f, NULL);
    write_file(&f, "schema.json",
               "{\"type\":\"object\",\"required\":[\"name\"],"
               "\"properties\":{\"name\":{\"$ref\":\"name.json\"}}}",
               &mem);
    write_file(&f, "name.json", "{\"type\":\"string\",\"minLength\":2}", &mem);
    write_file(&f, "good.yaml", "name: Ada\n", &mem);
    CHECK_STR(validate(&f, "schema.json", "good.yaml", &mem, &status), STR(""));
    CHECK_I64(status, 0);
    write_file(&f, "bad.yaml", "first: 1\nname: A\n", &mem);
    struct str text = validate(&f, "schema.json", "bad.yaml", &mem, &status);
    CHECK_I64(status, 1);
    CHECK(str_find(text, STR("/bad.yaml:2:7: error: /name: must NOT have fewer than 2 "
                             "characters")) != SIZE_MAX);
    write_file(&f, "schema.json", "{\"$ref\":\"none.json\"}", &mem);
    text = validate(&f, "schema.json", "bad.yaml", &mem, &status);
    CHECK_I64(status, 2);
    CHECK(str_find(text, STR("the reference none.json leads nowhere")) != SIZE_MAX);
    drop_files(&f, &mem);
}

/* lint: rulesets are read as Spectral reads them, and refused with the place and the remedy. */
#include "catalog/lint/ruleset.h"
#include "tests/unit/test.h"

struct file {
    const char *path, *text;
};

/* Files of one test; the first is the ruleset asked for. */
static bool load(void *context, struct str path, struct arena *mem, struct str *bytes,
                 struct err *err)
{
    UNUSED(mem);
    for (const struct file *f = context; f->path != NULL; f++)
        if (str_eq(path, str_from(f->path))) {
            *bytes = str_from(f->text);
            return true;
        }
    return fail(err, ERR_NOT_FOUND, str_z(mem, path), "there is no such file");
}

static struct lint_ruleset *read_files(struct file *files, struct arena *mem, struct err *err)
{
    const struct lint_ruleset_config config = {.load = load, .context = files};
    struct lint_ruleset *ruleset = NULL;
    bool ok = lint_ruleset_read(str_from(files[0].path), &config, mem, &ruleset, err);
    return ok ? ruleset : NULL;
}

static const char *severity_of(struct file *files, const char *rule)
{
    static const char *const names[] = {"error", "warn", "info", "hint"};
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    const struct lint_ruleset *ruleset = read_files(files, &mem, &err);
    CHECK_OK(ruleset != NULL, &err);
    const struct rule *r = ruleset ? ruleset_rule(ruleset, str_from(rule)) : NULL;
    if (r == NULL)
        return "absent";
    return r->enabled && r->severity >= 0 ? names[r->severity] : "off";
}

#define BASE_RULES                                          \
    "rules:\n"                                              \
    "  a: {given: $, then: {function: truthy}}\n"           \
    "  b: {given: $, recommended: false, severity: error, " \
    "then: {function: truthy}}\n"

TEST(test_rules_are_inherited_as_extends_says)
{
    static const struct {
        const char *extends, *a, *b;
    } cases[] = {
        {"extends: base.yaml\n",                            "warn",  "off"  },
        {"extends: [base.yaml]\n",                          "warn",  "off"  },
        {"extends: [[base.yaml, all]]\n",                   "warn",  "error"},
        {"extends: [[base.yaml, off]]\n",                   "off",   "off"  },
        {"extends: [[base.yaml, recommended]]\n",           "warn",  "off"  },
        {"extends: base.yaml\nrules: {a: hint, b: true}\n", "hint",  "error"},
        {"extends: base.yaml\nrules: {a: off, b: 2}\n",     "off",   "info" },
        {"extends: base.yaml\nrules: {a: {severity: 0}}\n", "error", "off"  },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct file files[] = {
            {"r.yaml",    cases[i].extends},
            {"base.yaml",           BASE_RULES},
            {0}
        };
        CHECK_STR(str_from(severity_of(files, "a")), str_from(cases[i].a));
        CHECK_STR(str_from(severity_of(files, "b")), str_from(cases[i].b));
    }
}

TEST(test_rulesets_that_extend_each_other_are_refused)
{
    struct file files[] = {
        {"r.yaml",                                    "extends: s.yaml\nrules: {a: {given: $, then: "
                   "{function: truthy}}}\n"},
        {"s.yaml",                                           "extends: r.yaml\nrules: {c: {given: $, then: "
                   "{function: truthy}}}\n"},
        {0}
    };
    CLEANUP(arena_clear) struct arena mem = {0};
    struct err err = {0};
    CHECK(read_files(files, &mem, &err) == NULL);
    CHECK_STR(str_from(err.where), STR("s.yaml line 1 column 10"));
    CHECK_STR(str_from(err.msg), STR("\"r.yaml\" is extended in a circle"));
}

TEST(test_rulesets_that_cannot_be_are_refused_with_the_place)
{
    static const struct {
        const char *text, *where, *msg;
    } cases[] = {
        {"{}\n",                                                                                   "r.yaml line 1 column 1",     "a ruleset has"                  },
        {"rules:\n  a: {given: paths, then: {function: truthy}}\n",                                "r.yaml line 2",
         "is no JSONPath"                                                                                                                                         },
        {"rules:\n  a: {given: '$.a[', then: {function: truthy}}\n",                               "r.yaml line 2",              "$.a["                           },
        {"rules:\n  a: {given: $, then: {function: nonsense}}\n",                                  "r.yaml line 2",
         "there is no function \"nonsense\""                                                                                                                      },
        {"rules:\n  a: {given: $, then: {function: pattern, functionOptions: {match: '('}}}\n",
         "r.yaml line 2",                                                                                                        "pattern"                        },
        {"rules:\n  a: {given: $, then: {function: length, functionOptions: {least: 1}}}\n",
         "r.yaml line 2",                                                                                                        "no option \"least\""            },
        {"rules:\n  a: {given: $, severity: fatal, then: {function: truthy}}\n",                   "r.yaml line 2",
         "a severity is one of"                                                                                                                                   },
        {"rules:\n  a: {given: $, colour: red, then: {function: truthy}}\n",                       "r.yaml line 2",
         "no property \"colour\""                                                                                                                                 },
        {"rules: {a: error}\n",                                                                    "r.yaml line 1",              "nothing extended has it"        },
        {"aliases: {A: ['#B'], B: ['#A']}\nrules: {a: {given: '#A', then: {function: truthy}}}\n",
         "r.yaml line 2",                                                                                                        "leads to itself"                },
        {"rules: {a: {given: '#Z', then: {function: truthy}}}\n",                                  "r.yaml line 1",
         "there is no alias \"Z\""                                                                                                                                },
        {"formats: [oas9]\nrules: {}\n",                                                           "r.yaml line 1",              "there is no format \"oas9\""    },
        {"extends: nowhere.yaml\n",                                                                "nowhere.yaml",               "no such file"                   },
        {"extends: [[vacuum:oas, all]]\n",                                                         "vacuum:oas",                 "no such built-in ruleset"       },
        {"extends: rules.js\n",                                                                    "rules.js",                   "JavaScript"                     },
        {"extends: https://example.org/r.yaml\n",                                                  "https://example.org/r.yaml",
         "not fetched from the network"                                                                                                                           },
        {"except: [a]\nrules: {}\n",                                                               "r.yaml line 1",              "takes files with lists of rules"},
        {"except: {a.yaml: 1}\nrules: {}\n",                                                       "r.yaml line 1",              "expected text"                  },
        {"rules: [\n",                                                                             "r.yaml line",                ""                               },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct file files[] = {
            {"r.yaml", cases[i].text},
            {0       }
        };
        struct err err = {0};
        bool refused = read_files(files, &mem, &err) == NULL;
        if (!refused || !str_starts(str_from(err.where), str_from(cases[i].where)) ||
            strstr(err.msg, cases[i].msg) == NULL)
            printf("\n%s  -> %s: %s\n", cases[i].text, err.where, err.msg);
        CHECK(refused);
        CHECK(str_starts(str_from(err.where), str_from(cases[i].where)));
        CHECK(strstr(err.msg, cases[i].msg) != NULL);
    }
}

/* A file that other rulesets name by an address, and the lines of rulesets.lock about it. */
#define ADDRESS "https://example.org/rules/r.yaml"
#define PINNED  "sha256:ae550e5a5be8b5f04073784ab37fb86d1428c2d86ed06498a691fd23f1ab39fe"

TEST(test_an_address_stands_for_a_file_that_the_lock_pins)
{
    static const struct {
        const char *lock, *where, *msg, *hint;
    } cases[] = {
        {"# none\n",                                        ADDRESS,                     "no line of team/rulesets.lock names",
         "add the line: " ADDRESS " FILE"                                                                                                                            },
        {ADDRESS "x " PINNED " copy.yaml\n",                ADDRESS,                     "no line of team/rulesets.lock names", ""                                   },
        {"#\n" ADDRESS " copy.yaml\n",                      "team/rulesets.lock line 2",
         "copy.yaml is not pinned yet: it has " PINNED,                                                                         "write " PINNED " behind the address"},
        {ADDRESS " sha256:00 copy.yaml\n",                  "team/rulesets.lock line 1",
         "copy.yaml is not the file that was pinned",                                                                           "write " PINNED                      },
        {ADDRESS "\n",                                      "team/rulesets.lock line 1", "a line is an address",                ""                                   },
        {ADDRESS " " PINNED " lost.yaml\n",                 "team/lost.yaml",            "no such file",                        ""                                   },
        {"\n " ADDRESS "\t" PINNED "  copy.yaml  # v1\r\n", NULL,                        NULL,                                  NULL                                 },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct file files[] = {
            {"team/r.yaml",    "extends: " ADDRESS "\n"},
            {"team/rulesets.lock",                cases[i].lock},
            {"team/copy.yaml",BASE_RULES},
            {0}
        };
        struct err err = {0};
        const struct lint_ruleset *ruleset = read_files(files, &mem, &err);
        CHECK((ruleset != NULL) == (cases[i].where == NULL));
        if (cases[i].where == NULL) {
            CHECK_OK(ruleset != NULL && ruleset_rule(ruleset, STR("a")) != NULL, &err);
            continue;
        }
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
        if (strstr(err.msg, cases[i].msg) == NULL || strstr(err.hint, cases[i].hint) == NULL)
            printf("\n%s: %s (%s)\n", cases[i].lock, err.msg, err.hint);
        CHECK(strstr(err.msg, cases[i].msg) != NULL);
        CHECK(strstr(err.hint, cases[i].hint) != NULL);
    }
}

TEST(test_what_a_ruleset_of_an_address_extends_is_pinned_itself)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct file files[] = {
        {"r.yaml",                  "extends: " ADDRESS "\n"},
        {"copy.yaml",                         "extends: ./more.yaml\n"},
        {"rulesets.lock",
         ADDRESS " sha256:"
                 "64b77af73f6d2f0e9eebc936c9d64306334cacefacb67851b621e941177be3ad copy.yaml\n"},
        {0          }
    };
    struct err err = {0};
    CHECK(read_files(files, &mem, &err) == NULL);
    CHECK_STR(str_from(err.where), STR("https://example.org/rules/more.yaml"));
}

static size_t findings_of(struct file *files, const char *document, const char *name)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct lint_report report = {0};
    struct tree *doc = NULL;
    struct err err = {0};
    const struct lint_ruleset *ruleset = read_files(files, &mem, &err);
    CHECK_OK(ruleset != NULL, &err);
    CHECK_OK(tree_read(str_from(document), NULL, &mem, &doc, &err), &err);
    if (ruleset == NULL)
        return SIZE_MAX;
    CHECK_OK(lint_run(ruleset, oas_files_of(doc, &mem), str_from(name), &mem, &report, &err), &err);
    return report.count;
}

TEST(test_names_of_packages_are_no_files_of_a_folder)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct file files[] = {
        {"team/r.yaml", "extends: spectral:graphql\n"},
        {0            }
    };
    struct err err = {0};
    CHECK(read_files(files, &mem, &err) == NULL);
    CHECK_STR(str_from(err.where), STR("spectral:graphql"));
}

TEST(test_the_old_except_switches_rules_off)
{
    static const struct {
        const char *except, *name;
        size_t findings;
    } cases[] = {
        {"{}",                               "api/one.yaml", 3},
        {"{'api/one.yaml#/a': [r]}",         "api/one.yaml", 1},
        {"{'api/one.yaml#/a/b': [r]}",       "api/one.yaml", 2},
        {"{'api/one.yaml#/a': r}",           "api/one.yaml", 1},
        {"{'api/one.yaml#/a': [r]}",         "api/two.yaml", 3},
        {"{'api/one.yaml#': [r]}",           "api/one.yaml", 0},
        {"{'api/one.yaml': [r]}",            "api/one.yaml", 0},
        {"{'**/*.yaml#/c': [r, s, nobody]}", "api/one.yaml", 2},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char text[512];
        struct file files[] = {
            {"r.yaml", text},
            {0       }
        };
        snprintf(text, sizeof(text),
                 "except: %s\n"
                 "rules:\n"
                 "  r: {given: '$..x', then: {function: falsy}}\n"
                 "  s: {given: '$..x', recommended: false, then: {function: falsy}}\n",
                 cases[i].except);
        CHECK_I64(findings_of(files, "{a: {x: 1, b: {x: 1}}, c: {x: 1}}", cases[i].name),
                  cases[i].findings);
    }
}

TEST(test_custom_functions_that_are_declared_are_let_be)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct file files[] = {
        {"r.yaml", "functions: [mine, [other, {}]]\n"
                   "rules: {a: {given: $, then: {function: mine}}}\n"},
        {0       }
    };
    struct err err = {0};
    CHECK_OK(read_files(files, &mem, &err) != NULL, &err);
}

TEST(test_built_in_rulesets_have_all_their_rules)
{
    static const struct {
        const char *name;
        size_t rules, enabled;
    } sets[] = {
        {"spectral:oas", 57,      46     },
        {"owasp",        32,      32     },
        {"chancery",     57 + 24, 46 + 24}
    };
    for (size_t i = 0; i < COUNT_OF(sets); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        const struct lint_ruleset_config config = {0};
        const struct lint_rule_info *infos = NULL;
        struct lint_ruleset *ruleset = NULL;
        struct err err = {0};
        CHECK_OK(lint_ruleset_read(str_from(sets[i].name), &config, &mem, &ruleset, &err), &err);
        size_t count = ruleset ? lint_ruleset_rules(ruleset, &mem, &infos) : 0, enabled = 0;
        for (size_t j = 0; j < count; j++)
            enabled += infos[j].enabled;
        CHECK_I64(count, sets[i].rules);
        CHECK_I64(enabled, sets[i].enabled);
    }
}

TEST(test_globs_match_as_overrides_mean_them)
{
    static const struct {
        const char *pattern, *path;
        bool matches;
    } cases[] = {
        {"*.yaml",           "a.yaml",           true },
        {"*.yaml",           "deep/down/a.yaml", true },
        {"*.yaml",           "a.json",           false},
        {"specs/*.yaml",     "specs/a.yaml",     true },
        {"specs/*.yaml",     "specs/b/a.yaml",   false},
        {"specs/**/*.yaml",  "specs/b/c/a.yaml", true },
        {"specs/**/*.yaml",  "specs/a.yaml",     true },
        {"**/*.{json,yaml}", "x/a.json",         true },
        {"a?.yaml",          "ab.yaml",          true },
        {"[ab].yaml",        "b.yaml",           true },
        {"[!ab].yaml",       "b.yaml",           false},
        {"./a.yaml",         "a.yaml",           true },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        CHECK(glob_matches(str_from(cases[i].pattern), str_from(cases[i].path)) ==
              cases[i].matches);
}

TEST(test_fields_are_split_as_lodash_does)
{
    static const struct {
        const char *field, *parts;
    } cases[] = {
        {"a",                               "a"                              },
        {"a.b",                             "a|b"                            },
        {"a[0].c",                          "a|0|c"                          },
        {"a[\"b.c\"].d",                    "a|b.c|d"                        },
        {"a['x']",                          "a|x"                            },
        {"content.application/json.schema", "content|application/json|schema"},
        {"a[0][1]",                         "a|0|1"                          },
        {".a",                              "|a"                             },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf joined = {0};
        const struct str *parts = NULL;
        size_t count = 0;
        field_split(str_from(cases[i].field), &mem, &parts, &count);
        for (size_t j = 0; j < count; j++) {
            if (j > 0)
                buf_add_char(&joined, '|');
            buf_add(&joined, parts[j]);
        }
        CHECK_STR(buf_str(&joined), str_from(cases[i].parts));
    }
}

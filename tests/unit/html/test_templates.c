/* html: templates from their text to pages, and what the compiler refuses. */
#include "tests/unit/test.h"
#include "tools/tmplc/tmplc.h"

static const struct html_file files[] = {
    {"style.1f2e3d4c.css", "text/css", {"a", 1}, {NULL, 0}},
};

/* Compiles text as page.html, beside parts that it may use. */
static bool compile(const char *text, struct arena *mem, struct html_template *out, struct err *err)
{
    const struct tmpl_source sources[] = {
        {"page.html",   str_from(text)                                    },
        {"part.html",   STR("<b>{{name}}</b>")                            },
        {"layout.html", STR("<body><h1>{{title}}</h1>{{@content}}</body>")},
        {"inner.html",  STR("<p>{{name}}</p>")                            },
    };
    struct html_template *made = arena_array(mem, struct html_template, COUNT_OF(sources));
    if (!tmpl_compile(sources, COUNT_OF(sources), files, COUNT_OF(files), mem, made, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(sources); i++)
        out[i] = made[i];
    return true;
}
enum { PAGE, PART, LAYOUT, INNER, TEMPLATES };

static struct html_data *values(struct arena *mem)
{
    static const struct api pets = {
        .slug = {"pets",              4 },
        .name = {"<Pets>",            6 },
        .tags = {"[\"a b\",\"<c>\"]", 13},
        .stage = STAGE_PUBLISHED,
        .tier = 2,
        .team_id = 7,
        .created_at = 1764074220123
    };
    struct html_data *d = html_new(mem), *first, *inner;
    html_text(d, "name", STR("<name> & \"co\""));
    html_text(d, "title", STR("Title"));
    html_text(d, "empty", STR(""));
    html_text(d, "absent", STR_NONE);
    html_text(d, "evil", STR("javascript:alert(1)"));
    html_number(d, "seven", 7);
    html_number(d, "zero", 0);
    html_flag(d, "on", true);
    html_flag(d, "off", false);
    html_time(d, "never", 0);
    html_slot(d, "content", NULL);
    first = html_add(d, "items");
    html_text(first, "item", STR("one"));
    inner = html_add(first, "parts");
    html_text(inner, "part", STR("1a"));
    inner = html_add(first, "parts");
    html_text(inner, "part", STR("1b"));
    html_text(html_add(d, "items"), "item", STR("two"));
    html_row(html_add(d, "api"), &record_api, &pets);
    return d;
}

static const struct {
    const char *text, *want;
} pages[] = {
    {"<p>plain</p>",                                                                             "<p>plain</p>"                                       },
    {"<p>{{name}}</p>",                                                                          "<p>&lt;name&gt; &amp; &quot;co&quot;</p>"           },
    {"<p title=\"{{name}}\"></p>",                                                               "<p title=\"&lt;name&gt; &amp; &quot;co&quot;\"></p>"},
    {"<a href=\"{{evil}}\">x</a>",                                                               "<a href=\"#\">x</a>"                                },
    {"<a href=\"/apis/{{name}}\">x</a>",                                                         "<a href=\"/apis/%3Cname%3E%20%26%20%22co%22\">x</a>"},
    {"<a href='/apis?q={{name}}'>x</a>",                                                         "<a href='/apis?q=%3Cname%3E%20%26%20%22co%22'>x</a>"},
    {"<form action=\"{{evil}}\"></form>",                                                        "<form action=\"#\"></form>"                         },
    {"<i>{{empty}}{{absent}}{{never}}</i>",                                                      "<i></i>"                                            },
    {"{{seven}} {{zero}} {{on}} {{off}}",                                                        "7 0 yes no"                                         },
    {"{{?seven}}s{{/seven}}{{?zero}}z{{/zero}}{{?on}}n{{/on}}{{?off}}f{{/off}}",                 "sn"                                                 },
    {"{{?empty}}e{{/empty}}{{?absent}}a{{/absent}}{{?unheard}}u{{/unheard}}{{?name}}n{{/name}}",
     "n"                                                                                                                                              },
    {"{{^empty}}e{{/empty}}{{^unheard}}u{{/unheard}}{{^name}}n{{/name}}",                        "eu"                                                 },
    {"{{#items}}<i>{{item}}</i>{{/items}}",                                                      "<i>one</i><i>two</i>"                               },
    {"{{#items}}{{item}}:{{#parts}}{{part}},{{name}};{{/parts}}{{/items}}",
     "one:1a,&lt;name&gt; &amp; &quot;co&quot;;1b,&lt;name&gt; &amp; &quot;co&quot;;two:"                                                             },
    {"{{#unheard}}x{{/unheard}}",                                                                ""                                                   },
    {"{{#api}}{{slug}} {{name}} {{stage}} {{tier}}{{/api}}",                                     "pets &lt;Pets&gt; published 2"                      },
    {"{{#api}}{{#tags}}<a href=\"/?tag={{.}}\">{{.}}</a>{{/tags}}{{/api}}",
     "<a href=\"/?tag=a%20b\">a b</a><a href=\"/?tag=%3Cc%3E\">&lt;c&gt;</a>"                                                                         },
    {"{{#api}}<time datetime=\"{{created_at}}\">{{created_at}}</time>{{/api}}",
     "<time datetime=\"2025-11-25T12:37:00.123Z\">25 Nov 2025, 12:37 UTC</time>"                                                                      },
    {"<input{{?on}} checked{{/on}}{{?off}} disabled{{/off}}>",                                   "<input checked>"                                    },
    {"<a href=\"/x{{?on}}?a={{seven}}{{/on}}\">x</a>",
     NULL                                                                                                                                             }, /* ends in the query, begins in the path */
    {"<a href=\"/x?{{?on}}a={{seven}}{{/on}}\">x</a>",                                           "<a href=\"/x?a=7\">x</a>"                           },
    {"<i>{{>part}}</i>",                                                                         "<i><b>&lt;name&gt; &amp; &quot;co&quot;</b></i>"    },
    {"{{! a remark with <b> }}<br>",                                                             "<br>"                                               },
    {"<link href=\"{{$style.css}}\">",                                                           "<link href=\"/static/style.1f2e3d4c.css\">"         },
    {"<p>\n    a\n\n    b\n</p>\n",                                                              "<p>\na\nb\n</p>\n"                                  },
    {"<pre>\n    a\n\n    b\n</pre>",                                                            "<pre>\n    a\n\n    b\n</pre>"                      },
};

TEST(test_template_renders)
{
    for (size_t i = 0; i < COUNT_OF(pages); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct html_template made[TEMPLATES];
        struct err err = {0};
        if (pages[i].want == NULL) {
            CHECK(!compile(pages[i].text, &mem, made, &err));
            continue;
        }
        if (!compile(pages[i].text, &mem, made, &err)) {
            CHECK_STR(str_from(err.msg), str_from(pages[i].text));
            continue;
        }
        CHECK_OK(html_render(&made[PAGE], values(&mem), &mem, &out, &err), &err);
        CHECK_STR(buf_str(&out), str_from(pages[i].want));
    }
}

TEST(test_template_slot_puts_a_page_into_its_layout)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf out = {0};
    struct html_template made[TEMPLATES];
    struct err err = {0};
    CHECK_OK(compile("", &mem, made, &err), &err);
    struct html_data *d = html_new(&mem);
    html_text(d, "title", STR("T"));
    html_text(d, "name", STR("N"));
    html_slot(d, "content", &made[INNER]);
    CHECK_OK(html_render(&made[LAYOUT], d, &mem, &out, &err), &err);
    CHECK_STR(buf_str(&out), STR("<body><h1>T</h1><p>N</p></body>"));
}

TEST(test_template_names_a_value_that_is_missing)
{
    static const struct {
        const char *text, *where;
    } cases[] = {
        {"<p>a</p>\n{{unheard}}",           "page.html line 2"},
        {"{{#api}}\n\n{{unheard}}{{/api}}", "page.html line 3"},
        {"{{#api}}{{team_id}}{{/api}}",     "page.html line 1"}, /* hidden fields are no values */
        {"{{items}}",                       "page.html line 1"},
        {"{{#name}}x{{/name}}",             "page.html line 1"},
        {"{{@name}}",                       "page.html line 1"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        CLEANUP(buf_clear) struct buf out = {0};
        struct html_template made[TEMPLATES];
        struct err err = {0};
        CHECK_OK(compile(cases[i].text, &mem, made, &err), &err);
        CHECK(!html_render(&made[PAGE], values(&mem), &mem, &out, &err));
        CHECK_STR(str_from(err.where), str_from(cases[i].where));
    }
}

static const struct {
    const char *text, *where, *message;
} refused[] = {
    {"{{#a}}",                           "page.html line 1", "is never closed: a"                               },
    {"\n{{?a}}\n\n",                     "page.html line 2", "is never closed: a"                               },
    {"{{/a}}",                           "page.html line 1", "closes nothing: a"                                },
    {"{{#a}}{{?b}}{{/a}}{{/b}}",         "page.html line 1",
     "closes another section than the innermost: a"                                                             },
    {"{{a",                              "page.html line 1", "{{ without }}"                                    },
    {"{{A}}",                            "page.html line 1", "no name for a value: A"                           },
    {"{{a b}}",                          "page.html line 1", "no name for a value: a b"                         },
    {"{{}}",                             "page.html line 1", "no name for a value: "                            },
    {"{{{a}}}",                          "page.html line 1", "no name for a value: {a"                          },
    {"{{&a}}",                           "page.html line 1", "no name for a value: &a"                          },
    {"{{>nothing}}",                     "page.html line 1", "there is no template nothing"                     },
    {"{{>page}}",                        "page.html",        "is part of itself, by page.html line 1"           },
    {"<link href=\"{{$none.css}}\">",    "page.html line 1", "there is no static file none.css"                 },
    {"<a href={{a}}>x</a>",              "page.html line 1", "the value of href needs quotes"                   },
    {"<a title={{?a}}x{{/a}}>x</a>",     "page.html line 1", "the value of title needs quotes"                  },
    {"<a title=x>x</a>",                 "page.html line 1", "the value of title needs quotes"                  },
    {"<{{a}}>",                          "page.html line 1", "a value inside of <>, but not of an attribute"    },
    {"<p {{a}}>",                        "page.html line 1", "a value inside of <p>, but not of an attribute"   },
    {"<p data-{{a}}=\"x\">",             "page.html line 1", "a value inside of <p>, but not of an attribute"   },
    {"<p onclick=\"{{a}}\">",            "page.html line 1",
     "the attribute onclick is not used: no page has code or style of its own"                                  },
    {"<p style=\"color: red\">",         "page.html line 1",
     "the attribute style is not used: no page has code or style of its own"                                    },
    {"<script>x</script>",               "page.html line 1", "<script> is not used: no page has code of its own"},
    {"<style>x</style>",                 "page.html line 1", "<style> is not used: no page has code of its own" },
    {"<iframe src=\"/\">",               "page.html line 1", "<iframe> is not used: no page has code of its own"},
    {"<p>\n<b></p>",                     "page.html line 2", "</p> where </b> is expected"                      },
    {"<p>",                              "page.html line 1", "is never closed: <p"                              },
    {"</p>",                             "page.html line 1", "</p> closes nothing"                              },
    {"<p",                               "page.html line 1", "ends inside of a tag: p"                          },
    {"a > b",                            "page.html line 1", "'>' outside of a tag; write &gt;"                 },
    {"a < b",                            "page.html line 1", "' ' in a tag's name; write &lt; for a plain '<'"  },
    {"<!-- x -->",                       NULL,               NULL                                               },
    {"<p title=\"a\"class=\"b\"></p>",   "page.html line 1", "a space is needed before 'c'"                     },
    {"<p {{?a}}x{{/a}}y></p>",           "page.html line 1", "a space is needed before 'y'"                     },
    {"<p title=\"a>b<c\"></p>",          "page.html line 1", "'<' in an attribute; is a quote missing?"         },
    {"{{?a}}<p>{{/a}}</p>",              "page.html line 1",
     "ends in another part of the markup than it begins: a"                                                     },
    {"<p>{{?a}}</p><p>{{/a}}</p>",       NULL,               ""                                                 },
    {"<p {{?a}}title=\"{{/a}}\"></p>",   "page.html line 1",
     "ends in another part of the markup than it begins: a"                                                     },
    {"<a href=\"{{?a}}/x{{/a}}\">x</a>", "page.html line 1",
     "ends in another part of the markup than it begins: a"                                                     },
    {"<p {{>part}}></p>",                "page.html line 1", "a template inside of a tag: part"                 },
    {"<p title=\"{{@a}}\"></p>",         "page.html line 1", "a template inside of a tag: a"                    },
};

TEST(test_template_compiler_refuses)
{
    for (size_t i = 0; i < COUNT_OF(refused); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct html_template made[TEMPLATES];
        struct err err = {0};
        bool ok = compile(refused[i].text, &mem, made, &err);
        if (refused[i].message != NULL && refused[i].message[0] == '\0') {
            CHECK_OK(ok, &err);
            continue;
        }
        if (ok)
            CHECK_STR(STR("compiled"), str_from(refused[i].text));
        if (refused[i].where == NULL)
            continue;
        CHECK_STR(str_from(err.where), str_from(refused[i].where));
        CHECK_STR(str_from(err.msg), str_from(refused[i].message));
    }
}

TEST(test_template_output_names_every_value_once)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    CLEANUP(buf_clear) struct buf header = {0}, source = {0};
    struct html_template made[TEMPLATES];
    struct err err = {0};
    CHECK_OK(compile("<a href=\"/{{name}}\">\"{{name}}\\?</a>{{#items}}{{.}}{{/items}}", &mem, made,
                     &err),
             &err);
    emit_header(made, 1, 0, &header);
    emit_source(made, 1, files, 1, "generated/templates.h", &source);
    CHECK(str_find(buf_str(&header), STR("extern const struct html_template template_page;")) !=
          SIZE_MAX);
    size_t first = str_find(buf_str(&header), STR("TEMPLATE_NAME_name,"));
    CHECK(first != SIZE_MAX);
    CHECK(str_find(str_sub(buf_str(&header), first + 1, SIZE_MAX), STR("TEMPLATE_NAME_name,")) ==
          SIZE_MAX);
    CHECK(str_find(buf_str(&source), STR(".text = {\"\\\"\\\\\\077</a>\"")) == SIZE_MAX);
    CHECK(str_find(buf_str(&source), STR(".text = {\"\\\\\\077</a>\", 6}")) != SIZE_MAX);
    CHECK(str_find(buf_str(&source), STR("{\"style.1f2e3d4c.css\", \"text/css\"")) != SIZE_MAX);
}

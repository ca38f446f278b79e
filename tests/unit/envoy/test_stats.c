/* envoy: figures out of Envoy's Prometheus text. */
#include <math.h>

#include "catalog/envoy/envoy.h"
#include "tests/unit/test.h"

#define SAMPLES SHARED_DIR "/envoy/samples"

struct seen {
    struct envoy_sample last;
    size_t requests, durations;
    uint64_t sum;
};

static void note(void *context, const struct envoy_sample *sample)
{
    struct seen *seen = context;
    seen->last = *sample;
    seen->sum += sample->value;
    if (sample->kind == ENVOY_SAMPLE_REQUESTS)
        seen->requests++;
    else
        seen->durations++;
}

static bool read_text(const char *text, struct arena *mem, struct seen *seen, struct err *err)
{
    return envoy_stats_read(str_from(text), mem, note, seen, err);
}

TEST(test_stats_reads_counters)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(
        read_text(
            "# TYPE envoy_chancery_rq counter\n"
            "envoy_chancery_rq{api=\"pets\",version=\"v1\",op=\"GET /p/{id}\",consumer=\"shop\","
            "reason=\"ok\",status=\"200\",new=\"x\"} 42\n",
            &mem, &seen, &err),
        &err);
    CHECK_I64(seen.requests, 1);
    CHECK_STR(seen.last.api, STR("pets"));
    CHECK_STR(seen.last.version_label, STR("v1"));
    CHECK_STR(seen.last.operation, STR("GET /p/{id}"));
    CHECK_STR(seen.last.app, STR("shop"));
    CHECK_STR(seen.last.reason, STR("ok"));
    CHECK_I64(seen.last.status, 200);
    CHECK_I64(seen.last.value, 42);
    CHECK_I64((int64_t)seen.last.bucket_le, 0);
}

/* An allowed call is known by its operation, a refused one by its reason; a call that nobody was
 * asked about has neither. */
TEST(test_stats_tells_allowed_calls)
{
    static const struct {
        const char *labels, *reason;
    } cases[] = {
        {"op=\"GET /p\",reason=\"\"",             "ok"          },
        {"op=\"GET /p\"",                         "ok"          },
        {"op=\"GET /p\",reason=\"rate_limited\"", "rate_limited"},
        {"op=\"\",reason=\"ok\"",                 "ok"          },
        {"op=\"\",reason=\"\"",                   ""            },
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct seen seen = {0};
        struct err err = {0};
        struct str text =
            arena_printf(&mem, "envoy_chancery_rq{%s,status=\"200\"} 1\n", cases[i].labels);
        CHECK_OK(read_text(text.ptr, &mem, &seen, &err), &err);
        CHECK_STR(seen.last.reason, str_from(cases[i].reason));
    }
}

TEST(test_stats_absent_labels_are_empty)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(
        read_text("envoy_chancery_rq{status=\"\"} 1\nenvoy_chancery_rq{} 2\n", &mem, &seen, &err),
        &err);
    CHECK_I64(seen.sum, 3);
    CHECK(seen.last.api.len == 0 && seen.last.reason.len == 0 && seen.last.status == 0);
}

TEST(test_stats_reads_buckets)
{
    static const struct {
        const char *bound;
        double value;
    } cases[] = {
        {"0.5",   0.5     },
        {"1",     1       },
        {"60000", 60000   },
        {"1e+06", 1e6     },
        {"+Inf",  HUGE_VAL}
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct seen seen = {0};
        struct err err = {0};
        struct str text = arena_printf(&mem,
                                       "envoy_chancery_ms_bucket{api=\"a\",le=\"%s\"} 3\n"
                                       "envoy_chancery_ms_sum{api=\"a\"} 1.5\n"
                                       "envoy_chancery_ms_count{api=\"a\"} 3\n",
                                       cases[i].bound);
        CHECK_OK(read_text(text.ptr, &mem, &seen, &err), &err);
        CHECK_I64(seen.durations, 1);
        CHECK(!(seen.last.bucket_le < cases[i].value) && !(seen.last.bucket_le > cases[i].value));
    }
}

TEST(test_stats_labels_are_unescaped)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(
        read_text(
            "envoy_chancery_rq{op=\"a\\\"},b\\\\\\nc\",consumer=\"\\\\\",reason=\"x=\\\"y\\\"\"} 1\n",
            &mem, &seen, &err),
        &err);
    CHECK_STR(seen.last.operation, STR("a\"},b\\\nc"));
    CHECK_STR(seen.last.app, STR("\\"));
    CHECK_STR(seen.last.reason, STR("x=\"y\""));
}

TEST(test_stats_values_have_64_bits)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(read_text("envoy_chancery_rq{} 18446744073709551615\n", &mem, &seen, &err), &err);
    CHECK(seen.last.value == UINT64_MAX);
    CHECK(!read_text("envoy_chancery_rq{} 18446744073709551616\n", &mem, &seen, &err));
}

TEST(test_stats_refuses_broken_lines_by_number)
{
    static const char *const cases[] = {
        "envoy_chancery_rq{api=\"a\"} 1",
        "envoy_chancery_rq{api=\"a\"}\n",
        "envoy_chancery_rq{api=\"a\"} \n",
        "envoy_chancery_rq{api=\"a\"} -1\n",
        "envoy_chancery_rq{api=\"a\"} 1.5\n",
        "envoy_chancery_rq{api=\"a\"} 1 2\n",
        "envoy_chancery_rq{api=\"a\n",
        "envoy_chancery_rq{api=\"a\\\n",
        "envoy_chancery_rq{api=a} 1\n",
        "envoy_chancery_rq{api\n",
        "envoy_chancery_rq{api=\"a\" 1\n",
        "envoy_chancery_rq{status=\"2xx\"} 1\n",
        "envoy_chancery_rq{status=\"-1\"} 1\n",
        "envoy_chancery_rq{status=\"1000\"} 1\n",
        "envoy_chancery_ms_bucket{api=\"a\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"-1\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"nan\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"1x\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"1e999\"} 1\n",
        "envoy_chancery_ms_bucket{le=\"1111111111111111111111111111111111111111\"} 1\n",
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        CLEANUP(arena_clear) struct arena mem = {0};
        struct seen seen = {0};
        struct err err = {0};
        bool read = read_text(arena_printf(&mem, "# first\n%s", cases[i]).ptr, &mem, &seen, &err);
        if (read)
            printf("\n   read: %s\n", cases[i]);
        CHECK(!read);
        CHECK_STR(str_from(err.where), STR("line 2"));
    }
}

TEST(test_stats_skips_other_metrics)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(
        read_text(
            "\n# HELP x\nenvoy_chancery_rqx{a=\"} 1\nenvoy_chancery_rq 7\nother{le=\"x\"} nan\n",
            &mem, &seen, &err),
        &err);
    CHECK_I64(seen.requests + seen.durations, 0);
}

/* The samples' logger had another scope and fewer tags. */
static struct str real_text(struct arena *mem)
{
    struct str rest = test_file(mem, SAMPLES, "prometheus_apic.txt");
    CLEANUP(buf_clear) struct buf out = {0};
    const struct str theirs = STR("envoy_apic_");
    for (size_t at; (at = str_find(rest, theirs)) != SIZE_MAX;) {
        buf_add(&out, str_sub(rest, 0, at));
        buf_add(&out, STR("envoy_chancery_"));
        rest = str_sub(rest, at + theirs.len, rest.len);
    }
    buf_add(&out, rest);
    return arena_str(mem, buf_str(&out));
}

TEST(test_stats_reads_real_text)
{
    CLEANUP(arena_clear) struct arena mem = {0};
    if (!test_have_shared())
        SKIP("no-shared");
    struct seen seen = {0};
    struct err err = {0};
    CHECK_OK(envoy_stats_read(real_text(&mem), &mem, note, &seen, &err), &err);
    CHECK_I64(seen.requests, 16);
    CHECK(seen.durations > 0 && seen.durations % 20 == 0);
    static const char *const others[] = {"prometheus_cluster_pay.txt", "prometheus_vhost.txt"};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        CHECK_OK(envoy_stats_read(test_file(&mem, SAMPLES, others[i]), &mem, note, &seen, &err),
                 &err);
    CHECK_I64(seen.requests, 16);
}

TEST(test_stats_refuses_every_truncation_inside_a_line)
{
    static const char text[] = "envoy_chancery_rq{api=\"a\\\"\",status=\"200\"} 12\n"
                               "envoy_chancery_ms_bucket{api=\"b\",le=\"+Inf\"} 3\n";
    CLEANUP(arena_clear) struct arena mem = {0};
    for (size_t len = 1; len < sizeof(text) - 1; len++) {
        struct seen seen = {0};
        CLEANUP(buf_clear) struct buf exact = {0};
        exact.ptr = mem_new(len);
        memcpy(exact.ptr, text, len);
        bool at_border = text[len - 1] == '\n';
        CHECK_I64(envoy_stats_read((struct str){exact.ptr, len}, &mem, note, &seen, NULL),
                  at_border);
    }
}

TEST(test_stats_target_asks_for_the_scope_only)
{
    CHECK_STR(str_from(envoy_stats_target), STR("/stats/prometheus?filter=%5Echancery%5C."));
}

# The mutations of tests/mutate, by step of the story: name, what is broken, and the test when it is not the story.
RESOURCES = ["/usr/bin/python3", "tests/envoy/test_resources.py", "build/release/tests/envoy/envoy_emit"]
CONSOLE_TLS = ["/usr/bin/python3", "tests/screen/test_tls.py"]
GOVERNANCE = ["/usr/bin/python3", "tests/http/test_governance.py"]
LISTS = ["/usr/bin/python3", "tests/http/test_lists.py"]
MAPS = ["/usr/bin/python3", "tests/http/test_maps.py"]
CONTROL = ["/usr/bin/python3", "tests/envoy/test_control.py"]
RESTART = ["/usr/bin/python3", "tests/http/test_restart.py"]
TLS = ["/usr/bin/python3", "tests/http/test_tls.py"]
RESTART_ENVOY = ["/usr/bin/python3", "tests/envoy/test_restart.py", "--restarts", "6", "--rate", "300"]
KILLS = ["/usr/bin/python3", "tests/crash/kill.py", "--kills", "20", "--seed", "1"]
FAULTS = ["/usr/bin/python3", "tests/crash/faults.py", "--faults", "300", "--seed", "1"]
POWER = ["/usr/bin/python3", "tests/crash/power.py", "--images", "300", "--seed", "1"]


def corpus(target):
    return [f"build/release/tests/fuzz/fuzz_{target}", f"tests/fuzz/corpus/{target}"]


mutation("1-operations-not-counted", [
    ("catalog/service/documents.c", ".operation_count = (int64_t)summary->operation_count,", ".operation_count = (int64_t)(summary->operation_count / 2),")])
mutation("2-configuration-not-built", [
    ("portal/control/control.c", "if (commit_flags & COMMIT_CONFIG) {", "if (commit_flags & COMMIT_CONFIG && c->commit_count < 3) {")])
mutation("2-acknowledgement-not-learnt", [
    ("portal/control/discovery.c", "        set_version(t->acknowledged, version);\n", "")])
mutation("3-filter-off", [
    ("catalog/envoy/routes.c", "    if (d->open)\n        envoy_put_route_unchecked(w);", "    if (d->id != 0)\n        envoy_put_route_unchecked(w);")])
mutation("3-paths-told-to-strangers", [
    ("catalog/authz/decide.c", "check_public, check_credential,\n    check_subscription, check_operation,", "check_public, check_credential,\n    check_operation, check_subscription,")])
mutation("3-allow-forgotten", [
    ("portal/control/check.c", "    set_text(res, \"allow\", arena_str(req->mem, d->allow));\n", "")])
mutation("4-request-approves-itself", [
    ("catalog/service/access.c", "api.approval == APPROVAL_AUTOMATIC", "api.approval != APPROVAL_AUTOMATIC")])
mutation("5-stale-image-kept", [
    ("catalog/service/catalog.c", "if ((flags & COMMIT_ACCESS) && !publish_image(c, s))", "if ((flags & COMMIT_CONFIG) && !publish_image(c, s))")])
mutation("6-identity-not-told", [
    ("portal/control/check.c", "    set_text(res, \"x-consumer\", d->app);\n", "")])
mutation("6-key-reaches-the-upstream", [
    ("catalog/envoy/routes.c", "    json_put_str(w, STR(CREDENTIAL));\n", "    json_put_str(w, STR(\"x-nothing\"));\n")])
mutation("6-deployment-of-the-clients-choice", [
    ("catalog/envoy/check.c", "    CREDENTIAL,\n", "    CREDENTIAL, DEPLOYMENT_HEADER,\n"),
    ("catalog/envoy/check.c", "    put_question(w);\n", "    if (w->depth == 0)\n        put_question(w);\n"),
    ("catalog/envoy/listener.c", "GATEWAY_TOKEN, DEPLOYMENT_HEADER,", "GATEWAY_TOKEN,")], RESOURCES)
mutation("6-two-slashes-to-the-upstream", [
    ("catalog/envoy/routes.c", "    if (to.len > 0) {\n        out[0] = (struct way){\"path_separated_prefix\", base, to};",
     "    if (base.len > 0) {\n        out[0] = (struct way){\"path_separated_prefix\", base, to.len ? to : root};")], RESOURCES)
mutation("6-strip-removed", [
    ("catalog/envoy/listener.c", "    put_strip(w);\n", "    if (w->depth == 0)\n        put_strip(w);\n")], RESOURCES)
mutation("7-limits-forgotten-at-the-end", [
    ("portal/control/control.c", "    if (c->decides)\n        limits_write(c, NULL);\n", "")], RESTART)
mutation("7-burst-without-end", [
    ("catalog/authz/limiter.c", "if (r.step > r.depth - r.ahead) {", "if (r.depth < 0) {")])
mutation("8-calls-counted-wrongly", [
    ("portal/fleet/figures.c", "fresh.total = seen->raw;", "fresh.total = seen->raw + 1;")])
mutation("9-revocation-forgotten", [
    ("catalog/service/image_load.c", "[SUB_REVOKED] = ACCESS_REVOKED,", "[SUB_REVOKED] = ACCESS_APPROVED,")])
mutation("9-change-touches-nothing", [
    ("catalog/service/access.c", "!sub_event(txn, c, move->event, api.team_id, &before, &row, err))\n        return false;\n    touch(txn, TOUCH_APP, row.app_id);",
     "!sub_event(txn, c, move->event, api.team_id, &before, &row, err))\n        return false;\n    touch(txn, TOUCH_PLAN, row.plan_id);")])
mutation("9-changes-of-lists-forgotten", [
    ("catalog/service/image.c", "    concerns_add(i->concerns, fresh->image.version, concerns, count);\n", "")], LISTS)
mutation("9-list-signed-in-part", [
    ("portal/control/lists.c", "        sign_add(&signer, buf_str(&piece));\n", "        if (!more)\n            sign_add(&signer, STR(\"\"));\n")], LISTS)
mutation("9-map-lets-limits-pass", [
    ("catalog/authz/maps.c", "        if (plan_is_metered(plan))\n            return;\n", "        if (plan_is_metered(plan) && l->narrow)\n            return;\n")], MAPS)
mutation("9-map-spelt-past", [
    ("catalog/route/expression.c", "2[0-9A-CFa-cf]", "2[0-9A-Fa-f]")], MAPS)
mutation("9-map-outlives-what-ends", [
    ("portal/control/consumers.c", "    if (until_ms > e.changes_at_ms)\n        until_ms = e.changes_at_ms;\n", "")], MAPS)
mutation("9-event-not-written", [
    ("catalog/service/access.c", "                                   .reason = body_text(c, \"reason\")};\n    return event_add(txn, c->by, &what, err);\n}\n\nstatic bool may_be_asked",
     "                                   .reason = body_text(c, \"reason\")};\n    return what.id != 0 || event_add(txn, c->by, &what, err);\n}\n\nstatic bool may_be_asked")])
mutation("10-fault-grants", [
    ("catalog/envoy/check.c", "json_key_bool(w, \"failure_mode_allow\", false);", "json_key_bool(w, \"failure_mode_allow\", true);")])
mutation("10-pause-refuses", [
    ("catalog/envoy/check.c", "json_key_str(w, \"max_interval\", STR(TIMEOUT));", "json_key_str(w, \"max_interval\", STR(\"0.010s\"));")])
mutation("11-restart-not-noticed", [
    ("portal/control/discovery.c", "    if (!starting && tries >= LATER_RETRY_MOST)", "    if (starting || tries >= LATER_RETRY_MOST)"),
    ("portal/control/discovery.c", "        version.len == 0 && t->sent[0]", "        version.len > 99 && t->sent[0]")])
mutation("held-polls-not-woken", [
    ("portal/control/publisher.c", "    control_wake(c);\n", "")], CONTROL)
mutation("rejected-version-sent-again", [
    ("portal/control/discovery.c", "    if (strcmp(t->sent, wanted) != 0)\n        return 0;\n", "    if (wanted != NULL)\n        return 0;\n    UNUSED(t);\n")], CONTROL)
mutation("routes-before-clusters", [
    ("portal/control/discovery.c", "    if (type != ENVOY_RDS || strcmp(clusters->acknowledged, wanted) == 0 ||", "    if (type == ENVOY_RDS || strcmp(clusters->acknowledged, wanted) == 0 ||")], CONTROL)
mutation("warming-counts-as-applied", [
    ("portal/control/gateways.c", "return same && !g->warming && g->connected ?", "return same && g->connected ?")], CONTROL)
mutation("restart-limits-start-anew", [
    ("portal/serve.c", "start_serving(r, buf_str(&limits), err)", "start_serving(r, STR_NONE, err)")], RESTART)
mutation("restart-two-decide", [
    ("portal/control/check.c", "    if (check->relay != NULL) {\n", "    if (check->relay != NULL && req->now_ms < 0) {\n")], RESTART)
mutation("restart-changes-not-taken-back", [
    ("portal/handover.c", "    if (h->gave_catalog)\n        handover_retry(r);\n", "")], RESTART)
mutation("restart-decisions-not-taken-back", [
    ("portal/handover.c", "        control_take_checks(r->portal.control);\n", "")], RESTART)
mutation("restart-changes-lost-at-the-end", [
    ("catalog/service/handover.c", "    (void)fail(err, ERR_BUSY, \"\", \"the server is being restarted\");\n    return err_hint(err, \"nothing was changed; try again in a moment\");",
     "    UNUSED(err);\n    return true;")], RESTART)
mutation("restart-socket-files-removed", [
    ("portal/doors.c", "    arena_clear(&doors->mem);\n    *doors", "    for (size_t i = 0; i < doors->openings.len; i++)\n        if (doors->openings.ptr[i].address.len > 0)\n            (void)unlink(str_z(&doors->mem, doors->openings.ptr[i].address));\n    arena_clear(&doors->mem);\n    *doors")], RESTART)
mutation("restart-tokens-unknown-at-first", [
    ("portal/serve.c", "        control_await_snapshot(r->portal.control);\n", "        UNUSED(r);\n"),
    ("portal/control/publisher.c", "    while (next_change(c, &seq))\n", "    nanosleep(&(struct timespec){.tv_nsec = 300000000}, NULL);\n    while (next_change(c, &seq))\n")], RESTART)
mutation("restart-cuts-checks", [
    ("portal/control/control.c", "http_server_drain(c->check_server, false);", "http_server_stop(c->check_server, 0), c->check_server = NULL;"),
    ("catalog/envoy/check.c", "    json_key_i64(w, \"num_retries\", 1);", "    json_key_i64(w, \"num_retries\", 0);")], RESTART_ENVOY)
mutation("tls-old-versions", [
    ("portal/http/tls.c", "-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:", "-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:+VERS-TLS1.1:+SHA1:+SIGN-RSA-SHA1:+SIGN-ECDSA-SHA1:%VERIFY_ALLOW_SIGN_WITH_SHA1:"),
    ("portal/http/tls.c", "+AES-128-GCM:", "+AES-128-GCM:+AES-128-CBC:")], TLS)
mutation("tls-weak-ciphers", [
    ("portal/http/tls.c", "+AES-128-GCM:", "+AES-128-GCM:+AES-128-CBC:+SHA1:")], TLS)
mutation("tls-bad-pair-used", [
    ("portal/http/tls.c", "    return fit || fail(err, ERR_INVALID, path, \"the private key is not the certificate's\");", "    UNUSED(fit);\n    UNUSED(path);\n    UNUSED(err);\n    return true;")], TLS)
mutation("tls-change-not-noticed", [
    ("portal/serve.c", "(!asked && !http_tls_changed(r->tls))", "!asked")], TLS)
mutation("tls-not-known-as-secure", [
    ("portal/http/transport.c", "        conn->peer.secure = transport->tls != NULL;\n", "")], TLS)
mutation("tls-handshake-without-end", [
    ("portal/http/transport.c", "        connection_deadline(conn, server->steady_ms + server->config.header_deadline_ms);\n",
     "        connection_deadline(conn, transport->tls ? NEVER : server->steady_ms + server->config.header_deadline_ms);\n")], TLS)
mutation("tls-refusal-in-plain", [
    ("portal/http/transport.c", "    if (ex->conn->tls != NULL) {\n", "    if (ex->conn->tls != NULL && bytes.len == 0) {\n")], TLS)
mutation("tls-lost-in-restart", [
    ("portal/doors.c", "row->kind == TLS ? tls : NULL", "row->kind == TLS && o->address.len == 0 ? tls : NULL")], TLS)

TOKENS = ["/usr/bin/python3", "tests/http/test_tokens.py"]
RESTORE = ["/usr/bin/python3", "tests/http/test_restore.py"]
PAGES = ["/usr/bin/python3", "tests/web/test_pages.py"]

mutation("revoked-token-holds", [
    ("catalog/store/statements.h", "WHERE sha256 = $1 AND revoked_at IS NULL AND not_after > $2", "WHERE sha256 = $1 AND not_after > $2")], TOKENS)
mutation("token-uses-its-owners-role", [
    ("catalog/service/permission.c", "    return by_role ? relations : relations & ~(unsigned)(STAFF);", "    return by_role ? relations : relations + 0;")], TOKENS)
mutation("cookie-stands-in-for-a-token", [
    ("portal/identity.c", "    if (!principal_of_token(VIEW(req), token, req->mem, who, &unseen, err))\n        return false;",
     "    if (!principal_of_token(VIEW(req), token, req->mem, who, &unseen, err))\n        return by_session(req, who, err);")], TOKENS)
mutation("token-taken-in-the-clear", [
    ("portal/identity.c", "if (!local && !req->peer.secure && !req->peer.is_loopback) {", "if (!local && !req->peer.secure && !req->peer.is_loopback && false) {")], TOKENS)
mutation("damaged-backup-restored", [
    ("catalog/service/care.c", "target != NULL && report.found.problem.ptr == NULL)", "target != NULL)")], RESTORE)
mutation("sessions-come-back", [
    ("catalog/service/care.c", "store_is_free(target, err) && store_forget_visitors(s, err) &&", "store_is_free(target, err) &&")], RESTORE)
mutation("foreign-tables-restored", [
    ("catalog/store/backup.c", "        !schema_is_ours(s->db, err) || !store_prepare(s, err)) {", "        !store_prepare(s, err)) {")], RESTORE)
mutation("old-backups-go-first", [
    ("portal/backup.c", "    if (verify(path, mem, err))\n", "    if (verify(path, mem, err) || keep > 0)\n")], RESTORE)
mutation("secret-compressed", [
    ("portal/http/encoding.c", "ex->req.worker != NULL && !res->plain &&", "ex->req.worker != NULL &&")], PAGES)
mutation("form-token-not-masked", [
    ("portal/identity.c", "    random_fill(bytes, csrf.len);\n", "")], PAGES)

mutation("issuer-not-verified", [
    ("fetch/curl.c", "CURLOPT_SSL_VERIFYPEER, 1L", "CURLOPT_SSL_VERIFYPEER, 0L")], CONSOLE_TLS)
mutation("host-not-verified", [
    ("fetch/curl.c", "CURLOPT_SSL_VERIFYHOST, 2L", "CURLOPT_SSL_VERIFYHOST, 0L")], CONSOLE_TLS)
mutation("token-file-of-everybody", [
    ("tui/client/server.c", "    if (about.st_mode & 077) {", "    if (about.st_mode & 07) {")], CONSOLE_TLS)
mutation("token-in-the-clear", [
    ("tui/client/server.c", "    if (!secure && o->token_file.len > 0", "    if (secure && o->token_file.len > 0")], CONSOLE_TLS)
mutation("unknown-caller-asks-on", [
    ("tui/client/feed.c", "        return INT64_MAX;\n    int failures", "        return now_ms;\n    int failures")], CONSOLE_TLS)
# --- crashes, faults, power losses ---

mutation("crash-commit-not-synced", [
    ("catalog/store/sqlite.c", "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;", "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;")], POWER)
mutation("crash-backup-not-synced", [
    ("catalog/base/file.c", "    if (fd < 0 || fsync(fd) != 0)\n        return fail(err, ERR_IO, made, \"cannot sync", "    if (fd < 0)\n        return fail(err, ERR_IO, made, \"cannot sync")], POWER)
mutation("crash-failed-commit-acknowledged", [
    ("catalog/store/writer.c", "    } else if (!store_commit(w->store, &err)) {\n        fail_all(b, &err);\n    }", "    } else if (!store_commit(w->store, &err)) {\n        b->any = false;\n    }")], FAULTS)
mutation("crash-worker-stays-useless", [
    ("portal/http/worker.c", "    if (*worker == NULL)\n        *worker = begin(config);\n", "")], ["ctest", "--preset", "release", "-R", "unit/http"])
mutation("crash-answered-before-commit", [
    ("catalog/store/writer.c", "        fail_all(b, &err);\n    } else if (!store_commit(w->store, &err)) {\n        fail_all(b, &err);\n    }", "        fail_all(b, &err);\n    }"),
    ("catalog/store/writer.c", "        answer(w, &batch);\n", "        answer(w, &batch);\n        if (store_in_transaction(w->store) && !store_commit(w->store, NULL))\n            continue;\n")], KILLS)

# --- what fuzz targets hold against parsers ---

mutation("fuzz-two-framings", [
    ("portal/http/guard.c", "    if (coding.ptr != NULL && length.ptr != NULL)\n        return refuse(err, 400, \"transfer-encoding\", \"stands beside content-length\");\n", "")], corpus("guard"))
mutation("fuzz-pieces-differ", [
    ("portal/http/form.c", "pending.len > keep_back ? pending.len - keep_back : 0;", "pending.len > keep_back ? pending.len : 0;")], corpus("form"))
mutation("fuzz-readers-differ", [
    ("catalog/tree/json.c", "low >= 0xDC00 && low < 0xE000) {", "low < 0xDC00) {")], corpus("json"))
mutation("fuzz-nul-passed-over", [
    ("catalog/base/json_read.c", "    if (!without_nul(text, err) || !shallow(text, err))", "    if ((text.len == 0 && !without_nul(text, err)) || !shallow(text, err))")], corpus("json"))
mutation("fuzz-key-slips-pass", [
    ("catalog/base/crypto.c", "check, CHECK_LEN) == 0;", "check, 0) == 0;")], corpus("fields"))

# --- examples, and servers tested by their documents ---

EXAMPLES = ["/usr/bin/python3", "tests/command/test_examples.py"]
TESTED = ["/usr/bin/python3", "tests/command/test_test.py"]

mutation("test-calls-what-is-unsafe", [
    ("tui/command/test_call.c", "if (!o->operation->safe && !c->asked->unsafe) {", "if (!o->operation->safe && !c->asked->unsafe && c->x == NULL) {")], TESTED)
mutation("test-shows-secrets", [
    ("tui/command/test_call.c", "        p->message = redacted(c, p->message, mem);\n", "")], TESTED)
mutation("test-sends-what-is-optional", [
    ("tui/command/test_call.c", "exchange_request(c->x, o->operation, false,", "exchange_request(c->x, o->operation, true,")], TESTED)
mutation("test-takes-silence-for-right", [
    ("tui/command/test_call.c", "    o->verdict = VERDICT_ERROR;\n", "    o->verdict = VERDICT_OK;\n")], TESTED)
mutation("answer-ranges-unknown", [
    ("catalog/exchange/judge.c", "\"%dXX\"", "\"%dxx\"")], TESTED)
mutation("answer-yaml-is-json", [
    ("catalog/exchange/judge.c", "    if (container != (text.ptr[0] == '{' || text.ptr[0] == '[') ||\n", "    if (container != (text.len > 0 && container) ||\n")],
    ["ctest", "--preset", "release", "-R", "unit/exchange"])
mutation("answer-formats-ignored", [
    ("catalog/example/make.c", ".formats = true, .direction = direction", ".formats = false, .direction = direction")], ["ctest", "--preset", "release", "-R", "unit/exchange"])
mutation("example-not-judged", [
    ("catalog/example/make.c", "        if (!judge(m, tries->need->schemas[i], doc))\n            return false;\n", "        if (!judge(m, tries->need->schemas[i], doc) && m->depth > 99)\n            return false;\n")],
    ["ctest", "--preset", "release", "-R", "unit/example"])
mutation("example-sends-read-only", [
    ("catalog/example/object.c", "[SCHEMA_REQUEST] = \"readOnly\"", "[SCHEMA_REQUEST] = \"\"")], EXAMPLES)
mutation("example-circle-goes-on", [
    ("catalog/example/group.c", "    return times >= m->repeats;", "    return times >= m->repeats + 3;")], ["ctest", "--preset", "release", "-R", "unit/example"])
mutation("example-quotes-open", [
    ("tui/command/examples_text.c", "control ? STR(\"\\\\'\") : STR(\"'\\\\''\")", "control ? STR(\"\\\\'\") : STR(\"'\")")], EXAMPLES)
mutation("example-reserved-not-encoded", [
    ("catalog/exchange/style.c", "        if ((plain && c < 128) || kept)\n", "        if ((plain && c < 128) || kept || c == '/')\n")], ["ctest", "--preset", "release", "-R", "unit/exchange"])
mutation("gate-not-asked", [
    ("catalog/service/apis.c", "if (to != STAGE_PUBLISHED && !takes_candidate(row, to))", "if (to != STAGE_RETIRED || !takes_candidate(row, to))")], GOVERNANCE)
mutation("gate-asked-after-the-upload", [
    ("catalog/service/documents.c", "if (verdict->blocked || version->revision_id == row->id)", "if (version->revision_id == row->id)")], GOVERNANCE)
mutation("changelog-of-drafts", [
    ("catalog/store/statements.h", "    \" AND revision.published_at IS NOT NULL\"", "    \" AND revision.published_at IS NOT 0\"")], GOVERNANCE)
mutation("rulesets-of-other-teams", [
    ("catalog/service/assess.c", "lists_share(row->teams, list_make(&api->team, 1, mem), mem)", "row->teams.len > 2")], GOVERNANCE)
mutation("waiver-everywhere", [
    ("catalog/service/verdict.c", "(w->pointer.ptr == NULL || str_eq(w->pointer, matter->pointer))", "(w->pointer.ptr == NULL || w->id != 0)")], GOVERNANCE)
mutation("waiver-without-end", [
    ("catalog/store/statements.h", "AND revoked_at IS NULL AND not_after > $3 ORDER BY id", "AND revoked_at IS NULL AND $3 > 0 ORDER BY id")], GOVERNANCE)
mutation("review-by-the-author", [
    ("catalog/service/reviews.c", "if (!asked && !str_eq(c->by->name, revision->created_by))", "if (!asked && revision != NULL)")], GOVERNANCE)
mutation("override-not-noted", [
    ("catalog/service/verdict.c", "(!breaks(out) ||", "(breaks(out) || out->blocked ||")], GOVERNANCE)
mutation("judged-by-yesterdays-rules", [
    ("catalog/service/assess.c", "*holds = row->grade.ptr != NULL && str_eq(row->rulesets, stamp_of(&rulesets, mem)) &&", "*holds = row->grade.ptr != NULL &&")], GOVERNANCE)
mutation("candidate-told-to-strangers", [
    ("catalog/service/reads.c", "if (version->candidate_id == 0)\n        return true;", "if (version->id != 0)\n        return true;")], GOVERNANCE)
ORACLE = ["build/release/tests/oracle/diff_oracle", "--schemas", "60", "tests/data/diff/oracle.tsv"]


def unit(folder):
    return [f"build/release/catalog/{folder}/unit_{folder}"]


mutation("jsonpath-slice-forwards-only", [
    ("catalog/jsonpath/find.c", "    return s->step > 0 ? index >= b.from && index < b.to : index <= b.from && index > b.to;",
     "    return s->step > 0 && index >= b.from && index < b.to;")], unit("jsonpath"))
mutation("jsonpath-value-entered-once-for-all", [
    ("catalog/jsonpath/walk.c", "(doc << 20 | state->id) << 32", "(doc << 20 | (state->id & 0)) << 32")], unit("jsonpath"))
mutation("jsonpath-parent-not-left", [
    ("catalog/jsonpath/find.c", "    leave(f);\n    finder_run(f, next);\n    vec_push(", "    finder_run(f, next);\n    leave(f);\n    vec_push(")], unit("jsonpath"))
mutation("schema-outermost-anchor-passed-over", [
    ("catalog/schema/check_logic.c", "        found = anchor != NULL && anchor->dynamic;\n        if", "        found = anchor != NULL && anchor->dynamic && i > 0;\n        if")], unit("schema"))
mutation("schema-only-member-not-evaluated", [
    ("catalog/schema/check_object.c", "    return seen->count > 0 &&\n", "    return seen->count > 1 &&\n")], unit("schema"))
mutation("schema-long-numbers-cut", [
    ("catalog/schema/decimal.c", "    for (size_t i = 0; i < both; i++) {", "    for (size_t i = 0; i < both && i < 15; i++) {")], unit("schema"))
mutation("lint-resolved-and-not-swapped", [
    ("catalog/lint/run.c", "rule->resolved != resolved || !applies", "rule->resolved == resolved || !applies")], unit("lint"))
mutation("lint-same-finding-told-again", [
    ("catalog/lint/results.c", "if (kept == 0 || !same(&list[kept - 1], &list[i]))", "if (kept == 0 || !same(&list[kept - 1], &list[i]) || i > 0)")], unit("lint"))
mutation("lint-first-override-decides", [
    ("catalog/lint/results.c", "o->pointer.len >= closest.len &&", "closest.len == 0 &&")], unit("lint"))
mutation("diff-open-objects-passed-over", [
    ("catalog/diff/pairs.c", "(k == KW_ITEMS || k == KW_ADDITIONAL_PROPERTIES)", "k == KW_ITEMS")], ORACLE)
mutation("diff-bound-the-wrong-way", [
    ("catalog/diff/schema_bounds.c", "old.number < new.number ? \"increased\" : \"decreased\"", "old.number > new.number ? \"increased\" : \"decreased\"")], ORACLE)
mutation("diff-callbacks-not-inverted", [
    ("catalog/diff/checks.c", " != (inverted && direction != DIRECTION_NONE);", " != (inverted && direction == DIRECTION_NONE);")], unit("diff"))
mutation("diff-all-of-not-taken-apart", [
    ("catalog/diff/shape.c", "    side->flatten = options->flatten_all_of || !options->oasdiff;", "    side->flatten = options->flatten_all_of;")], unit("diff"))
mutation("diff-shared-told-each-time", [
    ("catalog/diff/affected.c", "    return a.len > 0 && b.len > 0 ? b : STR_NONE;", "    return a.len > 0 && b.len > 99 ? b : STR_NONE;")], unit("diff"))

"""The publish gate: what blocks, what it says to do, and what lets a document through."""
import json
import sqlite3
import time

from case import CONTRACT, DOCUMENT, RestCase, main


def document(paths=None, **more):
    """A small document without a flaw; its paths have a GET each."""
    operation = lambda path: {"get": {"operationId": "get" + path.strip("/").title(), "summary": "S", "description": "D.", "tags": ["t"],
                                      "responses": {"200": {"description": "Fine."}}}}
    return {"openapi": "3.1.0", "info": {"title": "T", "version": "1", "description": "D.", "contact": {"name": "N", "email": "n@example.com"}},
            "servers": [{"url": "https://example.com"}], "tags": [{"name": "t", "description": "D."}],
            "paths": {path: operation(path) for path in (paths or ("/things", "/others"))}, **more}


def text(value):
    return json.dumps(value, indent=1).encode()


FAR, PAST = "2099-01-01T00:00:00Z", "2020-01-01T00:00:00Z"
BROKEN = document()
BROKEN["paths"]["/things"]["get"]["responses"] = {}


class GateTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.team("zoo")
        self.make("/v1/users", {"name": "oscar", "role": "operator"})
        cls.mark = self.person("mark", "zoo", "maintainer")
        cls.olga = self.person("olga", "zoo", "owner")

    def draft(self, slug, content, label="v1", who=None):
        if self.admin("GET", f"/v1/apis/{slug}").status == 404:
            self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": "zoo", "summary": "S"})
        self.make(f"/v1/apis/{slug}/versions", {"label": label})
        return self.upload(slug, label, text(content), "a.json", who=who).json

    def stage(self, slug, to="published", label="v1", who=None, expect=None, **more):
        return (who or self.mark.ask)("POST", f"/v1/apis/{slug}/versions/{label}/stage", {"stage": to, **more}, expect=expect)

    def gate(self, slug, label="v1", who=None):
        return (who or self.mark.ask)("GET", f"/v1/apis/{slug}/versions/{label}/gate", expect=200).json

    def kinds(self, slug):
        return [row["kind"] for row in self.admin("GET", f"/v1/events?api={slug}&limit=500", expect=200).json["items"]]

    def test_an_upload_answers_with_everything_found(self):
        made = self.draft("told", BROKEN)
        self.assertFalse(made["held"])
        self.assertEqual(made["findings"][0]["severity"], "error")
        self.assertEqual({row["source"] for row in made["findings"]}, {"validation", "spectral:oas"})
        self.assertEqual(made["revision"]["finding_count"], len(made["findings"]))
        self.assertEqual(made["changes"], [])
        clean = self.draft("clean", document())
        self.assertEqual((clean["findings"], clean["score"], clean["grade"]), ([], 100, "A"))
        other = self.draft("clean", document(["/things"]), "v2")
        self.assertEqual(other["changes"], [])  # nothing has been published yet

    def test_a_blocked_publish_says_what_to_do(self):
        self.draft("blocked", BROKEN)
        verdict = self.gate("blocked")
        self.assertTrue(verdict["blocked"])
        answer = self.stage("blocked", expect=409)
        self.problem(answer, 409, words="/v1/apis/blocked/waivers")
        self.assertEqual(len(answer.json["errors"]), verdict["blocks"])
        error = answer.json["errors"][0]
        self.assertEqual((error["code"], error["pointer"]), (verdict["matters"][0]["code"], verdict["matters"][0]["pointer"]))
        self.assertIn("waiver", error["remedy"])
        self.assertEqual(self.admin("GET", "/v1/apis/blocked/versions/v1").json["stage"], "draft")
        self.upload("blocked", "v1", text(document()), "a.json")
        self.assertFalse(self.gate("blocked")["blocked"])
        self.stage("blocked", expect=200)

    def test_the_gate_is_for_those_whom_it_concerns(self):
        self.draft("quiet", document())
        self.stage("quiet", expect=200)
        stranger = self.person("stranger")
        stranger.ask("GET", "/v1/apis/quiet/versions/v1/gate", expect=403)
        self.nobody("GET", "/v1/apis/quiet/versions/v1/gate", expect=401)
        self.make("/v1/apis/quiet/versions", {"label": "empty"})
        self.problem(self.mark.ask("GET", "/v1/apis/quiet/versions/empty/gate"), 409, words="document")

    def test_a_breaking_change_needs_an_override_or_a_new_label(self):
        self.draft("pets", document())
        self.stage("pets", expect=200)
        first = self.admin("GET", "/v1/apis/pets/versions/v1").json["revision"]
        held = self.upload("pets", "v1", text(document(["/things"])), "a.json", expect=202).json
        self.assertTrue(held["held"] and held["gate"]["blocked"])
        self.assertEqual({row["level"] for row in held["changes"]}, {"error"})
        version = self.admin("GET", "/v1/apis/pets/versions/v1").json
        self.assertEqual((version["revision"], version["candidate"]), (first, held["revision"]["sha256"]))
        self.assertIn("others", self.admin("GET", "/v1/apis/pets/versions/v1/document").body.decode())  # the old one serves
        answer = self.stage("pets", expect=409)
        self.problem(answer, 409, words="override")
        self.assertIn("new version label", answer.json["errors"][0]["remedy"])
        self.problem(self.stage("pets", override="x" * 1001), 422, "/override")
        self.problem(self.stage("pets", reason="x" * 1001), 422, "/reason")
        self.stage("pets", expect=409, override=" ")
        self.stage("pets", expect=200, override="all callers have agreed")
        version = self.admin("GET", "/v1/apis/pets/versions/v1").json
        self.assertEqual((version["revision"], version["candidate"]), (held["revision"]["sha256"], None))
        event = next(row for row in self.admin("GET", "/v1/events?kind=version.override&api=pets").json["items"])
        self.assertEqual((event["reason"], event["principal"]), ("all callers have agreed", "mark via session"))
        self.draft("pets", document(["/news"]), "v2")
        self.stage("pets", label="v2", expect=200)  # under a new label anything may be different

    def test_a_change_that_breaks_nothing_goes_in_force_at_once(self):
        self.draft("grows", document())
        self.stage("grows", expect=200)
        made = self.upload("grows", "v1", text(document(["/things", "/others", "/more"])), "a.json", expect=201).json
        self.assertEqual([row["code"] for row in made["changes"]], ["endpoint-added"])
        version = self.admin("GET", "/v1/apis/grows/versions/v1").json
        self.assertEqual((version["revision"], version["candidate"]), (made["revision"]["sha256"], None))

    def test_the_document_in_force_again_drops_the_candidate(self):
        self.draft("back", document())
        self.stage("back", expect=200)
        self.upload("back", "v1", text(document(["/things"])), "a.json", expect=202)
        stranger = self.person("stranger")
        of = lambda who: who("GET", "/v1/apis/back/versions/v1/revisions", expect=200).json["total"]
        self.assertEqual((of(stranger.ask), of(self.mark.ask)), (1, 2))  # a candidate is the team's own affair
        for target, rows in (("/v1/apis/back/versions/v1", lambda answer: [answer.json]), ("/v1/apis/back/versions", lambda answer: answer.json["items"])):
            seen = lambda who: [row["candidate"] is not None for row in rows(who("GET", target, expect=200))]
            self.assertEqual((seen(stranger.ask), seen(self.mark.ask)), ([False], [True]))
        self.upload("back", "v1", text(document()), "a.json", expect=201)
        self.assertIsNone(self.admin("GET", "/v1/apis/back/versions/v1").json["candidate"])
        self.problem(self.stage("back"), 409, "/stage", "published")

    def test_what_is_only_notified_becomes_an_event(self):
        self.make("/v1/apis", {"slug": "plain", "name": "Plain", "team": "zoo"})
        self.draft("plain", document())
        self.stage("plain", expect=200)
        event = self.admin("GET", "/v1/events?kind=version.notice&api=plain").json["items"][0]
        self.assertEqual(event["reason"], "description-missing")

    def test_the_sample_documents_pass(self):
        self.api("sample", "zoo", published=False)
        self.upload("sample", "v1", DOCUMENT.read_bytes())
        self.stage("sample", expect=200)

    # --- waivers -----------------------------------------------------------------------------------

    def waive(self, slug, who=None, expect=201, **more):
        body = {"code": "empty-value", "reason": "the tool cannot write it yet", "not_after": self.soon()} | more
        return (who or self.admin)("POST", f"/v1/apis/{slug}/waivers", body, expect=expect)

    def soon(self):
        return time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 30 * 86400))

    def waive_all(self, slug, **more):
        """Waives whatever blocks it, one waiver a code."""
        codes = {item["code"] for item in self.gate(slug)["matters"] if item["action"] == "block"}
        return [self.waive(slug, code=code, **more).json for code in sorted(codes)]

    def test_a_waiver_lets_pass_until_it_is_over(self):
        self.draft("waived", BROKEN)
        self.stage("waived", expect=409)
        waivers = self.waive_all("waived")
        verdict = self.gate("waived")
        self.assertFalse(verdict["blocked"])
        self.assertEqual({item["waiver"] for item in verdict["matters"] if item["action"] == "allow"}, {row["id"] for row in waivers})
        first = self.admin("GET", f"/v1/waivers/{waivers[0]['id']}", expect=200).json
        self.assertEqual((first["created_by"], first["reason"]), ("local-admin", "the tool cannot write it yet"))
        with sqlite3.connect(self.daemon.settings["database"], timeout=10) as db:  # the end of its time
            db.execute("UPDATE waiver SET not_after = created_at + 1 WHERE api_id = (SELECT id FROM api WHERE slug = 'waived')")
        db.close()
        self.stage("waived", expect=409)
        again = self.waive_all("waived", version="v1")
        self.stage("waived", expect=200)
        self.assertEqual(self.admin("DELETE", f"/v1/waivers/{again[0]['id']}", expect=200).json["revoked_by"], "local-admin")
        self.admin("DELETE", f"/v1/waivers/{again[0]['id']}", expect=409)
        self.assertTrue(self.gate("waived")["blocked"])
        self.assertEqual(self.admin("GET", "/v1/waivers?api=waived", expect=200).json["total"], 2 * len(waivers))
        self.assertLessEqual({"waiver.created", "waiver.revoked"}, set(self.kinds("waived")))

    def test_waivers_are_narrow(self):
        self.draft("narrow", BROKEN)
        block = next(item for item in self.gate("narrow")["matters"] if item["action"] == "block")
        for miss in ({"pointer": "/elsewhere"}, {"code": "no-such-code"}):
            self.waive("narrow", **{"code": block["code"]} | miss)
            self.assertEqual(self.gate("narrow")["allowed"], 0)
        self.make("/v1/apis/narrow/versions", {"label": "v2"})
        self.waive("narrow", code=block["code"], version="v2")
        self.assertEqual(self.gate("narrow")["allowed"], 0)
        self.waive("narrow", code=block["code"], pointer=block["pointer"], version="v1")
        self.assertEqual(self.gate("narrow")["allowed"], 1)

    def test_waivers_are_given_by_operators_with_reason_and_end(self):
        self.draft("strict", BROKEN)
        self.waive("strict", who=self.olga.ask, expect=403)  # who is judged does not excuse himself
        oscar = self.person("oscar")
        made = self.waive("strict", who=oscar.ask).json
        self.assertEqual(made["created_by"], "oscar")
        for wrong, pointer in (({"reason": ""}, "/reason"), ({"not_after": PAST}, "/not_after"), ({"not_after": FAR}, "/not_after"),
                               ({"version": "v9"}, "/version"), ({"code": ""}, "/code")):
            self.problem(self.waive("strict", expect=422, **wrong), 422, pointer)
        self.problem(self.admin("POST", "/v1/apis/strict/waivers", {"code": "x", "reason": "y"}), 422, "/not_after")
        stranger = self.person("stranger")
        stranger.ask("GET", f"/v1/waivers/{made['id']}", expect=404)
        self.assertNotIn("strict", {row["api"] for row in stranger.ask("GET", "/v1/waivers", expect=200).json["items"]})
        self.mark.ask("GET", f"/v1/waivers/{made['id']}", expect=200)
        self.mark.ask("DELETE", f"/v1/waivers/{made['id']}", expect=403)

    # --- reviews -----------------------------------------------------------------------------------

    def rule(self, position, **more):
        return self.make("/v1/gate-rules", {"position": position, "team": "zoo", **more})

    def test_a_review_by_a_second_person(self):
        rule = self.rule(10, tag="reviewed", condition="review", action="block", note="four eyes")
        self.make("/v1/apis", {"slug": "eyes", "name": "Eyes", "team": "zoo", "summary": "S", "tags": ["reviewed"]})
        self.draft("eyes", document(), who=self.mark.ask)
        answer = self.stage("eyes", expect=409)
        self.problem(answer, 409, words="/v1/apis/eyes/versions/v1/reviews")
        self.assertEqual([error["code"] for error in answer.json["errors"]], ["review-missing"])
        ask = lambda who=self.mark.ask, expect=201: who("POST", "/v1/apis/eyes/versions/v1/reviews", {"note": "please"}, expect=expect)
        self.person("mia", "zoo").ask("POST", "/v1/apis/eyes/versions/v1/reviews", {}, expect=403)
        first = ask().json
        ask(expect=409)  # one at a time
        decide = lambda row, verb, who, expect, **body: who("POST", f"/v1/reviews/{row['id']}/{verb}", body, expect=expect)
        self.problem(decide(first, "approve", self.mark.ask, 403), 403, words="second person")
        self.problem(decide(first, "reject", self.olga.ask, 422), 422, "/reason")
        self.assertIn(first["id"], [row["id"] for row in self.olga.ask("GET", "/v1/reviews?awaiting=true", expect=200).json["items"]])
        self.assertEqual(self.mark.ask("GET", "/v1/reviews?awaiting=true", expect=200).json["items"], [])
        decide(first, "reject", self.olga.ask, 200, reason="no examples")
        decide(first, "approve", self.olga.ask, 409)
        self.stage("eyes", expect=409)
        second = ask(self.olga.ask).json
        self.problem(decide(second, "approve", self.mark.ask, 403), 403, words="uploaded")  # who uploaded is no second person either
        decide(second, "withdraw", self.olga.ask, 200)
        third = ask().json
        done = decide(third, "approve", self.olga.ask, 200, reason="fine").json
        self.assertEqual((done["state"], done["decided_by"], done["reason"]), ("approved", "olga", "fine"))
        self.assertEqual(self.admin("GET", f"/v1/reviews/{third['id']}", expect=200).json, done)
        self.stage("eyes", expect=200)
        held = self.upload("eyes", "v1", text(document(["/things", "/others", "/more"])), "a.json", who=self.mark.ask, expect=202).json
        self.assertEqual([item["code"] for item in held["gate"]["matters"] if item["action"] == "block"], ["review-missing"])  # other bytes, another review
        fourth = ask().json
        self.assertEqual(fourth["revision"], held["revision"]["sha256"])
        decide(fourth, "approve", self.olga.ask, 200)
        self.stage("eyes", expect=200)
        self.assertEqual(self.admin("GET", "/v1/apis/eyes/versions/v1").json["revision"], fourth["revision"])
        self.assertLessEqual({"review.requested", "review.approved", "review.rejected", "review.withdrawn", "revision.held"}, set(self.kinds("eyes")))
        self.admin("DELETE", f"/v1/gate-rules/{rule['id']}", expect=204)

    # --- rules -------------------------------------------------------------------------------------

    def test_the_first_rule_that_matches_decides(self):
        self.draft("ordered", BROKEN)
        codes = sorted({item["code"] for item in self.gate("ordered")["matters"] if item["action"] == "block"})
        rules = [self.rule(20 + i, condition="rule", argument=code, action="allow") for i, code in enumerate(codes)]
        self.assertFalse(self.gate("ordered")["blocked"])
        self.patch(f"/v1/gate-rules/{rules[0]['id']}", {"action": "notify"})
        verdict = self.gate("ordered")
        self.assertIn((codes[0], rules[0]["id"]), {(item["code"], item["gate_rule"]) for item in verdict["matters"] if item["action"] == "notify"})
        self.patch(f"/v1/gate-rules/{rules[0]['id']}", {"position": 2000})  # behind the one that blocks
        self.assertTrue(self.gate("ordered")["blocked"])
        order = [row["position"] for row in self.admin("GET", "/v1/gate-rules?limit=2", expect=200).json["items"]]
        self.assertEqual(order, sorted(order))
        for rule in rules:
            self.admin("DELETE", f"/v1/gate-rules/{rule['id']}", expect=204)
        self.admin("GET", f"/v1/gate-rules/{rules[0]['id']}", expect=404)

    def test_rules_are_checked(self):
        for wrong, pointer in (({"condition": "validation", "argument": "fatal"}, "/argument"), ({"condition": "validation"}, "/argument"),
                               ({"condition": "breaking", "argument": "info"}, "/argument"), ({"condition": "rule"}, "/argument"),
                               ({"condition": "review", "argument": "x"}, "/argument"), ({"condition": "owner", "team": "nobody"}, "/team"),
                               ({"condition": "owner", "position": 0}, "/position"), ({"condition": "weather"}, "/condition")):
            self.problem(self.admin("POST", "/v1/gate-rules", {"position": 30, "action": "block"} | wrong), 422, pointer)
        self.problem(self.admin("POST", "/v1/gate-rules", {"position": 100, "action": "block", "condition": "owner"}), 409, "/position")
        self.olga.ask("POST", "/v1/gate-rules", {"position": 31, "action": "block", "condition": "owner"}, expect=403)
        self.assertEqual(self.olga.ask("GET", "/v1/gate-rules/0000000000001", expect=200).json["condition"], "validation")
        self.olga.ask("PATCH", "/v1/gate-rules/0000000000001", {"action": "allow"}, {"if-match": '"1"'}, expect=403)
        self.olga.ask("DELETE", "/v1/gate-rules/0000000000001", expect=403)

    # --- rulesets ----------------------------------------------------------------------------------

    def put_text(self, slug, content, who=None, expect=200):
        return (who or self.admin)("PUT", f"/v1/rulesets/{slug}/text", {"text": content}, expect=expect)

    STRICT = "extends: [[spectral:oas, recommended]]\nrules:\n  title-long:\n    given: $.info\n    severity: error\n    then: {field: title, function: length, functionOptions: {min: 5}}\n"

    def test_rulesets_are_edited_previewed_and_put_in_force(self):
        self.make("/v1/apis", {"slug": "ruled", "name": "Ruled", "team": "zoo", "summary": "S", "tags": ["ruled"]})
        self.draft("ruled", document())
        self.stage("ruled", expect=200)
        self.make("/v1/rulesets", {"slug": "house", "name": "House", "tags": ["ruled"]})
        self.problem(self.patch("/v1/rulesets/house", {"number": 1}, expect=422), 422, "/number", "text")
        first = self.put_text("house", "extends: spectral:oas\n").json
        second = self.put_text("house", self.STRICT).json
        self.assertEqual((first["number"], second["number"]), (1, 2))
        self.assertEqual(self.put_text("house", self.STRICT).json, second)  # the same once more changes nothing
        self.assertEqual(self.admin("GET", "/v1/rulesets/house/text", expect=200).body.decode(), self.STRICT)
        self.assertEqual(self.admin("GET", "/v1/rulesets/house/text?number=1", expect=200).body, b"extends: spectral:oas\n")
        self.admin("GET", "/v1/rulesets/house/text?number=7", expect=404)
        self.assertEqual([row["number"] for row in self.olga.ask("GET", "/v1/rulesets/house/revisions", expect=200).json["items"]], [2, 1])
        rule = self.rule(40, tag="ruled", condition="finding", argument="error", action="block")
        preview = self.admin("GET", "/v1/rulesets/house/preview?number=2&limit=100", expect=200).json
        self.assertEqual((preview["judged"], preview["next"]), (1, None))
        self.assertEqual([(row["api"], row["new_errors"], row["blocked"], row["would_block"]) for row in preview["items"]], [("ruled", 1, False, True)])
        self.assertIn("title-long", preview["items"][0]["first"])
        self.assertEqual(self.admin("GET", "/v1/rulesets/house/preview?number=1&limit=100", expect=200).json["items"], [])
        self.mark.ask("GET", "/v1/rulesets/house/preview", expect=403)
        self.assertFalse(self.gate("ruled")["blocked"])  # only looked at so far
        self.patch("/v1/rulesets/house", {"number": 2})
        self.assertEqual([item["code"] for item in self.gate("ruled")["matters"] if item["action"] == "block"], ["title-long"])
        made = self.draft("ruled", document(), "v2")
        self.assertEqual({row["source"] for row in made["findings"]}, {"house@2"})
        self.assertEqual((made["score"], made["grade"]), (95, "A"))
        self.stage("ruled", label="v2", expect=409)
        self.patch("/v1/rulesets/house", {"number": 0})
        self.stage("ruled", label="v2", expect=200)  # judged anew, by what is in force now
        self.assertEqual(self.admin("GET", "/v1/apis/ruled/versions/v2/assessment", expect=200).json["rulesets"], ["spectral:oas"])
        self.admin("DELETE", f"/v1/gate-rules/{rule['id']}", expect=204)

    def test_rulesets_apply_by_team_by_tag_or_everywhere(self):
        self.team("aviary")
        for slug, team, tags in (("lion", "zoo", []), ("owl", "aviary", []), ("eagle", "aviary", ["hunts"])):
            self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": team, "summary": "S", "tags": tags})
        ours = {"by-team": {"teams": ["aviary"]}, "by-tag": {"tags": ["hunts"]}, "for-all": {}}
        for slug, more in ours.items():
            self.make("/v1/rulesets", {"slug": slug, "name": slug, **more})
            self.put_text(slug, f"rules: {{{slug}: {{given: $, then: {{field: x-no, function: truthy}}}}}}\n")
            self.patch(f"/v1/rulesets/{slug}", {"number": 1})
        judged = lambda label: {slug: sorted({row["code"] for row in self.draft(slug, document(), label)["findings"]} & set(ours)) for slug in ("lion", "owl", "eagle")}
        self.assertEqual(judged("v1"), {"lion": [], "owl": ["by-team"], "eagle": ["by-tag", "by-team"]})
        self.patch("/v1/rulesets/for-all", {"everywhere": True})
        self.patch("/v1/rulesets/by-team", {"teams": ["zoo"]})
        self.assertEqual(judged("v2"), {"lion": ["by-team", "for-all"], "owl": ["for-all"], "eagle": ["by-tag", "for-all"]})
        for slug in ours:
            self.patch(f"/v1/rulesets/{slug}", {"number": 0})
        self.assertEqual(judged("v3"), {"lion": [], "owl": [], "eagle": []})

    def test_texts_of_rulesets_are_checked(self):
        self.make("/v1/rulesets", {"slug": "checked", "name": "Checked"})
        for content, words in (("rules: [", "line"), ("rules: 3\n", "line 1 column 8"), ("extends: ./other.yaml\n", "built in"), ("extends: https://example.com/rules.yaml\n", "network"),
                               ("rules: {a: {given: '$[', then: {function: truthy}}}\n", "line"), ("", "")):
            self.problem(self.put_text("checked", content, expect=422), 422, "/text", words)
        self.put_text("checked", "extends: owasp\n", who=self.olga.ask, expect=403)
        self.assertEqual(self.admin("GET", "/v1/rulesets/checked", expect=200).json["latest"], 0)
        self.problem(self.admin("POST", "/v1/rulesets", {"slug": "other", "name": "O", "teams": ["nobody"]}), 422, "/teams", "nobody")
        self.assertIn("checked", [row["slug"] for row in self.olga.ask("GET", "/v1/rulesets", expect=200).json["items"]])

    # --- what is stored ----------------------------------------------------------------------------

    def test_scores_have_a_history(self):
        self.draft("history", BROKEN)
        self.upload("history", "v1", text(document()), "a.json")
        self.stage("history", expect=200)
        held = self.upload("history", "v1", text(document(["/things"])), "a.json", expect=202).json["revision"]["sha256"]
        rows = self.mark.ask("GET", "/v1/apis/history/scores", expect=200).json["items"]
        self.assertEqual([(row["version"], row["in_force"], row["breaking_count"]) for row in rows], [("v1", False, 1), ("v1", True, 0), ("v1", False, 0)])
        self.assertLess(rows[2]["score"], rows[1]["score"])
        self.assertEqual((rows[0]["revision"], rows[0]["base"], rows[0]["bump"]), (held, rows[1]["revision"], "major"))
        stranger = self.person("stranger")
        self.assertEqual(stranger.ask("GET", "/v1/apis/history/scores", expect=200).json["items"], [rows[1]])
        where = "/v1/apis/history/versions/v1"
        self.assertEqual(self.mark.ask("GET", f"{where}/changes?revision={held}&level=error", expect=200).json["total"], 1)
        self.assertEqual(stranger.ask("GET", f"{where}/changes?revision={held}", expect=200).json["items"], [])
        self.assertEqual(self.mark.ask("GET", f"{where}/changes", expect=200).json["items"], [])
        broken = self.mark.ask("GET", f"{where}/findings?revision={rows[2]['revision']}&severity=error", expect=200).json
        self.assertEqual(broken["total"], rows[2]["error_count"])
        code = broken["items"][0]["code"]
        self.assertEqual({row["code"] for row in self.mark.ask("GET", f"{where}/findings?revision={rows[2]['revision']}&code={code}").json["items"]}, {code})
        self.assertEqual(self.nobody("GET", f"{where}/findings").status, 404)  # an internal API

    def test_the_changelog_has_what_was_published(self):
        log = "/v1/apis/logged/changelog"
        self.draft("logged", BROKEN)
        self.assertEqual(self.mark.ask("GET", log, expect=200).json, {"items": [], "next": None, "total": 0})
        self.patch("/v1/apis/logged", {"visibility": "public"})
        first = self.upload("logged", "v1", text(document(["/things"])), "a.json").json["revision"]["sha256"]
        self.assertEqual(self.nobody("GET", log).status, 404)  # nothing of it is public yet
        self.stage("logged", expect=200)
        second = self.upload("logged", "v1", text(document())).json["revision"]["sha256"]
        self.upload("logged", "v1", text(document(["/others"])), expect=202)  # waits
        self.draft("logged", document(["/others"]), "v2")
        rows = self.nobody("GET", log, expect=200).json["items"]
        self.assertEqual([(row["revision"]["sha256"], row["revision"]["version"], row["base"], row["base_version"], row["bump"]) for row in rows],
                         [(second, "v1", first, "v1", "minor"), (first, "v1", None, None, None)])
        self.assertEqual([(row["code"], row["path"]) for row in rows[0]["changes"]], [("endpoint-added", "/others")])
        self.assertEqual((rows[0]["change_count"], rows[0]["breaking_count"], rows[0]["left_out"], rows[1]["changes"]), (1, 0, 0, []))
        self.stage("logged", label="v2", expect=200)
        page = self.nobody("GET", f"{log}?limit=1", expect=200).json
        self.assertEqual((page["total"], page["items"][0]["revision"]["version"], page["items"][0]["breaking_count"]), (3, "v2", 1))
        self.assertEqual(self.nobody("GET", f"{log}?limit=2&cursor={page['next']}", expect=200).json["items"], rows)
        self.assertEqual(self.nobody("GET", f"{log}?version=v1", expect=200).json["items"], rows)
        self.problem(self.nobody("GET", f"{log}?level=error"), 400, words="level")
        self.patch("/v1/apis/logged", {"visibility": "internal"})
        self.assertEqual(self.nobody("GET", log).status, 404)

    def test_zz_every_operation_has_been_called(self):
        answered = {name for name, status in CONTRACT.seen if status < 400}
        ours = {name for name, row in CONTRACT.operations.items() if "governance" in row[2]["tags"]}
        self.assertEqual(ours - answered, set())


if __name__ == "__main__":
    main()

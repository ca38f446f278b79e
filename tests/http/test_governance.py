"""The publish gate: what blocks, what it says to do, and what lets a document through."""
import json

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
        self.assertEqual((error["code"], error["pointer"]), (verdict["items"][0]["code"], verdict["items"][0]["pointer"]))
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

    def test_zz_every_operation_has_been_called(self):
        answered = {name for name, status in CONTRACT.seen if status < 400}
        ours = {name for name, row in CONTRACT.operations.items() if "governance" in row[2]["tags"]}
        self.assertEqual(ours - answered, set())


if __name__ == "__main__":
    main()

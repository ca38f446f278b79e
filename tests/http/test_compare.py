"""Two revisions of an API, compared over REST: what changed, where, and who may ask."""
from case import DOCUMENT, RestCase, main

OLD = DOCUMENT.read_text()
# An operation goes.
NEW = OLD.replace("    delete:\n", "    x-was-delete:\n", 1)


class CompareTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.team("writers")
        self.make("/v1/apis", {"slug": "c", "name": "C", "team": "writers", "visibility": "public"})
        for label, text in (("v1", OLD), ("v2", NEW)):
            self.make("/v1/apis/c/versions", {"label": label})
            self.upload("c", label, text.encode())
        self.admin("POST", "/v1/apis/c/versions/v1/stage", {"stage": "published"}, expect=200)

    def compare(self, query, ask=None, expect=200):
        return (ask or self.admin)("GET", f"/v1/apis/c/compare{query}", expect=expect)

    def test_changes_have_checks_and_places_in_both(self):
        made = self.compare("?from=v1&to=v2").json
        self.assertEqual((made["from"]["version"], made["to"]["version"]), ("v1", "v2"))
        self.assertEqual((made["bump"], made["breaking_count"], made["left_out"]), ("major", 1, 0))
        change = made["changes"][0]
        self.assertEqual((change["code"], change["level"], change["operation"]), ("api-removed-without-deprecation", "error", "DELETE"))
        self.assertEqual(change["path"], "/parcels/{number}")
        line = OLD.splitlines().index("    delete:") + 2  # the value begins on the line behind its name
        self.assertEqual(change["from"], {"file": None, "line": line, "column": 7})
        back = self.compare("?from=v2&to=v1").json
        self.assertEqual((back["bump"], back["breaking_count"]), ("minor", 0))
        self.assertEqual([row["level"] for row in back["changes"]], ["info"])

    def test_a_document_does_not_differ_from_itself(self):
        made = self.compare("?from=v1&to=v1").json
        self.assertEqual((made["bump"], made["changes"], made["change_count"]), ("none", [], 0))

    def test_revisions_are_named_by_their_hash(self):
        rows = self.admin("GET", "/v1/apis/c/versions/v2/revisions", expect=200).json["items"]
        made = self.compare(f"?from=v1&to={rows[0]['sha256'][:8]}").json
        self.assertEqual(made["to"], rows[0])
        for name in (rows[0]["sha256"][:7], "v9", "f" * 8):
            self.problem(self.compare(f"?from=v1&to={name}", expect=404), 404, words="no version or revision")

    def test_names_are_needed(self):
        for query, name in (("", "from"), ("?from=v1", "to"), ("?to=v1", "from"), ("?from=v1&to=", "to")):
            self.problem(self.compare(query, expect=400), 400, words=name)

    def test_drafts_and_old_revisions_are_for_their_team(self):
        self.compare("?from=v1&to=v1", self.nobody)
        self.compare("?from=v1&to=v2", self.nobody, expect=404)
        self.make("/v1/apis/c/versions", {"label": "v3"})
        first = self.upload("c", "v3", OLD.encode() + b"# not yet\n").json["revision"]["sha256"]
        self.upload("c", "v3", NEW.encode() + b"# now\n")
        self.admin("POST", "/v1/apis/c/versions/v3/stage", {"stage": "published"})
        self.compare(f"?from=v1&to={first}")
        self.compare(f"?from=v1&to={first}", self.nobody, expect=404)
        self.nobody("GET", "/v1/apis/none/compare?from=v1&to=v2", expect=404)


if __name__ == "__main__":
    main()

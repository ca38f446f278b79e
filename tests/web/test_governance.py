#!/usr/bin/python3
"""Pages about what is wrong with a document and what a new one changes: findings stand at their lines."""
import json
import pathlib
import re
import sys
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from web.browser import PASSWORD, Browser  # noqa: E402
from web.case import PortalCase  # noqa: E402

PARCELS = (ROOT / "data/demo/parcels.yaml").read_text()
SOUND = re.sub(r"      summary: (.*\n)(?!      description)", r"      description: What it does.\n      summary: \1", PARCELS)
PAGE_BYTES = 200_000


def many_paths(count, break_each):
    """A document whose nth operation lacks the parameter of its path, for each multiple of break_each."""
    good = [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}]
    answer = {"200": {"description": "\"quoted\" & <b>bold</b> 'text'"}}
    return {"openapi": "3.1.0", "info": {"title": "Many", "version": "1"}, "paths": {
        f"/things/{n}/{{id}}": {"get": {"operationId": f"get{n}", "parameters": [] if n % break_each == 0 else good, "responses": answer}}
        for n in range(count)}}


class Governance(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for name, role in (("olivia", "operator"), ("maya", "user"), ("ruth", "user"), ("dev", "user")):
            cls.make("/v1/users", {"name": name, "role": role, "password": PASSWORD})
        cls.make("/v1/teams", {"slug": "logistics", "name": "Logistics"})
        for name in ("maya", "ruth"):
            cls.daemon.rest("PUT", f"/v1/teams/logistics/members/{name}", {"role": "maintainer"}, expect=200)

    def api(self, slug, document=None, label="v1", **more):
        self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": "logistics", "summary": "For tests", **more})
        self.version(slug, label, document)

    def version(self, slug, label, document=None):
        self.make(f"/v1/apis/{slug}/versions", {"label": label})
        if document is not None:
            self.upload(slug, label, document)

    def upload(self, slug, label, document, expect=201):
        text = document if isinstance(document, str) else json.dumps(document, indent=1)
        return self.daemon.rest("PUT", f"/v1/apis/{slug}/versions/{label}/document?name=api.yaml", text.encode(),
                                {"content-type": "application/yaml"}, expect=expect)

    def browser(self, name="maya"):
        browser = Browser(self, self.daemon)
        browser.sign_in(name)
        return browser

    def lines_of(self, page):
        """Number and text of each line that is shown."""
        rows = re.findall(r'<li value="(\d+)"[^>]*><code>(.*?)</code>', page.body, re.S)
        return [(int(number), text) for number, text in rows]

    # --- findings ----------------------------------------------------------------------------------

    def test_findings_stand_at_their_lines(self):
        text = SOUND.replace("'#/components/schemas/Parcel'", "'#/components/schemas/Parzel'", 2)
        lines = [number for number, line in enumerate(text.splitlines(), 1) if "Parzel" in line]
        self.assertEqual(len(lines), 2)
        self.api("broken", text)
        browser = self.browser()
        page = browser.get("/apis/broken/versions/v1/findings")
        self.assertIn("2 times: lines", page.text)
        self.assertIn("100 - 5.00 (invalid-ref) = 95", page.text)
        self.assertRegex(page.body, r'<span class="badge error">error</span> 3')
        shown = dict(self.lines_of(page))
        for number in lines:
            self.assertIn("Parzel", shown[number])
            self.assertIn(f'<li value="{number}" id="L{number}" class="marked">', page.body)
            for near in (number - 3, number + 3):
                self.assertIn(near, shown)
        self.assertNotIn(1, shown)
        self.assertIn("leads nowhere: define what it names.", page.text)
        steps = re.findall(r'id="(F\d+)"', page.body)
        self.assertEqual(steps, ["F1", "F2", "F3"])
        for step in steps:
            self.assertIn(f"#{step}", page.links)
        gap = next(link for link in page.links if link.endswith("#L1"))
        self.assertIn((1, text.splitlines()[0]), self.lines_of(browser.get(gap)))
        page = browser.get("/apis/broken/versions/v1/findings?code=broken-reference&severity=error")
        self.assertIn("is shown: 2 of 3", " ".join(page.text.split()))
        self.assertIn("No such finding", browser.get("/apis/broken/versions/v1/findings?code=none").text)

    def test_what_to_do_is_said_once_for_each_rule(self):
        remedy = yaml.safe_load((ROOT / "data/rulesets/spectral-oas.yaml").read_text())["rules"]["operation-description"]["howToFix"]
        self.api("told", PARCELS)
        browser = self.browser()
        page = browser.get("/apis/told/versions/v1/findings")
        self.assertGreater(len(re.findall(r'id="F\d+"', page.body)), 1)
        self.assertEqual(page.text.count(remedy), 2)  # in the list, and at the first place in the text
        self.assertEqual(page.text.count("What to do"), 1)
        self.assertEqual(browser.get("/apis/told/versions/v1/findings?from=1").text.count(remedy), 1)

    def test_a_sound_document_says_so_and_can_be_read(self):
        self.api("sound", SOUND)
        browser = self.browser()
        page = browser.get("/apis/sound/versions/v1/findings")
        self.assertIn("Nothing was found in this document.", page.text)
        self.assertIn("Score 100 of 100, grade A", page.text)
        self.assertEqual(self.lines_of(page), [])
        page = browser.get("/apis/sound/versions/v1/findings?from=1")
        self.assertEqual(len(self.lines_of(page)), len(SOUND.splitlines()))
        for target, says in (("?from=0", "has lines 1 to"), ("?from=99999", "has lines 1 to"), ("?from=x", "is no number"), ("?after=-1", "is no number")):
            self.assertIn(says, browser.get(f"/apis/sound/versions/v1/findings{target}", 400).text)

    def test_long_documents_are_shown_in_pieces(self):
        for slug, indent in (("long", 1), ("flat", None)):
            self.api(slug, json.dumps(many_paths(4000, 20), indent=indent))
            browser, seen, target = self.browser(), set(), f"/apis/{slug}/versions/v1/findings"
            while target:
                page = browser.get(target)
                self.assertLess(len(page.body.encode()), PAGE_BYTES, target)
                numbers = re.findall(r'id="F(\d+)"', page.body)
                self.assertGreater(len(numbers), 10)
                self.assertFalse(seen & set(numbers))
                seen |= set(numbers)
                target = next((link for link in page.links if "after=" in link), None)
            self.assertEqual(len(seen), int(re.search(r"(\d+) findings:", page.text)[1]))
            self.assertGreater(len(seen), 100)
            page = browser.get(f"/apis/{slug}/versions/v1/findings?from=1&to=999999")
            self.assertLess(len(page.body.encode()), PAGE_BYTES)
        self.assertLessEqual(len(self.lines_of(page)), 200)  # one line, one piece of it for each finding

    def test_the_text_is_nobody_elses_markup(self):
        evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
        self.api("evil", json.dumps({"openapi": "3.1.0", "info": {"title": evil, "version": "1"}, "paths": {f"/{evil}/{{x}}": {"get": {
            "operationId": evil, "responses": {"200": {"description": evil}}}}}}, indent=1))
        page = self.browser().get("/apis/evil/versions/v1/findings")
        self.assertIn('"operationId": ' + json.dumps(evil), page.text)

    def test_a_draft_is_for_its_team(self):
        self.api("hidden", PARCELS)
        self.browser("dev").get("/apis/hidden/versions/v1/findings", 404)

    # --- comparing ---------------------------------------------------------------------------------

    def test_breaking_changes_come_first_and_beside_each_other(self):
        new = PARCELS.replace("    delete:\n", "    x-was-delete:\n", 1).replace("type: integer, minimum: 1", "type: number, minimum: 1", 1)
        self.assertNotEqual(new, PARCELS)
        self.api("twins", PARCELS)
        self.version("twins", "v2", new)
        browser = self.browser()
        page = browser.get("/apis/twins/compare")
        self.assertNotIn("breaking", page.text)
        page = browser.submit_get(page, "/apis/twins/compare", {"from": "v1", "to": "v2"})
        self.assertIn("it breaks programs that follow the old document", page.text)
        self.assertIn("from 1.4.0 to 2.0.0. The new document says 1.4.0.", " ".join(page.text.split()))
        self.assertLess(page.body.index("Breaking changes: 1"), page.body.index("Other changes:"))
        self.assertLess(page.body.index("api-removed-without-deprecation"), page.body.index("Other changes:"))
        change = page.body[page.body.index('<div class="card change"'):page.body.index("api-removed-without-deprecation")]
        line = PARCELS.splitlines().index("    delete:") + 2
        self.assertIn(f'<li value="{line}" class="marked"><code>      operationId: cancelParcel</code>', change)
        self.assertEqual(change.count('<ol class="source"'), 2)
        self.assertIn("<code>integer</code> to <code>number</code>", page.body)
        self.version("twins", "less", PARCELS.replace("    delete:\n", "    x-was-delete:\n", 1))
        page = browser.get("/apis/twins/compare?from=less&to=v1")
        self.assertIn("nothing breaks", page.text)
        self.assertIn("from 1.4.0 to 1.5.0", " ".join(page.text.split()))
        self.assertIn("No difference", browser.get("/apis/twins/compare?from=v1&to=v1").text)
        browser.get("/apis/twins/compare?from=v1&to=v9", 404)
        browser.get("/apis/twins/compare?from=v1&to=v2&after=x", 400)

    def test_the_two_newest_versions_are_the_first_to_be_compared(self):
        self.api("pair", SOUND)
        browser = self.browser()
        self.version("pair", "v2", SOUND)
        self.upload("pair", "v2", SOUND + "# again\n")
        page = browser.get("/apis/pair/compare")
        chosen = re.findall(r'<option value="([^"]*)" selected>', page.body)
        self.assertEqual(chosen, ["v1", "v2"])
        self.assertIn("No difference", browser.submit_get(page, "/apis/pair/compare", {}).text)
        self.api("void")
        page = browser.get("/apis/void/compare")
        self.assertIn("no document yet", page.text)
        self.assertNotIn("/apis/void/compare", [form["action"] for form in page.forms])

    def test_an_api_has_the_operations_of_its_newest_published_version(self):
        self.api("grown", SOUND)
        self.version("grown", "v2", self.BREAKING)
        self.version("grown", "v3", many_paths(2, 9))
        for label, stage, count in (("v1", "published", 7), ("v2", "published", 6), ("v2", "deprecated", 7), ("v1", "deprecated", 6)):
            end = {"sunset_at": "2199-01-01T00:00:00Z"} if stage == "deprecated" else {}
            self.daemon.rest("POST", f"/v1/apis/grown/versions/{label}/stage", {"stage": stage, **end}, expect=200)
            self.assertEqual(self.daemon.rest("GET", "/v1/apis/grown").json["operation_count"], count, (label, stage))
        self.assertIn("operations: 6", self.browser().get("/apis?q=grown").text)

    def test_a_component_s_change_stands_once_with_its_operations(self):
        old = many_paths(60, 100)
        for path in old["paths"].values():
            path["get"]["responses"]["200"]["content"] = {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}
        new = json.loads(json.dumps(old))
        old["components"] = {"schemas": {"Thing": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}}
        new["components"] = {"schemas": {"Thing": {"type": "object", "properties": {"name": {"type": "string"}}}}}
        self.api("shared", old)
        self.version("shared", "v2", new)
        page = self.browser().get("/apis/shared/compare?from=v1&to=v2")
        self.assertEqual(page.body.count('class="card change"'), 1)
        self.assertIn("It reaches 60 operations", page.text)
        self.assertIn("<code>GET /things/10/{id}</code>", page.body)
        self.assertIn("and 10 more", page.text)

    def test_many_changes_come_page_by_page(self):
        old, new = many_paths(400, 9), many_paths(200, 7)
        self.api("much", old)
        self.version("much", "v2", new)
        browser, target, seen = self.browser(), "/apis/much/compare?from=v1&to=v2", 0
        while target:
            page = browser.get(target)
            self.assertLess(len(page.body.encode()), PAGE_BYTES)
            seen += page.body.count('class="card change"')
            total = int(re.search(r"(\d+) changes:", page.text)[1])
            target = next((link for link in page.links if "after=" in link), None)
        self.assertEqual(seen, total)
        self.assertGreater(total, 200)

    def test_strangers_compare_what_is_published(self):
        self.api("open", PARCELS, visibility="public")
        self.version("open", "v2", PARCELS + "# second\n")
        self.daemon.rest("POST", "/v1/apis/open/versions/v1/stage", {"stage": "published"}, expect=200)
        stranger = Browser(self, self.daemon)
        self.assertNotIn('value="v2"', stranger.get("/apis/open/compare").body)
        stranger.get("/apis/open/compare?from=v1&to=v2", 404)
        self.assertIn("No difference", stranger.get("/apis/open/compare?from=v1&to=v1").text)

    # --- publishing --------------------------------------------------------------------------------

    BROKEN = SOUND.replace("'#/components/schemas/Parcel'", "'#/components/schemas/Parzel'", 1)
    BREAKING = SOUND.replace("    delete:\n", "    x-was-delete:\n", 1)

    def stage(self, slug, label):
        return self.daemon.rest("GET", f"/v1/apis/{slug}/versions/{label}").json["stage"]

    def test_a_blocked_publish_says_what_must_be_done_and_a_waiver_lets_it_through(self):
        self.api("gated", self.BROKEN)
        maya, olivia = self.browser("maya"), self.browser("olivia")
        version, gate = "/apis/gated/versions/v1", "/apis/gated/versions/v1/gate"
        page = maya.get(version)
        self.assertIn("The publish gate asks for 1 thing first.", " ".join(page.text.split()))
        self.assertIn(gate, page.links)
        page = maya.submit(maya.get(f"{version}/stage"), f"{version}/stage", {"stage": "published"}, 409)
        self.assertIn("The publish gate blocks this", page.text)
        for says in ("Not yet.", "broken-reference", "leads nowhere", "Correct the document and upload it again.", "An operator can waive it"):
            self.assertIn(says, page.text)
        actions = [form["action"] for form in page.forms]
        self.assertNotIn(f"{version}/waivers", actions)
        self.assertNotIn(f"{version}/publish", actions)
        self.assertEqual(self.stage("gated", "v1"), "draft")
        csrf = page.forms[0]["fields"]["csrf"]
        maya.post(f"{version}/waivers", {"csrf": csrf, "code": "broken-reference", "reason": "x", "not_after": "2099-01-01"}, 403)
        found = next(link for link in page.links if "code=broken-reference" in link)
        self.assertIn("Parzel", maya.get(found).text)

        page = olivia.submit(olivia.get(gate), f"{version}/waivers", {"reason": "ends <soon>", "not_after": "2001-01-01"}, 422)
        self.assertIn("Last day: must be in the future", page.text)
        form = next(form for form in page.forms if form["action"] == f"{version}/waivers")["fields"]
        self.assertEqual((form["code"], form["reason"], form["not_after"]), ("broken-reference", "ends <soon>", "2001-01-01"))
        last = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 30 * 86400))
        page = olivia.submit(page, f"{version}/waivers", {"reason": "ends <soon>", "not_after": last})
        self.assertIn("Waived. The gate lets it through until the waiver ends.", page.text)
        for says in ("Nothing stands in the way.", "let through", "by a waiver"):
            self.assertIn(says, page.text)
        page = maya.get("/apis/gated/waivers")
        for says in ("broken-reference", "ends <soon>", "in force", "olivia"):
            self.assertIn(says, page.text)
        self.assertEqual([f["action"] for f in page.forms if "/waivers/" in f["action"]], [])

        page = maya.submit(maya.get(gate), f"{version}/publish", {"reason": "ready"})
        self.assertIn("It is published.", page.text)
        self.assertIn("What was uploaded last is in force.", page.text)
        self.assertEqual(self.stage("gated", "v1"), "published")
        self.assertIn("/apis/gated/waivers", olivia.get("/events?api=gated&kind=waiver.created").links)
        page = olivia.get("/apis/gated/waivers")
        page = olivia.submit(page, next(f["action"] for f in page.forms if f["action"].endswith("/revoke")), {})
        self.assertIn("The waiver is revoked.", page.text)
        self.assertIn("revoked", page.text)

    def test_the_gate_says_things_of_a_kind_together(self):
        there, gone = "'#/components/schemas/Parcel'", "'#/components/schemas/Parzel'"
        self.api("alike", SOUND.replace(there, gone))
        text = " ".join(self.browser("maya").get("/apis/alike/versions/v1/gate").text.split())
        self.assertGreater(SOUND.count(there), 1)
        self.assertIn(f"broken-reference {SOUND.count(there)} times", text)
        self.assertEqual(text.count("leads nowhere"), SOUND.count(there))

    def test_a_breaking_document_waits_until_somebody_says_why(self):
        self.api("broke", SOUND)
        self.daemon.rest("POST", "/v1/apis/broke/versions/v1/stage", {"stage": "published"}, expect=200)
        maya, version = self.browser("maya"), "/apis/broke/versions/v1"
        page = maya.upload(f"{version}/upload", self.BREAKING.encode())
        self.assertIn("The document is stored, and waits", page.text)
        for says in ("api-removed-without-deprecation", "the old one stays in force", "DELETE /parcels/{number}"):
            self.assertIn(says, page.text)
        self.assertIn("A new document waits", maya.get(version).text)
        self.assertNotIn("A new document waits", self.browser("dev").get(version).text)
        self.browser("dev").get(f"{version}/gate", 403)
        compare = next(link for link in page.links if "/compare?" in link)
        self.assertIn("it breaks programs", maya.get(compare).text)
        old = maya.ask("GET", f"{version}/document").body
        page = maya.submit(page, f"{version}/publish", {"override": ""}, 409)
        self.assertIn("The publish gate blocks this", page.text)
        self.assertEqual(maya.ask("GET", f"{version}/document").body, old)
        page = maya.submit(page, f"{version}/publish", {"override": "nobody <calls> it"})
        self.assertIn("It is published.", page.text)
        self.assertNotEqual(maya.ask("GET", f"{version}/document").body, old)
        events = maya.get("/events?api=broke")
        self.assertIn("version.override", events.text)
        self.assertIn("nobody <calls> it", events.text)
        self.assertIn(version, events.links)

    def test_a_review_is_asked_for_and_decided_by_a_second_person(self):
        self.api("seen", SOUND)
        maya, ruth, version = self.browser("maya"), self.browser("ruth"), "/apis/seen/versions/v1"
        maya.upload(f"{version}/upload", (SOUND + "# by maya\n").encode())
        page = maya.submit(maya.get(f"{version}/gate"), f"{version}/reviews", {"note": "the <names>"})
        self.assertIn("The review is asked for.", page.text)
        self.assertNotIn(f"{version}/reviews", [f["action"] for f in page.forms])
        review = next(link for link in page.links if re.match(r"/reviews/[0-9a-z]{13}$", link))
        page = maya.get(review)
        self.assertEqual([f["action"] for f in page.forms if review in f["action"]], [f"{review}/withdraw"])
        self.assertIn("a second person decides", page.text)
        maya.post(f"{review}/approve", {"csrf": page.forms[0]["fields"]["csrf"]}, 403)
        self.assertNotIn(review, maya.get("/reviews").links)

        page = ruth.get("/reviews")
        self.assertIn(review, page.links)
        self.assertIn(review, ruth.get("/requests/awaiting").links)
        self.assertIn(review, ruth.get("/").links)
        badge = re.search(r"Requests ([1-9]\d*) awaiting you", " ".join(page.text.split()))[1]
        for target in ("/requests", "/requests/awaiting"):
            self.assertIn(f"Awaiting me {badge} ", " ".join(ruth.get(target).text.split()))
        page = ruth.get(review)
        self.assertIn("the <names>", page.text)
        self.assertIn("score 100, grade A · errors: 0, warnings: 0, info: 0, hints: 0", page.text)
        page = ruth.submit(page, f"{review}/reject", {"reason": ""}, 422)
        self.assertIn("Reason: is required", page.text)
        page = ruth.submit(page, f"{review}/approve", {"reason": "fine"})
        self.assertIn("Approved. Now it can be published.", page.text)
        self.assertNotIn(review, ruth.get("/reviews").links)
        self.assertIn("approved", maya.get(f"{version}/gate").text)
        self.assertIn(review, ruth.get("/events?api=seen").links)
        self.browser("dev").get(review, 404)
        ruth.post(f"{review}/applaud", {"csrf": page.forms[0]["fields"]["csrf"]}, 404)

    # --- policy ------------------------------------------------------------------------------------

    RULES = "rules:\n  no-x-was:\n    message: \"left-overs <go>\"\n    howToFix: take <it> out\n    given: $.paths[*]\n    severity: error\n    then: {field: x-was-delete, function: falsy}\n"

    def test_a_ruleset_is_written_looked_at_and_put_in_force(self):
        self.api("judged", self.BREAKING, tags=["judged"], visibility="public")
        self.daemon.rest("POST", "/v1/apis/judged/versions/v1/stage", {"stage": "published"}, expect=200)
        olivia, maya = self.browser("olivia"), self.browser("maya")
        self.assertNotIn("/new-ruleset", maya.get("/rulesets").links)
        maya.get("/new-ruleset", 403)
        page = olivia.submit(olivia.get("/new-ruleset"), "/new-ruleset", {"slug": "house", "name": "House <rules>", "everywhere": "false", "teams": "nobody"}, 422)
        self.assertIn("Teams:", page.text)
        page = olivia.submit(page, "/new-ruleset", {"teams": "", "tags": "judged"})
        self.assertEqual(olivia.at, "/rulesets/house/text?done=ruleset")
        wrong = self.RULES.replace("function: falsy", "function: [falsy")
        page = olivia.submit(page, "/rulesets/house/text", {"text": wrong}, 422)
        self.assertRegex(page.text, r"Rules: Line \d+ column \d+: |Rules: line \d+ column \d+: ")
        self.assertIn('class="marked"', page.body)
        self.assertEqual(next(f for f in page.forms if f["action"].endswith("/text"))["fields"]["text"], wrong)
        page = olivia.submit(page, "/rulesets/house/text", {"text": self.RULES.replace("\n", "\r\n"), "reason": "first"})
        self.assertIn("no revision is in force", page.text)
        self.assertEqual(self.daemon.rest("GET", "/v1/rulesets/house/text").body.decode(), self.RULES)
        self.assertEqual("\n".join(text for _, text in self.lines_of(page)).replace("&quot;", '"').replace("&lt;", "<").replace("&gt;", ">"), self.RULES.rstrip("\n"))
        self.assertNotIn("/rulesets/house/force", [f["action"] for f in maya.get("/rulesets/house").forms])

        preview = olivia.get("/rulesets/house/preview?number=1")
        self.assertIn("1 published document judged", " ".join(preview.text.split()))
        self.assertIn("/apis/judged/versions/v1", preview.links)
        self.assertIn("left-overs <go>", preview.text)
        maya.get("/rulesets/house/preview", 403)
        page = olivia.submit(page, "/rulesets/house/force", {"number": "1"})
        self.assertIn("revision 1 is in force", page.text)
        self.assertIn("revision 1 of 1", olivia.get("/rulesets").text)
        maya.upload("/apis/judged/versions/v1/upload", (self.BREAKING + "# again\n").encode())
        page = maya.get("/apis/judged/versions/v1/findings")
        self.assertIn("no-x-was", page.text)
        self.assertIn("/rulesets/house?number=1", page.links)
        self.assertIn("Take <it> out.", page.text)
        page = Browser(self, self.daemon).get("/apis/judged/versions/v1/findings")
        self.assertIn("no-x-was", page.text)
        self.assertNotIn("Take <it> out.", page.text)  # a ruleset is for those who are signed in
        olivia.submit(olivia.get("/rulesets/house/edit"), "/rulesets/house/edit", {"name": "House", "tags": "none-has-it"})
        self.assertIn("tag none-has-it", olivia.get("/rulesets").text)
        page = olivia.get("/rulesets/house")
        olivia.post("/rulesets/house/force", {"number": "0", "etag": "1", "csrf": page.forms[0]["fields"]["csrf"]}, 412)

    def test_the_gate_s_table_is_shown_and_changed_by_operators(self):
        olivia, maya = self.browser("olivia"), self.browser("maya")
        page = maya.get("/rulesets")
        self.assertIn("callers of a published version rely on it", page.text)
        self.assertIn("the document is wrong, at least of severity", page.text)
        self.assertNotIn("/gate-rules", [f["action"] for f in page.forms])
        maya.post("/gate-rules", {"csrf": page.forms[0]["fields"]["csrf"], "position": "1", "condition": "owner", "action": "allow"}, 403)
        page = olivia.get("/rulesets")
        page = olivia.submit(page, "/gate-rules", {"position": "900", "condition": "finding", "argument": "loud", "action": "notify"}, 422)
        self.assertIn("Argument: must be the least severity", page.text)
        page = olivia.submit(page, "/gate-rules", {"argument": "warn", "note": "worth <a> look", "tag": "nowhere"})
        self.assertIn("worth <a> look", page.text)
        action = next(f["action"] for f in reversed(page.forms) if f["action"].endswith("/delete"))
        page = olivia.submit(page, action, {})
        self.assertNotIn("worth <a> look", page.text)

    # --- over time ---------------------------------------------------------------------------------

    def test_the_changelog_names_what_each_published_document_changed(self):
        self.api("logged", SOUND + "# not published\n", visibility="public")
        self.upload("logged", "v1", SOUND)
        maya, stranger, log = self.browser("maya"), Browser(self, self.daemon), "/apis/logged/changelog"
        self.assertIn("Nothing has been published yet.", maya.get(log).text)
        self.daemon.rest("POST", "/v1/apis/logged/versions/v1/stage", {"stage": "published"}, expect=200)
        wider = SOUND.replace("type: integer, minimum: 1", "type: number, minimum: 1", 1)
        self.upload("logged", "v1", wider)
        self.upload("logged", "v1", self.BREAKING, 202)  # waits
        for browser in (maya, stranger):
            page = browser.get(log)
            text = " ".join(page.text.split())
            self.assertEqual(page.headings.count("h2"), 2)
            self.assertLess(text.index("1 change since the document before"), text.index("First document: 7 operations. It calls itself 1.4.0."))
            self.assertIn("the type was widened from integer to number", text)
            self.assertNotIn("api-removed", page.body)
            self.assertIn("nothing breaks", browser.get(next(link for link in page.links if "/compare?" in link)).text)
        answer = stranger.ask("GET", f"{log}?format=markdown")
        self.assertEqual(answer.headers["content-type"], "text/markdown; charset=utf-8")
        self.assertIn("logged-changelog.md", answer.headers["content-disposition"])
        markdown = answer.body.decode()
        self.assertTrue(markdown.startswith("# Changelog of Logged\n\n## v1, 20"))
        self.assertIn("\n1 change since v1, 0 of them breaking; the version number grows in its minor part.\n", markdown)
        self.assertIn("- **info** \\#/components/parameters/Limit: ", markdown)
        self.assertIn("First document: 7 operations.", markdown)
        dates = [row["published_at"] for row in self.daemon.rest("GET", "/v1/apis/logged/versions/v1/revisions").json["items"]]
        self.assertEqual([date is None for date in dates], [True, False, False, True])

    def test_scores_are_a_table_and_a_line(self):
        self.api("scored", PARCELS)
        self.upload("scored", "v1", SOUND)
        page = self.browser().get("/apis/scored/scores")
        self.assertIn('<polyline class="line" points="0,6 600,0"></polyline>', page.body)
        self.assertRegex(" ".join(page.text.split()), r"100, grade A 0 0 0, 0 current .* 94, grade A 0 6 0, 0")
        self.browser("dev").get("/apis/scored/scores", 404)

    def test_a_team_sees_how_its_apis_fare(self):
        self.make("/v1/teams", {"slug": "owls", "name": "Owls"})
        self.daemon.rest("PUT", "/v1/teams/owls/members/maya", {"role": "owner"}, expect=200)
        self.make("/v1/apis", {"slug": "hoot", "name": "Hoot", "team": "owls", "summary": "x"})
        self.version("hoot", "v1", SOUND)
        self.daemon.rest("POST", "/v1/apis/hoot/versions/v1/stage", {"stage": "published"}, expect=200)
        self.upload("hoot", "v1", self.BREAKING, 202)
        self.version("hoot", "v2", self.BROKEN)
        soon = time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime(time.time() + 5 * 86400))
        self.make("/v1/apis/hoot/waivers", {"code": "broken-reference", "version": "v2", "reason": "x", "not_after": soon})
        self.make("/v1/apis/hoot/versions/v2/reviews", {})
        maya = self.browser("maya")
        self.assertIn("/teams/owls/dashboard", maya.get("/teams/owls").links)
        page = maya.get("/teams/owls/dashboard")
        text = " ".join(page.text.split())
        self.assertIn("Errors in documents 2 Documents that wait 1 Waivers that end in 14 days 1 Reviews that wait 1", text)
        self.assertIn("Hoot v1 published 100, grade A 0 0 0 a new document, breaking changes: 1 0 0", text)
        self.assertIn("Hoot v2 draft 95, grade A 2 0 0 – 1 1", text)
        text = " ".join(self.browser("dev").get("/teams/owls/dashboard").text.split())
        self.assertIn("Hoot v1 published 100, grade A 0 0 0", text)
        self.assertNotIn("Hoot v2", text)


if __name__ == "__main__":
    unittest.main()

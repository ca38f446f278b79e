"""The portal's pages, from a real chanceryd: every page of a catalog with hostile names is well-formed, labelled and
carries nobody's markup; every step a developer takes works with forms alone."""
import pathlib
import re
import shutil
import sys
import unittest
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import Chanceryd  # noqa: E402
from web.browser import PASSWORD, Browser  # noqa: E402
from web.case import PortalCase  # noqa: E402

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{name}}"
EVIL_DOCUMENT = """openapi: 3.1.0
info: {title: "<script>t</script>", version: "<b>1</b>", description: "<img src=x onerror=d>"}
servers: [{url: "javascript:alert(3)"}]
paths:
  "/a'; rm -rf $HOME; '/{id}":
    parameters: [{name: id, in: path, required: true, schema: {type: string}}]
    get:
      operationId: "<script>o</script>"
      summary: "<script>s</script>"
      tags: ["<script>g</script>"]
      parameters: [{name: "<script>p</script>", in: query, description: "<script>q</script>", schema: {type: string}}]
      responses: {"200": {description: "<script>r</script>"}, default: {description: x}}
  /plain:
    get: {summary: Plain, responses: {"200": {description: fine}}}
"""


class Pages(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        put = cls.daemon.rest
        cls.post_rest = staticmethod(lambda target, body: put("POST", target, body, expect=201).json)
        for name, role in (("olivia", "operator"), ("dev", "user"), ("maya", "user"), ("nobody", "user")):
            cls.post_rest("/v1/users", {"name": name, "display_name": EVIL[:60], "role": role, "password": PASSWORD})
        for slug in ("web", "logistics"):
            cls.post_rest("/v1/teams", {"slug": slug, "name": f"{slug} {EVIL}", "description": EVIL, "contact": "javascript:alert(1)", "on_call": EVIL})
        put("PUT", "/v1/teams/web/members/dev", {"role": "owner"}, expect=200)
        put("PUT", "/v1/teams/logistics/members/maya", {"role": "maintainer"}, expect=200)
        for slug, more in (("parcels", {}), ("evil", {"visibility": "public"}), ("quiet", {"visibility": "private", "allowed_teams": ["web"]}),
                           ("quick", {"approval": "automatic"}), ("free", {"access": "open", "visibility": "public"})):
            cls.post_rest("/v1/apis", {"slug": slug, "name": f"{slug} {EVIL}", "team": "logistics", "summary": EVIL, "description": EVIL,
                                       "tags": [EVIL, "shipping"], "data_class": EVIL[:40], **more})
            cls.post_rest(f"/v1/apis/{slug}/versions", {"label": "v1"})
            document = EVIL_DOCUMENT.encode() if slug == "evil" else (ROOT / "data/demo/parcels.yaml").read_bytes()
            put("PUT", f"/v1/apis/{slug}/versions/v1/document?name=api.yaml", document, {"content-type": "application/yaml"}, expect=201)
            put("POST", f"/v1/apis/{slug}/versions/v1/stage", {"stage": "published"}, expect=200)
        cls.post_rest("/v1/apis", {"slug": "secret", "name": "Secret", "team": "logistics"})
        cls.post_rest("/v1/groups", {"slug": "edge", "name": "Edge", "public_url": "https://edge.example.com/"})
        for slug in ("parcels", "evil"):
            cls.post_rest("/v1/deployments", {"api": slug, "version": "v1", "group": "edge", "base_path": f"/{slug}", "upstream": "http://127.0.0.1:9"})
        cls.post_rest("/v1/plans", {"slug": "standard", "name": EVIL, "description": EVIL, "apis": ["parcels", "evil", "quick"],
                                    "rate_count": 50, "rate_period_s": 1, "quota_count": 10000, "term_days": 90})
        cls.post_rest("/v1/apps", {"slug": "shop", "name": EVIL, "team": "web", "description": EVIL})
        cls.post_rest("/v1/apps/shop/keys", {"name": EVIL})

    def browser(self, name=None):
        browser = Browser(self, self.daemon)
        if name:
            browser.sign_in(name)
        return browser

    def crawl(self, browser, most=400):
        """Every page that links lead to."""
        todo, seen = ["/"], {"/"}
        while todo:
            target = todo.pop(0)
            if re.search(r"/(document|bundle)$|^/v1/|format=markdown$", target):
                continue
            answer = browser.ask("GET", target)
            if answer.status == 303:
                self.assertTrue(answer.headers["location"].startswith("/sign-in?next="), target)
                continue
            for link in browser.page(answer, target, 200).links:
                link = urllib.parse.urljoin(target, link).split("#")[0]
                if link.startswith("/") and link not in seen and len(seen) < most:
                    seen.add(link)
                    todo.append(link)
        return seen

    # --- every page --------------------------------------------------------------------------------

    def test_all_pages_are_sound_for_visitors(self):
        seen = self.crawl(self.browser())
        self.assertIn("/apis/evil", seen)
        self.assertNotIn("/apis/parcels", seen)

    def test_all_pages_are_sound_for_developers(self):
        browser = self.browser("dev")
        self.request("evil", browser)
        seen = self.crawl(browser)
        for target in ("/apis/evil", "/apis/parcels", "/apis/quiet", "/apis/evil/ask", "/apps/shop", "/new-app", "/requests", "/teams/web", "/new-team",
                       "/new-api", "/requests/awaiting", "/apis/evil/versions/v1/findings"):
            self.assertIn(target, seen)
        self.assertTrue(any(re.match(r"/requests/[0-9a-z]{13}$", link) for link in seen))
        self.assertTrue(any("/operations/" in link for link in seen))
        self.assertNotIn("/apis/secret", seen)

    def test_all_pages_are_sound_for_operators(self):
        seen = self.crawl(self.browser("olivia"))
        for target in ("/apis/secret", "/apis/parcels/edit", "/apis/parcels/versions/v1/stage", "/apis/parcels/versions/v1/upload", "/apps?all=yes"):
            self.assertIn(target, seen)

    def test_every_route_of_the_table_answers_with_a_page(self):
        listed = self.daemon.run("routes").stdout
        browser, values = self.browser("olivia"), {"api": "parcels", "version": "v1", "app": "shop", "team": "web", "operation": "none",
                                                   "subscription": "none", "file": "none", "user": "dev", "key": "none", "move": "approve", "token": "none",
                                                   "review": "none", "waiver": "none", "ruleset": "none", "rule": "none"}
        count = 0
        for method, path, operation in (line.split() for line in listed.splitlines()):
            if operation != "-" or path.endswith(("/document", "/bundle")):
                continue
            target = re.sub(r"\{(\w+)\}", lambda m: values[m[1]], path)
            answer = browser.ask(method, target, b"" if method == "POST" else None, {"content-type": "application/x-www-form-urlencoded"})
            count += 1
            if method == "POST" and target != "/sign-in":
                self.assertEqual(answer.status, 403, f"{target} takes a form without its token")
            if answer.status != 303:
                page = browser.page(answer, target, answer.status)
                self.assertLess(answer.status, 500, target)
                self.assertTrue(page.title)
        self.assertGreater(count, 35)

    # --- errors ------------------------------------------------------------------------------------

    def test_unseen_objects_do_not_exist(self):
        browser = self.browser("dev")
        for target in ("/apis/secret", "/apis/none", "/apps/none", "/requests/0000000000000", "/nowhere", "/teams/none", "/apis/parcels/versions/v9",
                       "/apis/parcels/versions/v1/operations/zzzz", "/static/style.css"):
            page = browser.get(target, 404)
            self.assertIn("There is nothing here", page.text)
            self.assertIn("search the catalog", page.text)
            if not target.startswith("/static/"):  # files are served without asking who reads them
                self.assertLessEqual({"/account", "/apps", "/teams", "/rulesets", "/events"}, set(page.links), target)
                self.assertNotIn("not signed in", page.text)
        self.assertIn("There is no such API.", browser.get("/apis/none", 404).text)
        answer = self.daemon.rest("DELETE", "/v1/gate-rules/0000000000000", headers={"if-match": "*"}, expect=404)
        self.assertEqual(answer.json["detail"], "there is no such gate rule")
        visitor = self.browser().get("/apis/parcels", 404)
        self.assertIn("/sign-in?next=%2Fapis%2Fparcels", visitor.links)
        lost = self.browser().get("/nowhere", 404)
        self.assertIn("/sign-in?next=%2Fnowhere", lost.links)
        self.assertNotIn("/apps", lost.links)

    def test_pages_for_people_lead_to_sign_in_and_back(self):
        browser = self.browser()
        answer = browser.ask("GET", "/requests?state=approved")
        self.assertEqual((answer.status, answer.headers["location"]), (303, "/sign-in?next=%2Frequests%3Fstate%3Dapproved"))
        page = browser.get(answer.headers["location"])
        page = browser.submit(page, "/sign-in", {"name": "dev", "password": PASSWORD})
        self.assertEqual(browser.at, "/requests?state=approved")
        self.assertEqual(browser.ask("POST", "/new-app", b"", {"content-type": "application/x-www-form-urlencoded"}).status, 403)

    def test_next_never_leaves_the_portal(self):
        for evil in ("//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "/a\r\nx: y", "/\t/evil.example", "", "evil"):
            browser = self.browser()
            page = browser.get("/sign-in?next=" + urllib.parse.quote(evil, safe=""))
            form = page.forms[-1] if page.forms[-1]["action"] == "/sign-in" else page.forms[0]
            self.assertEqual(form["fields"]["next"], "/", evil)
            body = urllib.parse.urlencode({"name": "dev", "password": PASSWORD, "next": evil}).encode()
            answer = browser.ask("POST", "/sign-in", body, {"content-type": "application/x-www-form-urlencoded"})
            self.assertEqual((answer.status, answer.headers["location"]), (303, "/"), evil)

    def test_forms_need_the_token_of_their_session(self):
        browser = self.browser("dev")
        page = browser.post("/new-app", {"name": "x", "slug": "forged", "team": "web", "csrf": "wrong"}, 403)
        self.assertIn("load the page again", page.text.lower())
        self.assertEqual(self.daemon.rest("GET", "/v1/apps/forged").status, 404)

    def test_wrong_password_says_so_without_more(self):
        browser = self.browser()
        page = browser.submit(browser.get("/sign-in"), "/sign-in", {"name": "ghost", "password": "x" * 12}, 422)
        self.assertIn("Name or password is wrong", page.text)
        self.assertNotIn("x" * 12, page.body)

    def test_refusals_before_routing_are_pages_too(self):
        browser = self.browser()
        answer = browser.ask("GET", "/", None, {"host": "evil.example"})
        page = browser.page(answer, "/", 421)
        self.assertIn("Host: this name is not served here", page.text)
        answer = browser.ask("PUT", "/apis", b"")
        self.assertEqual(answer.headers["allow"].split(", ")[0], "GET")
        browser.page(answer, "/apis", 405)
        browser.page(browser.ask("GET", "/a%00b"), "/a%00b", 400)
        browser.cookie = None
        page = browser.page(browser.ask("POST", "/new-app", b"", {"content-type": "application/x-www-form-urlencoded"}), "/new-app", 401)
        self.assertIn("Please sign in", page.text)

    def test_no_template_asks_for_a_name_that_nobody_sets(self):
        sources = "".join(path.read_text() for path in (ROOT / "portal/web").glob("*.[ch]"))
        known = set(re.findall(r"\bT\((\w+)\)", sources)) | {"."}
        known |= set(re.findall(r"F\((\w+),", "".join(path.read_text() for path in (ROOT / "catalog/model").glob("*.h"))))
        for template in (ROOT / "templates").glob("*.html"):
            used = set(re.findall(r"\{\{[#?^@]?([a-z_0-9.]+)\}\}", template.read_text()))
            self.assertEqual(used - known, set(), template.name)

    # --- what developers do ------------------------------------------------------------------------

    def request(self, api, browser, app=None):
        """A fresh app of dev's team asks for an API."""
        Pages.number = getattr(Pages, "number", 0) + 1
        app = f"app-{Pages.number}"
        browser.submit(browser.get("/new-app"), "/new-app", {"name": EVIL, "slug": app, "team": "web"})
        page = browser.get(f"/apis/{api}/ask")
        page = browser.submit(page, f"/apis/{api}/ask", {"app": app, "plan": "standard", "purpose": EVIL})
        return app, re.match(r"/requests/([0-9a-z]{13})", browser.at)[1], page

    def test_developer_gets_a_key_and_asks_for_access(self):
        browser = self.browser("dev")
        app, _, page = self.request("parcels", browser)
        self.assertIn("on its way", page.text)
        page = browser.submit(browser.get(f"/apps/{app}"), f"/apps/{app}/keys", {"name": "production", "not_after": "2099-12-31"}, 201)
        secret = re.search(r"chy_l[0-9A-Za-z]{38}", page.body)[0]
        self.assertEqual(page.headers["cache-control"], "no-store")
        page = browser.get(f"/apps/{app}")
        self.assertNotIn(secret, page.body)
        self.assertIn("…" + secret[-4:], page.body)
        self.assertIn("31 Dec 2099", page.text)
        action = next(f["action"] for f in page.forms if f["action"].endswith("/revoke"))
        page = browser.submit(page, action, {})
        self.assertIn("revoked", page.text)
        browser.post(action, {"csrf": page.forms[0]["fields"]["csrf"]}, 409)

    def test_tokens_are_made_shown_once_and_revoked(self):
        browser = self.browser("dev")
        page = browser.submit(browser.get("/account"), "/users/dev/tokens", {"name": "a b", "scope": "write"}, 422)
        self.assertIn("Name", page.text)
        page = browser.submit(page, "/users/dev/tokens", {"name": "laptop", "scope": "write"}, 201)
        secret = re.search(r"chp_[0-9A-Za-z]{38}", page.body)[0]
        self.assertEqual(page.headers["cache-control"], "no-store")
        bearer = {"authorization": f"Bearer {secret}"}
        self.assertEqual(self.daemon.portal("GET", "/v1/me", headers=bearer).json["scope"], "write")
        page = browser.get("/account")
        self.assertNotIn(secret, page.body)
        self.assertIn("…" + secret[-4:], page.body)
        action = next(f["action"] for f in page.forms if f["action"].endswith("/revoke"))
        page = browser.submit(page, action, {})
        self.assertIn("The token is revoked", page.text)
        self.assertEqual(self.daemon.portal("GET", "/v1/me", headers=bearer).status, 401)
        browser.post(action, {"csrf": page.forms[0]["fields"]["csrf"]}, 409)

    def test_tokens_of_others_are_for_administrators(self):
        self.post_rest("/v1/users", {"name": "ruth", "role": "admin", "password": PASSWORD})
        dev, ruth = self.browser("dev"), self.browser("ruth")
        dev.submit(dev.get("/account"), "/users/dev/tokens", {"name": "old", "scope": "read"}, 201)
        self.assertIn("Only the user and administrators", self.browser("olivia").get("/users/dev/tokens", 403).text)
        dev.get("/users/maya/tokens", 404)
        page = ruth.get("/account?user=dev")
        self.assertNotIn("Make a token", page.text)
        action = next(f["action"] for f in page.forms if f["action"].endswith("/revoke"))
        ruth.submit(page, action, {})
        self.assertEqual(ruth.at, "/users/dev/tokens?done=revoked-token")

    def test_a_password_is_changed_by_who_knows_it(self):
        self.post_rest("/v1/users", {"name": "carl", "password": PASSWORD})
        browser, other, new = self.browser("carl"), self.browser("carl"), "a wholly new sentence"
        fields = {"current_password": PASSWORD, "password": new, "repeated": new}
        page = browser.get("/account/password")
        for wrong, says in (({"repeated": "x"}, "New password again: is not the same"), ({"current_password": "x"}, "Present password: is not your present"),
                            ({"password": "x", "repeated": "x"}, "New password: must have")):
            page = browser.submit(page, "/account/password", {**fields, **wrong}, 422)
            self.assertIn(says, page.text)
            self.assertNotIn(new, page.body)
        page = browser.submit(page, "/account/password", fields)
        self.assertIn("Your password is changed", page.text)
        self.assertEqual(browser.at, "/account?done=password")
        self.assertEqual(other.ask("GET", "/apps").status, 303)
        browser.cookie = None
        browser.submit(browser.get("/sign-in"), "/sign-in", {"name": "carl", "password": new})

    def test_owner_rejects_and_approves(self):
        dev, maya = self.browser("dev"), self.browser("maya")
        _, first, _ = self.request("parcels", dev)
        _, second, _ = self.request("parcels", dev)
        self.assertIn(f"/requests/{first}", maya.get("/requests/awaiting").links)
        self.assertNotIn(f"/requests/{first}", dev.get("/requests/awaiting").links)
        self.assertIn("/requests/awaiting", maya.get("/apis").links, "what awaits is one click away")
        self.assertIn("/requests", dev.get("/apis").links)
        page = maya.submit(maya.get(f"/requests/{first}"), f"/requests/{first}/reject", {"reason": ""}, 422)
        self.assertIn("reason is missing", page.text)
        page = maya.submit(page, f"/requests/{first}/reject", {"reason": EVIL})
        self.assertIn("rejected", page.text)
        self.assertIn("alert(1)", dev.get(f"/requests/{first}").text)
        page = maya.submit(maya.get(f"/requests/{second}"), f"/requests/{second}/approve", {"reason": "fine", "not_after": "2099-01-01"})
        self.assertIn("approved", page.text)
        self.assertEqual(self.daemon.rest("GET", f"/v1/subscriptions/{second}").json["state"], "approved")
        page = maya.post(f"/requests/{second}/approve", {"csrf": page.forms[0]["fields"]["csrf"]}, 409)
        self.assertIn("It cannot be approved", page.text)
        for step, state in (("suspend", "suspended"), ("resume", "approved"), ("revoke", "revoked")):
            maya.submit(maya.get(f"/requests/{second}"), f"/requests/{second}/{step}", {})
            self.assertEqual(self.daemon.rest("GET", f"/v1/subscriptions/{second}").json["state"], state)
        self.assertIn("subscription.revoked", maya.get("/events?api=parcels").text)

    def test_developer_cannot_decide(self):
        dev = self.browser("dev")
        _, number, page = self.request("parcels", dev)
        self.assertEqual([f["action"] for f in page.forms if "/requests/" in f["action"]], [f"/requests/{number}/withdraw"])
        dev.post(f"/requests/{number}/approve", {"csrf": page.forms[0]["fields"]["csrf"]}, 403)
        page = dev.submit(page, f"/requests/{number}/withdraw", {})
        self.assertIn("withdrawn", page.text)

    def test_automatic_approval_says_so(self):
        _, _, page = self.request("quick", self.browser("dev"))
        self.assertIn("Access is granted", page.text)

    def test_wrong_values_stay_beside_their_fields(self):
        browser = self.browser("dev")
        page = browser.submit(browser.get("/new-app"), "/new-app", {"name": EVIL, "slug": "Not A Name", "team": "web"}, 422)
        self.assertIn('aria-describedby="hint-slug error-slug"', page.body)
        self.assertEqual(page.forms[1]["fields"]["name"], EVIL)
        page = browser.submit(page, "/new-app", {"name": "x", "slug": "shop", "team": "web"}, 409)
        self.assertIn('Short name: the slug "shop" is taken already.', page.text)
        page = browser.submit(browser.get("/apps/shop"), "/apps/shop/keys", {"not_after": "2001-01-01"}, 422)
        self.assertIn("Lies in the past", page.text)

    def test_curl_survives_hostile_paths(self):
        browser = self.browser("dev")
        page = browser.get("/apis/evil/versions/v1?q=rm")
        operation = next(link for link in page.links if "/operations/" in link)
        text = browser.get(operation).text
        line = next(line for line in text.splitlines() if "curl" in line)
        self.assertIn("'https://edge.example.com/evil/a%27;%20rm%20-rf%20%24HOME;%20%27/{id}'", line)
        self.assertIn("curl -H \"X-API-Key: $API_KEY\" 'https://edge.example.com/evil/plain'", browser.get("/apis/evil/versions/v1").text)

    def test_document_is_a_download(self):
        answer = self.browser("dev").ask("GET", "/apis/evil/versions/v1/document")
        self.assertEqual(answer.body, EVIL_DOCUMENT.encode())
        self.assertTrue(answer.headers["content-disposition"].startswith("attachment"))
        self.assertEqual(answer.headers["x-content-type-options"], "nosniff")

    def test_filters_and_pages_of_the_catalog(self):
        browser = self.browser("olivia")
        for number in range(35):
            self.post_rest("/v1/apis", {"slug": f"many-{number:02}", "name": f"Many {number}", "team": "web", "tags": ["bulk"]})
        page = browser.get("/apis?tag=bulk&team=web")
        self.assertIn("35 in all", page.text)
        following = next(link for link in page.links if "cursor=" in link)
        second = browser.get(following)
        self.assertIn("/apis/many-34", second.links)
        self.assertNotIn("/apis/many-00", second.links)
        self.assertIn("/apis/parcels", browser.get("/apis?q=parcels&stage=published").links)
        self.assertIn("Nothing fits", browser.get("/apis?q=zzzzz").text)
        self.assertIn("cursor", browser.get("/apis?cursor=zz", 400).text)

    def test_the_example_call_is_the_same_whatever_is_searched_for(self):
        browser = self.browser("dev")
        for query in ("", "?q=nothing+has+this", "?q=depots"):
            page = browser.get(f"/apis/parcels/versions/v1{query}")
            self.assertIn("curl -H &quot;X-API-Key: $API_KEY&quot; &apos;https://edge.example.com/parcels/parcels&apos;".replace("&apos;", "&#39;"), page.body, query)
        for slug in ("quick", "free"):  # no gateway serves them: there is nothing to put a key into
            page = browser.get(f"/apis/{slug}/versions/v1")
            self.assertIn("No gateway serves this version yet.", page.text)
            self.assertNotIn("API_KEY", page.text)
            self.assertNotIn("No key is needed", page.text)

    def test_access_is_asked_for_where_a_plan_is(self):
        browser = self.browser("dev")
        self.assertIn("/apis/parcels/ask", browser.get("/apis/parcels").links)
        page = browser.get("/apis/quiet")
        self.assertIn("No plan covers this API yet.", page.text)
        self.assertNotIn("/apis/quiet/ask", page.links)

    def test_a_version_without_a_document_leads_who_may_to_the_upload(self):
        self.post_rest("/v1/apis/secret/versions", {"label": "v0"})
        page = self.browser("maya").get("/apis/secret/versions/v0")
        self.assertIn("no document yet. Upload one", " ".join(page.text.split()))
        self.assertEqual(page.links.count("/apis/secret/versions/v0/upload"), 2)

    def test_teams_take_members(self):
        browser = self.browser("nobody")
        self.assertIn("You are in no team yet.", browser.get("/teams?mine=yes").text)
        self.assertIn("No team fits.", browser.get("/teams?mine=yes&q=zz").text)
        page = browser.submit(browser.get("/new-team"), "/new-team", {"name": "New", "slug": "newteam"})
        self.assertIn("you own it", page.text)
        page = browser.submit(page, "/teams/newteam/members", {"user": "ghost", "role": "member"}, 422)
        self.assertIn("There is no user of that name", page.text)
        page = browser.submit(page, "/teams/newteam/members", {"user": "maya", "role": "maintainer"})
        self.post_rest("/v1/teams", {"slug": "callable", "name": "C", "contact": "us@example.com", "on_call": "https://example.com/pager"})
        self.assertLessEqual({"mailto:us@example.com", "https://example.com/pager"}, set(browser.get("/teams/callable").links))
        self.assertNotIn("javascript:", " ".join(link or "" for link in browser.get("/teams/web").links))
        page = browser.submit(page, "/teams/newteam/members/maya/remove", {})
        self.assertNotIn("/teams/newteam/members/maya/remove", [f["action"] for f in page.forms])

    def test_team_publishes_an_api(self):
        maya = self.browser("maya")
        page = maya.submit(maya.get("/new-api"), "/new-api", {"slug": "fresh", "name": EVIL, "team": "logistics", "tags": "a, b ,", "visibility": "internal",
                                                              "access": "approved", "approval": "manual"})
        self.assertEqual(self.daemon.rest("GET", "/v1/apis/fresh").json["tags"], ["a", "b"])
        page = maya.submit(maya.get("/apis/fresh/edit"), "/apis/fresh/edit", {"name": "Fresh", "summary": "New", "tags": ""})
        self.assertEqual([self.daemon.rest("GET", "/v1/apis/fresh").json[n] for n in ("name", "summary", "tags")], ["Fresh", "New", []])
        stale = maya.get("/apis/fresh/edit")
        maya.submit(stale, "/apis/fresh/edit", {"name": "First"})
        maya.submit(stale, "/apis/fresh/edit", {"name": "Second"}, 412)
        maya.submit(maya.get("/apis/fresh/new-version"), "/apis/fresh/new-version", {"label": "v1"})
        page = maya.submit(maya.get("/apis/fresh/versions/v1/stage"), "/apis/fresh/versions/v1/stage", {"stage": "published"}, 409)
        self.assertIn("upload its openapi document first", page.text.lower())
        page = maya.upload("/apis/fresh/versions/v1/upload", b"openapi: 3.1.0\n  info: [", 422)
        self.assertIn("Line 2", page.text)
        page = maya.upload("/apis/fresh/versions/v1/upload", (ROOT / "data/demo/parcels.yaml").read_bytes())
        self.assertIn("The document is stored", page.text)
        page = maya.submit(maya.get("/apis/fresh/versions/v1/stage"), "/apis/fresh/versions/v1/stage", {"stage": "published"})
        self.assertIn("published", page.text)
        self.assertIn("/apis/fresh", self.browser("dev").get("/").links)
        for page in ("edit", "new-version", "versions/v1/upload", "versions/v1/stage"):
            self.assertIn("Only maintainers", self.browser("dev").get(f"/apis/fresh/{page}", 403).text)

    # --- the rest ----------------------------------------------------------------------------------

    def test_static_files_never_change_under_their_name(self):
        browser = self.browser()
        href = re.search(r'href="(/static/style\.[0-9a-f]{8}\.css)"', browser.get("/").body)[1]
        plain, packed = browser.ask("GET", href), browser.ask("GET", href, None, {"accept-encoding": "br, gzip;q=0.5"})
        self.assertIn("immutable", plain.headers["cache-control"])
        self.assertEqual(packed.headers["content-encoding"], "gzip")
        import gzip
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertEqual(plain.body, (ROOT / "templates/static/style.css").read_bytes())
        self.assertNotIn("content-encoding", browser.ask("GET", href, None, {"accept-encoding": "gzip;q=0"}).headers)

    def test_static_files_have_both_forms(self):
        import gzip
        browser = self.browser()
        for href in set(re.findall(r'"(/static/[^"]+)"', browser.get("/").body)):
            plain = browser.ask("GET", href)
            for accepted in ("gzip", "*", "x-gzip"):
                packed = browser.ask("GET", href, None, {"accept-encoding": accepted})
                self.assertEqual(gzip.decompress(packed.body), plain.body)
                self.assertLess(len(packed.body), len(plain.body))
                self.assertEqual((packed.headers["content-encoding"], packed.headers["content-type"]), ("gzip", plain.headers["content-type"]))
            for accepted in ("gzip;q=0", "br", "identity", "gzip;q=0.1, identity"):
                self.assertNotIn("content-encoding", browser.ask("GET", href, None, {"accept-encoding": accepted}).headers, accepted)
            for answer in (plain, packed):
                self.assertEqual((answer.headers["vary"], answer.headers["cache-control"]), ("Accept-Encoding", "public, max-age=31536000, immutable"))

    def test_pages_are_compressed_but_never_what_shows_a_secret(self):
        import gzip
        browser, takes = self.browser("dev"), {"accept-encoding": "gzip, br"}
        packed = browser.ask("GET", "/apis", None, takes)
        self.assertEqual((packed.headers["content-encoding"], packed.headers["vary"]), ("gzip", "Accept-Encoding"))
        self.assertIn(b"</html>", gzip.decompress(packed.body))
        self.assertLess(len(packed.body), len(gzip.decompress(packed.body)) / 2)
        # another site chooses the address: length must tell nothing
        self.assertNotIn("content-encoding", browser.ask("GET", "/apis?q=guess", None, {**takes, "sec-fetch-site": "cross-site"}).headers)
        csrf = browser.get("/account").forms[0]["fields"]["csrf"]
        for target, fields in (("/users/dev/tokens", {"name": "packed", "scope": "read"}), ("/apps/shop/keys", {"name": "packed"})):
            body = urllib.parse.urlencode({**fields, "csrf": csrf}).encode()
            shown = browser.ask("POST", target, body, {**takes, "content-type": "application/x-www-form-urlencoded"})
            self.assertEqual(shown.status, 201)
            self.assertNotIn("content-encoding", shown.headers)
            self.assertRegex(shown.body, rb"ch[yp]_")

    def test_form_tokens_differ_on_each_page_and_all_hold(self):
        browser, other = self.browser("dev"), self.browser("maya")
        raw = self.daemon.portal("GET", "/v1/me", headers={"cookie": browser.cookie}).headers["x-csrf-token"]
        tokens = []
        for _ in range(3):
            page = browser.get("/account")
            tokens += {form["fields"]["csrf"] for form in page.forms if "csrf" in form["fields"]}
            self.assertNotIn(raw, page.body)
        self.assertEqual(len(set(tokens)), 3)
        for token in tokens + [raw]:
            browser.post("/users/dev/tokens", {"name": "no good", "csrf": token}, 422)
            other.post("/users/dev/tokens", {"name": "no good", "csrf": token}, 403)
        flipped = tokens[0][:-1] + ("0" if tokens[0][-1] != "0" else "1")
        for wrong in (flipped, tokens[0][:64], tokens[0].upper() + "0", "", "00" * 64, raw[::-1]):
            browser.post("/users/dev/tokens", {"name": "no good", "csrf": wrong}, 403)

    def test_sign_out_ends_the_session(self):
        browser = self.browser("dev")
        cookie = browser.cookie
        page = browser.submit(browser.get("/"), "/sign-out", {})
        self.assertIn("signed out", page.text)
        browser.cookie = cookie
        self.assertEqual(browser.ask("GET", "/apps").status, 303)


class Setup(unittest.TestCase):
    def test_plain_http_from_elsewhere_is_told_why_and_how(self):
        daemon = Chanceryd(settings={"trusted_proxies": "127.0.0.1"})
        try:
            daemon.init()
            daemon.start()
            browser, elsewhere = Browser(self, daemon), {"x-forwarded-for": "192.0.2.7", "x-forwarded-proto": "http"}
            for target in ("/sign-in", "/setup?code=x"):
                page = browser.page(browser.ask("GET", target, None, elsewhere), target, 403)
                self.assertIn("Passwords are not taken over plain http from another host", page.text)
                self.assertIn("ssh -L", page.text)
                self.assertNotIn("password", [field.get("name") for field in page.fields])
            body = urllib.parse.urlencode({"name": "a", "password": PASSWORD}).encode()
            form = {**elsewhere, "content-type": "application/x-www-form-urlencoded"}
            browser.page(browser.ask("POST", "/sign-in", body, form), "/sign-in", 403)
        finally:
            daemon.stop()
            shutil.rmtree(daemon.folder, ignore_errors=True)
            shutil.rmtree(daemon.sockets, ignore_errors=True)

    def test_first_administrator_by_one_time_link(self):
        daemon = Chanceryd()
        try:
            target = re.search(r"(/setup\?code=\S+)", daemon.init())[1]
            daemon.start()
            browser = Browser(self, daemon)
            page = browser.get(target)
            page = browser.submit(page, "/setup", {"name": "root", "password": "short"}, 422)
            page = browser.submit(page, "/setup", {"name": "alice", "password": PASSWORD})
            self.assertIn("first administrator is made", page.text)
            self.assertIn("alice", page.text)
            page = browser.submit(browser.get(target), "/setup", {"name": "mallory", "password": PASSWORD}, 403)
            self.assertIn("not valid, has been used", page.text)
        finally:
            daemon.stop()
            shutil.rmtree(daemon.folder, ignore_errors=True)
            shutil.rmtree(daemon.sockets, ignore_errors=True)


if __name__ == "__main__":
    unittest.main()

"""Each noun's life over the interface, and every operation of the contract called at least once."""
import json
import unittest

from case import CONTRACT, DOCUMENT, RestCase, main

NEVER = "0000000000001"
FUTURE, PAST = "2099-01-01T00:00:00Z", "2001-01-01T00:00:00Z"


class NounTest(RestCase):
    maxDiff = None

    def life(self, collection, body, unique, change, place=None, again=None):
        """Made, found, read, changed; returns the row and where it is."""
        made = self.admin("POST", collection, body, expect=201)
        where = made.headers["location"]
        self.assertEqual(where, place or f"{collection}/{body[unique]}")
        for name, value in body.items():
            if name != "password":
                self.assertEqual(made.json[name], value)
        read = self.admin("GET", where, expect=200)
        self.assertEqual(read.json, made.json)
        self.assertEqual(read.headers["etag"], made.headers["etag"])
        self.admin("GET", where, headers={"if-none-match": read.headers["etag"]}, expect=304)
        listed = self.admin("GET", f"{collection}?limit=500", expect=200).json
        self.assertIn(made.json, listed["items"])
        self.assertEqual(listed["total"], len(listed["items"]))
        changed = self.patch(where, change)
        for name, value in change.items():
            self.assertEqual(changed.json[name], value)
        self.assertNotEqual(changed.headers["etag"], read.headers["etag"])
        self.assertEqual(self.admin("GET", where, expect=200).json, changed.json)
        self.problem(self.admin("POST", collection, again or body), 409, f"/{unique}")
        return changed.json, where

    def test_users(self):
        row, where = self.life("/v1/users", {"name": "ursula", "display_name": "Ursula", "email": "u@example.com", "role": "operator",
                                             "unix_name": "uu", "password": "a long password"}, "name", {"display_name": None, "disabled": True})
        self.assertNotIn("password", json.dumps(row))
        self.problem(self.admin("POST", "/v1/users", {"name": "short", "password": "short"}), 422, "/password")
        self.admin("GET", "/v1/users/nobody-here", expect=404)

    def test_a_changed_user_is_signed_out(self):
        person = self.person("leaver")
        person.ask("GET", "/v1/me", expect=200)
        self.patch("/v1/users/leaver", {"role": "operator"})
        person.ask("GET", "/v1/me", expect=401)

    def test_tokens_and_passwords(self):
        self.make("/v1/users", {"name": "tokio", "password": "a long password"})
        person = self.person("tokio")
        made = person.ask("POST", "/v1/users/tokio/tokens", {"name": "job"}, expect=201)
        self.assertEqual(person.ask("GET", "/v1/users/tokio/tokens", expect=200).json["items"], [made.json["token"]])
        person.ask("DELETE", made.headers["location"], expect=200)
        person.ask("PUT", "/v1/me/password", {"current_password": "a long password", "password": "a longer password"}, expect=204)

    def test_teams_and_members(self):
        self.life("/v1/teams", {"slug": "bakery", "name": "Bakery", "contact": "b@example.com"}, "slug", {"on_call": "555", "contact": None})
        self.make("/v1/users", {"name": "berta"})
        member = self.admin("PUT", "/v1/teams/bakery/members/berta", expect=200).json
        self.assertEqual(member, {"team": "bakery", "user": "berta", "role": "member"})
        self.admin("PUT", "/v1/teams/bakery/members/berta", {"role": "owner"}, expect=200)
        self.assertEqual([row["role"] for row in self.admin("GET", "/v1/teams/bakery/members", expect=200).json["items"]], ["owner"])
        self.assertEqual(self.admin("GET", "/v1/teams/bakery").json["member_count"], 1)
        self.problem(self.admin("DELETE", "/v1/teams/bakery/members/berta"), 409, words="last owner")
        self.make("/v1/users", {"name": "bernd"})
        self.admin("PUT", "/v1/teams/bakery/members/bernd", {"role": "maintainer"}, expect=200)
        self.admin("DELETE", "/v1/teams/bakery/members/bernd", expect=204)
        self.admin("DELETE", "/v1/teams/bakery/members/bernd", expect=404)
        self.admin("PUT", "/v1/teams/bakery/members/nobody-here", {}, expect=404)
        self.admin("GET", "/v1/teams/nowhere/members", expect=404)
        self.problem(self.admin("PUT", "/v1/teams/bakery/members/bernd", {"role": "king"}), 422, "/role")

    def test_me(self):
        self.team("mine")
        me = self.admin("GET", "/v1/me", expect=200)
        url = self.daemon.settings.get("public_url") or f"http://127.0.0.1:{self.daemon.ready['port']}"
        self.assertEqual(me.json, {"name": "local-admin", "display_name": None, "role": "admin", "via": "unix", "scope": None, "portal_url": url, "teams": []})
        self.assertNotIn("x-csrf-token", me.headers)
        person = self.person("maria", "mine", "maintainer", display_name="Maria")
        me = person.ask("GET", "/v1/me", expect=200)
        self.assertEqual(me.json, {"name": "maria", "display_name": "Maria", "role": "user", "via": "session", "scope": None, "portal_url": url, "teams": [{"slug": "mine", "role": "maintainer"}]})
        self.assertEqual(me.headers["x-csrf-token"], person.csrf)

    def test_apis_and_versions(self):
        self.team("pets")
        self.life("/v1/apis", {"slug": "cats", "name": "Cats", "team": "pets", "visibility": "public", "tags": ["fur", "claws"], "tier": 2, "data_class": "open"},
                  "slug", {"summary": "All about cats", "tags": ["fur"], "tier": 3})
        self.make("/v1/apis/cats/versions", {"label": "v2"})
        self.life("/v1/apis/cats/versions", {"label": "v1"}, "label", {"sunset_at": "2099-01-01T00:00:00.000Z", "successor": "v2"})
        self.problem(self.admin("POST", "/v1/apis/cats/versions/v1/stage", {"stage": "published"}), 409, "/stage", "document")
        self.upload("cats", "v1")
        self.assertEqual(self.admin("GET", "/v1/apis/cats/versions/v1").json["title"], self.admin("GET", "/v1/apis/cats/versions/v1/revisions").json["items"][0]["title"])
        for stage in ("published", "deprecated", "retired"):
            self.assertEqual(self.admin("POST", "/v1/apis/cats/versions/v1/stage", {"stage": stage, "reason": "test"}, expect=200).json["stage"], stage)
        self.problem(self.admin("POST", "/v1/apis/cats/versions/v1/stage", {"stage": "published"}), 409, "/stage")
        self.problem(self.admin("POST", "/v1/apis/cats/versions/v1/stage", {"stage": "famous"}), 422, "/stage")
        self.problem(self.admin("POST", "/v1/apis/cats/versions/v1/stage", {"stage": "retired", "slug": "x"}), 422, "/slug")
        self.admin("DELETE", "/v1/apis/cats/versions/v1", expect=409)
        self.admin("DELETE", "/v1/apis/cats", expect=409)
        self.assertIn({"tag": "fur", "count": 1}, self.admin("GET", "/v1/tags", expect=200).json["items"])

    def test_drafts_can_be_deleted(self):
        self.team("pets")
        self.make("/v1/apis", {"slug": "dodos", "name": "Dodos", "team": "pets"})
        self.make("/v1/apis/dodos/versions", {"label": "v0"})
        self.upload("dodos", "v0")
        etag = self.admin("GET", "/v1/apis/dodos").headers["etag"]
        self.admin("DELETE", "/v1/apis/dodos/versions/v0", expect=204)
        self.admin("GET", "/v1/apis/dodos/versions/v0", expect=404)
        self.admin("DELETE", "/v1/apis/dodos", headers={"if-match": etag}, expect=204)
        self.admin("GET", "/v1/apis/dodos", expect=404)
        self.admin("GET", "/v1/apis/dodos/versions", expect=404)

    def test_operations(self):
        self.api("birds", "pets")
        rows = self.admin("GET", "/v1/apis/birds/versions/v1/operations", expect=200).json
        self.assertEqual(rows["total"], 7)
        one = rows["items"][0]
        self.assertEqual(self.admin("GET", f"/v1/apis/birds/versions/v1/operations/{one['id']}", expect=200).json, one)
        self.admin("GET", f"/v1/apis/birds/versions/v1/operations/{NEVER}", expect=404)
        self.admin("GET", "/v1/apis/birds/versions/v9/operations", expect=404)
        found = self.admin("GET", "/v1/apis/birds/versions/v1/operations?q=events", expect=200).json["items"]
        self.assertTrue(found and all("events" in row["key"] + str(row["summary"]).lower() for row in found))

    def test_plans_apps_and_keys(self):
        self.api("fish", "pets")
        self.life("/v1/plans", {"slug": "pond", "name": "Pond", "apis": ["fish"], "rate_count": 5, "rate_period_s": 10, "burst": 6, "term_days": 30}, "slug",
                  {"quota_count": 100, "quota_period": "month", "operations": ["GET /parcels"]})
        self.assertEqual([row["slug"] for row in self.admin("GET", "/v1/plans?api=fish").json["items"]], ["pond"])
        self.problem(self.admin("POST", "/v1/plans", {"slug": "sea", "name": "Sea", "apis": ["no-such"]}), 422, "/apis", "no-such")
        self.life("/v1/apps", {"slug": "tank", "name": "Tank", "team": "pets"}, "slug", {"description": "glass"})
        made = self.admin("POST", "/v1/apps/tank/keys", {"name": "blue", "not_after": FUTURE}, expect=201)
        self.assertEqual(made.json["secret"][-4:], made.json["key"]["hint"])
        self.assertEqual(made.headers["location"], f"/v1/apps/tank/keys/{made.json['key']['id']}")
        self.admin("POST", "/v1/apps/tank/keys", expect=201)
        self.problem(self.admin("POST", "/v1/apps/tank/keys", {"not_after": PAST}), 422, "/not_after")
        self.assertEqual(self.admin("GET", "/v1/apps/tank").json["key_count"], 2)
        revoked = self.admin("DELETE", made.headers["location"], expect=200).json
        self.assertIsNotNone(revoked["revoked_at"])
        self.admin("DELETE", made.headers["location"], expect=409)
        self.admin("DELETE", f"/v1/apps/tank/keys/{NEVER}", expect=404)
        keys = self.admin("GET", "/v1/apps/tank/keys", expect=200).json
        self.assertEqual(keys["total"], 2)
        self.assertIn(revoked, keys["items"])

    def ask_for(self, app, api, plan, **more):
        return self.make("/v1/subscriptions", {"app": app, "api": api, "plan": plan, **more})

    def test_subscriptions(self):
        self.api("mice", "pets")
        self.plan("cheese", "mice", term_days=30)
        self.app("trap", "pets")
        asked = self.ask_for("trap", "mice", "cheese", purpose="catch them")
        where = f"/v1/subscriptions/{asked['id']}"
        self.assertEqual(asked["state"], "requested")
        self.problem(self.admin("POST", "/v1/subscriptions", {"app": "trap", "api": "mice", "plan": "cheese"}), 409)
        self.assertIn(asked, self.admin("GET", "/v1/subscriptions?awaiting=true&api=mice&app=trap&state=requested", expect=200).json["items"])
        approved = self.admin("POST", f"{where}/approve", {"reason": "fine"}, expect=200).json
        self.assertEqual((approved["state"], approved["decided_by"], approved["reason"]), ("approved", "local-admin", "fine"))
        self.assertIsNotNone(approved["not_after"])
        self.problem(self.admin("POST", f"{where}/approve"), 409, words="approved")
        self.assertEqual(self.admin("GET", where, expect=200).json, approved)
        for step, state in (("suspend", "suspended"), ("resume", "approved"), ("revoke", "revoked")):
            self.assertEqual(self.admin("POST", f"{where}/{step}", {"reason": step}, expect=200).json["state"], state)
        self.admin("POST", f"{where}/resume", expect=409)
        receipt = self.admin("GET", f"{where}/receipt", expect=200).json
        self.assertEqual(receipt["change"], "subscription.revoked")
        kinds = [row["kind"] for row in self.admin("GET", f"/v1/events?subject={asked['id']}", expect=200).json["items"]]
        self.assertEqual(kinds, ["subscription.revoked", "subscription.resumed", "subscription.suspended", "subscription.approved", "subscription.requested"])
        self.admin("GET", f"/v1/subscriptions/{NEVER}", expect=404)

    def test_subscriptions_that_come_to_nothing(self):
        self.api("rats", "pets")
        self.plan("bread", "rats")
        for app in ("cellar", "attic"):
            self.app(app, "pets")
        no = f"/v1/subscriptions/{self.ask_for('cellar', 'rats', 'bread')['id']}"
        self.problem(self.admin("POST", f"{no}/reject", {}), 422, "/reason")
        self.problem(self.admin("POST", f"{no}/reject", {"reson": "typo"}), 422, "/reson", "did you mean reason?")
        self.problem(self.admin("POST", f"{no}/reject", {"reason": 7}), 422, "/reason")
        self.assertEqual(self.admin("POST", f"{no}/reject", {"reason": "no"}, expect=200).json["state"], "rejected")
        away = f"/v1/subscriptions/{self.ask_for('attic', 'rats', 'bread')['id']}"
        self.assertEqual(self.admin("POST", f"{away}/withdraw", expect=200).json["state"], "withdrawn")
        for member, body in (("/app", {"app": "no-such"}), ("/api", {"api": "no-such"}), ("/plan", {"plan": "no-such"})):
            self.problem(self.admin("POST", "/v1/subscriptions", {"app": "attic", "api": "rats", "plan": "bread", **body}), 422, member)

    def test_automatic_approval(self):
        self.api("bees", "pets", approval="automatic")
        self.plan("honey", "bees")
        self.app("jar", "pets")
        self.assertEqual(self.ask_for("jar", "bees", "honey")["state"], "approved")

    def test_groups_gateways_and_deployments(self):
        self.life("/v1/groups", {"slug": "edge", "name": "Edge", "public_url": "http://localhost:1"}, "slug", {"name": "The edge"})
        self.life("/v1/gateways", {"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:19999", "admin": "unix:/nowhere/admin.sock"}, "slug", {"admin": "127.0.0.1:9901"},
                  again={"slug": "edge-1", "group": "edge", "listener": "127.0.0.1:19996", "admin": "127.0.0.1:9901"})
        self.problem(self.admin("POST", "/v1/gateways", {"slug": "edge-2", "group": "edge", "listener": "127.0.0.1:19999", "admin": "127.0.0.1:9902"}), 409, "/listener")
        self.problem(self.admin("POST", "/v1/gateways", {"slug": "edge-2", "group": "edge", "listener": "nonsense", "admin": "127.0.0.1:9902"}), 422, "/listener")
        self.problem(self.admin("POST", "/v1/gateways", {"slug": "edge-2", "group": "no-such", "listener": "127.0.0.1:1", "admin": "127.0.0.1:2"}), 422, "/group")
        self.assertEqual(self.admin("GET", "/v1/gateways?group=edge", expect=200).json["total"], 1)
        token = self.admin("POST", "/v1/gateways/edge-1/token", expect=201).json["token"]
        self.assertNotEqual(token, self.admin("POST", "/v1/gateways/edge-1/token", {}, expect=201).json["token"])
        self.assertIn(b"edge-1", self.admin("GET", "/v1/gateways/edge-1/bootstrap", expect=200).body)
        self.api("ants", "pets")
        made, where = self.life("/v1/deployments", {"api": "ants", "version": "v1", "group": "edge", "base_path": "/ants", "upstream": "http://127.0.0.1:8"}, "group",
                                {"timeout_ms": 1000, "host": "ants.example.com"}, self.place_of_deployment())
        for member in ("api", "version", "group"):
            body = {"api": "ants", "version": "v1", "group": "edge", "base_path": "/x", "upstream": "http://127.0.0.1:8", member: "no-such"}
            self.problem(self.admin("POST", "/v1/deployments", body), 422, f"/{member}")
        self.problem(self.patch(where, {"upstream": "ftp://x"}, expect=422), 422, "/upstream")
        for address in ("/v1/subscriptions", "/v1/deployments"):
            for bad in (NEVER, "not-an-id", "0"):
                self.admin("GET", f"{address}/{bad}", expect=404)
        self.assertEqual(self.admin("GET", "/v1/deployments?api=ants&version=v1&group=edge", expect=200).json["total"], 1)
        self.assertEqual(self.admin("GET", "/v1/gateways/edge-1/status", expect=200).json["sync"], "never")
        consumers = self.admin("GET", "/v1/gateways/edge-1/consumers", expect=200)
        self.assertEqual(consumers.json["consumers"], [])
        self.admin("GET", "/v1/gateways/edge-1/consumers", headers={"if-none-match": consumers.headers["etag"]}, expect=304)
        self.admin("GET", "/v1/gateways/edge-1/maps/nginx", expect=200)
        keys = self.admin("GET", "/v1/signing-keys", expect=200).json["items"]
        self.assertEqual(len(self.admin("POST", "/v1/signing-keys", expect=201).json["items"]), len(keys) + 1)
        for by in ("gateway", "api", "operation"):
            self.admin("GET", f"/v1/live?by={by}", expect=200)
        self.problem(self.admin("GET", "/v1/live?by=colour"), 400, words="colour")
        self.admin("DELETE", where, expect=204)
        self.admin("GET", where, expect=404)
        self.admin("DELETE", "/v1/gateways/edge-1", expect=204)
        self.admin("GET", "/v1/gateways/edge-1", expect=404)

    def place_of_deployment(self):
        """Equal to any address of a deployment: its id is the server's."""
        class Place(str):
            def __eq__(self, other):
                return other.startswith("/v1/deployments/") and len(other) == len("/v1/deployments/") + 13
        return Place("a deployment")

    def test_consumers_are_listed_with_their_grants(self):
        self.api("wasps", "pets")
        self.plan("jam", "wasps", rate_count=10, rate_period_s=1, burst=20)
        self.app("picnic", "pets")
        self.make("/v1/apps/picnic/keys", {})
        self.make("/v1/groups", {"slug": "garden", "name": "Garden"})
        self.make("/v1/gateways", {"slug": "garden-1", "group": "garden", "listener": "127.0.0.1:19998", "admin": "127.0.0.1:19997"})
        self.make("/v1/deployments", {"api": "wasps", "version": "v1", "group": "garden", "base_path": "/wasps", "upstream": "http://127.0.0.1:8"})
        asked = self.ask_for("picnic", "wasps", "jam")
        self.admin("POST", f"/v1/subscriptions/{asked['id']}/approve", expect=200)
        rows = self.admin("GET", "/v1/gateways/garden-1/consumers", expect=200).json["consumers"]
        self.assertEqual([(row["app"], len(row["credentials"]), row["grants"][0]["api"]) for row in rows], [("picnic", 1, "wasps")])

    def test_events_are_chained_and_filtered(self):
        self.team("chroniclers")
        rows = self.admin("GET", "/v1/events?limit=500", expect=200).json["items"]
        for newer, older in zip(rows, rows[1:]):
            self.assertEqual((newer["seq"], newer["prev_hash"]), (older["seq"] + 1, older["hash"]))
        mine = self.admin("GET", "/v1/events?subject=chroniclers&kind=team.created", expect=200).json["items"]
        self.assertEqual([json.loads(row["after"])["slug"] for row in mine], ["chroniclers"])
        self.assertEqual(mine[0]["principal"], "local-admin via unix")

    def test_search_finds_apis_by_their_operations(self):
        self.api("worms", "gardeners")
        found = lambda query: [row["slug"] for row in self.admin("GET", f"/v1/apis?{query}", expect=200).json["items"]]
        self.assertEqual(found("q=worm"), ["worms"])
        self.assertEqual(found("team=gardeners&stage=published"), ["worms"])
        self.assertIn("worms", found("q=parcel"))
        self.assertEqual(found("q=worm%20nonsense"), [])

    def test_head_answers_as_get_without_the_body(self):
        self.team("heads")
        self.assertEqual(self.admin("HEAD", "/v1/teams/heads", expect=200).body, b"")


class CoverageTest(RestCase):
    def test_care_of_the_served_catalog(self):
        target = str(self.daemon.folder / "copy.db")
        self.assertEqual(self.admin("POST", "/v1/backup", {"file": target}, expect=200).json["file"], target)
        self.admin("POST", "/v1/backup", {"file": target}, expect=409)
        self.admin("POST", "/v1/backup", {"file": "relative.db"}, expect=422)
        self.assertIsNone(self.admin("POST", "/v1/check", expect=200).json["problem"])

    def test_zz_every_operation_has_been_called(self):
        """Sorted last: what the other tests of this file have not had answered with success."""
        self.nobody("GET", "/healthz"), self.nobody("GET", "/readyz"), self.nobody("GET", "/metrics"), self.nobody("GET", "/v1/openapi.yaml")
        self.api("covered", "covered")
        self.admin("GET", "/v1/apis/covered/versions/v1/document", expect=200)
        self.admin("GET", "/v1/apis/covered/versions/v1/bundle", expect=200)
        self.admin("GET", "/v1/apis/covered/compare?from=v1&to=v1", expect=200)
        self.make("/v1/groups", {"slug": "g", "name": "G"})
        self.make("/v1/deployments", {"api": "covered", "version": "v1", "group": "g", "base_path": "/c", "upstream": "http://127.0.0.1:8"})
        self.admin("POST", "/v1/explain", {"api": "covered", "version": "v1", "method": "GET", "path": "/parcels"}, expect=200)
        answered = {name for name, status in CONTRACT.seen if status < 400}
        elsewhere = {name for name, row in CONTRACT.operations.items() if "governance" in row[2]["tags"]}  # test_governance.py
        self.assertEqual(set(CONTRACT.operations) - answered - elsewhere, set())


def load_tests(loader, _, __):
    """In this order: the last test looks back at all others."""
    return unittest.TestSuite(loader.loadTestsFromTestCase(case) for case in (NounTest, CoverageTest))


if __name__ == "__main__":
    main()

"""Who may see and do what, over the interface: teams, roles, visibility, four eyes."""
import threading

from case import RestCase, main


class VisibilityTest(RestCase):
    """API visibility and stage × who looks × where it could show."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.team("owners"), self.team("friends"), self.team("strangers")
        self.api("pub", "owners", visibility="public", tags=["pub"])
        self.api("int", "owners", visibility="internal", tags=["int"])
        self.api("priv", "owners", visibility="private", allowed_teams=["friends"], tags=["priv"])
        self.api("draft", "owners", published=False, visibility="public", tags=["draft"])
        self.make("/v1/apis/pub/versions", {"label": "v2"})
        self.upload("pub", "v2")
        cls.people = {
            "nobody": self.nobody, "admin": self.admin,
            "owner": self.person("olga", "owners").ask, "friend": self.person("fritz", "friends").ask,
            "stranger": self.person("stan", "strangers").ask, "operator": self.person("otto", role="operator").ask,
        }
        self.patch("/v1/users/otto", {"role": "operator"})
        cls.people["operator"] = self.person("otto").ask

    SEES = {
        "nobody": {"pub"},
        "stranger": {"pub", "int"},
        "friend": {"pub", "int", "priv"},
        "owner": {"pub", "int", "priv", "draft"},
        "operator": {"pub", "int", "priv", "draft"},
        "admin": {"pub", "int", "priv", "draft"},
    }

    def test_lists_counts_and_search(self):
        for who, sees in self.SEES.items():
            for query in ("", "&q=owners", "&team=owners"):
                page = self.people[who]("GET", f"/v1/apis?limit=500{query}", expect=200).json
                self.assertEqual(({row["slug"] for row in page["items"]}, page["total"]), (sees, len(sees)), (who, query))

    def test_tags(self):
        for who, sees in self.SEES.items():
            tags = self.people[who]("GET", "/v1/tags", expect=200).json["items"]
            self.assertEqual({row["tag"] for row in tags}, sees, who)

    def test_single_objects_and_all_that_is_below_them(self):
        operation = {slug: self.admin("GET", f"/v1/apis/{slug}/versions/v1/operations").json["items"][0]["id"] for slug in self.SEES["admin"]}
        below = ("", "/versions", "/versions/v1", "/versions/v1/document", "/versions/v1/revisions", "/versions/v1/operations", "/versions/v1/operations/{}")
        for who, sees in self.SEES.items():
            for slug in self.SEES["admin"]:
                for place in below:
                    answer = self.people[who]("GET", f"/v1/apis/{slug}{place.format(operation[slug])}")
                    self.assertEqual(answer.status, 200 if slug in sees else 404, (who, slug, place))

    def test_an_unseen_object_looks_like_an_absent_one(self):
        for who in ("nobody", "stranger"):
            for place in ("", "/versions", "/versions/v1", "/versions/v1/document"):
                unseen, absent = (self.people[who]("GET", f"/v1/apis/{slug}{place}").json for slug in ("priv", "absent"))
                for answer in (unseen, absent):
                    del answer["request_id"]
                self.assertEqual(unseen, absent)

    def test_drafts_of_a_published_api(self):
        for who in self.SEES:
            seen = who in ("owner", "operator", "admin")
            self.assertEqual(self.people[who]("GET", "/v1/apis/pub/versions/v2").status, 200 if seen else 404, who)
            self.assertEqual(self.people[who]("GET", "/v1/apis/pub/versions/v2/document").status, 200 if seen else 404, who)
            self.assertEqual(self.people[who]("GET", "/v1/apis/pub/versions").json["total"], 2 if seen else 1, who)

    def test_explaining_shows_no_more(self):
        for who, sees in self.SEES.items():
            for slug in self.SEES["admin"]:
                answer = self.people[who]("POST", "/v1/explain", {"api": slug, "version": "v1", "method": "GET", "path": "/parcels"})
                self.assertEqual(answer.status, 401 if who == "nobody" else 200 if slug in sees else 404, (who, slug))


class TeamTest(RestCase):
    """Objects of one team before members of another: reading is 404, and so is every change."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.api("a", "reds", visibility="private")
        self.api("b", "blues", visibility="internal")
        self.plan("p", "a", "b")
        self.app("red-app", "reds"), self.app("blue-app", "blues")
        cls.key = self.make("/v1/apps/red-app/keys", {})["key"]["id"]
        cls.sub = self.make("/v1/subscriptions", {"app": "red-app", "api": "a", "plan": "p"})["id"]
        cls.to_blues = self.make("/v1/subscriptions", {"app": "red-app", "api": "b", "plan": "p"})["id"]
        cls.red, cls.blue = self.person("rosa", "reds", "maintainer").ask, self.person("bill", "blues", "maintainer").ask
        cls.blue_member = self.person("bob", "blues", "member").ask

    def test_reading_and_changing_what_another_team_has(self):
        any_state = {"if-match": '"1"'}
        calls = [
            ("GET", "/v1/apis/a", None, {}), ("PATCH", "/v1/apis/a", {"name": "X"}, any_state), ("DELETE", "/v1/apis/a", None, {}),
            ("POST", "/v1/apis/a/versions", {"label": "v9"}, {}), ("PATCH", "/v1/apis/a/versions/v1", {"successor": None}, any_state),
            ("POST", "/v1/apis/a/versions/v1/stage", {"stage": "deprecated", "sunset_at": "2099-01-01T00:00:00Z"}, {}), ("DELETE", "/v1/apis/a/versions/v1", None, {}),
            ("PUT", "/v1/apis/a/versions/v1/document?name=x.yaml", b"openapi: 3.1.0", {"content-type": "application/yaml"}),
            ("GET", "/v1/apps/red-app", None, {}), ("PATCH", "/v1/apps/red-app", {"name": "X"}, any_state),
            ("GET", "/v1/apps/red-app/keys", None, {}), ("POST", "/v1/apps/red-app/keys", {}, {}), ("DELETE", f"/v1/apps/red-app/keys/{self.key}", None, {}),
            ("GET", f"/v1/subscriptions/{self.sub}", None, {}),
            *[("POST", f"/v1/subscriptions/{self.sub}/{step}", {"reason": "x"}, {}) for step in ("approve", "reject", "withdraw", "suspend", "resume", "revoke")],
        ]
        before = self.admin("GET", "/v1/events?limit=1").json["total"]
        for method, target, body, headers in calls:
            answer = self.blue(method, target, body, headers)
            self.assertEqual(answer.status, 404, (method, target, answer))
        self.assertEqual(self.admin("GET", "/v1/events?limit=1").json["total"], before)

    def test_lists_hold_one_teams_objects(self):
        slugs = lambda target: {row["slug"] for row in self.blue("GET", target, expect=200).json["items"]}
        self.assertEqual(slugs("/v1/apps"), {"blue-app"})
        self.assertEqual(slugs("/v1/apps?team=reds"), set())
        self.assertEqual({row["id"] for row in self.blue("GET", "/v1/subscriptions").json["items"]}, {self.to_blues})
        teams = {row["team_id"] if "team_id" in row else row["subject"] for row in self.blue("GET", "/v1/events?limit=500").json["items"]}
        self.assertFalse(any(str(subject).startswith(("a/", "red-app/", "reds")) for subject in teams), teams)

    def test_names_in_bodies_reach_no_further_than_addresses(self):
        self.problem(self.blue("POST", "/v1/apis", {"slug": "theft", "name": "T", "team": "reds"}), 403)
        self.problem(self.blue("POST", "/v1/apps", {"slug": "theft", "name": "T", "team": "reds"}), 403)
        self.problem(self.blue("POST", "/v1/subscriptions", {"app": "red-app", "api": "b", "plan": "p"}), 422, "/app")
        self.problem(self.blue("POST", "/v1/subscriptions", {"app": "blue-app", "api": "a", "plan": "p"}), 422, "/api")
        self.problem(self.patch("/v1/apis/b", {"team": "reds"}, self.blue, 403), 403)
        self.problem(self.blue("POST", "/v1/deployments", {"api": "a", "version": "v1", "group": "g", "base_path": "/x", "upstream": "http://127.0.0.1:8"}), 422, "/api")

    def test_members_do_less_than_maintainers(self):
        self.problem(self.patch("/v1/apis/b", {"summary": "by a member"}, self.blue_member, 403), 403, words="maintainers")
        self.problem(self.upload("b", "v1", who=self.blue_member, expect=403), 403)
        self.problem(self.blue_member("POST", f"/v1/subscriptions/{self.to_blues}/approve"), 403)
        self.patch("/v1/apps/blue-app", {"description": "by a member"}, self.blue_member)
        self.patch("/v1/apis/b", {"summary": "by a maintainer"}, self.blue)
        self.problem(self.blue("PUT", "/v1/teams/blues/members/rosa", {"role": "owner"}), 403, words="owners")

    def test_people_do_less_than_operators(self):
        for target, body in (("/v1/users", {"name": "x"}), ("/v1/plans", {"slug": "x", "name": "X"}), ("/v1/groups", {"slug": "x", "name": "X"}),
                             ("/v1/gateways", {"slug": "x", "group": "g", "listener": "127.0.0.1:1", "admin": "127.0.0.1:2"})):
            self.problem(self.blue("POST", target, body), 403)
        self.make("/v1/groups", {"slug": "g2", "name": "G"})
        self.make("/v1/gateways", {"slug": "gw", "group": "g2", "listener": "127.0.0.1:19989", "admin": "127.0.0.1:19988"})
        for place in ("", "/status", "/consumers", "/bootstrap"):
            self.assertEqual(self.blue("GET", f"/v1/gateways/gw{place}").status, 404, place)
        self.assertEqual(self.blue("GET", "/v1/gateways").json["total"], 0)
        self.problem(self.blue("POST", "/v1/gateways/gw/token"), 403)
        self.problem(self.blue("GET", "/v1/live"), 403)
        self.assertEqual([row["name"] for row in self.blue("GET", "/v1/users").json["items"]], ["bill"])
        self.assertEqual(self.blue("GET", "/v1/users/rosa").status, 404)
        self.problem(self.blue("PATCH", "/v1/users/bill", {"role": "admin"}, {"if-match": '"1"'}), 403)


class ApprovalTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        self = cls()
        self.api("api", "keepers", visibility="internal")
        self.team("askers")
        self.plan("plan", "api")
        cls.kay, cls.ken = self.person("kay", "keepers", "maintainer").ask, self.person("ken", "keepers", "maintainer").ask
        cls.ann = self.person("ann", "askers").ask

    def request(self, app, who, team="askers"):
        self.make("/v1/apps", {"slug": app, "name": app, "team": team})
        return "/v1/subscriptions/" + who("POST", "/v1/subscriptions", {"app": app, "api": "api", "plan": "plan"}, expect=201).json["id"]

    def test_the_owner_of_the_api_decides_not_the_one_who_asks(self):
        where = self.request("one", self.ann)
        self.problem(self.ann("POST", f"{where}/approve"), 403)
        self.assertEqual(self.ann("GET", "/v1/subscriptions?awaiting=true").json["total"], 0)
        self.assertIn(where[-13:], [row["id"] for row in self.kay("GET", "/v1/subscriptions?awaiting=true").json["items"]])
        self.assertEqual(self.kay("POST", f"{where}/approve", expect=200).json["decided_by"], "kay")
        self.problem(self.kay("POST", f"{where}/withdraw"), 403)

    def test_nobody_approves_their_own_request(self):
        where = self.request("own", self.kay, "keepers")
        self.problem(self.kay("POST", f"{where}/approve"), 403, words="own request")
        self.assertEqual(self.ken("POST", f"{where}/approve", expect=200).json["state"], "approved")

    def test_of_two_who_decide_at_once_one_wins(self):
        for turn in range(12):
            where, answers, start = self.request(f"race-{turn}", self.ann), {}, threading.Barrier(2)

            def decide(name, who, step, where=where, answers=answers, start=start):
                start.wait()
                answers[name] = who("POST", f"{where}/{step}", {"reason": name})

            steps = ("approve", "approve") if turn % 2 else ("approve", "reject")
            threads = [threading.Thread(target=decide, args=(name, who, step)) for name, who, step in zip(("kay", "ken"), (self.kay, self.ken), steps)]
            [thread.start() for thread in threads], [thread.join() for thread in threads]
            self.assertEqual(sorted(answer.status for answer in answers.values()), [200, 409])
            winner = next(name for name, answer in answers.items() if answer.status == 200)
            row = self.admin("GET", where).json
            self.assertEqual((row["decided_by"], row["reason"], row["state"]), (winner, winner, answers[winner].json["state"]))
            loser = next(answer for answer in answers.values() if answer.status == 409)
            self.assertIn(winner, loser.json["detail"])
            self.assertEqual(self.admin("GET", f"/v1/events?subject={where[-13:]}").json["total"], 2)


if __name__ == "__main__":
    main()

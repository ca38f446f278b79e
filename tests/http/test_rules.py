"""What holds for every operation: states, members, parameters, methods, pages, repetition, forgery."""
import gzip
import json
import threading

from case import CONTRACT, RestCase, ask, main

JSON = {"content-type": "application/json"}


class MatchTest(RestCase):
    def test_a_change_needs_the_state_it_was_made_for(self):
        self.make("/v1/teams", {"slug": "match", "name": "Match"})
        etag = self.admin("GET", "/v1/teams/match").headers["etag"]
        change = lambda headers: self.admin("PATCH", "/v1/teams/match", {"name": "New"}, headers)
        self.problem(change({}), 428, words="if-match")
        for wrong in ('"0"', '"999"', '"nonsense"', "1", '""', '"-1"', '"99999999999999999999"'):
            self.problem(change({"if-match": wrong}), 412)
        self.assertEqual(change({"if-match": etag}).status, 200)
        self.problem(change({"if-match": etag}), 412, words="somebody else")
        self.problem(change({"if-match": "*"}), 428)

    def test_actions_and_deletes_honour_the_state_when_told(self):
        self.team("match")
        self.make("/v1/apis", {"slug": "m", "name": "M", "team": "match"})
        self.make("/v1/apis/m/versions", {"label": "v1"})
        self.upload("m", "v1")
        stale = {"if-match": '"77"'}
        self.problem(self.admin("POST", "/v1/apis/m/versions/v1/stage", {"stage": "published"}, stale), 412)
        self.make("/v1/groups", {"slug": "g", "name": "G"})
        self.make("/v1/gateways", {"slug": "gw", "group": "g", "listener": "127.0.0.1:19990", "admin": "127.0.0.1:19991"})
        self.problem(self.admin("DELETE", "/v1/gateways/gw", headers=stale), 412)
        for target in ("/v1/apis/m/versions/v1", "/v1/apis/m"):
            self.problem(self.admin("DELETE", target, headers=stale), 412)

    def test_two_writers_of_one_state(self):
        self.make("/v1/teams", {"slug": "twins", "name": "Twins"})
        etag = self.admin("GET", "/v1/teams/twins").headers["etag"]
        answers = []
        change = lambda name: answers.append(self.admin("PATCH", "/v1/teams/twins", {"name": name}, {"if-match": etag}).status)
        threads = [threading.Thread(target=change, args=(f"Twin {n}",)) for n in range(8)]
        [thread.start() for thread in threads], [thread.join() for thread in threads]
        self.assertEqual(sorted(answers), [200] + [412] * 7)


class MemberTest(RestCase):
    """Every body of the contract, taken apart: what a member may be is what it says."""

    def test_unknown_and_read_only_members_are_refused(self):
        self.make("/v1/teams", {"slug": "fields", "name": "Fields"})
        post = lambda body: self.admin("POST", "/v1/teams", body)
        self.problem(post({"slug": "x", "name": "X", "nmae": "Y"}), 422, "/nmae", "did you mean name?")
        for name in ("id", "member_count", "created_at"):
            self.problem(post({"slug": "x", "name": "X", name: 1}), 422, f"/{name}", "read-only")
        self.problem(post({"slug": "x", "name": "X", "etag": 7}), 422, "/etag", "such a field")
        self.problem(post({"slug": "x"}), 422, "/name", "required")
        self.problem(post({"slug": "Not A Slug", "name": "X"}), 422, "/slug")
        self.problem(post({"slug": "x", "name": 7}), 422, "/name")
        self.problem(post({"slug": "x", "name": "X", "a/b~c": 1}), 422, "/a~1b~0c")
        self.problem(self.patch("/v1/teams/fields", {"slug": "other"}, expect=422), 422, "/slug")
        self.assertEqual(self.admin("GET", "/v1/teams/x").status, 404)

    def test_every_create_and_patch_refuses_what_the_contract_does_not_list(self):
        """Of each row schema: members that its request schema does not have."""
        names = self.everything()
        where = {noun.title(): f"{noun}s/{names[noun]}" for noun in ("user", "team", "api", "plan", "app", "group", "gateway", "deployment")}
        where["Version"] = f"apis/{names['api']}/versions/{names['version']}"
        schemas = CONTRACT.document["components"]["schemas"]
        tried = 0
        for noun, place in where.items():
            row, collection = schemas[noun], "/v1/" + place.rpartition("/")[0]
            value = row["examples"][0]
            for name in set(row["properties"]) - set(schemas[f"{noun}Patch"]["properties"]):
                self.problem(self.patch(f"/v1/{place}", {name: value[name]}, expect=422), 422, f"/{name}")
                tried += 1
            for name in set(row["properties"]) - set(schemas[f"{noun}Create"]["properties"]):
                self.problem(self.admin("POST", collection, {name: value[name]}), 422, f"/{name}")
                tried += 1
            for name in schemas[f"{noun}Create"]["required"]:
                body = {k: v for k, v in schemas[f"{noun}Create"]["examples"][0].items() if k != name}
                self.assertIn(f"/{name}", [e["pointer"] for e in self.admin("POST", collection, body).json["errors"]], noun)
                tried += 1
        self.assertGreater(tried, 90)

    def test_members_of_the_contract_are_members_of_the_program(self):
        """The reverse: each member that may be set is known (a null clears it or is refused as null)."""
        self.make("/v1/teams", {"slug": "nulls", "name": "N"})
        schemas = CONTRACT.document["components"]["schemas"]
        for noun, collection in (("User", "users"), ("Team", "teams"), ("Api", "apis"), ("Plan", "plans"), ("App", "apps"), ("Group", "groups"), ("Gateway", "gateways"),
                                 ("Deployment", "deployments"), ("Subscription", "subscriptions")):
            for name in schemas[f"{noun}Create"]["properties"]:
                answer = self.admin("POST", f"/v1/{collection}", {name: None})
                self.assertIn(answer.status, (422,), f"{noun} {name}: {answer}")
                self.assertNotIn("such a field", answer.json["detail"])
                self.assertNotIn("read-only", answer.json["detail"])


class RequestTest(RestCase):
    def test_bodies_are_json_objects(self):
        post = lambda body, headers=JSON: self.admin("POST", "/v1/teams", body, headers)
        self.problem(post(b'{"slug": "a", "name"}'), 400, words="line 1 column")
        self.problem(post(b'{"slug": "a", "slug": "b", "name": "A"}'), 400)
        self.problem(post(b'{"slug": "\xff", "name": "A"}'), 400)
        for body in (b"[]", b"7", b"null", b'"text"', b""):
            self.problem(post(body), 422, words="JSON object")
        self.problem(post(b"[" * 100 + b"]" * 100), 413, words="32 levels")
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/merge-patch+json", ""):
            self.problem(post(b'{"slug": "a", "name": "A"}', {"content-type": kind}), 415, words="application/json")
        self.assertEqual(self.admin("GET", "/v1/teams/a").status, 404)
        self.assertEqual(post(b'{"slug": "a", "name": "A"}', {"content-type": "Application/JSON; charset=utf-8"}).status, 201)
        self.problem(post(b"{" + b" " * (1 << 20) + b"}"), 413)
        self.problem(self.admin("DELETE", "/v1/teams/a/members/x", {"force": True}), 422, "/force")

    def test_unknown_parameters_are_refused(self):
        self.problem(self.admin("GET", "/v1/apis?tema=x"), 400, words="did you mean team?")
        self.problem(self.admin("GET", "/v1/users?q=x"), 400)
        self.problem(self.admin("GET", "/v1/teams?q=a&q=b"), 400, words="twice")
        self.problem(self.admin("GET", "/v1/me?verbose=1"), 400)
        self.problem(self.admin("POST", "/v1/teams?limit=1", {"slug": "b", "name": "B"}), 400)
        self.problem(self.admin("GET", "/v1/apis?stage=famous"), 400, words="famous")
        self.problem(self.admin("GET", "/v1/subscriptions?mine=yes"), 400)
        self.assertEqual(self.admin("GET", "/v1/teams/b").status, 404)

    def test_every_list_refuses_an_unknown_parameter(self):
        for name, (method, path, operation, parameters) in CONTRACT.operations.items():
            if method == "GET" and "{" not in path and path.startswith("/v1/") and name != "getLive":
                self.assertIn(self.admin("GET", f"{path}?no_such_parameter=1").status, (400,), name)

    def test_methods_and_paths(self):
        answer = self.admin("PUT", "/v1/teams", {})
        self.problem(answer, 405)
        self.assertEqual(answer.headers["allow"], "GET, HEAD, POST, OPTIONS")
        self.assertEqual(self.admin("OPTIONS", "/v1/teams/x").status, 204)
        for target in ("/v1/nowhere", "/v1/teams/", "/v1/", "/v1/apis/a/versions/b/nothing"):
            self.problem(self.admin("GET", target), 404)
        for target in ("/v1/teams/%2e%2e", "/v1/teams/a%2Fb", "/v1/teams/%00", "/v1/teams/%zz"):
            self.assertEqual(self.admin("GET", target).status, 400, target)

    def test_answers_are_not_cached_unless_they_have_a_state(self):
        self.team("cache")
        self.assertEqual(self.admin("GET", "/v1/teams/cache").headers["cache-control"], "private, no-cache")
        for target in ("/v1/teams", "/v1/me", "/v1/events", "/v1/teams/none"):
            self.assertEqual(self.admin("GET", target).headers["cache-control"], "no-store", target)

    def test_a_request_id_is_echoed(self):
        self.assertEqual(self.admin("GET", "/v1/teams/none", headers={"x-request-id": "abc-123"}).json["request_id"], "abc-123")


class PageTest(RestCase):
    def test_pages_join_to_the_whole_list(self):
        names = [f"team-{n:03}" for n in range(120)]
        for name in names:
            self.make("/v1/teams", {"slug": name, "name": name})
        for limit, pages in ((50, 3), (60, 2), (119, 2), (120, 1), (500, 1), (None, 3)):
            found, cursor, count = [], None, 0
            while count == 0 or cursor:
                query = "&".join(part for part in (limit and f"limit={limit}", cursor and f"cursor={cursor}", "q=team-") if part)
                page = self.admin("GET", f"/v1/teams?{query}", expect=200).json
                self.assertEqual(page["total"], 120)
                found += [row["slug"] for row in page["items"]]
                cursor, count = page["next"], count + 1
            self.assertEqual((found, count), (names, pages))

    def test_a_page_goes_on_behind_rows_that_came_and_went(self):
        for n in range(6):
            self.make("/v1/groups", {"slug": f"g{n}", "name": "G"})
        first = self.admin("GET", "/v1/groups?limit=3").json
        self.make("/v1/groups", {"slug": "a-new-one-before", "name": "G"})
        rest = self.admin("GET", f"/v1/groups?limit=500&cursor={first['next']}").json["items"]
        self.assertEqual([row["slug"] for row in rest], ["g3", "g4", "g5"])

    def test_bad_limits_and_cursors_are_refused(self):
        for limit in ("0", "-1", "501", "x", "", "1.5", "99999999999999999999"):
            self.problem(self.admin("GET", f"/v1/teams?limit={limit}"), 400, words="limit")
        for cursor in ("x", "", "00", "fffffffffffe", "7465616d0000", "a" * 500):
            self.problem(self.admin("GET", f"/v1/teams?cursor={cursor}"), 400, words="cursor")
        for n in range(3):
            self.make("/v1/groups", {"slug": f"c{n}", "name": "G"})
        good = self.admin("GET", "/v1/groups?limit=1").json["next"]
        self.problem(self.admin("GET", f"/v1/groups?cursor={good[:-1]}{'0' if good[-1] != '0' else '1'}"), 400, words="cursor")
        self.problem(self.admin("GET", f"/v1/events?cursor={good}"), 400, words="cursor")


class RepeatTest(RestCase):
    def post(self, target, body, key, who=None, **more):
        return (who or self.admin)("POST", target, body, {"idempotency-key": key, **more})

    def events(self):
        return self.admin("GET", "/v1/events?limit=1").json["total"]

    def test_the_same_request_is_answered_again_and_done_once(self):
        body = {"slug": "once", "name": "Once"}
        first = self.post("/v1/teams", body, "k-1")
        events = self.events()
        again = self.post("/v1/teams", body, "k-1")
        self.assertEqual((first.status, again.status), (201, 201))
        self.assertEqual((again.body, again.headers["location"], again.headers["etag"]), (first.body, first.headers["location"], first.headers["etag"]))
        self.assertEqual(self.events(), events)

    def test_another_request_with_the_same_key_is_refused(self):
        self.assertEqual(self.post("/v1/teams", {"slug": "k-a", "name": "A"}, "k-2").status, 201)
        self.problem(self.post("/v1/teams", {"slug": "k-b", "name": "B"}, "k-2"), 422, words="another request")
        self.assertEqual(self.admin("GET", "/v1/teams/k-b").status, 404)

    def test_a_refused_request_may_be_tried_again(self):
        self.problem(self.post("/v1/teams", {"slug": "later"}, "k-3"), 422)
        self.assertEqual(self.post("/v1/teams", {"slug": "later", "name": "L"}, "k-3").status, 201)

    def test_keys_belong_to_their_caller(self):
        one, two = self.person("rita"), self.person("rolf")
        body = {"slug": "mine-1", "name": "Mine"}
        self.assertEqual(self.post("/v1/teams", body, "shared", one.ask).status, 201)
        self.problem(self.post("/v1/teams", body, "shared", two.ask), 409)
        self.assertEqual(self.post("/v1/teams", {"slug": "mine-2", "name": "M"}, "shared", two.ask).status, 201)
        self.assertEqual(self.post("/v1/groups", {"slug": "mine-3", "name": "M"}, "shared").status, 201)
        self.problem(self.post("/v1/groups", {"slug": "mine-4", "name": "M"}, "shared"), 422, words="another request")

    def test_actions_are_repeated_too(self):
        self.api("r", "repeaters")
        self.plan("r", "r")
        self.app("r", "repeaters")
        asked = self.make("/v1/subscriptions", {"app": "r", "api": "r", "plan": "r"})
        approve = lambda: self.post(f"/v1/subscriptions/{asked['id']}/approve", {"reason": "yes"}, "k-4")
        self.assertEqual([approve().status, approve().status], [200, 200])
        self.problem(self.admin("POST", f"/v1/subscriptions/{asked['id']}/approve"), 409)

    def test_a_secret_is_not_repeated(self):
        self.app("s", "repeaters")
        first = self.post("/v1/apps/s/keys", {"name": "k"}, "k-5")
        again = self.post("/v1/apps/s/keys", {"name": "k"}, "k-5")
        self.problem(again, 409, words="shown only once")
        self.assertNotIn(first.json["secret"], again.body.decode())
        self.assertEqual(self.admin("GET", "/v1/apps/s/keys").json["total"], 1)

    def test_malformed_keys_are_refused(self):
        for key in ("", "a b", "x" * 201):
            self.problem(self.post("/v1/teams", {"slug": "bad-key", "name": "B"}, key), 400)
        self.assertEqual(self.admin("GET", "/v1/teams/bad-key").status, 404)

    def test_many_at_once_are_done_once(self):
        body, answers = {"slug": "crowd", "name": "Crowd"}, []
        run = lambda: answers.append(self.post("/v1/teams", body, "k-6"))
        threads = [threading.Thread(target=run) for _ in range(12)]
        [thread.start() for thread in threads], [thread.join() for thread in threads]
        self.assertLessEqual({answer.status for answer in answers}, {201, 409})
        self.assertEqual(len({answer.body for answer in answers if answer.status == 201}), 1)
        self.assertEqual(self.admin("GET", "/v1/events?kind=team.created&subject=crowd").json["total"], 1)

    def test_the_first_answer_outlives_a_restart(self):
        first = self.post("/v1/teams", {"slug": "durable", "name": "D"}, "k-7")
        self.daemon.kill()
        self.daemon.start()
        again = self.post("/v1/teams", {"slug": "durable", "name": "D"}, "k-7")
        self.assertEqual((again.status, again.body, again.headers["location"]), (201, first.body, first.headers["location"]))

    def test_the_same_key_at_another_address_is_another_request(self):
        for app in ("t1", "t2"):
            self.app(app, "repeaters")
        self.assertEqual(self.post("/v1/apps/t1/keys", {}, "k-8").status, 201)
        self.problem(self.post("/v1/apps/t2/keys", {}, "k-8"), 422)


class ForgeryTest(RestCase):
    """S6: every changing operation of the contract, so a new one cannot be forgotten."""

    def changing(self):
        for name, (method, path, _, _) in CONTRACT.operations.items():
            if method != "GET":
                yield name, method, path.replace("{", "").replace("}", "")

    def test_a_session_changes_nothing_without_its_token(self):
        person = self.person("victim", role="admin")
        self.patch("/v1/users/victim", {"role": "admin"})
        person = self.person("victim")
        before = self.admin("GET", "/v1/events?limit=1").json["total"]
        count = 0
        for name, method, path in self.changing():
            for headers in ({"x-csrf-token": ""}, {"x-csrf-token": "0" * 32}, {"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
                answer = person.ask(method, path, {} if method in ("POST", "PATCH") else None, headers)
                self.assertEqual(answer.status, 403, f"{name} {headers}: {answer}")
                count += 1
        self.assertGreater(count, 150)
        self.assertEqual(self.admin("GET", "/v1/events?limit=1").json["total"], before)
        own = {"origin": f"http://127.0.0.1:{self.daemon.port}", "sec-fetch-site": "same-origin"}
        person.ask("POST", "/v1/teams", {"slug": "mine", "name": "Mine"}, own, expect=201)

    def test_reading_changes_nothing(self):
        self.api("quiet", "quiet")
        before = self.admin("GET", "/v1/events?limit=1").json["items"]
        for name, (method, path, _, _) in CONTRACT.operations.items():
            if method == "GET":
                self.admin("GET", path.replace("{api}", "quiet").replace("{version}", "v1").replace("{team}", "quiet").replace("{", "").replace("}", ""))
        self.assertEqual(self.admin("GET", "/v1/events?limit=1").json["items"], before)

    def test_a_session_that_is_over_is_nobody(self):
        person = self.person("gone")
        person.cookie = "0" * 43
        person.ask("GET", "/v1/me", expect=401)
        person.ask("GET", "/v1/apis", expect=200)

    def test_cookies_of_a_whole_domain_are_no_hindrance(self):
        self.nobody("GET", "/v1/apis", headers={"cookie": "; ".join(f"other-{n}={'x' * 700}" for n in range(10))}, expect=200)


class EncodingTest(RestCase):
    def test_lists_and_objects_are_compressed_and_can_be_changed_by_their_tag(self):
        takes = {"accept-encoding": "gzip"}
        self.make("/v1/teams", {"slug": "long", "name": "Long", "description": "words " * 400})
        packed = self.send_packed("/v1/teams/long", takes)
        self.assertEqual(packed.headers["etag"], 'W/"1"')
        patched = self.admin("PATCH", "/v1/teams/long", {"on_call": "7"}, {"if-match": packed.headers["etag"]}, expect=200)
        self.assertEqual(patched.headers["etag"], '"2"')
        self.admin("PATCH", "/v1/teams/long", {"on_call": "8"}, {"if-match": packed.headers["etag"]}, expect=412)
        packed = self.send_packed("/v1/teams", takes)
        self.admin("GET", "/v1/teams/long", headers={**takes, "if-none-match": 'W/"2"'}, expect=304)
        self.assertNotIn("content-encoding", self.admin("GET", "/v1/teams", expect=200).headers)

    def send_packed(self, target, headers):
        """A compressed answer is the plain one, byte for byte."""
        connection = self.unix()
        packed = ask(connection, "GET", target, None, headers)
        connection.close()
        self.assertEqual((packed.status, packed.headers["content-encoding"], packed.headers["vary"]), (200, "gzip", "Accept-Encoding"))
        self.assertEqual(gzip.decompress(packed.body), self.admin("GET", target, expect=200).body)
        return packed


if __name__ == "__main__":
    main()

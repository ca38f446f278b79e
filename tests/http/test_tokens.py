"""Personal tokens over REST: made, listed, used by their scope, refused alike; and one's own password."""
import calendar
import sqlite3
import time

from case import RestCase, main

FUTURE, PAST = "2099-01-01T00:00:00Z", "2001-01-01T00:00:00Z"
PASSWORD = "a long password"


class TokenTest(RestCase):
    maxDiff = None

    def setUp(self):
        for team in ("crew", "desk"):
            self.team(team)

    def token(self, person, name, scope="read", **more):
        return person.ask("POST", f"/v1/users/{person.name}/tokens", {"name": name, "scope": scope, **more}, expect=201)

    def by(self, secret, method, target, body=None, headers=None, expect=None, connection=None):
        """A program with nothing but its token."""
        return self.send(connection or self.tcp(), method, target, body, {"authorization": f"Bearer {secret}", **(headers or {})}, expect)

    def refused(self, secret, target="/v1/me", headers=None):
        answer = self.by(secret, "GET", target, headers=headers, expect=401)
        self.assertEqual(answer.headers["www-authenticate"], 'Bearer realm="chancery", error="invalid_token"')
        return {k: v for k, v in answer.json.items() if k != "request_id"}, {k: v for k, v in answer.headers.items() if k not in ("date", "x-request-id")}

    def test_a_token_acts_for_its_owner(self):
        person = self.person("tina", "crew", "owner")
        made = self.token(person, "laptop", "write")
        self.assertEqual(made.headers["location"], f"/v1/users/tina/tokens/{made.json['token']['id']}")
        self.assertEqual(made.headers["cache-control"], "no-store")
        secret = made.json["secret"]
        me = self.by(secret, "GET", "/v1/me", expect=200)
        self.assertEqual((me.json["name"], me.json["via"], me.json["scope"]), ("tina", "token", "write"))
        self.assertNotIn("x-csrf-token", me.headers)
        self.assertNotIn("set-cookie", me.headers)
        self.by(secret, "POST", "/v1/apps", {"slug": "by-token", "name": "By token", "team": "crew"}, expect=201)
        event = self.admin("GET", "/v1/events?subject=by-token", expect=200).json["items"][0]
        self.assertEqual(event["principal"], "tina via token laptop")
        row = person.ask("GET", "/v1/users/tina/tokens", expect=200).json["items"][0]
        self.assertLess(time.time() - calendar.timegm(time.strptime(row["last_used_at"], "%Y-%m-%dT%H:%M:00.000Z")), 3600)
        self.assertEqual(row, made.json["token"] | {"last_used_at": row["last_used_at"]})
        self.assertEqual(self.by(secret, "GET", "/v1/me", connection=self.unix(), expect=200).json["name"], "tina")

    def test_scopes_hold_back_what_the_owner_may(self):
        self.make("/v1/users", {"name": "opal", "role": "operator"})
        opal = self.person("opal", "desk", "maintainer")
        read, write, admin = (self.token(opal, scope, scope).json["secret"] for scope in ("read", "write", "admin"))
        for secret in (read, write, admin):
            self.by(secret, "GET", "/v1/gateways", expect=200)
            self.by(secret, "GET", "/v1/live", expect=200)
        own = {"slug": "opals", "name": "Opals", "team": "desk"}
        self.problem(self.by(read, "POST", "/v1/apis", own), 403, words='use a token with the scope "write"')
        self.by(write, "POST", "/v1/apis", own, expect=201)
        other = {"slug": "others", "name": "Others", "team": self.team("elsewhere")}
        self.problem(self.by(write, "POST", "/v1/apis", other), 403, words='use a token with the scope "admin"')
        self.by(admin, "POST", "/v1/apis", other, expect=201)
        plan = {"slug": "opal-plan", "name": "P"}
        self.problem(self.by(write, "POST", "/v1/plans", plan), 403, words="admin")
        self.by(admin, "POST", "/v1/plans", plan, expect=201)
        self.problem(self.by(admin, "POST", "/v1/users", {"name": "nobody-made"}), 403, words="administrators")
        for secret in (read, write, admin):
            self.problem(self.by(secret, "POST", "/v1/users/opal/tokens", {"name": "more"}), 403, words="no token may")
            self.problem(self.by(secret, "PUT", "/v1/me/password", {"current_password": "x", "password": PASSWORD}), 403, words="sign in")
            self.by(secret, "GET", "/v1/users/opal/tokens", expect=200)
        self.problem(self.by(read, "PUT", "/v1/apis/opals/versions/v1/document", b"x", {"content-type": "application/yaml"}), 404)

    def test_what_is_not_valid_is_refused_alike(self):
        person = self.person("rita", "crew")
        good, revoked = self.token(person, "good").json, self.token(person, "revoked").json
        person.ask("DELETE", f"/v1/users/rita/tokens/{revoked['token']['id']}", expect=200)
        over = self.token(person, "over").json
        with sqlite3.connect(self.daemon.settings["database"], timeout=10) as db:
            db.execute("UPDATE token SET not_after = ? WHERE name = 'over'", (int(time.time() * 1000) - 1,))
        db.close()
        unknown = "chp_" + "0" * 38
        said = self.refused(revoked["secret"])
        for secret in (unknown, good["secret"][:-1] + "~", "", "x", "chy_l" + "0" * 38):
            self.assertEqual(self.refused(secret), said)
        self.assertEqual(self.refused(over["secret"]), said)
        # neither a cookie, nor being the local administrator, nor an open operation stands in for it
        self.assertEqual(self.refused(unknown, headers=person.headers("GET")), said)
        self.by(unknown, "GET", "/v1/me", connection=self.unix(), expect=401)
        self.refused(unknown, "/v1/apis")
        self.patch("/v1/users/rita", {"disabled": True})
        self.assertEqual(self.refused(good["secret"]), said)
        self.patch("/v1/users/rita", {"disabled": False})
        self.by(good["secret"], "GET", "/v1/me", expect=200)

    def test_nobody_is_told_which_scheme_to_use(self):
        answer = self.nobody("GET", "/v1/me", expect=401)
        self.assertEqual(answer.headers["www-authenticate"], 'Bearer realm="chancery"')
        self.nobody("GET", "/v1/me", headers={"authorization": "Basic eDp5"}, expect=401)
        self.nobody("GET", "/v1/apis", headers={"authorization": "Basic eDp5"}, expect=200)
        person = self.person("shout", "crew")
        secret = self.token(person, "a").json["secret"]
        self.send(self.tcp(), "GET", "/v1/me", headers={"authorization": f"bEARER   {secret} "}, expect=200)

    def test_tokens_do_nothing_on_pages_and_are_not_taken_from_elsewhere(self):
        person = self.person("paula", "crew")
        secret = self.token(person, "a").json["secret"]
        connection = self.tcp()
        connection.request("GET", "/apps", headers={"authorization": f"Bearer {secret}"})
        self.assertEqual(connection.getresponse().status, 303)
        connection.close()
        connection = self.tcp()
        connection.request("GET", f"/v1/me?access_token={secret}", headers={"cookie": f"chancery={secret}"})
        self.assertEqual(connection.getresponse().status, 401)
        connection.close()

    def test_a_repeated_creation_shows_no_secret_again(self):
        person = self.person("ike", "crew")
        key = {"idempotency-key": "once"}
        body = {"name": "twice"}
        person.ask("POST", "/v1/users/ike/tokens", body, key, expect=201)
        self.problem(person.ask("POST", "/v1/users/ike/tokens", body, key), 409, words="shown only once")

    def test_bodies_are_judged(self):
        person = self.person("jo", "crew")
        target = "/v1/users/jo/tokens"
        for pointer, body in (("/name", {}), ("/name", {"name": "a b"}), ("/scope", {"name": "a", "scope": "root"}), ("/not_after", {"name": "a", "not_after": PAST}),
                              ("/not_after", {"name": "a", "not_after": FUTURE}), ("/hint", {"name": "a", "hint": "abcd"}), ("/nme", {"nme": "a"})):
            self.problem(person.ask("POST", target, body), 422, pointer)
        self.token(person, "a")
        self.problem(person.ask("POST", target, {"name": "a"}), 409, "/name", "revoke that one first")
        person.ask("DELETE", f"{target}/0000000000001", expect=404)
        person.ask("DELETE", f"{target}/nonsense", expect=404)

    def test_administrators_list_and_revoke_those_of_others(self):
        person, other = self.person("vera", "crew"), self.person("wim", "crew")
        made = self.token(person, "mine").json
        where = f"/v1/users/vera/tokens/{made['token']['id']}"
        other.ask("GET", "/v1/users/vera/tokens", expect=404)
        other.ask("DELETE", where, expect=404)
        self.make("/v1/users", {"name": "olaf", "role": "operator"})
        olaf = self.person("olaf")
        self.problem(olaf.ask("GET", "/v1/users/vera/tokens"), 403, words="administrators")
        self.problem(olaf.ask("DELETE", where), 403)
        self.problem(self.admin("POST", "/v1/users/vera/tokens", {"name": "x"}), 403, words="only the user")
        self.assertEqual(self.admin("GET", "/v1/users/vera/tokens", expect=200).json["items"], [made["token"]])
        self.assertIsNotNone(self.admin("DELETE", where, expect=200).json["revoked_at"])
        self.problem(self.admin("DELETE", where), 409, words="already")
        self.refused(made["secret"])

    # --- one's own password ------------------------------------------------------------------------

    def test_a_changed_password(self):
        self.make("/v1/users", {"name": "paul", "password": PASSWORD})
        person, elsewhere = self.person("paul"), self.person("paul")
        target, new = "/v1/me/password", "another long password"
        self.problem(person.ask("PUT", target, {"current_password": "wrong", "password": new}), 422, "/current_password")
        self.problem(person.ask("PUT", target, {"current_password": PASSWORD, "password": "short"}), 422, "/password")
        self.problem(person.ask("PUT", target, {"current_password": PASSWORD}), 422, "/password")
        self.problem(person.ask("PUT", target, {"current_password": PASSWORD, "password": new}, {"x-csrf-token": "no"}), 403)
        changed = person.ask("PUT", target, {"current_password": PASSWORD, "password": new}, expect=204)
        cookie = changed.set_cookies[0].split(";")[0]
        for old in (person, elsewhere):
            old.ask("GET", "/v1/me", expect=401)
        self.send(self.tcp(), "GET", "/v1/me", headers={"cookie": cookie}, expect=200)
        again = self.person("paul")
        self.problem(again.ask("PUT", target, {"current_password": PASSWORD, "password": new}), 422, "/current_password")
        again.ask("PUT", target, {"current_password": new, "password": PASSWORD}, expect=204)
        kinds = [row["kind"] for row in self.admin("GET", "/v1/events?subject=paul", expect=200).json["items"]]
        self.assertEqual(kinds.count("user.password"), 2)

    def test_guessing_the_present_password_ends(self):
        self.make("/v1/users", {"name": "gus", "password": PASSWORD})
        person = self.person("gus")
        for _ in range(5):
            person.ask("PUT", "/v1/me/password", {"current_password": "wrong", "password": PASSWORD}, expect=422)
        self.problem(person.ask("PUT", "/v1/me/password", {"current_password": PASSWORD, "password": PASSWORD}), 429, words="try again in 15 minutes")

    def test_who_has_no_password_cannot_change_one(self):
        self.problem(self.admin("PUT", "/v1/me/password", {"current_password": "x", "password": PASSWORD}), 403)
        self.problem(self.person("unset").ask("PUT", "/v1/me/password", {"current_password": "", "password": PASSWORD}), 422, "/current_password")


class ElsewhereTest(RestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.daemon.stop()
        cls.daemon.settings["trusted_proxies"] = "127.0.0.1"
        cls.daemon.start()

    def test_plain_http_from_another_host_is_refused(self):
        person = self.person("ella")
        secret = person.ask("POST", "/v1/users/ella/tokens", {"name": "a"}, expect=201).json["secret"]
        for scheme, status in (("http", 403), ("https", 200)):
            headers = {"authorization": f"Bearer {secret}", "x-forwarded-for": "192.0.2.7", "x-forwarded-proto": scheme}
            answer = self.send(self.tcp(), "GET", "/v1/me", headers=headers, expect=status)
            if status == 403:
                self.problem(answer, 403, words="revoke it")


if __name__ == "__main__":
    main()

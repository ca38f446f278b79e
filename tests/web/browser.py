"""A person with a browser that has neither JavaScript nor mercy: every page it sees is checked."""
import urllib.parse

from web.markup import Page

PASSWORD = "correct horse battery"


def words(text):
    return " ".join(text.split())[:700]


class Browser:
    """A person with cookies, following redirects and filling in forms; every page seen is checked."""

    def __init__(self, test, daemon):
        self.test, self.daemon, self.cookie, self.at = test, daemon, None, "/"

    def ask(self, method, target, body=None, headers=None):
        headers = {"accept": "text/html", "host": f"127.0.0.1:{self.daemon.port}", **(headers or {})}
        if self.cookie:
            headers["cookie"] = self.cookie
        if method == "POST":
            headers.setdefault("origin", f"http://127.0.0.1:{self.daemon.port}")
        answer = self.daemon.portal(method, target, body, headers)
        for cookie in answer.set_cookies:
            self.cookie = cookie.split(";")[0]
        self.test.assertIn("content-security-policy", answer.headers, target)
        return answer

    def page(self, answer, target, status):
        text = answer.body.decode()
        self.test.assertEqual(answer.status, status, f"{target}: {words(Page(text).text)}")
        page = Page(text)
        self.test.assertEqual(page.faults, [], target)
        for piece in ("<script", "<img src=x", "onerror=alert(2)>"):
            self.test.assertNotIn(piece, text, target)
        self.at = target
        page.status, page.body, page.headers = answer.status, text, answer.headers
        return page

    def get(self, target, status=200):
        return self.page(self.ask("GET", target.split("#")[0]), target, status)

    def post(self, target, fields, status=303):
        """What a form does: 303 is followed, anything else is the page itself."""
        body = urllib.parse.urlencode(fields).encode()
        answer = self.ask("POST", target, body, {"content-type": "application/x-www-form-urlencoded"})
        if status != 303:
            return self.page(answer, target, status)
        self.test.assertEqual(answer.status, 303, f"{target}: {words(Page(answer.body.decode()).text)}")
        return self.get(answer.headers["location"])

    def submit(self, page, action, fields, status=303):
        """Fills in the page's form that goes to action."""
        form = next((f for f in page.forms if f["action"] == action), None)
        self.test.assertIsNotNone(form, f"no form goes to {action} on {self.at}: {[f['action'] for f in page.forms]}")
        unknown = set(fields) - set(form["fields"])
        self.test.assertEqual(unknown, set(), f"the form to {action} has no such fields")
        return self.post(action, {**form["fields"], **fields}, status)

    def submit_get(self, page, action, fields):
        """Fills in a form that asks for a page."""
        form = next(f for f in page.forms if f["action"] == action and f["method"] == "get")
        self.test.assertEqual(set(fields) - set(form["fields"]), set())
        return self.get(action + "?" + urllib.parse.urlencode({**form["fields"], **fields}))

    def sign_in(self, name, password=PASSWORD):
        return self.submit(self.get("/sign-in"), "/sign-in", {"name": name, "password": password})

    def upload(self, target, document, status=303):
        """Sends a file by the form that goes to its own address."""
        return self.upload_files(target, {"api.yaml": document}, status)

    def upload_files(self, target, files, status=303, **fields):
        """The same with several files; without any as a browser has it."""
        def part(name, content, more=""):
            content = content.encode() if isinstance(content, str) else content
            return f"--B\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n".encode() + content + b"\r\n"

        form = next(f for f in self.get(target).forms if f["action"] == target)
        fields = {"csrf": form["fields"]["csrf"], **fields}
        self.test.assertEqual(set(fields) - set(form["fields"]), set(), f"the form to {target} has no such fields")
        body = b"".join(part(name, value) for name, value in fields.items())
        for name, content in (files or {"": b""}).items():
            body += part("document", content, f"; filename=\"{name}\"\r\nContent-Type: text/plain")
        answer = self.ask("POST", target, body + b"--B--\r\n", {"content-type": "multipart/form-data; boundary=B"})
        if status != 303:
            return self.page(answer, target, status)
        self.test.assertEqual(answer.status, 303, answer.body[:2000])
        return self.get(answer.headers["location"])

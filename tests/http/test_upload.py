"""chancery upload: a document of this machine becomes a version's, and everything that was found is told."""
import json
import pathlib
import subprocess
import tempfile

from case import RestCase, main
from kit.chancery import Chanceryd, binary

FINE = """openapi: 3.1.0
info: {title: T, version: "1", description: D., contact: {name: N, email: n@example.com}}
servers: [{url: "https://example.com"}]
tags: [{name: t, description: D.}]
paths:
  /things:
    get: {operationId: listThings, summary: S, description: D., tags: [t], responses: {"200": {description: Fine.}}}
"""
FLAWED = FINE.replace("summary: S, description: D., ", "").replace('{"200": {description: Fine.}}', "{}")


LIMIT = 66 << 20  # beyond what commands read of a document otherwise


class UploadTest(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Chanceryd(settings={"upload_limit_bytes": LIMIT})
        cls.daemon.init()
        cls.daemon.start()

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="chy-")
        self.addCleanup(folder.cleanup)
        self.place = pathlib.Path(folder.name)
        self.team("crew")

    def made(self, slug, label="v1"):
        self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": "crew", "summary": "S"})
        if label:
            self.make(f"/v1/apis/{slug}/versions", {"label": label})

    def write(self, name, text):
        file = self.place / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return name

    def chancery(self, *words, status=0, text=None):
        done = subprocess.run([binary("chancery"), "--socket", self.daemon.socket, "upload", *words], input=text, capture_output=True,
                              text=True, timeout=60, cwd=self.place)
        self.assertEqual(done.returncode, status, done.stdout + done.stderr)
        self.assertNotIn("Sanitizer", done.stderr)
        return done

    def document(self, slug, label="v1"):
        return self.admin("GET", f"/v1/apis/{slug}/versions/{label}/document", expect=200)

    def test_the_bytes_are_kept_and_every_finding_is_told(self):
        self.made("told")
        bytes_ = b"\xef\xbb\xbf# a comment\r\n" + FLAWED.encode()
        said = self.chancery("told", "v1", self.write("my api.yaml", bytes_)).stdout
        self.assertEqual(self.document("told").body, bytes_)
        rows = self.admin("GET", "/v1/apis/told/versions/v1/findings?limit=500", expect=200).json["items"]
        lines = [line for line in said.splitlines() if line.startswith("my api.yaml:")]
        self.assertEqual(sorted(lines), sorted(f"my api.yaml:{row['line']}:{row['column']}: {row['severity']}: "
                                               f"{row['pointer'] + ': ' if row['pointer'] else ''}{row['message']} ({row['code']})" for row in rows))
        self.assertGreater(len(rows), 2)
        remedies = said.split("what to do:\n")[1].splitlines()
        told = [line.strip() for line in remedies if line.startswith("  ") and not line.startswith("    ")]
        self.assertEqual(len(told), len(set(told)))
        self.assertLessEqual(set(told), {row["code"] for row in rows})
        self.assertIn("  operation-success-response\n    Callers need to know what they get when all goes well: describe a 2XX or 3XX response.\n", said)
        self.assertRegex(said.splitlines()[-1], rf"^told v1: revision [0-9a-f]{{12}}, operations 1, findings {len(rows)}, score \d+, grade [A-F]$")

    def test_a_version_is_made_when_asked_for(self):
        self.made("fresh", None)
        file = self.write("a.yaml", FINE)
        self.assertIn("--new", self.chancery("fresh", "v1", file, status=1).stderr)
        self.assertIn("findings 0, score 100, grade A", self.chancery("fresh", "v1", file, "--new").stdout)
        self.assertIn("v1", self.chancery("--new", "fresh", "v1", file, status=1).stderr)
        self.assertIn("no such API", self.chancery("--new", "nobody", "v1", file, status=1).stderr)

    def test_what_the_gate_holds_back_says_what_to_do(self):
        self.made("held")
        self.chancery("held", "v1", self.write("a.yaml", FINE))
        self.admin("POST", "/v1/apis/held/versions/v1/stage", {"stage": "published"}, expect=200)
        said = self.chancery("held", "v1", self.write("b.yaml", FINE.replace("/things", "/others")), status=1).stdout
        self.assertIn("change: error: GET /things", said)
        self.assertIn("gate: block: ", said)
        self.assertIn("new version label", said)
        self.assertIn("it is not in force", said)
        self.assertEqual(self.document("held").body, FINE.encode())

    def files(self, slug):
        """Text of each file of the version, and which is the root."""
        row = self.admin("GET", f"/v1/apis/{slug}/versions/v1/revisions", expect=200).json["items"][0]
        get = lambda path: self.admin("GET", f"/v1/apis/{slug}/versions/v1/document?path={path}", expect=200).body
        return {f["path"]: get(f["path"]) for f in row["files"]}, [f["path"] for f in row["files"] if f["root"]]

    def whole(self, reference):
        return FINE.replace("{description: Fine.}", "{description: Fine., content: {application/json: {schema: {$ref: '%s'}}}}" % reference)

    def test_files_that_it_refers_to_go_with_it_as_they_are(self):
        self.made("parts")
        thing = b"\xef\xbb\xbf# a comment\r\ntype: objekt\n"
        self.write("schemas/Thing.yaml", thing)
        self.write("schemas/Unused.yaml", "type: object\n")
        self.write("api.yaml", self.whole("schemas/Thing.yaml"))
        said = self.chancery("parts", "v1", "./api.yaml").stdout
        self.assertEqual(said.splitlines()[0], "2 files were sent")
        self.assertEqual(self.files("parts"), ({"api.yaml": (self.place / "api.yaml").read_bytes(), "schemas/Thing.yaml": thing}, ["api.yaml"]))
        self.assertRegex(said, r"(?m)^schemas/Thing.yaml:2:7: error: /type: ")
        again = self.chancery("parts", "v1", "./api.yaml").stdout
        self.assertEqual(said.splitlines()[-1], again.splitlines()[-1])

    def test_paths_begin_where_all_files_are(self):
        self.made("below"), self.made("beside")
        self.write("apis/v1/again/Thing.yaml", "type: objekt\n")
        self.write("apis/v1/api.yaml", self.whole("again/Thing.yaml"))
        said = self.chancery("below", "v1", "apis/v1/api.yaml").stdout
        self.assertEqual((sorted(self.files("below")[0]), self.files("below")[1]), (["again/Thing.yaml", "api.yaml"], ["api.yaml"]))
        self.assertIn("\napis/v1/again/Thing.yaml:1:", said)
        self.write("apis/vendor/Thing.yaml", "type: objekt\n")
        self.write("apis/v1/api.yaml", self.whole("../vendor/Thing.yaml"))
        said = self.chancery("beside", "v1", "apis/v1/api.yaml").stdout
        self.assertEqual((sorted(self.files("beside")[0]), self.files("beside")[1]), (["v1/api.yaml", "vendor/Thing.yaml"], ["v1/api.yaml"]))
        self.assertIn("\napis/vendor/Thing.yaml:1:", said)

    def test_what_lies_outside_or_is_missing_is_told_and_not_sent(self):
        self.made("outside")
        self.write("apis/secret.yaml", "type: string\n")
        self.write("apis/v1/shared.yaml", "type: string\n")
        both = self.whole("shared.yaml").replace("responses:", "parameters: [{name: a, in: query, schema: {$ref: ../secret.yaml}}, {name: b, in: query, schema: {$ref: gone.yaml}}], responses:")
        self.write("apis/v1/api.yaml", both)
        said = self.chancery("outside", "v1", str(self.place / "apis/v1/api.yaml")).stdout
        self.assertEqual(sorted(self.files("outside")[0]), ["api.yaml", "shared.yaml"])
        self.assertEqual(said.count("(outside-reference)"), 2)
        self.write("apis/v1/shared.yaml", "type: [\n")
        self.assertIn("apis/v1/shared.yaml line ", self.chancery("outside", "v1", "apis/v1/api.yaml", status=1).stderr)
        self.write('apis/v1/a"b.yaml', "type: string\n")
        self.write("apis/v1/api.yaml", self.whole('a"b.yaml'))
        self.assertIn("cannot be sent", self.chancery("outside", "v1", str(self.place / "apis/v1/api.yaml"), status=1).stderr)

    def test_how_large_a_document_may_be_is_for_the_server_to_say(self):
        self.made("large")
        blank = lambda size: b'{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}' + b" " * size + b"}"
        said = self.chancery("large", "v1", self.write("fits.json", blank(65 << 20))).stdout
        self.assertRegex(said.splitlines()[-1], "^large v1: revision ")
        said = self.chancery("large", "v1", self.write("more.json", blank(LIMIT)), status=1).stderr
        self.assertIn(f"is larger than {LIMIT} bytes; the server's setting upload_limit_bytes can allow", said)

    def test_as_json_and_from_standard_input(self):
        self.made("piped")
        made = json.loads(self.chancery("--json", "piped", "v1", "-", text=FLAWED).stdout)
        self.assertEqual(made["revision"]["finding_count"], len(made["findings"]))
        self.assertEqual(self.document("piped").body, FLAWED.encode())

    def test_what_cannot_be_read_is_refused_with_its_place(self):
        self.made("torn")
        self.assertIn("a.yaml line 3", self.chancery("torn", "v1", self.write("a.yaml", "openapi: 3.1.0\ninfo: [\n"), status=1).stderr)
        self.assertIn("nowhere.yaml", self.chancery("torn", "v1", "nowhere.yaml", status=1).stderr)
        self.assertIn("line 3", self.chancery("torn", "v1", "-", status=1, text="openapi: 3.1.0\ninfo: [\n").stderr)
        self.admin("GET", "/v1/apis/torn/versions/v1/document", expect=404)
        self.assertIn("usage: chancery upload", self.chancery("torn", "v1", status=2).stderr)


if __name__ == "__main__":
    main()

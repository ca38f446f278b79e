"""Uploads and downloads: byte for byte, with everything found in them, and nothing left of a broken one."""
import json
import pathlib
import socket
import time

from case import DOCUMENT, ROOT, RestCase, main
from kit.chancery import Chanceryd

LIMIT = 200_000
YAML = b"""openapi: 3.1.0
info: {title: Small, version: "1"}
paths:
  /things:
    get:
      summary: first
      responses: {"200": {description: fine}}
    get:
      summary: second
      responses: {"200": {description: fine}}
"""


class DocumentTest(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Chanceryd(settings={"upload_limit_bytes": LIMIT, "document_depth": 512, "document_nodes": 10000, "body_deadline_ms": 1000})
        cls.daemon.init()
        cls.daemon.start()
        self = cls()
        self.team("writers")
        self.make("/v1/apis", {"slug": "d", "name": "D", "team": "writers", "visibility": "public"})

    def version(self, label):
        self.make("/v1/apis/d/versions", {"label": label})
        return label

    def where(self, label, place="document"):
        return f"/v1/apis/d/versions/{label}/{place}"

    def test_json_and_yaml_come_back_byte_for_byte(self):
        for label, path in (("yaml", DOCUMENT), ("json", ROOT / "data/demo/invoices.json")):
            content = path.read_bytes()
            self.version(label)
            made = self.upload("d", label, content, path.name)
            self.assertEqual(made.json["operation_count"], made.json["revision"]["operation_count"])
            self.assertGreater(made.json["operation_count"], 0)
            read = self.admin("GET", self.where(label), expect=200)
            self.assertEqual(read.body, content)
            self.assertEqual(read.headers["content-type"].split("/")[1].split(";")[0], label)
            self.assertEqual(read.headers["content-disposition"], f'attachment; filename="{path.name}"')
            self.assertEqual(read.headers["x-content-type-options"], "nosniff")
            self.admin("GET", self.where(label), headers={"if-none-match": read.headers["etag"]}, expect=304)
            self.admin("GET", self.where(label) + f"?path={path.name}", expect=200)
            self.admin("GET", self.where(label) + "?path=other.yaml", expect=404)
            rows = self.admin("GET", self.where(label, "revisions"), expect=200).json["items"]
            self.assertEqual(rows, [made.json["revision"]])
            self.assertEqual(self.admin("GET", f"/v1/apis/d/versions/{label}").json["revision"], rows[0]["sha256"])

    def test_the_same_bytes_are_the_same_revision_and_others_are_not(self):
        self.version("again")
        first, second = self.upload("d", "again"), self.upload("d", "again")
        self.assertEqual(first.json["revision"], second.json["revision"])
        changed = self.upload("d", "again", DOCUMENT.read_bytes() + b"# more\n")
        self.assertNotEqual(changed.json["revision"]["sha256"], first.json["revision"]["sha256"])
        self.assertEqual(self.admin("GET", self.where("again", "revisions")).json["total"], 2)

    def test_the_budgets_of_documents_are_settings(self):
        """What is deeper than by default is taken, judged, compared and shown; what has too many values is not."""
        self.version("deep")
        within, beyond = 500, 520
        deep = lambda levels, name="a": b'{"openapi":"3.1.0","info":{"title":"T","version":"1"},"paths":{},"x-%s":' % name.encode() + b'{"y":[' * (levels // 2) + b"1" + b"]}" * (levels // 2) + b"}"
        self.problem(self.upload("d", "deep", deep(beyond), "a.json", expect=None), 413, words="512")
        made = self.upload("d", "deep", deep(within), "a.json").json
        self.assertNotIn("not-judged", {row["code"] for row in made["findings"]})
        self.admin("POST", "/v1/apis/d/versions/deep/stage", {"stage": "published"}, expect=200)
        again = self.upload("d", "deep", deep(within, "b"), "a.json", expect=None)
        self.assertLess(again.status, 300, again)
        self.assertNotIn("not-compared", {row["code"] for row in again.json["changes"]})
        self.admin("GET", f"/v1/apis/d/compare?from={made['revision']['sha256']}&to={again.json['revision']['sha256']}", expect=200)
        for page in ("", "/findings", "/gate", "/findings?all=1"):
            answer = self.send(self.unix(), "GET", f"/v1/apis/d/versions/deep{page}") if page == "" else self.daemon.rest("GET", f"/apis/d/versions/deep{page}")
            self.assertLess(answer.status, 500, answer)
        many = json.dumps({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "x-many": [1] * 10000}).encode()
        self.problem(self.upload("d", "deep", many, "a.json", expect=None), 413, words="10000")

    def test_findings_have_places(self):
        self.version("found")
        made = self.upload("d", "found", YAML).json
        self.assertEqual(made["revision"]["finding_count"], len(made["findings"]))
        finding = next(row for row in made["findings"] if row["code"] == "duplicate-key")
        self.assertEqual((finding["line"], finding["pointer"]), (8, "/paths/~1things/get"))
        self.assertEqual(self.admin("GET", self.where("found", "operations")).json["items"][0]["summary"], "first")

    def test_a_broken_document_is_refused_with_line_and_column(self):
        self.version("broken")
        for name, content, place in (("x.json", b'{\n  "openapi": "3.1.0",\n  "info": {]\n}\n', "line 3 column 12"), ("x.yaml", b"openapi: 3.1.0\ninfo:\n\t- x\n", "line 3 column 1"),
                                     ("x.yaml", b"just a text\n", ""), ("x.yaml", b"openapi: 4.0.0\n", ""), ("x.yaml", b"\xff\xfe\xfd", ""), ("x.json", b"[]", "")):
            self.problem(self.upload("d", "broken", content, name, expect=422), 422, words=place)
        self.assertEqual(self.admin("PUT", self.where("broken"), b"", {"content-type": "application/yaml"}).status, 422)
        self.admin("GET", self.where("broken"), expect=404)
        self.assertEqual(self.admin("GET", self.where("broken", "revisions")).json["items"], [])
        self.nothing_spooled()

    def test_names(self):
        self.version("names")
        put = lambda headers, query="": self.admin("PUT", self.where("names") + query, YAML + b"#" + str(headers).encode() + query.encode(), {"content-type": "application/yaml", **headers}, 201)
        kept = lambda: self.admin("GET", self.where("names")).headers["content-disposition"].split("=")[1].strip('"')
        for headers, query, name in (({"content-disposition": 'attachment; filename="my.yaml"'}, "", "my.yaml"), ({"content-disposition": "attachment; filename=plain.yml"}, "", "plain.yml"),
                                     ({}, "?name=../../etc/passwd", "passwd"), ({}, "?name=a%22b.yaml", "a_b.yaml"), ({}, "?name=%0d%0ax", "openapi.yaml"), ({}, "", "openapi.yaml")):
            put(headers, query)
            self.assertEqual(kept(), name)

    def test_media_types(self):
        self.version("types")
        for kind in ("text/html", "multipart/mixed; boundary=x", "application/x-www-form-urlencoded", "image/png"):
            self.problem(self.admin("PUT", self.where("types"), YAML, {"content-type": kind}), 415)

    def test_what_a_version_takes(self):
        self.admin("PUT", self.where("absent"), YAML, {"content-type": "application/yaml"}, 404)
        self.version("old")
        self.upload("d", "old")
        self.admin("POST", "/v1/apis/d/versions/old/stage", {"stage": "retired"}, expect=200)
        self.problem(self.upload("d", "old", expect=409), 409, words="retired")

    def test_too_large_is_refused_before_it_is_read(self):
        self.version("large")
        self.problem(self.upload("d", "large", YAML + b"#" * LIMIT, expect=413), 413)
        self.nothing_spooled()

    def test_nobody_uploads(self):
        self.version("closed")
        self.nobody("PUT", self.where("closed"), YAML, {"content-type": "application/yaml"}, 401)

    # --- broken off --------------------------------------------------------------------------------

    def nothing_spooled(self):
        self.assertEqual(list(pathlib.Path(self.daemon.settings["spool_dir"]).iterdir()), [])

    def begin(self, label, total):
        peer = socket.socket(socket.AF_UNIX)
        peer.settimeout(10)
        peer.connect(self.daemon.socket)
        peer.sendall(f"PUT {self.where(label)} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\nContent-Length: {total}\r\n\r\n".encode())
        return peer

    def test_a_cut_upload_leaves_nothing(self):
        self.version("cut")
        for part in (0, 10, len(YAML) - 1):
            peer = self.begin("cut", len(YAML))
            peer.sendall(YAML[:part])
            time.sleep(0.05)
            peer.close()
        end = time.monotonic() + 5
        while time.monotonic() < end and self.admin("GET", "/healthz").status != 200:
            pass
        self.assertEqual(self.admin("GET", self.where("cut", "revisions")).json["items"], [])
        self.nothing_spooled()
        self.upload("d", "cut", YAML)

    def test_a_stalled_upload_is_cut(self):
        self.version("stalled")
        peer = self.begin("stalled", 1000)
        peer.sendall(b"openapi:")
        answer = peer.recv(4096)
        self.assertTrue(answer == b"" or b" 408 " in answer.split(b"\r\n")[0], answer)
        peer.close()
        self.assertEqual(self.admin("GET", self.where("stalled", "revisions")).json["items"], [])
        self.nothing_spooled()

    def test_a_killed_daemon_leaves_nothing(self):
        """kill -9 in the middle of an upload; the next start finds neither bytes nor rows of it."""
        daemon = Chanceryd()
        daemon.init()
        daemon.start()
        try:
            for target, body in (("/v1/teams", {"slug": "w", "name": "W"}), ("/v1/apis", {"slug": "d", "name": "D", "team": "w"}), ("/v1/apis/d/versions", {"label": "v1"})):
                daemon.rest("POST", target, body, expect=201)
            peer = socket.socket(socket.AF_UNIX)
            peer.connect(daemon.socket)
            peer.sendall(f"PUT {self.where('v1')} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/yaml\r\nContent-Length: 100000\r\n\r\n".encode() + b"openapi: 3.1.0\n" * 100)
            time.sleep(0.1)
            daemon.kill()
            peer.close()
            daemon.start()
            self.assertEqual(list(pathlib.Path(daemon.settings["spool_dir"]).iterdir()), [])
            self.assertEqual(json.loads(daemon.rest("GET", self.where("v1", "revisions")).body)["items"], [])
        finally:
            daemon.stop()


if __name__ == "__main__":
    main()

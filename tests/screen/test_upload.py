"""A document goes from the console into the catalog of the real chanceryd, and what was found in it is shown."""
import pathlib
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from kit.chancery import Chanceryd  # noqa: E402
from kit.console import Console  # noqa: E402

FINE = """openapi: 3.1.0
info: {title: T, version: "1", description: D., contact: {name: N, email: n@example.com}}
servers: [{url: "https://example.com"}]
tags: [{name: t, description: D.}]
paths:
  /things:
    get: {operationId: listThings, summary: S, description: D., tags: [t], responses: {"200": {description: Fine.}}}
"""
FLAWED = FINE.replace('{"200": {description: Fine.}}', "{}")


class UploadTest(unittest.TestCase):
    def setUp(self):
        self.daemon = Chanceryd()
        self.addCleanup(shutil.rmtree, self.daemon.folder, ignore_errors=True)
        self.daemon.init()
        self.daemon.start()
        self.addCleanup(self.daemon.stop)
        self.daemon.rest("POST", "/v1/teams", {"slug": "crew", "name": "Crew"}, expect=201)
        self.daemon.rest("POST", "/v1/apis", {"slug": "parcels", "name": "Parcels", "team": "crew", "summary": "S"}, expect=201)
        self.daemon.rest("POST", "/v1/apis/parcels/versions", {"label": "v1"}, expect=201)

    def console(self):
        console = Console(self.daemon.socket, 30, 160)
        self.addCleanup(console.stop)
        return console

    def write(self, name, text):
        file = self.daemon.folder / name
        file.write_text(text)
        return file

    def document(self):
        return self.daemon.rest("GET", "/v1/apis/parcels/versions/v1/document")

    def test_findings_are_shown_and_what_the_gate_holds_back(self):
        console = self.console()
        console.wait("parcels")
        console.type("U")
        console.wait(":upload")
        console.type(f"v1 {self.write('my api.yaml', FLAWED)}")
        console.key("ENTER")
        console.wait("score ")
        console.wait("operation-success-response")
        console.wait("Findings › parcels v1")
        first = next(line for line in console.screen() if " 1  " in line)
        self.assertIn("error", first)  # the worst comes first, and the cursor is there
        self.assertIn("▸", first)
        self.assertEqual(self.document().body, FLAWED.encode())
        console.type("q")
        console.gone("operation-success-response")
        console.type(f":upload v1 {self.write('fine.yaml', FINE)}")
        console.key("ENTER")
        console.wait("uploaded parcels v1: operations 1, findings 0, score 100, grade A")
        self.daemon.rest("POST", "/v1/apis/parcels/versions/v1/stage", {"stage": "published"}, expect=200)
        console.type(f":upload v1 {self.write('flawed.yaml', FLAWED)}")
        console.key("ENTER")
        console.wait("parcels v1 waits for the publish gate")
        console.wait("operation-success-response")  # of the candidate
        self.assertEqual(self.document().body, FINE.encode())

    def test_what_cannot_be_uploaded_is_told(self):
        console = self.console()
        console.wait("parcels")
        for words, said in ((f"v1 {self.daemon.folder}/nowhere.yaml", "nowhere.yaml: cannot open the file"), ("v/1 x", "is no label of a version"),
                            (f"v9 {self.write('a.yaml', FINE)}", "not uploaded: there is no such version"),
                            (f"v1 {self.write('b.yaml', 'a: [')}", "not uploaded: line 1 column 5")):
            console.type(f":upload {words}")
            console.key("ENTER")
            console.wait(said)
        self.assertEqual(self.document().status, 404)


if __name__ == "__main__":
    unittest.main()

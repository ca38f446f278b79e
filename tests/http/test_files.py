"""Documents in several files: sent as parts, kept apart, read as one."""
import yaml

from case import DOCUMENT, RestCase, main
from kit.chancery import Chanceryd

LIMIT = 200_000
ROOT = """openapi: 3.1.0
info: {title: Pets, version: "1"}
paths:
  /pets: {$ref: paths/pets.yaml}
  /owners:
    get: {operationId: listOwners, responses: {"200": {$ref: "parts.yaml#/Fine"}}}
  /elsewhere: {$ref: ../elsewhere.yaml}
"""
PETS = """get:
  operationId: 7
  responses: {"200": {$ref: "../parts.yaml#/Fine"}}
post:
  operationId: addPet
  requestBody: {content: {application/json: {schema: {$ref: "../parts.yaml#/Pet"}}}}
  responses: {"201": {description: Added.}}
"""
PARTS = """Fine: {description: Fine., content: {application/json: {schema: {$ref: "#/Pet"}}}}
Pet:
  type: object
  properties:
    id: {type: integer}
"""
WHOLE = {"openapi.yaml": ROOT, "paths/pets.yaml": PETS, "parts.yaml": PARTS}
MULTIPART = {"content-type": "multipart/form-data; boundary=B"}


def part(name, text, path=None):
    text = text if isinstance(text, bytes) else text.encode()
    file = "" if path is None else f'; filename="{path}"'
    return f'--B\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + text + b"\r\n"


def body_of(files, root=None):
    made = b"".join(part("file", text, path) for path, text in (files.items() if isinstance(files, dict) else files))
    return made + (part("root", root) if root is not None else b"") + b"--B--\r\n"


class FilesTest(RestCase):
    @classmethod
    def setUpClass(cls):
        cls.daemon = Chanceryd(settings={"upload_limit_bytes": LIMIT})
        cls.daemon.init()
        cls.daemon.start()
        self = cls()
        self.team("writers")
        self.make("/v1/apis", {"slug": "d", "name": "D", "team": "writers", "summary": "S", "visibility": "public"})

    def version(self, label):
        self.make("/v1/apis/d/versions", {"label": label})
        return f"/v1/apis/d/versions/{label}"

    def put(self, at, body, expect=201):
        return self.admin("PUT", f"{at}/document", body, MULTIPART, expect)

    def refused(self, at, body, words, remedy, status=422):
        answer = self.put(at, body, status)
        self.assertIn(words, answer.json["detail"])
        self.assertIn(remedy, answer.json["detail"])
        self.admin("GET", f"{at}/document", expect=404)
        return answer

    def actions(self, at, code):
        return [matter["action"] for matter in self.admin("GET", f"{at}/gate", expect=200).json["matters"] if matter["code"] == code]

    def test_files_are_kept_apart_and_read_as_one(self):
        at = self.version("whole")
        made = self.put(at, body_of(WHOLE)).json
        self.assertEqual([(f["path"], f["media_type"], f["size_bytes"], f["root"]) for f in made["revision"]["files"]],
                         [(path, "application/yaml", len(WHOLE[path]), path == "openapi.yaml") for path in sorted(WHOLE)])
        self.assertEqual(self.admin("GET", f"{at}/revisions", expect=200).json["items"], [made["revision"]])
        operations = self.admin("GET", f"{at}/operations", expect=200).json["items"]
        self.assertEqual([row["key"] for row in operations], ["GET /pets", "POST /pets", "GET /owners"])
        for path, text in WHOLE.items():
            answer = self.admin("GET", f"{at}/document?path={path}", expect=200)
            self.assertEqual(answer.body, text.encode())
            self.assertEqual(answer.headers["content-disposition"], f'attachment; filename="{path.split("/")[-1]}"')
        self.assertEqual(self.admin("GET", f"{at}/document", expect=200).body, ROOT.encode())
        self.admin("GET", f"{at}/document?path=pets.yaml", expect=404)
        self.admin("GET", f"{at}/document?path=paths/../parts.yaml", expect=404)

    def test_all_files_come_as_one_where_references_lead_somewhere(self):
        at = self.version("bundled")
        whole = {path: text for path, text in WHOLE.items()} | {"openapi.yaml": ROOT.replace("  /elsewhere: {$ref: ../elsewhere.yaml}\n", "")}
        self.admin("GET", f"{at}/bundle", expect=404)
        self.put(at, body_of(whole))
        answer = self.admin("GET", f"{at}/bundle", expect=200)
        self.assertEqual(answer.headers["content-type"], "application/yaml")
        self.assertEqual(answer.headers["content-disposition"], 'attachment; filename="openapi.yaml"')
        one = yaml.safe_load(answer.body)
        self.assertEqual(sorted(one["paths"]["/pets"]), ["get", "post"])
        schema = one["paths"]["/pets"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        self.assertEqual(one["components"]["schemas"][schema["$ref"].removeprefix("#/components/schemas/")]["properties"], {"id": {"type": "integer"}})
        self.assertNotIn(b".yaml", answer.body)
        self.put(at, body_of(WHOLE))
        refused = self.admin("GET", f"{at}/bundle", expect=409)
        self.assertIn("openapi.yaml", refused.json["detail"])
        self.assertIn("../elsewhere.yaml", refused.json["detail"])

    def test_findings_name_the_file_that_they_are_in(self):
        at = self.version("told")
        made = self.put(at, body_of(WHOLE)).json
        rows = self.admin("GET", f"{at}/findings?limit=500", expect=200).json["items"]
        self.assertEqual(rows, made["findings"])
        number = next(row for row in rows if row["code"] == "number-as-text")
        self.assertEqual((number["pointer"], number["line"], number["column"]), ("paths/pets.yaml#/get/operationId", 2, 16))
        outside = next(row for row in rows if row["code"] == "outside-reference")
        self.assertEqual((outside["pointer"], outside["line"], outside["severity"]), ("/paths/~1elsewhere/$ref", 7, "info"))
        self.assertIn("paths/pets.yaml#/post", {row["pointer"] for row in rows if row["source"] == "spectral:oas"})

    def test_a_change_in_a_file_that_is_referred_to_is_told(self):
        at = self.version("changed")
        first = self.put(at, body_of(WHOLE)).json["revision"]
        again = self.put(at, body_of(list(WHOLE.items())[::-1], "./openapi.yaml")).json["revision"]
        self.assertEqual(first, again)
        self.assertEqual(self.admin("GET", f"{at}/revisions").json["total"], 1)
        second = self.put(at, body_of(WHOLE | {"parts.yaml": PARTS.replace("integer", "string")})).json
        self.assertNotEqual(second["revision"]["sha256"], first["sha256"])
        self.assertEqual([f["sha256"] for f in second["revision"]["files"] if f["path"] != "parts.yaml"],
                         [f["sha256"] for f in first["files"] if f["path"] != "parts.yaml"])
        told = self.admin("GET", f"/v1/apis/d/compare?from={first['sha256']}&to={second['revision']['sha256']}", expect=200).json
        self.assertGreater(told["breaking_count"], 0)
        for side in ("from", "to"):
            self.assertEqual(told["changes"][0][side]["file"], "parts.yaml")
            self.assertEqual(told["changes"][0][side]["line"], 5)

    def test_what_waits_for_the_gate_is_judged_with_all_its_files(self):
        at = self.version("gated")
        fine = {path: text.replace("operationId: 7", "operationId: listPets") for path, text in WHOLE.items()}
        self.put(at, body_of(fine))
        self.admin("POST", f"{at}/stage", {"stage": "published"}, expect=200)
        held = self.put(at, body_of(fine | {"parts.yaml": PARTS.replace("integer", "string")}), 202).json
        self.assertTrue(held["changes"] and held["held"])
        self.make("/v1/rulesets", {"slug": "later", "name": "Later", "everywhere": True})
        self.admin("PUT", "/v1/rulesets/later/text", {"text": "extends: spectral:oas\n"}, expect=200)
        gate = self.admin("GET", f"{at}/gate", expect=200).json  # judged anew, from what is stored
        self.assertTrue(gate["blocked"])
        self.assertNotIn("not-compared", {matter["code"] for matter in gate["matters"]})

    def test_a_waiver_speaks_for_the_file_that_it_names(self):
        at = self.version("waived")
        self.put(at, body_of(WHOLE))
        refused = self.admin("POST", f"{at}/stage", {"stage": "published"}, expect=409)
        self.assertIn("paths/pets.yaml#/get/operationId", str(refused.json))
        month = "2026-12-20T00:00:00Z"
        waiver = {"code": "number-as-text", "version": "waived", "reason": "later", "not_after": month}
        self.make("/v1/apis/d/waivers", waiver | {"pointer": "/get/operationId"})
        self.assertEqual(self.actions(at, "number-as-text"), ["block"])
        self.make("/v1/apis/d/waivers", waiver | {"pointer": "paths/pets.yaml#/get/operationId"})
        self.assertEqual(self.actions(at, "number-as-text"), ["allow"])

    def test_one_part_is_the_same_as_the_bytes_alone(self):
        plain, parts = self.version("plain"), self.version("parts")
        content = DOCUMENT.read_bytes()
        one = self.upload("d", "plain", content, "parcels.yaml").json["revision"]
        other = self.put(parts, body_of({"docs/parcels.yaml": content})).json["revision"]
        self.assertEqual(one["sha256"], other["sha256"])
        self.assertEqual(one["files"], other["files"])
        self.assertEqual(self.admin("GET", f"{plain}/document").body, self.admin("GET", f"{parts}/document").body)

    def test_bad_paths_are_refused_by_name(self):
        at = self.version("paths")
        for path in ("../parts.yaml", "/etc/passwd", "a//b.yaml", "a/../b.yaml", "a\\b.yaml", "C:/b.yaml", "b.yaml#x", "a/"):
            self.refused(at, body_of({"openapi.yaml": ROOT, path: PARTS}), f'"{path}"', "with slashes")
        answer = self.refused(at, body_of({"openapi.yaml": ROOT, "x" + "ä" * 100 + "#": PARTS}), "a control character", "with slashes")
        self.assertIn('"x' + "ä" * 29 + '"', answer.json["detail"])  # cut between two characters
        self.refused(at, body_of([("a.yaml", ROOT), ("./a.yaml", PARTS)]), '"a.yaml" is there twice', "once")
        self.refused(at, body_of({"openapi.yaml": ROOT, "a" * 256: PARTS}), "more than 255 bytes", "", 400)

    def test_the_root_is_asked_for_by_the_choices(self):
        at = self.version("root")
        two = {"one.yaml": ROOT, "b/two.yaml": ROOT}
        self.refused(at, body_of(two), "which is the root", "b/two.yaml, one.yaml")
        self.refused(at, body_of({"a.yaml": PETS, "b.yaml": PARTS}), "none of the files", "a.yaml, b.yaml")
        self.refused(at, body_of(two, "three.yaml"), '"three.yaml" is none of the files', "b/two.yaml, one.yaml")
        self.refused(at, body_of(two, "../one.yaml"), '"../one.yaml"', "with slashes")
        made = self.put(at, body_of(two, "b/two.yaml")).json["revision"]
        self.assertEqual([f["path"] for f in made["files"] if f["root"]], ["b/two.yaml"])

    def test_parts_are_named_as_the_contract_has_them(self):
        at = self.version("named")
        end = b"--B--\r\n"
        good = part("file", ROOT, "a.yaml")
        self.refused(at, good + part("files", PARTS, "b.yaml") + end, '"files" is unknown', "named file")
        self.refused(at, good + part("owner", "me") + end, '"owner" is unknown', "named file")
        self.refused(at, good + part("file", PARTS) + end, '"file" has no file name', "path of the file")
        self.refused(at, good + part("root", "a.yaml") + part("root", "a.yaml") + end, '"root" is there twice', "")
        self.refused(at, part("root", "a.yaml") + end, "no file", "")
        self.refused(at, end, "", "", 400)
        self.refused(at, good, "last boundary", "", 400)

    def test_files_are_bounded_in_number_and_together(self):
        at = self.version("many")
        many = {"openapi.yaml": ROOT, **{f"{i}.yaml": "" for i in range(200)}}
        self.refused(at, body_of(many), "200 files at most, these are 201", "bundle", 413)
        half = "#" * (LIMIT // 2)
        self.refused(at, body_of({"openapi.yaml": ROOT, "a.yaml": half, "b.yaml": half}), f"larger than {LIMIT} bytes", "", 413)
        del many["199.yaml"]
        self.assertEqual(len(self.put(at, body_of(many)).json["revision"]["files"]), 200)

    def test_a_file_that_cannot_be_read_is_named_with_its_line(self):
        at = self.version("torn")
        torn = WHOLE | {"parts.yaml": "Fine:\n  description: [\n"}
        self.refused(at, body_of(torn), "parts.yaml line ", "")
        self.put(at, body_of(WHOLE | {"notes.md": "no: [yaml"}))  # nothing leads there


if __name__ == "__main__":
    main()

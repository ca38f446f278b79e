#!/usr/bin/python3
"""Documents in several files on pages: uploaded by a form, listed, downloaded one by one, findings and changes in the file they are in."""
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from web.browser import PASSWORD, Browser  # noqa: E402
from web.case import PortalCase  # noqa: E402

WHOLE = {
    "openapi.yaml": "openapi: 3.1.0\ninfo: {title: Pets, version: '1'}\npaths:\n  /pets: {$ref: paths.yaml#/Pets}\n",
    "paths.yaml": "# where pets are\nPets:\n  get:\n    operationId: 7\n    responses: {'200': {$ref: 'parts.yaml#/Fine'}}\n",
    "parts.yaml": "Fine:\n  description: Fine.\n  content:\n    application/json:\n      schema: {type: integer}\n",
}
SPREAD = {path.replace("paths.yaml", "paths/pets.yaml"): text.replace("paths.yaml", "paths/pets.yaml").replace("'parts.yaml", "'../parts.yaml")
          for path, text in WHOLE.items()}


class Files(PortalCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make("/v1/users", {"name": "maya", "role": "user", "password": PASSWORD})
        cls.make("/v1/teams", {"slug": "logistics", "name": "Logistics"})
        cls.daemon.rest("PUT", "/v1/teams/logistics/members/maya", {"role": "maintainer"}, expect=200)

    def version(self, slug, label="v1", api=True):
        if api:
            self.make("/v1/apis", {"slug": slug, "name": slug.title(), "team": "logistics", "summary": "For tests"})
        self.make(f"/v1/apis/{slug}/versions", {"label": label})
        return f"/apis/{slug}/versions/{label}"

    def put(self, at, files):
        parts = "".join(f'--B\r\nContent-Disposition: form-data; name="file"; filename="{path}"\r\n\r\n{text}\r\n' for path, text in files.items())
        return self.daemon.rest("PUT", f"/v1{at}/document", (parts + "--B--\r\n").encode(), {"content-type": "multipart/form-data; boundary=B"}, expect=201)

    def browser(self):
        browser = Browser(self, self.daemon)
        browser.sign_in("maya")
        return browser

    # --- uploads -----------------------------------------------------------------------------------

    def test_the_form_takes_several_files(self):
        at, maya = self.version("formed"), self.browser()
        page = maya.get(f"{at}/upload")
        self.assertRegex(page.body, r'name="document" type="file" multiple required')
        page = maya.upload_files(f"{at}/upload", WHOLE)
        self.assertIn("The document is stored", page.text)
        self.assertIn("/pets", page.text)
        revision = self.daemon.rest("GET", f"/v1{at}/revisions", expect=200).json["items"][0]
        self.assertEqual([f["path"] for f in revision["files"]], sorted(WHOLE))

    def test_what_is_wrong_with_the_files_stands_at_the_field(self):
        at, maya = self.version("wrong"), self.browser()
        two = {"a.yaml": WHOLE["openapi.yaml"], "b.yaml": WHOLE["openapi.yaml"]}
        page = maya.upload_files(f"{at}/upload", two, status=422)
        self.assertIn("2 of the files are OpenAPI documents: which is the root?", page.text)
        self.assertIn("a.yaml, b.yaml", page.text)
        self.assertNotIn("body:", page.text.lower())
        self.assertIn("Parts.yaml line 2", maya.upload_files(f"{at}/upload", WHOLE | {"parts.yaml": "Fine: {\n  x: ["}, status=422).text)
        self.assertIn("Choose a file first", maya.upload_files(f"{at}/upload", {}, status=422).text)
        page = maya.upload_files(f"{at}/upload", two, root="b.yaml")
        self.assertIn(f"b.yaml {len(two['b.yaml'])} bytes, the root", " ".join(page.text.split()))

    # --- reading -----------------------------------------------------------------------------------

    def test_a_version_lists_its_files_each_to_be_had(self):
        at, maya = self.version("listed"), self.browser()
        self.put(at, SPREAD)
        page = maya.get(at)
        for path, text in SPREAD.items():
            link = f"{at}/document?path={path.replace('/', '%2F')}"
            self.assertIn(link, page.links)
            answer = maya.ask("GET", link)
            self.assertEqual((answer.status, answer.body), (200, text.encode()))
            self.assertEqual(answer.headers["content-disposition"], f'attachment; filename="{path.split("/")[-1]}"')
        self.assertEqual(maya.ask("GET", f"{at}/document").body, SPREAD["openapi.yaml"].encode())
        self.assertIn(f"{at}/bundle", page.links)
        self.assertIn("Download OpenAPI as one file", page.text)
        bundle = maya.ask("GET", f"{at}/bundle")
        self.assertEqual((bundle.status, bundle.headers["content-disposition"]), (200, 'attachment; filename="openapi.yaml"'))
        self.assertIn(b"operationId: 7", bundle.body)
        maya.get(f"{at}/document?path=nothing.yaml", 404)
        alone = self.version("alone")
        self.put(alone, {"openapi.yaml": WHOLE["openapi.yaml"]})
        page = maya.get(alone)
        self.assertNotIn("document?path", page.body)
        self.assertIn(f"{alone}/document", page.links)
        self.assertNotIn(f"{alone}/bundle", page.links)

    def test_findings_are_shown_in_the_file_they_are_in(self):
        at, maya = self.version("told"), self.browser()
        self.put(at, SPREAD)
        page = maya.get(f"{at}/findings")
        self.assertIn("paths/pets.yaml:4", page.text)
        self.assertNotIn("operationId: 7", page.body)  # another file's line
        files = [link for link in page.links if "file=paths" in link and "from=" not in link]
        page = maya.get(files[0])
        self.assertIn("In the text of paths/pets.yaml", " ".join(page.text.split()))
        self.assertIn('<li value="4" id="L4" class="marked"><code>    operationId: 7</code>', page.body)
        self.assertEqual(maya.get(f"{at}/findings?file=openapi.yaml").text, maya.get(f"{at}/findings").text)
        ranged = next(link for link in maya.get(f"{at}/findings").links if "file=paths" in link and "from=" in link)
        self.assertIn("operationId: 7", maya.get(ranged).body)
        kind = next(link for link in maya.get(f"{at}/findings").links if link.endswith("code=number-as-text"))
        self.assertIn("operationId: 7", maya.get(kind).body)
        page = maya.get(f"{at}/findings?file=parts.yaml&from=2")
        self.assertIn("description: Fine.", page.body)
        maya.get(f"{at}/findings?file=../parts.yaml&from=1", 404)

    def test_an_operation_in_another_file_has_its_page(self):
        at, maya = self.version("paged"), self.browser()
        self.put(at, SPREAD)
        link = next(link for link in maya.get(at).links if "/operations/" in link)
        page = maya.get(link)
        self.assertIn("Fine.", page.text)
        self.assertIn("application/json", page.text)
        self.assertIn("on line 4 of paths/pets.yaml", " ".join(page.text.split()))

    def test_changes_are_quoted_from_the_file_they_are_in(self):
        one, maya = self.version("grown"), self.browser()
        other = self.version("grown", "v2", api=False)
        self.put(one, SPREAD)
        self.put(other, SPREAD | {"parts.yaml": "# moved by a line\n" + SPREAD["parts.yaml"].replace("integer", "string")})
        page = maya.get("/apis/grown/compare?from=v1&to=v2")
        self.assertRegex(" ".join(page.text.split()), r"v1, parts.yaml line 5 .* v2, parts.yaml line 6 ")
        shown = re.findall(r'<li value="(\d)" class="marked"><code>(.*?)</code>', page.body)
        self.assertEqual(shown, [("5", "      schema: {type: integer}"), ("6", "      schema: {type: string}")])


if __name__ == "__main__":
    unittest.main(verbosity=1)

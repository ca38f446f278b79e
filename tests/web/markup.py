"""A strict reader of pages: what a browser would repair without a word is a fault here."""
from html.parser import HTMLParser

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
LABELLED = {"input", "select", "textarea"}


class Page(HTMLParser):
    """One page: its faults, links, forms and texts."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.faults, self.open, self.ids, self.referred = [], [], set(), []
        self.labels, self.fields, self.forms, self.links = set(), [], [], []
        self.title, self.headings, self.text = "", [], ""
        self.name, self.chosen = None, {}
        self.feed(text)
        self.close()
        self.check_whole(text)

    def fault(self, text):
        self.faults.append(f"line {self.getpos()[0]}: {text}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        values = dict(attrs)
        if len(set(names)) != len(names):
            self.fault(f"<{tag}> has an attribute twice")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.fault(f"<{tag} {name}>")
            if name in ("href", "src", "action") and not (value or "").startswith(("/", "#", "?", "https://", "http://", "mailto:")):
                self.fault(f"<{tag} {name}={value!r}>")
        if tag in ("script", "style", "iframe", "object", "embed", "base"):
            self.fault(f"<{tag}> is not ours")
        if "id" in values:
            if values["id"] in self.ids:
                self.fault(f"id {values['id']} twice")
            self.ids.add(values["id"])
        for name in ("for", "aria-describedby", "aria-labelledby"):
            self.referred += (values.get(name) or "").split()
        if tag == "label":
            self.labels.add(values.get("for"))
        if tag in LABELLED and values.get("type") != "hidden":
            self.fields.append(values)
        if tag == "form":
            self.forms.append({"action": values.get("action"), "method": values.get("method", "get"), "fields": {}})
        if tag in LABELLED and values.get("name") and "form" in self.open:
            self.name = values["name"]
            self.forms[-1]["fields"][self.name] = values.get("value") or ""
        if tag == "option":
            options = self.open.count("select") and self.forms[-1]["fields"]
            if "selected" in values or not self.chosen.get(self.name):
                options[self.name] = values.get("value") or ""
                self.chosen[self.name] = True
        if tag == "select":
            self.chosen.pop(self.name, None)
        if tag == "a":
            self.links.append(values.get("href"))
        if tag == "p" and "p" in self.open and "form" not in self.open[self.open.index("p"):]:
            self.fault("<p> inside of <p>")
        if tag in ("ul", "ol", "div", "form", "table", "dl", "pre", "h1", "h2", "h3", "section") and self.open and self.open[-1] == "p":
            self.fault(f"<{tag}> inside of <p>")
        if tag == "li" and (not self.open or self.open[-1] not in ("ul", "ol")):
            self.fault("<li> outside of a list")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.fault(f"<{tag}/>")

    def handle_endtag(self, tag):
        if not self.open or self.open[-1] != tag:
            self.fault(f"</{tag}> while {self.open[-3:]} is open")
        else:
            self.open.pop()

    def handle_data(self, data):
        if "title" in self.open:
            self.title += data
        elif self.open and self.open[-1] == "textarea" and "form" in self.open:
            self.forms[-1]["fields"][self.name] += data.removeprefix("\n")
        if "title" not in self.open:
            self.text += data + " "

    def handle_comment(self, data):
        self.fault("a comment")

    def check_whole(self, text):
        if self.open:
            self.fault(f"never closed: {self.open}")
        if not text.startswith("<!doctype html>\n<html lang="):
            self.fault("no doctype or language")
        if not self.title.strip():
            self.fault("no title")
        if self.headings.count("h1") != 1 or (self.headings and self.headings[0] != "h1"):
            self.fault(f"headings {self.headings}")
        for one, other in zip(self.headings, self.headings[1:]):
            if int(other[1]) > int(one[1]) + 1:
                self.fault(f"{other} right behind {one}")
        for field in self.fields:
            if field.get("id") not in self.labels and not field.get("aria-label"):
                self.fault(f"no label for {field}")
        for link in self.links:
            if link and link.startswith("#") and link[1:] not in self.ids:
                self.fault(f"{link} leads nowhere")
        for name in self.referred:
            if name not in self.ids:
                self.fault(f"nothing has the id {name}")

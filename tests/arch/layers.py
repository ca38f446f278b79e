#!/usr/bin/python3
"""The rules of the architecture that a compiler does not check. Usage: layers.py BUILD_FOLDER

Includes go downward only; each library is included by one file (or one folder); no writable data at file
scope outside main.c and term/restore.c; no name exported twice; file and function sizes; every header compiles alone."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "build/dev").resolve()

# folder -> folders it may include from, besides itself and catalog/base
MAY = {
    "catalog/base": set(),
    "catalog/tree": set(),
    "catalog/schema": {"catalog/tree"},
    "catalog/openapi": {"catalog/tree", "catalog/schema"},
    "catalog/example": {"catalog/tree", "catalog/schema", "catalog/openapi"},
    "catalog/exchange": {"catalog/tree", "catalog/schema", "catalog/openapi", "catalog/example"},
    "catalog/jsonpath": {"catalog/tree"},
    "catalog/lint": {"catalog/tree", "catalog/jsonpath", "catalog/schema", "catalog/openapi"},
    "catalog/diff": {"catalog/tree", "catalog/openapi"},
    "catalog/route": set(),
    "catalog/model": set(),
    "catalog/authz": {"catalog/route", "catalog/model"},
    "catalog/envoy": {"catalog/route", "catalog/model"},
    "catalog/store": {"catalog/model", "catalog/authz", "catalog/envoy"},
    "catalog/service": {"catalog/tree", "catalog/openapi", "catalog/lint", "catalog/diff", "catalog/model", "catalog/route", "catalog/authz", "catalog/envoy", "catalog/store"},
    "fetch": set(),
    "portal/http": {"catalog/route"},
    "portal/html": {"catalog/model"},
    "portal/rest": {"portal", "portal/http", "catalog/service", "catalog/model", "catalog/route", "catalog/tree", "catalog/openapi", "catalog/diff", "catalog/authz", "catalog/envoy"},
    "portal/web": {"portal", "portal/http", "portal/html", "catalog/service", "catalog/model", "catalog/route", "catalog/tree", "catalog/openapi", "catalog/lint", "catalog/diff", "catalog/authz", "catalog/envoy"},
    "portal/control": {"portal", "portal/http", "fetch", "catalog/service", "catalog/model", "catalog/authz", "catalog/envoy"},
    "portal/fleet": {"portal", "portal/http", "portal/control", "fetch", "catalog/service", "catalog/model", "catalog/envoy"},
    "portal": {"portal/http", "portal/control", "portal/fleet", "portal/web", "portal/rest", "catalog/service", "catalog/model", "fetch"},
    "tui": {"fetch", "catalog/model", "catalog/route", "catalog/tree", "catalog/schema", "catalog/openapi", "catalog/lint", "catalog/diff", "catalog/exchange"},
}
# header -> the only files (or folders, with a slash) that may include it
ONLY = {
    "sodium.h": "catalog/base/crypto.c",
    "jansson.h": "catalog/base/json_read.c",
    "pcre2.h": "catalog/base/regex.c",
    "zlib.h": "catalog/base/gzip.c",
    "yaml.h": "catalog/tree/yaml.c",
    "sqlite3.h": "catalog/store/sqlite.c",
    "microhttpd.h": "portal/http/",
    "gnutls/gnutls.h": "portal/http/",
    "gnutls/abstract.h": "portal/http/",
    "gnutls/x509.h": "portal/http/tls.c",
    "curl/curl.h": "fetch/curl.c",
    "ncurses.h": "tui/term/",
    "curses.h": "tui/term/",
}
WRITABLE_MAY = ("tui/term/restore.c",)
LONGEST_FILE, LONGEST_FUNCTION = 600, 80

problems = []


def problem(path, text):
    problems.append(f"{path}: {text}")


def sources():
    for top in ("catalog", "portal", "tui", "fetch"):
        yield from (p for p in sorted((ROOT / top).rglob("*.[ch]")))


def layer_of(path):
    folder = path.parent.relative_to(ROOT).as_posix()
    if folder.startswith("tui"):
        return "tui"
    return folder


def check_includes(path, text):
    layer, name = layer_of(path), path.relative_to(ROOT).as_posix()
    if layer not in MAY:
        problem(name, f"folder {layer} has no row in MAY")
        return
    for header in re.findall(r'^#include "([^"]+)"', text, re.M):
        target = (ROOT / header)
        if not target.exists():
            continue  # generated
        to = layer_of(target)
        if to not in MAY[layer] | {layer, "catalog/base"}:
            problem(name, f"includes {header}: {layer} may not use {to}")
    for header in re.findall(r"^#include <([^>]+)>", text, re.M):
        only = ONLY.get(header)
        if only and not (name == only or only.endswith("/") and name.startswith(only)):
            problem(name, f"includes <{header}>: only {only} may")


def check_sizes(path, text):
    name, lines = path.relative_to(ROOT).as_posix(), text.splitlines()
    if path.suffix == ".c" and len(lines) > LONGEST_FILE:
        problem(name, f"{len(lines)} lines: a noun is missing (at most {LONGEST_FILE})")
    start = None
    for number, line in enumerate(lines, 1):
        if line == "{":
            start = number
        elif line == "}" and start is not None:
            if number - start > LONGEST_FUNCTION:
                problem(name, f"line {start}: function of {number - start} lines (at most {LONGEST_FUNCTION})")
            start = None


def check_writable():
    """Objects in .data and .bss; tables of pointers live in .data.rel.ro, which is read-only when it runs."""
    archives = sorted(BUILD.rglob("*.a"))
    if not archives:
        problem(BUILD, "holds no library: build first")
    for archive in archives:
        listing = subprocess.run(["objdump", "-t", archive], capture_output=True, text=True, check=True)
        unit = "?"
        for line in listing.stdout.splitlines():
            if match := re.match(r"(\S+)\.o:\s+file format", line):
                unit = match[1]
            match = re.match(r"[0-9a-f]+ .{6}O \.(?:data|bss)(?:\.\S+)?\s+[0-9a-f]+ (?:\.hidden )?(\S+)$", line)
            if not match or ".data.rel.ro" in line or re.match(r"__|_GLOBAL|\.L|\*", match[1]):
                continue
            if not any(may.endswith("/" + unit) for may in WRITABLE_MAY):
                problem(archive.relative_to(BUILD), f"{unit} keeps writable data: {match[1]}")


def check_names():
    """A name that two objects export may resolve to either, silently, when both are linked from archives."""
    homes = {}
    for archive in sorted(BUILD.rglob("*.a")):
        listing = subprocess.run(["nm", "--defined-only", "--extern-only", archive], capture_output=True, text=True, check=True)
        for name in re.findall(r"^[0-9a-f]+ [A-TV-Z] (\w+)$", listing.stdout, re.M):
            homes.setdefault(name, []).append(archive.name)
    for name, where in sorted(homes.items()):
        if len(where) > 1 and not name.startswith("__"):
            problem(name, f"is defined {len(where)} times: {', '.join(where)}")


def check_headers_alone():
    for header in (p for p in sources() if p.suffix == ".h"):
        run = subprocess.run(["gcc", "-std=c17", "-D_GNU_SOURCE", "-I", ROOT, "-I", BUILD, "-Wall", "-Wextra", "-Werror",
                              "-fsyntax-only", "-include", header, "-x", "c", "/dev/null"], capture_output=True, text=True)
        if run.returncode:
            problem(header.relative_to(ROOT), "does not compile alone: " + run.stderr.splitlines()[-1])


for source in sources():
    content = source.read_text()
    check_includes(source, content)
    check_sizes(source, content)
check_writable()
check_names()
check_headers_alone()
for line in problems:
    print(line)
print(f"arch: {len(problems)} problems")
sys.exit(1 if problems else 0)

#!/usr/bin/python3
"""chancery COMMAND --help: the options that it names are those of the manual, and the command takes them."""
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests"))
from kit.chancery import binary  # noqa: E402

MANUAL = (ROOT / "doc/chancery.1").read_text()
PARTS = {  # where the manual has a command's options: first line, and the line behind the last
    "validate": (".It Cm validate Ar file", ".It Cm lint"), "diff": (".It Cm diff", ".It Cm bundle"),
    "bundle": (".It Cm bundle", ".It Cm slice"), "slice": (".It Cm slice", ".It Cm examples"),
    "lint": (".Sh LINT", ".Sh EXAMPLES AND TESTS"), "examples": (".Ss chancery examples", ".Ss chancery test"),
    "test": (".Ss chancery test", ".Sh CONSOLE"),
}


def run(*words):
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run([binary("chancery"), *words], capture_output=True, text=True, timeout=30, cwd=folder, check=False)


def of_manual(command):
    first, behind = PARTS[command]
    part = MANUAL[MANUAL.index(first):MANUAL.index(behind)]
    items = [line for line in part.splitlines() if line.startswith(".It")]
    return set(re.findall(r"Fl -([a-z-]+)", "\n".join(items)))


class Help(unittest.TestCase):
    def test_help_names_the_options_of_the_manual(self):
        for command in PARTS:
            done = run(command, "--help")
            self.assertEqual((done.returncode, done.stderr), (0, ""), command)
            self.assertTrue(done.stdout.startswith(f"usage: chancery {command} "), done.stdout)
            options = set(re.findall(r"--([a-z-]+)", done.stdout.split("\n", 1)[1]))
            self.assertEqual(options, of_manual(command), command)
            self.assertLessEqual(max(len(line) for line in done.stdout.splitlines()), 80, command)

    def test_each_option_is_taken(self):
        for command in PARTS:
            for option in of_manual(command):
                done = run(command, f"--{option}=x", "nowhere.yaml")
                self.assertNotIn("no option", done.stderr, (command, option))
                self.assertEqual(done.returncode, 2)

    def test_help_may_stand_anywhere_but_behind_two_dashes(self):
        for words in (["lint", "x.yaml", "--help"], ["requests", "--json", "--help"], ["approve", "--help"]):
            self.assertEqual(run(*words).returncode, 0, words)
        self.assertEqual(run("lint", "--", "--help").returncode, 2)

    def test_a_wrong_option_is_named(self):
        for words in (["--nope"], ["requests", "--nope"], ["approve", "--nope", "x"], ["lint", "--nope"], ["diff", "--nope", "a", "b"]):
            done = run(*words)
            self.assertEqual(done.returncode, 2, words)
            self.assertRegex(done.stderr, "^chancery: (--nope: is no option|there is no option --nope)", words)

    def test_the_demo_refuses_what_it_does_not_know_before_it_builds(self):
        done = subprocess.run([ROOT / "demo", "--stroy"], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("--stroy is no option", done.stderr)
        done = subprocess.run([ROOT / "demo", "--help"], capture_output=True, text=True, timeout=30, check=False)
        self.assertEqual((done.returncode, len(re.findall(r"\./demo", done.stdout))), (0, 3))

    def test_route_names_the_file_that_it_cannot_read(self):
        with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
            file.write("not: [valid")
            file.flush()
            self.assertIn(f"{file.name} line 1 column ", run("route", file.name, "GET", "/x").stderr)


if __name__ == "__main__":
    unittest.main()

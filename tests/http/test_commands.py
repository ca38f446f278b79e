"""What the commands of chanceryd say to somebody who tries them: the next step, and not one that leads astray."""
import pathlib
import shutil
import unittest

from case import Chanceryd, main


class Commands(unittest.TestCase):
    def setUp(self):
        self.daemon = Chanceryd()
        self.addCleanup(shutil.rmtree, self.daemon.folder, ignore_errors=True)
        self.addCleanup(self.daemon.stop)

    def refused(self, *words, status=2):
        done = self.daemon.run(*words)
        self.assertEqual((done.returncode, done.stdout), (status, ""), done.stderr)
        return done.stderr

    def test_a_word_too_many_is_refused(self):
        self.daemon.init()
        for command in ("init", "serve", "check", "restart", "routes"):
            self.assertIn(f'{command}: takes no "copy.db"', self.refused(command, "copy.db"))
        self.assertIn("--set database=FILE", self.refused("check", "copy.db"))
        self.assertIn("name one", self.refused("backup", "copy.db", "copy.db"))
        self.assertIn("name one", self.refused("restore", "copy.db", "copy.db"))

    def test_init_says_how_to_start_what_it_has_made(self):
        said = self.daemon.init()
        line = next(line for line in said.splitlines() if line.startswith("Start it:")).split()
        self.assertEqual(line[2:], [str(word) for word in self.daemon.command("serve")])

    def test_init_s_link_leads_to_where_the_portal_will_listen(self):
        for number, (settings, link) in enumerate((
                ({"listen": "127.0.0.1:18080"}, "http://127.0.0.1:18080/"), ({"listen": "[::]:18081"}, "http://127.0.0.1:18081/"),
                ({"listen": "127.0.0.1:18080", "public_url": "https://apis.example/portal/"}, "https://apis.example/portal/"))):
            self.daemon.settings.update(settings, database=self.daemon.folder / f"link-{number}.db")
            self.assertIn(f"\n  {link}setup?code=", self.daemon.init())

    def test_only_a_catalog_is_made_with_init(self):
        self.assertIn("chanceryd init", self.refused("serve", status=1))
        self.daemon.init()
        self.daemon.settings.update(listen_tls="127.0.0.1:0", tls_certificate=self.daemon.folder / "none.pem", tls_key=self.daemon.folder / "none.pem")
        said = self.refused("serve", status=1)
        self.assertIn("none.pem: cannot open the file", said)
        self.assertNotIn("chanceryd init", said)

    def test_a_wrong_option_is_told_in_the_program_s_name(self):
        self.assertIn("chanceryd: --nope: is no option\nusage: ", self.refused("--nope"))
        self.assertIn("chanceryd: --keep: needs a value\nusage: ", self.refused("backup", "--keep"))
        file = pathlib.Path(self.daemon.folder) / "odd.conf"
        file.write_text("# comment\nlisten 80\n")
        self.assertIn(f"chanceryd: {file} line 2: no '='", self.refused("--config", str(file), "serve"))

    def test_what_cannot_be_used_is_told_with_what_to_do(self):
        self.daemon.init()
        nowhere = pathlib.Path(self.daemon.folder) / "nowhere"
        self.daemon.settings["envoy"] = nowhere
        said = self.refused("serve", status=1)
        self.assertIn(f"envoy: cannot run {nowhere}: No such file or directory", said)
        self.assertIn("leave the setting empty", said)
        self.daemon.settings.update(envoy="", control_socket=nowhere / "x.sock")
        said = self.refused("serve", status=1)
        self.assertIn(f"control_socket: {nowhere}/x.sock: No such file or directory", said)
        self.assertIn("its folder must exist", said)
        self.assertIn("--set control_socket=PATH", said)

    def test_a_backup_into_nowhere_says_what_is_missing(self):
        self.daemon.init()
        for words in (("backup",), ("backup", "--keep", "2")):
            self.assertIn("the directory must exist", self.refused(*words, str(pathlib.Path(self.daemon.folder) / "nowhere/copy.db"), status=1))


if __name__ == "__main__":
    main()

"""A real Envoy for tests: find it, start it on a bootstrap, read its admin, stop it."""
import http.client
import json
import pathlib
import subprocess
import tempfile
import time

from kit.chancery import UnixConnection, ask

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_FLAGS = ("--disable-hot-restart", "--reject-unknown-dynamic-fields", "--component-log-level", "misc:error")


def find_envoy():
    """The binary that scripts/envoy prints, or None (then the reason is on standard error)."""
    done = subprocess.run([ROOT / "scripts/envoy"], stdout=subprocess.PIPE, text=True, timeout=300, check=False)
    return done.stdout.strip() or None if done.returncode == 0 else None


def short_folder(prefix="chy-"):
    """A folder of the test's own whose path leaves room for a socket's name (100 bytes at most)."""
    return pathlib.Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))


def without_comments(bootstrap):
    """The bootstrap's JSON behind its '#' lines."""
    text = bootstrap.decode() if isinstance(bootstrap, bytes) else bootstrap
    return json.loads("\n".join(line for line in text.splitlines() if not line.startswith("#")))


def validate(binary, config, folder):
    """`envoy --mode validate`: None when accepted, else what Envoy says."""
    path = pathlib.Path(folder) / "validate.json"
    path.write_bytes(config)
    done = subprocess.run([binary, "--mode", "validate", "-c", path], capture_output=True, text=True, timeout=60, check=False)
    return None if done.returncode == 0 else done.stderr


class Envoy:
    """One running Envoy. Its log is FOLDER/envoy.log; a second start there continues the file."""

    def __init__(self, binary, bootstrap, folder, concurrency=1, flags=START_FLAGS):
        self.folder = pathlib.Path(folder)
        self.log = self.folder / "envoy.log"
        config = self.folder / "envoy.yaml"
        config.write_bytes(bootstrap if isinstance(bootstrap, bytes) else bootstrap.encode())
        self._admin = without_comments(bootstrap)["admin"]["address"]
        pipe = self._admin.get("pipe")
        if pipe:
            pathlib.Path(pipe["path"]).unlink(missing_ok=True)  # left behind by a killed one
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [binary, "--config-path", config, *flags, "--concurrency", str(concurrency), "--log-level", "warning"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def admin(self, target, method="GET"):
        """One request to the admin interface."""
        if "pipe" in self._admin:
            connection = UnixConnection(self._admin["pipe"]["path"], timeout=10)
        else:
            place = self._admin["socket_address"]
            connection = http.client.HTTPConnection(place["address"], place["port_value"], timeout=10)
        try:
            return ask(connection, method, target)
        finally:
            connection.close()

    def wait_ready(self, timeout_s=20):
        """Until /ready says LIVE."""
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            if self.process.poll() is not None:
                break
            try:
                if self.admin("/ready").status == 200:
                    return self
            except OSError:
                pass
            time.sleep(0.01)
        raise RuntimeError(f"Envoy is not ready:\n{self.log_text()[-3000:]}")

    def stat(self, name):
        """One counter or gauge of Envoy's own."""
        for line in self.admin(f"/stats?filter=^{name}$").body.decode().splitlines():
            return int(line.rsplit(" ", 1)[1])
        return None

    def log_text(self):
        return self.log.read_text(errors="replace")

    def stop(self, timeout_s=10):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self):
        self.process.kill()
        self.process.wait()

"""The real chanceryd for tests and for the demo: start it on a fresh file, talk to it over its Unix socket."""
import ctypes
import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary(name):
    """A program of this build: $CHANCERY_BIN, else the newest of build/*/bin."""
    folder = os.environ.get("CHANCERY_BIN")
    found = [pathlib.Path(folder) / name] if folder else sorted(
        ROOT.glob(f"build/*/bin/{name}"), key=lambda p: p.stat().st_mtime, reverse=True)
    if not found or not found[0].exists():
        raise FileNotFoundError(f"{name} is not built: cmake --workflow --preset release")
    return str(found[0])


class UnixConnection(http.client.HTTPConnection):
    """HTTP over a Unix socket."""

    def __init__(self, path, timeout=30):
        super().__init__("localhost", timeout=timeout)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.path)


class Answer:
    """Status, headers (lower-case names) and body of one answer."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.set_cookies = response.headers.get_all("set-cookie") or []
        self.body = response.read()

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:300]!r}"


def ask(connection, method, target, body=None, headers=None):
    """One request on a connection of http.client; JSON bodies may be given as dict or list."""
    headers = dict(headers or {})
    if isinstance(body, (dict, list)):
        headers.setdefault("content-type", "application/json")
        body = json.dumps(body).encode()
    connection.request(method, target, body=body, headers=headers)
    return Answer(connection.getresponse())


PR_SET_CHILD_SUBREAPER = 36


class Adopted:
    """A process that one of ours has started and left behind; the face of subprocess.Popen that is used here."""

    def __init__(self, pid):
        self.pid, self.returncode = pid, None

    def poll(self):
        if self.returncode is None:
            try:
                done, status = os.waitpid(self.pid, os.WNOHANG)
                if done:
                    self.returncode = os.waitstatus_to_exitcode(status)
            except ChildProcessError:
                pass  # its parent still lives
        return self.returncode

    def wait(self, timeout_s=None):
        end = time.monotonic() + (timeout_s or 3600)
        while self.poll() is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("chanceryd", timeout_s)
            time.sleep(0.005)
        return self.returncode

    def send_signal(self, number):
        os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Failed(Exception):
    """An answer that was not the expected one."""


class Chanceryd:
    """One chanceryd on its own file, sockets and ports."""

    def __init__(self, folder=None, envoy="", tcp=True, settings=None):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="chy-"))
        self.sockets = self.folder if len(str(self.folder)) < 70 else pathlib.Path(tempfile.mkdtemp(prefix="chy-"))
        self.socket = str(self.sockets / "c.sock")
        self.control_socket = str(self.sockets / "x.sock")
        self.check_socket = str(self.sockets / "k.sock")
        self.log = self.folder / "chanceryd.log"
        self.process, self.ready, self.left = None, {}, []
        self.environment = {}  # added to this process's own
        self.settings = {
            "database": self.folder / "chancery.db", "spool_dir": self.folder / "spool",
            "socket": self.socket, "control_socket": self.control_socket, "check_socket": self.check_socket,
            "listen": "127.0.0.1:0" if tcp else "", "control_listen": "127.0.0.1:0" if tcp else "",
            "check_listen": "127.0.0.1:0" if tcp else "", "envoy": envoy, **(settings or {})}

    def command(self, *words):
        line = [binary("chanceryd")]
        for name, value in self.settings.items():
            line += ["--set", f"{name}={value}"]
        return line + list(words)

    def run(self, *words):
        """Runs one chanceryd command to its end."""
        return subprocess.run(self.command(*words), capture_output=True, text=True, timeout=60, env={**os.environ, **self.environment})

    def init(self):
        done = self.run("init")
        if done.returncode:
            raise Failed(done.stderr)
        return done.stdout

    def spawn(self):
        """Starts it without waiting; returns how long the log was before."""
        with open(self.log, "ab") as log:
            seen = log.tell()
            self.process = subprocess.Popen(self.command("serve"), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env={**os.environ, **self.environment})
        return seen

    def start(self, timeout_s=20):
        seen = self.spawn()
        end = time.monotonic() + timeout_s
        while time.monotonic() < end:
            for line in self.log.read_bytes()[seen:].split(b"\n")[:-1]:  # the last may be half written
                if b'"event":"ready"' in line:
                    self.ready = json.loads(line)
                    self.pin_ports()
                    return self
            if self.process.poll() is not None:
                break
            time.sleep(0.005)
        raise Failed(f"chanceryd did not start: {self.log.read_text()[-2000:]}")

    def pin_ports(self):
        """The ports the kernel gave stay the same over a restart."""
        for name, key in (("listen", "port"), ("control_listen", "control_port"), ("check_listen", "check_port")):
            if self.settings[name] and self.ready.get(key):
                self.settings[name] = f"127.0.0.1:{self.ready[key]}"

    @property
    def port(self):
        return self.ready["port"]

    def rest(self, method, target, body=None, headers=None, expect=None):
        """One request over the Unix socket, as the local administrator."""
        connection = UnixConnection(self.socket)
        try:
            answer = ask(connection, method, target, body, headers)
        finally:
            connection.close()
        if expect and answer.status != expect:
            raise Failed(f"{method} {target}: expected {expect}, got {answer}")
        return answer

    def portal(self, method, target, body=None, headers=None):
        """One request over TCP."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            return ask(connection, method, target, body, headers)
        finally:
            connection.close()

    def restart(self):
        """chanceryd restart. When it goes well, `process` is the one that has taken over, and `left` has the others."""
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)  # so that its end is seen here
        done = self.run("restart")
        if done.returncode == 0:
            self.left.append(self.process)
            self.process = Adopted(int(done.stdout.split()[1]))
        return done

    def stop(self, timeout_s=15):
        for process in self.left:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout_s)
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(timeout_s)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise Failed("chanceryd did not stop on SIGTERM") from None
        return self.process.returncode if self.process else None

    def kill(self):
        self.process.kill()
        self.process.wait()

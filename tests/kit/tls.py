"""Certificates of a run's own issuer, and a TLS front before a real chanceryd."""
import http.server
import json
import pathlib
import ssl
import subprocess
import threading

from .chancery import UnixConnection, ask


class Issuer:
    """A certificate authority in a folder; what it makes lives as long as the test."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.certificate = self.folder / "ca.pem"
        self.openssl("req", "-x509", *self.new_key("ca"), "-days", "2", "-subj", "/CN=Issuer of a test", "-out", self.certificate)

    @staticmethod
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True)

    def new_key(self, name):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.folder / f"{name}.key"]

    def make(self, name, host="localhost", days=2):
        """(certificate, key) for a host; days below 0: it has expired."""
        request, extension, out = (self.folder / f"{name}{end}" for end in (".csr", ".ext", ".pem"))
        extension.write_text(f"subjectAltName=DNS:{host}\n")
        self.openssl("req", *self.new_key(name), "-subj", f"/CN={host}", "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / "ca.key",
                     "-CAcreateserial", "-days", str(days), "-extfile", extension, "-out", out)
        return out, self.folder / f"{name}.key"


class Front:
    """https on a port of its own before the daemon's Unix socket; who does not send the token gets 401. Without a token all are
    let through and the daemon judges what they send."""

    def __init__(self, socket, certificate, token=None, port=0):
        front = self
        self.token, self.refused, self.seen = token, 0, []

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def relay(self):
                body = self.rfile.read(int(self.headers.get("content-length", 0)))
                front.seen.append((self.command, self.path, self.headers.get("authorization")))
                if front.token and self.headers.get("authorization") != f"Bearer {front.token}":
                    front.refused += 1
                    self.send(401, "application/problem+json", json.dumps({"title": "unauthenticated", "detail": "this token is not known"}).encode())
                    return
                connection = UnixConnection(socket)
                headers = {"content-type": self.headers["content-type"]} if body else {}
                if not front.token and self.headers["authorization"]:
                    headers["authorization"] = self.headers["authorization"]
                answer = ask(connection, self.command, self.path, body or None, headers)
                connection.close()
                self.send(answer.status, answer.headers.get("content-type", "application/json"), answer.body)

            do_GET = do_POST = relay

            def send(self, status, kind, body):
                self.send_response(status)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *words):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            connections = []

            def get_request(self):  # the handshake is the connection's own thread's affair
                connection, address = super().get_request()
                wrapped = front.context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
                self.connections.append(wrapped)
                return wrapped, address

            def handle_error(self, request, client_address):
                pass  # a client that does not like the certificate hangs up

        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(*certificate)
        self.server = Server(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self):
        return f"https://localhost:{self.port}"

    def stop(self):
        """Listens no more and cuts what is open."""
        self.server.shutdown()
        self.server.server_close()
        for connection in self.server.connections:
            try:
                connection.shutdown(2)
            except OSError:
                pass
            connection.close()

"""A server that records what it is sent and echoes it; also plays other servers a proxy talks to."""
import dataclasses
import http.server
import json
import os
import socketserver
import threading


@dataclasses.dataclass
class Request:
    """One recorded request; header names in lower case, the last of several values wins."""
    method: str
    path: str
    headers: dict
    body: bytes

    def as_json(self):
        return json.dumps({"method": self.method, "path": self.path, "headers": self.headers, "body": self.body.decode("latin-1")})


def echo(request):
    """The default answer: 200 and the request as JSON."""
    return 200, {"content-type": "application/json"}, request.as_json().encode()


class _TcpServer(http.server.ThreadingHTTPServer):
    daemon_threads, request_queue_size = True, 256

    def handle_error(self, request, client_address):
        pass  # clients that go away are part of the tests


class _UnixServer(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads, request_queue_size = True, 256

    def handle_error(self, request, client_address):
        pass


class Upstream:
    """Listens on a port of the kernel's choice, or on a Unix socket. answer(request) gives status, headers, body;
    None closes the connection without an answer. `requests` holds what came, oldest first."""

    def __init__(self, answer=echo, path=None, port=0):
        self.requests, self.answer, self.path = [], answer, path
        self._connections, self._lock = set(), threading.Lock()
        handler = self._handler()
        self._server = _UnixServer(str(path), handler) if path else _TcpServer(("127.0.0.1", port), handler)
        self.port = 0 if path else self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def _handler(self):
        upstream = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = not upstream.path

            def setup(self):
                super().setup()
                with upstream._lock:
                    upstream._connections.add(self.connection)

            def finish(self):
                with upstream._lock:
                    upstream._connections.discard(self.connection)
                super().finish()

            def log_message(self, *_):
                pass

            def read_body(self):
                if "chunked" not in self.headers.get("transfer-encoding", ""):
                    return self.rfile.read(int(self.headers.get("content-length") or 0))
                body = b""
                while size := int(self.rfile.readline().split(b";")[0], 16):
                    body += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return body

            def serve(self):
                headers = {name.lower(): value for name, value in self.headers.items()}
                target = self.requestline.split()[1]  # self.path has lost a second slash at its beginning
                request = Request(self.command, target, headers, self.read_body())
                upstream.requests.append(request)
                answer = upstream.answer(request)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, body = answer
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("content-length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD" and status != 304:
                    self.wfile.write(body)

            do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = serve

        return Handler

    def stop(self):
        """Closes the listener and every open connection, as a program that ends does."""
        self._server.shutdown()
        self._server.server_close()
        with self._lock:
            for connection in self._connections:
                try:
                    connection.shutdown(2)
                except OSError:
                    pass
        if self.path and os.path.exists(self.path):
            os.unlink(self.path)

"""Ports from the kernel."""
import socket

_held = set()


def free_port(host="127.0.0.1"):
    """A TCP port nobody listens on; this process gets each one once only."""
    while True:
        with socket.socket() as probe:
            probe.bind((host, 0))
            port = probe.getsockname()[1]
        if port not in _held:
            _held.add(port)
            return port

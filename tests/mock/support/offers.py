"""Clients that offer an upgrade with their requests: bytes of our own, curl --http2, and Java's HttpClient."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from functools import cache
from pathlib import Path
from typing import Self

import pytest

__all__ = [
    "BODY",
    "HEAD",
    "NAMES",
    "PREFACE",
    "Connection",
    "created_by_curl",
    "created_by_java",
    "needs_curl",
    "needs_java",
    "offered",
    "sized",
    "wait_until_read",
]

NAMES = [b"h2c", b"websocket", b"TLS/1.0", b"h2c, websocket"]
"""Protocols that are offered; none of them is taken."""

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\0\0\0\4\0\0\0\0\0"
"""How a client begins that speaks HTTP/2 without asking: the preface and empty settings."""

BODY = b'{"customer":"cust_8aZ2","amount":1000,"currency":"USD"}'
HEAD = (
    b"POST /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nX-Api-Key: sk_test_1\r\nContent-Type: application/json\r\n"
)
JAVA = Path(__file__).with_name("Offers.java")


def offered(name: bytes) -> bytes:
    """The headers that offer a protocol, as Java's client and curl send them."""
    return b"Connection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\nUpgrade: " + name + b"\r\n"


def sized(name: bytes, body: bytes = BODY) -> tuple[bytes, bytes]:
    """Head and body of a request that offers a protocol."""
    return HEAD + offered(name) + b"Content-Length: %d\r\n\r\n" % len(body), body


class Connection:
    """A connection on which bytes are sent as they are and responses are read one by one."""

    def __init__(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self.socket = socket.create_connection((host, int(port)), 10)
        self._file = self.socket.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self.socket.close()

    def send(self, *pieces: bytes) -> None:
        """Send the pieces one after the other."""
        for piece in pieces:
            self.socket.sendall(piece)

    def status(self) -> bytes:
        """The status line of the next response; its body is read and dropped."""
        return self.response()[0]

    def response(self) -> tuple[bytes, bytes]:
        """Status line and body of the next response."""
        line = self._file.readline()
        assert line, "the connection was closed"
        length = 0
        while (header := self._file.readline()) != b"\r\n":
            name, _, value = header.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return line.rstrip(), self._file.read(length)


@cache
def _curl_can() -> bool:
    found = shutil.which("curl")
    if found is None:
        return False
    said = subprocess.run([found, "--version"], capture_output=True, text=True, timeout=30, check=False).stdout
    return "HTTP2" in said


needs_curl = pytest.mark.skipif(not _curl_can(), reason="no curl that speaks HTTP/2 is here")
# A single source file is compiled as it is started, which a runtime without a compiler cannot.
needs_java = pytest.mark.skipif(not (shutil.which("java") and shutil.which("javac")), reason="no JDK is here")


def created_by_curl(url: str) -> tuple[int, str]:
    """Create a credit with curl --http2; the status and the version of the response."""
    line = ["curl", "-s", "--http2", "--noproxy", "*", "-o", "-", "-w", "\n%{http_code} %{http_version}"]
    line += ["-H", "X-Api-Key: sk_test_1", "-H", "Content-Type: application/json"]
    line += ["--data-binary", BODY.decode(), f"{url}/v1/store-credit"]
    said = subprocess.run(line, capture_output=True, text=True, timeout=60, check=True).stdout
    status, version = said.rpartition("\n")[2].split()
    return int(status), version


def created_by_java(url: str) -> list[dict[str, str]]:
    """What Java's default client got for three creates, the second and third on a connection that is open already."""
    line = ["java", "-XX:TieredStopAtLevel=1", str(JAVA), f"{url}/v1/store-credit", BODY.decode()]
    said = subprocess.run(line, capture_output=True, text=True, timeout=120, check=False)
    assert said.returncode == 0, said.stderr
    return [json.loads(text) for text in said.stdout.splitlines()]


def wait_until_read(url: str) -> None:
    """Return when the server has read what was sent on other connections before: it has answered a later request."""
    host, port = url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), 10) as other:
        other.sendall(b"GET /v1/store-credit HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while other.recv(65536):
            pass

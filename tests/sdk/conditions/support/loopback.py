"""Servers on 127.0.0.1 whose every byte a test decides: what a mock of an HTTP library cannot show.

A `LoopbackServer` reads whole requests and hands each to a function with the connection it came on, which may respond,
drip, hang or reset. Everything is bounded: waits end with the server, and stopping it ends every thread it started.
"""

from __future__ import annotations

import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

__all__ = [
    "CERTIFICATES",
    "Connection",
    "LoopbackServer",
    "Received",
    "echo",
    "spree_credit",
    "tls_context",
    "vinr_credit",
]

CERTIFICATES = Path(__file__).resolve().parents[1] / "certificates"
_STEP = 0.02
"""Seconds between two bytes of a drip: many fit into a deadline."""
_STOPPING = 20.0
"""Seconds that a thread of the server has to end."""


def tls_context(certificate: str = "loopback") -> ssl.SSLContext:
    """What a server needs to speak TLS, with a certificate of the tests' own authority."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{certificate}.pem")
    return context


@dataclass(frozen=True)
class Received:
    """A request as it arrived; the names of its headers are in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    connection: int

    def json(self) -> Any:
        """The value of its body."""
        return json.loads(self.body)


class Connection:
    """One connection of a client, for the function that handles its requests."""

    def __init__(self, server: LoopbackServer, sock: socket.socket, number: int) -> None:
        self.server = server
        self.number = number
        self.open = True
        self.asked = False
        self._socket = sock
        self._unread = b""

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self._socket.sendall(data)

    def respond(self, body: Any, status: int = 200, headers: dict[str, str] | None = None) -> None:
        """Send a whole response; a body that is not bytes is sent as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        lines = [f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(content)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        # Before it is sent: what comes on another connection then may already follow it.
        self.asked = False
        self.send("\r\n".join([*lines, "", ""]).encode() + content)

    def drip(self, piece: Callable[[int], bytes], pieces: int = 3000) -> None:
        """Send one piece after another, slowly, until the client hangs up, the test has seen enough or none is left."""
        for number in range(pieces):
            self.send(piece(number))
            if self.server.released.wait(_STEP):
                break

    def hang(self) -> None:
        """Send nothing until the client hangs up or the test has seen enough."""
        while not self.server.released.is_set() and not self.hung_up(0.2):
            pass

    def hung_up(self, timeout: float) -> bool:
        """Whether the client has closed the connection, within so many seconds."""
        self._socket.settimeout(timeout)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            return False
        except OSError:
            return True
        finally:
            self._socket.settimeout(None)
        self._unread += data
        return not data

    def close(self) -> None:
        """End the connection in order."""
        self.open = False
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """End it with a RST: the client's next read is `ECONNRESET`."""
        self.open = False
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def receive(self) -> Received | None:
        """Read the next request whole; None when the client has hung up."""
        head = self._read_until(b"\r\n\r\n")
        if head is None:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = self._read(int(headers.get("content-length", "0")))
        return None if body is None else Received(method, target, headers, body, self.number)

    def _read_until(self, end: bytes) -> bytes | None:
        while end not in self._unread:
            if not self._more():
                return None
        found, _, self._unread = self._unread.partition(end)
        return found

    def _read(self, size: int) -> bytes | None:
        while len(self._unread) < size:
            if not self._more():
                return None
        found, self._unread = self._unread[:size], self._unread[size:]
        return found

    def _more(self) -> bool:
        try:
            data = self._socket.recv(65536)
        except OSError:
            return False
        self._unread += data
        return bool(data)


Handle = Callable[[Connection, Received], None]


class LoopbackServer:
    """Hands every request to a function, each connection in a thread of its own.

    Args:
        handle: Called with the connection and the request; an OSError in it means that the client has hung up.
        tls: With it the server speaks TLS.

    Attributes:
        url: Where it is.
        requests: What arrived, in order.
        most_open: The largest number of connections that were open at one time.
        most_at_once: The largest number of requests that waited for their response at one time.
        released: Set when what drips and hangs should end; the server sets it when it is stopped.
        errors: What handlers raised; `stop` raises the first.
    """

    def __init__(self, handle: Handle, tls: ssl.SSLContext | None = None) -> None:
        self.handle = handle
        self.requests: list[Received] = []
        self.most_open = 0
        self.most_at_once = 0
        self.released = threading.Event()
        self._stopping = False
        self.errors: list[Exception] = []
        self.changed = threading.Condition()
        self._tls = tls
        self._open: dict[int, Connection] = {}
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=512)
        scheme = "http" if tls is None else "https"
        self.url = f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"
        self._start(self._accept)

    def _start(self, target: Callable[..., None], *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        number = 0
        while True:
            try:
                sock, _ = self._listening.accept()
            except OSError:
                return
            number += 1
            if self._stopping:
                sock.close()
                return
            self._start(self._serve, sock, number)

    def _serve(self, sock: socket.socket, number: int) -> None:
        connection = Connection(self, sock, number)
        with self.changed:
            self._open[number] = connection
            self.most_open = max(self.most_open, len(self._open))
        try:
            if self._tls is not None:
                connection._socket = self._tls.wrap_socket(sock, server_side=True)
            while connection.open and (request := connection.receive()) is not None:
                connection.asked = True
                with self.changed:
                    self.requests.append(request)
                    self.most_at_once = max(self.most_at_once, sum(one.asked for one in self._open.values()))
                    self.changed.notify_all()
                self.handle(connection, request)
        except OSError:
            # The client has hung up, or does not trust the certificate.
            pass
        except Exception as error:  # noqa: BLE001 - raised in the test by stop()
            self.errors.append(error)
        finally:
            connection._socket.close()
            with self.changed:
                del self._open[number]
                self.changed.notify_all()

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something is true of the server, asked for at every request and every closed connection."""
        with self.changed:
            if not self.changed.wait_for(condition, _STOPPING):
                raise AssertionError(f"not within {_STOPPING:g} seconds; {len(self.requests)} requests arrived")

    @property
    def connections(self) -> int:
        """How many connections are open now."""
        return len(self._open)

    def stop(self) -> None:
        """End every connection and thread."""
        self._stopping = True
        self.released.set()
        # Wakes the thread that accepts, on every system.
        with suppress(OSError), socket.create_connection(self._listening.getsockname(), 5):
            pass
        self._listening.close()
        with self.changed:
            connections = list(self._open.values())
        for connection in connections:
            connection.close()
        for thread in self._threads:
            thread.join(_STOPPING)
        assert not any(thread.is_alive() for thread in self._threads), "a thread of the server did not end"
        if self.errors:
            raise self.errors[0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.stop()


def vinr_credit(sent: dict[str, Any]) -> dict[str, Any]:
    """The VINR credit that a create with this body makes; its id tells whose it is."""
    return {
        "id": f"sc_{sent['customer']}",
        "customer": sent["customer"],
        "amount": sent["amount"],
        "currency": sent["currency"],
        "balance_remaining": sent["amount"],
        "expires_at": None,
        "created": 1780000000,
    }


def spree_credit(sent: dict[str, Any]) -> dict[str, Any]:
    """The Spree credit that a create with this body makes; its id is its owner's and one more digit."""
    wanted = sent["store_credit"]

    def related(name: str, kind: str) -> dict[str, Any]:
        return {"data": {"id": str(wanted[name]), "type": kind}}

    return {
        "data": {
            "id": f"{wanted['user_id']}7",
            "type": "store_credit",
            "attributes": {
                "amount": str(wanted["amount"]),
                "amount_used": "0.0",
                "amount_authorized": "0.0",
                "memo": None,
                "currency": wanted["currency"],
                "originator_type": None,
                "deleted_at": None,
                "created_at": "2026-11-22T02:19:23.126Z",
                "updated_at": "2026-11-22T02:19:24.000Z",
                "public_metadata": {},
                "private_metadata": {},
                "display_amount": "$25.00",
                "display_amount_used": "$0.00",
            },
            "relationships": {
                "user": related("user_id", "user"),
                "created_by": related("created_by_id", "admin_user"),
                "store_credit_category": related("category_id", "store_credit_category"),
                "store_credit_type": {"data": None},
                "store_credit_events": {"data": []},
            },
        }
    }


def echo(connection: Connection, request: Received) -> None:
    """Respond to a create of either system with the record it asks for, and to a retrieve with one of that id."""
    if request.method == "POST":
        sent = request.json()
        record = spree_credit(sent) if "store_credit" in sent else vinr_credit(sent)
        connection.respond(record, 201)
        return
    name = request.target.partition("?")[0].rpartition("/")[2]
    record = {**vinr_credit({"customer": "c", "amount": 1, "currency": "USD"}), "id": name}
    connection.respond(record)

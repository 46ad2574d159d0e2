"""A listener on this machine for the webhooks of a mock."""

from __future__ import annotations

import queue
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

__all__ = ["WebhookListener"]

_LARGEST: Final = 256 * 1024
"""Bytes of a delivery that are taken; an event has a few hundred."""
_KEPT: Final = 200

Delivery = tuple[bytes, Mapping[str, str]]


class WebhookListener:
    """Listens on 127.0.0.1 as long as it is open.

    Args:
        seconds: How long to wait for a delivery.

    Attributes:
        url: Where it listens.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._came: queue.Queue[Delivery] = queue.Queue(_KEPT)
        came = self._came

        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_POST(self) -> None:
                text = self.headers.get("content-length", "")
                length = int(text) if text.isdigit() else 0
                if length > _LARGEST or came.full():
                    self.send_error(413)
                    return
                body = self.rfile.read(length)
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
                came.put((body, {name.lower(): value for name, value in self.headers.items()}))

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/webhooks"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def received(self) -> Delivery | None:
        """The next delivery, or None if none comes in time."""
        try:
            return self._came.get(timeout=self._seconds)
        except queue.Empty:
            return None

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

"""A receiver of webhooks on this machine that hands them to a function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

__all__ = ["WebhookReceiver"]


class WebhookReceiver:
    """Listens on 127.0.0.1 until it is closed.

    Args:
        function: Gets body and headers, whose names are in lower case, in a thread of the receiver, and returns the
            status of the response. Where it raises, there is none.

    Attributes:
        url: Where it listens.
    """

    def __init__(self, function: Callable[[bytes, Mapping[str, str]], int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = 5

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length", "0")))
                try:
                    status = function(body, {name.lower(): value for name, value in self.headers.items()})
                except Exception:  # noqa: BLE001 - whatever it raises, it has not taken the event
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

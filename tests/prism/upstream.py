"""A server that answers what it is told to, to stand behind `prism proxy`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple

__all__ = ["Answer", "Arrived", "Upstream", "listening"]


class Answer(NamedTuple):
    """What the server answers."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class Arrived(NamedTuple):
    """A request that reached the server."""

    method: str
    target: str
    content: bytes


@dataclass
class Upstream:
    """The server.

    Attributes:
        url: Where it listens.
        arrived: The requests since it was last told what to answer.
    """

    url: str
    arrived: list[Arrived] = field(default_factory=list)
    _answers: list[Answer] = field(default_factory=list)

    def answers(self, *answers: Answer) -> None:
        """Set the responses to the next requests; the last one goes on for ever."""
        self._answers = list(answers)
        self.arrived = []

    def take(self, request: Arrived) -> Answer:
        """Note a request and give its response."""
        self.arrived.append(request)
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]


@contextmanager
def listening() -> Iterator[Upstream]:
    """Run a server on 127.0.0.1 for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            content = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            answer = upstream.take(Arrived(self.command, self.path, content))
            self.send_response(answer.status)
            for name, value in answer.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_PATCH = do_DELETE = do_PUT = answer  # noqa: N815 - names given by http.server

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    upstream = Upstream(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield upstream
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

"""What the load of `scripts/bench` sends: each request another one, and each with the status that its row speaks of."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from store_credit_mock import Engine, Options, Request
from store_credit_tools.bench import command
from store_credit_tools.bench.contenders import engine_profile
from store_credit_tools.bench.mock import load, traffic
from store_credit_tools.bench.mock.load import NUMBER, Asked, loaded
from store_credit_tools.bench.mock.servers import SPREE_TOKEN
from store_credit_tools.bench.mock.throughput import GROUPS
from store_credit_tools.bench.report import mock_page

POSTS = {
    "VINR refused": traffic.VINR_BAD,
    "VINR accepted": traffic.VINR_OK,
    "Spree refused": traffic.SPREE_BAD,
    "Spree accepted": traffic.SPREE_OK,
}


@pytest.mark.parametrize("asked", [pytest.param(one, id=name) for name, one in POSTS.items()])
def test_every_body_is_another_one_and_gets_the_status_of_its_row(asked: Asked) -> None:
    """A mock that remembers its verdict on a body has nothing to remember; small and large numbers are alike."""
    numbers = [*range(1, 30), *range(load.BLOCK, load.BLOCK + 5), 300 * load.BLOCK - 1]
    bodies = [asked.numbered(number) for number in numbers]

    assert asked.method == "POST"
    assert len({json.dumps(json.loads(body), sort_keys=True) for body in bodies}) == len(numbers)
    engine = Engine(options=Options(spree_token=SPREE_TOKEN))
    for body in bodies:
        response = engine.handle(Request.build("POST", asked.targets[0], {"Host": "x", **asked.headers}, body))
        assert str(response.status)[0] == asked.status, response.body
    engine.close()


def test_every_row_with_a_post_says_that_its_bodies_vary() -> None:
    """As does the text of the page."""
    names = [row.name for group in GROUPS for row in group.comparisons]

    assert all("each body another one" in name for name in names if "POST" in name)
    assert sum("POST" in name for name in names) == 12
    assert "Every body that is sent is another one" in " ".join(mock_page([]).split())


def test_the_promises_are_those_of_varied_requests() -> None:
    """Decision H4: refused five times Prism, accepted three times, a GET over 2,000 records eight times."""
    promised = {
        row.name: row.target
        for group in command.SUBJECTS["mock"]
        for row in group.comparisons
        if row.target is not None and row.unit == "requests/CPU s" and row.name.startswith("VINR")
    }

    assert promised["VINR POST refused, each body another one, against Prism"] == 5
    assert promised["VINR POST accepted, each body another one, against Prism"] == 3
    assert promised["VINR GET one of 2,000 in turn, against Prism"] == 8
    (in_process,) = [
        row.target
        for group in command.SUBJECTS["mock"]
        for row in group.comparisons
        if row.ours == "engine" and row.target
    ]
    assert in_process == 1.3


def test_the_parts_of_the_engine_are_measured_on_varied_requests() -> None:
    """Bodies and records, in the loops that show where the time goes."""
    engine = Engine()
    made = engine_profile._requests(engine)
    refused = [made["POST refused"]() for _ in range(20)]
    accepted = [made["POST accepted"]() for _ in range(20)]

    assert len({request.body for request in refused}) == len({request.body for request in accepted}) == 20
    assert {engine.handle(request).status for request in refused} == {400}
    assert {engine.handle(request).status for request in accepted} == {201}
    assert len({made["GET one"]().path for _ in range(2 * engine_profile.RECORDS)}) == engine_profile.RECORDS
    for request in [*refused, *accepted]:
        assert dict(request.headers)[b"content-length"] == b"%d" % len(request.body)
    engine.close()


class _Listener(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    came: list[tuple[str, bytes]]

    def do_GET(self) -> None:
        self.come(b"")

    def do_POST(self) -> None:
        self.come(self.rfile.read(int(self.headers["content-length"])))

    def come(self, body: bytes) -> None:
        self.came.append((self.path, body))
        self.send_response(200 if self.headers["x-told"] == "yes" else 500)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: wrk drops its connections when its time is over."""


@pytest.fixture
def came() -> Iterator[tuple[str, Sequence[tuple[str, bytes]]]]:
    """A server's address, and what it was sent."""
    handler = type("Listener", (_Listener,), {"came": []})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", handler.came
        server.shutdown()
        thread.join()


@pytest.mark.takes_seconds
@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
def test_wrk_sends_what_was_asked_for(came: tuple[str, Sequence[tuple[str, bytes]]]) -> None:
    """Targets in turn, each body once, and in a second load none of the first one's."""
    url, seen = came
    body = f'{{"n":{NUMBER},"again":"{NUMBER}"}}'
    asked = Asked(["/a", "/b?c=1", "/d"], method="POST", body=body, headers={"X-Told": "yes"})

    for _ in range(2):
        loaded(url, asked, 1)

    bodies = [body for _, body in seen]
    targets = [target for target, _ in seen]
    assert all(abs(targets.count(target) - len(targets) / 3) < 20 for target in asked.targets)
    assert len(set(bodies)) == len(bodies) > 0
    assert all(re.fullmatch(rb'\{"n":(\d+),"again":"\1"\}', one) for one in bodies)

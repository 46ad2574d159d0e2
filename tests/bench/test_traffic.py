"""What the load of `scripts/bench` sends: each request another one, and each with the status that its row speaks of."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import httpx
import pytest

from store_credit_mock import Engine, Options, Request
from store_credit_tools.bench import command
from store_credit_tools.bench.contenders import engine_profile
from store_credit_tools.bench.mock import load, option_cost, traffic
from store_credit_tools.bench.mock.load import NUMBER, Asked, loaded
from store_credit_tools.bench.mock.servers import SPREE_TOKEN, SPREE_V3_KEY
from store_credit_tools.bench.mock.throughput import GROUPS
from store_credit_tools.bench.mock.webhook_delay import Receivers
from store_credit_tools.bench.report import mock_page

POSTS = {
    "VINR refused": traffic.VINR_BAD,
    "VINR accepted": traffic.VINR_OK,
    "Spree refused": traffic.SPREE_BAD,
    "Spree accepted": traffic.SPREE_OK,
    "Spree v3 refused": traffic.SPREE_V3_BAD,
    "Spree v3 accepted": traffic.SPREE_V3_OK,
}


@pytest.mark.parametrize("asked", [pytest.param(one, id=name) for name, one in POSTS.items()])
def test_every_body_is_another_one_and_gets_the_status_of_its_row(asked: Asked) -> None:
    """A mock that remembers its verdict on a body has nothing to remember; small and large numbers are alike."""
    numbers = [*range(1, 30), *range(load.BLOCK, load.BLOCK + 5), 300 * load.BLOCK - 1]
    bodies = [asked.numbered(number) for number in numbers]

    assert asked.method == "POST"
    assert len({json.dumps(json.loads(body), sort_keys=True) for body in bodies}) == len(numbers)
    engine = Engine(options=Options(spree_token=SPREE_TOKEN, spree_v3_secret_key=SPREE_V3_KEY))
    for body in bodies:
        response = engine.handle(Request.build("POST", asked.targets[0], {"Host": "x", **asked.headers}, body))
        assert str(response.status)[0] == asked.status, response.body
    engine.close()


def test_every_row_with_a_post_says_that_its_bodies_vary() -> None:
    """As does the text of the page."""
    names = [row.name for group in GROUPS for row in group.comparisons]

    assert all("each body another one" in name for name in names if "POST" in name)
    assert sum("POST" in name for name in names) == 18
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


def test_every_promise_of_the_issue_is_a_row() -> None:
    """Spree beside Prism, sandboxes, metrics and logs, webhooks; a restore costs the same however much there is."""
    promised = {
        row.name: (row.target, row.at_least)
        for group in command.SUBJECTS["mock"]
        for row in group.comparisons
        if row.target is not None
    }

    def targets(text: str) -> set[tuple[float, bool]]:
        return {target for name, target in promised.items() if text in name}

    assert targets("Spree GET one of 2,000 in turn, against Prism") == {(6, True)}
    assert targets("Spree POST refused, each body another one, against Prism") == {(3, True)}
    assert targets("Spree POST accepted, each body another one, against Prism") == {(2, True)}
    assert targets("Spree v3 GET one of 2,000 in turn, against Prism") == {(6, True)}
    assert targets("Spree v3 POST refused, each body another one, against Prism") == {(3, True)}
    assert targets("Spree v3 POST accepted, each body another one, against Prism") == {(2, True)}
    assert targets("over 200 sandboxes by header") == targets("over 200 sandboxes by key") == {(1.1, False)}
    assert targets("--metrics --access-log") == {(1.15, False)}
    assert targets("200 further sandboxes") == {(50, False)}
    assert targets("behind 1,000 that hang, more than alone") == {(100, False)}
    assert targets("snapshot of 100,000 credits") == {(1.2, False)}


@pytest.mark.parametrize("spread", [traffic.by_header, traffic.by_key])
@pytest.mark.parametrize("asked", [traffic.VINR_OK, traffic.SPREE_OK], ids=["VINR", "Spree"])
def test_requests_are_spread_over_all_sandboxes(asked: Asked, spread: Callable[[Asked], Asked]) -> None:
    """Each in turn, and a mock takes each for another sandbox."""
    engine = Engine(options=Options(spree_token=SPREE_TOKEN), max_sandboxes=traffic.SANDBOXES)
    sandboxes = engine.control.sandboxes
    assert sandboxes is not None
    named = [
        sandboxes.named(asked.targets[0], {name.lower().encode(): value.encode() for name, value in headers.items()})
        for headers in map(spread(asked).headed, range(2 * traffic.SANDBOXES))
    ]

    assert len(set(named)) == traffic.SANDBOXES
    assert None not in named
    assert named[: traffic.SANDBOXES] == named[traffic.SANDBOXES :]
    # So that a record is asked for in the sandbox that it was issued in.
    assert traffic.RECORDS % traffic.SANDBOXES == 0
    engine.close()


def test_what_is_compared_with_one_server_is_asked_of_it_too() -> None:
    """The baseline of each row is the plain server with the same load."""
    rows = [row for group in option_cost.GROUPS for row in group.comparisons]

    for row in rows:
        assert row.rival is not None
        assert row.rival.startswith("plain/")
        assert row.ours.partition("/")[2].startswith(row.rival.partition("/")[2])


def test_receivers_respond_unless_they_are_to_hang() -> None:
    """The good one's event is noted with its credit; one that hangs sends nothing, and a client may give up."""
    receivers = Receivers()
    event = b'{"data":{"object":{"id":"sc_1"}}}'
    with receivers.listening(), httpx.Client(base_url=receivers.url, trust_env=False, timeout=60) as client:
        assert client.post("/responding/1", content=event).status_code == 200
        with pytest.raises(httpx.ReadTimeout):
            client.post("/hang/1", content=event, timeout=httpx.Timeout(60, read=0.001))
        assert receivers.came.empty()
        assert client.post("/good", content=event).status_code == 200
        assert receivers.came.get(timeout=60)[0] == "sc_1"


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
    came: list[tuple[str, str, bytes]]

    def do_GET(self) -> None:
        self.come(b"")

    def do_POST(self) -> None:
        self.come(self.rfile.read(int(self.headers["content-length"])))

    def come(self, body: bytes) -> None:
        self.came.append((self.path, self.headers["x-turn"], body))
        self.send_response(200 if self.headers["x-told"] == "yes" else 500)
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: wrk drops its connections when its time is over."""


@pytest.fixture
def came() -> Iterator[tuple[str, Sequence[tuple[str, str, bytes]]]]:
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
def test_wrk_sends_what_was_asked_for(came: tuple[str, Sequence[tuple[str, str, bytes]]]) -> None:
    """Targets in turn, with the headers of the same turn, each body once, and in a second load none of the first's."""
    url, seen = came
    body = f'{{"n":{NUMBER},"again":"{NUMBER}"}}'
    varying = [{"X-Turn": turn} for turn in ("a", "b", "d", "a2", "b2", "d2")]
    asked = Asked(["/a", "/b?c=1", "/d"], method="POST", body=body, headers={"X-Told": "yes"}, varying=varying)

    for _ in range(2):
        loaded(url, asked, 1)

    bodies = [body for _, _, body in seen]
    targets = [target for target, _, _ in seen]
    assert {turn for _, turn, _ in seen} == {turn for one in varying for turn in one.values()}
    assert {target[1] == turn[0] for target, turn, _ in seen} == {True}
    assert all(abs(targets.count(target) - len(targets) / 3) < 20 for target in asked.targets)
    assert len(set(bodies)) == len(bodies) > 0
    assert all(re.fullmatch(rb'\{"n":(\d+),"again":"\1"\}', one) for one in bodies)

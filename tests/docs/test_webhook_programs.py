"""The receivers of signed events in other languages: each takes what VINR and Spree send, and nothing else."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
from base64 import b64encode
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import time
from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import pytest

from bootstrap import ROOT
from store_credit import spree_webhooks, webhooks

PROGRAMS = ROOT / "docs" / "programs"
SECRETS = {"VINR_WEBHOOK_SECRET": "whsec_example", "SPREE_WEBHOOK_SECRET": "0123456789abcdef" * 4}
# A line break, blanks and letters beyond ASCII: whoever parses and writes the body anew signs something else.
BODY = '{"id": "evt_1",\n "type": "store_credit.created", "data": {"memo": "Gutschrift f\\u00fcr Zoë"}}'.encode()


class Program(NamedTuple):
    """How a program is started, after what has to be built."""

    needs: str
    build: tuple[str, ...]
    start: tuple[str, ...]


LANGUAGES = {
    "node": Program("node", (), ("node", str(PROGRAMS / "node" / "webhooks.mjs"))),
    "java": Program(
        "javac",
        ("javac", "-Xlint:all", "-Werror", "-d", ".", str(PROGRAMS / "java" / "Webhooks.java")),
        ("java", "-cp", ".", "Webhooks"),
    ),
    "go": Program(
        "go", ("go", "build", "-o", "receiver", str(PROGRAMS / "go" / "webhooks" / "main.go")), ("./receiver",)
    ),
}
# The compilers take their time.
EACH = pytest.mark.parametrize(
    "language",
    [
        pytest.param(name, marks=[] if name == "node" else [pytest.mark.slow, pytest.mark.toolchain])
        for name in LANGUAGES
    ],
    scope="module",
)


class Receiver(NamedTuple):
    """A running program."""

    url: str
    command: list[str]
    folder: Path
    client: httpx.Client

    def status(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        """What it responds to a delivery."""
        # As bytes, so that a header can hold anything.
        raw = {name.encode(): value.encode() for name, value in headers.items()}
        return self.client.post(f"{self.url}/{path}", content=body, headers=raw).status_code


@pytest.fixture(scope="module")
def receiver(language: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Receiver]:
    """The program of a language, built and started."""
    program = LANGUAGES[language]
    if shutil.which(program.needs) is None:
        pytest.skip(f"{program.needs} is not installed, so that nobody ran the receiver of the guide")
    folder = tmp_path_factory.mktemp(language)
    offline = {"GOPROXY": "off", "GOTOOLCHAIN": "local"}
    if program.build:
        done = subprocess.run(
            program.build, cwd=folder, env={**os.environ, **offline}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    process = subprocess.Popen(
        program.start, cwd=folder, env={**os.environ, **SECRETS}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        url = f"http://127.0.0.1:{int(process.stdout.readline())}"
        with httpx.Client(trust_env=False, timeout=30) as client:
            yield Receiver(url, list(program.start), folder, client)
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def headers_of(system: str, body: bytes, *, secret: str = "", age: int = 0) -> dict[str, str]:
    """What the system sends with a body, signed so many seconds ago."""
    moment = int(time()) - age
    if system == "vinr":
        return webhooks.test_headers(body, secret or SECRETS["VINR_WEBHOOK_SECRET"], timestamp=moment)
    secret = secret or SECRETS["SPREE_WEBHOOK_SECRET"]
    return spree_webhooks.test_headers(body, secret, "store_credit.created", timestamp=moment)


def forged_of(system: str, genuine: dict[str, str]) -> dict[str, dict[str, str]]:
    """Headers that no receiver may take with the body, by what is wrong with them."""
    name = next(one for one in genuine if one.endswith("-Signature"))
    timestamp = next(one for one in genuine if one.endswith("-Timestamp"))
    other = "f" * 64 if system == "spree" else "whsec_of_somebody_else"
    return {
        "forged": headers_of(system, BODY, secret=other),
        "old": headers_of(system, BODY, age=400),
        "from the future": headers_of(system, BODY, age=-400),
        "of another body": headers_of(system, BODY + b" "),
        "cut": {**genuine, name: genuine[name][:-1]},
        "longer": {**genuine, name: genuine[name] + "00"},
        "of other letters": {**genuine, name: "z" * 64},
        "of no ASCII": {**genuine, name: "é" * 32},
        "of another time": {**genuine, timestamp: str(int(genuine[timestamp]) + 1)},
        "without a number": {**genuine, timestamp: "now"},
        "without the signature": {key: value for key, value in genuine.items() if key != name},
        "without the timestamp": {key: value for key, value in genuine.items() if key != timestamp},
    }


@EACH
@pytest.mark.parametrize("system", ["vinr", "spree"])
def test_a_receiver_takes_genuine_events_and_no_others(receiver: Receiver, system: str) -> None:
    """Raw bytes, both headers, the age in both directions; a header of any kind is a 400 and no crash."""
    genuine = headers_of(system, BODY)
    refused = forged_of(system, genuine)

    assert receiver.status(system, BODY, genuine) == 204
    assert receiver.status(system, BODY, headers_of(system, BODY, age=200)) == 204
    assert {what: receiver.status(system, BODY, sent) for what, sent in refused.items()} == dict.fromkeys(refused, 400)
    assert receiver.status(system, json.dumps(json.loads(BODY)).encode(), genuine) == 400
    # It still runs, and the other system's signature is not taken here.
    assert receiver.status(system, BODY, headers_of("spree" if system == "vinr" else "vinr", BODY)) == 400
    assert receiver.status(system, BODY, genuine) == 204


@EACH
def test_a_receiver_outlives_bad_clients(receiver: Receiver) -> None:
    """One that leaves in the middle of its body, one that never ends it, and one that sends far too much."""
    address = urlsplit(receiver.url)
    head = b"POST /vinr HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n"

    def connected(length: int) -> socket.socket:
        connection = socket.create_connection((address.hostname, address.port), timeout=30)
        connection.sendall(head % length + b"{")
        return connection

    genuine, large = headers_of("vinr", BODY), b" " * 3_000_000
    with connected(100) as slow:
        connected(100).close()
        # On a connection of its own, which may be closed before all is sent.
        with suppress(httpx.TransportError):
            sent = httpx.post(f"{receiver.url}/vinr", content=large, headers=headers_of("vinr", large), trust_env=False)
            assert sent.is_error
        # More than one: the process could end a moment after the client has gone.
        assert [receiver.status("vinr", BODY, genuine) for _ in range(20)] == [204] * 20
        slow.sendall(b" " * 99)
        assert slow.recv(12) == b"HTTP/1.1 400"


@EACH
def test_a_receiver_without_a_secret_does_not_start(receiver: Receiver) -> None:
    """With an empty one, anybody could sign."""
    for missing in SECRETS:
        environment = {**os.environ, **SECRETS, missing: ""}
        done = subprocess.run(
            receiver.command,
            cwd=receiver.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode != 0
        assert f"{missing} is not set" in done.stderr


@pytest.mark.parametrize(("command", "program"), [("ruby", "webhooks.rb"), ("php", "webhooks.php")])
@pytest.mark.parametrize("system", ["vinr", "spree"])
def test_a_verification_takes_genuine_events_and_no_others(system: str, command: str, program: str) -> None:
    """The functions in Ruby and PHP, on what the receivers get, in one process."""
    if shutil.which(command) is None:
        pytest.skip(f"{command} is not installed, so the verification in the guide was not run")
    genuine = headers_of(system, BODY)
    cases = [("genuine", BODY, genuine), ("of late", BODY, headers_of(system, BODY, age=200))]
    cases += [(what, BODY, headers) for what, headers in forged_of(system, genuine).items()]
    cases += [
        ("rewritten", json.dumps(json.loads(BODY)).encode(), genuine),
        ("with a line break", BODY, {name: f"{value}\n" for name, value in genuine.items()}),
        ("of nothing", BODY, {}),
        ("genuine again", BODY, genuine),
    ]

    def line(body: bytes, headers: dict[str, str]) -> str:
        values = {name.rpartition("-")[2].lower(): value for name, value in headers.items()}
        fields = {"signature": values.get("signature"), "timestamp": values.get("timestamp")}
        secret = SECRETS[f"{system.upper()}_WEBHOOK_SECRET"]
        return json.dumps({"body": b64encode(body).decode(), "secret": secret, **fields}) + "\n"

    done = subprocess.run(
        [command, str(PROGRAMS / command / program)],
        input="".join(line(body, headers) for _, body, headers in cases),
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    said = dict(zip([what for what, *_ in cases], done.stdout.split(), strict=True))
    assert [what for what, value in said.items() if value == "true"] == ["genuine", "of late", "genuine again"]
    assert set(said.values()) == {"true", "false"}

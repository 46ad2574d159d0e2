"""Every sample runs, as it stands, against one started mock, and gets the response that the page shows.

They stay untouched and take the address, like the credentials, from the environment. How they run one after the other
on `serve --samples` is in `test_samples_on_one_mock.py`.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote

import httpx
import pytest

from served_mock import served
from store_credit_mock.contract import Document, SecretNames
from store_credit_mock.control import Control
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.samples import indented, sample_requests, samples_for
from store_credit_tools.docs_site.sampling.python import PROGRAMS, program_path
from store_credit_tools.docs_site.sampling.requests import SampleRequest
from store_credit_tools.docs_site.sampling.sandbox import SEED, SampleSandbox
from store_credit_tools.docs_site.sampling.webhooks import MOCK, RECEIVER

DOCUMENT = Document.read()
REQUESTS = sample_requests(DOCUMENT)
SAMPLES = samples_for(DOCUMENT)
EVERY_OPERATION = pytest.mark.parametrize("operation", REQUESTS)
MODULES = Path(__file__).parent / "modules.mjs"
PATIENCE_SECONDS = 120


class Stage:
    """The mock, in the state a sample needs, and what came of it."""

    def __init__(self, url: str, control: Control, sandbox: SampleSandbox) -> None:
        self.url = url
        self.control = control
        self.states = {operation: sandbox.state(operation) for operation in REQUESTS}
        self.environment = {
            **sandbox.environment,
            "VINR_BASE_URL": url,
            "SPREE_URL": url,
            # The mock is on this machine, whatever proxy the machine uses for others.
            "NO_PROXY": "127.0.0.1",
            "no_proxy": "127.0.0.1",
        }

    def set(self, operation: str) -> tuple[SampleRequest, SampleSet]:
        """Get ready for an operation's samples."""
        self.control.restore(self.states[operation])
        self.control.clear_exchanges()
        (sample,) = SAMPLES[operation]
        return REQUESTS[operation], sample

    def check(self, operation: str, *, by_sdk: bool = False) -> None:
        """See that the one request the sample is about was made, and answered as shown.

        The SDK iterates a list of Spree's by id, to an empty page: it asks once more for what comes after the last id.
        Unless the program passes an idempotency key, the SDK makes one of its own.
        """
        request, (sample,) = REQUESTS[operation], SAMPLES[operation]
        iterated = by_sdk and request.operation.startswith("spree.") and request.operation.endswith(".list")
        exchange, *others = self.control.exchanges()
        assert [parse_qsl(one.request.query)[-1][0] for one in others] == ["filter[id_gt]"] * iterated
        sent, given = exchange.request, exchange.response
        names = {header.name for header in request.headers if not header.secret and header.name != "Content-Type"}
        headers = {name.lower(): value for name, value in sent.headers}
        if by_sdk and "idempotency_key=" not in sample.python and "Idempotency-Key" in names:
            names.remove("Idempotency-Key")
            assert re.fullmatch(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", headers["idempotency-key"])

        assert exchange.operation == operation
        assert exchange.violations == []
        assert (sent.method, sent.path) == (request.method, request.path)
        assert parse_qsl(sent.query) == list(request.query)
        form = dict(headers).get("content-type") == "application/x-www-form-urlencoded"
        body = dict(parse_qsl(sent.body or "")) if form else json.loads(sent.body or "{}")
        # The record of exchanges hides the secrets of the body, which the sample itself has to show.
        secret = SecretNames(DOCUMENT.data).is_secret
        assert body == {name: "<token>" if secret(name) else value for name, value in (request.body or {}).items()}
        assert {name: headers[name.lower()] for name in names} == {
            header.name: header.text for header in request.headers if header.name in names
        }
        assert given.status == sample.status
        # Likewise the cart's token, and an access token.
        shown = re.sub(r'("(?:access_|refresh_)?token": )"[\w.-]+"', r'\1"<token>"', sample.response)
        assert self.as_shown(given.body, request) == unquote(shown)

    def as_shown(self, body: str, request: SampleRequest) -> str:
        """A body of the mock's as the page has it: links lead to the documented host, and are encoded as they may."""
        return unquote(indented(body.replace(self.url, request.server).encode())) if body else ""


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """One mock for all samples; each gets its state from the sandbox that made the responses shown."""
    with closing(SampleSandbox(REQUESTS)) as sandbox:
        token = sandbox.environment["STORE_CREDIT_MOCK_CONTROL_TOKEN"]
        with served("--seed", SEED, "--control-token", token) as mock, httpx.Client(trust_env=False) as client:
            yield Stage(mock.url, Control.connect(mock.url, token, client), sandbox)


@pytest.fixture(scope="module")
def run_module(stage: Stage) -> Iterator[Callable[[str], dict[str, Any]]]:
    """Run a JavaScript module in a Node that runs them all."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("the fetch samples were not run: Node is not installed")
    if (
        subprocess.run([node, "-p", "typeof fetch"], capture_output=True, text=True, check=False).stdout.strip()
        != "function"
    ):
        pytest.skip("the fetch samples were not run: this Node has no fetch, 20 or newer is needed")
    with subprocess.Popen(
        [node, str(MODULES)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **stage.environment},
    ) as process:
        wanted, done = process.stdin, process.stdout
        assert wanted is not None
        assert done is not None

        def run(source: str) -> dict[str, Any]:
            wanted.write(json.dumps({"source": source}) + "\n")
            wanted.flush()
            return json.loads(done.readline())

        yield run
        wanted.close()
        assert process.wait(PATIENCE_SECONDS) == 0


def redirected(text: str, *, to: str, instead_of: str) -> str:
    """The sample with the mock's address in place of the documented one."""
    assert text.count(instead_of) == 1
    return text.replace(instead_of, to)


@EVERY_OPERATION
@pytest.mark.parametrize("awaited", [False, True], ids=["sync", "async"])
def test_python(
    stage: Stage,
    operation: str,
    awaited: bool,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The program runs from its file, makes the request of the page, and prints something if there is a response."""
    _, sample = stage.set(operation)
    for name, value in stage.environment.items():
        monkeypatch.setenv(name, value)

    runpy.run_path(str(program_path(operation, awaited=awaited)), run_name="__main__")

    stage.check(operation, by_sdk=True)
    assert bool(capsys.readouterr().out) == bool(sample.response)


@EVERY_OPERATION
def test_curl(stage: Stage, operation: str, tmp_path: Path) -> None:
    """The command runs in a POSIX shell and prints the response that is shown."""
    if shutil.which("curl") is None:
        pytest.skip("the curl samples were not run: curl is not installed")
    request, sample = stage.set(operation)

    done = subprocess.run(
        ["sh", "-c", sample.curl],
        capture_output=True,
        text=True,
        check=False,
        # An empty home, so that no .curlrc has a say.
        env={**stage.environment, "PATH": os.environ["PATH"], "HOME": str(tmp_path)},
    )

    assert done.returncode == 0, done.stderr
    stage.check(operation)
    assert stage.as_shown(done.stdout, request) == unquote(sample.response)


@EVERY_OPERATION
def test_fetch(stage: Stage, operation: str, run_module: Callable[[str], dict[str, Any]]) -> None:
    """The module runs in Node and prints the response that is shown."""
    request, sample = stage.set(operation)

    done = run_module(sample.fetch)

    assert done["error"] is None
    stage.check(operation)
    if sample.response:
        assert stage.as_shown(json.dumps(done["printed"][0]), request) == unquote(sample.response)
    else:
        assert done["printed"] == [sample.status]


@pytest.mark.parametrize("webhook", DOCUMENT.webhooks)
def test_a_webhook(stage: Stage, webhook: str, tmp_path: Path) -> None:
    """The receiver of the page, started as a program, takes the event that the commands of the page cause."""
    if shutil.which("curl") is None:
        pytest.skip("the webhook samples were not run: curl is not installed")
    (sample,) = SAMPLES[webhook]
    control, system = stage.control, webhook.partition(".")[0]
    control.restore(stage.states["vinr.store_credit.create"])
    control.freeze(time.time())  # the receiver compares the event's time with the machine's
    environment = {**os.environ, **stage.environment, "HOME": str(tmp_path)}
    errors = tmp_path / "errors.txt"
    with (
        errors.open("wb") as written,
        subprocess.Popen(
            [sys.executable, str(PROGRAMS / system / "webhooks.py"), "0"],
            stdout=subprocess.PIPE,
            stderr=written,
            text=True,
            env=environment | {"PYTHONUNBUFFERED": "1"},
        ) as receiver,
    ):
        guard = threading.Timer(PATIENCE_SECONDS, receiver.kill)
        guard.start()
        try:
            assert receiver.stdout is not None
            address = receiver.stdout.readline().strip()
            commands = redirected(sample.curl, to=address, instead_of=RECEIVER).replace(MOCK, stage.url)
            done = subprocess.run(["sh", "-ec", commands], capture_output=True, check=False, env=environment)
            said = receiver.stdout.readline()
        finally:
            guard.cancel()
            receiver.kill()

    event = json.loads(sample.response)
    kind = str(event.get("type", event.get("name"))).split(".")[1]
    said_of = {"created": "issued:", "updated": "changed:", "deleted": "deleted:"}
    amount = {"vinr": ("balance_remaining",) * 2, "spree_v3": ("amount", "amount_remaining")}[system][kind == "updated"]
    record = event["data"]["object"] if system == "vinr" else event["data"]
    assert done.returncode == 0, done.stderr
    assert said.split() == [event["id"], said_of[kind], record["id"], str(record[amount])], errors.read_text()

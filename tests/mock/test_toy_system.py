"""A third system is a package of its own and a document: nothing in the mock is edited for it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx as routed
import pytest
import respx

from http_library import httpx
from served_mock import served
from store_credit_mock import Contract, Document, Engine, Options
from store_credit_mock.in_process import InProcess
from store_credit_mock.verify.systems import VerifiedSystem
from toy_system import DOCUMENT, Toy

KEY = {"X-Toy-Key": "any"}
HERE = {**os.environ, "PYTHONPATH": str(DOCUMENT.parent)}


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-m", "store_credit_mock", *arguments]
    return subprocess.run(line, capture_output=True, text=True, timeout=120, check=False, env=HERE)


def test_in_process() -> None:
    """Its operations, options, fixtures, snapshots and violations, and a router of respx over its hosts."""
    options = Options(seed=1, toy_colour="green", fixtures={"toy": {"points": [7]}})
    engine = Engine(Contract(Document.read(DOCUMENT)), options=options, systems=[Toy()])
    with InProcess(engine) as mock, mock.http_client() as client:
        url = "https://toy.test/toy/points"
        (first,) = client.get(url, headers=KEY).json()["data"]
        snapshot = mock.control.snapshot()
        made = client.post(url, headers=KEY, json={"amount": 5})
        assert (first, made.status_code) == ({"id": first["id"], "amount": 7, "colour": "green"}, 201)
        assert client.get(f"{url}/{made.json()['id']}", headers=KEY).json() == made.json()
        assert client.post(url, headers=KEY, json={"amount": "5"}).status_code == 400
        mock.control.restore(snapshot)
        assert client.get(url, headers=KEY).json() == {"data": [first]}
        assert [len(exchange.violations) for exchange in mock.exchanges] == [0, 0, 0, 1, 0]
        with respx.mock() as router:
            mock.respx(router)
            # respx takes over the first library alone.
            assert routed.get(url, headers=KEY).json() == {"data": [first]}


def test_its_options_are_its_own() -> None:
    """One that no system has, and a value that is not valid, are refused where the engine is made."""
    contract = Contract(Document.read(DOCUMENT))
    with pytest.raises(ValueError, match=r"toy_color is not a valid option; use one of .*toy_colour"):
        Engine(contract, options=Options(toy_color="red"), systems=[Toy()])
    with pytest.raises(ValueError, match="toy_colour is red or green, not 'blue'"):
        Engine(contract, options=Options(toy_colour="blue"), systems=[Toy()])
    with pytest.raises(ValueError, match="two systems have an option toy_colour"):
        Engine(contract, systems=[Toy(), Toy()])


@pytest.mark.takes_seconds
def test_served_and_verified(tmp_path: Path) -> None:
    """Named on the command line, beside its document; verified by its document alone, and nothing of it is left."""
    toy = ("--document", str(DOCUMENT))
    system = ("--system", "toy_system:Toy", "--option", "toy_colour=green")
    with served(*toy, *system, environment=HERE) as running:
        with httpx.Client(base_url=running.url, headers=KEY, trust_env=False) as client:
            mine = client.post("/toy/points", json={"amount": 5}).json()
        report = tmp_path / "verify.json"
        done = command(
            "verify", running.url, "--system", "toy", *toy, "--credential", "toyKey=any", "--json", str(report)
        )
        with httpx.Client(base_url=running.url, headers=KEY, trust_env=False) as client:
            left = client.get("/toy/points").json()["data"]

    assert done.returncode == 0, done.stdout + done.stderr
    told = json.loads(report.read_bytes())
    names = {item["name"] for item in told["items"] if item["behaviour"] == "held"}
    assert names >= {"toy.points.create", "toy.points.list", "toy.points.retrieve", "toy.points.delete"}
    assert told["made"] == told["removed"] > 3
    assert left == [{**mine, "colour": "green"}]


def test_what_cannot_be_played_or_opened_is_told() -> None:
    """A class that is none, a key that is missing, and a server elsewhere, which counts as live."""
    wrong = command("serve", "--system", "toy_system:colour")
    assert (wrong.returncode, "--system toy_system:colour: colour() missing" in wrong.stderr) == (2, True)
    closed = command("verify", "http://127.0.0.1:9", "--system", "toy", "--document", str(DOCUMENT))
    assert (closed.returncode, "--credential toyKey=... or TOY_KEY" in closed.stderr) == (2, True)
    far = ("https://toy.test", "--system", "toy", "--document", str(DOCUMENT), "--credential", "toyKey=any")
    live = command("verify", *far)
    assert (live.returncode, "counts as live: toy.test is not this machine" in live.stderr) == (2, True)


@pytest.mark.parametrize(
    ("scheme", "given", "said"),
    [
        ({"type": "oauth2", "flows": {}}, "toyKey=t", {"Authorization": "Bearer t"}),
        ({"type": "http", "scheme": "basic"}, "toyKey=dTpw", {"Authorization": "Basic dTpw"}),
        ({"type": "apiKey", "in": "query", "name": "k"}, "toyKey=t", "but toyKey belongs in the query"),
        ({"type": "mutualTLS"}, "toyKey=t", "but toyKey belongs in the TLS handshake"),
        (
            {"type": "apiKey", "in": "header", "name": "X-K"},
            "toykey=t",
            "--credential toykey: toy has no such security scheme",
        ),
    ],
)
def test_a_scheme_is_sent_as_its_document_says(scheme: dict[str, Any], given: str, said: dict[str, str] | str) -> None:
    """In a header, whatever its kind; what cannot be sent there, and a name that is none, are refused by name."""
    document = Document.read(DOCUMENT)
    components = {**document.data["components"], "securitySchemes": {"toyKey": scheme}}
    contract = Contract(replace(document, data={**document.data, "components": components}))
    system = VerifiedSystem("toy", contract)
    name, _, secret = given.partition("=")

    if isinstance(said, dict):
        credentials = system.credentials({}, {name: secret})
        assert system.headers(credentials) == said
        assert system.opening_headers("toy.points.list", credentials) == list(said.items())
    else:
        with pytest.raises(ValueError, match=re.escape(said)):
            system.credentials({}, {name: secret})

"""The loops that the Basics guides show in Node.js and with curl: each ends, and no credit is issued twice."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from bootstrap import ROOT
from served_mock import Served, served
from store_credit import SpreeAdminClient, SpreeClient, VinrClient

PROGRAMS = ROOT / "docs" / "programs" / "node" / "basics"
CREATE = "vinr.store_credit.create"

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def server() -> Iterator[Served]:
    """The mock that the pages start."""
    with served("--samples") as running:
        yield running


@pytest.fixture
def mock(server: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The mock, as it is after its start."""
    server.control.reset()
    for name, value in server.started["environment"].items():
        monkeypatch.setenv(name, value)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    return server


@pytest.fixture
def node(mock: Served) -> Run:
    """Run a program as it is shown, but for what a test replaces; `mock` has set its variables."""
    if shutil.which("node") is None:
        pytest.skip("node is not installed, so the programs of the Basics guides were not run")

    def run(program: str, *replaced: tuple[str, str], added: str = "") -> subprocess.CompletedProcess[str]:
        code = (PROGRAMS / program).read_text("utf-8")
        for before, after in replaced:
            assert before in code
            code = code.replace(before, after)
        command = ["node", "--input-type=module", "-"]
        return subprocess.run(
            command, input=f"{code}\n{added}", capture_output=True, text=True, check=False, env={**os.environ}
        )

    return run


QUICK = ("* 500 *", "* 5 *"), ("* 1000", "* 1")
"""Pauses of milliseconds, not of seconds."""


def fault(mock: Served, number: int, operation: str = CREATE, **what: Any) -> None:
    """Break one call of an operation."""
    mock.control.call("POST", "/_mock/faults", {"operation": operation, "nth": number, **what})


def keys(mock: Served) -> list[str]:
    """The keys of the creates so far, in their order."""
    found = [dict(one.request.headers) for one in mock.control.exchanges() if one.request.method == "POST"]
    return [{name.lower(): value for name, value in headers.items()}["idempotency-key"] for headers in found]


def test_every_way_to_fail_in_one_create(mock: Served, node: Run) -> None:
    """A lost response, a 503 and a 429: the same key four times, and one credit."""
    before = len(mock.control.vinr.credits())
    fault(mock, 1, drop=True, when="after")
    fault(mock, 2, status=503)
    fault(mock, 3, status=429)

    done = node("idempotency.mjs", *QUICK)

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"sc_\w+ 1000\n", done.stdout)
    assert keys(mock) == ["refund-1501"] * 4
    assert len(mock.control.vinr.credits()) == before + 1


@pytest.mark.parametrize(
    ("faults", "said", "attempts", "issued"),
    [
        ([{"status": 422}], "rejected (422", 1, 0),
        ([{"status": 409}], "rejected (409", 1, 0),
        ([{"status": 429}] * 5, "rejected (429", 5, 0),
        ([{"drop": True, "when": "after"}] * 5, "outcome unknown, send it again with the same key", 5, 1),
        ([{"status": 503}] * 5, "outcome unknown, send it again with the same key (503", 5, 0),
        ([{"drop": True, "when": "after"}, {"status": 401}], "outcome unknown, send it again with the same", 2, 1),
    ],
    ids=["rejected", "conflict", "too many", "lost", "unavailable", "lost, then rejected"],
)
def test_the_loop_ends_and_says_what_is_known(
    faults: list[dict[str, Any]], said: str, attempts: int, issued: int, mock: Served, node: Run
) -> None:
    """A lost response stays unknown even if a later attempt is rejected; another run clears it up."""
    before = len(mock.control.vinr.credits())
    for number, what in enumerate(faults, 1):
        fault(mock, number, **what)

    done = node("idempotency.mjs", *QUICK)

    assert done.returncode != 0
    assert f"Error: refund-1501: {said}" in done.stderr
    assert len(keys(mock)) == attempts
    assert len(mock.control.vinr.credits()) == before + issued
    assert node("idempotency.mjs", *QUICK).returncode == 0
    assert len(mock.control.vinr.credits()) == before + 1


@pytest.mark.parametrize(
    ("faults", "attempts", "issued", "status"),
    [
        ([{"drop": True, "when": "after"}], 2, 1, "201"),
        ([{"status": 503}], 2, 1, "201"),
        ([{"status": 422}], 1, 0, "422"),
    ],
    ids=["lost", "unavailable", "rejected"],
)
def test_curl_sends_the_same_key_again(
    faults: list[dict[str, Any]], attempts: int, issued: int, status: str, mock: Served
) -> None:
    """The command of the guide, with its own pauses of one second; a rejected request is not sent again."""
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed, so the retries of the guide were not tried")
    guide = (ROOT / "docs" / "guides" / "idempotency.md").read_text("utf-8")
    (command,) = re.findall(r"^```console\n\$ (curl .*?)^```$", guide, re.DOTALL | re.MULTILINE)
    before = len(mock.control.vinr.credits())
    for number, what in enumerate(faults, 1):
        fault(mock, number, **what)

    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)

    assert done.stdout.split()[-1] == status, done.stderr
    assert keys(mock) == ["refund-1501"] * attempts
    assert len(mock.control.vinr.credits()) == before + issued


def test_every_page_of_vinr(mock: Served, node: Run) -> None:
    """In the order of the server, each credit once."""
    with VinrClient() as vinr:
        for number in range(2):
            vinr.store_credit.create(customer="cust_8aZ2", amount=100 + number, currency="USD")
        wanted = [f"{one.id} {one.balance_remaining}" for one in vinr.store_credit.list(customer="cust_8aZ2")]

    assert len(wanted) > 2
    assert node("pagination_vinr.mjs", ('"100"', '"1"')).stdout.splitlines() == wanted


def test_every_page_of_spree_v3(mock: Served, node: Run) -> None:
    """In the order in which they were issued, each credit once."""
    customer = "cus_UkLWZg9DAJ"
    with SpreeAdminClient() as spree:
        for number in range(3):
            spree.customers.store_credits.create(customer, amount=Decimal(20 + number), currency="USD")
        wanted = [one.id for one in spree.customers.store_credits.list(customer, sort="created_at")]

    done = node("pagination_spree_v3.mjs", ('"100"', '"1"'))

    assert len(wanted) > 2
    assert [line.split()[0] for line in done.stdout.splitlines()] == wanted


def test_every_page_of_spree_v2(mock: Served, node: Run) -> None:
    """By their ids, each credit once."""
    with SpreeClient() as spree:
        for number in range(2):
            spree.store_credits.create(
                user_id="2", category_id="1", created_by_id="1", amount=Decimal(20 + number), currency="USD"
            )
        wanted = [one.id for one in spree.store_credits.list()]

    done = node("pagination_spree_v2.mjs", ('"500"', '"1"'))

    assert len(wanted) > 2
    assert [line.split()[0] for line in done.stdout.splitlines()] == wanted


@pytest.mark.parametrize("name", ["pagination_vinr", "pagination_spree_v3", "pagination_spree_v2"])
def test_a_page_that_is_refused_ends_the_loop(name: str, mock: Served, node: Run) -> None:
    """And is not taken for the last one."""
    operation = {
        "pagination_vinr": "vinr.store_credit.list",
        "pagination_spree_v3": "spree_v3.admin.customers.store_credits.list",
        "pagination_spree_v2": "spree.store_credits.list",
    }[name]
    fault(mock, 1, operation, status=503)

    done = node(f"{name}.mjs")

    assert done.returncode != 0
    assert "Error: 503: " in done.stderr


def test_what_an_error_says(mock: Served, node: Run) -> None:
    """Of each system; a body that is not JSON is shown as it came."""
    bodies = """
for (const text of [
  '{"error":{"code":"validation_error","message":"No","details":{"amount":["is not a number"]}}}',
  '{"error":"Amount must be greater than 0","errors":{"amount":["must be greater than 0"]}}',
  "<h1>Bad gateway</h1>",
  "null",
]) console.log(JSON.stringify(await problemOf(new Response(text, { status: 422 }))));
"""
    first, *others = node("errors.mjs", added=bodies).stdout.splitlines()

    assert re.fullmatch(r"404 resource_missing customer .+ req_\w+", first), first
    assert others == [
        '{"status":422,"code":"validation_error","message":"No","details":{"amount":["is not a number"]}}',
        '{"status":422,"message":"Amount must be greater than 0","details":{"amount":["must be greater than 0"]}}',
        '{"status":422,"message":"<h1>Bad gateway</h1>"}',
        '{"status":422,"message":"null"}',
    ]


@pytest.mark.parametrize(("rejected", "status"), [(2, "200"), (5, "429")], ids=["twice", "always"])
def test_the_rate_limit_is_waited_for(rejected: int, status: str, mock: Served, node: Run) -> None:
    """A few times only."""
    for number in range(rejected):
        fault(mock, number + 1, "vinr.store_credit.list", status=429)

    done = node("rate_limits.mjs", ("+ Math.random()) * 1000", "+ Math.random()) * 1"))

    assert done.stdout.split()[0] == status, done.stderr
    assert mock.control.count_exchanges().total == min(rejected + 1, 5)


def test_a_response_that_uses_up_the_limit_is_followed_by_a_pause(mock: Served, node: Run) -> None:
    """Until the moment that the header names; without it, or with requests left, there is none."""
    pauses = """
globalThis.waited = [];
for (const [left, seconds] of [["0", "1000"], ["0", "900"], ["0", null], ["3", "1000"]]) {
  const named = { "X-RateLimit-Remaining": left, ...(seconds && { "X-RateLimit-Reset": seconds }) };
  Date.now = () => 950_000;
  await pace(new Response("", { headers: named }));
}
console.log(waited.join(" "));
"""
    sleeping = (
        'import { setTimeout as sleep } from "node:timers/promises";',
        "globalThis.waited = []; const sleep = async (milliseconds) => waited.push(milliseconds);",
    )

    assert node("rate_limits.mjs", sleeping, added=pauses).stdout.splitlines()[-1] == "50000 0"

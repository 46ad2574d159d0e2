"""schemathesis, all checks and all phases, finds nothing in the mock but what the list of excuses names.

The same requests go out on every run. `--hypothesis-profile=long` sends many more; `-s` shows the counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

import pytest

from served_mock import served
from store_credit_mock import Engine
from store_credit_mock.contract import Document
from store_credit_mock.control import Control
from store_credit_mock.server.app import App

from .probe import Report, probe
from .world import SPREE_TOKEN, fill

CHECKS = {
    "allow_header_conformance",
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "object_level_authorization",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
    "use_after_free",
}


SERVED = r"(vinr\.store_credit|spree\.store_credit_types|spree\.checkout|spree_v3\.store\.carts\.store_credits)\.\w+"
"""What is sent over a socket as well: an operation of each kind of all systems; the handlers are the same."""
LEDGER = r"spree_v3\.admin\.store_credits\..+"
"""What Spree v3 has from its ledger on."""
SECRETS = r"(spree\.oauth\.token|spree_v3\.\w+\.auth\.login)"
"""Secrets are not guessed: only the document's own examples fetch a token."""
FEW = r"spree_v3\.admin\.orders\.payments\.(capture|void)"
"""A payment is captured or voided once, and there are as many as there are orders."""


SIGN_IN = r"spree_v3\.(admin|store)\.auth\.login"
"""The only right one is the example, under the document's example of an idempotency key, which others used before."""


def clean(report: Report, operations: Iterable[str], control: Control) -> None:
    """Nothing was found, and enough was tried for that to mean something."""
    print(*report.lines(), sep="\n")
    found = [str(finding) for finding in report.findings]
    assert found == [], "\n".join(found)
    assert report.errors == []
    # More than a customer of Spree v3 can hold is an error of the database.
    assert [key for key in report.statuses if key[1] >= 500 and "spree_v3" not in key[0]] == []
    assert set(report.checks) == CHECKS
    assert set(report.phases) == {"examples", "coverage", "fuzzing", "stateful"}
    assert report.transitions > 2
    for operation in operations:
        succeeded = sum(
            number for (name, status), number in report.statuses.items() if name == operation and status < 300
        )
        assert report.cases[operation] >= 20, operation
        if not re.fullmatch(SIGN_IN, operation):
            assert succeeded >= (1 if re.fullmatch(f"{SECRETS}|{FEW}", operation) else 5), operation
    assert control.invariants().holds


@pytest.mark.slow
def test_in_process(document: Document, engine_of: Callable[[], Engine], long: bool) -> None:
    """On the engine behind its ASGI app, without a socket."""
    engine = engine_of()
    control = Control.inside(engine.control)

    report = probe(document, App(engine), fill(control), examples=300 if long else 8, only=f"^(?!{LEDGER})")

    assert report.transitions > 20
    clean(report, [name for name in document.operations if not re.fullmatch(LEDGER, name)], control)


@pytest.mark.slow
def test_the_ledger_of_spree_v3(document: Document, engine_of: Callable[..., Engine], long: bool) -> None:
    """What 5.6 does not have, on the version that has it."""
    engine = engine_of(spree_v3_profile="6.0-alpha+ledger")
    control = Control.inside(engine.control)

    report = probe(document, App(engine), fill(control), examples=300 if long else 8, only=LEDGER)

    clean(report, [name for name in document.operations if re.fullmatch(LEDGER, name)], control)


@pytest.mark.slow
def test_served(document: Document, long: bool) -> None:
    """On `store-credit-mock serve`, over HTTP; in a long run every operation."""
    with served("--seed", "1", "--spree-token", SPREE_TOKEN) as mock:
        chosen = {} if long else {"only": SERVED}
        report = probe(document, mock.url, fill(mock.control), examples=300 if long else 4, **chosen)

        sent = [name for name in document.operations if long or re.fullmatch(SERVED, name)]
        clean(report, sent, mock.control)
        assert "Traceback" not in mock.log()


@pytest.mark.takes_seconds
def test_it_sends_the_same_on_every_run(document: Document, engine_of: Callable[[], Engine]) -> None:
    """Two runs on two fresh mocks get the same responses, so that a failure can be had again."""
    reports: list[Report] = []
    for _ in range(2):
        engine = engine_of()
        world = fill(Control.inside(engine.control))
        reports.append(probe(document, App(engine), world, examples=4, only=r"vinr\.store_credit\.update"))

    assert reports[0].statuses == reports[1].statuses
    assert sum(reports[0].cases.values()) > 50

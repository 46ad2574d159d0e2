"""The recordings of Spree API v3, through the document and the SDK."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from store_credit_mock.contract import Document
from store_credit_tools.replay.known_differences import SDK
from store_credit_tools.replay.report import SdkReport
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.calls import Reason

pytestmark = pytest.mark.takes_seconds

RECORDINGS = Path(__file__).parents[1] / "recordings" / "spree-v3"
OUTSIDE = 34
"""Preparing requests, and operations where the version has none."""
TYPED = 491
RAW = {
    Reason.SHAPE: 2,
    Reason.MALFORMED: 10,
    Reason.UNKNOWN_FIELD: 10,
    Reason.UNKNOWN_HEADER: 12,
    Reason.PARAMETER_FORM: 6,
    Reason.UNKNOWN_PARAMETER: 11,
    Reason.REQUIRED: 6,
    Reason.VALUE: 65,
    Reason.GUARDED: 38,
    Reason.METHOD: 2,
    Reason.CREDENTIAL: 29,
}


@pytest.fixture(scope="module")
def report() -> SdkReport:
    return replay(RECORDINGS)


def test_every_recording_is_given_back(report: SdkReport) -> None:
    """Each response validates against the closed document; sync and async the SDK asks and understands as recorded."""
    findings = [finding for exchange in report.exchanges for finding in exchange.findings]

    assert [finding for finding in findings if finding.known is None] == []
    recorded = {exchange.name for exchange in report.exchanges}
    assert len(findings) == sum(one.exchange in recorded for one in SDK)
    assert report.ok


def test_every_recording_is_looked_at(report: SdkReport) -> None:
    index = json.loads((RECORDINGS / "index.json").read_text("utf-8"))
    counts = report.as_dict()["counts"]

    assert counts["exchanges"] == index["count"] == TYPED + sum(RAW.values()) + OUTSIDE
    assert (counts["not_in_the_document"], counts["typed"]) == (OUTSIDE, TYPED)
    assert counts["raw_by_reason"] == {reason.value: count for reason, count in sorted(RAW.items())}


def test_every_method_is_called(report: SdkReport) -> None:
    """Each operation that has a method is called by it; of one no response was published."""
    called = Counter(exchange.call for exchange in report.exchanges if exchange.reason is None)
    operations = Document.read().operations

    wanted = {name for name, one in operations.items() if "x-no-sdk-method" not in one.definition}
    assert {name for name in wanted if name.startswith("spree_v3.")} - set(called) == {"spree_v3.admin.orders.get"}


def plant(folder: Path, name: str, *path: str | int, to: Any) -> None:
    """Copy a recording with one value changed."""
    content = json.loads((RECORDINGS / f"{name}.json").read_text("utf-8"))
    place: Any = content
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = to
    (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "path", "to", "where"),
    [
        # The document is closed, and an amount is text.
        ("v3.admin.store_credits.get.spree561", ("response", "body", "owner"), 1, "/response/body"),
        ("v3.admin.store_credits.get.spree561", ("response", "body", "amount"), 50, "/response/body/amount"),
        # What came back is not what was sent.
        ("v3.admin.store_credits.create.spree561", ("request", "body", "amount"), "51.00", "/response/status"),
        (
            "v3.admin.store_credits.list.spree561",
            ("response", "body", "meta", "count"),
            "9",
            "/response/body/meta",
        ),
    ],
)
def test_a_planted_difference_is_found(tmp_path: Path, name: str, path: tuple[Any, ...], to: Any, where: str) -> None:
    plant(tmp_path, name, *path, to=to)

    [exchange] = replay(tmp_path).exchanges

    assert any(finding.difference.where.startswith(where) for finding in exchange.findings), exchange.findings

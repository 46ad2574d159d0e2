"""What real Spree servers said can be asked for and understood with the SDK."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bootstrap import ROOT
from store_credit_mock.contract import Document
from store_credit_tools.replay.known_differences import SDK
from store_credit_tools.replay.report import SdkReport
from store_credit_tools.replay.sdk import replay
from store_credit_tools.replay.sdk.calls import Reason

# A recording that is lost, no longer recognised, or no longer sent by a method changes a number.
TYPED = 496
RAW = {
    Reason.CREDENTIAL: 19,
    Reason.ELSEWHERE: 3,
    Reason.MALFORMED: 8,
    Reason.MEDIA_TYPE: 8,
    Reason.METHOD: 4,
    Reason.NO_METHOD: 25,
    Reason.PARAMETER_FORM: 5,
    Reason.REQUIRED: 23,
    Reason.SHAPE: 16,
    Reason.SUFFIX: 4,
    Reason.UNKNOWN_FIELD: 12,
    Reason.UNKNOWN_PARAMETER: 2,
    Reason.VALUE: 39,
}
OUTSIDE = 59


@pytest.fixture(scope="module")
def report(recordings: Path) -> SdkReport:
    """All recordings replayed."""
    return replay(recordings)


@pytest.mark.takes_seconds
def test_every_recording_is_given_back(report: SdkReport) -> None:
    """No exchange differs but where it is expected to, with the reason."""
    findings = [finding for exchange in report.exchanges for finding in exchange.findings]

    assert [finding for finding in findings if finding.known is None] == []
    recorded = {exchange.name for exchange in report.exchanges}
    assert len(findings) == sum(one.exchange in recorded for one in SDK)
    assert report.ok


def test_every_recording_is_looked_at(report: SdkReport, recordings: Path) -> None:
    """As many exchanges as the index counts, and as many of each kind as there were."""
    index = json.loads((recordings / "index.json").read_text("utf-8"))
    counts = report.as_dict()["counts"]

    assert counts["exchanges"] == index["count"] == TYPED + sum(RAW.values()) + OUTSIDE
    assert counts["not_in_the_document"] == OUTSIDE
    assert counts["calls"] == {"sync": TYPED + sum(RAW.values()), "async": TYPED + sum(RAW.values())}
    assert counts["typed"] == TYPED
    assert counts["raw_by_reason"] == {reason.value: count for reason, count in sorted(RAW.items())}


def test_every_spree_method_is_called(report: SdkReport, document: Document) -> None:
    """Each operation of the document that has recordings is called by its method, not by raw requests alone."""
    called = Counter(exchange.call for exchange in report.exchanges if exchange.reason is None)

    wanted = {name for name, one in document.operations.items() if "x-no-sdk-method" not in one.definition}
    assert {name for name in wanted if name.startswith("spree.")} <= set(called)


def test_an_exchange_outside_the_document_is_not_called(report: SdkReport) -> None:
    """A request that no operation answers belongs to none."""
    [unknown] = [one for one in report.exchanges if one.name == "http.unknown_method"]

    assert (unknown.operation, unknown.call, unknown.reason) == (None, None, None)


def test_text_names_each_raw_request_with_its_reason(report: SdkReport) -> None:
    """What went through client.request is listed below the reason it did."""
    text = "\n".join(report.lines())

    assert "723 exchanges in " in text
    assert "a field of the body that the document does not name\n" in text
    assert "oauth.token.wrong_scope: spree.oauth.token" in text
    assert "platform.categories.create_only_unknown: colour" in text
    assert "platform.store_credits.retrieve:" not in text
    assert text.endswith("Every exchange was reproduced as recorded.")


def test_verbose_text_names_every_exchange(report: SdkReport) -> None:
    """With `--verbose` a typed exchange is named with its method, one outside the document as such."""
    text = "\n".join(report.lines(verbose=True))

    assert "ok      platform.store_credits.retrieve: spree.store_credits.retrieve\n" in text
    assert "ok      http.unknown_method: not in the document\n" in text


@pytest.mark.takes_seconds
def test_command_prints_one_json_document_and_ends_with_zero(report: SdkReport) -> None:
    """`scripts/replay --json` takes this repository's recordings and says what the function says."""
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "replay", "--json"], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["counts"] == report.as_dict()["counts"]

"""The journal as a file: every exchange of a run, without secrets, whatever becomes of the process or of the disk."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import store_credit
from benches import Bench
from served_mock import SPREE_TOKEN, start
from store_credit_mock import Contract, Engine, Fault, Options
from store_credit_mock.coverage import Coverage, CoverageError
from store_credit_mock.coverage.files import read
from store_credit_mock.recording import Journal, RecordingError, read_journal, read_recording
from store_credit_mock.recording.replay import Replay


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of a journal; every one of them is JSON."""
    return [json.loads(line) for line in path.read_text().splitlines()]


@pytest.fixture
def complaints() -> list[str]:
    return []


@pytest.fixture
def journaled(bench: Bench, tmp_path: Path, complaints: list[str]) -> Iterator[Bench]:
    """A bench whose exchanges are written to `run.jsonl`."""
    journal = Journal(tmp_path / "run.jsonl", bench.engine.contract.document.secret_names, {}, complaints.append)
    bench.engine.exchanges.everywhere.append(journal.add)
    yield bench
    journal.close()


def test_nothing_is_lost_when_the_mock_is_killed(tmp_path: Path) -> None:
    """What a client got an answer to stands there after SIGKILL, from both runs; no secret does; a violation does."""
    path = tmp_path / "run.jsonl"
    for amount in (1, 2):
        mock = start("--journal", str(path), "--observe")
        with store_credit.VinrClient("sk_test_hidden", base_url=mock.url) as vinr:
            vinr.store_credit.create(customer="cust_8aZ2", amount=amount, currency="USD")
        with store_credit.SpreeClient(mock.url, SPREE_TOKEN) as spree:
            spree.request("GET", "/api/v2/platform/store_credits?per_page=0")
        mock.kill()

    runs, found = [one for one in lines(path) if "run" in one], [one for one in lines(path) if "run" not in one]
    assert [one["run"]["mode"] for one in runs] == ["observe", "observe"]
    assert [one["operation"] for one in found] == ["vinr.store_credit.create", "spree.store_credits.list"] * 2
    assert [one["request"]["body"]["amount"] for one in found[::2]] == [1, 2]
    assert [bool(one["violations"]) for one in found] == [False, True] * 2
    assert "sk_test_hidden" not in path.read_text()
    assert SPREE_TOKEN not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_a_line_is_a_line_whatever_was_sent(journaled: Bench, tmp_path: Path) -> None:
    """Bodies with ends of lines, digits no float has, what is JSON to Python alone, no text at all, nested deeply."""
    bodies = [
        b'{\n"amount":\r\n1.10}',
        b'{"amount": NaN}',
        b"\xff\xfe",
        b"[" * 5000,
        b'"' + b"a" * 300_000 + b'"',
        b"{]",
    ]
    for body in bodies:
        journaled.send("POST", "/v1/store-credit", body)
    journaled.send("GET", "/v1/store-credit?limit=5\r")

    assert len(lines(tmp_path / "run.jsonl")) == 1 + len(bodies) + 1
    read = read_journal(tmp_path / "run.jsonl")
    assert str(read[0].request_body["amount"]) == "1.10"
    assert read[1].request_body == '{"amount": NaN}'
    assert "body of the request was no text" in read[2].left_out
    assert len(read[4].request_body) == 300_000


def test_a_journal_plays_back(
    journaled: Bench, tmp_path: Path, store_credit_mock_contract: Contract, complaints: list[str]
) -> None:
    """`serve --replay run.jsonl`; what was lost on the way, or cut off in the writing, is not among it."""
    journaled.issue(5)
    lost = journaled.control.add_fault(Fault("vinr.*.list", drop=True))
    journaled.send("GET", "/v1/store-credit?limit=1")
    journaled.control.remove_fault(lost.id)
    path = tmp_path / "run.jsonl"
    with path.open("ab") as file:
        file.write(b'{"name":"00003.cut')
    again = Journal(path, journaled.engine.contract.document.secret_names, {}, complaints.append)
    journaled.engine.exchanges.everywhere[:] = [again.add]
    journaled.send("GET", "/v1/store-credit?limit=2")
    again.close()

    assert [(one.method, one.status) for one in read_recording(path)] == [("POST", 201), ("GET", 200)]
    engine = Engine(store_credit_mock_contract, options=Options(seed=1))
    Replay(engine, path)
    bench = Bench(engine)
    assert bench.issue(5)["amount"] == 5
    assert bench.send("GET", "/v1/store-credit?limit=2").status == 200
    engine.close()
    assert complaints == []


def test_coverage_of_a_journal_is_that_of_the_run(
    journaled: Bench, tmp_path: Path, store_credit_mock_contract: Contract
) -> None:
    """`coverage report run.jsonl` counts the same as the mock would have, had it lived to write its file."""
    counted = Coverage(store_credit_mock_contract)
    journaled.engine.control.track_coverage(counted)
    journaled.issue(5, expires_at=4_000_000_000)
    journaled.send("POST", "/v1/store-credit", form="customer=cust_8aZ2&amount=7&currency=EUR")
    journaled.send("GET", "/v1/store-credit?limit=2&expand[]=data.customer")
    journaled.send("GET", "/v1/store-credit?limit=0")
    journaled.send("GET", "/v1/store-credit", headers={"X-Mock-Fault": "drop"})
    journaled.send("GET", "/v1/store-credit/sc_none", headers={"X-Mock-Fault": "malformed"})
    path = tmp_path / "run.jsonl"
    assert read(store_credit_mock_contract, path).to_json() == counted.to_json()

    path.write_text(path.read_text() + '{"run":{"document":"0.0.1"}}\n')
    with pytest.raises(CoverageError, match=r"validated against version 0\.0\.1 of the document"):
        read(store_credit_mock_contract, path)


def test_a_disk_that_is_full_is_told_at_the_start(bench: Bench, complaints: list[str]) -> None:
    """Not by the first exchange, which would be lost."""
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with pytest.raises(RecordingError, match="--journal /dev/full cannot be written: No space left on device"):
        Journal(full, bench.engine.contract.document.secret_names, {}, complaints.append)


def test_what_fails_later_is_told_once(
    journaled: Bench, tmp_path: Path, complaints: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half a line, then nothing: the next that can be written begins on a line of its own."""
    import store_credit_mock.recording.journal as module

    written = module.os.write
    parts = iter([7])

    def fails(file: int, text: memoryview) -> int:
        size = next(parts, None)
        if size is None:
            raise OSError(28, "No space left on device")
        return written(file, text[:size])

    journaled.issue()
    with monkeypatch.context() as patch:
        patch.setattr(module.os, "write", fails)
        journaled.issue()
        journaled.issue()
    journaled.issue(7)
    assert len(complaints) == 1
    amounts = [one["request"]["body"]["amount"] for one in _whole(tmp_path / "run.jsonl")]
    assert amounts == [1000, 7]
    assert complaints[0].endswith("run.jsonl cannot be written: No space left on device")


def _whole(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_text().splitlines():
        try:
            data = json.loads(line)
        except ValueError:
            continue
        if "run" not in data:
            yield data


@pytest.mark.parametrize(("place", "words"), [("none/run.jsonl", "No such file"), ("", "Is a directory")])
def test_a_file_that_cannot_be_written_is_told_at_the_start(tmp_path: Path, place: str, words: str) -> None:
    """With exit code 2, before anything is served."""
    path = tmp_path / place
    command = [sys.executable, "-m", "store_credit_mock", "serve", "--port", "0", "--journal", str(path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr.startswith(f"store-credit-mock: --journal {path} cannot be written: {words}")


@pytest.mark.parametrize("text", ["", "{}\n", '{"run":{}}\n', "no JSON\n"])
def test_what_holds_no_exchange_is_told(tmp_path: Path, text: str) -> None:
    """An empty journal plays nothing back, and must not seem to."""
    path = tmp_path / "run.jsonl"
    path.write_text(text)
    with pytest.raises(
        RecordingError, match=r"run\.jsonl(?: contains no exchanges|: line 1: the exchange (?:is not valid|has no))"
    ):
        read_recording(path)

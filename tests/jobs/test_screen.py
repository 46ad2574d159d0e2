"""What people and programs see of a running job: a terminal, lines, JSON, a log."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path
from typing import Any

import attrs
import pytest
from rich.console import Console

from store_credit_jobs.cli.common_options import Common
from store_credit_jobs.cli.screen import Rows, open_screen
from store_credit_jobs.cli.terminal import Terminal
from store_credit_jobs.engine.events import Event, JobEnded, JobStarted, LimitWaiting, Progress, RowHeld, RowRefused
from store_credit_jobs.engine.proof import Finding, Proof, Sums
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.steps import State

PLANNED = {"USD": 7_046_400, "JPY": 5_000}
STARTED = JobStarted(
    "jb_1", "vinr|localhost|shop", "nov-goodwill", "issue", 10_000, 12, {State.PLANNED: 9_988}, PLANNED, {}, False, 8
)
SENDING = Progress(
    job="jb_1",
    phase="sending",
    rows=10_000,
    nothing=12,
    states={State.PLANNED: 5_400, State.DONE: 4_500, State.REFUSED: 7, State.UNKNOWN: 3, State.HELD: 1},
    planned=PLANNED,
    done={"USD": 1_234_500, "JPY": 500},
    requests=4_600,
    in_flight=8,
    rate=24.75,
    left=221.0,
    waiting="limit",
    waiting_left=3.2,
    checked=0,
    seconds=30.0,
)
REFUSED = RowRefused("jb_1", 7, "ord-7", "cust_none", 1250, "USD", "resource_missing", "no such customer\x1b[2J")
HELD = RowHeld("jb_1", 8, "ord-8", "cust_8aZ2", 500, "JPY", "look_alike", None)
ENDED = JobEnded(
    job="jb_1",
    exit_code=1,
    why="7 rows were refused.",
    states={State.DONE: 9_981, State.REFUSED: 7},
    nothing=12,
    planned=PLANNED,
    done=PLANNED,
    refusals={"resource_missing": 7},
    requests=10_010,
    seconds=404.2,
    proof=Proof(
        credits=9_981,
        changes=0,
        read=9_990,
        sums={"USD": Sums(7_046_400, 7_046_000, 400, 0, 7_046_000, 7_046_000)},
        findings=(Finding("look_alike", "Credit sc_9 is like that of row ord-3."),),
        counts={"look_alike": 3},
    ).as_json(),
    files=("jb_1.result.json",),
)


def shown(common: Common, *events: Event) -> tuple[str, str]:
    """What goes to stdout and to stderr, neither of which is a terminal."""
    out, err = io.StringIO(), io.StringIO()
    with open_screen(common, stdout=out, stderr=err) as screen:
        for event in events:
            screen.emit(event)
    return out.getvalue(), err.getvalue()


def test_a_terminal() -> None:
    """Rows, amounts, rate, what it waits for, what was refused, unknown and held, and the time left."""
    console = Console(file=io.StringIO(), record=True, width=100, force_terminal=True, color_system=None)
    with Terminal(io.StringIO(), console) as terminal:
        terminal.show(STARTED)
        terminal.show(SENDING)
        terminal.show(ENDED)
    text = console.export_text()
    assert "Job jb_1 (campaign nov-goodwill) begins: 10,000 rows, JPY 5,000, USD 70,464.00" in text
    last = text[text.rindex("sending ") :].splitlines()
    assert last[0].split("━")[-1].strip() == "4,512 of 10,000 rows 24.8 rows/s 3:41 left"
    assert last[1] == "  JPY 500 of 5,000   USD 12,345.00 of 70,464.00"
    assert last[2] == "  waiting for the server's limit, 3 s   7 refused   3 unknown   1 held"


def test_a_narrow_terminal() -> None:
    """Nothing is cut off where there is no room for a bar."""
    console = Console(file=io.StringIO(), record=True, width=40, force_terminal=True, color_system=None)
    with Terminal(io.StringIO(), console) as terminal:
        terminal.show(SENDING)
    words = " ".join(console.export_text().split())
    for part in ("4,512 of 10,000 rows", "USD 12,345.00 of 70,464.00", "waiting for the server's limit", "3:41 left"):
        assert part in words


def test_lines_where_there_is_no_terminal() -> None:
    """A line each ten seconds, the rows that failed, and the result on stdout."""
    events = [attrs.evolve(SENDING, seconds=seconds / 4, waiting=None) for seconds in range(4 * 25)]
    out, err = shown(Common(), STARTED, *events, LimitWaiting("jb_1", "retry_after", 75.0), REFUSED, HELD, ENDED)
    line = (
        "sending: 4,512 of 10,000 rows, 24.8 rows/s, JPY 500 of 5,000, USD 12,345.00 of 70,464.00,"
        " 7 refused, 3 unknown, 1 held, 3:41 left"
    )
    assert err.splitlines() == [
        "Job jb_1 (campaign nov-goodwill) begins: 10,000 rows, JPY 5,000, USD 70,464.00",
        line,
        line,
        "waiting as long as the server asked, 1:15",
        "row 7 key ord-7 (USD 12.50 for cust_none): refused, resource_missing: no such customer\\x1b[2J",
        "row 8 key ord-8 (JPY 500 for cust_8aZ2): held, look_alike",
    ]
    issued = "USD 70,460.00"
    assert out.splitlines() == [
        "Job jb_1: 9,981 done, 12 with nothing to do, 7 refused; 10,010 requests in 6:44",
        "  JPY 5,000 of 5,000",
        "  USD 70,464.00 of 70,464.00",
        "  refused as resource_missing: 7",
        "Proof, by reading the server again (9,990 credits): 9,981 credits are on the server, each exactly once",
        f"  planned USD 70,464.00: done {issued}, refused USD 4.00; issued {issued}, on the server {issued}",
        "  look_alike: Credit sc_9 is like that of row ord-3.",
        "  and 2 more, which the result file lists",
        "  written: jb_1.result.json",
        "7 rows were refused.",
    ]


def test_quiet_still_tells_what_failed_and_how_it_ended() -> None:
    out, err = shown(Common(quiet=True), STARTED, SENDING, REFUSED, ENDED)
    assert err.count("\n") == 1
    assert out.startswith("Job jb_1: 9,981 done")


def test_json_lines() -> None:
    """Each event is a line on stdout, one of progress a second, and nothing else is on stdout."""
    events = [attrs.evolve(SENDING, seconds=seconds / 4) for seconds in range(9)]
    out, err = shown(Common(json=True), STARTED, *events, REFUSED, LimitWaiting("jb_1", "limit", 2.0), HELD, ENDED)
    lines = [json.loads(line) for line in out.splitlines()]
    assert err == ""
    assert [line["event"] for line in lines] == [
        "job.started", *["progress"] * 3, "row.refused", "limit.waiting", "row.held", "job.ended",
    ]  # fmt: skip
    assert lines[1]["done"] == {"USD": 1_234_500, "JPY": 500}
    assert lines[1]["states"]["unknown"] == 3


def test_rows_do_not_flood() -> None:
    lines: list[str] = []
    rows = Rows(lines.append)
    for n in range(1000):
        rows.show(attrs.evolve(REFUSED, n=n))
    assert len(lines) == 21
    assert lines[-1] == "more rows; to see them all, run `store-credit jobs export`"


class Full(io.StringIO):
    """A pipe that nobody reads, or a file on a full disk."""

    def write(self, text: str) -> int:
        raise BrokenPipeError(32, "Broken pipe")


@pytest.mark.parametrize("common", [Common(), Common(json=True), Common(quiet=True)])
def test_a_reader_that_is_gone_does_not_end_the_job(common: Common, tmp_path: Path) -> None:
    """Showing ends, the job goes on, and the log has it all."""
    with open_screen(common._replace(log=tmp_path / "log"), stdout=Full(), stderr=Full()) as screen:
        for event in (STARTED, SENDING, REFUSED, ENDED):
            screen.emit(event)
    kept = [json.loads(line)["event"] for line in (tmp_path / "log").read_text().splitlines()]
    assert kept == ["job.started", "progress", "row.refused", "job.ended"]


def test_a_log_holds_no_credential(tmp_path: Path) -> None:
    """What the SDK logs is in it as the SDK masks it, and a file of customers is its owner's alone."""
    log = tmp_path / "job.log"
    package = logging.getLogger("store_credit")
    before = package.level
    with open_screen(Common(log=log), stdout=io.StringIO(), stderr=io.StringIO()) as screen:
        screen.emit(STARTED)
        package.info("request %s", {"Authorization": "Bearer spree-secret", "accept": "*/*"})
        package.debug("not asked for")
        logging.getLogger("httpx").warning("Bearer spree-secret")
    package.warning("after the end")
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line.get("event") or line["logger"] for line in lines] == ["job.started", "store_credit"]
    assert lines[1]["message"] == "request {'Authorization': '***', 'accept': '*/*'}"
    assert all(line["time"].endswith("Z") for line in lines)
    assert log.stat().st_mode & 0o777 == 0o600
    assert package.level == before


def test_a_log_that_cannot_be_written_is_told_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(JobsError, match="Is a directory") as refused, open_screen(Common(log=tmp_path)):
        pass
    assert refused.value.code == "log_unwritable"


def test_a_log_on_a_full_disk(capsys: pytest.CaptureFixture[str]) -> None:
    """The job goes on, and is told about at its end."""
    if not Path("/dev/full").exists():
        pytest.skip("there is no /dev/full")
    with open_screen(Common(log=Path("/dev/full"), quiet=True), stdout=io.StringIO(), stderr=io.StringIO()) as screen:
        screen.emit(STARTED)
        screen.emit(ENDED)
    assert "No space left on device" in capsys.readouterr().err

"""`store-credit jobs` and `store-credit issue decide`, as they are called."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jobs_support.plan_lines import created, head, idle
from store_credit_jobs.cli.main import main
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, RequestSent, State

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / ".store-credit"


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run `store-credit --workspace ...`; gives its exit code, stdout and stderr."""

    def runs(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["--workspace", str(folder), *arguments])
        assert isinstance(ended.value.code, int)
        out, err = capsys.readouterr()
        return ended.value.code, out, err

    return runs


@pytest.fixture
def job(folder: Path) -> str:
    """A job with a row in each state, one credit doubled, and a memo that would move a terminal's cursor."""
    with closing(SqliteJournal(folder, write=True)) as journal:
        rows = [*(created(n, memo="\x1b[2J") for n in range(1, 7)), idle(7)]
        made = journal.begin(head(), rows, "s1").id
        done, refused, held, unknown, _ = journal.advance(made, [], 5, owner="me", credential="fingerprint")
        outcomes = [
            Outcome(
                done, State.DONE, made="sc_1", how="found", also_made=("sc_9",), sent=RequestSent(5.0, 201, "req_1")
            ),
            Outcome(refused, State.REFUSED, code="customer_not_found", said="no such\ncustomer"),
            Outcome(held, State.HELD, code="mark_missing", said="sc_5 looks like it"),
            Outcome(unknown, State.UNKNOWN),
        ]
        journal.advance(made, outcomes, 0, owner="me", credential="fingerprint")
    return made


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_nothing_yet(run: Run, folder: Path) -> None:
    """A workspace that is not there has no jobs, and looking makes none."""
    assert run("jobs", "list") == (0, "", "")
    for command in (["jobs", "show", "jb_1"], ["jobs", "unlock", "jb_1"], ["issue", "decide", "jb_1", "1", "absent"]):
        code, out, err = run(*command)
        assert (code, out) == (ExitCode.USAGE, "")
        assert "store-credit: " in err
    assert not folder.exists()


def test_list_and_show(run: Run, job: str) -> None:
    """People see what is to be done, each row named, and no text of others moves their cursor."""
    code, out, _ = run("jobs", "list")
    assert code == 0
    assert out.startswith(f"{job}  20")
    assert out.endswith(
        "issue  nov  vinr|api.example.com|shop: 7 rows, 1 done, 1 planned, 1 sending, 1 unknown, 1 held, 1 refused,"
        " 1 with nothing to do\n"
    )
    code, out, _ = run("jobs", "show", job[:10])
    assert code == 0
    assert "USD 12.50 of 75.00" in out
    assert (
        f"`store-credit issue decide {job} ROW done=ID` or `absent`:\n  row 3 key ord-3 (USD 12.50 for cust_3)" in out
    )
    assert "row 2 key ord-2 (USD 12.50 for cust_2): customer_not_found: no such\\ncustomer" in out
    assert "row 4 key ord-4 (USD 12.50 for cust_4): unknown" in out
    assert "row 1: sc_9" in out


def test_show_and_list_for_programs(run: Run, job: str) -> None:
    """With --json each line is an object."""
    (listed,) = lines(run("jobs", "list", "--json")[1])
    assert (listed["job"], listed["rows"], listed["states"]["done"], listed["planned"]) == (job, 7, 1, {"USD": 7500})
    first, *rest = lines(run("jobs", "show", job, "--json")[1])
    assert first["event"] == "job"
    assert [(line["event"], line["n"]) for line in rest] == [
        ("row", 3), ("row", 4), ("row", 5), ("row", 2), ("double", 1),
    ]  # fmt: skip


def test_export(run: Run, job: str, tmp_path: Path) -> None:
    """Everything about the rows, their requests among it, and nothing about the credential."""
    _, out, _ = run("jobs", "export", job)
    assert "fingerprint" not in out
    first, *rows, double = lines(out)
    assert first["head"]["campaign"] == "nov"
    assert [(row["n"], [step["state"] for step in row["steps"]]) for row in rows] == [
        (1, ["done"]), (2, ["refused"]), (3, ["held"]), (4, ["unknown"]), (5, ["sending"]), (6, ["planned"]), (7, []),
    ]  # fmt: skip
    assert rows[0]["attempts"] == [
        {"attempt": 1, "at": 5.0, "outcome": "done", "status": 201, "request_id": "req_1", "skew": None, "s": 1}
    ]
    assert double == {"event": "double", "n": 1, "credit": "sc_9"}
    assert run("jobs", "export", job, "-o", str(tmp_path / "out.jsonl"))[0] == 0
    assert (tmp_path / "out.jsonl").read_text() == out
    assert (tmp_path / "out.jsonl").stat().st_mode & 0o077 == 0
    code, _, err = run("jobs", "export", job, "-o", str(tmp_path / "no" / "out.jsonl"))
    assert (code, "No such file" in err) == (ExitCode.USAGE, True)


def test_unlock(run: Run, job: str, folder: Path) -> None:
    """What a runner that is gone was sending is to be looked up; while one is there, it is left alone."""
    with closing(SqliteJournal(folder, write=True)):
        code, _, err = run("jobs", "unlock", job)
    assert code == ExitCode.LOCKED
    assert f"process {os.getpid()} on" in err
    told = (
        f"1 requests of job {job} now have an unknown outcome; to look them up, run `store-credit issue settle {job}`"
    )
    assert run("jobs", "unlock", job)[:2] == (0, f"{told}\n")
    assert lines(run("jobs", "unlock", job, "--json")[1]) == [{"event": "unlocked", "job": job, "adopted": 0}]


@pytest.mark.parametrize("word", ["done=sc_5", "absent"])
def test_decide(run: Run, job: str, folder: Path, word: str) -> None:
    """A person's word is kept with the name, and counts once."""
    code, out, _ = run("issue", "decide", job, "3", word, "--who", "ada")
    assert code == 0
    assert "decided by ada" in out
    code, _, err = run("issue", "decide", job, "3", word)
    assert (code, "is not waiting" in err) == (ExitCode.USAGE, True)
    with closing(SqliteJournal(folder, write=False)) as journal:
        step = list(journal.steps(job))[2]
        assert (step.state, step.generation) == ((State.DONE, 1) if word != "absent" else (State.PLANNED, 2))
        ((n, who, said),) = [(one.n, one.who, one.word) for one in journal.decisions(job)]
        assert (n, who, said) == (3, "ada", word)
    assert "row 3: " + word + ", by ada at 20" in run("jobs", "show", job)[1]


def test_a_word_that_is_none(run: Run, job: str) -> None:
    """Nothing is guessed."""
    for word in ("done", "done=", "absent=sc_1", "Absent", "sc_1"):
        code, _, err = run("issue", "decide", job, "3", word)
        assert (code, "use done=ID" in err) == (ExitCode.USAGE, True), word
    assert run("issue", "decide", job, "0", "absent")[0] == ExitCode.USAGE
    assert run("issue", "decide", job, "3", "done=sc_1")[0] == ExitCode.USAGE

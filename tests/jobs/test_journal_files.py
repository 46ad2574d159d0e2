"""The journal's file among processes that are killed, disks that are full, and readers."""

from __future__ import annotations

import multiprocessing
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jobs_support.plan_lines import created, head
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.lock import holder
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.journal.workspace import find_workspace, make_workspace

# A runner in a process of its own: claims two rows, writes the outcome of one, says so and waits to be killed.
RUNNER = """
import sys
from pathlib import Path
from jobs_support.plan_lines import created, head
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, State
journal = SqliteJournal(Path(sys.argv[1]), write=True)
job = journal.begin(head(), map(created, range(1, 6)), "s1").id
one, two = journal.advance(job, [], 2, owner="me", credential="c1")
journal.advance(job, [Outcome(one, State.DONE, made="sc_1")], 1, owner="me", credential="c1")
print(job, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ws"


class Runner:
    """A process that holds the journal."""

    def __init__(self, folder: Path) -> None:
        path = os.pathsep.join(sys.path)
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUNNER, str(folder)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
        assert self.process.stdout is not None
        self.job = self.process.stdout.readline().strip()
        assert self.job.startswith("jb_")

    def kill(self) -> None:
        """Kill it as `kill -9` does."""
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def runner(folder: Path) -> Iterator[Runner]:
    started = Runner(folder)
    yield started
    started.kill()


def refusal(call: Callable[[], object]) -> JobsError:
    with pytest.raises(JobsError) as raised:
        call()
    return raised.value


def states(journal: SqliteJournal, job: str) -> list[str]:
    return [str(step.state) for step in journal.steps(job)]


def begun(folder: Path, rows: int = 3) -> str:
    """Make a journal with a job of which the first row was claimed."""
    with closing(SqliteJournal(folder, write=True)) as journal:
        job = journal.begin(head(), map(created, range(1, rows + 1)), "s1").id
        journal.advance(job, [], 1, owner="me", credential="c1")
    return job


def test_a_second_runner_is_refused_by_name_until_the_first_is_gone(folder: Path, runner: Runner) -> None:
    """SIGKILL frees the lock; what the first had claimed is there, and nothing that it had not."""
    error = refusal(lambda: SqliteJournal(folder, write=True))
    assert (error.code, error.exit_code) == ("journal_locked", ExitCode.LOCKED)
    assert f"process {runner.process.pid} on {os.uname().nodename}, since 20" in error.message
    # To read, nobody needs the lock.
    with closing(SqliteJournal(folder, write=False)) as reader:
        assert states(reader, runner.job) == ["done", "sending", "sending", "planned", "planned"]
    runner.kill()
    # Whoever only reads takes nothing of what the next runner needs.
    SqliteJournal(folder, write=False).close()
    with closing(SqliteJournal(folder, write=True)) as journal:
        assert states(journal, runner.job) == ["done", "sending", "sending", "planned", "planned"]
        assert journal.adopt(runner.job, owner="you") == 2
        assert journal.begin(head(), [], "s1").id == runner.job
        assert states(journal, runner.job) == ["done", "unknown", "unknown", "planned", "planned"]
    assert holder(folder) is None


def test_a_second_runner_in_the_same_process_is_refused(folder: Path) -> None:
    """Two journals in two threads would be two runners."""
    with closing(SqliteJournal(folder, write=True)):
        assert refusal(lambda: SqliteJournal(folder, write=True)).code == "journal_locked"
    SqliteJournal(folder, write=True).close()


def _in_child(journal: SqliteJournal, job: str, told: Any, until: Any) -> None:
    try:
        told.send(str(journal.advance(job, [], 1, owner="me", credential="c1")))
    except JobsError as error:
        told.send(error.code)
    until.wait(60)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_deleting_the_lock_file_lets_nobody_in(folder: Path) -> None:
    """What is called a lock is deleted by people who think that its runner is gone; another file would be free."""
    with closing(SqliteJournal(folder, write=True)):
        (folder / "journal.lock").unlink()
        assert refusal(lambda: SqliteJournal(folder, write=True)).code == "journal_locked"
    SqliteJournal(folder, write=True).close()


def test_a_forked_child_has_neither_journal_nor_lock(folder: Path) -> None:
    """It must not send what its parent claims, nor keep others out when its parent is gone."""
    context = multiprocessing.get_context("fork")
    (hears, told), until = context.Pipe(duplex=False), context.Event()
    journal = SqliteJournal(folder, write=True)
    job = journal.begin(head(), [created(1)], "s1").id
    child = context.Process(target=_in_child, args=(journal, job, told, until), daemon=True)
    child.start()
    try:
        assert hears.poll(30)
        assert hears.recv() == "journal_forked"
        assert refusal(lambda: SqliteJournal(folder, write=True)).code == "journal_locked"
        journal.close()
        with closing(SqliteJournal(folder, write=True)) as again:
            assert states(again, job) == ["planned"]
    finally:
        until.set()
        child.join(30)
    assert child.exitcode == 0


def _claim_all(journal: SqliteJournal, job: str, claimed: list[Step]) -> None:
    while some := journal.advance(job, [], 20, owner="me", credential="c1"):
        claimed += some


def test_a_full_disk_stops_before_anything_is_claimed(folder: Path) -> None:
    """A claim that is not on the disk is none, an outcome that is not leaves its step open; with room, it goes on."""
    job = begun(folder, 2000)
    with closing(SqliteJournal(folder, write=True)) as journal:
        (sent,) = journal.open_steps(job)
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        size = (folder / "journal.db").stat().st_size
        # No file may grow beyond this: the write-ahead log is full after some commits.
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 4, before[1]))
        try:
            claimed: list[Step] = []
            error = refusal(lambda: _claim_all(journal, job, claimed))
            assert error.code == "disk_full"
            assert "Free some disk space" in error.message
            done = Outcome(sent, State.DONE, made="sc_1")
            assert refusal(lambda: journal.advance(job, [done], 0, owner="me", credential="c1")).code == "disk_full"
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert 0 < len(claimed) < 1999
        assert [step.n for step in journal.open_steps(job)] == [1, *(step.n for step in claimed)]
        journal.advance(job, [Outcome(sent, State.DONE, made="sc_1")], 0, owner="me", credential="c1")
    with closing(SqliteJournal(folder, write=True)) as journal:
        assert [step.n for step in journal.open_steps(job)] == [step.n for step in claimed]
        assert journal.totals(job).states[State.DONE] == 1


def test_a_full_disk_takes_no_plan_over_in_part(folder: Path) -> None:
    """A plan is in the journal as a whole, or nothing of it is."""
    with closing(SqliteJournal(folder, write=True)) as journal:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
        try:
            error = refusal(lambda: journal.begin(head(), map(created, range(1, 4_000)), "s1"))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert error.code == "disk_full"
        assert list(journal.jobs()) == []
        assert len(list(journal.rows(journal.begin(head(), map(created, range(1, 40)), "s1").id))) == 39


def _cut(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2 + 100)


def _scribble(path: Path) -> None:
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 8192)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "cut off": _cut,
    "empty": lambda path: path.write_bytes(b""),
    "scribbled over": _scribble,
    "another file": lambda path: path.write_bytes(b"key,customer,amount\n" * 400),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_journal_is_refused_with_advice(folder: Path, how: str) -> None:
    """It is the only record of what was sent: nobody may go on without it, and nothing is changed in it."""
    begun(folder, 500)
    path = folder / "journal.db"
    DAMAGE[how](path)
    left = path.read_bytes() if path.is_file() else b""
    error = refusal(lambda: SqliteJournal(folder, write=True))
    if how != "a folder":
        assert error.code == "journal_damaged"
        assert "Do not delete it" in error.message
        assert ".recover" in error.message
        assert path.read_bytes() == left
    # The lock is free again.
    assert refusal(lambda: SqliteJournal(folder, write=True)).code == error.code


def test_a_database_of_others_and_another_layout_are_refused(folder: Path) -> None:
    """Neither is written to."""
    make_workspace(folder)
    path = folder / "journal.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE t (x)")
    for write in (True, False):
        assert refusal(lambda write=write: SqliteJournal(folder, write=write)).code == "journal_damaged"
    path.unlink()
    SqliteJournal(folder, write=True).close()
    layouts = ((99, "journal_newer", "update store-credit-jobs"), (1, "journal_older", "finish its jobs"))
    for version, code, advice in layouts:
        with closing(sqlite3.connect(path)) as other:
            other.execute(f"PRAGMA user_version = {version}")
        for write in (True, False):
            error = refusal(lambda write=write: SqliteJournal(folder, write=write))
            assert error.code == code
            assert advice in error.message


def test_a_journal_that_is_gone_while_its_log_is_there_is_not_begun_anew(folder: Path, runner: Runner) -> None:
    """A new one would have forgotten what was sent."""
    runner.kill()
    assert (folder / "journal.db-wal").stat().st_size
    (folder / "journal.db").unlink()
    assert refusal(lambda: SqliteJournal(folder, write=True)).code == "journal_damaged"


def _as_nobody(folder: Path, job: str, told: Any) -> None:
    os.setgid(65534)
    os.setuid(65534)
    told.put(refusal(lambda: SqliteJournal(folder, write=True)).code)
    with closing(SqliteJournal(folder, write=False)) as reader:
        told.put(states(reader, job))


@pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
@pytest.mark.parametrize("what", ["folder", "files"])
def test_a_journal_that_cannot_be_written_can_be_read(tmp_path: Path, what: str) -> None:
    """Who may not write is told before anything is sent, and may look at it all the same."""
    import tempfile

    with tempfile.TemporaryDirectory() as outside:
        Path(outside).chmod(0o755)
        folder = Path(outside) / "ws"
        job = begun(folder)
        folder.chmod(0o755 if what == "folder" else 0o777)
        (folder / "journal.db").chmod(0o444)
        context = multiprocessing.get_context("fork")
        told = context.SimpleQueue()
        child = context.Process(target=_as_nobody, args=(folder, job, told), daemon=True)
        child.start()
        child.join(30)
        assert child.exitcode == 0
        assert told.get() == "disk_full"
        assert told.get() == ["sending", "planned", "planned"]


def test_a_reader_of_nothing_and_a_reader_beside_a_writer(folder: Path) -> None:
    """Reading makes no file; what is committed is seen at once, what is not is not."""
    with closing(SqliteJournal(folder, write=False)) as reader:
        assert list(reader.jobs()) == []
        assert reader.key_use("vinr|x|y", "nov", "k") is None
    assert not folder.exists()
    with closing(SqliteJournal(folder, write=True)) as journal, closing(SqliteJournal(folder, write=False)) as reader:
        job = journal.begin(head(), [created(1), created(2)], "s1").id
        (sent,) = journal.advance(job, [], 1, owner="me", credential="c1")
        assert states(reader, job) == ["sending", "planned"]
        for change in (
            lambda: reader.settled([Outcome(sent, State.UNKNOWN)]),
            lambda: reader.begin(head(), [], "s2"),
        ):
            assert refusal(change).code == "disk_full"


def test_only_its_owner_may_look_into_a_workspace(folder: Path) -> None:
    """Customers and amounts are in it."""
    SqliteJournal(folder, write=True).close()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for name in ("journal.db", "journal.lock"):
        assert stat.S_IMODE((folder / name).stat().st_mode) == 0o600
    assert (folder / ".gitignore").read_text() == "*\n"


def test_where_the_workspace_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its name, by the variable, in a folder above; else by the configuration or here, made by who writes first."""
    monkeypatch.delenv("STORE_CREDIT_WORKSPACE", raising=False)
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert find_workspace() == below / ".store-credit"
    (tmp_path / "store-credit.toml").write_text("")
    assert find_workspace() == tmp_path / ".store-credit", "one for all folders below a configuration"
    made = make_workspace(tmp_path / "a" / ".store-credit")
    assert find_workspace() == made == make_workspace(made)
    monkeypatch.setenv("STORE_CREDIT_WORKSPACE", "there")
    assert find_workspace() == below / "there"
    assert find_workspace(Path("here")) == below / "here"
    (below / "file").write_text("")
    for wrong in (lambda: find_workspace(Path("file")), lambda: make_workspace(below / "file")):
        assert refusal(wrong).code == "workspace_invalid"
    assert refusal(lambda: make_workspace(below / "no" / "ws")).code == "disk_full"


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file away")
def test_a_workspace_that_somebody_else_left_above_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who may write above us would read and change what is sent; named, it is meant."""
    monkeypatch.delenv("STORE_CREDIT_WORKSPACE", raising=False)
    foreign = make_workspace(tmp_path / ".store-credit")
    shutil.chown(foreign, 65534)
    assert refusal(lambda: find_workspace(start=tmp_path)).code == "workspace_invalid"
    assert find_workspace(foreign) == foreign


def test_paths_of_all_kinds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that a URL would take apart, and bytes that are not UTF-8."""
    for name in ("a b?mode=ro", "50%#1", "ü", os.fsdecode(b"\xff")):
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name / "state"))
        begun(tmp_path / name)
        assert (tmp_path / name / "journal.db").stat().st_size

"""Journals that are not the newest ones: restored, copied, without their log, or begun anew in another workspace."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from jobs_support.job_bench import JobBench
from jobs_support.plan_lines import created, head
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.high_water import state_folder
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import Outcome, State

SYSTEMS = ("vinr", "spree-v2", "spree-v3")
HOUR = 3600.0
Maker = Callable[..., JobBench]


@pytest.fixture
def job_of(job_of: Maker) -> Maker:
    """Jobs of six rows on a system, with a journal that is marked."""
    return partial(job_of, durable=True)


def run(job: JobBench, **more: Any) -> Any:
    return job.run(system=job.connect(), concurrency=1, **more)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(JobsError) as raised:
        call()
    return raised.value.code


def restore(job: JobBench, copy: Path) -> None:
    """Put a copy of the workspace in its place, as a backup does."""
    shutil.rmtree(job.folder / "workspace")
    shutil.copytree(copy, job.folder / "workspace")


def stopped_after(job: JobBench, writes: int) -> None:
    job.wire.before = lambda number, request: job.interrupts.ask("SIGTERM") if number == writes else None
    assert run(job).exit_code is ExitCode.INTERRUPTED
    assert job.wire.writes == writes


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("hours", [0, 30])
def test_a_restored_journal_is_refused_and_then_looks_up_before_it_sends(
    system: str, hours: int, job_of: Maker
) -> None:
    """The backup is of after the second row, and the lost journal sent two more: each row is sent once."""
    job = job_of(system)
    stopped_after(job, 2)
    shutil.copytree(job.folder / "workspace", job.folder / "backup")
    stopped_after(job, 4)
    restore(job, job.folder / "backup")
    job.clock.wait(hours * HOUR)
    assert refusal(lambda: run(job)) == "journal_damaged"
    job.journal(accept_restored=True).close()
    assert run(job).exit_code is ExitCode.DONE
    assert job.wire.writes == 6
    assert [job.step(n).how for n in range(1, 7)] == ["sent", "sent", "found", "found", "sent", "sent"]
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_job_that_the_restored_journal_never_had_is_looked_up_when_it_is_planned_again(
    system: str, job_of: Maker
) -> None:
    """The backup is older than the job: its rows look new, and are found."""
    job = job_of(system)
    job.journal().close()
    shutil.copytree(job.folder / "workspace", job.folder / "backup")
    stopped_after(job, 4)
    restore(job, job.folder / "backup")
    job.journal(accept_restored=True).close()
    job.clock.wait(48 * HOUR)
    assert run(job, seal="another").exit_code is ExitCode.DONE
    assert job.wire.writes == 6
    assert job.made() == job.wanted()


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_was_refused_is_looked_up_before_it_is_tried_again(system: str, job_of: Maker) -> None:
    """The lost journal had tried it again, and it was done under its next key."""
    job = job_of(system)
    code = {"vinr": {"code": "resource_missing", "message": "no"}, "spree-v3": {"code": "validation_error"}}
    body = {"error": code.get(system, "no")}
    job.wire.before = lambda number, request: _refusal(body) if number == 3 else None
    assert run(job).exit_code is ExitCode.REFUSED
    shutil.copytree(job.folder / "workspace", job.folder / "backup")
    assert run(job, retry_refused=True).exit_code is ExitCode.DONE
    assert job.wire.writes == 7
    job.clock.wait(48 * HOUR)
    restore(job, job.folder / "backup")
    job.journal(accept_restored=True).close()
    assert run(job, retry_refused=True).exit_code is ExitCode.DONE
    assert job.wire.writes == 7
    assert job.made() == job.wanted()


def _refusal(body: Any) -> Any:
    from http_library import httpx

    return httpx.Response(422, json=body)


def test_a_credit_whose_expiry_was_changed_may_be_a_lost_one(job_of: Maker) -> None:
    """On VINR nothing but amount, currency, expiry and time tells a credit: doubt is for a person."""
    job = job_of("vinr")
    job.journal().close()
    shutil.copytree(job.folder / "workspace", job.folder / "backup")
    stopped_after(job, 1)
    (credit,) = [one for one in job.credits() if one.id not in job.before]
    job.mock.vinr.store_credit.update(credit.id, expires_at=int(job.clock.now()) + 90_000)
    restore(job, job.folder / "backup")
    job.journal(accept_restored=True).close()
    job.clock.wait(30 * HOUR)
    assert run(job).exit_code is ExitCode.OPEN
    assert [job.step(n).state for n in (1, 2)] == [State.HELD, State.DONE]
    assert job.made() == job.wanted()


def test_a_limit_counts_what_is_found_once(job_of: Maker) -> None:
    """Rows that are looked up may have happened; those that have not are not counted before they are sent."""
    job = job_of("spree-v2")
    stopped_after(job, 2)
    job.journal(accept_restored=True).close()
    assert run(job, max_total={"USD": sum(job.wanted())}).exit_code is ExitCode.DONE
    assert job.made() == job.wanted()


# The marks


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "ws"


def opened(folder: Path, **more: Any) -> SqliteJournal:
    return SqliteJournal(folder, write=True, **more)


def issue(folder: Path, seal: str = "s1", number: int = 1) -> None:
    """Have a row done."""
    with closing(opened(folder)) as journal:
        job = journal.begin(head(), [created(number)], seal).id
        steps = journal.advance(job, [], 1, owner="me", credential="c")
        journal.advance(
            job, [Outcome(step, State.DONE, made=f"sc_{number}") for step in steps], 0, owner="me", credential="c"
        )


@pytest.mark.parametrize("kept", ["workspace", "user"])
def test_yesterdays_journal_is_refused_by_either_mark(folder: Path, kept: str) -> None:
    """The one in the workspace, or where all of that came out of a backup, the one in the user's folder."""
    issue(folder)
    old = folder.with_name("old")
    shutil.copytree(folder, old)
    issue(folder, "s2", 2)
    state = state_folder()
    assert state is not None
    if kept == "workspace":
        shutil.rmtree(state)
        shutil.copy(old / "journal.db", folder / "journal.db")
    else:
        shutil.rmtree(folder)
        shutil.copytree(old, folder)
    assert refusal(lambda: opened(folder)) == "journal_damaged"
    # Whoever only looks may.
    SqliteJournal(folder, write=False).close()
    opened(folder, accept_restored=True).close()
    opened(folder).close()


def test_of_two_copies_the_one_that_was_not_used_last_is_refused(folder: Path) -> None:
    """Both would send what is planned."""
    issue(folder)
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    opened(copy).close()
    assert refusal(lambda: opened(folder)) == "journal_damaged"
    opened(copy).close()


def test_a_copy_without_its_log_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was made while a runner was at work, or after one was killed; the last commits are in the log alone."""
    copy = folder.with_name("copy")
    with closing(opened(folder)) as journal:
        job = journal.begin(head(), [created(1)], "s1").id
        later = time.monotonic() + 60
        monkeypatch.setattr(time, "monotonic", lambda: later)
        # What is there by then goes into the file, and what is sent into the log alone.
        journal.advance(job, [], 1, owner="me", credential="c")
        shutil.copytree(folder, copy)
    (state := state_folder() or Path()).joinpath("journals").rename(state / "elsewhere")
    shutil.copytree(copy, folder.with_name("whole"))
    opened(folder.with_name("whole")).close()
    shutil.rmtree(state / "journals")
    (copy / "journal.db-wal").unlink()
    assert refusal(lambda: opened(copy)) == "journal_damaged"


def test_a_log_that_another_program_has_emptied_into_the_file_is_not_missed(folder: Path, tmp_path: Path) -> None:
    """Who looks into the journal of a killed runner with sqlite3 has it do that."""
    killed = tmp_path / "killed"
    with closing(opened(folder)) as journal:
        journal.begin(head(), [created(1)], "s1")
        shutil.copytree(folder, killed)
        state = tmp_path / "state as it was"
        shutil.copytree(state_folder() or Path(), state)
    shutil.rmtree(state_folder() or Path())
    shutil.copytree(state, state_folder() or Path())
    with closing(sqlite3.connect(killed / "journal.db")) as other:
        other.execute("SELECT * FROM job").fetchall()
    assert not (killed / "journal.db-wal").exists()
    opened(killed).close()


def test_a_journal_that_was_deleted_is_not_begun_anew_unseen(folder: Path) -> None:
    """The workspace has another journal then."""
    issue(folder)
    for name in ("journal.db", "journal.db-wal", "journal.db-shm"):
        (folder / name).unlink(missing_ok=True)
    assert refusal(lambda: opened(folder)) == "journal_damaged"
    with closing(opened(folder, accept_restored=True)) as journal:
        assert refusal(lambda: journal.begin(head(), [created(1)], "s2")) == "other_journal"


def test_a_campaign_is_issued_from_one_workspace(folder: Path) -> None:
    """Another one has forgotten all of it; taken over, its rows are looked up first."""
    issue(folder)
    other = folder.with_name("other")
    with closing(opened(other)) as journal:
        assert refusal(lambda: journal.begin(head(), [created(1)], "s2")) == "other_journal"
        journal.begin(head(campaign="dec"), [created(1, campaign="dec")], "s3")
        identity = head()["identity"]
        assert journal.take_campaign(identity, "nov")
        assert not journal.take_campaign(identity, "nov")
        job = journal.begin(head(), [created(1)], "s2").id
        (step,) = journal.steps(job)
        assert (step.state, step.code) == (State.UNKNOWN, "restored")
    with closing(opened(folder)) as journal:
        assert refusal(lambda: journal.begin(head(), [created(2)], "s4")) == "other_journal"


def test_mocks_on_this_machine_forget_so_that_their_campaigns_are_nobodys(folder: Path) -> None:
    """Who tries commands out deletes workspaces all day."""
    local = {"identity": "vinr|127.0.0.1:4010|shop"}
    for name in ("one", "two"):
        with closing(opened(folder.with_name(name))) as journal:
            journal.begin(head(**local), [created(1, identity=local["identity"])], "s1")


def test_a_folder_that_cannot_be_written_stops_nobody(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A container has no home; the mark in the workspace is there all the same."""
    monkeypatch.setenv("XDG_STATE_HOME", "/proc/nowhere")
    issue(folder)
    shutil.copytree(folder, folder.with_name("old"))
    issue(folder, "s2", 2)
    shutil.copy(folder.with_name("old") / "journal.db", folder / "journal.db")
    assert refusal(lambda: opened(folder)) == "journal_damaged"


def test_a_second_name_of_a_journal_is_no_second_lock(folder: Path) -> None:
    """A link to the folder is the folder; a link to the file is refused, since locks are of folders."""
    issue(folder)
    link = folder.with_name("link")
    link.symlink_to(folder)
    with closing(opened(folder)):
        assert refusal(lambda: opened(link)) == "journal_locked"
    for make in (Path.symlink_to, Path.hardlink_to):
        other = folder.with_name(make.__name__)
        other.mkdir()
        make(other / "journal.db", folder / "journal.db")
        assert refusal(lambda other=other: opened(other)) == "workspace_invalid"
        (other / "journal.db").unlink()
    opened(folder).close()

"""The journal in PostgreSQL where several runners, and their mistakes, meet. What it remembers: test_sql_journal.py."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jobs_support.plan_lines import IDENTITY, created, head
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import Outcome, State, Step

psycopg = pytest.importorskip("psycopg", reason="the extra `postgres` is not installed")

from store_credit_jobs.journal.postgres_journal import PostgresJournal  # noqa: E402


@pytest.fixture
def opened(database: str) -> Iterator[Callable[..., PostgresJournal]]:
    """Open journals in one database; they are closed at the end."""
    made: list[PostgresJournal] = []

    def make(owner: str, **more: Any) -> PostgresJournal:
        made.append(PostgresJournal(database, owner=owner, **more))
        return made[-1]

    yield make
    for journal in made:
        journal.close()


@pytest.fixture
def sql(database: str) -> Callable[[str], list[tuple[Any, ...]]]:
    """Look and change something behind everybody's back."""

    def run(statement: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(database, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    return run


def refusal(call: Callable[[], object]) -> JobsError:
    with pytest.raises(JobsError) as raised:
        call()
    return raised.value


def until(what: Callable[[], object]) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def claim(journal: PostgresJournal, job: str, *outcomes: Outcome, number: int = 1) -> list[Step]:
    return journal.advance(job, outcomes, number, owner="whoever", credential="c1")


def test_an_account_has_one_runner(opened: Callable[..., PostgresJournal]) -> None:
    """The second is refused by name until the first lets go; each may have another account, and anybody reads."""
    one, two = opened("one"), opened("two")
    job = one.begin(head(), [created(1), created(2)], "s1").id
    assert refusal(lambda: claim(one, job)).code == "lease_lost"
    one.hold(IDENTITY)
    error = refusal(lambda: two.hold(IDENTITY))
    assert (error.code, error.exit_code) == ("journal_locked", ExitCode.LOCKED)
    assert "in use by one, since 20" in error.message
    for refused in (lambda: claim(two, job), lambda: two.adopt(job, owner="two")):
        assert refusal(refused).code == "lease_lost"
    assert not two.holds()
    assert len(claim(one, job)) == 1
    assert [step.state for step in two.steps(job)] == [State.SENDING, State.PLANNED]
    one.close()
    two.hold(IDENTITY)
    assert two.holds()
    assert two.adopt(job, owner="two") == 1


def test_whoever_took_over_alone_writes(
    opened: Callable[..., PostgresJournal], sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """A runner that was only slow claims nothing more, and what it has to say of its steps comes too late."""
    slow, next_one = opened("slow"), opened("next")
    job = slow.begin(head(), [created(1), created(2), created(3)], "s1").id
    slow.hold(IDENTITY)
    first, second = claim(slow, job, number=2)
    sql("UPDATE store_credit_jobs.runner SET lease_until = 0")
    # Its outcomes count for as long as nobody has taken the account over.
    assert refusal(lambda: claim(slow, job, Outcome(first, State.DONE, made="sc_1"))).code == "lease_lost"
    next_one.hold(IDENTITY)
    assert next_one.adopt(job, owner="next") == 1
    late = Outcome(second, State.DONE, made="sc_2")
    for say in (lambda: claim(slow, job, late, number=0), lambda: slow.settled([late])):
        error = refusal(say)
        assert (error.code, error.exit_code) == ("step_moved", ExitCode.LOCKED)
    assert [step.state for step in next_one.steps(job)] == [State.DONE, State.UNKNOWN, State.PLANNED]
    next_one.settled([Outcome(second, State.PLANNED, how="absent")])
    (again,) = claim(next_one, job)
    assert (again.n, again.attempt) == (2, 2)


def test_a_machine_whose_clock_is_behind(opened: Callable[..., PostgresJournal]) -> None:
    """What it was sending is waited for from when another takes over, not from when it believed to send."""
    behind, right = opened("behind", clock=lambda: 1_000.0), opened("right", clock=lambda: 1_050.0)
    job = behind.begin(head(), [created(1), created(2), created(3)], "s1").id
    behind.hold(IDENTITY)
    sent = claim(behind, job, number=3)
    claim(behind, job, Outcome(sent[1], State.UNKNOWN), Outcome(sent[2], State.DONE, made="sc_3"), number=0)
    behind.close()
    right.hold(IDENTITY)
    right.adopt(job, owner="right")
    assert [(step.first_sent, step.last_sent) for step in right.steps(job)] == [
        (1_000.0, 1_050.0),
        (1_000.0, 1_050.0),
        (1_000.0, 1_000.0),
    ]


def test_held_steps_are_settled_by_whoever_has_the_account(opened: Callable[..., PostgresJournal]) -> None:
    """Also those that an earlier runner left held or unknown."""
    one, two = opened("one"), opened("two")
    job = one.begin(head(), [created(1), created(2)], "s1").id
    one.hold(IDENTITY)
    sent = claim(one, job, number=2)
    claim(
        one,
        job,
        *(Outcome(step, state) for step, state in zip(sent, (State.HELD, State.UNKNOWN), strict=True)),
        number=0,
    )
    one.close()
    two.hold(IDENTITY)
    assert two.adopt(job, owner="two") == 0
    two.settled([Outcome(step, State.DONE, made=f"sc_{step.n}") for step in sent])
    assert two.totals(job).states == {State.DONE: 2}


def test_a_lease_is_renewed_until_it_is_lost(
    opened: Callable[..., PostgresJournal], sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """It is found out without asking, before anything is sent."""
    journal = opened("one", lease=1.2)
    journal.begin(head(), [created(1)], "s1")
    journal.hold(IDENTITY)
    ((began,),) = sql("SELECT lease_until FROM store_credit_jobs.runner")
    until(lambda: sql("SELECT lease_until FROM store_credit_jobs.runner")[0][0] > began)
    assert journal.holds()
    sql("UPDATE store_credit_jobs.runner SET owner = 'two'")
    until(lambda: not journal.holds())
    journal.close()
    # What is another's is not let go of.
    assert sql("SELECT owner FROM store_credit_jobs.runner") == [("two",)]


@pytest.mark.parametrize("clock", [0, 1, 2], ids=["monotonic", "since boot", "wall"])
def test_a_process_that_was_frozen_mistrusts_its_lease(opened: Callable[..., PostgresJournal], clock: int) -> None:
    """Whichever clock went on: one stands while a machine sleeps, another is put right when it wakes up."""
    journal = opened("one")
    journal.begin(head(), [created(1)], "s1")
    journal.hold(IDENTITY)
    for seconds, held in ((50, True), (55, False)):
        then = list(journal._renewed._now())
        then[clock] -= seconds
        journal._renewed._then = tuple(then)
        assert journal.holds() is held


def test_the_database_goes_away(
    opened: Callable[..., PostgresJournal], sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """The journal says so, and what was claimed is found by the next."""
    journal = opened("one")
    job = journal.begin(head(), [created(1)], "s1").id
    journal.hold(IDENTITY)
    claim(journal, job)
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    sql(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    error = refusal(lambda: claim(journal, job))
    assert (error.code, error.exit_code) == ("journal_unreachable", ExitCode.STOPPED)
    assert [step.state for step in opened("two").steps(job)] == [State.SENDING]


def test_an_address_that_is_none_shows_no_password() -> None:
    """psycopg would quote it."""
    for wrong in (
        "postgres:hunter2",
        "postgresql://me:hunter2@127.0.0.1:1/x",
        "host=127.0.0.1 port=1 password=hunter2",
    ):
        error = refusal(lambda wrong=wrong: PostgresJournal(wrong))
        assert error.code in ("postgres_address", "journal_unreachable")
        assert "hunter2" not in f"{error} {error.__cause__!r}"


def test_a_later_layout_is_refused(
    opened: Callable[..., PostgresJournal], sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """Nothing is written into it."""
    opened("one")
    sql("UPDATE store_credit_jobs.layout SET version = 99")
    assert refusal(lambda: opened("two")).code == "journal_newer"


def test_many_begin_at_the_same_time(opened: Callable[..., PostgresJournal]) -> None:
    """A plan becomes one job, whoever hands it over, and a key is used by one of two plans."""

    def begin(number: int) -> str:
        journal = opened(f"runner-{number}")
        return journal.begin(head(), [created(1), created(2)], f"s{number % 2}").id

    with ThreadPoolExecutor(6) as together:
        jobs = {*together.map(begin, range(6))}
    assert len(jobs) == 2
    reader = opened("reader")
    states = sorted(str(step.state) for job in jobs for step in reader.steps(job))
    assert states == ["planned", "planned", "refused", "refused"]


def test_a_row_that_is_being_claimed_is_not_taken_over(
    opened: Callable[..., PostgresJournal], sql: Callable[[str], list[tuple[Any, ...]]]
) -> None:
    """A plan with its key waits for the claim, and is refused then."""
    one, two = opened("one"), opened("two")
    job = one.begin(head(), [created(1)], "s1").id
    one.hold(IDENTITY)
    failed: list[str] = []
    beginning = threading.Thread(
        target=lambda: failed.append(refusal(lambda: two.begin(head(), [created(1)], "s2")).code)
    )
    with one._db.transaction():
        one._claim(one._of(job), 1, "one", "c1", None)
        beginning.start()
        until(
            lambda: sql("SELECT 1 FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE step%'")
        )
    beginning.join(30)
    assert failed == ["key_used"]
    assert [found.id for found in two.jobs()] == [job]


def test_without_the_extra(database: str) -> None:
    """The error names what to install."""
    program = """
import importlib.util, sys
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *more: None if name == "procrastinate" else find(name, *more)
from store_credit_jobs.cli.main import main
main(sys.argv[1:])
"""
    config = "store-credit.toml"
    done = subprocess.run(
        [sys.executable, "-c", program, "worker", "--postgres", database, "--config", config],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == ExitCode.USAGE
    assert done.stderr.endswith("pip install 'store-credit-jobs[postgres]'\n")

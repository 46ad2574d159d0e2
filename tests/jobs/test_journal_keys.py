"""The memory of a journal for keys, in a file or in PostgreSQL: a key that was used is not used for something else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jobs_support.journal_steps import ELSEWHERE, begun, claim, code_of, step, write
from jobs_support.plan_lines import IDENTITY, changed, created
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.keys import payload_sha
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.wire_key import wire_key

# How a row of another job stands, and what a row with the same key and the same or another amount meets.
STANDINGS: dict[str, tuple[Callable[[Step], Outcome | None], str, str]] = {
    "done": (lambda one: Outcome(one, State.DONE, made="sc_1"), "already_done", "key_conflict"),
    "sending": (lambda one: None, "key_used", "key_conflict"),
    "unknown": (lambda one: Outcome(one, State.UNKNOWN), "key_used", "key_conflict"),
    "held": (lambda one: Outcome(one, State.HELD), "key_used", "key_conflict"),
    "refused": (lambda one: Outcome(one, State.REFUSED), "free", "free"),
    "not sent": (lambda one: Outcome(one, State.PLANNED), "free", "free"),
}


@pytest.mark.parametrize("name", STANDINGS)
@pytest.mark.parametrize("same", [True, False], ids=["same", "changed"])
def test_a_key_that_was_used_before(journal: SqlJournal, name: str, same: bool) -> None:
    """It is done once, or the plan is refused by name; only where nothing came of it, the new row takes its place."""
    outcome_of, *told = STANDINGS[name]
    job = begun(journal, created(1), created(2))
    (sent,) = claim(journal, job, 1)
    if (outcome := outcome_of(sent)) is not None:
        write(journal, outcome)
    row = created(8, "ord-1", minor=1250 if same else 1251, customer="cust_1")
    expected = told[0] if same else told[1]
    if expected in ("key_used", "key_conflict"):
        with pytest.raises(JobsError) as raised:
            begun(journal, created(7), row, seal="s2")
        (problem,) = raised.value.problems
        assert (problem.code, problem.file, problem.line, problem.key) == (expected, "a.csv", 9, "ord-1")
        assert f"row 1 of job {job}" in problem.text
        assert [found.id for found in journal.jobs()] == [job]
        assert journal.key_use(IDENTITY, "nov", "ord-7") is None
        return
    other = begun(journal, created(7), row, seal="s2")
    if expected == "already_done":
        assert [one.n for one in journal.steps(other)] == [7]
        (_, there) = journal.rows(other)
        assert (there.what, there.more) == ("nothing", {"why": "already_done", "job": job, "made": "sc_1"})
        assert journal.totals(other).nothing == 1
        return
    again = step(journal, other, 8)
    assert (again.generation, again.wire) == (2, wire_key(IDENTITY, "nov", "ord-1", generation=2))
    # The first job never sends it, whoever asks it to.
    journal.retry_refused(job)
    assert [one.n for one in claim(journal, job)] == [2]
    assert step(journal, job).state is State.REFUSED
    use = journal.key_use(IDENTITY, "nov", "ord-1")
    assert use is not None
    assert (use.job, use.n, use.state, use.payload_sha) == (other, 8, State.PLANNED, payload_sha(row, "add"))


def test_a_key_whose_step_is_to_be_sent_again_is_in_use(journal: SqlJournal) -> None:
    """Planned for the second time under the same wire key, it may have happened the first time."""
    job = begun(journal, created(1))
    (sent,) = claim(journal, job)
    write(journal, Outcome(sent, State.UNKNOWN))
    journal.settled([Outcome(sent, State.PLANNED)])
    use = journal.key_use(IDENTITY, "nov", "ord-1")
    assert use is not None
    assert use.state is State.UNKNOWN
    assert code_of(lambda: begun(journal, created(1), seal="s2")) == "key_used"


def test_a_row_that_is_done_in_part_is_in_use(journal: SqlJournal) -> None:
    """Neither is it done, nor may it be planned as if nothing were."""
    job = begun(journal, changed(1, "sc_1", "sc_2"))
    (sent,) = claim(journal, job)
    (second,) = claim(journal, job, 9, Outcome(sent, State.DONE))
    write(journal, Outcome(second, State.REFUSED))
    use = journal.key_use(IDENTITY, "nov", "ord-1")
    assert use is not None
    assert use.state is State.HELD
    assert code_of(lambda: begun(journal, changed(1, "sc_1", "sc_2"), seal="s2")) == "key_used"


def test_keys_are_those_of_an_account_and_a_campaign(journal: SqlJournal) -> None:
    """The same key elsewhere is another key."""
    begun(journal, created(1))
    begun(journal, created(1, campaign="dec"), seal="s2", campaign="dec")
    begun(journal, created(1, identity=ELSEWHERE), seal="s3", identity=ELSEWHERE)
    assert journal.key_use(IDENTITY, "dec", "ord-2") is None
    assert journal.key_use("nobody", "dec", "ord-1") is None


@pytest.mark.parametrize("distance", [1, 700], ids=["near", "far"])
def test_a_key_stands_in_a_plan_once(journal: SqlJournal, distance: int) -> None:
    """Also where the rows are far from each other."""
    rows = [*map(created, range(1, distance + 1)), created(distance + 1, "ord-1")]
    with pytest.raises(JobsError) as raised:
        begun(journal, *rows)
    (problem,) = raised.value.problems
    assert problem.code == "key_double"
    assert "first in row 1" in problem.text
    assert list(journal.jobs()) == []


def test_a_set_row_has_the_same_hash_whatever_there_is(journal: SqlJournal) -> None:
    """In mode `set` the file says what is to be outstanding; the difference to it changes with the account."""
    row = created(1, minor=300, then={"outstanding": 500})
    assert payload_sha(row, "set") == payload_sha({**row, "minor": 100}, "set")
    assert payload_sha(row, "set") != payload_sha({**row, "then": {"outstanding": 400}}, "set")
    assert payload_sha(row, "add") != payload_sha({**row, "minor": 100}, "add")
    for name, value in {"memo": "x", "customer": "cust_2", "expires": 1, "currency": "EUR", "order": "R1"}.items():
        assert payload_sha(row, "add") != payload_sha({**row, name: value}, "add"), name

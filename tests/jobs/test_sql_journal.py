"""What a journal remembers, in a file or in PostgreSQL: jobs, steps, requests, decisions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from jobs_support.journal_steps import ELSEWHERE, StandingClock, begun, claim, code_of, step, write
from jobs_support.plan_lines import IDENTITY, changed, created, head, idle
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.journal import Decision
from store_credit_jobs.journal.records import iso
from store_credit_jobs.journal.sql_journal import SqlJournal
from store_credit_jobs.journal.steps import Outcome, RequestSent, State, Step
from store_credit_jobs.wire_key import wire_key


def test_a_plan_is_taken_over_once(journal: SqlJournal) -> None:
    """The same seal gives the same job, and its rows are not even read again."""
    job = journal.begin(head(), [created(1, memo="Goodwill Nov", expires=1_830_000_000), idle(2)], "s1")
    assert journal.begin(head(), iter(lambda: pytest.fail("read again"), None), "s1") == job
    assert (job.account, job.campaign, job.state, job.head["id"]) == (IDENTITY, "nov", "open", "pl_1")
    assert [found.id for found in journal.jobs()] == [job.id]
    (one,) = journal.steps(job.id)
    assert one == Step(
        job.id, 1, 1, "ord-1", "create", "cust_1", 1250, "USD", {"memo": "Goodwill Nov", "expires": 1_830_000_000},
        wire_key(IDENTITY, "nov", "ord-1"),
    )  # fmt: skip
    assert [(row.n, row.what, row.more.get("why")) for row in journal.rows(job.id)] == [
        (1, "create", None),
        (2, "nothing", "already_so"),
    ]


def test_what_the_plan_decided_for_all_rows_is_part_of_each_step(journal: SqlJournal) -> None:
    """Category and staff user come from the head, and a row that says otherwise wins."""
    job = begun(
        journal, created(1), created(2, category="9"), settings={"category": "4", "created_by": "17", "limit": 3}
    )
    assert [one.payload for one in journal.steps(job)] == [
        {"category": "4", "created_by": "17"},
        {"category": "9", "created_by": "17"},
    ]


def test_a_job_is_found_by_the_beginning_of_its_id(journal: SqlJournal) -> None:
    """What fits several jobs, or none, is refused."""
    job, other = begun(journal, created(1)), begun(journal, created(2), seal="s2")
    assert journal.job(job).id == journal.job(job[:-1]).id == job
    assert code_of(lambda: journal.job("jb_")) == "job_ambiguous"
    for unknown in ("jb_%", "", other + "x"):
        assert code_of(lambda unknown=unknown: journal.job(unknown)) == "job_unknown"


def test_steps_are_claimed_in_order_and_a_rows_second_after_its_first(
    journal: SqlJournal, clock: StandingClock
) -> None:
    """A claim is in the journal when it returns, with its time, attempt and credential."""
    job = begun(journal, changed(1, "sc_1", "sc_2"), created(2), created(3))
    first, second = claim(journal, job, 2)
    assert [(one.n, one.s) for one in (first, second)] == [(1, 1), (2, 1)]
    assert (first.state, first.attempt, first.first_sent, first.credential) == (State.SENDING, 1, clock.now, "c1")
    assert step(journal, job) == first
    (third,) = claim(journal, job, 9)
    assert third.n == 3
    (fourth,) = claim(journal, job, 9, Outcome(first, State.DONE))
    assert (fourth.n, fourth.s, fourth.target, fourth.after) == (1, 2, "sc_2", {"minor": 0})
    assert step(journal, job).made == "sc_1"
    assert claim(journal, job, 9, Outcome(fourth, State.REFUSED, code="changed_since_plan")) == []


def test_an_outcome_is_written_with_its_request(journal: SqlJournal, clock: StandingClock) -> None:
    """What people need to find the request again is kept, and by how much the server's clock was ahead."""
    job = begun(journal, created(1))
    (sent,) = claim(journal, job)
    write(
        journal,
        Outcome(
            sent, State.DONE, made="sc_1", how="sent", sent=RequestSent(clock.now + 1, 201, "req_1"),
            server_time=clock.now + 4,
        ),
    )  # fmt: skip
    done = step(journal, job)
    assert (done.state, done.made, done.how, done.request_id) == (State.DONE, "sc_1", "sent", "req_1")
    (attempt,) = journal.attempts(job, 1)
    assert (attempt.attempt, attempt.at, attempt.outcome, attempt.status) == (1, clock.now + 1, "done", 201)
    assert (attempt.request_id, attempt.skew, attempt.s) == ("req_1", 3.0, 1)
    assert journal.explained(IDENTITY, "sc_1")
    assert not journal.explained(IDENTITY, "sc_2")
    assert not journal.explained(ELSEWHERE, "sc_1")


def test_an_outcome_of_another_attempt_is_refused_and_the_others_are_written(journal: SqlJournal) -> None:
    """A late outcome must not overwrite what came after it; nothing is claimed then."""
    job = begun(journal, created(1), created(2), created(3))
    late, fine = claim(journal, job, 2)
    write(journal, Outcome(late, State.PLANNED))
    claim(journal, job, 1)
    outcomes = [Outcome(late, State.DONE, made="sc_1"), Outcome(fine, State.DONE, made="sc_2")]
    assert code_of(lambda: claim(journal, job, 9, *outcomes)) == "step_moved"
    assert [one.state for one in journal.steps(job)] == [State.SENDING, State.DONE, State.PLANNED]
    # Nor is one that is done changed any more.
    for state in (State.PLANNED, State.UNKNOWN, State.REFUSED):
        assert code_of(lambda state=state: journal.settled([Outcome(fine, state)])) == "step_moved"
    assert step(journal, job, 2).made == "sc_2"


def test_a_credit_explains_one_row_alone(journal: SqlJournal) -> None:
    """Two rows that are alike cannot both be found done by the same credit: the second waits for a person."""
    job = begun(journal, created(1), created(2))
    one, two = claim(journal, job)
    write(journal, Outcome(one, State.DONE, made="sc_1", also_made=("sc_3",)), Outcome(two, State.UNKNOWN))
    journal.settled([Outcome(two, State.DONE, made="sc_1", how="found")])
    held = step(journal, job, 2)
    assert (held.state, held.made, held.code) == (State.HELD, None, "explained_already")
    assert held.said == f"credit sc_1 is what row 1 of job {job} created"
    assert journal.explained(IDENTITY, "sc_3")
    assert list(journal.doubles(job)) == [(1, "sc_3")]
    # In another account the same id is another credit.
    other = begun(journal, created(1, identity=ELSEWHERE), seal="s2", identity=ELSEWHERE)
    (elsewhere,) = claim(journal, other)
    write(journal, Outcome(elsewhere, State.DONE, made="sc_1"))
    assert step(journal, other).state is State.DONE


def test_a_create_is_not_done_without_a_credit(journal: SqlJournal) -> None:
    """A system that does not say which credit it made has a defect, and nothing is written."""
    job = begun(journal, created(1))
    (sent,) = claim(journal, job)
    for wrong in (Outcome(sent, State.DONE), Outcome(sent, State.SENDING)):
        with pytest.raises(ValueError, match="not a valid outcome"):
            write(journal, wrong)
    assert step(journal, job) == sent


def test_since_when_a_request_may_have_arrived(journal: SqlJournal, clock: StandingClock) -> None:
    """A proof that nothing happened clears it, a key that makes repeating harmless does not, whatever comes after."""
    job = begun(journal, created(1))
    began = clock.now
    (sent,) = claim(journal, job)
    write(journal, Outcome(sent, State.PLANNED, code="429"))
    assert step(journal, job).first_sent is None
    clock.now += 60
    (sent,) = claim(journal, job)
    assert (sent.attempt, sent.first_sent) == (2, began + 60)
    write(journal, Outcome(sent, State.UNKNOWN))
    journal.settled([Outcome(sent, State.PLANNED)])
    clock.now += 60
    (sent,) = claim(journal, job)
    assert (sent.attempt, sent.first_sent, sent.last_sent) == (3, began + 60, began + 120)
    write(journal, Outcome(sent, State.PLANNED, code="429"))
    assert step(journal, job).first_sent == began + 60
    (sent,) = claim(journal, job)
    write(journal, Outcome(sent, State.UNKNOWN))
    journal.settled([Outcome(sent, State.PLANNED, how="absent")])
    planned = step(journal, job)
    assert (planned.first_sent, planned.how, planned.generation) == (None, None, 1)


def test_with_another_credential_nothing_is_sent_again_by_its_key(journal: SqlJournal) -> None:
    """A key holds for the credential that it was sent with: under another it would be a second credit."""
    job = begun(journal, created(1), created(2), created(3), created(4))
    once, twice, absent, fresh = claim(journal, job)
    write(journal, *(Outcome(one, State.UNKNOWN) for one in (once, twice, absent)), Outcome(fresh, State.PLANNED))
    journal.settled([Outcome(one, State.PLANNED) for one in (once, twice)])
    journal.settled([Outcome(absent, State.PLANNED, how="absent")])
    assert [one.n for one in claim(journal, job, 2, credential="c2")] == [3, 4]
    assert [one.n for one in journal.open_steps(job, states=[State.UNKNOWN])] == [1, 2]
    assert step(journal, job).credential == "c1"


def test_what_was_being_sent_is_unknown_when_its_owner_is_gone(journal: SqlJournal, clock: StandingClock) -> None:
    """So is what was to be sent again by its key: whether the server still knows that is asked anew."""
    job = begun(journal, *map(created, range(1, 5)))
    sending, again, done, refused = claim(journal, job)
    write(
        journal,
        Outcome(again, State.UNKNOWN),
        Outcome(done, State.DONE, made="sc_3"),
        Outcome(refused, State.PLANNED, code="429"),
    )
    journal.settled([Outcome(again, State.PLANNED)])
    assert journal.adopt(job, owner="you") == 2
    assert [one.state for one in journal.steps(job)] == [State.UNKNOWN, State.UNKNOWN, State.DONE, State.PLANNED]
    (attempt,) = journal.attempts(job, sending.n)
    assert (attempt.at, attempt.outcome, attempt.status) == (clock.now, "unknown", None)
    assert journal.adopt(job, owner="you") == 0


def test_another_generation_has_another_key(journal: SqlJournal) -> None:
    """After a definite refusal servers replay it under the old one."""
    job = begun(journal, created(1), created(2))
    one, two = claim(journal, job)
    write(
        journal,
        Outcome(one, State.REFUSED, code="customer_not_found", said="no such customer"),
        Outcome(two, State.PLANNED, next_generation=True),
    )
    assert journal.retry_refused(job) == 1
    assert journal.retry_refused(job) == 0
    assert [(again.generation, again.wire) for again in claim(journal, job)] == [
        (2, wire_key(IDENTITY, "nov", key, generation=2)) for key in ("ord-1", "ord-2")
    ]
    assert [again.attempt for again in journal.steps(job)] == [2, 2]


def test_tenth_generation(journal: SqlJournal) -> None:
    """A number of two digits is raised as one number."""
    job = begun(journal, created(1))
    for _ in range(11):
        (sent,) = claim(journal, job)
        write(journal, Outcome(sent, State.PLANNED, next_generation=True))
    assert step(journal, job).wire == wire_key(IDENTITY, "nov", "ord-1", generation=12)


@pytest.mark.parametrize("word", ["done=sc_9", "absent"])
def test_a_persons_word(journal: SqlJournal, word: str) -> None:
    """It settles a row that is held, is kept with name and time, and counts once."""
    job = begun(journal, created(1))
    (sent,) = claim(journal, job)
    journal.settled([Outcome(sent, State.HELD, code="mark_missing", said="look-alike")])
    made = "sc_9" if word != "absent" else None
    journal.decide(job, 1, who="ada", word=word, made=made)
    now = step(journal, job)
    if made:
        assert (now.state, now.made, now.how, now.generation) == (State.DONE, "sc_9", "decided", 1)
        assert journal.explained(IDENTITY, "sc_9")
    else:
        assert (now.state, now.made, now.generation, now.first_sent) == (State.PLANNED, None, 2, None)
    assert list(journal.decisions(job)) == [Decision(1, "ada", "2027-01-15T08:00:00.000Z", word)]
    assert code_of(lambda: journal.decide(job, 1, who="ada", word=word, made=made)) == "not_held"


def test_a_persons_word_is_refused_where_it_cannot_be(journal: SqlJournal) -> None:
    """A credit that another row created, and one that the row is not about."""
    job = begun(journal, created(1), created(2), changed(3, "sc_7"))
    one, two, three = claim(journal, job)
    write(journal, Outcome(one, State.DONE, made="sc_1"), Outcome(two, State.HELD), Outcome(three, State.HELD))
    assert code_of(lambda: journal.decide(job, 2, who="ada", word="", made="sc_1")) == "explained_already"
    assert code_of(lambda: journal.decide(job, 3, who="ada", word="", made="sc_1")) == "not_the_target"
    assert code_of(lambda: journal.decide(job, 4, who="ada", word="", made="sc_1")) == "not_held"
    assert not list(journal.decisions(job))
    journal.decide(job, 3, who="ada", word="", made="sc_7")


def test_rows_and_amounts_add_up(journal: SqlJournal) -> None:
    """Every row is in one state, one of several steps in that of the one that needs most; sums may exceed 64 bits."""
    most = 2**63 - 1
    job = begun(
        journal, created(1, minor=most), created(2, minor=most), created(3, minor=5), changed(4, "a", "b"), idle(5),
        {**created(6, minor=7), "currency": "EUR"}, created(7),
    )  # fmt: skip
    one, two, three, four, six, _ = claim(journal, job)
    write(journal, *(Outcome(sent, State.DONE, made=f"sc_{sent.n}") for sent in (one, two, four)))
    write(journal, Outcome(three, State.UNKNOWN), Outcome(six, State.REFUSED))
    totals = journal.totals(job)
    assert totals.states == {State.DONE: 2, State.UNKNOWN: 1, State.PLANNED: 1, State.REFUSED: 1, State.SENDING: 1}
    assert totals.nothing == 1
    assert totals.planned == {"USD": 2 * most + 5 + 2 + 1250, "EUR": 7}
    assert totals.done == {"USD": 2 * most}


def test_how_a_job_ended_and_that_it_goes_on(journal: SqlJournal) -> None:
    """A job that ended is open again when something of it is claimed."""
    job = begun(journal, created(1), created(2))
    (sent,) = claim(journal, job, 1)
    write(journal, Outcome(sent, State.DONE, made="sc_1"))
    assert journal.result(job) is None
    journal.end(job, broken=False, result={"rows": 2})
    assert (journal.job(job).state, journal.job(job).ended) == ("ended", "2027-01-15T08:00:00.000Z")
    assert claim(journal, job, 0) == []
    assert journal.job(job).state == "ended"
    claim(journal, job, 1)
    assert (journal.job(job).state, journal.job(job).ended) == ("open", None)
    assert journal.result(job) == {"rows": 2}
    journal.end(job, broken=True, result={})
    assert journal.job(job).state == "broken"


def test_a_row_that_cannot_be_read_takes_nothing_over(journal: SqlJournal) -> None:
    """Rows are read while they are written: one that is wrong leaves no trace of the others."""
    for wrong in (12.5, True, "12"):
        with pytest.raises(TypeError, match="whole number"):
            begun(journal, *map(created, range(1, 600)), {**created(600), "minor": wrong})
    assert list(journal.jobs()) == []
    assert len(list(journal.steps(begun(journal, *map(created, range(1, 2101)))))) == 2100


def test_text_that_is_no_text(journal: SqlJournal) -> None:
    """What a server sends is kept as far as a database can keep it, and stops nothing."""
    job = begun(journal, created(1, memo="\ud800\0 line\nbreak"))
    (sent,) = claim(journal, job)
    assert sent.payload == {"memo": "\ud800\0 line\nbreak"}
    said = Outcome(sent, State.REFUSED, code="a\0b", said="half \ud83d", sent=RequestSent(1.0, 400, "r\udfff"))
    write(journal, said)
    refused = step(journal, job)
    assert (refused.code, refused.said, refused.request_id) == ("a\u2400b", "half ?", "r?")


class Alive(dict[str, Any]):
    """A row that counts how many there are of it."""

    now = most = 0

    def __init__(self, row: Mapping[str, Any]) -> None:
        super().__init__(row)
        Alive.now += 1
        Alive.most = max(Alive.most, Alive.now)

    def __del__(self) -> None:
        Alive.now -= 1


def test_memory_does_not_grow_with_the_plan(journal: SqlJournal) -> None:
    """Rows are written while they are read, however many there are."""
    journal.begin(head(), (Alive(created(n)) for n in range(1, 5001)), "s1")
    assert Alive.most < 1100


def test_absent_is_not_taken_while_the_request_may_be_running(journal: SqlJournal, clock: StandingClock) -> None:
    """A person looks at the server and sees nothing yet; done may be said at once."""
    job = begun(journal, created(1), created(2))
    one, two = journal.advance(job, [], 2, owner="me", credential="c1", grace=120.0)
    journal.advance(job, [Outcome(one, State.HELD), Outcome(two, State.HELD)], 0, owner="me", credential="c1")
    clock.now += 119
    with pytest.raises(JobsError) as refused:
        journal.decide(job, 1, who="ada", word="absent", made=None)
    assert refused.value.code == "too_early"
    assert iso(clock.now + 1) in refused.value.message
    journal.decide(job, 2, who="ada", word="done=sc_2", made="sc_2")
    clock.now += 1
    journal.decide(job, 1, who="ada", word="absent", made=None)
    assert next(journal.steps(job)).state is State.PLANNED


def test_of_several_graces_the_longest_is_kept(journal: SqlJournal) -> None:
    job = begun(journal, created(1))
    for grace, kept in ((120.0, 120.0), (300.0, 300.0), (60.0, 300.0)):
        (step,) = journal.advance(job, [], 1, owner="me", credential="c1", grace=grace)
        assert step.grace == next(journal.steps(job)).grace == kept
        journal.advance(job, [Outcome(step, State.PLANNED)], 0, owner="me", credential="c1")

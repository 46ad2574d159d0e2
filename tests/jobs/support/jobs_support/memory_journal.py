"""A journal in memory, which may be killed before or after any commit, or have no room on its disk."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.journal import Attempt, Decision, Job, Journal, KeyUse, Row, Totals
from store_credit_jobs.journal.steps import Outcome, State, Step
from store_credit_jobs.wire_key import wire_key, with_generation

__all__ = ["Killed", "MemoryJournal", "create_rows"]

_WORST_FIRST = (State.HELD, State.SENDING, State.UNKNOWN, State.REFUSED, State.PLANNED, State.DONE)


class Killed(BaseException):
    """The process was killed: nothing of it runs any more."""


def create_rows(
    number: int, *, job: str = "jb_1", account: str = "vinr|host|shop", campaign: str = "nov"
) -> list[Step]:
    """Rows that create, each for a customer of its own."""
    return [
        Step(
            job=job,
            n=n,
            s=1,
            key=f"row-{n}",
            action="create",
            customer=f"cust_{n}",
            minor=100 + n,
            currency="USD" if n % 3 else "JPY",
            payload={},
            wire=wire_key(account, campaign, f"row-{n}"),
        )
        for n in range(1, number + 1)
    ]


class MemoryJournal(Journal):
    """Keeps the steps of one job.

    Attributes:
        commit: Called with `"before"` and `"after"` of each commit; raises to break it there.
        commits: How many there were.
        said: The requests of each step.
    """

    def __init__(
        self,
        steps: Iterable[Step],
        *,
        now: Callable[[], float],
        mode: str = "add",
        account: str = "vinr|host|shop",
        job: str = "jb_1",
    ) -> None:
        self.kept = {(step.n, step.s): step for step in steps}
        self.now = now
        self.commit: Callable[[str], None] = lambda _: None
        self.commits = 0
        self.ended: dict[str, Any] | None = None
        self.state = "open"
        self.said: defaultdict[tuple[int, int], list[Attempt]] = defaultdict(list)
        self._mode = mode
        self._account = account
        self._job = job
        # Rows with nothing to do, behind the others.
        self.idle: list[Row] = []
        # What others of the account have created.
        self.others: set[str] = set()

    @property
    def head(self) -> Job:
        return Job(
            self._job,
            self._account,
            "nov",
            "issue",
            "sha",
            None,
            self.state,
            "2026-11-28T16:00:00Z",
            None,
            {"mode": self._mode},
        )

    def _commit(self, changed: Mapping[tuple[int, int], Step]) -> None:
        self.commit("before")
        self.commits += 1
        self.kept.update(changed)
        self.commit("after")

    def begin(self, head: Mapping[str, Any], rows: Iterable[Mapping[str, Any]], plan_sha: str) -> Job:
        return self.head

    def job(self, job: str) -> Job:
        return self.head

    def jobs(self) -> Iterator[Job]:
        yield self.head

    def key_use(self, account: str, campaign: str, key: str) -> KeyUse | None:
        return None

    def key_uses(self, account: str, campaign: str, keys: Sequence[str]) -> dict[str, KeyUse]:
        return {}

    def advance(
        self,
        job: str,
        outcomes: Sequence[Outcome],
        claim: int,
        *,
        owner: str,
        credential: str,
        grace: float | None = None,
    ) -> list[Step]:
        changed = self._outcomes(outcomes)
        claimed: list[Step] = []
        for key, kept in sorted(self.kept.items()):
            step = changed.get(key, kept)
            if len(claimed) >= claim:
                break
            before = changed.get((step.n, step.s - 1), self.kept.get((step.n, step.s - 1)))
            if step.state is State.PLANNED and (before is None or before.state is State.DONE):
                now = self.now()
                claimed.append(
                    attrs.evolve(
                        step,
                        state=State.SENDING,
                        attempt=step.attempt + 1,
                        first_sent=now if step.first_sent is None else step.first_sent,
                        last_sent=now,
                        credential=credential,
                        grace=grace,
                    )
                )
        self._commit(changed | {(step.n, step.s): step for step in claimed})
        return claimed

    def _outcomes(self, outcomes: Sequence[Outcome]) -> dict[tuple[int, int], Step]:
        changed: dict[tuple[int, int], Step] = {}
        for outcome in outcomes:
            step = outcome.step
            kept = self.kept[step.n, step.s]
            assert kept.attempt == step.attempt, "an outcome of an attempt that is over"
            assert kept.state in (State.SENDING, State.UNKNOWN, State.HELD), kept.state
            new = attrs.evolve(kept, state=outcome.state, code=outcome.code, said=outcome.said)
            if outcome.state is State.DONE:
                assert all(
                    other.made != outcome.made
                    for other in self.kept.values()
                    if other.action == "create" and other is not kept
                ), "one credit explains two rows"
                new = attrs.evolve(new, made=outcome.made, how=outcome.how)
            if outcome.next_generation:
                new = attrs.evolve(
                    new,
                    generation=kept.generation + 1,
                    wire=with_generation(kept.wire, kept.generation + 1),
                    first_sent=None,
                )
            if outcome.sent is not None:
                self.said[step.n, step.s].append(
                    Attempt(
                        step.attempt, outcome.sent.at, str(outcome.state), outcome.sent.status, outcome.sent.request_id
                    )
                )
            changed[step.n, step.s] = new
        return changed

    def open_steps(self, job: str, *, states: Sequence[State] = (State.SENDING, State.UNKNOWN)) -> Iterator[Step]:
        return (step for _, step in sorted(self.kept.items()) if step.state in states)

    def adopt(self, job: str, *, owner: str) -> int:
        sending = {key: step for key, step in self.kept.items() if step.state is State.SENDING}
        self._commit({key: attrs.evolve(step, state=State.UNKNOWN) for key, step in sending.items()})
        return len(sending)

    def settled(self, outcomes: Sequence[Outcome]) -> None:
        self._commit(self._outcomes(outcomes))

    def retry_refused(self, job: str) -> int:
        refused = {key: step for key, step in self.kept.items() if step.state is State.REFUSED}
        self._commit(
            {
                key: attrs.evolve(
                    step,
                    state=State.PLANNED,
                    generation=step.generation + 1,
                    wire=with_generation(step.wire, step.generation + 1),
                    first_sent=None,
                )
                for key, step in refused.items()
            }
        )
        return len(refused)

    def decide(self, job: str, n: int, *, who: str, word: str, made: str | None) -> None:
        raise NotImplementedError

    def steps(self, job: str) -> Iterator[Step]:
        return (step for _, step in sorted(self.kept.items()))

    def rows(self, job: str) -> Iterator[Row]:
        kinds = {"create": "create", "update": "reduce", "delete": "delete"}
        for step in self.steps(job):
            if step.s == 1:
                yield Row(
                    step.n,
                    step.key,
                    kinds[step.action],
                    step.customer,
                    step.minor,
                    step.currency,
                    None,
                    step.payload,
                    {},
                )
        yield from self.idle

    def doubles(self, job: str) -> Iterator[tuple[int, str]]:
        return iter(())

    def decisions(self, job: str) -> Iterator[Decision]:
        return iter(())

    def result(self, job: str) -> Mapping[str, Any] | None:
        return self.ended

    def attempts(self, job: str, n: int) -> Iterator[Attempt]:
        return iter(self.said[n, 1])

    def explained(self, account: str, made: str) -> bool:
        return made in self.others or any(step.made == made for step in self.kept.values() if step.action == "create")

    def totals(self, job: str) -> Totals:
        rows: dict[int, list[Step]] = {}
        for step in self.kept.values():
            rows.setdefault(step.n, []).append(step)
        states: Counter[State] = Counter()
        planned: Counter[str] = Counter()
        amounts: defaultdict[State, Counter[str]] = defaultdict(Counter)
        for steps in rows.values():
            state = min((step.state for step in steps), key=_WORST_FIRST.index)
            states[state] += 1
            planned[steps[0].currency] += steps[0].minor
            amounts[state][steps[0].currency] += steps[0].minor
        return Totals(dict(states), dict(planned), dict(amounts[State.DONE]), len(self.idle), dict(amounts))

    def end(self, job: str, *, broken: bool, result: Mapping[str, Any]) -> None:
        self.ended = dict(result)
        self.state = "broken" if broken else "ended"

    def close(self) -> None:
        pass


def no_room(when: str) -> None:
    """What a commit does on a full disk."""
    raise JobsError("disk_full", "the disk is full", exit_code=ExitCode.STOPPED)

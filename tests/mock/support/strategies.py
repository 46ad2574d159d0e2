"""Intentions to give credit, what the SDK says became of each, and what the server says in the end."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from inspect import isawaitable
from typing import Any, ClassVar, Literal

import store_credit
from store_credit._core.clock import Clock
from store_credit_mock import Fault

__all__ = [
    "Intent",
    "Ready",
    "SpreeIssuer",
    "Tally",
    "Verdict",
    "VinrIssuer",
    "always",
    "ask",
    "impatient",
    "plan",
    "trouble",
]

Outcome = Literal["", "created", "refused", "unknown"]
Ready = Callable[[], Awaitable[None]]


def trouble(operations: str, delay: float, *, late: float) -> list[Fault]:
    """Everything that can happen to a response: about half of all requests are struck.

    Args:
        operations: Which ones, as a pattern.
        delay: Seconds a slow answer takes that still arrives.
        late: Seconds a response takes that the client does not wait for; the change may come after the client is gone.
    """
    chances: list[tuple[float, dict[str, Any]]] = [
        (0.12, {"drop": True, "when": "after"}),
        (0.08, {"drop": True}),
        (0.06, {"status": 500, "when": "after"}),
        (0.04, {"status": 500}),
        (0.05, {"status": 429}),
        (0.05, {"status": 503}),
        (0.03, {"truncate": 0}),
        (0.05, {"truncate": 10}),
        (0.05, {"malformed": True}),
        (0.05, {"breaks_document": True}),
        (0.02, {"delay": late}),
        (0.02, {"delay": late, "when": "after"}),
        (0.05, {"delay": delay}),
    ]
    return [Fault(operations, probability=chance, **what) for chance, what in chances]


@dataclass
class Intent:
    """One credit that somebody wants to give.

    Attributes:
        number: From 1, the same on both systems. It is VINR's amount in minor units and Spree's memo, so that a credit
            is known by it.
        good: Whether the server can do it; otherwise it names a customer or a category that does not exist.
        outcome: What the SDK said.
        identity: Of the credit that was created.
        changed: What a later change asked for, and whether the SDK said that it was done.
    """

    number: int
    good: bool
    outcome: Outcome = ""
    identity: str = ""
    changed: tuple[Literal["amount", "expires_at", "delete"], Any, bool] | None = None


def plan(number: int) -> list[Intent]:
    """As many intentions; each twelfth of them cannot be carried out."""
    return [Intent(place, place % 12 != 0) for place in range(1, number + 1)]


@dataclass
class Verdict:
    """What the server says in the end, held against what the SDK said.

    Attributes:
        found: Credits the SDK did not know the outcome of, that are there.
        doubled: Intentions that are there more than once.
        lost: What was reported as done and is not so.
        strangers: What is there and should not be.
    """

    found: int = 0
    doubled: list[Any] = field(default_factory=list[Any])
    lost: list[Any] = field(default_factory=list[Any])
    strangers: list[Any] = field(default_factory=list[Any])

    @property
    def right(self) -> bool:
        """Whether all of it is as it was said to be."""
        return not (self.doubled or self.lost or self.strangers)


@dataclass
class Tally:
    """A line of the table.

    Attributes:
        what: The scenario.
        outcomes: What the SDK said of each intention.
        verdict: What the server said of them.
        calls: Calls of the SDK.
        struck: Requests a fault struck.
        pauses: Seconds the SDK wanted to wait between attempts, none of which were waited.
        kills: How often the server was killed.
    """

    what: str
    outcomes: Counter[str]
    verdict: Verdict
    calls: int = 0
    struck: int = 0
    pauses: float = 0.0
    kills: int = 0

    HEADER: ClassVar = (
        f"{'':26}{'intended':>9}{'created':>9}{'refused':>9}{'unknown':>9}{'of them there':>15}{'doubled':>9}"
        f"{'lost':>6}{'strange':>9}{'calls':>8}{'struck':>8}{'pauses':>9}{'kills':>7}"
    )

    def __str__(self) -> str:
        said, found = self.outcomes, self.verdict
        return (
            f"{self.what:26}{said.total():9}{said['created']:9}{said['refused']:9}{said['unknown']:9}{found.found:15}"
            f"{len(found.doubled):9}{len(found.lost):6}{len(found.strangers):9}{self.calls:8}{self.struck:8}"
            f"{self.pauses:8.0f}s{self.kills:7}"
        )


class _Hurried(Clock):
    """A clock that goes on by what is not waited, at the mock's time of day."""

    __slots__ = ("pauses", "today")

    def __init__(self, pauses: list[float], today: datetime) -> None:
        self.pauses, self.today = pauses, today

    def monotonic(self) -> float:
        # A pause is no shorter than asked; sums of floats may be.
        return super().monotonic() + sum(self.pauses) + 1e-6 * len(self.pauses)

    def now(self) -> datetime:
        return self.today


def impatient(client: Any, today: int, passes: Callable[[float], Any] = bool) -> list[float]:
    """Let a client note its pauses between attempts, in seconds, instead of making them; returns what it notes.

    `today` is the mock's time, in Unix milliseconds: its responses do not tell it, and it may be of another day.
    `passes` is told of each pause, so that as much time can pass elsewhere.
    """
    pauses: list[float] = []

    def note(seconds: float) -> None:
        pauses.append(seconds)
        passes(seconds)

    waits = (store_credit.AsyncVinrClient, store_credit.AsyncSpreeClient, store_credit.AsyncSpreeAdminClient)
    if isinstance(client, waits):

        async def nap(seconds: float) -> None:
            note(seconds)
            await asyncio.sleep(0)

        client._transport.sleep = nap
    else:
        client._transport.sleep = note
    client._settings.clock = _Hurried(pauses, datetime.fromtimestamp(today / 1000, UTC))
    return pauses


async def ask(method: Callable[..., Any], *names: Any, **arguments: Any) -> Any:
    """Call a method of either kind of client."""
    answer = method(*names, **arguments)
    return await answer if isawaitable(answer) else answer


async def always() -> None:
    """A server in this process is always there."""


class VinrIssuer:
    """Gives VINR credit until it is known to be there or refused, as a job queue would.

    Args:
        ready: Awaited after a failure, until there is a server again.
    """

    name = "VINR"

    def __init__(self, ready: Ready = always) -> None:
        self.ready = ready
        self.calls = 0

    async def __call__(self, client: Any, intent: Intent) -> None:
        """Carry one out. Every other one leaves the key to the SDK and takes it from the error."""
        options = {"idempotency_key": f"soak-{intent.number}"} if intent.number % 2 else {}
        customer = "cust_8aZ2" if intent.good else "cust_nobody"
        for _ in range(1000):
            self.calls += 1
            try:
                made = await ask(
                    client.store_credit.create, customer=customer, amount=intent.number, currency="USD", **options
                )
            except store_credit.NotFoundError:
                intent.outcome = "refused"
                return
            except store_credit.StoreCreditError as error:
                # It is there whatever went wrong; without it the next attempt would fail by itself.
                options = {"idempotency_key": error.idempotency_key or ""}
                await self.ready()
            else:
                intent.outcome, intent.identity = "created", made.id
                break
        assert intent.outcome == "created", "never known to be there"
        if intent.number % 3 == 0:
            await self._end(client, intent)

    async def _end(self, client: Any, intent: Intent) -> None:
        expires_at = 4_000_000_000 + intent.number
        for _ in range(1000):
            self.calls += 1
            try:
                await ask(client.store_credit.update, intent.identity, expires_at=expires_at)
            except store_credit.StoreCreditError:
                await self.ready()
            else:
                intent.changed = ("expires_at", expires_at, True)
                return
        raise AssertionError("never known to be changed")

    @staticmethod
    def check(client: store_credit.VinrClient, intents: Iterable[Intent]) -> Verdict:
        """Each good intention is there once, with its id and its expiry, and nothing else is."""
        verdict = Verdict()
        there: dict[int, list[Any]] = {}
        for credit in client.store_credit.list(limit=100):
            ends = None if credit.expires_at is None else int(credit.expires_at.timestamp())
            there.setdefault(credit.amount, []).append((credit.id, ends))
        for intent in intents:
            found = there.pop(intent.number, [])
            if len(found) > 1:
                verdict.doubled.append((intent, found))
            # With a key nothing stays unknown.
            if intent.outcome != ("created" if intent.good else "refused"):
                verdict.lost.append(intent)
            elif not intent.good:
                verdict.strangers.extend(found)
            elif (intent.identity, None if intent.changed is None else intent.changed[1]) not in found:
                verdict.lost.append((intent, found))
        verdict.strangers.extend(there.items())
        return verdict


class SpreeIssuer:
    """Gives Spree credit once, and believes what the SDK says of it; then changes or deletes some of it.

    Args:
        ready: Awaited after a failure, until there is a server again.
    """

    name = "Spree"

    def __init__(self, ready: Ready = always) -> None:
        self.ready = ready
        self.calls = 0
        self.lookups: dict[int, dict[str, Any]] = {}

    async def __call__(self, client: Any, intent: Intent) -> None:
        """Carry one out."""
        self.calls += 1
        try:
            made = await ask(
                client.store_credits.create,
                user_id="2",
                category_id="1" if intent.good else "999",
                created_by_id="1",
                amount=Decimal(intent.number),
                currency="USD",
                memo=f"soak {intent.number}",
            )
        except store_credit.OutcomeUnknownError as error:
            intent.outcome = "unknown"
            self.lookups[intent.number] = dict(error.lookup)
            await self.ready()
        except store_credit.StoreCreditError:
            intent.outcome = "refused"
            await self.ready()
        else:
            intent.outcome, intent.identity = "created", made.id
            if intent.number % 5 == 1:
                await self._change(client, intent)
            elif intent.number % 5 == 2:
                await self._delete(client, intent)

    async def _change(self, client: Any, intent: Intent) -> None:
        self.calls += 1
        amount = Decimal(intent.number) + Decimal("0.25")
        try:
            await ask(client.store_credits.update, intent.identity, amount=amount)
        except store_credit.StoreCreditError:
            intent.changed = ("amount", amount, False)
            await self.ready()
        else:
            intent.changed = ("amount", amount, True)

    async def _delete(self, client: Any, intent: Intent) -> None:
        self.calls += 1
        try:
            await ask(client.store_credits.delete, intent.identity)
        except store_credit.StoreCreditError:
            intent.changed = ("delete", None, False)
            await self.ready()
        else:
            intent.changed = ("delete", None, True)

    def check(self, client: store_credit.SpreeClient, intents: Iterable[Intent]) -> Verdict:
        """Hold what the SDK said against what is there.

        Every created one is there once, unless it was deleted, every refused one not at all, every unknown one once or
        not at all, and then the lookup of its error finds it; nothing else is there.
        """
        verdict = Verdict()
        there: dict[str, list[Any]] = {}
        for credit in client.store_credits.list(per_page=100):
            there.setdefault(credit.memo or "", []).append(credit)
        for intent in intents:
            memo = f"soak {intent.number}"
            found = there.pop(memo, [])
            if len(found) > 1:
                verdict.doubled.append((intent, found))
            if intent.outcome == "unknown":
                verdict.found += len(found)
                looked_up = client.store_credits.list(per_page=100, **self.lookups[intent.number])
                if [credit.id for credit in looked_up if credit.memo == memo] != [credit.id for credit in found]:
                    verdict.lost.append((intent, "not found by the lookup"))
            elif intent.outcome == "refused":
                verdict.strangers.extend(found)
            elif not _is_as_said(intent, found):
                verdict.lost.append((intent, found))
        verdict.strangers.extend(there.items())
        return verdict


def _is_as_said(intent: Intent, found: list[Any]) -> bool:
    """Whether a created credit is what the SDK made of it; a change that was not confirmed may be there or not."""
    kind, value, done = intent.changed or ("", None, True)
    if kind == "delete" and (done or not found):
        return not found
    amounts = {value} if kind == "amount" and done else {Decimal(intent.number), value}
    return [credit.id for credit in found] == [intent.identity] and found[0].amount in amounts

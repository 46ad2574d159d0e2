"""Reads all credits of an account into a snapshot. GET alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.snapshot_file import Snapshot, SnapshotDraft, SnapshotHead, seconds_of, time_text
from store_credit_jobs.systems.system import System

__all__ = ["Effort", "KeepsLedger", "Reading", "export", "head_of", "read_into"]

_PAGE = 100
_CLOCKS = 60.0
"""Seconds by which a server's clock and the one that dates a snapshot may differ."""
_BETWEEN_REPORTS = 500


@runtime_checkable
class KeepsLedger(Protocol):
    """A system that tells what happened to a credit, for requests of its own."""

    def events(self, credit: str) -> Iterable[Any]:
        """Read what happened to a credit, oldest first, each as JSON. GET alone."""
        ...


@attrs.frozen(slots=True)
class Effort:
    """What going through an account customer by customer will take, before it begins.

    Attributes:
        customers: How many there are.
        requests: At least how many requests that takes.
        minutes: How many minutes at the server's pace, or None where that is not known.
    """

    customers: int
    requests: int
    minutes: int | None


@attrs.frozen(slots=True)
class Reading:
    """How an account is read.

    Attributes:
        ledger: Also ask for what happened to each credit where the system does not list it with the credit: that costs
            a request for each.
        limit: Requests a minute that the server allows, or None where it does not tell.
        announce: Told what it will take, where the system has no list over all customers.
        progress: Told now and then how many credits have been read.
        clock: The time in seconds since 1970, the server's where it is known.
    """

    ledger: bool = False
    limit: int | None = None
    announce: Callable[[Effort], None] | None = None
    progress: Callable[[int], None] | None = None
    clock: Callable[[], float] = time.time


def export(system: System, account: Account, path: Path, how: Reading | None = None) -> Snapshot:
    """Write all credits of an account to a file, which is there wholly or not at all. What was there is replaced.

    The file stands alone: the chain of an account is what `SnapshotStore.add` makes.

    Raises:
        JobsError: What `SnapshotDraft` raises.
        StoreCreditError: The server does not answer as it should.
    """
    how = how or Reading()
    started = time_text(how.clock())
    with SnapshotDraft(path.absolute().parent, started) as draft:
        ledger = read_into(draft, system, account, how)
        return draft.seal(head_of(account, draft, started, time_text(how.clock()), ledger, None), path.name)


def read_into(draft: SnapshotDraft, system: System, account: Account, how: Reading) -> bool:
    """Read all credits of an account into a draft; returns whether each came with its ledger."""
    customers: list[str] = []
    if not system.abilities.scan and system.abilities.customers:
        customers = [customer for customer, _ in system.customer_ids()]
        requests = len(customers) + len(customers) // _PAGE + 1
        if how.announce is not None:
            how.announce(Effort(len(customers), requests, _minutes(requests, account, how.limit)))
        if not customers:
            return True
    asks = system if how.ledger and isinstance(system, KeepsLedger) else None
    began = how.clock()
    complete = True
    for listed in system.credits(customers=customers):
        credit = listed
        if asks is not None and not listed.events:
            credit = _with_events(system, asks, listed, began)
            if credit is None:
                continue
        complete = complete and bool(credit.events)
        draft.add(credit)
        if how.progress is not None and draft.credits % _BETWEEN_REPORTS == 0:
            how.progress(draft.credits)
    if how.progress is not None:
        how.progress(draft.credits)
    return complete


def _with_events(system: System, asks: KeepsLedger, listed: Credit, began: float) -> Credit | None:
    """Read a credit's ledger, and the credit once more if it was spent from meanwhile; None if it is gone by now."""
    credit, before = listed, None
    while True:
        events = tuple(asks.events(credit.id))
        # A purchase between the two readings would be in the ledger alone: they would not add up.
        quiet = events and all(_at(event) < began - _CLOCKS for event in events)
        if quiet or events == before or credit.customer is None:
            return attrs.evolve(credit, events=events)
        again = system.credit(credit.id, credit.customer)
        if again is None:
            return None
        credit, before = again, events


def _at(event: Any) -> float:
    """When an event happened; one that does not say so may have happened now."""
    try:
        return seconds_of(event["created_at"])
    except (TypeError, KeyError, ValueError):
        return float("inf")


def head_of(
    account: Account, draft: SnapshotDraft, started: str, ended: str, ledger: bool, previous: str | None
) -> SnapshotHead:
    """Make the head of a draft whose credits have all been read."""
    return SnapshotHead(
        account=account.name,
        identity=account.identity,
        system=account.system,
        host=account.identity.split("|")[1],
        started=started,
        ended=ended,
        ledger=ledger,
        credits=draft.credits,
        totals=dict(draft.totals),
        previous=previous,
        tool=version("store-credit-jobs"),
    )


def _minutes(requests: int, account: Account, limit: int | None) -> int | None:
    each_minute = limit if account.rate is None else int(account.rate * 60)
    return None if not each_minute else -(-requests // each_minute)

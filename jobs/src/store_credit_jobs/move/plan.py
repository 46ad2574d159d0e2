"""From a snapshot of the source to a sealed plan of what is taken, or first given; and what stays, with its reason."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.journal.steps import State
from store_credit_jobs.move.gives import Due, give_rows
from store_credit_jobs.move.ledger import Ledger
from store_credit_jobs.move.pair import CAMPAIGN, Pair, Part, Side, move_key
from store_credit_jobs.move.takes import Stays, seen, take_row
from store_credit_jobs.planning.amounts import AmountRules, CellError
from store_credit_jobs.planning.holdings import held_beyond
from store_credit_jobs.planning.identifiers import memo_text
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow, PlanSeal, write_plan
from store_credit_jobs.planning.undo_left import Left
from store_credit_jobs.snapshots.snapshot_file import Snapshot, seconds_of
from store_credit_jobs.systems.system import Abilities, System
from store_credit_jobs.wire_key import wire_key

__all__ = ["MovePlan", "head_of"]

_OPEN = (State.SENDING, State.UNKNOWN, State.HELD)


def head_of(pair: Pair, part: Part, side: Side, source: dict[str, Any], now: float) -> PlanHead:
    """Make the head of a plan.

    Args:
        pair: Between which accounts.
        part: What the plan does.
        side: The account that it does it in.
        source: What it is made of, for people.
        now: The time by this machine's clock, seconds since 1970.
    """
    return PlanHead(
        id=f"pl_{int(now * 1000):012x}{secrets.token_hex(5)}",
        campaign=CAMPAIGN,
        account=side.name,
        identity=side.identity,
        system=side.system,
        host=side.host,
        made=datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        source=source,
        mode="move",
        kind="move",
        tool=version("store-credit-jobs"),
        settings=pair.settings(part),
    )


class MovePlan:
    """A plan that is made of a snapshot.

    Args:
        pair: Between which accounts.
        snapshot: The source's credits.
        can: What the source allows; None where nothing is taken from it.
        target: The target's system; read from alone.
        customers: The customer in the target of each in the source.
        ledger: What was moved before.
        currency: Of the target: the currency that its most is about, or None.

    Attributes:
        left: What stays in the source, once the plan is written.
        unexpiring: What expires in the source and will not in the target, in minor units by currency.
    """

    def __init__(
        self,
        pair: Pair,
        snapshot: Snapshot,
        can: Abilities | None,
        target: System,
        customers: Mapping[str, str],
        ledger: Ledger,
        currency: str | None,
    ) -> None:
        self.left: list[Left] = []
        self.unexpiring: defaultdict[str, int] = defaultdict(int)
        self._pair = pair
        self._snapshot = snapshot
        self._can = can
        self._target = target
        self._customers = customers
        self._ledger = ledger
        self._rules = AmountRules(target.abilities, pair.target.system, currency)
        self._at = seconds_of(snapshot.head.started)
        self._given: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._now = 0.0
        self._unknown: frozenset[str] = frozenset()

    def write(self, path: Path, now: float) -> PlanSeal:
        """Write it.

        Args:
            path: Where.
            now: The time by this machine's clock, seconds since 1970.

        Raises:
            JobsError: It cannot be written there, or the snapshot is damaged.
            StoreCreditError: The target does not answer as it should.
        """
        pair, snapshot = self._pair, self._snapshot
        self._now = now
        if self._target.abilities.customers:
            owners = {credit.customer for credit in snapshot.credits() if credit.customer is not None}
            wanted = sorted({self._customers[owner] for owner in owners if owner in self._customers})
            self._unknown = frozenset(self._target.missing_customers(wanted))
        source = {"name": snapshot.path.name, "sha256": snapshot.sha256}
        if pair.order == "take-first":
            return write_plan(path, head_of(pair, "take", pair.source, source, now), self._takes())
        dues = self._dues()
        return write_plan(path, head_of(pair, "give", pair.target, source, now), give_rows(dues, pair))

    def _takes(self) -> Iterator[PlanRow]:
        pair, can = self._pair, self._can
        assert can is not None
        n = 0
        for credit, give in self._worth_moving():
            key = self._key(credit)
            if key is None:
                continue
            try:
                wire = wire_key(pair.source.identity, CAMPAIGN, key)
                row = take_row(credit, can, key=key, wire=wire, now=self._at, partly_used=pair.partly_used, give=give)
                self._hold(give["customer"], credit.currency, credit.remaining)
            except Stays as stays:
                self._leave(credit, stays.reason, stays.text)
                continue
            self._given[give["customer"], credit.currency] += credit.remaining
            n += 1
            yield attrs.evolve(row, n=n)

    def _key(self, credit: Credit) -> str | None:
        """The key under which a credit is taken, None where it is not taken now."""
        before = [take for take in self._ledger.takes.get(credit.id, ()) if take.step.state is not State.REFUSED]
        done = [take for take in before if take.step.state is State.DONE]
        for take in before:
            step = take.step
            if step.state in _OPEN or (step.state is State.PLANNED and step.first_sent is not None):
                text = f"job {step.job} is taking it, and the outcome is unknown: finish that move first"
                self._leave(credit, "take_open", text)
                return None
        if done:
            known: dict[str, Any] = done[-1].step.before or {}
            now = seen(credit)
            if all(now[name] == value for name, value in known.items()) or done[-1].step.action == "delete":
                # The snapshot is from before it was taken.
                return None
            expires = (done[-1].step.before or {}).get("expires")
            if done[-1].step.after is None and credit.expires != expires:
                self._leave(credit, "taken", "an earlier move set it to expire; `move apply` gives it")
                return None
        return move_key(self._pair.source.identity, credit.id, len(done) + 1)

    def _dues(self) -> Iterator[Due]:
        for credit, give in self._worth_moving():
            if credit.authorized:
                text = "some of it is reserved for an order: plan again after the order has been captured"
                self._leave(credit, "authorized_open", text)
                continue
            try:
                self._check_taking(credit)
            except Stays as stays:
                self._leave(credit, stays.reason, stays.text)
                continue
            gives = [one for one in self._ledger.gives.get(credit.id, ()) if one.step.state is not State.REFUSED]
            if any(one.step.state is not State.DONE for one in gives):
                self._leave(credit, "give_open", "giving it has an unknown outcome: finish that move first")
                continue
            cut = sum(one.minor for one in self._ledger.cuts.get(credit.id, ()) if one.step.state is not State.REFUSED)
            taken = any(one.step.state is State.DONE for one in self._ledger.takes.get(credit.id, ()))
            minor = 0 if taken else credit.remaining - (sum(one.credits[credit.id] for one in gives) - cut)
            if minor <= 0:
                continue
            assert credit.customer is not None
            try:
                self._hold(give["customer"], credit.currency, minor)
            except Stays as stays:
                self._leave(credit, stays.reason, stays.text)
            else:
                self._given[give["customer"], credit.currency] += minor
                yield Due(credit.id, credit.customer, minor, credit.currency, give, len(gives) + 1)

    def _check_taking(self, credit: Credit) -> None:
        """See that what is given first can be taken then."""
        if self._can is not None:
            take_row(credit, self._can, key="", wire="", now=self._at, partly_used=self._pair.partly_used, give={})

    def _worth_moving(self) -> Iterator[tuple[Credit, dict[str, Any]]]:
        """Go through credits of which something is owed, each with what is to be given for it."""
        for credit in self._snapshot.credits():
            if credit.minor - credit.used <= 0:
                continue
            if credit.expires is not None and credit.expires <= self._at:
                continue
            try:
                yield credit, self._give(credit)
            except Stays as stays:
                self._leave(credit, stays.reason, stays.text)

    def _give(self, credit: Credit) -> dict[str, Any]:
        """What is to be given for a credit, beside its amount."""
        if credit.customer is None:
            raise Stays("customer_missing", "the credit has no customer")
        customer = self._customers.get(credit.customer)
        if customer is None:
            raise Stays("customer_unmapped", f"the map does not contain customer {credit.customer}")
        if customer in self._unknown:
            raise Stays("customer_unknown", f"there is no customer {customer} in {self._pair.target.name}")
        minor = credit.remaining
        try:
            rule = self._rules.rule(credit.currency)
        except CellError as error:
            raise Stays(error.code, error.text) from None
        if minor % 10 ** (rule.exponent - rule.decimals):
            text = f"{self._pair.target.name} stores only {rule.decimals} decimals for {credit.currency}"
            raise Stays("amount_decimals", text)
        can = self._target.abilities
        give: dict[str, Any] = {"customer": customer}
        if credit.expires is not None:
            if can.expiry:
                give["expires"] = credit.expires
            else:
                self.unexpiring[credit.currency] += minor
        if credit.memo and can.memo:
            memo = credit.memo[: can.memo]
            try:
                give["memo"] = memo_text(memo, can.memo)
            except CellError:
                # A note with control characters in it is no reason to keep somebody's money back.
                give["memo"] = "".join(sign for sign in memo if sign.isprintable()) or None
        return {name: value for name, value in give.items() if value is not None}

    def _hold(self, customer: str, currency: str, minor: int) -> None:
        """See that the target has room for what a customer is to be given there, beside what there is by now."""
        rule = self._rules.rule(currency)
        given = self._given[customer, currency] + minor
        held = held_beyond(self._target, customer, rule, (given,), self._now)
        if given <= rule.most and held is None:
            return
        there = f"has {held} minor units of {currency} there and " if held is not None else ""
        most = f"{given} with this credit, but {self._pair.target.name} allows at most {rule.most} per customer"
        raise Stays("total_limit", f"customer {customer} {there}would be given {most}")

    def _leave(self, credit: Credit, reason: str, text: str) -> None:
        key = move_key(self._pair.source.identity, credit.id)
        owed = credit.minor - credit.used
        self.left.append(Left(key, credit.customer or "", credit.id, owed, credit.currency, reason, text))

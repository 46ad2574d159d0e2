"""Modes that depend on what a customer has: `set` and `reduce`, as steps on single credits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from store_credit_jobs.credit import Credit
from store_credit_jobs.planning.amounts import CellError
from store_credit_jobs.planning.draft import DraftRow
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.systems.system import Abilities
from store_credit_jobs.wire_key import wire_key

__all__ = ["Change", "reducible"]


def reducible(credit: Credit, abilities: Abilities) -> int:
    """Tell by how many minor units a credit can be reduced: never below what of it is used and authorized."""
    allowed = abilities.reduce_unused and (abilities.reduce_used or credit.used == 0)
    return max(0, credit.remaining) if allowed else 0


@attrs.frozen(slots=True)
class Change:
    """Makes lines of a plan from what a row wants and what its customer has.

    Attributes:
        mode: `set`: the amount is what is to be outstanding; `reduce`: it is taken from what is.
        account: The account's identity.
        campaign: The campaign's name.
        system: What people call the system.
        abilities: What it allows.
        now: The server's time, seconds since 1970.
    """

    mode: str
    account: str
    campaign: str
    system: str
    abilities: Abilities
    now: float

    def asked(self, row: DraftRow) -> PlanRow:
        """Give what a row asks for, whatever its customer has."""
        return PlanRow(
            row.n,
            row.key,
            "nothing",
            row.customer,
            row.minor,
            row.currency,
            line=row.line,
            expires=row.expires,
            memo=row.memo,
            then={"outstanding": row.minor} if self.mode == "set" else None,
        )

    def line(self, row: DraftRow, credits: Iterable[Credit]) -> PlanRow:
        """Plan a row.

        Args:
            row: The row.
            credits: The credits of its customer, in any order; others' are left out, should a server list them.

        Raises:
            CellError: It cannot be done; the text says why.
        """
        held = [
            credit
            for credit in credits
            if credit.customer == row.customer
            and credit.currency == row.currency
            and (credit.expires is None or credit.expires > self.now)
        ]
        outstanding = sum(credit.remaining for credit in held)
        wanted = row.minor if self.mode == "set" else outstanding - row.minor
        line = attrs.evolve(
            self.asked(row),
            minor=abs(wanted - outstanding),
            was={"outstanding": outstanding},
            then={"outstanding": wanted},
        )
        if wanted == outstanding:
            return attrs.evolve(line, why="already_so")
        if wanted > outstanding:
            # What is issued is only right on top of this: see `before_create`.
            before = {"outstanding": outstanding}
            wire = wire_key(self.account, self.campaign, row.key)
            step = PlanStep("create", wire, wanted - outstanding, before=before)
            return attrs.evolve(line, do="create", steps=(step,))
        self._check(row, held, outstanding, wanted)
        return attrs.evolve(line, do="reduce", steps=tuple(self._steps(row.key, held, outstanding - wanted)))

    def _check(self, row: DraftRow, held: Sequence[Credit], outstanding: int, wanted: int) -> None:
        by = outstanding - wanted
        if not self.abilities.reduce_unused:
            text = (
                f"{outstanding} minor units are outstanding, and {self.system} does not allow an amount to be reduced"
            )
            raise CellError("mode_unsupported", text)
        authorized = sum(credit.authorized for credit in held)
        if by > outstanding:
            text = f"the row takes {row.minor} minor units, but only {outstanding} are outstanding in {row.currency}"
            if authorized and by <= outstanding + authorized:
                raise CellError("authorized_open", f"{text}; {authorized} more are authorized for open orders")
            raise CellError("row_limit", text)
        possible = sum(reducible(credit, self.abilities) for credit in held)
        if by > possible:
            raise CellError(
                "mode_unsupported",
                f"the row takes {by} minor units, but {outstanding - possible} of the {outstanding} outstanding "
                f"belong to partly used credits, which cannot be reduced on {self.system}",
            )

    def _steps(self, key: str, held: Sequence[Credit], by: int) -> Iterator[PlanStep]:
        """Take from the latest credit first, so that the oldest, which are spent first, stay as they are."""
        step = 0
        for credit in sorted(held, key=lambda credit: (credit.created, len(credit.id), credit.id), reverse=True):
            off = min(by, reducible(credit, self.abilities))
            if off == 0:
                continue
            by -= off
            step += 1
            wire = wire_key(self.account, self.campaign, key, step=step)
            before = {
                "minor": credit.minor,
                "used": credit.used,
                "authorized": credit.authorized,
                "expires": credit.expires,
                # What another in its place would need, should a deleted one be wanted back.
                "memo": credit.memo,
                "category": credit.category,
            }
            if off == credit.minor:
                # No system has credits of nothing.
                yield PlanStep("delete", wire, 0, credit.id, before)
            else:
                left = credit.minor - off
                yield PlanStep("update", wire, left, credit.id, before, {"minor": left})

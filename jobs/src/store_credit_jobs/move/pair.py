"""Between which two accounts credit is moved, and under which keys.

A credit of the source has one key, whatever file or plan it stands in, so that moving it a second time is nothing to
do: `move:SOURCE:CREDIT` for what is taken from it in the source, and the same for what is given for it in the target.
What comes to a credit after it was moved, such as a refund, is taken and given under the next keys, which end in `#2`
and so on.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, cast

import attrs

from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError

__all__ = ["CAMPAIGN", "Order", "Pair", "Part", "Side", "move_key"]

CAMPAIGN: Final = "move"
"""The campaign of all moves: keys are those of credits, which are unique by themselves."""

Part = Literal["take", "give", "cut"]
"""What a plan does: takes from the source, gives in the target, or cuts in the target what was given too much."""
Order = Literal["take-first", "give-first", "give-only"]


@attrs.frozen(slots=True)
class Side:
    """One of the two accounts.

    Attributes:
        name: Its name in the configuration.
        identity: What wire keys and the journal know it by.
        system: Which system.
        host: Its server's scheme, host and port.
    """

    name: str
    identity: str
    system: str
    host: str

    @classmethod
    def of(cls, account: Account) -> Side:
        """Make one of an account."""
        return cls(account.name, account.identity, account.system, account.host)

    def check(self, account: Account) -> Account:
        """Give an account back, if it is this one.

        Raises:
            JobsError: `other_host`.
        """
        if account.identity != self.identity:
            raise JobsError(
                "other_host",
                f"the plan is for {self.name} ({self.system}, {self.host}), but in the configuration, {account.name} "
                f"is {account.system}, {account.host}. Plan again; nothing was sent",
            )
        return account


@attrs.frozen(slots=True)
class Pair:
    """A move's two accounts and how it is done, as the head of each of its plans has it.

    Attributes:
        source: From where.
        target: To where.
        order: What is done first.
        summed: Whether a customer is given one credit for all in a currency, and not one for each.
        partly_used: Whether the rest of partly used credits is taken where that has to be said (VINR).
        snapshot: The seal of the source's snapshot that was planned from.
    """

    source: Side
    target: Side
    order: Order
    summed: bool
    partly_used: bool
    snapshot: str

    def settings(self, part: Part) -> dict[str, Any]:
        """Write it for the head of a plan."""
        return {"move": {"part": part, **attrs.asdict(self)}}

    @classmethod
    def read(cls, head: Mapping[str, Any]) -> tuple[Pair, Part]:
        """Read it from a head, a job's or a plan's.

        Raises:
            JobsError: `plan_changed`, it is not the head of a move.
        """
        told: Any = cast("dict[str, Any]", head.get("settings") or {}).get("move")
        try:
            rest = dict(told)
            part: Part = rest.pop("part")
            rest |= {name: Side(**rest[name]) for name in ("source", "target")}
            return cls(**rest), part
        except (KeyError, TypeError, ValueError):
            raise JobsError(
                "plan_changed", "this plan was not made by `store-credit move plan`; nothing was sent"
            ) from None

    def same(self, other: Pair) -> bool:
        """Whether another move is between the same accounts, in the same direction."""
        here, there = (self.source, self.target), (other.source, other.target)
        return [side.identity for side in here] == [side.identity for side in there]


def move_key(source: str, credit: str, number: int = 1) -> str:
    """Give the key of a credit of the account with this identity; `number` counts how often it was moved."""
    return f"move:{source}:{credit}" if number == 1 else f"move:{source}:{credit}#{number}"

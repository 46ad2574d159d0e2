"""What can be taken from a credit, and how: deleted, reduced to what is used, or made to expire."""

from __future__ import annotations

from typing import Any, Final

from store_credit_jobs.credit import Credit
from store_credit_jobs.planning.plan_lines import PlanRow, PlanStep
from store_credit_jobs.planning.undo import EXPIRES_AFTER
from store_credit_jobs.systems.system import Abilities

__all__ = ["Stays", "seen", "take_row"]

_SOON: Final = 3600
"""Seconds before its expiry from which on a credit is not worth moving: it would be over when it arrives."""


class Stays(Exception):  # noqa: N818 - it is no error
    """A credit stays where it is.

    Attributes:
        reason: For programs.
        text: Why, and what can be done.
    """

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason
        self.text = text


def take_row(
    credit: Credit, can: Abilities, *, key: str, wire: str, now: float, partly_used: bool, give: dict[str, Any]
) -> PlanRow:
    """Make the row that takes what is left of a credit.

    Args:
        credit: As it was read; something of it is left, or set aside.
        can: What the source allows.
        key: The row's key.
        wire: Its wire key.
        now: The time by the source's clock, seconds since 1970.
        partly_used: Whether what is left of partly used credits may expire.
        give: What is to be given for it.

    Raises:
        Stays: It cannot be taken.
    """
    assert credit.customer is not None
    if credit.authorized:
        text = (
            f"{credit.authorized} of it are reserved for an order (minor units): plan again after the order has been "
            "captured"
        )
        raise Stays("authorized_open", text)
    before = {"minor": credit.minor, "used": credit.used, "authorized": 0, "expires": credit.expires}
    expires_in: int | None = None
    if can.delete and credit.untouched:
        do, change = "delete", PlanStep("delete", wire, credit.minor, credit.id, before)
    elif can.expiry:
        if credit.expires is not None and credit.expires < now + _SOON:
            raise Stays("expires_soon", "the credit expires within an hour")
        if credit.used and not partly_used:
            raise Stays(
                "partly_used",
                f"{credit.used} minor units of the credit have been used; to move the rest, use --partly-used",
            )
        if partly_used:
            # What it is worth is read once it has expired: customers may go on buying until then.
            del before["used"]
        do, change = "expire", PlanStep("update", wire, credit.minor, credit.id, before)
        expires_in = EXPIRES_AFTER
    elif can.reduce_used:
        do, change = "reduce", PlanStep("update", wire, credit.used, credit.id, before, {"minor": credit.used})
    else:
        text = f"{credit.used} of it have been used (minor units), so Spree can neither change nor delete it"
        raise Stays("mode_unsupported", text)
    return PlanRow(
        n=0,
        key=key,
        do=do,
        customer=credit.customer,
        minor=credit.remaining,
        currency=credit.currency,
        expires_in=expires_in,
        steps=(change,),
        was=seen(credit),
        then={"give": give},
    )


def seen(credit: Credit) -> dict[str, Any]:
    """Write what a credit looked like."""
    return {
        "minor": credit.minor,
        "used": credit.used,
        "authorized": credit.authorized,
        "expires": credit.expires,
    }

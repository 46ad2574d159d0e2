"""A credit as every system's looks to this package."""

from __future__ import annotations

from typing import Any

import attrs

__all__ = ["Credit"]


@attrs.frozen(slots=True)
class Credit:
    """A credit as read from a system.

    Attributes:
        id: The system's id of it.
        customer: The id of whom it belongs to; None for a credit of nobody (a gift card on a guest's cart in Spree v3).
        minor: What it was issued for, or last changed to, in minor units of its currency.
        used: What of that is spent, in minor units.
        authorized: What of that is set aside for orders that are not captured yet, in minor units.
        currency: Three capitals, of ISO 4217.
        expires: When it expires, in seconds since 1970, UTC; None where it does not, or the system has no expiry.
        created: When it was issued, in seconds since 1970, UTC.
        updated: When it was last changed, likewise; None where the system does not say.
        memo: The note people see; None where there is none, or the system has no memos.
        category: The id of its category; None where the system has none.
        email: Its customer's address, where the system lists it with the credit.
        mark: The wire key that this package left in it, or None: see `store_credit_jobs.wire_key`.
        status: The system's own word for its state, such as `active`; None where it has none.
        invalid: What it says of its money where that is not a valid amount of its currency, such as `10.50 JPY`: then
            `minor`, `used` and `authorized` are 0, and whoever counts has to look here first. None where all is valid.
        events: What happened to it, oldest first, where the system lists that with the credit; each as JSON.
    """

    id: str
    customer: str | None
    minor: int
    used: int
    authorized: int
    currency: str
    expires: int | None
    created: float
    updated: float | None = None
    memo: str | None = None
    category: str | None = None
    email: str | None = None
    mark: str | None = None
    status: str | None = None
    invalid: str | None = None
    events: tuple[Any, ...] = ()

    @property
    def remaining(self) -> int:
        """What may still be spent, in minor units: neither used nor authorized."""
        return self.minor - self.used - self.authorized

    @property
    def untouched(self) -> bool:
        """Whether nothing of it is used or authorized."""
        return self.used == 0 and self.authorized == 0

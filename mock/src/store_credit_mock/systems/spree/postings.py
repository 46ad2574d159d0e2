"""Every movement of a credit as entries of the append-only ledger; see `rails.postings`."""

from __future__ import annotations

from typing import Final

from store_credit_mock.ledger import Unit

__all__ = ["account", "account_name"]

_UNIT: Final[Unit] = "hundredth"


def account_name(credit_id: int) -> str:
    """The name of a credit's account."""
    return f"spree:{credit_id}"


def account(credit_id: int) -> tuple[str, Unit]:
    """A credit's account, and the unit it counts in."""
    return account_name(credit_id), _UNIT

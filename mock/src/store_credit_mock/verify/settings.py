"""What a run was asked to do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from store_credit_mock.verify.credentials import Credentials

__all__ = ["Settings"]


@dataclass(frozen=True)
class Settings:
    """What a run was asked to do.

    Attributes:
        address: The server's, without a slash at its end.
        system: `vinr` or `spree`.
        credentials: The secrets.
        customer: VINR: whom credit is issued to.
        user_id: Spree: the same.
        issuer_id: Spree: the user who issues it.
        category_id: Spree: the category it has.
        order: Spree: number of an order that may be paid with store credit; None leaves it to the control plane.
        max_requests: How many requests may be sent at all.
        examples: How many cases are generated of each operation, besides those at the limits of the document.
        generated: Whether any are.
        keep: Whether what was made is left there, for the lines of curl to find.
        timeout: Seconds one request may take.
        ca: PEM file of the authorities to trust instead of the machine's.
    """

    address: str
    system: Literal["vinr", "spree"]
    credentials: Credentials
    customer: str = "cust_8aZ2"
    user_id: str = "2"
    issuer_id: str = "1"
    category_id: str = "1"
    order: str | None = None
    max_requests: int = 2000
    examples: int = 4
    generated: bool = True
    keep: bool = False
    timeout: float = 10.0
    ca: str | None = None

"""Who sends a request, and for which store."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["NOBODY", "ApiKey", "Caller", "Staff"]


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key that is known and not revoked.

    Attributes:
        id: Its number.
        store_id: The store it belongs to.
        secret: Whether it is a secret key; else it is publishable.
        scopes: What a secret key may do.
    """

    id: int
    store_id: int
    secret: bool
    scopes: frozenset[str]

    def has_scope(self, required: str) -> bool:
        """Whether the key may do what wants a scope such as `read_store_credits`; writing includes reading."""
        kind, _, resource = required.partition("_")
        granting = {required, f"{kind}_all"}
        if kind == "read":
            granting |= {f"write_{resource}", "write_all"}
        return not granting.isdisjoint(self.scopes)


@dataclass(frozen=True, slots=True)
class Staff:
    """A member of the staff; `stores` are the ids of those where the person may do everything."""

    id: int
    email: str
    first_name: str | None
    last_name: str | None
    stores: tuple[int, ...]
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever sent the request.

    Attributes:
        key: The secret key on the admin side, the publishable one on the store side; None if none is good.
        staff: Who is signed in on the admin side.
        customer_id: Who is signed in on the store side.
    """

    key: ApiKey | None = None
    staff: Staff | None = None
    customer_id: int | None = None


NOBODY: Final = Caller()

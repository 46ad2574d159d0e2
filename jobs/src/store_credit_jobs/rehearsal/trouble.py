"""What goes wrong in a rehearsal, in which shares, and what to call it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from store_credit_mock import Mock

__all__ = ["Trouble", "plan_trouble", "struck"]

_WRITES: Final = {
    "vinr": "vinr.store_credit.{create,update}",
    "spree-v2": "spree.store_credits.{create,update,delete}",
    "spree-v3": "spree_v3.admin.customers.store_credits.{create,update,delete}",
}


class Trouble(NamedTuple):
    """A kind of trouble.

    Attributes:
        name: What it is, for people; of one request.
        share: How often it happens among all trouble.
        fault: What the mock is told to do, see `store_credit_mock.Fault`.
    """

    name: str
    share: int
    fault: dict[str, Any]


def _kinds(slow: float) -> tuple[Trouble, ...]:
    # The shares are those of the runs that the design was tried with.
    return (
        Trouble("response lost after the server executed the request", 5, {"drop": True, "when": "after"}),
        Trouble(
            f"response lost while the server was still executing the request, for {slow:g} s", 3, {"commit_after": slow}
        ),
        Trouble("connection lost before the server did anything", 2, {"drop": True, "when": "before"}),
        Trouble("503 before the server did anything", 2, {"status": 503, "when": "before"}),
        Trouble("503 after the server executed the request", 2, {"status": 503, "when": "after"}),
        Trouble("response cut off", 2, {"truncate": 20}),
    )


def operations(system: str) -> Iterator[str]:
    """Name the operations of a system that change something."""
    front, _, rest = _WRITES[system].partition("{")
    return (front + name for name in rest.rstrip("}").split(","))


def plan_trouble(mock: Mock, system: str, share: float, slow: float) -> None:
    """Have the mock break some of the requests that change something.

    Args:
        mock: The mock.
        system: As in `Account.system`.
        share: How many of them, from 0 to 1.
        slow: Seconds by the mock's clock for which a slow request goes on after its response was lost.
    """
    kinds = _kinds(slow)
    whole = sum(kind.share for kind in kinds)
    for operation in operations(system):
        # The first fault that strikes hides those behind it, so that each is asked only for what the ones before left.
        left = 1.0
        for number, kind in enumerate(kinds):
            part = share * kind.share / whole
            probability = min(1.0, part / left) if left > 0 else 0.0
            left -= part
            if probability > 0:
                mock.fault(operation, probability=probability, id=f"trouble-{number}-{operation}", **kind.fault)


def struck(mock: Mock, slow: float) -> dict[str, int]:
    """Count the trouble there was, by its name."""
    found = {fault.id: fault.struck for fault in mock.control.faults().data}
    return {
        kind.name: sum(times for identity, times in found.items() if identity.startswith(f"trouble-{number}-"))
        for number, kind in enumerate(_kinds(slow))
    }

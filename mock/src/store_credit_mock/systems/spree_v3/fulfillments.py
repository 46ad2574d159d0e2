"""The one parcel of a cart or an order, and what its delivery costs."""

from __future__ import annotations

from typing import Any, Final, cast

import orjson

from store_credit_mock.systems.call import Call
from store_credit_mock.systems.spree_v3.profiles import profile_of
from store_credit_mock.systems.spree_v3.purchases import Purchase
from store_credit_mock.systems.spree_v3.tables import next_id

__all__ = ["PICKUP", "STANDARD", "copy", "parcel", "rebuild", "renew_rates", "set_status"]

STANDARD: Final = 2
"""The delivery method that wants an address, by its database number."""
PICKUP: Final = 4
"""Collecting at the shop, which 6.0 offers without an address."""
_COSTS: Final = {"USD": 50_000}


def parcel(purchase: Purchase) -> dict[str, Any] | None:
    """The parcel: `id`, `number`, `status` and `rates`, each an id, a method, its cost, a choice."""
    return None if purchase.fulfillment is None else orjson.loads(purchase.fulfillment)


def rebuild(call: Call, purchase: Purchase) -> bool:
    """Propose a parcel anew and charge its delivery; nothing is delivered in a currency without a rate.

    Returns:
        Whether there is one. The numbers of proposals that found no rate are used up, as on the server.
    """
    identity = next_id(call, "fulfillment")
    is_v6 = profile_of(call).is_v6
    cost = cast("dict[str, int]", call.sandbox.setting("spree_v3.delivery", _COSTS)).get(purchase.currency)
    rates: list[list[Any]] = []
    if cost is not None:
        addressed = purchase.ship_address is not None
        if is_v6:
            rates.append([next_id(call, "delivery_rate"), PICKUP, 0, not addressed])
        if addressed:
            rates.append([next_id(call, "delivery_rate"), STANDARD, cost, True])
    if not rates:
        purchase.fulfillment, purchase.delivery_total = None, 0
        return False
    digits = "" if is_v6 else "H" + str(int(call.sandbox.random_id("v3 parcel", length=14), 16) % 10**11).zfill(11)
    _keep(purchase, {"id": identity, "number": digits, "status": _opened(is_v6=is_v6), "rates": rates})
    return True


def copy(call: Call, source: Purchase, target: Purchase) -> None:
    """Give an order of 6.0 a parcel of its own with the rate that its cart chose."""
    found = parcel(source)
    if found is None:
        return
    found["id"] = next_id(call, "fulfillment")
    found["rates"] = [[next_id(call, "delivery_rate"), *rate[1:]] for rate in found["rates"] if rate[3]]
    _keep(target, found)


def renew_rates(call: Call, order: Purchase, times: int) -> None:
    """Look the rates up anew, as 5.x does whenever a payment of a completed order is kept: their numbers change."""
    found = parcel(order)
    if found is not None and order.ship_address is not None:
        for _ in range(times):
            found["rates"] = [[next_id(call, "delivery_rate"), *rate[1:]] for rate in found["rates"]]
        _keep(order, found)


def set_status(purchase: Purchase, status: str) -> None:
    """Say how far the parcel is; the caller keeps the purchase."""
    found = parcel(purchase)
    if found is not None:
        _keep(purchase, {**found, "status": status})


def _keep(purchase: Purchase, found: dict[str, Any]) -> None:
    purchase.fulfillment = orjson.dumps(found).decode()
    purchase.delivery_total = sum(rate[2] for rate in found["rates"] if rate[3])


def _opened(*, is_v6: bool) -> str:
    return "unfulfilled" if is_v6 else "pending"

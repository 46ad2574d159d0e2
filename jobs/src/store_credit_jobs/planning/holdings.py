"""Whether customers would hold more than their system can: what they have by now, with what they are to be given.

Spree fails with 500 where a customer's total in the store's currency grows beyond the size of its column. Who comes
near that is seen from the totals that the server lists with customers; only these customers' credits are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING

from store_credit_jobs.planning.amounts import CurrencyRule
from store_credit_jobs.systems.system import System

__all__ = ["held_beyond"]


def held_beyond(system: System, customer: str, rule: CurrencyRule, minors: Iterable[int], now: float) -> int | None:
    """Tell what a customer holds already, where that leaves no room for more.

    Args:
        system: Where; `System.missing_customers` has asked for the customer.
        customer: The customer.
        rule: The currency's.
        minors: What is to be given in that currency, in minor units.
        now: The server's time, seconds since 1970.

    Returns:
        What can be spent by now in that currency, in minor units, or None where all fits.
    """
    available = system.available(customer)
    if rule.most_of_customer is None or not available:
        return None
    more = sum(minors)
    if int(available.scaleb(rule.exponent).to_integral_value(ROUND_CEILING)) + more <= rule.most_of_customer:
        return None
    # The total may be of another currency: only the credits say which.
    held = sum(
        credit.remaining
        for credit in system.credits(customer=customer)
        if credit.customer == customer
        and credit.currency == rule.code
        and (credit.expires is None or credit.expires > now)
    )
    return held if held + more > rule.most_of_customer else None

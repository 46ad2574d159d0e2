"""What differs between the versions of Spree whose API v3 the mock plays.

5.6 and 6.0-alpha are as recorded on running servers (Spree 5.6.1 and 6.0.0.alpha), `6.0-alpha+ledger` as recorded on
the alpha with the files of pull request 14634 over it. 5.5 is 5.6 with the recorded differences of 5.5.4; 6.0 is read
from code and documents, no released 6.0 was recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from store_credit_mock.systems.call import Call

__all__ = ["DEFAULT", "PROFILES", "Profile", "profile_of"]

DEFAULT: Final = "5.6"


@dataclass(frozen=True, slots=True)
class Profile:
    """One version.

    Attributes:
        name: As in `Options(spree_v3_profile=...)`.
        recorded: Whether its responses were recorded on a running server.
        is_v6: The dialect of 6.x: no categories, `cust_` and `adm_` ids, prefixes of ids are checked, stores are
            chosen by key, limits refuse.
        customer_prefix: What ids of customers begin with.
        staff_prefix: What ids of staff begin with.
        customer_label: How a customer that is not there is called.
        checks_prefixes: An id of another kind of record finds nothing; 5.x reads the number behind any prefix.
        store_by_key: A key serves its own store; 5.x serves the default store alone.
        checks_both: An unknown key beside a good staff token is refused; 5.5 passes it over.
        categories: Credits have categories, the first one by default.
        ledger: Credits are listed across customers, with their events (A6 to A8).
        memo_filter: `q[memo_...]` filters; before, it is ignored and everything is listed.
        stores_on_sign_in: The response to a staff sign-in lists stores and the locale.
        groups: Customers show their groups, and their profile `newsletter_subscriber`.
        counts_failures: A customer counts the sign-ins that failed.
        refuses_rates: What is over the limit is refused with 429; 5.x only says so in headers.
        secret_limit: Requests a minute that a secret key may send.
        rates_by_controller: Each controller counts for itself; 6.x counts a key's requests in one place.
        strict_money: Amounts are canonical decimal strings or are refused.
        padded: Amounts are shown with the decimals of their currency: "25.00", "1000", "1.500".
        admin_display: The admin side shows `display_...` members.
        outstanding: The admin side shows `outstanding`.
        places: Decimals an amount is kept with.
        largest: Units that no amount may reach; what does fails with 500.
        own_keys: Idempotency keys belong to a secret key or a token and a store; those of shoppers are not shared.
        negative_redemption: A negative amount to redeem is taken, and what is due grows.
        cart_code: The code of a cart that is not there.
        claims_completion: A completion that failed half-way holds the cart: 409 completion_in_progress.
    """

    name: str
    recorded: bool
    is_v6: bool
    customer_prefix: str
    staff_prefix: str
    customer_label: str
    checks_prefixes: bool
    store_by_key: bool
    checks_both: bool
    categories: bool
    ledger: bool
    memo_filter: bool
    stores_on_sign_in: bool
    groups: bool
    counts_failures: bool
    refuses_rates: bool
    secret_limit: int
    rates_by_controller: bool
    strict_money: bool
    padded: bool
    admin_display: bool
    outstanding: bool
    places: int
    largest: int
    own_keys: bool
    negative_redemption: bool
    cart_code: str
    claims_completion: bool


_V5_6: Final = Profile(
    name="5.6",
    recorded=True,
    is_v6=False,
    customer_prefix="cus",
    staff_prefix="admin",
    customer_label="Legacy user",
    checks_prefixes=False,
    store_by_key=False,
    checks_both=True,
    categories=True,
    ledger=False,
    memo_filter=False,
    stores_on_sign_in=True,
    groups=True,
    counts_failures=False,
    refuses_rates=False,
    secret_limit=300,
    rates_by_controller=True,
    strict_money=False,
    padded=False,
    admin_display=True,
    outstanding=False,
    places=2,
    largest=10**6,
    own_keys=False,
    negative_redemption=True,
    cart_code="cart_not_found",
    claims_completion=False,
)
_ALPHA: Final = replace(
    _V5_6,
    name="6.0-alpha",
    is_v6=True,
    customer_prefix="cust",
    staff_prefix="adm",
    customer_label="Customer",
    checks_prefixes=True,
    store_by_key=True,
    categories=False,
    counts_failures=True,
    refuses_rates=True,
    secret_limit=600,
    rates_by_controller=False,
    negative_redemption=False,
    cart_code="record_not_found",
    claims_completion=True,
)
_LEDGER: Final = replace(_ALPHA, name="6.0-alpha+ledger", ledger=True, memo_filter=True)
PROFILES: Final = {
    profile.name: profile
    for profile in (
        replace(_V5_6, name="5.5", recorded=False, checks_both=False, stores_on_sign_in=False, groups=False),
        _V5_6,
        _ALPHA,
        _LEDGER,
        replace(
            _LEDGER,
            name="6.0",
            recorded=False,
            strict_money=True,
            padded=True,
            admin_display=False,
            outstanding=True,
            places=4,
            largest=10**15,
            own_keys=True,
        ),
    )
}
"""By name, from the oldest to the newest."""


def profile_of(call: Call) -> Profile:
    """The version this sandbox plays; a request that is under way keeps the one it began with."""
    kept: Profile | None = getattr(call.extra, "profile", None)
    if kept is not None:
        return kept
    chosen: str = call.sandbox.setting("spree_v3.profile") or call.sandbox.of_systems["spree_v3_profile"]
    return PROFILES[chosen]

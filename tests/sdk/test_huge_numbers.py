"""Numbers of thousands of digits: every argument takes them exactly or says that it does not, in the SDK's own words.

Python refuses to write an int of more than 4,300 digits with a bare ValueError.
"""

import json
import re
from collections.abc import Callable
from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest

from http_library import httpx
from spree_v3_shop import CUSTOMER, SpreeV3Shop, V3Desk
from store_credit import (
    InvalidArgumentError,
    MoneyError,
    SpreeClient,
    StoreCreditError,
    VinrClient,
    from_minor_units,
    spree_id,
    to_minor_units,
)
from together import together
from virtual import World

HUGE = 10**5000
MONEY: list[Any] = [
    HUGE,
    -HUGE,
    "1" * 5000,
    "-" + "1" * 5000,
    "1." + "1" * 5000,
    Decimal(HUGE),
    Decimal("-1E+5000"),
    Decimal("1E-5000"),
    Decimal("1E+999999999"),
    Decimal("-1E+999999999"),
    Decimal("NaN"),
    Decimal("-NaN"),
    Decimal("sNaN"),
    Decimal("Infinity"),
    Decimal("-Infinity"),
    "NaN",
    "Infinity",
    float("nan"),
    float("-inf"),
    1e300,
]
NAMES = [f"{type(one).__name__} {str(one)[:8] if not isinstance(one, int) else one > 0}" for one in MONEY]
ZERO: list[Any] = [Decimal("-0"), Decimal("-0.00"), "-0", "-0.00", -0]

V3: list[Callable[[V3Desk, Any], Any]] = [
    lambda at, amount: at.create(at.client(), amount=amount),
    lambda at, amount: at.client().customers.store_credits.update(CUSTOMER, "credit_UkLWZg9DAJ", amount=amount),
]
"""Amounts that Spree's API v3 keeps."""


@pytest.fixture
def at() -> V3Desk:
    """A desk at an empty shop."""
    return V3Desk("sync", SpreeV3Shop(World()), World())


@together("call", V3)
@pytest.mark.parametrize("amount", MONEY, ids=NAMES)
def test_an_amount_of_v3_is_refused_with_its_name(at: V3Desk, call: Any, amount: Any) -> None:
    """Nothing is sent, and the message is short enough to be read."""
    with pytest.raises(InvalidArgumentError, match="amount") as raised:
        call(at, amount)
    assert len(str(raised.value)) < 500
    assert at.shop.requests == []


@pytest.mark.parametrize("amount", MONEY, ids=NAMES)
def test_an_amount_to_apply_is_exact_or_refused(at: V3Desk, amount: Any) -> None:
    """What is huge and above zero may go: the server cuts it."""
    store = at.store(customer_token="t.o.k")
    with suppress(StoreCreditError):
        store.carts.store_credits.apply("cart_UkLWZg9DAJ", amount=amount)
    for request in at.shop.requests:
        assert Decimal(json.loads(request.content)["amount"]) == Decimal(amount)


@together("amount", ZERO)
def test_a_zero_has_no_sign(at: V3Desk, amount: Any) -> None:
    """It is sent as the server's own zero."""
    V3[0](at, amount)
    assert b'"amount":"0.00"' in at.shop.requests[0].content


@pytest.mark.parametrize("amount", [*MONEY, *ZERO], ids=[*NAMES, *map(repr, ZERO)])
def test_minor_units_are_exact_or_refused(amount: Any) -> None:
    """By our own errors alone."""
    for currency in ("USD", "JPY"):
        with suppress(InvalidArgumentError, MoneyError):
            minor = to_minor_units(amount, currency)
            assert from_minor_units(minor, currency) == Decimal(amount)


def nowhere(take: Callable[[Any], Any]) -> tuple[VinrClient, SpreeClient]:
    """Clients of a server that is a function."""
    http = httpx.Client(transport=httpx.MockTransport(take))
    return (
        VinrClient("sk_test_1", base_url="https://vinr.test", http_client=http, max_retries=0),
        SpreeClient("https://shop.test", "token", http_client=http, max_retries=0),
    )


INTS: list[Callable[[VinrClient, SpreeClient, V3Desk], Any]] = [
    lambda vinr, spree, at: vinr.store_credit.create(customer="c", amount=-HUGE, currency="USD"),
    lambda vinr, spree, at: vinr.store_credit.create(customer="c", amount=HUGE, currency="USD"),
    lambda vinr, spree, at: vinr.store_credit.list(limit=HUGE),
    lambda vinr, spree, at: spree.store_credits.retrieve(HUGE),  # type: ignore[arg-type]
    lambda vinr, spree, at: spree.store_credits.list(page=-HUGE),
    lambda vinr, spree, at: spree.store_credits.list(filter={"user_id_eq": HUGE}),  # type: ignore[arg-type]
    lambda vinr, spree, at: vinr.request("GET", "/v1/x", query={"amount": HUGE}),
    lambda vinr, spree, at: vinr.request("POST", "/v1/x", json={"amount": HUGE}),
    lambda vinr, spree, at: at.client().customers.store_credits.list(CUSTOMER, limit=HUGE),
    lambda vinr, spree, at: at.client().customers.store_credits.list(CUSTOMER, filter={"amount_gteq": -HUGE}),
    lambda vinr, spree, at: spree_id("customer", HUGE, server="5.6"),
    lambda vinr, spree, at: spree_id("customer", -HUGE, server="5.6"),
]


@together("call", INTS)
def test_an_int_that_cannot_be_written_is_refused(at: V3Desk, call: Any) -> None:
    """Before anything is sent, by an error of the SDK."""
    sent: list[Any] = []

    def take(request: Any) -> Any:
        sent.append(request)
        return httpx.Response(500)

    vinr, spree = nowhere(take)
    with pytest.raises(InvalidArgumentError):
        call(vinr, spree, at)
    assert sent == at.shop.requests == []


@pytest.mark.parametrize("amount", MONEY, ids=NAMES)
def test_an_amount_of_v2_is_exact_or_refused(amount: Any) -> None:
    """It goes as a JSON number with all of its digits, or not at all."""
    sent: list[bytes] = []

    def take(request: Any) -> Any:
        sent.append(request.content)
        return httpx.Response(422, json={"error": "no"})

    _, spree = nowhere(take)
    with pytest.raises(StoreCreditError):
        spree.store_credits.create(user_id="2", amount=amount, currency="USD", category_id="1", created_by_id="1")
    for content in sent:
        found = re.search(rb'"amount":(-?[0-9]+(?:[.][0-9]+)?)[,}]', content)
        assert found is not None
        assert Decimal(found[1].decode()) == Decimal(amount)

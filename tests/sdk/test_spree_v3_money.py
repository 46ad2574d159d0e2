"""Amounts on their way to Spree's API v3: one canonical string for each value, none that the server would change."""

import json
import math
from decimal import Context, Decimal, Inexact, Rounded, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from http_library import httpx
from spree_v3_shop import CREATE, CUSTOMER, SpreeV3Shop, V3Desk
from store_credit import ConfigurationError, InvalidArgumentError, OutcomeUnknownError
from together import together
from virtual import World

CART_ID = "cart_JgaEBgznCp"
ORDER = "or_JgaEBgznCp"


@pytest.fixture
def at() -> V3Desk:
    """A desk at an empty shop."""
    return V3Desk("sync", SpreeV3Shop(World()), World())


def sent(at: V3Desk, place: int = -1) -> Any:
    """The body of a request."""
    return json.loads(at.shop.requests[place].content)


@together(
    ("amount", "currency", "written"),
    [
        (Decimal("25.00"), "USD", "25.00"),
        (Decimal(25), "USD", "25.00"),
        ("25.000", "USD", "25.00"),
        (25, "USD", "25.00"),
        (Decimal("2.5E+1"), "USD", "25.00"),
        (Decimal("0.5"), "EUR", "0.50"),
        ("007.5", "EUR", "7.50"),
        (1000, "JPY", "1000"),
        (Decimal("1E+3"), "JPY", "1000"),
        ("1000.00", "JPY", "1000"),
        ("1.5", "KWD", "1.500"),
        ("999999.99", "USD", "999999.99"),
        (0, "USD", "0.00"),
        (Decimal("-0.0"), "USD", "0.00"),
    ],
)
def test_a_value_has_one_spelling(at: V3Desk, amount: Any, currency: str, written: str) -> None:
    """A string whatever the version, so that the same value is the same body under one key."""
    for server in (None, "5.5", "6.0-alpha", "6.0"):
        at.create(at.client(server=server), amount=amount, currency=currency)
        assert sent(at)["amount"] == written
    assert not any("locale" in str(one.headers).lower() or "locale" in str(one.url) for one in at.shop.requests)


@together(
    ("amount", "currency", "said"),
    [
        (25.0, "USD", "float"),
        (True, "USD", "bool"),
        (None, "USD", "None"),
        (Decimal("NaN"), "USD", "finite"),
        (Decimal("Infinity"), "USD", "finite"),
        ("NaN", "USD", "plain number"),
        ("1e2", "USD", "plain number"),
        ("25,50", "USD", "plain number"),
        (" 25", "USD", "plain number"),
        ("$25", "USD", "plain number"),
        ("1_000", "USD", "plain number"),
        ("", "USD", "plain number"),
        (Decimal(-1), "USD", "zero or a positive amount"),
        ("-0.01", "USD", "zero or a positive amount"),
        ("10.005", "USD", "more than 2 decimals, the maximum for its currency"),
        ("0.5", "JPY", "more than 0 decimals, the maximum for its currency"),
        ("1.5255", "KWD", "more than 3 decimals, the maximum for its currency"),
        ("1.525", "KWD", r"round 1\.525 to 1\.53\. .* server='6\.0'"),
        ("1", "usd", "uppercase: 'USD'"),
        ("1", "XYZ", "not an ISO 4217 currency code"),
        ("1", "", "not an ISO 4217 currency code"),
        ("1", "US", "not an ISO 4217 currency code"),
        ("1", "US$", "not an ISO 4217 currency code"),
        ("1", "XAU", "not an ISO 4217 currency code"),
        ("1", "\uff35\uff33\uff24", "not an ISO 4217 currency code"),
        ("1", 840, "str"),
    ],
)
def test_what_the_server_would_change_or_keep_for_nothing_is_refused(
    at: V3Desk, amount: Any, currency: Any, said: str
) -> None:
    """Before anything is sent."""
    with pytest.raises(InvalidArgumentError, match=said):
        at.create(at.client(), amount=amount, currency=currency)
    assert at.shop.requests == []


def test_a_server_that_is_said_to_be_6_0_keeps_what_the_currency_has(at: V3Desk) -> None:
    """Three decimals of a dinar; any other version keeps two, also one that only its responses show."""
    at.create(at.client(server="6.0"), amount="1.525", currency="KWD")
    assert sent(at)["amount"] == "1.525"
    for server in ("5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger"):
        with pytest.raises(InvalidArgumentError, match=r"1\.525"):
            at.create(at.client(server=server), amount="1.525", currency="KWD")
    six = V3Desk("sync", SpreeV3Shop(World(), six=True), World())
    client = six.client()
    six.create(client, "cust_JgaEBgznCp")
    assert client._settings.system.known.family == "6.x"
    with pytest.raises(InvalidArgumentError, match=r"1\.525"):
        six.create(client, "cust_JgaEBgznCp", amount="1.525", currency="KWD")


@together("amount", ["1000000", 10**6, Decimal("1E+6"), "1000000.00", 10**40])
def test_no_credit_is_larger_than_its_column(at: V3Desk, amount: Any) -> None:
    """Before 6.0 the server would respond with 500; what goes on a cart or an order is cut to what is due instead."""
    at.shop.requests.clear()
    client, store = at.client(), at.store(customer_token="token.of.shopper")
    for call in (
        lambda: at.create(client, amount=amount, currency="JPY"),
        lambda: client.customers.store_credits.update(CUSTOMER, "credit_JgaEBgznCp", amount=amount),
    ):
        with pytest.raises(InvalidArgumentError, match=r"amount is 1.*more than 999999\.99.*server='6\.0'"):
            call()
    assert at.shop.requests == []
    store.carts.store_credits.apply(CART_ID, amount=amount)
    assert Decimal(sent(at)["amount"]) == Decimal(amount)


def test_6_0_has_larger_columns(at: V3Desk) -> None:
    """Fifteen digits before the point (read)."""
    at.create(at.client(server="6.0"), amount="99999999999.99", currency="HUF")
    assert sent(at)["amount"] == "99999999999.99"
    with pytest.raises(InvalidArgumentError, match="Spree cannot store a larger amount"):
        at.create(at.client(server="6.0"), amount=10**15, currency="HUF")


def test_the_precision_of_the_caller_changes_no_amount(at: V3Desk) -> None:
    """A program that computes with few digits sends what it has."""
    with localcontext(Context(prec=3, traps=[Inexact, Rounded])):
        at.create(at.client(), amount="123456.78")
        assert sent(at)["amount"] == "123456.78"
        at.store(customer_token="token.of.shopper").carts.store_credits.apply(CART_ID, amount=Decimal("98765.43"))
    assert sent(at)["amount"] == "98765.43"


def test_where_no_currency_is_named_two_decimals_go_and_on_6_0_four(at: V3Desk) -> None:
    """A change of a credit, credit put on a cart and on an order."""
    store = at.store(customer_token="token.of.shopper")
    store.carts.store_credits.apply(CART_ID, amount="7.5")
    assert sent(at) == {"amount": "7.50"}
    store.carts.store_credits.apply(CART_ID)
    assert "amount" not in json.loads(at.shop.requests[-1].content or b"{}")
    at.store(customer_token="token.of.shopper", server="6.0").carts.store_credits.apply(CART_ID, amount="7.5255")
    assert sent(at) == {"amount": "7.5255"}
    at.shop.requests.clear()
    client = at.client()
    for call in (
        lambda amount: store.carts.store_credits.apply(CART_ID, amount=amount),
        lambda amount: client.orders.store_credits.apply(ORDER, amount=amount),
        lambda amount: client.customers.store_credits.update(CUSTOMER, "credit_JgaEBgznCp", amount=amount),
    ):
        for amount in (7.5, "7.555", "-5", "7,50", math.nan):
            with pytest.raises(InvalidArgumentError, match="amount"):
                call(amount)
    assert at.shop.requests == []


def test_no_locale_goes_with_an_amount(at: V3Desk) -> None:
    """In German "25.50" is 2550. A client's own header stays with what it reads; one that is passed is refused."""
    client = at.client(headers={"X-Spree-Locale": "de"})
    at.create(client)
    client.customers.store_credits.list(CUSTOMER)
    client.customers.store_credits.update(CUSTOMER, at.shop.records[0]["id"], memo="more")
    assert [one.headers.get("x-spree-locale") for one in at.shop.requests] == [None, "de", "de"]
    at.create(at.client(headers={"X_Spree_Locale": "de"}))
    assert "x_spree_locale" not in at.shop.requests[-1].headers
    passed: list[dict[str, Any]] = [
        *({"extra_headers": {name: "de"}} for name in ("x-spree-locale", "X_Spree_Locale")),
        *({"extra_query": {name: "de"}} for name in ("locale", "locale[]")),
        # Rails takes a parameter from the body as well.
        {"extra_body": {"locale": "de"}},
    ]
    for options in passed:
        with pytest.raises(InvalidArgumentError, match="2550"):
            at.create(at.client(), **options)
    for name in ("locale", "country"):
        http_client = httpx.Client(transport=httpx.MockTransport(at.shop), params={name: "de"})
        with pytest.raises(ConfigurationError, match=f"{name} to every request.*2550"):
            at.create(at.client(http_client=http_client))
    assert len(at.shop.records) == 2


def test_no_country_goes_with_an_amount_of_the_admin_side(at: V3Desk) -> None:
    """It chooses a market, whose language a text amount is read in; on a cart it has a meaning of its own."""
    headers = {"X-Spree-Country": "DE"}
    at.create(at.client(headers=headers))
    at.client(headers=headers).customers.store_credits.list(CUSTOMER)
    store = at.store(customer_token="token.of.shopper", headers=headers)
    store.carts.store_credits.apply(CART_ID, amount=1)
    assert [one.headers.get("x-spree-country") for one in at.shop.requests] == [None, "DE", "DE"]
    passed: list[dict[str, Any]] = [
        {"extra_headers": headers},
        {"extra_query": {"country": "DE"}},
        {"extra_body": {"country": "DE"}},
    ]
    for options in passed:
        with pytest.raises(InvalidArgumentError, match="leave the country out"):
            at.create(at.client(), **options)
    assert len(at.shop.requests) == 3


@together(("member", "value"), [("amount", "26.0"), ("amount", "25.001"), ("amount", None), ("currency", "EUR")])
def test_a_response_of_another_value_leaves_the_outcome_unknown(member: str, value: Any) -> None:
    """It is no success, and nothing is sent again; the same value in another spelling is one."""
    shop = SpreeV3Shop(World())
    made = shop.made
    shop.made = lambda customer, body: {**made(customer, body), member: value}
    fresh = V3Desk("sync", shop, World())
    error = fresh.lost(fresh.client())
    assert [one.name for one in error.mismatch] == ([] if value is None else [member])
    assert len(shop.requests) == 1


def test_a_response_about_another_customer_leaves_the_outcome_unknown(at: V3Desk) -> None:
    """A server that ignores prefixes, or mixes up connections; another prefix of the same customer is no other."""
    made = at.shop.made
    at.create(at.client(), customer="cust_JgaEBgznCp")
    at.shop.made = lambda customer, body: {**made(customer, body), "customer_id": "cus_UkLWZg9DAJ"}
    with pytest.raises(OutcomeUnknownError, match="customer_id was sent as") as raised:
        at.create(at.client())
    assert [one.name for one in raised.value.mismatch] == ["customer_id"]


@given(st.decimals(min_value=0, max_value=10**9, places=2, allow_nan=False, allow_infinity=False))
def test_every_amount_is_read_back_as_it_was(amount: Decimal) -> None:
    """The string is the value, exactly, whatever it came as."""
    from store_credit._core.amounts import canonical

    written = {canonical(one, "amount", 2, 2, "") for one in (amount, str(amount), amount.normalize())}
    assert len(written) == 1
    (text,) = written
    assert Decimal(text) == amount
    assert text.partition(".")[2].__len__() == 2
    assert CREATE["amount"] == canonical("25", "amount", 2, 2, "")

"""What costs a shopper money on Spree v3: each trap bites where its recipe is not heeded, and does not where it is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import ModuleType
from typing import Any

import pytest

from http_library import httpx
from store_credit import SpreeAdminClient, StoreCreditError, ValidationError
from store_credit_mock import Contract
from strategies import impatient
from v3_shop import PUBLISHABLE_KEY, SECRET_KEY, URL, V3Shop

from .test_migration import program

CREATE = "spree_v3.admin.customers.store_credits.create"


@pytest.fixture(scope="module")
def recipes() -> ModuleType:
    """The code of the page."""
    return program("spree_v3_traps")


@pytest.fixture(params=["5.6", "6.0-alpha"])
def shop(store_credit_mock_contract: Contract, request: pytest.FixtureRequest) -> Iterator[V3Shop]:
    """The recorded versions."""
    made = V3Shop(request.param, store_credit_mock_contract, strict=False)
    yield made
    made.close()


def give(shop: V3Shop, amount: str = "30.00") -> str:
    """Give Alice a credit."""
    return shop.admin.customers.store_credits.create(shop.customer(), amount=Decimal(amount), currency="USD").id


def used(shop: V3Shop, credit: str) -> Decimal:
    """What of it is used."""
    return shop.admin.customers.store_credits.get(shop.customer(), credit).amount_used


def test_a_cart_that_credit_covers_in_part(shop: V3Shop, recipes: ModuleType) -> None:
    """The recipe refuses before anything is captured, and completes once all is covered."""
    credit, shopper, cart = give(shop, "20.00"), shop.shopper(), shop.cart()
    shopper.carts.store_credits.apply(cart)

    with pytest.raises(ValueError, match=r"4\.99 of this cart are not paid for yet"):
        recipes.complete(shopper, cart)
    assert used(shop, credit) == 0
    with pytest.raises(StoreCreditError):
        shopper.carts.complete(cart)
    assert used(shop, credit) == 20

    give(shop, "50.00")
    covered = shop.cart()
    shopper.carts.store_credits.apply(covered)
    assert recipes.complete(shopper, covered)


def test_off_and_on_again(shop: V3Shop, recipes: ModuleType) -> None:
    """Replacing is harmless; what was taken off and came back is seen before it is completed."""
    give(shop, "60.00")
    shopper, cart = shop.shopper(), shop.cart()
    for amount in ("24.99", "20.00", "24.99"):
        assert recipes.change_credit(shopper, cart, Decimal(amount)) == Decimal(amount)
    assert not recipes.never_completes(shopper, cart)
    assert recipes.complete(shopper, cart)

    spoiled = shop.cart()
    shopper.carts.store_credits.apply(spoiled)
    shopper.carts.store_credits.remove(spoiled)
    shopper.carts.store_credits.apply(spoiled)
    assert recipes.never_completes(shopper, spoiled)
    with pytest.raises(ValidationError, match="Response code has already been taken"):
        shopper.carts.complete(spoiled)


def test_deleting_an_authorized_credit(shop: V3Shop, recipes: ModuleType) -> None:
    """The recipe leaves what an order has authorized; without it the order can never capture."""
    shop.capture(at_once=False)
    credit, shopper, cart = give(shop), shop.shopper(), shop.cart()
    shopper.carts.store_credits.apply(cart)
    order = shopper.carts.complete(cart).id

    with pytest.raises(ValueError, match="authorized some of it"):
        recipes.delete(shop.admin, shop.customer(), credit)
    shop.admin.customers.store_credits.delete(shop.customer(), credit)
    (payment,) = shop.admin.orders.payments.list(order)
    with pytest.raises(ValidationError):
        shop.admin.orders.payments.capture(order, payment.id)
    unused = give(shop)
    recipes.delete(shop.admin, shop.customer(), unused)


class Speaking(httpx.BaseTransport):
    """A gateway that adds a language to each request."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.headers["X-Spree-Locale"] = "de"
        return self._inner.handle_request(request)


def test_an_amount_times_one_hundred(shop: V3Shop, recipes: ModuleType) -> None:
    """The SDK sends no locale; where somebody adds one, it notices that the credit is another one."""
    exact = recipes.issue(shop.admin, shop.customer())
    issued = shop.admin.customers.store_credits
    assert issued.get(shop.customer(), exact).amount == Decimal("25.50")

    with httpx.Client(transport=Speaking(shop.mock.transport)) as http:
        client = SpreeAdminClient(URL, SECRET_KEY, http_client=http)
        with pytest.raises(RuntimeError, match="look at this customer's credits"):
            recipes.issue(client, shop.customer())
    assert sorted(one.amount for one in issued.list(shop.customer())) == [Decimal("25.50"), Decimal(2550)]


def test_twins(shop: V3Shop, recipes: ModuleType) -> None:
    """A resend under the same key doubles a credit whose first request was only slow; the recipe waits it out."""
    path = f"/api/v3/admin/customers/{shop.customer()}/store_credits"
    how: dict[str, Any] = {
        "json": {"amount": "30.00", "currency": "USD", "memo": "by hand"},
        "headers": {"X-Spree-Api-Key": SECRET_KEY, "Idempotency-Key": "refund-4711"},
    }
    shop.mock.fault(CREATE, nth=1, commit_after=20.0)
    with pytest.raises(httpx.HTTPError):
        shop.http.post(URL + path, **how)
    assert shop.http.post(URL + path, **how).status_code == 201
    shop.mock.advance(30)

    pauses = impatient(shop.admin, shop.mock.control.clock().now)
    shop.mock.fault(CREATE, nth=1, commit_after=20.0)
    made = recipes.issue_once(shop.admin, shop.customer(), "refund-4712")

    found = list(shop.admin.customers.store_credits.list(shop.customer()))
    assert [one.memo for one in found].count("by hand") == 2
    assert [one.id for one in found if one.memo == "refund-4712"] == [made]
    assert sum(pauses) >= 100


def test_keys_that_shoppers_share(shop: V3Shop, recipes: ModuleType) -> None:
    """By hand a second shopper is given the first one's cart; by the SDK each has what is theirs."""
    body = {"items": [{"variant_id": "variant_UkLWZg9DAJ", "quantity": 1}]}
    carts: list[Any] = []
    for email in ("alice@example.com", "bob@example.com"):
        opening = {"X_Spree_Api_Key": PUBLISHABLE_KEY, "Authorization": f"Bearer {shop.token(email)}"}
        carts.append(shop.ask("POST", "/api/v3/store/carts", body, **opening, Idempotency_Key="click-1"))
    assert carts[0] == carts[1]

    give(shop)
    shop.admin.customers.store_credits.create(shop.customer(2), amount=Decimal("10.00"), currency="USD")
    assert recipes.put_on(shop.shopper(), shop.cart(), 1) == Decimal("24.99")
    assert recipes.put_on(shop.shopper("bob@example.com"), shop.cart("bob@example.com"), 1) == Decimal("10.00")

"""What the control plane and fixtures files can do to the v3 system."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from store_credit_mock.control import ControlError
from store_credit_mock.systems.call import FixturesError
from v3bench import V3Bench, error

Maker = Callable[..., V3Bench]


def test_a_row_that_is_held_makes_conflicts_until_it_is_released(v3: V3Bench) -> None:
    """Trap 9, of carts and of orders; nothing is kept under the key of the refused request."""
    v3.give()
    cart = v3.control.spree_v3.fill_cart(customer_id=v3.customer())
    token = v3.control.spree_v3.issue_customer_token(v3.customer()).token
    key = v3.engine.systems["spree_v3"].startup(v3.engine.sandbox)["spree_v3_publishable_key"]
    path = f"/api/v3/store/carts/{cart.id}/store_credits"

    v3.control.spree_v3.hold_row(cart.id)
    refused = error(v3.send("POST", path, {}, key=key, token=token, idempotency="a"), 409)
    v3.control.spree_v3.release_row(cart.id)

    assert refused == {"code": "cart_already_updated", "message": "The cart has already been updated."}
    assert v3.send("POST", path, {}, key=key, token=token, idempotency="a").status == 200


def test_credit_is_given_without_the_api_and_its_books_are_shown(v3: V3Bench) -> None:
    given = v3.control.spree_v3.give_credit("bob@example.com", "12.50", memo="by hand")

    shown = v3.json("GET", v3.credits(2, given.id))
    assert (float(shown["amount"]), shown["memo"], shown["created_by_id"]) == (12.5, "by hand", None)
    [entry] = v3.control.spree_v3.entries(given.id)
    assert (entry.action, entry.amount, entry.currency) == ("allocation", 125_000, "USD")
    assert v3.control.invariants().holds


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda v3: v3.give_credit("nobody@example.com", "1"), "there is no customer nobody@example.com"),
        (lambda v3: v3.give_credit("bob@example.com", "x"), "is not a valid amount; write a decimal such as 25.00"),
        (lambda v3: v3.give_credit("bob@example.com", "0"), "more than 0"),
        (lambda v3: v3.give_credit("bob@example.com", "1", store_id=9), "there is no store 9"),
        (lambda v3: v3.issue_key("k", key="pk_x"), "a secret key begins with sk_"),
        (lambda v3: v3.issue_key("k", key="sk_readsc"), "already exists"),
        (lambda v3: v3.add_customer("Alice@example.com"), "a customer with the address"),
        (lambda v3: v3.add_staff("admin@example.com"), "a member of the staff with the address"),
        (lambda v3: v3.hold_row("cart_UkLWZg9DAJ"), "there is no cart and no order"),
        (lambda v3: v3.entries("credit_UkLWZg9DAJ"), "there is no store credit"),
        (lambda v3: v3.revoke_key("key_x"), "there is no API key"),
        (lambda v3: v3.webhook_deliveries(after="whd"), "there is no delivery whd"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)  # fmt: skip
def test_what_cannot_be_done_is_refused_by_name(v3_of: Maker, call: Callable[[Any], object], text: str) -> None:
    with pytest.raises(ControlError, match=text):
        call(v3_of("5.6").control.spree_v3)


def test_keys_are_issued_and_revoked(v3_of: Maker) -> None:
    v3 = v3_of("6.0-alpha")
    key = v3.control.spree_v3.issue_key("till", scopes=["read_store_credits"], store_id=2)

    assert v3.send("GET", v3.credits(), key=key.key).status == 200
    assert error(v3.send("POST", v3.credits(), {}, key=key.key), 403)["code"] == "access_denied"
    v3.control.spree_v3.revoke_key(key.id)
    assert v3.send("GET", v3.credits(), key=key.key).status == 401
    assert key.key not in repr(key)


FIXTURES = {
    "stores": [{"code": "third", "default_currency": "EUR", "supported_currencies": ["EUR", "JPY"]}],
    "customers": [{"email": "New@example.com", "first_name": "N", "password": "secret 1"}],
    "staff": [{"email": "clerk@example.com", "stores": ["third"], "password": "secret 2"}],
    "keys": [{"key": "sk_third", "store": "third", "scopes": ["read_all"]}, {"key": "pk_third", "store": "third"}],
    "variants": [{"name": "Hat", "prices": {"EUR": "7.50"}}],
    "store_credits": [
        {"customer": "new@example.com", "amount": 30, "store": "third", "memo": "fixture"},
        {"customer": "new@example.com", "amount": "10.00"},
    ],
    "carts": [
        {"customer": "new@example.com", "items": [{"variant_id": 2, "quantity": 2}], "address": True,
         "store_credit": "9.00", "token": "cart-token"}
    ],
    "webhook_endpoints": [{"url": "http://127.0.0.1:9/", "subscriptions": ["store_credit.*"], "store": "third"}],
}  # fmt: skip


def test_fixtures_are_there_for_every_api(v3_of: Maker) -> None:
    """Each part can be used: keys open their store, people sign in, credit is spent by the cart."""
    v3 = v3_of("6.0-alpha", fixtures={"spree_v3": FIXTURES})

    [credit] = v3.json("GET", v3.credits(7), key="sk_third")["data"]
    assert (credit["amount"], credit["currency"], credit["memo"]) == ("30.0", "EUR", "fixture")
    login = {"email": "new@example.com", "password": "secret 1"}
    token = v3.json("POST", "/api/v3/store/auth/login", login, key="pk_third")["token"]
    shop = v3.engine.systems["spree_v3"].startup(v3.engine.sandbox)["spree_v3_publishable_key"]
    path = "/api/v3/store/carts/cart_UkLWZg9DAJ"
    cart = v3.json("GET", path, key=shop, token=token)
    assert (cart["item_total"], cart["store_credit_total"]) == ("20.0", "9.0")
    assert v3.send("GET", "/api/v3/store/carts/cart_UkLWZg9DAJ", key=shop, X_Spree_Token="cart-token").status == 200
    staff = {"email": "clerk@example.com", "password": "secret 2"}
    assert v3.send("POST", "/api/v3/admin/auth/login", staff, key=None).status == 200
    assert v3.control.spree_v3.webhook_endpoints()[0].url == "http://127.0.0.1:9/"
    assert v3.control.invariants().holds


@pytest.mark.parametrize(
    ("part", "item", "pointer"),
    [
        ("stores", {"code": "shop"}, "/spree_v3/stores/0/code: there is a store shop already"),
        ("customers", {"email": "alice@example.com"}, "/spree_v3/customers/0/email: "),
        (
            "staff",
            {"email": "x@example.com", "stores": ["nowhere"]},
            "no store nowhere; there are shop, outlet",
        ),
        ("keys", {"key": "sk_readsc"}, "/spree_v3/keys/0/key: "),
        ("keys", {"key": "hunter2"}, "/spree_v3/keys/0/key: a secret key begins with sk_"),
        ("variants", {"name": "Hat", "prices": {"EUR": "x"}}, "/spree_v3/variants/0/prices/EUR"),
        ("store_credits", {"customer": "x@example.com", "amount": 1}, "/spree_v3/store_credits/0/customer: "),
        ("store_credits", {"customer": "bob@example.com", "amount": "-1"}, "/spree_v3/store_credits/0/amount: "),
        ("carts", {"items": [{"variant_id": 99}]}, "/spree_v3/carts/0/items/0: "),
        ("carts", {"currency": "CHF"}, "/spree_v3/carts/0/currency: the store sells in USD"),
        (
            "carts",
            {"items": [{"variant_id": 1}], "store_credit": True},
            "/carts/0/store_credit: User does not have",
        ),
        ("cart", {}, "/spree_v3: Additional properties are not allowed ('cart' was unexpected)"),
    ],
)
def test_fixtures_that_name_what_is_not_there_are_refused_where_it_stands(
    v3_of: Maker, part: str, item: dict[str, Any], pointer: str
) -> None:
    with pytest.raises((FixturesError, ValueError)) as refused:
        v3_of("5.6", fixtures={"spree_v3": {part: [item]}})
    assert pointer in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_samples_are_there_in_every_version(v3: V3Bench, v3_of: Maker) -> None:
    """Credits, and purchases of which some are completed; the token of the shopper outlives a reset."""
    bench = v3_of(v3.engine.sandbox.of_systems["spree_v3_profile"], samples=True)

    def environment() -> Mapping[str, str]:
        return bench.engine.systems["spree_v3"].environment("", bench.engine.sandbox)

    token = environment()["SPREE_SHOPPER_TOKEN"]
    for _ in range(2):
        listed = bench.json("GET", bench.credits(1))["data"]
        assert [float(credit["amount"]) for credit in listed] == [100.0]
        own = bench.send("GET", "/api/v3/store/customers/me", key="pk_shop", token=token)
        assert own.status == 200, own.body
        assert bench.control.invariants().holds
        bench.control.reset()
    assert environment()["SPREE_SHOPPER_TOKEN"] == token


def test_a_cart_of_the_fixtures_can_be_completed(v3: V3Bench, v3_of: Maker) -> None:
    """Paid by store credit it is an order; without anything to pay it, it is refused with the server's words."""
    version = v3.engine.sandbox.of_systems["spree_v3_profile"]
    cart = {"customer": "alice@example.com", "items": [{"variant_id": 2}], "address": True, "completed": True}
    credit = {"customer": "alice@example.com", "amount": "50.00"}
    bench = v3_of(
        version, fixtures={"spree_v3": {"store_credits": [credit], "carts": [{**cart, "store_credit": True}]}}
    )

    used = bench.json("GET", bench.credits(1))["data"][0]["amount_used"]
    assert float(used) == 15.0
    with pytest.raises((FixturesError, ValueError), match="/spree_v3/carts/0/completed"):
        v3_of(version, fixtures={"spree_v3": {"carts": [cart]}})

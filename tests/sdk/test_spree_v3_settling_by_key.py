"""Writes of Spree's API v3 that make no record to look for: settled by sending them again under their key."""

import pytest

from spree_v3_shop import CREATE, CUSTOMER, opened, paths, refusal, token_of
from store_credit import (
    ConfigurationError,
    NotFoundError,
    OutcomeUnknownError,
    ValidationError,
)

HOUR = 3600.0

CART_ID = "cart_UkLWZg9DAJ"


def test_writes_without_a_list_are_sent_again_once_they_have_ended() -> None:
    """Under the key they went under, which on the Store API is mixed with the token: what ran is replayed."""
    for fate in (("lost after", 0.0), ("lost before", 0.0), ("slow", 100.0)):
        at = opened(fate)
        store = at.store(customer_token=token_of(1))
        with pytest.raises(OutcomeUnknownError) as raised:
            store.carts.store_credits.apply(CART_ID, amount=5, idempotency_key="checkout-1")
        assert raised.value.idempotency_key == "checkout-1"
        cart = at.settle(store, raised.value)
        assert cart.idempotency_key == "checkout-1"
        assert at.shop.carts[CART_ID] == ["5.00"]
        assert len(set(at.shop.keys)) == 1
        assert paths(at) == ["POST", "POST"]


def test_what_went_with_a_token_of_its_own_is_settled_with_that_token() -> None:
    """A client for many shoppers has none itself."""
    at = opened(("lost after", 0.0))
    store = at.store()
    with pytest.raises(OutcomeUnknownError) as raised:
        store.carts.store_credits.apply(CART_ID, amount=5, customer_token=token_of(1))
    with pytest.raises(ConfigurationError, match="a different credential"):
        at.settle(store, raised.value)
    with pytest.raises(ConfigurationError, match="a different credential"):
        at.settle(store.with_options(customer_token=token_of(2)), raised.value)
    assert at.settle(store.with_options(customer_token=token_of(1, 2)), raised.value).id == CART_ID
    assert at.shop.carts[CART_ID] == ["5.00"]


def test_what_went_with_a_carts_token_is_not_sent_again_with_the_customers() -> None:
    """Nor is it with another cart's; a client that has both sends both, although its own calls go with one."""
    at = opened(("lost before", 0.0))
    guest = "guest-cart-token"
    store = at.store(customer_token=token_of(1))
    with pytest.raises(OutcomeUnknownError) as raised:
        store.carts.store_credits.apply(CART_ID, amount=5, cart_token=guest)
    others = ({}, {"cart_token": "another"}, {"customer_token": token_of(2), "cart_token": guest})
    for other in others:
        with pytest.raises(ConfigurationError, match="a different credential"):
            at.settle(store.with_options(**other), raised.value)
    assert at.settle(store.with_options(cart_token=guest), raised.value).id == CART_ID
    assert [one.headers["x-spree-token"] for one in at.shop.requests] == [guest] * 2
    assert {one.headers["authorization"] for one in at.shop.requests} == {f"Bearer {token_of(1)}"}


def test_a_delete_that_finds_nothing_when_it_is_sent_again_is_done() -> None:
    """A 404 is not kept: the record is gone, as asked."""
    at = opened(("done", 0.0), ("lost after", 0.0))
    client = at.client()
    credit = at.create(client)
    with pytest.raises(OutcomeUnknownError) as raised:
        client.customers.store_credits.delete(CUSTOMER, credit.id)
    at.shop.kept.clear()
    assert at.settle(client, raised.value) is None
    with pytest.raises(NotFoundError):
        client.customers.store_credits.delete(CUSTOMER, credit.id)


def test_a_refusal_without_a_list_proves_something_only_if_it_was_kept() -> None:
    """The first attempt may have been executed, and its response not kept."""
    at = opened(("lost before", 0.0), ("done", 0.0), ("lost after", 0.0))
    store = at.store(customer_token=token_of(1))
    at.shop.refuse = lambda request: (422, refusal("processing_error", ""))
    for outcome in (OutcomeUnknownError, ValidationError):
        with pytest.raises(OutcomeUnknownError) as raised:
            store.carts.store_credits.apply(CART_ID, amount=5)
        with pytest.raises(outcome, match="422"):
            at.settle(store, raised.value)


def test_a_cart_that_is_being_completed_ends_the_use_of_a_key() -> None:
    """It is never sent again under it; its caller is told to read the cart."""
    at = opened(("lost before", 0.0))
    store = at.store(customer_token=token_of(1))
    at.shop.refuse = lambda request: (409, refusal("completion_in_progress", "The cart is being completed."))
    with pytest.raises(OutcomeUnknownError) as raised:
        store.carts.store_credits.apply(CART_ID, amount=5)
    error = raised.value
    for _ in range(3):
        with pytest.raises(OutcomeUnknownError, match="completion_in_progress") as again:
            at.settle(store, error)
        error = again.value
    assert "Read the cart" in str(error)
    assert len(at.shop.requests) == 2


def test_after_the_window_a_write_without_a_list_stays_unknown() -> None:
    """Nothing tells what became of it but its effect."""
    at = opened(("lost after", 0.0))
    client = at.client()
    with pytest.raises(OutcomeUnknownError) as raised:
        client.customers.store_credits.update(CUSTOMER, "credit_UkLWZg9DAJ", memo="x")
    at.world.passed += 24 * HOUR
    with pytest.raises(OutcomeUnknownError, match=r"24\.0 hours ago.*Check whether it took effect"):
        at.settle(client, raised.value)
    assert len(at.shop.writes) == 1


def test_a_raw_request_is_settled_by_its_key() -> None:
    """After the grace."""
    at = opened(("slow", 100.0))
    client = at.client()
    with pytest.raises(OutcomeUnknownError) as raised:
        client.request("POST", f"/api/v3/admin/customers/{CUSTOMER}/store_credits", json=CREATE)
    response = at.settle(client, raised.value)
    assert response.json()["id"] == at.shop.records[0]["id"]
    assert len(at.shop.records) == 1

"""Refusals of Spree's API v3: which the server sends again under their key, and which key goes next."""

import re
from typing import Any

import pytest

from spree_v3_shop import opened, refusal, token_of
from store_credit import (
    AuthenticationError,
    ConflictError,
    NotFoundError,
    PermissionDeniedError,
    ValidationError,
)
from together import together

UUID4 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
CART_ID = "cart_UkLWZg9DAJ"


KEPT = [
    (
        422,
        refusal("validation_error", "Amount must be greater than 0", amount=["must be greater than 0"]),
        ValidationError,
    ),
    (403, refusal("access_denied", "API key lacks scope: x", required_scope="x"), PermissionDeniedError),
    (401, refusal("authentication_required"), AuthenticationError),
    (409, refusal("completion_in_progress", "The cart is being completed."), ConflictError),
]
NOT_KEPT = [
    (404, refusal("record_not_found"), NotFoundError),
    (409, refusal("cart_already_updated"), ConflictError),
    (400, refusal("invalid_request"), ValidationError),
]


@together(("status", "body", "error"), KEPT + NOT_KEPT)
def test_a_refusal_is_never_sent_again_under_its_key(status: int, body: Any, error: type[Exception]) -> None:
    """Neither a kept one, which would be given again, nor any other: nothing was done, and its caller says what now."""
    at = opened()
    at.shop.refuse = lambda request: (status, body)
    with pytest.raises(error) as raised:
        at.create(at.client(max_retries=5))
    assert len(at.shop.requests) == 1
    assert raised.value.idempotency_key == at.shop.keys[0]  # type: ignore[attr-defined]


def test_the_shop_keeps_what_the_server_keeps() -> None:
    """A refusal by the action or a filter is given again when its cause is mended; one by an exception is not."""
    for status, body, error in KEPT:
        at = opened()
        at.shop.refuse = lambda request, answer=(status, body): answer
        for _ in range(2):
            with pytest.raises(error):
                at.create(at.client(), idempotency_key="mine")
            at.shop.refuse = lambda request: None
    for status, body, error in NOT_KEPT:
        at = opened()
        at.shop.refuse = lambda request, answer=(status, body): answer
        with pytest.raises(error):
            at.create(at.client(), idempotency_key="mine")
        at.shop.refuse = lambda request: None
        at.create(at.client(), idempotency_key="mine")


def test_the_error_says_what_becomes_of_an_own_key() -> None:
    """Where it is kept, another key is needed; a key that was made for the call is nobody's concern."""
    at = opened()
    at.shop.refuse = lambda request: (422, refusal("validation_error", "Amount is bad"))
    with pytest.raises(
        ValidationError, match=r"For 24 hours, the server repeats this refusal for idempotency_key 'mine'"
    ):
        at.create(at.client(), idempotency_key="mine")
    with pytest.raises(ValidationError) as raised:
        at.create(at.client())
    assert "24 hours" not in str(raised.value)
    with pytest.raises(ValidationError, match=r"idempotency_key_reused.*For a new action, use a new idempotency_key"):
        at.create(at.client(), idempotency_key="mine", amount=26)
    at.shop.refuse = lambda request: (409, refusal("completion_in_progress", "The cart is being completed."))
    store = at.store(customer_token=token_of(1))
    with pytest.raises(ConflictError, match=r"Read the cart .* use a new idempotency_key"):
        store.carts.store_credits.apply(CART_ID, amount=1)
    at.shop.refuse = lambda request: (409, refusal("cart_already_updated"))
    with pytest.raises(ConflictError, match="no response is stored for the idempotency key"):
        store.carts.store_credits.apply(CART_ID, amount=1)


def test_a_renewal_after_401_uses_a_new_key() -> None:
    """Under the old one the server would give the 401 again."""
    at = opened()
    tokens = [token_of(7, number) for number in (1, 2)]
    at.shop.valid = {tokens[1]}
    given = iter(tokens)
    credit = at.create(at.client(staff_token=lambda: next(given)))
    first, second = at.shop.keys
    assert first != second
    assert UUID4.fullmatch(second)
    assert credit.idempotency_key == second


def test_after_401_an_own_key_goes_on_where_it_is_not_kept() -> None:
    """A token's user has keys of his own, and a token that has ended has none: who repeats the action is given it."""
    at = opened()
    for number, valid in ((1, 2), (3, 4), (5, 5)):
        given = iter([token_of(7, number), token_of(7, number + 1)])
        at.shop.valid = {token_of(7, valid)}
        made = at.create(at.client(staff_token=lambda given=given: next(given)), idempotency_key="refund-1")
        assert made.idempotency_key == "refund-1"
    assert at.shop.keys == ["refund-1"] * 5
    assert len(at.shop.records) == 1


def test_after_401_an_own_key_that_is_kept_is_derived() -> None:
    """Not made anew: whoever repeats the action comes to the same one, and is given what was done under it."""
    at = opened()
    refused = [(401, refusal("authentication_required"))]
    at.shop.refuse = lambda request: refused.pop() if refused else None
    for _ in range(2):
        at.shop.requests.clear()
        at.create(at.client(secret_key=lambda: "sk_mended_meanwhile"), idempotency_key="refund-1")
        first, second, third = at.shop.keys
        assert first == second == "refund-1" != third
    assert len(at.shop.records) == 1


def test_after_429_the_key_is_another_one() -> None:
    """Whether the server keeps that refusal is not recorded, and nothing was done under it."""
    for key in (None, "refund-1"):
        at = opened()
        left = [(429, refusal("rate_limit_exceeded"))]
        at.shop.refuse = lambda request, left=left: left.pop() if left else None
        for _ in range(2):
            at.create(at.client(), idempotency_key=key)
        assert len(at.shop.records) == (2 if key is None else 1)
        assert len(set(at.shop.keys)) == (3 if key is None else 2)

"""A raw request may be a sign-in: what its error keeps, and the log of what goes to the Store API."""

import logging
import pickle
from typing import Any

import pytest

from http_library import httpx
from spree_v3_shop import CREATE, CUSTOMER, opened, token_of
from store_credit import InvalidArgumentError, OutcomeUnknownError, VinrClient
from together import together

PASSWORD = "s3cret-PASSWORD"
SIGN_IN = "/api/v3/store/auth/login"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


SIGN_INS: list[dict[str, Any]] = [
    {"json": {"email": "a@shop.example", "password": PASSWORD}},
    {"json": {"user": {"email": "a@shop.example", "password": PASSWORD}}},
    {"json": [{"Password": PASSWORD}]},
    {"content": b'{"client-secret": "%s"}' % PASSWORD.encode()},
    {"content": f"grant_type=password&password={PASSWORD}".encode(), "headers": FORM},
    {"content": f"user%5Bpassword%5D={PASSWORD}".encode(), "headers": FORM},
    {
        "content": f'--b\r\nContent-Disposition: form-data; name="token"\r\n\r\n{PASSWORD}\r\n--b--\r\n'.encode(),
        "headers": {"Content-Type": "multipart/form-data; boundary=b"},
    },
    {"query": {"access_token": PASSWORD}},
]


@together("parts", [*SIGN_INS, {"path": f"{SIGN_IN}?refresh_token={PASSWORD}"}])
def test_a_lost_sign_in_keeps_no_password(parts: dict[str, Any]) -> None:
    """Neither in the error nor in its pickle; settle says that it cannot send it again."""
    at = opened(("lost before", 0.0))
    store = at.store()
    parts = {"path": SIGN_IN, **parts}
    with pytest.raises(OutcomeUnknownError, match="sign in again") as raised:
        store.request("POST", parts.pop("path"), **parts)
    error = raised.value
    assert error.sent is None
    assert PASSWORD.encode() not in pickle.dumps(error)
    assert PASSWORD not in f"{error} {error!r} {error.__dict__}"
    assert "settle(), which" not in str(error)
    with pytest.raises(InvalidArgumentError, match="a sign-in password"):
        store.settle(error)
    assert len(at.shop.requests) == 1


@together(
    "body",
    [
        {"amount": 1, "memo": "password=token"},
        {"metadata": {"token": "of a game", "secret": {"password": "x"}}},
        {"tokens": 3, "secretary": "Ann"},
    ],
)
def test_what_only_looks_like_one_is_kept(body: Any) -> None:
    """A memo, metadata, other names: these are settled as ever."""
    at = opened(("lost before", 0.0))
    with pytest.raises(OutcomeUnknownError) as raised:
        at.client().request("POST", f"/api/v3/admin/customers/{CUSTOMER}/store_credits", json={**CREATE, **body})
    assert raised.value.sent is not None
    assert pickle.loads(pickle.dumps(raised.value)).sent.content == raised.value.sent.content


def test_a_server_that_repeats_a_password_is_not_quoted() -> None:
    """Wherever in the body it was."""
    http = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(400, text=f"bad {PASSWORD}")))
    client = VinrClient("sk_test_1", http_client=http)
    with pytest.raises(Exception, match=r"bad \*\*\*"):
        client.request("POST", "/v1/x", json={"user": {"password": PASSWORD}})


def test_the_log_does_not_show_the_keys_of_shoppers(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever has one, the publishable key and the body is given that shopper's cart, token and all, for a day."""
    caplog.set_level(logging.DEBUG, "store_credit")
    at = opened()
    store = at.store(customer_token=token_of(1))
    store.carts.store_credits.apply("cart_UkLWZg9DAJ", amount=1)
    store.carts.store_credits.apply("cart_UkLWZg9DAJ", amount=2, idempotency_key="mine")
    store.request("POST", "/api/v3/%73tore/carts/cart_UkLWZg9DAJ/complete", json={})
    assert len(at.shop.keys) == 3
    assert [key for key in at.shop.keys if key in caplog.text] == []
    assert caplog.text.count("'Idempotency-Key': '***'") == 3
    at.create(at.client())
    assert at.shop.keys[-1] in caplog.text, "on the admin side it opens nothing without the secret key"

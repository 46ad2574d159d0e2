"""Which requests a method of the SDK sends, and why the others go through client.request."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from store_credit_mock.recording import ExchangeFile
from store_credit_tools.replay.report import Replayed
from store_credit_tools.replay.sdk.calls import Reason
from store_credit_tools.replay.sdk.expectations import Promises
from store_credit_tools.replay.sdk.replay import replay_one

CREDITS = "/api/v2/platform/store_credits"
ADD = "/api/v2/storefront/checkout/add_store_credit"
VINR = "/v1/store-credit"
CREATE = {"user_id": "2", "category_id": "4", "created_by_id": "5", "amount": "25.00", "currency": "USD"}

Replay = Callable[..., Replayed]


@pytest.fixture
def replayed(promises: Promises, runner: asyncio.Runner, exchange: Callable[[object], ExchangeFile]) -> Replay:
    """Replays a request to a server that answers 418, so that the request alone counts."""

    def run(method: str, path: str, body: object = None, query: object = None, **headers: str | None) -> Replayed:
        sent: dict[str, str | None] = {"Authorization": "Bearer <token>"}
        if body is not None:
            sent["Content-Type"] = "application/json"
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        known = {name: value for name, value in sent.items() if value is not None}
        request = {"method": method, "path": path, "query": query or {}, "headers": known, "body": body}
        answer = {"status": 418, "headers": {"Content-Type": "text/plain"}, "body": "no"}
        return replay_one(promises, exchange({"request": request, "response": answer}), runner)

    return run


def only_the_answer_differs(one: Replayed) -> bool:
    """Whether request and outcome are as they should be; a response of 418 is in no document."""
    return {finding.drivers for finding in one.findings} == {("document",)} and all(
        finding.difference.side == "answer against the document" for finding in one.findings
    )


TYPED: list[tuple[Any, ...]] = [
    ("GET", CREDITS, None, {"page": "0", "per_page": "501"}),
    ("GET", CREDITS, None, {"page": "-1"}),
    ("GET", CREDITS, None, {"page": "01"}),
    ("GET", CREDITS, None, {"sort": "-amount,id", "locale": "", "currency": "eur"}),
    ("GET", CREDITS, None, {"include": "user,created_by", "fields[user]": "email", "fields[store_credit]": ""}),
    ("GET", CREDITS, None, {"include": ""}),
    ("GET", CREDITS, None, {"include": "user, created_by"}),
    ("GET", CREDITS, None, {"include": "store_credit_events.originator,nobody"}),
    (
        "GET",
        CREDITS,
        None,
        {"filter[amount_gteq]": "010.50", "filter[memo_cont]": "a&b=c%"},
    ),
    ("GET", CREDITS, None, {"filter[id_in][]": ["1", "2"], "filter[user_id_in][]": "3"}),
    (
        "GET",
        f"{CREDITS}/a%2Fb%20%C3%A9",
    ),
    (
        "GET",
        f"{CREDITS}/new",
    ),
    (
        "DELETE",
        f"{CREDITS}/1abc",
    ),
    ("POST", CREDITS, {"store_credit": {**CREATE, "amount": 25, "user_id": 2, "memo": None, "type_id": None}}),
    ("POST", CREDITS, {"store_credit": {**CREATE, "amount": "-5.00", "memo": 'Za\u017c\u00f3\u0142\u0107 \u2028 "x"'}}),
    ("POST", CREDITS, {"store_credit": {**CREATE, "currency": "", "private_metadata": {"a": [1, 2.5, None, True]}}}),
    ("POST", CREDITS, {"store_credit": CREATE}, {"currency": "EUR", "include": "user"}),
    ("PATCH", f"{CREDITS}/1", {"store_credit": {"user_id": None}}),
    ("PATCH", f"{CREDITS}/1", '{"store_credit": {"memo": "as text"}}'),
    (
        "PATCH",
        "/api/v2/platform/orders/R1/use_store_credit",
    ),
    ("PATCH", "/api/v2/platform/orders/R1/use_store_credit", {"amount": 0}),
    ("POST", ADD, {"amount": "18"}, {"include": "payments.source"}),
    ("POST", ADD, {}),
    ("GET", "/api/v2/storefront/account", None, {"include": "default_billing_address"}),
]


@pytest.mark.parametrize("request_", TYPED, ids=lambda request: " ".join(str(part) for part in request if part))
def test_a_method_sends_it(request_: tuple[Any, ...], replayed: Replay) -> None:
    one = replayed(*request_)

    assert (one.reason, one.detail) == (None, None)
    assert one.call == one.operation
    assert only_the_answer_differs(one)


RAW: list[tuple[Reason, str, tuple[Any, ...]]] = [
    (Reason.METHOD, "PUT for PATCH", ("PUT", f"{CREDITS}/1", {"store_credit": {"memo": "x"}})),
    (Reason.METHOD, "PATCH for POST", ("PATCH", f"{VINR}/sc_1", {"expires_at": None})),
    (Reason.SUFFIX, ".json", ("GET", f"{CREDITS}.json")),
    (Reason.SUFFIX, ".xml", ("GET", f"{CREDITS}/1.xml")),
    (Reason.SUFFIX, "/", ("GET", f"{CREDITS}/")),
    (Reason.MALFORMED, "a member stands in it twice", ("POST", CREDITS, '{"store_credit": {"a": 1, "a": 2}}')),
    (Reason.MALFORMED, "Expecting value", ("POST", ADD, '{"amount":')),
    (Reason.MALFORMED, "Expecting value", ("POST", ADD, "")),
    (Reason.SHAPE, "this operation has no request body", ("GET", f"{CREDITS}/1", {"a": 1})),
    (Reason.SHAPE, "store_credit is not its one member", ("POST", CREDITS, CREATE)),
    (Reason.SHAPE, "store_credit is not its one member", ("POST", CREDITS, {"store_credit": CREATE, "extra": 1})),
    (Reason.SHAPE, "store_credit is not its one member", ("PATCH", f"{CREDITS}/1")),
    (Reason.SHAPE, "store_credit is not its one member", ("POST", CREDITS, "[1,2]")),
    (Reason.SHAPE, "no object where the fields stand", ("POST", CREDITS, {"store_credit": [CREATE]})),
    (Reason.SHAPE, "no object where the fields stand", ("POST", ADD, [5])),
    (Reason.UNKNOWN_FIELD, "colour", ("POST", CREDITS, {"store_credit": {**CREATE, "colour": "red"}})),
    (Reason.REQUIRED, "user_id", ("POST", CREDITS, {"store_credit": {"amount": 5}})),
    (Reason.REQUIRED, "name", ("POST", "/api/v2/platform/store_credit_types", {"store_credit_type": {}})),
    (Reason.UNKNOWN_PARAMETER, "colour", ("GET", CREDITS, None, {"colour": "red"})),
    (Reason.UNKNOWN_PARAMETER, "sort[]", ("GET", CREDITS, None, {"sort[]": "id"})),
    (Reason.PARAMETER_FORM, "page='abc'", ("GET", CREDITS, None, {"page": "abc"})),
    (Reason.PARAMETER_FORM, "filter", ("GET", CREDITS, None, {"filter": "x"})),
    (Reason.PARAMETER_FORM, "fields[user][]", ("GET", CREDITS, None, {"fields[user][]": ["id", "email"]})),
    (Reason.REPEATED, "page", ("GET", CREDITS, None, {"page": ["1", "2"]})),
    (Reason.REPEATED, "include", ("GET", CREDITS, None, {"include": ["user", "created_by"]})),
    (Reason.REPEATED, "filter[id_in][]", ("GET", CREDITS, None, {"filter[id_in]": "1", "filter[id_in][]": ["2"]})),
    (Reason.ELSEWHERE, "amount in the query", ("POST", ADD, {}, {"amount": "5"})),
    (Reason.ELSEWHERE, "order_token in the query", ("POST", ADD, {}, {"order_token": "<token>"})),
    (Reason.ELSEWHERE, "include in the body", ("POST", ADD, {"include": "payments"})),
    (Reason.VALUE, "amount is a list", ("POST", CREDITS, {"store_credit": {**CREATE, "amount": [5]}})),
    (Reason.VALUE, "amount is a bool", ("POST", CREDITS, {"store_credit": {**CREATE, "amount": True}})),
    (Reason.VALUE, "more than 2 decimals", ("POST", CREDITS, {"store_credit": {**CREATE, "amount": 10.005}})),
    (Reason.VALUE, "'1e2'", ("POST", CREDITS, {"store_credit": {**CREATE, "amount": "1e2"}})),
    (Reason.VALUE, "currency is None", ("PATCH", f"{CREDITS}/1", {"store_credit": {"currency": None}})),
    (Reason.VALUE, "at least one", ("PATCH", f"{CREDITS}/1", {"store_credit": {}})),
    (Reason.VALUE, "amount is", ("POST", ADD, {"amount": None})),
]


@pytest.mark.parametrize(
    ("reason", "detail", "request_"), RAW, ids=[f"{number} {case[0].name}" for number, case in enumerate(RAW)]
)
def test_client_request_sends_it(reason: Reason, detail: str, request_: tuple[Any, ...], replayed: Replay) -> None:
    """The reason is told, and the raw request still goes out as it was recorded."""
    one = replayed(*request_)

    assert one.reason == reason
    assert detail in str(one.detail)
    assert one.call == "client.request"
    assert only_the_answer_differs(one)


@pytest.mark.parametrize(
    ("path", "headers", "detail"),
    [
        (CREDITS, {"Authorization": None}, "Authorization: is missing"),
        (CREDITS, {"Authorization": "Basic Zm9vOmJhcg=="}, "Authorization: is not of the form the SDK sends (Bearer)"),
        (CREDITS, {"Authorization": "Bearer"}, "Authorization: is not of the form the SDK sends (Bearer)"),
        (CREDITS, {"Authorization": "Bearer two words"}, "Authorization: is not of the form the SDK sends (Bearer)"),
        (CREDITS, {"Authorization": "bearer Zm9v"}, "Authorization: is not of the form the SDK sends (Bearer)"),
        (CREDITS, {"X_Spree_Order_Token": "Zm9v"}, "x-spree-order-token is none of this operation's"),
        ("/api/v2/storefront/account", {"Authorization": None}, "Authorization is missing"),
        ("/api/v2/storefront/account", {"Authorization": "Digest Zm9v"}, "not of the form the SDK sends (Bearer)"),
        (VINR, {}, "X-Api-Key: is missing"),
        (VINR, {"Authorization": None}, "X-Api-Key: is missing"),
        (VINR, {"X_Api_Key": "pk_test_Zm9v", "Authorization": None}, "a publishable key"),
    ],
)
def test_odd_credentials_go_through_client_request_and_are_not_shown(
    path: str, headers: dict[str, str | None], detail: str, replayed: Replay
) -> None:
    one = replayed("GET", path, **headers)

    assert one.reason == Reason.CREDENTIAL
    assert detail in str(one.detail)
    assert only_the_answer_differs(one)
    assert "Zm9v" not in repr(one)


def test_two_credentials_on_one_request_are_refused_and_not_shown(replayed: Replay) -> None:
    """A request carries one, always: an exchange with two cannot be made with the SDK."""
    one = replayed("GET", VINR, X_Api_Key="sk_test_Zm9v")

    assert (one.reason, one.call) == (Reason.CREDENTIAL, "client.request")
    assert "a request can have only one credential" in str([finding.difference.what for finding in one.findings])
    assert "Zm9v" not in repr(one)


@pytest.mark.parametrize("media_type", ["application/vnd.api+json", "text/plain", "application/x-www-form-urlencoded"])
def test_another_media_type_goes_through_client_request(media_type: str, replayed: Replay) -> None:
    body = "amount=5" if "form" in media_type else {"amount": 5}

    one = replayed("POST", ADD, body, Content_Type=media_type)

    assert (one.reason, one.detail) == (Reason.MEDIA_TYPE, media_type)
    assert only_the_answer_differs(one)


@pytest.mark.parametrize(
    ("body", "reason"), [({"expires_at": 1826841600}, None), ({"amount": 5}, Reason.UNKNOWN_FIELD)]
)
def test_an_idempotency_key_is_the_callers(body: object, reason: Reason | None, replayed: Replay) -> None:
    """It is sent as recorded, by the method and by client.request."""
    headers = {"Authorization": None, "X_Api_Key": "<key>", "Idempotency_Key": "k" * 255}

    one = replayed("POST", f"{VINR}/sc_1", body, None, **headers)

    assert one.reason == reason
    assert only_the_answer_differs(one)


def test_a_request_of_no_operation_is_passed_over(replayed: Replay) -> None:
    one = replayed("GET", "/api/v2/storefront/cart")

    assert (one.operation, one.findings) == (None, ())

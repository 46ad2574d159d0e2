"""What the outcome of an attempt says about the request: whether it was executed, and whether it may be sent again."""

import json
from typing import Any

import pytest

from http_library import httpx
from store_credit import SpreeClient, VinrClient
from store_credit._core.faults import Fault, UnexpectedStatusError
from store_credit._core.operation import Call, Echo, Operation
from store_credit._core.response import Response
from store_credit._core.settings import Settings
from store_credit._core.verdicts import Attempt, Verdict, json_of, judge

CREDIT = {"id": "sc_1", "customer": "c", "amount": 1, "currency": "USD", "balance_remaining": 1, "created": 1780000000}


class Read:
    """A record as an operation reads it."""

    def __init__(self, body: Any) -> None:
        self.body = body

    def _json(self) -> Any:
        return self.body


def read(response: Response) -> Read:
    """Read a record."""
    body = response.json()
    if not isinstance(body, dict):
        raise ValueError("not a record")
    return Read(body)


def operation(method: str = "POST", **what: Any) -> Operation:
    """An operation of no document."""
    made: dict[str, Any] = {
        "statuses": (201,),
        "read": read,
        "echoes": (Echo("amount", ("amount",), ("amount",), "integer"),),
    }
    return Operation("x.things.create", method, "/v1/things", **{**made, **what})


CREATE = operation(creates=True)
KEYED = operation(creates=True, keyed=True)
UPDATE = operation("PATCH", idempotent=True, statuses=(200,))
PAYMENT = operation("PATCH", statuses=(200,))
RETRIEVE = operation("GET", statuses=(200,), echoes=())


def settings(system: str = "vinr") -> Settings:
    """Those of a client of a system."""
    client: Any = VinrClient("sk_test_1") if system == "vinr" else SpreeClient("http://spree.test", "t")
    return client._settings


def attempt(of: Operation, outcome: Response | Fault, *, key: str | None = None, system: str = "vinr") -> Attempt:
    """The verdict on an outcome of a call that sent the amount 1."""
    return judge(Call(of, "/v1/things", body={"amount": 1}, key=key), settings(system), outcome)


def response(status: int, body: Any = None, **headers: str) -> Response:
    """A response with this body."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    return Response(status, [(name.encode(), value.encode()) for name, value in headers.items()], content)


RUNNING = {"error": {"code": "idempotency_in_progress", "message": "still running"}}


@pytest.mark.parametrize(
    "of", [CREATE, KEYED, UPDATE, PAYMENT, RETRIEVE], ids=["create", "keyed", "update", "payment", "retrieve"]
)
@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Fault("connect", httpx.ConnectError("refused")), Verdict.NOT_SENT),
        (Fault("timeout", httpx.ReadTimeout("slow")), Verdict.LOST),
        (Fault("broken", httpx.ReadError("reset")), Verdict.LOST),
        (response(429), Verdict.LIMITED),
        (response(408), Verdict.LOST),
        (response(500), Verdict.LOST),
        (response(599), Verdict.LOST),
        (response(400), Verdict.REFUSED),
        (response(409, RUNNING), Verdict.REFUSED),
        (response(304), Verdict.REFUSED),
        (response(301), Verdict.REFUSED),
    ],
    ids=lambda value: (
        value.name if isinstance(value, Verdict) else getattr(value, "kind", None) or str(value.status_code)
    ),
)
def test_what_an_outcome_says(of: Operation, outcome: Any, verdict: Verdict) -> None:
    """Whatever was called. Without a key nothing of the kind can be running."""
    found = attempt(of, outcome)

    assert found.verdict is verdict
    assert found.result is None


@pytest.mark.parametrize("status", [302, 303])
def test_a_redirect_after_what_must_not_run_twice_may_say_that_it_was_done(status: int) -> None:
    """RFC 9110, 15.4.4; after a read, or a change that may be repeated, it says nothing."""
    for of, verdict in (
        (CREATE, Verdict.LOST),
        (KEYED, Verdict.LOST),
        (PAYMENT, Verdict.LOST),
        (UPDATE, Verdict.REFUSED),
        (RETRIEVE, Verdict.REFUSED),
    ):
        found = attempt(of, response(status))
        assert (found.verdict, found.final) == (verdict, True)


def test_a_first_use_of_the_key_that_has_not_ended() -> None:
    """In VINR's own words alone, and on a system that has keys."""
    assert attempt(KEYED, response(409, RUNNING), key="k").verdict is Verdict.RUNNING
    assert attempt(KEYED, response(409), key="k").verdict is Verdict.REFUSED
    assert attempt(KEYED, response(409, RUNNING), key="k", system="spree").verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("of", "status"), [(CREATE, 201), (KEYED, 201), (UPDATE, 200), (PAYMENT, 200), (RETRIEVE, 200)]
)
def test_a_success_with_the_record_is_done(of: Operation, status: int) -> None:
    """The result is what the operation reads."""
    found = attempt(of, response(status, CREDIT))

    assert found.verdict is Verdict.DONE
    assert found.result.body == CREDIT
    assert (found.fault, found.mismatch) == (None, [])


@pytest.mark.parametrize("status", [200, 202, 204, 206])
def test_another_success_does_not_say_that_a_create_was_done(status: int) -> None:
    """The document names the one that does; a read, or a change that may be repeated, takes any."""
    for of in (CREATE, KEYED):
        found = attempt(of, response(status, CREDIT))
        assert (found.verdict, found.final) == (Verdict.LOST, True)
        assert found.fault is not None
        assert isinstance(found.fault.cause, UnexpectedStatusError)
    assert attempt(UPDATE, response(status, CREDIT)).verdict is Verdict.DONE
    assert attempt(RETRIEVE, response(status, CREDIT)).verdict is Verdict.DONE


@pytest.mark.parametrize("body", [b"", b"{", b"<html>", [], "text"], ids=str)
def test_a_success_that_cannot_be_read_is_lost_and_may_be_asked_for_again(body: Any) -> None:
    """A connection that was cut may bring it whole the next time."""
    found = attempt(KEYED, response(201, body), key="k")

    assert (found.verdict, found.final) == (Verdict.LOST, False)
    assert found.response is not None


@pytest.mark.parametrize("of", [CREATE, KEYED, UPDATE])
def test_a_record_that_is_about_something_else_is_final(of: Operation) -> None:
    """Asking again would prove nothing, and the first may have been executed."""
    found = attempt(of, response(of.statuses[0], {**CREDIT, "amount": 2}))

    assert (found.verdict, found.final) == (Verdict.LOST, True)
    assert found.mismatch == [("amount", 1, 2)]
    assert found.result is None


@pytest.mark.parametrize(
    ("status", "headers", "final", "wait"),
    [
        (503, {}, False, None),
        (503, {"Retry-After": "120"}, False, 120),
        (503, {"Retry-After": "121"}, True, 121),
        (503, {"X-Should-Retry": "false"}, True, None),
        (429, {"Retry-After": "121"}, False, 121),
        (429, {"X-Should-Retry": "false"}, True, None),
    ],
)
def test_what_the_server_asks_for(status: int, headers: dict[str, str], final: bool, wait: float | None) -> None:
    """A wait, perhaps one that is too long, or no repeat. How long a rate limit is waited for is a setting."""
    found = attempt(KEYED, response(status, **headers), key="k")

    assert (found.final, found.wait) == (final, wait)


def test_the_reason_of_a_resend_is_a_status_or_a_faults_name() -> None:
    """As logs and hooks show it."""
    assert attempt(CREATE, response(503)).reason == "503"
    assert attempt(CREATE, Fault("connect", httpx.ConnectError("refused"))).reason == "ConnectError"


@pytest.mark.parametrize(
    ("content", "value"), [(b'{"a": 1}', {"a": 1}), (b"", None), (b"<html>", None), (b"\xff", None)]
)
def test_the_json_of_a_body_or_nothing(content: bytes, value: Any) -> None:
    """An error page is none."""
    assert json_of(response(500, content)) == value

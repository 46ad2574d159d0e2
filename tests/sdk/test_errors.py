"""Errors: one class for each kind, with everything a person or a program needs to act on it."""

import builtins
import copy
import json
import pickle
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import store_credit
from http_library import httpx
from store_credit import (
    APIConnectionError,
    APIStatusError,
    AuthenticationError,
    ConflictError,
    InvalidResponseError,
    NotFoundError,
    NotModifiedError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
    StoreCreditError,
    ValidationError,
    WebhookVerificationError,
)
from store_credit._core import errors
from store_credit._core.response import Response
from store_credit._core.spree import SpreeSystem
from store_credit._core.vinr import VinrSystem
from together import together

NAMED = {
    304: NotModifiedError,
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}
VINR_ERROR = {
    "error": {
        "code": "parameter_invalid",
        "message": "amount must be 1 or more",
        "type": "validation_error",
        "param": "amount",
        "doc_url": "https://docs.vinr.test/errors#parameter_invalid",
        "request_id": "req_1",
    }
}
ERRORS: list[Any] = [getattr(errors, name) for name in errors.__all__]
CLONES: dict[str, Callable[[Any], Any]] = {
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "pickle": lambda error: pickle.loads(pickle.dumps(error)),
}


def raised_by(call: Callable[[], Any]) -> Any:
    """The error of a call."""
    with pytest.raises(StoreCreditError) as raised:
        call()
    return raised.value


@pytest.fixture
def vinr_error(serve: Callable[..., Any]) -> Callable[..., Any]:
    """The error of a VINR read that is answered like this."""
    return lambda *answer: raised_by(lambda: serve(*answer).vinr(max_retries=0).store_credit.retrieve("sc_1"))


@pytest.fixture
def spree_error(serve: Callable[..., Any]) -> Callable[..., Any]:
    """The error of a Spree update that is answered like this."""
    return lambda *answer: raised_by(lambda: serve(*answer).spree(max_retries=0).store_credits.update("7", memo="x"))


def test_every_status_that_is_no_success_has_its_class(vinr_error: Any) -> None:
    """Those a caller treats differently have one of their own; 5xx is the server's; the rest is a status error."""
    for status in range(300, 600):
        error = vinr_error(status)
        expected = NAMED.get(status, ServerError if status >= 500 else APIStatusError)

        assert type(error) is expected, status
        assert error.status_code == status
        assert str(status) in str(error)


def test_the_details_of_a_vinr_error(vinr_error: Any) -> None:
    """Code, family, parameter, message, request id, and the whole body with what is not known yet."""
    error = vinr_error((400, VINR_ERROR, {"x-vinr-request-id": "req_1"}))

    assert (error.code, error.type, error.param) == ("parameter_invalid", "validation_error", "amount")
    assert error.request_id == "req_1"
    assert error.body == VINR_ERROR
    assert error.errors == {}
    assert error.operation == "vinr.store_credit.retrieve"
    assert str(error) == (
        "[req_1] vinr.store_credit.retrieve got 400 parameter_invalid, parameter amount: amount must be 1 or more"
    )


def test_the_messages_of_a_spree_error_by_field(spree_error: Any, recorded: Callable[[str], Any]) -> None:
    """As the server sends them, in their order."""
    body = recorded("platform.store_credits.update_several_errors")
    error = spree_error((422, body, {"X-Request-Id": "a-uuid"}))

    assert error.errors == body["errors"]
    assert error.body == body
    assert error.request_id == "a-uuid"
    assert (error.code, error.type, error.param) == (None, None, None)
    assert body["error"] in str(error)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"title": "Out of credit.", "detail": "Your balance is 30."}, "Out of credit.: Your balance is 30."),
        ({"title": "Out of credit."}, "Out of credit."),
        ({"detail": "Your balance is 30.", "title": 5}, "Your balance is 30."),
        ({"title": ""}, '{"title": ""}'),
    ],
)
def test_problem_details_are_read(vinr_error: Any, body: dict[str, Any], message: str) -> None:
    """RFC 9457, as gateways before an API and frameworks behind it write errors."""
    more = {"type": "https://example.com/probs/out-of-credit", "code": "out_of_credit"}
    error = vinr_error((403, {**body, **more} if len(body) > 1 else body, {"Content-Type": "application/problem+json"}))

    assert str(error).endswith(message)
    assert (error.code, error.type) == (("out_of_credit", more["type"]) if len(body) > 1 else (None, None))


def test_the_request_id_comes_first_in_the_text(vinr_error: Any) -> None:
    """It is what the server's support will ask for."""
    assert str(vinr_error((500, VINR_ERROR, {"x-vinr-request-id": "req_9"}))).startswith("[req_9] ")
    assert str(vinr_error((500, b"", {"X-Request-Id": "uuid"}))).startswith("[uuid] ")
    assert str(vinr_error(500)).startswith("vinr.store_credit.retrieve ")


def test_an_html_page_of_a_proxy_is_an_error_like_any_other(spree_error: Any) -> None:
    """Its text is shown as far as it helps; the whole of it is in the response."""
    page = b"<html><head><title>502 Bad Gateway</title></head>" + b"<p>nginx</p>" * 500
    error = spree_error((502, page, {"Content-Type": "text/html"}))

    assert type(error) is ServerError
    assert "Bad Gateway" in str(error)
    assert len(str(error)) < 400
    assert error.body is None
    assert error.response.content == page


@together(
    "content",
    [
        b"",
        b" ",
        b"null",
        b"[]",
        b'"no"',
        b"5",
        b"{}",
        b'{"error":',
        b'{"error": null}',
        b'{"error": []}',
        b'{"error": {}}',
        b"\xff\xfe",
        b"[" * 50_000,
    ],
)
def test_an_undocumented_answer_is_an_error_like_any_other(vinr_error: Any, spree_error: Any, content: bytes) -> None:
    """Whatever stands where an error body should be."""
    for error in (vinr_error((418, content)), spree_error((418, content))):
        assert type(error) is APIStatusError
        assert error.response.content == content
        assert error.code is None
        assert error.errors == {}
        assert "418" in str(error)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["error", "errors", "code", "a"]), inner)
    ),
)


@given(body=values)
def test_whatever_an_error_body_holds_it_is_read_without_failing(body: Any) -> None:
    """Each detail is text, or is not there."""
    for system in (VinrSystem("http://vinr.test", derived=False), SpreeSystem()):
        details = system.error_details(body)

        for one in (details.message, details.code, details.type, details.param):
            assert one is None or isinstance(one, str)
        for texts in (details.errors or {}).values():
            assert all(isinstance(one, str) for one in texts)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {"error": "The access token is invalid"}), r"Check the token \(token= or SPREE_TOKEN\)"),
        ((302, b"", {"Location": "https://other.test/?t=1"}), r"to https://other\.test/, but the SDK does not follow"),
        ((422, {"error": "Amount is too big", "errors": {"amount": ["is too big"]}}), "Amount is too big"),
        ((429, b"", {"Retry-After": "300"}), "300"),
        (httpx.ReadTimeout("slow"), r"larger timeout= waits longer"),
        (httpx.ConnectError("refused"), r"Check that http://spree\.test is the right address"),
    ],
    ids=["401", "302", "422", "429", "timeout", "connect"],
)
def test_the_text_says_what_to_do(spree_error: Any, answer: Any, said: str) -> None:
    """In words for whoever reads the log."""
    with pytest.raises(StoreCreditError, match=said):
        raise spree_error(answer)


def test_every_error_of_a_call_has_the_same_attributes(serve: Callable[..., Any]) -> None:
    """Status, code, message, request id, key, answer and attempts: a handler need not ask which one it got."""
    answers: list[Any] = [*NAMED, 402, 500, (200, b"{"), httpx.ReadTimeout("x"), httpx.ConnectError("x")]
    for answer in answers:
        vinr = serve(answer).vinr(max_retries=0)
        for call in (
            lambda vinr=vinr: vinr.store_credit.create(customer="c", amount=1, currency="USD"),
            lambda vinr=vinr: vinr.store_credit.update("sc_1", expires_at=None),
        ):
            error = raised_by(call)
            for name in ("status_code", "code", "message", "request_id", "response", "operation"):
                assert hasattr(error, name), (error, name)
            assert error.attempts == 1
            assert error.idempotency_key
            assert error.message in str(error)


def test_the_raw_answer_is_there(vinr_error: Any) -> None:
    """With headers, text and JSON, and what the request was."""
    answer = vinr_error((429, VINR_ERROR, {"X-RateLimit-Reset": "1780000000"})).response

    assert answer.status_code == 429
    assert answer.headers["x-ratelimit-reset"] == "1780000000"
    assert answer.json() == json.loads(answer.text) == VINR_ERROR
    assert answer.operation == "vinr.store_credit.retrieve"
    assert answer.attempts == 1


# Errors as values


def examples() -> list[StoreCreditError]:
    """One error of every class, with all it can have."""
    answer = Response(400, [(b"x-vinr-request-id", b"req_1")], b'{"a": 1.50}')
    made: list[StoreCreditError] = []
    for kind in ERRORS:
        if kind is WebhookVerificationError:
            made.append(kind("what to do", check="signature"))
        elif issubclass(kind, APIStatusError):
            made.append(
                kind(
                    "what to do",
                    response=answer,
                    code="c",
                    type="t",
                    param="p",
                    errors={"a": ["b"]},
                    body={"a": 1},
                    operation="o",
                    idempotency_key="k",
                    attempts=3,
                )
            )
        elif kind is OutcomeUnknownError:
            made.append(kind("what to do", lookup={"sort": "-id"}, response=answer, idempotency_key="k"))
        else:
            made.append(kind("what to do", operation="o", idempotency_key="k", attempts=2))
    return made


@together("clone", CLONES.values())
@together("error", examples())
def test_an_error_survives_being_copied_and_sent_to_another_process(error: Any, clone: Callable[[Any], Any]) -> None:
    """With its class, its text and every attribute."""
    other = clone(error)

    assert type(other) is type(error)
    assert str(other) == str(error)
    assert other.args == error.args
    assert other.__dict__.keys() == error.__dict__.keys()
    for name in ("code", "idempotency_key", "operation", "attempts", "lookup", "check", "param", "errors", "body"):
        assert getattr(other, name, None) == getattr(error, name, None)
    if error.response is not None:
        assert other.response.content == error.response.content
        assert other.request_id == error.request_id == "req_1"


def test_an_error_of_a_real_call_survives_too(vinr_error: Any) -> None:
    """With a Retry-After and notes."""
    error = vinr_error((429, VINR_ERROR, {"Retry-After": "5"}))
    error.add_note("while topping up")
    other = pickle.loads(pickle.dumps(error))

    assert other.retry_after == 5.0
    assert other.__notes__ == ["while topping up"]
    assert other.response.headers["retry-after"] == "5"


def test_errors_show_their_public_home(vinr_error: Any) -> None:
    """A traceback names the class that is imported to catch it."""
    lines = traceback.format_exception(vinr_error(404))

    assert lines[-1].startswith("store_credit.NotFoundError: vinr.store_credit.retrieve (GET /v1/store-credit/sc_1) ")
    assert repr(vinr_error(404)).startswith("NotFoundError(")


def test_errors_can_be_caught_by_what_python_calls_them() -> None:
    """A wrong argument is a ValueError, a missing field an AttributeError; no name hides a builtin."""
    assert issubclass(store_credit.InvalidArgumentError, ValueError)
    assert issubclass(store_credit.MoneyError, ValueError)
    assert issubclass(store_credit.MissingFieldError, AttributeError)
    assert not {kind.__name__ for kind in ERRORS} & set(dir(builtins))


def test_an_unknown_outcome_is_not_caught_by_what_repeats_calls() -> None:
    """Code that repeats a call on connection or server errors must not repeat this one."""
    assert not issubclass(OutcomeUnknownError, APIConnectionError | APIStatusError)
    assert issubclass(InvalidResponseError, APIConnectionError)
    assert issubclass(OutcomeUnknownError, StoreCreditError)

"""Texts of a server in errors and logs: they forge no line, move no cursor, and have an end."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from http_library import httpx
from store_credit import OutcomeUnknownError, StoreCreditError
from store_credit._core import logs
from together import together

FORGED = "\x1b[2J\n2026-11-28 store_credit INFO all is well\r\u2028\u202egnp.exe\x9b\x00"
LONGEST = 2000


def control_characters(text: str) -> list[str]:
    """What would move a cursor, begin a line or turn a text round."""
    return [one for one in text if not one.isprintable() and one != " "]


@given(text=st.text(st.characters() | st.sampled_from("\x00\x1b\n\r\x85\u2028\u2029\u202a\u202e\u2066\u2069\x9b\x7f")))
def test_a_text_fit_to_be_shown_has_no_control_character(text: str) -> None:
    """They are written with a backslash; what is printable stays."""
    shown = logs.shown(text)

    assert not any(one in shown for one in "\x00\x07\x08\t\n\v\f\r\x1b\x7f\x85\x9b\u2028\u2029\u202a\u202e\u2066\u2069")
    if text.isprintable() and len(text) <= LONGEST:
        assert shown == text


@given(text=st.text(min_size=1, max_size=50), times=st.integers(1, 500), longest=st.integers(40, 3000))
def test_a_long_text_is_cut_and_says_how_long_it_was(text: str, times: int, longest: int) -> None:
    """A short one is left alone."""
    long = text * times
    found = logs.cut(long, longest)

    assert len(found) <= longest
    if len(long) <= longest:
        assert found == long
    else:
        assert found.endswith(f" ... ({len(long)} long)")
        assert long.startswith(found.partition(" ... (")[0] if " ... (" not in text else "")


# Through a client


def vinr_error(message: str) -> Any:
    return {"error": {"code": "parameter_invalid", "message": message, "param": "amount"}}


CALLS: dict[str, Callable[[Any], Any]] = {
    "create": lambda vinr: vinr.store_credit.create(customer="c", amount=1, currency="USD"),
    "retrieve": lambda vinr: vinr.store_credit.retrieve("sc_1"),
}
RESPONSES: dict[str, Callable[[str], Any]] = {
    "message": lambda text: (400, vinr_error(text)),
    "code": lambda text: (400, {"error": {"code": text, "message": "no"}}),
    "param": lambda text: (400, {"error": {"code": "c", "message": "no", "param": text}}),
    "html": lambda text: (502, text.encode(), {"Content-Type": "text/html"}),
    "not JSON": lambda text: (200, text.encode(), {"Content-Type": "text/html"}),
    "not JSON, 404": lambda text: (404, text.encode()),
}


@pytest.mark.parametrize("place", RESPONSES)
@together("method", CALLS)
@together("text", [FORGED, "x" * 500_000, FORGED * 10_000])
def test_no_text_of_a_server_forges_a_line_or_has_no_end(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, method: str, place: str, text: str
) -> None:
    """Neither in the error nor in the log; the advice behind it is still there."""
    caplog.set_level(logging.INFO, "store_credit")
    vinr = serve(RESPONSES[place](text)).vinr(max_retries=0)
    with pytest.raises(StoreCreditError) as raised:
        CALLS[method](vinr)

    for shown in (str(raised.value), *[record.getMessage() for record in caplog.records]):
        assert control_characters(shown) == []
        assert len(shown) <= LONGEST
    if isinstance(raised.value, OutcomeUnknownError):
        assert "settle()" in str(raised.value)


@pytest.mark.parametrize("name", ["x-vinr-request-id", "X-Request-Id"])
def test_a_request_id_is_escaped_and_cut(
    serve: Callable[..., Any], caplog: pytest.LogCaptureFixture, name: str
) -> None:
    """It stands first in every error, and in every line of the log."""
    caplog.set_level(logging.INFO, "store_credit")
    value = b"\x1b[2J\x9bforged " + b"r" * 60_000

    def answer(request: Any) -> httpx.Response:
        return httpx.Response(500, headers=[(name.encode(), value)])

    with pytest.raises(StoreCreditError) as raised:
        serve(answer).vinr(max_retries=0).store_credit.retrieve("sc_1")

    for shown in (str(raised.value), *[record.getMessage() for record in caplog.records]):
        assert control_characters(shown) == []
        assert len(shown) <= LONGEST + 300
    assert str(raised.value).startswith("[\\x1b[2J")


def test_a_location_is_escaped_and_shown_without_its_query(serve: Callable[..., Any]) -> None:
    """A token may stand in it."""
    place = "https://other.test/\x1b[2Jpath?access_token=S3CRET#top"
    answer = httpx.Response(302, headers=[(b"Location", place.encode())])
    with pytest.raises(StoreCreditError) as raised:
        serve(lambda request: answer).vinr().store_credit.retrieve("sc_1")

    assert "redirects to https://other.test/" in str(raised.value)
    assert "S3CRET" not in str(raised.value)
    assert control_characters(str(raised.value)) == []


def test_a_value_that_came_back_wrong_is_cut(serve: Callable[..., Any], credit: Any) -> None:
    """Both sides are shown, as far as they help."""
    other = {**credit, "customer": FORGED * 100_000}
    with pytest.raises(OutcomeUnknownError, match="customer was sent as 'c' and came back as") as raised:
        serve(lambda request: httpx.Response(201, json=other)).vinr().store_credit.create(
            customer="c", amount=1000, currency="USD"
        )

    assert len(str(raised.value)) <= LONGEST
    assert control_characters(str(raised.value)) == []
    assert raised.value.mismatch[0].received == other["customer"]

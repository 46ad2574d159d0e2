"""Webhooks: headers are taken as frameworks give them, and a genuine body becomes an event."""

import json
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import parse_headers
from io import BytesIO
from typing import Any

import httpx
import pytest

from signed_events import NOW, PAYLOAD, SECRET, event, failed, headers
from store_credit import WebhookVerificationError, webhooks
from store_credit.models import VinrEvent, VinrStoreCredit, VinrStoreCreditCreatedEvent, VinrStoreCreditUpdatedEvent
from together import together


@together(
    "names",
    [
        ("X-Vinr-Signature", "X-Vinr-Timestamp"),
        ("x-vinr-signature", "x-vinr-timestamp"),
        ("X-VINR-SIGNATURE", "X-VINR-TIMESTAMP"),
        ("Vinr-Signature", "X-Vinr-Timestamp"),
        ("vinr-signature", "x-vinr-timestamp"),
        ("HTTP_X_VINR_SIGNATURE", "HTTP_X_VINR_TIMESTAMP"),
    ],
)
@together("shape", ["mapping", "pairs", "bytes", "lists"])
def test_headers_are_found_as_frameworks_give_them(credit: dict[str, Any], names: tuple[str, str], shape: str) -> None:
    """In any case, as a mapping or as pairs, as text or as bytes, under either name of the signature."""
    payload = event(credit)
    given: dict[str, str] = dict(zip(names, headers(payload).values(), strict=False)) | {"Host": "shop.test"}
    shaped: Any = {
        "mapping": given,
        "pairs": list(given.items()),
        "bytes": [(name.encode(), value.encode()) for name, value in given.items()],
        "lists": {name: [value] for name, value in given.items()},
    }[shape]

    assert webhooks.parse(payload, shaped, SECRET, now=NOW).id == "evt_1"


class OnlyItems:
    """A framework's own class, which is neither a mapping nor a sequence."""

    def __init__(self, pairs: dict[str, str]) -> None:
        self.pairs = pairs

    def items(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs.items())


def message(pairs: dict[str, str]) -> Message:
    """Headers as `http.server` gives them in `self.headers`."""
    return parse_headers(BytesIO("".join(f"{name}: {value}\r\n" for name, value in pairs.items()).encode() + b"\r\n"))


def environ(pairs: dict[str, str]) -> dict[str, Any]:
    """The environ of WSGI, which is Django's META as well."""
    given: dict[str, Any] = {"wsgi.input": BytesIO(), "wsgi.version": (1, 0), "REQUEST_METHOD": "POST"}
    return given | {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in pairs.items()}


@together(
    "shape",
    [
        message,
        environ,
        OnlyItems,
        httpx.Headers,
        lambda pairs: [(name.lower().encode(), value.encode()) for name, value in pairs.items()],
        lambda pairs: iter(pairs.items()),
    ],
)
def test_headers_are_taken_as_servers_have_them(credit: dict[str, Any], shape: Callable[[dict[str, str]], Any]) -> None:
    """Without turning them into a dict first."""
    payload = event(credit)
    given = shape(webhooks.test_headers(payload, SECRET, timestamp=NOW))

    assert webhooks.parse(payload, given, SECRET, now=NOW).id == "evt_1"


def test_a_header_that_came_twice_is_noticed_in_a_message() -> None:
    """Its `items` give both."""
    given = message(headers(PAYLOAD))
    given["x-vinr-signature"] = "00"

    assert failed(lambda: webhooks.parse(PAYLOAD, given, SECRET, now=NOW)) == "headers"


def test_headers_for_tests_are_those_that_are_sent(credit: dict[str, Any]) -> None:
    """They verify at once; a timestamp of one's own makes them old."""
    payload = event(credit)
    made = webhooks.test_headers(payload, SECRET)

    assert set(made) == {"Content-Type", "X-Vinr-Signature", "X-Vinr-Timestamp"}
    assert webhooks.parse(payload, made, SECRET).id == "evt_1"
    assert failed(lambda: webhooks.parse(payload + b" ", made, SECRET)) == "signature"
    old = webhooks.test_headers(payload, SECRET, timestamp=NOW)
    assert old == headers(payload)
    assert failed(lambda: webhooks.parse(payload, old, SECRET)) == "tolerance"


def test_pytest_does_not_take_the_helper_for_a_test(pytester: pytest.Pytester) -> None:
    """A module of tests may import it by its name."""
    module = pytester.getmodulecol("from store_credit.webhooks import test_headers\n\ndef test_mine(): pass\n")

    assert [one.name for one in pytester.genitems([module])] == ["test_mine"]


@together(
    "given",
    [
        {},
        {"X-Vinr-Signature": "00"},
        {"X-Vinr-Timestamp": str(NOW)},
        {"Vinr-Signature": "00", "Date": "x"},
        [("X-Vinr-Signature", "00"), ("x-vinr-signature", "11"), ("X-Vinr-Timestamp", str(NOW))],
        [("X-Vinr-Signature", "00"), ("X-Vinr-Timestamp", "1"), ("X-Vinr-Timestamp", "2")],
        None,
        5,
        "X-Vinr-Signature: 00",
    ],
)
def test_missing_and_repeated_headers_are_refused(given: Any) -> None:
    """The timestamp is needed whatever the signature is called."""
    assert failed(lambda: webhooks.parse(PAYLOAD, given, SECRET, now=NOW)) == "headers"


@pytest.mark.parametrize(
    ("kind", "model"),
    [
        ("store_credit.created", VinrStoreCreditCreatedEvent),
        ("store_credit.updated", VinrStoreCreditUpdatedEvent),
    ],
)
def test_an_event_has_the_class_of_its_type(credit: dict[str, Any], kind: str, model: type) -> None:
    """Its object is the credit."""
    payload = event(credit, kind)
    parsed = webhooks.parse(payload, headers(payload), SECRET, now=NOW)

    assert type(parsed) is model
    assert parsed.type == kind
    assert parsed.created.timestamp() == NOW
    assert isinstance(parsed.data.object, VinrStoreCredit)
    assert parsed.data.object.balance_remaining == 750
    assert parsed.to_dict() == json.loads(payload)


@pytest.mark.parametrize("kind", ["store_credit.expired", "payment.succeeded"])
def test_an_event_of_a_type_that_is_new_is_a_plain_one(credit: dict[str, Any], kind: str) -> None:
    """What it is about is not typed, for it may be anything."""
    payload = event(credit, kind)
    parsed = webhooks.parse(payload, headers(payload), SECRET, now=NOW)

    assert type(parsed) is VinrEvent
    assert (parsed.type, parsed.raw_type) == ("unknown", kind)
    assert parsed.data.object == credit
    assert parsed.to_dict() == json.loads(payload)


@together("body", [b"", b"[]", b"null", b"{", b'"x"', b"\xff", b"[" * 100_000])
def test_a_signed_body_that_is_no_event_fails_the_payload_check(body: bytes) -> None:
    """Whoever signed it."""
    assert failed(lambda: webhooks.parse(body, headers(body), SECRET, now=NOW)) == "payload"


@together("body", [{}, {"type": None}, {"type": ["x"]}, {"type": "x", "data": None}])
def test_an_odd_event_is_still_an_event(body: Any) -> None:
    """What can be read of it is."""
    payload = json.dumps(body).encode()

    assert webhooks.parse(payload, headers(payload), SECRET, now=NOW).to_dict() == body


@together("check", ["headers", "payload", "signature", "timestamp", "tolerance"])
def test_the_error_says_what_failed_in_words_too(check: str) -> None:
    """And never how close it was."""
    good = headers(PAYLOAD)
    calls: dict[str, Callable[[], Any]] = {
        "headers": lambda: webhooks.parse(PAYLOAD, {}, SECRET, now=NOW),
        "payload": lambda: webhooks.parse("x", good, SECRET, now=NOW),  # type: ignore[arg-type]
        "signature": lambda: webhooks.parse(b"x", good, SECRET, now=NOW),
        "timestamp": lambda: webhooks.parse(PAYLOAD, good | {"X-Vinr-Timestamp": "x"}, SECRET, now=NOW),
        "tolerance": lambda: webhooks.parse(PAYLOAD, good, SECRET, now=NOW + 900),
    }
    with pytest.raises(WebhookVerificationError) as raised:
        calls[check]()

    assert raised.value.check == check
    assert {"headers": "header", "tolerance": "seconds from the current time"}.get(check, check) in str(raised.value)
    assert good["X-Vinr-Signature"] not in str(raised.value)

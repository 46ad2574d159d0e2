"""Webhooks: an event is read only when it is genuine and fresh, and the error names the check that failed."""

import hmac
import json
import time
from collections.abc import Callable, Iterator
from email.message import Message
from http.client import parse_headers
from io import BytesIO
from typing import Any

import httpx
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from store_credit import ConfigurationError, StoreCreditError, WebhookVerificationError, webhooks
from store_credit.models import VinrEvent, VinrStoreCredit, VinrStoreCreditCreatedEvent, VinrStoreCreditUpdatedEvent
from together import together

SECRET = "whsec_test"
NOW = 1716300000
PAYLOAD = b'{"id":"evt_1"}'


def event(credit: dict[str, Any], kind: str = "store_credit.created") -> bytes:
    """The body of an event about a credit."""
    return json.dumps({"id": "evt_1", "type": kind, "data": {"object": credit}, "created": NOW}).encode()


def headers(payload: bytes, secret: str = SECRET, timestamp: int = NOW) -> dict[str, str]:
    """What VINR sends beside a body."""
    signature = webhooks.sign(payload, timestamp, secret)
    return {"X-Vinr-Signature": signature, "X-Vinr-Timestamp": str(timestamp), "Content-Type": "application/json"}


def failed(check: Callable[[], Any]) -> str:
    """Which check failed."""
    with pytest.raises(WebhookVerificationError) as raised:
        check()
    assert isinstance(raised.value, StoreCreditError)
    assert SECRET not in str(raised.value)
    return raised.value.check


def test_the_signature_is_the_hex_of_an_hmac_over_time_and_body() -> None:
    """Under the whole text of the secret; the expected value was made with openssl."""
    expected = "b2cbb955a55e6c6d18376449e3d1e4b805702fbdf7c01dfef80e80d0e637af8b"

    assert webhooks.sign(PAYLOAD, NOW, SECRET) == expected
    assert webhooks.sign(PAYLOAD, str(NOW), SECRET) == expected


@given(payload=st.binary(), timestamp=st.integers(0, 10**12 - 1), secret=st.text(min_size=1))
def test_what_is_signed_verifies(payload: bytes, timestamp: int, secret: str) -> None:
    """Any body, at any time, under any secret."""
    assume(secret.isprintable() and secret == secret.strip())
    signature = webhooks.sign(payload, timestamp, secret)

    webhooks.verify(payload, signature, timestamp, secret, now=timestamp)
    webhooks.verify(payload, signature.upper(), str(timestamp), secret, now=timestamp)


@given(payload=st.binary(min_size=1, max_size=50), data=st.data())
def test_one_changed_bit_of_the_body_is_noticed(payload: bytes, data: st.DataObject) -> None:
    """Wherever it is."""
    signature = webhooks.sign(payload, NOW, SECRET)
    place, bit = data.draw(st.integers(0, len(payload) - 1)), data.draw(st.integers(0, 7))
    changed = bytearray(payload)
    changed[place] ^= 1 << bit

    assert failed(lambda: webhooks.verify(bytes(changed), signature, NOW, SECRET, now=NOW)) == "signature"


@given(signature=st.text(max_size=80))
@example("")
@example("é" * 64)
@example("\ud800")
def test_no_other_signature_verifies(signature: str) -> None:
    """Whatever text stands in the header."""
    assume(signature.strip().lower() != webhooks.sign(PAYLOAD, NOW, SECRET))

    assert failed(lambda: webhooks.verify(PAYLOAD, signature, NOW, SECRET, now=NOW)) == "signature"


SIGNATURE = webhooks.sign(PAYLOAD, NOW, SECRET)
RIGHT: dict[str, Any] = {"payload": PAYLOAD, "signature": SIGNATURE, "timestamp": NOW, "secret": SECRET, "now": NOW}
NOT_BYTES = ['{"id":"evt_1"}', {"id": "evt_1"}, None, 5]
NOT_SECONDS = ["", "now", "-5", "1716300000.0", "١٧١٦٣٠٠٠٠٠", " 1716300000", "0x10", "9" * 13, None, 1.5, b"1716300000"]


@together(
    ("check", "changed"),
    [
        # A part of the signature is not enough, nor is the signature with something behind it, nor anything but text.
        *(("signature", {"signature": one}) for one in (SIGNATURE[:1], SIGNATURE[:63], SIGNATURE + "0")),
        *(("signature", {"signature": one}) for one in (None, 5, b"00", ["00"])),
        # An old event cannot be given a new time.
        ("signature", {"timestamp": NOW + 1}),
        # The signature is checked before the age: a forged event learns nothing about the clock.
        ("signature", {"signature": "00", "timestamp": 1}),
        # A secret is taken off the list.
        ("signature", {"secret": ["a", "b"]}),
        # It may be one that somebody sends again.
        *(("tolerance", {"now": NOW + age}) for age in (-100_000, -301, 300.5, 301, 100_000)),
        # Refused before it is compared with the clock.
        *(("timestamp", {"signature": "00", "timestamp": one}) for one in NOT_SECONDS),
        # A body that was decoded and written again is another one.
        *(("payload", {"payload": one}) for one in NOT_BYTES),
    ],
)
def test_what_is_not_right_fails_the_check_it_is_about(check: str, changed: dict[str, Any]) -> None:
    """And no other."""
    assert failed(lambda: webhooks.verify(**(RIGHT | changed))) == check
    if check == "payload":
        assert failed(lambda: webhooks.parse(changed["payload"], headers(b""), SECRET, now=NOW)) == "payload"


@pytest.mark.parametrize("age", [-300, -299.5, 0, 300])
def test_five_minutes_either_way_are_tolerated(age: Any) -> None:
    """Clocks differ; more, or any age, only where it is asked for."""
    webhooks.verify(**(RIGHT | {"now": NOW + age}))
    webhooks.verify(**(RIGHT | {"now": NOW + 300 * age}), tolerance=90_000)
    webhooks.verify(**(RIGHT | {"now": NOW + 10_000 * age}), tolerance=None)


def test_now_is_the_clock_of_the_machine() -> None:
    """Unless the caller says otherwise."""
    now = int(time.time())
    webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, now, SECRET), now, SECRET)

    signature = webhooks.sign(PAYLOAD, now - 3600, SECRET)
    assert failed(lambda: webhooks.verify(PAYLOAD, signature, now - 3600, SECRET)) == "tolerance"


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_every_kind_of_bytes_will_do(kind: Callable[[bytes], Any], credit: dict[str, Any]) -> None:
    """As frameworks hand them out."""
    payload = event(credit)

    assert webhooks.parse(kind(payload), headers(payload), SECRET, now=NOW).id == "evt_1"


# Secrets


@pytest.mark.parametrize("secrets", [[SECRET, "whsec_new"], ["whsec_new", SECRET], ("a", "b", SECRET)], ids=str)
def test_several_secrets_are_good_while_one_replaces_another(secrets: Any) -> None:
    """In any order."""
    webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, NOW, SECRET), NOW, secrets, now=NOW)


@pytest.mark.parametrize("right", [0, 1, 2, None])
def test_every_secret_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch, right: int | None) -> None:
    """Whichever is right, the time taken says nothing."""
    compared: list[tuple[bytes, bytes]] = []
    compare = hmac.compare_digest

    def watched(first: bytes, second: bytes) -> bool:
        compared.append((first, second))
        return compare(first, second)

    monkeypatch.setattr("hmac.compare_digest", watched)
    secrets = ["whsec_a", "whsec_b", "whsec_c"]
    signature = webhooks.sign(PAYLOAD, NOW, "other" if right is None else secrets[right])
    try:
        webhooks.verify(PAYLOAD, signature, NOW, secrets, now=NOW)
    except WebhookVerificationError:
        assert right is None

    assert len(compared) == 3
    assert {len(part) for pair in compared for part in pair} == {64}


def test_the_secret_may_stand_in_the_environment(environment: pytest.MonkeyPatch) -> None:
    """Several are separated by commas; an argument wins."""
    environment.setenv("VINR_WEBHOOK_SECRET", f"whsec_old, {SECRET}")
    webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, NOW, SECRET), NOW, now=NOW)
    webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, NOW, "whsec_old"), NOW, now=NOW)

    signature = webhooks.sign(PAYLOAD, NOW, SECRET)
    assert failed(lambda: webhooks.verify(PAYLOAD, signature, NOW, "whsec_mine", now=NOW)) == "signature"


@together("secret", [None, "", [], [""], b"whsec", [b"whsec"], 5, [None]])
def test_without_a_secret_nothing_is_verified(secret: Any) -> None:
    """An empty one would let everybody sign."""
    signature = webhooks.sign(PAYLOAD, NOW, "")
    with pytest.raises(ConfigurationError, match="secret"):
        webhooks.verify(PAYLOAD, signature, NOW, secret, now=NOW)


WRONG: Any = "of another type"

UNUSABLE = {
    "whsec_hidden\n": "line break",
    "whsec_hidden\r\n": "line break",
    "\nwhsec_hidden": "line break",
    "whsec_\nhidden": "line break",
    " whsec_hidden": "white space",
    "whsec_hidden\t": "white space",
    "whsec_hidden\u00a0": "white space",
    "whsec_\x00hidden": "control character",
}


@together(("secret", "problem"), UNUSABLE.items())
def test_a_secret_as_a_file_gives_it_is_named(secret: str, problem: str) -> None:
    """Every signature would fail, and the error would blame the body. The secret itself is not shown."""
    signature = webhooks.sign(PAYLOAD, NOW, secret)
    calls: dict[str, Callable[[], Any]] = {
        "secret ": lambda: webhooks.verify(PAYLOAD, signature, NOW, secret, now=NOW),
        "secret[1] ": lambda: webhooks.parse(PAYLOAD, headers(PAYLOAD), [SECRET, secret], now=NOW),
        "secret  ": lambda: webhooks.test_headers(PAYLOAD, secret),
    }
    for name, call in calls.items():
        with pytest.raises(ConfigurationError, match=problem) as raised:
            call()
        assert str(raised.value).startswith(name.rstrip() + " ")
        assert "hidden" not in str(raised.value)


def test_the_environment_may_have_white_space_around_its_commas(environment: pytest.MonkeyPatch) -> None:
    """A line break within a secret is named with its variable."""
    environment.setenv("VINR_WEBHOOK_SECRET", f" whsec_old ,\t{SECRET}\n")
    webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, NOW, SECRET), NOW, now=NOW)

    environment.setenv("VINR_WEBHOOK_SECRET", "whsec_old\nwhsec_new")
    with pytest.raises(ConfigurationError, match="VINR_WEBHOOK_SECRET holds a line break"):
        webhooks.verify(PAYLOAD, "00", NOW, now=NOW)


@together(
    "call",
    {
        "a signature": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, secret, now=NOW),
        "several": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, ["whsec_other", secret], now=NOW),
        "an age": lambda secret: webhooks.verify(PAYLOAD, webhooks.sign(PAYLOAD, NOW, secret), NOW, secret, now=0),
        "a payload": lambda secret: webhooks.verify(WRONG, "00", NOW, secret),
        "a tolerance": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, secret, -1),
        "a line break": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, secret + "\n"),
        "one of several with a line break": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, [secret, secret + "\n"]),
        "bytes": lambda secret: webhooks.verify(PAYLOAD, "00", NOW, secret.encode()),
        "headers": lambda secret: webhooks.parse(PAYLOAD, {}, secret),
        "no headers": lambda secret: webhooks.parse(PAYLOAD, WRONG, secret),
        "no event": lambda secret: webhooks.parse(b"[]", headers(b"[]", secret), secret, now=NOW),
        "sign a text": lambda secret: webhooks.sign(WRONG, NOW, secret),
        "headers of a text": lambda secret: webhooks.test_headers(WRONG, secret),
        "headers for a line break": lambda secret: webhooks.test_headers(PAYLOAD, secret + "\n"),
    }.items(),
)
def test_no_frame_of_this_package_shows_the_secret(call: tuple[str, Callable[[str], Any]]) -> None:
    """Trackers of errors send the locals of every frame."""
    secret = "whsec_" + "hidden"
    with pytest.raises((StoreCreditError, TypeError)) as raised:
        call[1](secret)

    frames = 0
    error: BaseException | None = raised.value
    while error is not None:
        step = error.__traceback__
        while step is not None:
            if "store_credit" in step.tb_frame.f_code.co_filename:
                frames += 1
                assert "hidden" not in repr(step.tb_frame.f_locals)
            step = step.tb_next
        error = error.__context__
    assert frames > 0


@together("tolerance", ["300", -1, float("nan"), float("inf"), [300]])
def test_a_tolerance_that_checks_nothing_is_refused(tolerance: Any) -> None:
    """None is the way to leave the age unchecked."""
    signature = webhooks.sign(PAYLOAD, NOW, SECRET)
    with pytest.raises(ConfigurationError, match="tolerance"):
        webhooks.verify(PAYLOAD, signature, NOW, SECRET, tolerance, now=NOW)


def test_the_text_of_an_error_is_short_and_plain() -> None:
    """Whatever was passed."""
    with pytest.raises(ConfigurationError) as raised:
        webhooks.verify(PAYLOAD, "00", NOW, SECRET, "\x1b[2J\n" + "9" * 10**6)  # type: ignore[arg-type]

    assert len(str(raised.value)) < 2000
    assert str(raised.value).isprintable()


# Headers and events


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
    assert {"headers": "header", "tolerance": "seconds from now"}.get(check, check) in str(raised.value)
    assert good["X-Vinr-Signature"] not in str(raised.value)

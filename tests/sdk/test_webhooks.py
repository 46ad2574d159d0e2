"""Webhooks: an event is read only when it is genuine and fresh, and the error names the check that failed."""

import hmac
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from signed_events import NOW, PAYLOAD, SECRET, event, failed, headers
from store_credit import ConfigurationError, StoreCreditError, WebhookVerificationError, webhooks
from together import together


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
    " whsec_hidden": "whitespace",
    "whsec_hidden\t": "whitespace",
    "whsec_hidden\u00a0": "whitespace",
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
    with pytest.raises(ConfigurationError, match="VINR_WEBHOOK_SECRET contains a line break"):
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

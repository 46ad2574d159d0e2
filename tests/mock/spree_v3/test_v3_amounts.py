"""Amounts of v3: what each version takes, keeps and shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

LENIENT = ["5.5", "5.6", "6.0-alpha", "6.0-alpha+ledger"]
TAKEN: list[tuple[Any, str]] = [
    ("50.00", "50.0"), (12.5, "12.5"), (7, "7.0"), (0.30000000000000004, "0.3"), ("10.005", "10.01"),
    ("10.004", "10.0"), ("1.23456", "1.23"), (10.005, "10.01"), ("1,234.50", "1234.5"), ("49,50", "4950.0"),
    ("1.234,50", "1.23"), (" 12.50 ", "12.5"), ("$12.50", "12.5"), ("12.50 USD", "12.5"), ("+5.00", "5.0"),
    ("1e2", "12.0"), ("1e30", "130.0"), (".5", "0.5"), ("0x10", "10.0"), ("1_000", "1000.0"),
]  # fmt: skip
"""What is sent for an amount, and what becomes of it."""
NOT_POSITIVE = "Amount must be greater than 0"


@pytest.mark.parametrize("profile", LENIENT)
def test_what_is_taken_before_6(v3_of: Maker, profile: str) -> None:
    """Numbers and text, cleaned up and rounded half up to two decimals (v3.admin.store_credits.create_*; trap 1)."""
    v3 = v3_of(profile)
    assert [(sent, v3.give(sent, customer=2, memo=str(sent))["amount"]) for sent, _ in TAKEN] == TAKEN


@pytest.mark.parametrize("profile", LENIENT)
def test_what_is_not_positive(v3_of: Maker, profile: str) -> None:
    """Text without digits and lists are 0, and 0 is refused."""
    v3 = v3_of(profile)
    for sent in ("abc", "", "0", "0.00", 0, "0.001", "NaN", ["5"], {"value": "5"}):
        refused = error(v3.send("POST", v3.credits(), {"amount": sent, "currency": "USD"}), 422)
        assert refused == {
            "code": "validation_error",
            "message": NOT_POSITIVE,
            "details": {"amount": ["must be greater than 0"]},
        }


@pytest.mark.parametrize("profile", LENIENT)
def test_what_else_is_refused(v3_of: Maker, profile: str) -> None:
    """A negative amount breaks three checks, `true` is no number, null is stumbled over."""
    v3 = v3_of(profile)
    three = f"{NOT_POSITIVE}, Amount used Cannot be greater than amount., and Amount authorized Exceeds total credits."
    for sent, status, message in (
        ("-5.00", 422, three),
        (-5, 422, three),
        (True, 422, "Amount is not a number"),
        (None, 400, "comparison of BigDecimal with nil failed"),
    ):
        refused = error(v3.send("POST", v3.credits(), {"amount": sent, "currency": "USD"}), status)
        assert refused["message"] == message
    given = v3.give()
    for sent, status in (("-1", 422), (None, 400), ("", 422)):
        assert v3.send("PATCH", v3.credits(1, given["id"]), {"amount": sent}).status == status
    assert v3.json("GET", v3.credits(1, given["id"]))["amount"] == "50.0"


@pytest.mark.parametrize("profile", LENIENT)
def test_the_locale_of_a_request_makes_an_amount_a_hundredfold(v3_of: Maker, profile: str) -> None:
    """Text "25.50" is 2550 in German, by header or query, on PATCH too; numbers are safe, Accept-Language is (2)."""
    v3 = v3_of(profile)
    body = {"amount": "25.50", "currency": "USD"}
    german = v3.json("POST", v3.credits(), body, X_Spree_Locale="de")
    assert (german["amount"], german["display_amount"]) == ("2550.0", "$2.550,00")
    assert v3.json("POST", v3.credits() + "?locale=de", body)["amount"] == "2550.0"
    # Rails puts body and query into one (read).
    assert v3.json("POST", v3.credits(), {**body, "locale": "de"})["amount"] == "2550.0"
    assert v3.json("POST", v3.credits() + "?locale=en", {**body, "locale": "de"})["amount"] == "25.5"
    assert v3.json("POST", v3.credits(), {**body, "amount": 25.5}, X_Spree_Locale="de")["amount"] == "25.5"
    assert v3.json("POST", v3.credits(), body, Accept_Language="de")["amount"] == "25.5"
    assert v3.json("POST", v3.credits(), body, X_Spree_Locale="xx")["amount"] == "25.5"
    path = v3.credits(1, german["id"])
    assert v3.json("PATCH", path, {"amount": "9.60"}, X_Spree_Locale="de")["amount"] == "960.0"


def test_strict_mode_refuses_the_locale_that_the_document_does_not_have(v3_of: Maker) -> None:
    """A body with `locale` breaks the OpenAPI document, so that a test finds the trap before a shop does."""
    v3 = v3_of("5.6", strict=True)
    refused = error(v3.send("POST", v3.credits(), {"amount": "25.50", "currency": "USD", "locale": "de"}), 400)
    assert "locale" in refused["message"]
    assert v3.json("GET", v3.credits())["data"] == []


def test_a_comma_is_a_decimal_mark_in_german_alone(v3_of: Maker) -> None:
    """ "25,50" is 25.5 under `X-Spree-Locale: de` (v3.admin.store_credits.create_de_comma)."""
    v3 = v3_of("5.6")
    body = {"amount": "25,50", "currency": "USD"}
    assert v3.json("POST", v3.credits(), body, X_Spree_Locale="de")["amount"] == "25.5"


def test_how_amounts_are_shown(v3_of: Maker) -> None:
    """The shortest form until 6.0, the currency's own decimals from then on; a sum of nothing is "0" (trap 10)."""
    shown = {"USD": ("25", "25.0", "25.00"), "JPY": ("1000", "1000.0", "1000"), "KWD": ("1.5", "1.5", "1.500")}
    for profile, place in (("5.6", 1), ("6.0-alpha", 1), ("6.0", 2)):
        v3 = v3_of(profile)
        for currency, row in shown.items():
            assert v3.give(row[0], currency)["amount"] == row[place]
        me = v3.json("GET", "/api/v3/store/customers/me", key=SHOP, token=v3.sign_in("bob@example.com"))
        assert me["available_store_credit_total"] == ("0" if place == 1 else "0.00")
        assert ("display_amount" in v3.give()) == (place == 1)


def test_texts_for_people_follow_the_locale_of_each_request(v3_of: Maker) -> None:
    """The same record is "$1,500.50" and "$1.500,50" by turns, alone and in a list; the amount stays (section 4)."""
    v3 = v3_of("5.6")
    credit = v3.give("1500.50")
    for locale, shown in (("en", "$1,500.50"), ("de", "$1.500,50"), ("en", "$1,500.50")):
        alone = v3.json("GET", v3.credits(1, credit["id"]), X_Spree_Locale=locale)
        listed = v3.json("GET", v3.credits(), X_Spree_Locale=locale)["data"][0]
        assert alone == listed
        assert (alone["display_amount"], alone["amount"]) == (shown, "1500.5")


def test_what_more_than_two_decimals_become(v3_of: Maker) -> None:
    """KWD 1.525 is stored 1.53 before 6.0, and kept by 6.0; JPY 1000.50 is shown as 1,001 (sheet section 4)."""
    v3 = v3_of("5.6")
    dinar, yen = v3.give("1.525", "KWD"), v3.give("1000.50", "JPY")
    assert (dinar["amount"], dinar["display_amount"]) == ("1.53", "د.ك1.530")
    assert (yen["amount"], yen["display_amount"]) == ("1000.5", "¥1,001")
    assert v3_of("6.0").give("1.525", "KWD")["amount"] == "1.525"


def test_6_takes_canonical_text_alone(v3_of: Maker) -> None:
    """A number, another way of writing or too many decimals is 422 invalid_money_format (read; traps 1 and 2)."""
    v3 = v3_of("6.0")
    usd: list[Any] = [25, 25.5, "25,50", "1,000.00", "$5", " 5", "1e2", "abc", True, "5.001"]
    for sent, currency in (*((amount, "USD") for amount in usd), ("5.1", "JPY"), ("1.5255", "KWD")):
        body = {"amount": sent, "currency": currency, "metadata": {"amount": 1}}
        refused = error(v3.send("POST", v3.credits(), body, idempotency=f"{sent}"), 422)
        assert (refused["code"], set(refused["details"])) == ("invalid_money_format", {"amount"})
        fine = v3.send("POST", v3.credits(), {**body, "amount": "5"}, idempotency=f"{sent}")
        assert (fine.status, fine.header("idempotent-replayed")) == (201, None)


def test_6_lets_null_and_blank_pass_to_the_model(v3_of: Maker) -> None:
    """They are refused by what comes after, as before (read)."""
    v3 = v3_of("6.0")
    assert error(v3.send("POST", v3.credits(), {"amount": "", "currency": "USD"}), 422)["code"] == "validation_error"
    assert error(v3.send("POST", v3.credits(), {"amount": None, "currency": "USD"}), 400)["code"] == "invalid_request"


def test_no_customer_holds_a_million(v3_of: Maker) -> None:
    """Above 999999.99 of the store's currency, in one credit or together, is 500 and nothing is kept (trap 19)."""
    for profile in ("5.6", "6.0-alpha"):
        v3 = v3_of(profile)
        assert v3.send("POST", v3.credits(), {"amount": "1000000.00", "currency": "USD"}).status == 500
        v3.give("999999.99")
        answer = v3.send("POST", v3.credits(), {"amount": "0.01", "currency": "USD"})
        assert (answer.status, answer.body) == (500, b'{"status":500,"error":"Internal Server Error"}')
        assert answer.header("content-type") == "application/json; charset=UTF-8"
        v3.give("0.01", "EUR")
        v3.give("1.00", customer=2)
        assert v3.json("GET", v3.credits())["meta"]["count"] == 2
    assert v3_of("6.0").give("1000000.00")["amount"] == "1000000.00"


def test_any_text_is_a_currency(v3: V3Bench) -> None:
    """XYZ is taken and shown without text for people, `usd` is a currency of its own, blank is refused (trap 22)."""
    unknown, small = v3.give("5.00", "XYZ"), v3.give("5.00", "usd")
    assert unknown["currency"] == "XYZ"
    assert small["currency"] == "usd"
    assert unknown.get("display_amount") is None
    own = v3.json("GET", "/api/v3/store/customers/me/store_credits", key=SHOP, token=v3.sign_in())
    assert own["data"] == []
    for currency in (None, "", " "):
        refused = error(v3.send("POST", v3.credits(), {"amount": "5.00", "currency": currency}), 422)
        assert refused["details"] == {"currency": ["can't be blank"]}
    empty = error(v3.send("POST", v3.credits(), {}), 422)
    assert empty["message"] == "Currency can't be blank and Amount must be greater than 0"

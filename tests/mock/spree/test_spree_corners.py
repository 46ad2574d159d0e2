"""What no published recording shows: rules read from the server's own code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from spreebench import CREDIT, CREDITS, SpreeBench

TYPES = "/api/v2/platform/store_credit_types"
Benches = Callable[..., SpreeBench]


def listed(spree: SpreeBench, **query: str) -> list[str]:
    return [item["id"] for item in spree.ask("GET", CREDITS, None, query)["data"]]


@pytest.mark.parametrize(("profile", "kept"), [("4.5", False), ("4.10", True)])
def test_links_keep_the_locale_from_4_10_on(spree_of: Benches, profile: str, kept: bool) -> None:
    links = spree_of(profile=profile, strict=False).ask("GET", CREDITS, None, {"locale": "de"})["links"]

    assert links["self"].endswith("?locale=de")
    assert ("locale=de" in links["next"]) is kept


@pytest.mark.parametrize(("sort", "order"), [("-id", ["2", "1"]), ("--id", ["1", "2"]), ("id, -id", ["1", "2"])])
def test_a_sort_key_is_read_to_the_letter(spree_of: Benches, sort: str, order: list[str]) -> None:
    spree = spree_of(strict=False)
    spree.give()
    spree.give()

    assert listed(spree, sort=sort) == order


def test_a_blank_include_is_none(spree_of: Benches) -> None:
    spree = spree_of(strict=False)

    assert "included" not in spree.ask("GET", CREDITS, None, {"include": " "})


@pytest.mark.parametrize(("profile", "found"), [("4.5", ["1", "2"]), ("4.10", ["1", "2"]), ("5.3", ["2"])])
def test_names_of_users_are_filtered_on_from_5_0_on(spree_of: Benches, profile: str, found: list[str]) -> None:
    """Until then such a filter is as unknown as any other, and ignored."""
    spree = spree_of(profile=profile, strict=False)
    spree.give(user_id="2")
    spree.give(user_id="3")

    assert listed(spree, **{"filter[user_first_name_eq]": "Bob"}) == found
    assert listed(spree, **{"filter[user_email_eq]": "bob@example.com"}) == ["2"]


@pytest.mark.parametrize(("profile", "status"), [("4.5", 422), ("4.10", 200)])
def test_a_credit_whose_type_is_gone_pays_only_where_types_may_be_missing(
    spree_of: Benches, profile: str, status: int
) -> None:
    """The payment saves its credit, and until 4.8 a credit without a type fails its checks (spree.md section 5)."""
    spree = spree_of(profile=profile)
    doomed = spree.ask("POST", TYPES, {"store_credit_type": {"name": "Doomed"}})["data"]["id"]
    identity = spree.give(type_id=doomed)
    spree.ask("DELETE", f"{TYPES}/{doomed}")
    number, token = spree.cart("20.00")

    response = spree.apply(token)

    assert response.status == status
    assert spree.applied(number) == ([] if status == 422 else [(int(identity), "20.0")])
    if status == 422:
        assert response.body == b'{"status":422,"error":"Unprocessable Entity"}'


def test_a_user_holds_currencies_in_the_order_of_the_credits_that_are_left(spree: SpreeBench) -> None:
    first = spree.give(amount="1")
    spree.give(amount="2", currency="EUR")
    spree.give(amount="3")

    def held() -> list[dict[str, Any]]:
        document = spree.ask("GET", CREDITS, None, {"include": "user"})
        return document["included"][0]["attributes"]["store_credits"]

    assert held() == [{"currency": "USD", "amount": "4.00"}, {"currency": "EUR", "amount": "2.00"}]
    spree.ask("DELETE", f"{CREDITS}/{first}")
    assert held() == [{"currency": "EUR", "amount": "2.00"}, {"currency": "USD", "amount": "3.00"}]


def test_before_the_payment_step_an_order_counts_on_credit_in_the_stores_currency(spree: SpreeBench) -> None:
    spree.give(amount="5")
    spree.give(amount="30", currency="EUR")
    number, _ = spree.cart("20.00", currency="EUR")

    document = spree.ask("PATCH", f"/api/v2/platform/orders/{number}/use_store_credit", {"amount": "10"})

    shown = document["data"]["attributes"]
    assert shown["display_total_available_store_credit"] == "€30.00"
    assert shown["display_total_applicable_store_credit"] == "-€5.00"
    assert shown["display_order_total_after_store_credit"] == "€15.00"


def test_only_the_body_does_without_the_root_key(spree_of: Benches) -> None:
    spree = spree_of(strict=False)

    assert spree.send("POST", CREDITS, CREDIT).status == 201
    for body in (None, {}, [CREDIT]):
        refused = spree.send("POST", CREDITS, body, CREDIT)
        assert (refused.status, refused.body) == (
            400, b'{"error":"param is missing or the value is empty: store_credit"}'
        )  # fmt: skip


@pytest.mark.parametrize(
    ("profile", "currency", "shown"),
    [
        ("4.5", "eur", "$3.00"), ("4.5", "EURO", "€3.00"), ("4.5", "E", "$3.00"), ("4.5", "ABC", None),
        ("4.10", "eur", "€3.00"), ("4.10", "EURO", None),
    ],
)  # fmt: skip
def test_which_currency_people_read(spree_of: Benches, profile: str, currency: str, shown: str | None) -> None:
    """4.5 looks for capitals behind the amount, and falls back on the store's currency; later ones take the name."""
    spree = spree_of(profile=profile, strict=False)

    credit = spree.credit(spree.give(amount="3", currency=currency))

    assert (credit["currency"], credit["display_amount"]) == (currency, shown)

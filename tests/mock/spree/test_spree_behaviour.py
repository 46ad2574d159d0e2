"""Behaviour that was read in Spree's code and that no single recorded answer shows (spree.md, end of section 12)."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import orjson
import pytest

from spreebench import CREDIT, CREDITS, SpreeBench, attributes
from store_credit_mock.systems.control_route import ControlError

CATEGORIES = "/api/v2/platform/store_credit_categories"
TYPES = "/api/v2/platform/store_credit_types"
ACCOUNT = "/api/v2/storefront/account"


def test_a_new_credit_has_one_event(spree: SpreeBench) -> None:
    assert spree.events(spree.give()) == [("allocation", "25.0")]


def test_changing_the_amount_rewrites_the_event(spree: SpreeBench) -> None:
    identity = spree.give()
    spree.ask("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount": "30.50"}})

    assert spree.events(identity) == [("allocation", "30.5")]


def test_changing_the_currency_alone_keeps_the_event(spree: SpreeBench) -> None:
    identity = spree.give(amount="1500.5")
    changed = spree.send("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"currency": "EUR"}})

    assert attributes(changed)["display_amount"] == "€1,500.50"
    assert attributes(changed)["amount"] == "1500.5"
    assert spree.events(identity) == [("allocation", "1500.5")]


def test_the_amount_cannot_go_below_what_is_used_and_authorised(spree: SpreeBench) -> None:
    identity = spree.give(amount="25", amount_used="10", amount_authorized="5")
    refused = spree.send("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount": "14.99"}})

    assert refused.status == 422
    assert orjson.loads(refused.body)["errors"] == {"amount_authorized": ["Exceeds total credits."]}
    assert spree.send("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount": "15"}}).status == 200


def test_a_used_credit_is_deleted_once_nothing_of_it_is_used(spree: SpreeBench) -> None:
    identity = spree.give(amount_used="1")
    assert spree.send("DELETE", f"{CREDITS}/{identity}").status == 422
    assert spree.send("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"amount_used": "0"}}).status == 200
    assert spree.send("DELETE", f"{CREDITS}/{identity}").status == 204
    assert spree.send("GET", f"{CREDITS}/{identity}").status == 404


def test_a_category_in_use_stays_until_its_credit_is_gone(spree: SpreeBench) -> None:
    category = spree.ask("POST", CATEGORIES, {"store_credit_category": {"name": "Short"}})["data"]["id"]
    identity = spree.give(category_id=category)

    assert spree.send("DELETE", f"{CATEGORIES}/{category}").status == 422
    spree.ask("DELETE", f"{CREDITS}/{identity}")
    assert spree.send("DELETE", f"{CATEGORIES}/{category}").status == 204


def test_a_type_in_use_is_deleted_all_the_same(spree: SpreeBench) -> None:
    spree.give(type_id="1")

    assert spree.send("DELETE", f"{TYPES}/1").status == 204


def test_applying_again_replaces(spree: SpreeBench) -> None:
    identity = int(spree.give(amount="100"))
    number, token = spree.cart("60")
    spree.apply(token, {"amount": "10"})
    spree.apply(token, {"amount": "25"})

    assert spree.applied(number) == [(identity, "25.0")]


def test_the_lower_priority_is_spent_first(spree: SpreeBench) -> None:
    lasting = int(spree.give(amount="50", type_id="2"))
    ending = int(spree.give(amount="20", type_id="1"))
    number, token = spree.cart("60")
    assert spree.apply(token).status == 200

    assert spree.applied(number) == [(ending, "20.0"), (lasting, "40.0")]


def test_taking_off_twice_is_200_twice(spree: SpreeBench) -> None:
    spree.give(amount="50")
    number, token = spree.cart("60")
    spree.apply(token)

    assert [spree.take_off(token).status, spree.take_off(token).status] == [200, 200]
    assert spree.applied(number) == []


def test_more_than_500_a_page_is_25(spree_of: Callable[..., SpreeBench]) -> None:
    spree = spree_of(strict=False)
    for _ in range(26):
        spree.give()

    def shown(per_page: str) -> int:
        return len(spree.ask("GET", CREDITS, None, {"per_page": per_page})["data"])

    assert [shown("501"), shown("500"), shown("0"), shown("abc"), shown("7")] == [25, 26, 25, 25, 7]


@pytest.mark.parametrize("far", [1, 10**9])
def test_pages_hold_what_is_there_whatever_is_gone(
    spree_of: Callable[..., SpreeBench], monkeypatch: pytest.MonkeyPatch, far: int
) -> None:
    """A page is found by its number, with ids that run on and with ids that are missing."""
    monkeypatch.setattr("store_credit_mock.systems.spree.pagination.FAR", far)
    spree = spree_of(strict=False)
    ids = [spree.give() for _ in range(7)]

    def check(expected: list[str]) -> None:
        found: list[str] = []
        for page in range(1, len(expected) // 2 + 3):
            shown = spree.ask("GET", CREDITS, None, {"per_page": "2", "page": str(page)})
            found += [record["id"] for record in shown["data"]]
        assert found == expected
        newest = spree.ask("GET", CREDITS, None, {"per_page": "2", "page": "2", "sort": "-id"})
        assert [record["id"] for record in newest["data"]] == expected[::-1][2:4]

    check(ids)
    spree.ask("DELETE", f"{CREDITS}/{ids[2]}")
    check([*ids[:2], *ids[3:]])
    spree.control.spree.destroy_store_credits(id=int(ids[6]))
    check([*ids[:2], *ids[3:6]])
    hidden = spree.give(deleted_at="2020-01-01T00:00:00Z")
    later = spree.give()
    assert hidden not in ids
    check([*ids[:2], *ids[3:6], later])


def test_the_last_page_leads_to_itself(spree: SpreeBench) -> None:
    for _ in range(3):
        spree.give()
    links = spree.ask("GET", CREDITS, None, {"per_page": "2", "page": "2"})["links"]

    assert links["next"] == links["last"]


def test_the_published_request_is_refused(spree: SpreeBench) -> None:
    """D2."""
    body = {**CREDIT, "amount": 25.0, "amount_used": 10.0, "amount_authorized": 15.5}
    refused = spree.send("POST", CREDITS, {"store_credit": body})

    assert (refused.status, orjson.loads(refused.body)["error"]) == (422, "Amount authorized Exceeds total credits.")


@pytest.mark.parametrize(
    ("currency", "amount", "text"),
    [
        ("USD", "1500.5", "$1,500.50"),
        ("GBP", "0.05", "£0.05"),
        ("JPY", "1500.5", "¥1,501"),
        ("JPY", "0.49", "¥0"),
        ("PLN", "1500.5", "1,500.50 zł"),
        ("MXN", "3", "$3.00"),
        ("QQQ", "2", None),
    ],
)
def test_money_is_written_for_people(
    spree_of: Callable[..., SpreeBench], currency: str, amount: str, text: str | None
) -> None:
    spree = spree_of(strict=False)

    assert spree.credit(spree.give(currency=currency, amount=amount))["display_amount"] == text


@pytest.mark.parametrize("amount", ["0.1", "19.99", "1234.56", "999999.99"])
def test_an_amount_comes_back_as_it_went(spree: SpreeBench, amount: str) -> None:
    assert Decimal(spree.credit(spree.give(amount=amount))["amount"]) == Decimal(amount)


def test_the_balance_is_the_number_0_without_credit(spree: SpreeBench) -> None:
    """D10."""
    bob = spree.spree.issue_token(user_id=3).token
    assert attributes(spree.send("GET", ACCOUNT, token=bob))["store_credits"] == 0
    spree.give(user_id="3", amount="7")
    assert attributes(spree.send("GET", ACCOUNT, token=bob))["store_credits"] == "7.0"
    assert spree.send("GET", ACCOUNT, token=None).status == 403


def test_an_etag_that_is_known_is_304_until_something_changes(spree: SpreeBench) -> None:
    identity = spree.give()
    tag = spree.send("GET", f"{CREDITS}/{identity}").header("etag")
    assert tag is not None

    def status() -> int:
        return spree.send("GET", f"{CREDITS}/{identity}", headers={"If-None-Match": tag}).status

    assert status() == 304
    spree.ask("PATCH", f"{CREDITS}/{identity}", {"store_credit": {"memo": "x"}})
    assert status() == 200


def test_another_customers_credit_is_never_spent(spree: SpreeBench) -> None:
    spree.give(user_id="2", amount="50")
    _, token = spree.cart("60", user_id=3)

    assert spree.apply(token).status == 422


def test_a_cart_may_be_given_its_number(spree: SpreeBench) -> None:
    """A test or a sample can name an order ahead of time; a number there is already is refused."""
    assert spree.spree.create_cart(user_id=2, number="R100200300").number == "R100200300"
    assert spree.spree.cart("R100200300").user_id == 2
    with pytest.raises(ControlError, match="there is a cart R100200300 already"):
        spree.spree.create_cart(number="R100200300")
    with pytest.raises(ControlError, match="number"):
        spree.spree.create_cart(number="100200300")


def test_a_carts_lines_drop_what_is_applied(spree: SpreeBench) -> None:
    spree.give(amount="50")
    number, token = spree.cart("60")
    spree.apply(token)
    spree.spree.set_quantity(number, spree.spree.cart(number).line_items[0].id, 2)

    assert spree.applied(number) == []


@pytest.mark.parametrize(
    ("profile", "status", "errors"),
    [
        ("4.5", 422, {"user": ["can't be blank"]}),
        ("4.10", 500, None),
        ("5.3", 201, None),
    ],
)
def test_a_credit_without_a_user(
    spree_of: Callable[..., SpreeBench], profile: str, status: int, errors: dict[str, Any] | None
) -> None:
    """spree.md section 5 and 13.17."""
    spree = spree_of(profile=profile, strict=False)
    body = {name: value for name, value in CREDIT.items() if name != "user_id"}
    response = spree.send("POST", CREDITS, {"store_credit": body})

    assert response.status == status
    assert orjson.loads(response.body).get("errors") == errors


def test_5_3_shows_what_5_added(spree_of: Callable[..., SpreeBench]) -> None:
    """Read from code only (spree.md sections 3, 4, 7 and 8; D9, D16)."""
    spree = spree_of(profile="5.3")
    assert spree.ask("GET", CREDITS)["meta"]["total_pages"] == 1
    identity = spree.give(amount="80", amount_used="5")
    shown = spree.ask("GET", f"{CREDITS}/{identity}", None, {"include": "created_by"})
    assert shown["data"]["attributes"]["display_amount_remaining"] == "$75.00"
    assert shown["included"][0]["type"] == "admin_user"
    _, token = spree.cart("60")
    cart = attributes(spree.apply(token, {"amount": "20"}))
    assert (cart["total_minus_store_credits"], cart["total_minus_store_credits_cents"]) == ("40.0", 4000)


def test_5_3_cleans_amounts_up(spree_of: Callable[..., SpreeBench]) -> None:
    spree = spree_of(profile="5.3", strict=False)

    assert spree.credit(spree.give(amount="1,234.50"))["amount"] == "1234.5"
    assert spree.send("POST", CREDITS, {"store_credit": {**CREDIT, "amount": "abc"}}).status == 422


@pytest.mark.parametrize("resource", ["store_credits", "store_credit_categories", "store_credit_types"])
def test_a_list_is_walked_by_its_ids(spree: SpreeBench, resource: str) -> None:
    """`filter[id_gt]` compares numbers, 10 above 9; with `sort=id` no deletion moves what is left to come."""
    path = f"/api/v2/platform/{resource}"
    for number in range(12):
        if resource == "store_credits":
            spree.give()
        else:
            root = "store_credit_type" if resource.endswith("types") else "store_credit_category"
            spree.ask("POST", path, {root: {"name": f"Name {number}"}})
    every = [record["id"] for record in spree.ask("GET", path, None, {"sort": "id", "per_page": "500"})["data"]]
    assert len(every) >= 12

    walked: list[str] = []
    last = "0"
    while page := spree.ask("GET", path, None, {"sort": "id", "per_page": "5", "filter[id_gt]": last})["data"]:
        walked += [record["id"] for record in page]
        last = walked[-1]
        if resource != "store_credit_categories":
            spree.send("DELETE", f"{path}/{page[0]['id']}")

    assert walked == every == sorted(every, key=int)


@pytest.mark.parametrize("predicate", ["cont", "start", "end", "i_cont", "not_cont"])
@pytest.mark.parametrize("letter", ["_", "%", "\\"])
def test_a_filter_takes_letters_as_they_are(spree_of: Callable[..., SpreeBench], predicate: str, letter: str) -> None:
    """spree.md section 8: `_`, `%` and `\\` are no wildcards in cont, start and end, as on the real server."""
    spree = spree_of(strict=False)
    given: list[str] = []
    for place, between in enumerate((letter, "x")):
        email = {"start": f"a{between}b{place}@c.example", "end": f"{place}@c.a{between}b"}.get(
            predicate, f"{place}a{between}b@c.example"
        )
        given.append(spree.give(user_id=str(spree.spree.add_user(email).id)))
    query = {f"filter[user_email_{predicate}]": f"a{letter}b", "sort": "id"}
    found = [item["id"] for item in spree.ask("GET", CREDITS, None, query)["data"]]

    assert found == (given[1:] if predicate == "not_cont" else given[:1])


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ({"filter[amount_gteq]": "10"}, ["1", "2"]),
        ({"filter[amount_lt]": "10"}, ["3"]),
        ({"filter[currency_in][]": ["EUR", "GBP"]}, ["2"]),
        ({"filter[currency_not_in][]": ["EUR"]}, ["1", "3"]),
        ({"filter[currency_cont]": "u"}, ["1", "2", "3"]),
        ({"filter[currency_start]": "E"}, ["2"]),
        ({"filter[user_email_eq]": "bob@example.com"}, ["3"]),
        ({"filter[user_email_cont]": "BOB"}, ["3"]),
        ({"filter[id_eq_any][]": ["1", "3"]}, ["1", "3"]),
        ({"filter[type_id_null]": "1"}, []),
        ({"filter[type_id_not_null]": "true"}, ["1", "2", "3"]),
        ({"filter[user_id_or_created_by_id_eq]": "1"}, ["1", "2", "3"]),
        ({"filter[memo_eq]": "x"}, ["1", "2", "3"]),
        ({"filter[s]": "amount asc"}, ["3", "1", "2"]),
        ({"sort": "-id"}, ["3", "2", "1"]),
        ({"sort": "-amount"}, ["1", "2", "3"]),
        ({"filter[currency_cont]": "%"}, []),
    ],
)
def test_lists_are_filtered_and_sorted(
    spree_of: Callable[..., SpreeBench], query: dict[str, Any], ids: list[str]
) -> None:
    """spree.md section 8."""
    spree = spree_of(strict=False)
    spree.give(amount="10")
    spree.give(amount="20", currency="EUR")
    spree.give(amount="5", user_id="3")
    found = spree.ask("GET", CREDITS, None, query)

    assert [item["id"] for item in found["data"]] == ids
    assert found["meta"]["total_count"] == len(ids)

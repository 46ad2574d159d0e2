"""Lists of v3: filters, orders, pages and fields, and what a customer's own lists leave out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from v3bench import SHOP, V3Bench, error

Maker = Callable[..., V3Bench]

OWN = "/api/v3/store/customers/me/store_credits"
ALL = "/api/v3/admin/store_credits"


@pytest.fixture
def filled(v3: V3Bench) -> V3Bench:
    """A shop whose first customer has five credits, two of them by a member of the staff, and whose second has one."""
    token = v3.staff()
    for amount, currency, memo in (("50.00", "USD", "Goodwill"), ("12.50", "USD", "number"), ("1500.50", "EUR", "eur")):
        v3.give(amount, currency, memo=memo)
    for amount in ("6.00", "6.50"):
        body = {"amount": amount, "currency": "USD", "memo": "by staff"}
        v3.json("POST", v3.credits(), body, key=None, token=token)
    v3.give("7.00", customer=2)
    return v3


def amounts(v3: V3Bench, query: str, path: str = "") -> list[float]:
    """The amounts of a list, as numbers."""
    return [float(one["amount"]) for one in v3.json("GET", (path or v3.credits()) + query)["data"]]


EVERYTHING = [50.0, 12.5, 1500.5, 6.0, 6.5]


def test_filters(filled: V3Bench) -> None:
    """What every version filters by, with prefixed ids, and what it makes of letters and dates."""
    staff = "admin" if filled.prefix == "cus" else "adm"
    for query, found in (
        ("?q[amount_eq]=50", [50.0]),
        ("?q[amount_gteq]=10", [50.0, 12.5, 1500.5]),
        ("?q[amount_eq]=abc", []),
        ("?q[currency_eq]=EUR", [1500.5]),
        ("?q[currency_in][]=EUR&q[currency_in][]=JPY", [1500.5]),
        ("?q[id_eq]=credit_UkLWZg9DAJ", [50.0]),
        (f"?q[created_by_id_eq]={staff}_UkLWZg9DAJ", [6.0, 6.5]),
        ("?q[created_at_gteq]=2000-01-01", EVERYTHING),
        ("?q[created_at_gteq]=2100-01-01", []),
    ):
        assert amounts(filled, query) == found, query


def test_a_misspelt_filter_lists_everything(filled: V3Bench) -> None:
    """Unknown names, predicates and spellings are passed over without a word (trap 6)."""
    for query in (
        "?q[amout_eq]=50", "?q[amount_equals]=50", "?amount_eq=50", "?filter[amount_eq]=50", "?q[store_id_eq]=2",
        "?q[category_id_eq]=2", "?q[amount_eq]=", "?per_page=1", "?q[search]=Goodwill", "?q[memo_en]=%00",
    ):  # fmt: skip
        assert amounts(filled, query) == EVERYTHING, query


def test_what_only_some_versions_filter_by(filled: V3Bench) -> None:
    """The memo and the ledger's scopes came with the ledger, `customer_*` with 6.x, and `user_*` went with 5.x."""
    profile = filled.engine.sandbox.of_systems["spree_v3_profile"]
    ledger, new = profile in {"6.0-alpha+ledger", "6.0"}, filled.prefix == "cust"
    for query, works, found in (
        ("?q[memo_eq]=Goodwill", ledger, [50.0]),
        ("?q[memo_cont]=ood", ledger, [50.0]),
        ("?q[outstanding]=false", ledger, []),
        ("?q[from_gift_card]=true", ledger, []),
        (f"?q[customer_id_eq]={filled.customer(2)}", new, []),
        ("?q[customer_email_eq]=bob@example.com", new, []),
        ("?q[user_email_eq]=bob@example.com", not new, []),
        ("?q[user_id_eq]=2", not new, []),
    ):
        assert amounts(filled, query) == (found if works else EVERYTHING), query


def test_what_the_server_stumbles_over(filled: V3Bench) -> None:
    """`q` as text, and lists where one value belongs, are 500 in Rails' own body."""
    for query in ("?q=abc", "?q=", "?q[]=1", "?sort[]=amount", "?page[]=1", "?limit[]=1"):
        answer = filled.send("GET", filled.credits() + query)
        assert (answer.status, answer.body) == (500, b'{"status":500,"error":"Internal Server Error"}'), query


def test_customers_are_found_by_a_search(filled: V3Bench) -> None:
    """`q[search]`: a part of address or name, first and last name of two words, whatever the case (read)."""

    def found(text: str, name: str = "search") -> list[str]:
        listed = filled.json("GET", f"/api/v3/admin/customers?q[{name}]={text}")["data"]
        return [one["first_name"] for one in listed]

    everybody = ["Alice", "Bob", "Carol", "Dave", "Erin", "Frank"]
    assert found("ALI") == found("ali", "multi_search") == ["Alice"]
    assert found("alice%20archer") == ["Alice"]
    assert found("rank@exam") == ["Frank"]
    assert found("bob%20cole") == ["Bob", "Carol"], "one of the two names is enough"
    assert found("%25") == found("_") == found("nobody") == found("1") == []
    assert found("") == found("%20") == found("false") == everybody, "blank and false are left out"
    both = filled.json("GET", "/api/v3/admin/customers?q[search]=example.com&q[email_start]=bob")["data"]
    assert [one["first_name"] for one in both] == ["Bob"]


def test_no_filter_takes_a_null_byte(filled: V3Bench) -> None:
    """The database refuses U+0000 in a text, which is a 400 (read; a null amount is recorded so)."""
    for path in (
        filled.credits() + "?q[currency_eq]=%00",
        "/api/v3/admin/customers?q[search]=a%00",
        "/api/v3/admin/customers?q[email_cont]=a%00",
    ):
        refused = error(filled.send("GET", path), 400)
        assert refused == {"code": "invalid_request", "message": "string contains null byte"}


def test_orders(filled: V3Bench) -> None:
    """`sort`, and of several columns the first alone and upwards, as recorded (list_sort_two); `q[s]` without it."""
    for query, found in (
        ("?sort=-amount", sorted(EVERYTHING, reverse=True)),
        ("?sort=amount", sorted(EVERYTHING)),
        ("?sort=-created_at", EVERYTHING[::-1]),
        ("?sort=currency,-amount", [1500.5, 50.0, 12.5, 6.0, 6.5]),
        ("?sort=-amount,currency", sorted(EVERYTHING)),
        ("?sort=bogus", EVERYTHING),
        ("?q[s]=amount desc", sorted(EVERYTHING, reverse=True)),
        ("?q[s]=amount desc&sort=amount", sorted(EVERYTHING)),
    ):
        assert amounts(filled, query.replace(" ", "%20")) == found, query


def test_pages(filled: V3Bench) -> None:
    """`page` and `limit` with what `meta` says, past the end too; at most 100, and what is below 1 is refused."""

    def meta(query: str) -> list[Any]:
        return list(filled.json("GET", filled.credits() + query)["meta"].values())

    assert meta("?limit=2") == [1, 2, 5, 3, 1, 2, 2, None, 2]
    assert meta("?limit=2&page=2") == [2, 2, 5, 3, 3, 4, 2, 1, 3]
    assert meta("?limit=2&page=3") == [3, 2, 5, 3, 5, 5, 1, 2, None]
    assert meta("?limit=2&page=999") == [999, 2, 5, 3, 0, 0, 0, 3, None]
    assert meta("?limit=99999999999999999999") == meta("?limit=1000")
    assert filled.send("GET", filled.credits() + "?page=99999999999999999999").status == 500
    assert meta("?limit=1000") == [1, 100, 5, 1, 1, 5, 5, None, None]
    assert list(filled.json("GET", filled.credits(6))["meta"].values()) == [1, 25, 0, 1, 0, 0, 0, None, None]
    for query, message in (
        ("?page=0", "expected :page >= 1; got 0"), ("?page=-1", "expected :page >= 1; got -1"),
        ("?page=abc", "expected :page >= 1; got 0"), ("?page=", "expected :page >= 1; got 0"),
        ("?limit=0", "expected :limit >= 1; got 0"), ("?limit=-1", "expected :limit >= 1; got -1"),
        ("?limit=abc", "expected :limit >= 1; got 0"),
    ):  # fmt: skip
        refused = error(filled.send("GET", filled.credits() + query), 400)
        assert refused == {"code": "invalid_request", "message": message}


def test_fields(filled: V3Bench) -> None:
    """The id always stays, unknown names choose nothing, and a list of them leaves the id alone."""
    for query, names in (
        ("?fields=amount,memo", {"id", "amount", "memo"}),
        ("?fields=bogus", {"id"}),
        ("?fields[]=amount", {"id"}),
    ):
        assert {name for one in filled.json("GET", filled.credits() + query)["data"] for name in one} == names


def test_expand_does_something_from_the_ledger_on(filled: V3Bench) -> None:
    """Customer and creator; before the ledger nothing is expanded (sheet section 3)."""
    ledger = filled.engine.sandbox.of_systems["spree_v3_profile"] in {"6.0-alpha+ledger", "6.0"}
    path = filled.credits(1, "credit_VqXmZF31wY")
    shown = filled.json("GET", path + "?expand=customer,created_by,category,bogus")
    assert ("customer" in shown, "created_by" in shown) == (ledger, ledger)
    if ledger:
        assert shown["customer"]["email"] == "alice@example.com"
        assert shown["created_by"]["email"] == "admin@example.com"
        assert set(filled.json("GET", path + "?fields=memo&expand=customer")) == {"id", "memo", "customer"}


def test_own_lists_hide_other_currencies(filled: V3Bench) -> None:
    """S3 and S4 show the current currency alone, by header or query; one not sold is the store's (trap 8)."""
    token = filled.sign_in()

    def own(query: str = "", **headers: str) -> list[float]:
        listed = filled.json("GET", OWN + query, key=SHOP, token=token, **headers)["data"]
        return [float(one["amount"]) for one in listed]

    dollars = [50.0, 12.5, 6.0, 6.5]
    assert own() == own(X_Spree_Currency="CHF") == own("?currency=chf") == dollars
    assert own(X_Spree_Currency="EUR") == own("?currency=eur") == [1500.5]
    assert own("?q[amount_gteq]=6.5") == [50.0, 12.5, 6.5]
    euro = f"{OWN}/credit_EfhxLZ9ck8"
    assert error(filled.send("GET", euro, key=SHOP, token=token), 404)["message"] == "Store credit not found"
    shown = filled.json("GET", euro, key=SHOP, token=token, X_Spree_Currency="EUR")
    assert not {"memo", "customer_id", "metadata", "created_at"} & set(shown)
    theirs = filled.send("GET", f"{OWN}/credit_OIJLhNcSbf", key=SHOP, token=token)
    assert error(theirs, 404)["code"] == "record_not_found"
    profile = filled.json("GET", "/api/v3/store/customers/me", key=SHOP, token=token, X_Spree_Currency="EUR")
    assert float(profile["available_store_credit_total"]) == 1500.5
    assert profile["display_available_store_credit_total"] == "€1,500.50"


def test_the_country_of_a_request_changes_nothing_where_a_store_has_one_market(filled: V3Bench) -> None:
    """`X-Spree-Country` chooses a market with its currency and language; a store of the mock has one alone (read)."""
    token = filled.sign_in()
    for country in ("US", "us", "DE", "XX", ""):
        own = filled.json("GET", OWN, key=SHOP, token=token, X_Spree_Country=country)["data"]
        assert {one["currency"] for one in own} == {"USD"}
        body = {"amount": "25.50", "currency": "USD"}
        sent = filled.json("POST", filled.credits(3) + "?country=DE", body, X_Spree_Country=country)
        assert float(sent["amount"]) == 25.5


def test_the_list_of_all_credits_has_totals(v3_of: Maker) -> None:
    """A6 adds up by currency whatever fits the filter, on every page; `usd` and `USD` are two (recorded overlay)."""
    for profile in ("6.0-alpha+ledger", "6.0"):
        v3 = v3_of(profile)
        v3.give("50.00")
        v3.give("5.00", "usd")
        v3.give("7.00", customer=2)
        v3.give("9.00", "EUR", memo="x")
        listed = v3.json("GET", f"{ALL}?limit=1")
        assert [(one["currency"], float(one["amount"])) for one in listed["meta"]["totals"]] == [
            ("EUR", 9.0), ("USD", 57.0), ("usd", 5.0),
        ]  # fmt: skip
        assert (len(listed["data"]), listed["meta"]["count"]) == (1, 4)
        beyond = v3.json("GET", f"{ALL}?page=9&q[customer_email_eq]=bob@example.com")
        assert [float(one["amount"]) for one in beyond["meta"]["totals"]] == [7.0]
        assert v3.json("GET", f"{ALL}?q[memo_eq]=nothing")["meta"]["totals"] == []
        assert error(v3.send("GET", ALL, key="sk_orders"), 403)["details"] == {"required_scope": "read_store_credits"}
        assert v3.send("POST", ALL, {"amount": "5.00", "currency": "USD"}).status == 404
    for profile in ("5.5", "5.6", "6.0-alpha"):
        assert v3_of(profile).send("GET", ALL).body == b'{"status":404,"error":"Not Found"}'


def test_outstanding_is_all_or_nothing(v3_of: Maker) -> None:
    """A credit with any authorized amount is not outstanding, though something of it remains (quirk 1)."""
    v3 = v3_of("6.0-alpha+ledger")
    credit = v3.give("33.00")
    v3.spend(credit, used=1500, authorized=1500)
    assert amounts(v3, "?q[outstanding]=true") == []
    assert amounts(v3, "?q[outstanding]=false") == [33.0]
    assert v3.json("GET", v3.credits())["data"][0]["amount_remaining"] == "3.0"


def test_an_edit_rewrites_the_one_allocation(v3_of: Maker) -> None:
    """A8 shows the amount of now and no trace of the edit; its events are newest first, and are not filtered."""
    v3 = v3_of("6.0-alpha+ledger")
    credit = v3.give("7.00")
    v3.json("PATCH", v3.credits(1, credit["id"]), {"amount": "9.60"})
    events = v3.json("GET", f"{ALL}/{credit['id']}/events?q[action_eq]=capture")
    assert [(one["action"], one["display_action"], one["amount"]) for one in events["data"]] == [
        ("allocation", "Added", "9.6")
    ]
    assert events["data"][0]["store_credit_id"] == credit["id"]
    v3.json("DELETE", v3.credits(1, credit["id"]))
    assert error(v3.send("GET", f"{ALL}/{credit['id']}/events"), 404)["message"] == "Store credit not found"

"""Spree v3's lists: pages, filters, order, and the fields that are asked for."""

from __future__ import annotations

import random
from typing import Any

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, check, check_equal, request_json
from store_credit_mock.verify.scenarios.spree_v3_crud import credits_of, error_of, new, path_of

__all__ = ["SCENARIOS"]

_scenario = ScenarioRegistry("spree_v3", "Spree v3")


def _page(target: Any, **query: Any) -> Any:
    return request_json(target.client, "GET", path_of(target), 200, params=query)


def _five(target: Any) -> tuple[list[str], dict[str, str]]:
    """Five credits with growing amounts, and the filter that finds them with what else is as large."""
    cents = random.SystemRandom().randrange(100_000)
    amounts = [f"{(cents + place) // 100}.{(cents + place) % 100:02d}" for place in range(1, 6)]
    made = [new(target, amount=amount)["id"] for amount in amounts]
    return made, {"q[amount_gteq]": amounts[0], "q[amount_lteq]": amounts[-1]}


@_scenario("spree-v3: pages hold every record once")
def _pages(target: Any) -> None:
    made, between = _five(target)
    seen: list[str] = []
    number, last = 0, 1
    while number < last:
        number += 1
        page = _page(target, **between, sort="amount", limit="2", page=str(number))
        meta, ids = page["meta"], [one["id"] for one in page["data"]]
        last = min(meta["pages"], 50)
        check_equal(f"meta.page of page {number}", meta["page"], number)
        check_equal(f"meta.in of page {number}", meta["in"], len(ids))
        check_equal(f"meta.previous of page {number}", meta["previous"], number - 1 if number > 1 else None)
        check_equal(f"meta.next of page {number}", meta["next"], number + 1 if number < meta["pages"] else None)
        seen.extend(ids)
    check_equal("the records on the pages", [one for one in seen if one in made], made)
    check_equal("records that are on two pages", len(seen) - len(set(seen)), 0)
    beyond = _page(target, **between, limit="2", page=str(last + 1))
    check_equal("the records beyond the last page", beyond["data"], [])


@_scenario("spree-v3: a list is in the order asked for")
def _sorted(target: Any) -> None:
    made, between = _five(target)
    found = [one for one in credits_of(target, **between, sort="-amount") if one in made]
    check_equal("the records with the largest first", found, made[::-1])


@_scenario("spree-v3: a filter leaves out the others")
def _filters(target: Any) -> None:
    made, between = _five(target)
    check_equal("the records with one id", list(credits_of(target, **{"q[id_eq]": made[0]})), [made[0]])
    found = credits_of(target, **between)
    check(set(made) <= set(found), "a record that meets the condition is not listed")
    low, high = (float(value) for value in between.values())
    check(all(low <= float(one["amount"]) <= high for one in found.values()), "a record beyond the condition is listed")
    none = credits_of(target, **between, **{"q[currency_eq]": "EUR"})
    check_equal("the records of another currency", [one for one in none if one in made], [])


@_scenario("spree-v3: a page has the length asked for")
def _lengths(target: Any) -> None:
    new(target)
    new(target)
    check_equal("the records on a page of one", len(_page(target, limit="1")["data"]), 1)
    check_equal("meta.limit", _page(target, limit="100")["meta"]["limit"], 100)
    for wrong in ({"page": "0"}, {"page": "-1"}, {"limit": "0"}, {"page": "abc"}):
        check_equal(f"the code of {wrong}", error_of(target, "GET", path_of(target), 400, params=wrong)["code"],
                    "invalid_request")  # fmt: skip


@_scenario("spree-v3: only the fields asked for are sent")
def _fields(target: Any) -> None:
    credit = new(target)
    few = request_json(target.client, "GET", path_of(target, credit["id"]), 200, params={"fields": "amount,memo"})
    check_equal("a credit with two fields", few, {name: credit[name] for name in ("id", "amount", "memo")})


SCENARIOS = tuple(_scenario.scenarios)

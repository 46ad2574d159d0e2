"""Spree's lists: pages and their numbers, filters, order, and what they include."""

from __future__ import annotations

from typing import Any

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, check, check_equal, request_json
from store_credit_mock.verify.scenarios.spree_crud import PLATFORM, ROOTS, new, relation

__all__ = ["SCENARIOS"]

_scenario = ScenarioRegistry("spree", "Spree")


def _page(target: Any, resource: str, **query: Any) -> Any:
    return request_json(target.client, "GET", f"{PLATFORM}/{resource}", 200, params=query)


def _ids(page: Any) -> list[str]:
    return [item["id"] for item in page["data"]]


def _pages(target: Any, resource: str) -> None:
    made = [new(target, resource)["id"] for _ in range(5)]
    query: dict[str, Any] = {"filter[id_in][]": made, "sort": "id", "per_page": "2"}
    seen: list[str] = []
    for number, size in ((1, 2), (2, 2), (3, 1)):
        page = _page(target, resource, **query, page=str(number))
        check_equal(
            f"meta of page {number}",
            [page["meta"][name] for name in ("count", "total_count", "total_pages")],
            [size, 5, 3],
        )
        seen.extend(_ids(page))
    check_equal("the records on the three pages", seen, made)
    beyond = _page(target, resource, **query, page="4")
    check_equal("the records beyond the last page", beyond["data"], [])
    check_equal(
        "the other way round", _ids(_page(target, resource, **{**query, "sort": "-id", "per_page": "5"})), made[::-1]
    )


def _filters(target: Any, resource: str) -> None:
    first, second = new(target, resource), new(target, resource)
    one = _page(target, resource, **{"filter[id_eq]": first["id"]})
    check_equal("the records with one id", _ids(one), [first["id"]])
    check_equal("meta.total_count of one id", one["meta"]["total_count"], 1)
    both = {"filter[id_in][]": [first["id"], second["id"]]}
    if resource == "store_credits":
        condition = {"filter[amount_gt]": "12.5"}
        other = {"filter[amount_gteq]": "12.5"}
    else:
        condition = {"filter[name_eq]": f"{first['attributes']['name']}, of no record"}
        other = {"filter[name_start]": "Verified "}
    check_equal("the records that meet no condition", _ids(_page(target, resource, **both, **condition)), [])
    found = sorted(_ids(_page(target, resource, **both, **other)))
    check_equal("the records that meet the condition", found, sorted([first["id"], second["id"]]))


for _resource in ROOTS:
    _scenario(f"spree.{_resource}: pages hold every record once")(
        lambda target, resource=_resource: _pages(target, resource)
    )
    _scenario(f"spree.{_resource}: a filter leaves out the others")(
        lambda target, resource=_resource: _filters(target, resource)
    )


@_scenario("spree.store_credits: a list shows the user asked for")
def _of_user(target: Any) -> None:
    made = new(target, "store_credits")["id"]
    query = {"filter[user_id_eq]": target.ids["user_id"], "sort": "-id", "per_page": "100"}
    page = _page(target, "store_credits", **query)
    others = [item["id"] for item in page["data"] if relation(item, "user") != target.ids["user_id"]]
    check_equal("credits of other users", others, [])
    check(made in _ids(page), "the credit just issued is not listed")


@_scenario("spree.store_credits: include brings the records")
def _included(target: Any) -> None:
    credit = new(target, "store_credits")
    path = f"{PLATFORM}/store_credits/{credit['id']}"
    document = request_json(target.client, "GET", path, 200, params={"include": "user,created_by,store_credit_events"})
    included = {(item["type"], item["id"]) for item in document["included"]}
    for name in ("user", "created_by"):
        linked = document["data"]["relationships"][name]["data"]
        check((linked["type"], linked["id"]) in included, f"the {name} is not among what is included")
    events = [item["attributes"] for item in document["included"] if item["type"] == "store_credit_event"]
    check_equal("the actions of the events", [event["action"] for event in events], ["allocation"])
    check_equal("the amount of the event", float(events[0]["amount"]), 12.5)
    request_json(target.client, "GET", path, 400, params={"include": "nothing_of_the_kind"})


SCENARIOS = tuple(_scenario.scenarios)

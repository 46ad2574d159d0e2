"""VINR's list: its order, its cursors, its filter."""

from __future__ import annotations

import uuid
from typing import Any

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, check, check_equal, request_json
from store_credit_mock.verify.scenarios.vinr_crud import PATH, absent, credits_of, issue

__all__ = ["SCENARIOS"]

_PAGES = 12
"""How far a list is walked: others may be making credits at the same time."""
_scenario = ScenarioRegistry("vinr", "VINR")


def _walk(target: Any, query: dict[str, str], cursor: str, wanted: set[str]) -> list[str]:
    """The ids on the pages of two, until all that are wanted were seen or the list has ended."""
    seen: list[str] = []
    for _ in range(_PAGES):
        page = request_json(
            target.client, "GET", PATH, 200, params={"customer": target.ids["customer"], "limit": "2", **query}
        )
        rows = [credit["id"] for credit in page["data"]]
        check(len(rows) <= 2, f"a page of at most 2 has {len(rows)} records")
        seen.extend(rows)
        more = page["page"]
        if wanted <= set(seen) or not more["has_more"]:
            if not more["has_more"]:
                check_equal("next_cursor of the last page", more["next_cursor"], None)
            break
        check(isinstance(more["next_cursor"], str), "next_cursor is not a string although has_more is true")
        query = {cursor: more["next_cursor"]}
    return seen


@_scenario("vinr: a list begins with the newest")
def _newest(target: Any) -> None:
    made = [issue(target, 1000 + number)["id"] for number in range(3)]
    listed = [identity for identity in credits_of(target) if identity in made]
    check_equal("the order of the three newest", listed, made[::-1])


@_scenario("vinr: walking forward meets every record once")
def _forward(target: Any) -> None:
    made = [issue(target, 2000 + number)["id"] for number in range(5)]
    seen = _walk(target, {}, "starting_after", set(made))
    check_equal("the records met", [identity for identity in seen if identity in made], made[::-1])
    check(len(seen) == len(set(seen)), "a record is on two pages")


@_scenario("vinr: walking backward meets every record once")
def _backward(target: Any) -> None:
    made = [issue(target, 3000 + number)["id"] for number in range(5)]
    seen = _walk(target, {"ending_before": made[0]}, "ending_before", set(made[1:]))
    check_equal("the records met", sorted(identity for identity in seen if identity in made), sorted(made[1:]))
    check(len(seen) == len(set(seen)), "a record is on two pages")
    # Pages come nearest first, each with the newest at its top.
    nearest = [identity for identity in seen[:2] if identity in made]
    check_equal("the page before the cursor", nearest, [made[2], made[1]])


@_scenario("vinr: has_more says whether there is more")
def _more(target: Any) -> None:
    first, second = issue(target)["id"], issue(target)["id"]
    query = {"customer": target.ids["customer"], "limit": "1"}
    page = request_json(target.client, "GET", PATH, 200, params=query)
    check_equal("has_more ahead of an older record", page["page"]["has_more"], True)
    after = request_json(target.client, "GET", PATH, 200, params={**query, "starting_after": second})
    check_equal("what follows the newest", [credit["id"] for credit in after["data"]], [first])
    empty = request_json(target.client, "GET", PATH, 200, params={"customer": f"cust_absent{uuid.uuid4().hex}"})
    check_equal("has_more of an empty list", empty["page"]["has_more"], False)
    check_equal("next_cursor of an empty list", empty["page"]["next_cursor"], None)


@_scenario("vinr: a list shows the customer asked for")
def _filtered(target: Any) -> None:
    made = issue(target)["id"]
    page = request_json(target.client, "GET", PATH, 200, params={"customer": target.ids["customer"], "limit": "100"})
    others = [credit["id"] for credit in page["data"] if credit["customer"] != target.ids["customer"]]
    check_equal("credits of other customers", others, [])
    check(made in {credit["id"] for credit in page["data"]}, "the credit just issued is not listed")
    empty = request_json(target.client, "GET", PATH, 200, params={"customer": f"cust_absent{uuid.uuid4().hex}"})
    check_equal("the credits of a customer who is not there", empty["data"], [])


@_scenario("vinr: a list refuses what it does not take")
def _refused(target: Any) -> None:
    made = issue(target)["id"]
    for query, param in (
        ({"limit": "0"}, "limit"),
        ({"limit": "101"}, "limit"),
        ({"starting_after": absent()}, "starting_after"),
        ({"ending_before": absent()}, "ending_before"),
    ):
        error = request_json(target.client, "GET", PATH, 400, params=query)["error"]
        check_equal("the param of the error", error["param"], param)
    request_json(target.client, "GET", PATH, 400, params={"starting_after": made, "ending_before": made})


SCENARIOS = tuple(_scenario.scenarios)

"""Which lists the SDK goes through by id: those whose document has the order and the filter that it takes."""

import copy
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.generate.parsed import Parsed
from store_credit_tools.generate.sdk import read_plan

pytestmark = pytest.mark.takes_seconds

LISTS = ("spree.store_credits.list", "spree.store_credit_categories.list", "spree.store_credit_types.list")


def walks(document: dict[str, Any]) -> dict[str, tuple[str, str] | None]:
    plan = read_plan(Parsed(document, simplify=True))
    return {
        method.operation_id: method.walk
        for system in plan.systems
        for resource in system.resources
        for method in resource.methods
    }


def test_the_three_lists_of_spree_are_walked(document: dict[str, Any]) -> None:
    """And nothing else: VINR's list has cursors."""
    found = walks(document)

    assert {name: walk for name, walk in found.items() if walk is not None} == dict.fromkeys(
        LISTS, ("id", "filter[id_gt]")
    )
    assert "vinr.store_credit.list" in found


@pytest.mark.parametrize("lost", ["filter", "sort", "id_gt"])
def test_a_list_without_what_it_takes_goes_by_page_number(document: dict[str, Any], lost: str) -> None:
    """A server would ignore a filter or an order it does not know, and the list would never end."""
    changed = copy.deepcopy(document)
    if lost == "id_gt":
        del changed["components"]["schemas"]["SpreeStoreCreditFilter"]["properties"]["id_gt"]
    else:
        operation = changed["paths"]["/api/v2/platform/store_credits"]["get"]
        names = {"#/components/parameters/SpreeSort": "sort"}
        operation["parameters"] = [
            one for one in operation["parameters"] if names.get(one.get("$ref", ""), one.get("name")) != lost
        ]

    assert [walks(changed)[name] is not None for name in LISTS] == [False, True, True]

"""Spree's three resources, one record at a time."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable
from typing import Any, Final

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, answer, check, check_equal, request_json

__all__ = ["PLATFORM", "ROOTS", "SCENARIOS", "listed", "new", "relation", "remove"]

PLATFORM: Final = "/api/v2/platform"
ROOTS: Final = {
    "store_credits": "store_credit",
    "store_credit_categories": "store_credit_category",
    "store_credit_types": "store_credit_type",
}
"""The root key of each resource's bodies."""
_NEVER = itertools.count(1)
_scenario = ScenarioRegistry("spree", "Spree")


def _for_each(name: str, attempt: Callable[[Any, str], None], resources: tuple[str, ...] = tuple(ROOTS)) -> None:
    for resource in resources:
        _scenario(f"spree.{resource}: {name}")(lambda target, resource=resource: attempt(target, resource))


def absent() -> str:
    """An id that no record has."""
    return f"9{uuid.uuid4().int % 10**15 + next(_NEVER):017d}"


def members_of(target: Any, resource: str, **members: Any) -> dict[str, Any]:
    """What a create sends."""
    if resource != "store_credits":
        return {"name": f"Verified {uuid.uuid4().hex[:12]}", **members}
    return {
        "user_id": target.ids["user_id"],
        "category_id": target.ids["category_id"],
        "created_by_id": target.ids["created_by_id"],
        "currency": "USD",
        "amount": 12.5,
        **members,
    }


def new(target: Any, resource: str, **members: Any) -> Any:
    """Make a record; returns its `data`."""
    body = {ROOTS[resource]: members_of(target, resource, **members)}
    return request_json(target.client, "POST", f"{PLATFORM}/{resource}", 201, json=body)["data"]


def remove(target: Any, resource: str, identity: str) -> None:
    """Delete a record."""
    request_json(target.client, "DELETE", f"{PLATFORM}/{resource}/{identity}", 204)


def listed(target: Any, resource: str, identity: str) -> Any:
    """The record as the list has it, or None."""
    page = request_json(target.client, "GET", f"{PLATFORM}/{resource}", 200, params={"filter[id_in][]": identity})
    return next((item for item in page["data"] if item["id"] == identity), None)


def relation(record: Any, name: str) -> Any:
    """The id of a record's relationship."""
    return record["relationships"][name]["data"]["id"]


def _agrees(target: Any, resource: str, record: Any) -> None:
    path = f"{PLATFORM}/{resource}/{record['id']}"
    check_equal("retrieve", request_json(target.client, "GET", path, 200)["data"], record)
    check_equal("the entry of the list", listed(target, resource, record["id"]), record)


def _created(target: Any, resource: str) -> None:
    record = new(target, resource)
    shown = record["attributes"]
    if resource == "store_credits":
        for name, value in (("amount", 12.5), ("amount_used", 0.0), ("amount_authorized", 0.0)):
            check(isinstance(shown[name], str), f"{name} is {shown[name]!r}, expected a decimal in a text")
            check_equal(name, float(shown[name]), value)
        check_equal("currency", shown["currency"], "USD")
        check_equal("the user", relation(record, "user"), target.ids["user_id"])
    else:
        check(str(shown["name"]).startswith("Verified "), f"the name is {shown['name']!r}, not the one that was sent")
    _agrees(target, resource, record)


def _updated(target: Any, resource: str) -> None:
    record = new(target, resource)
    change = {"memo": "changed"} if resource == "store_credits" else {"name": f"Changed {uuid.uuid4().hex[:12]}"}
    path = f"{PLATFORM}/{resource}/{record['id']}"
    changed = request_json(target.client, "PATCH", path, 200, json={ROOTS[resource]: change})["data"]
    check_equal("what was changed", {name: changed["attributes"].get(name) for name in change}, change)
    _agrees(target, resource, changed)


def _deleted(target: Any, resource: str) -> None:
    record = new(target, resource)
    _agrees(target, resource, record)
    path = f"{PLATFORM}/{resource}/{record['id']}"
    remove(target, resource, record["id"])
    request_json(target.client, "GET", path, 404)
    request_json(target.client, "PATCH", path, 404, json={ROOTS[resource]: {"memo": "x", "name": "x"}})
    request_json(target.client, "DELETE", path, 404)
    check_equal("the entry of the list", listed(target, resource, record["id"]), None)


def _locked(target: Any, resource: str) -> None:
    record = new(target, resource)
    path = f"{PLATFORM}/{resource}/{record['id']}"
    for wrong in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        for method in ("GET", "PATCH", "DELETE"):
            how = {"json": {ROOTS[resource]: {"memo": "x", "name": "x"}}} if method == "PATCH" else {}
            request_json(target.client, method, path, 401, headers=wrong, **how)
        request_json(target.client, "GET", f"{PLATFORM}/{resource}", 401, headers=wrong)
        sent = {ROOTS[resource]: members_of(target, resource)}
        request_json(target.client, "POST", f"{PLATFORM}/{resource}", 401, headers=wrong, json=sent)
    _agrees(target, resource, record)


def _missing(target: Any, resource: str) -> None:
    path = f"{PLATFORM}/{resource}/{absent()}"
    request_json(target.client, "GET", path, 404)
    request_json(target.client, "PATCH", path, 404, json={ROOTS[resource]: {"memo": "x", "name": "x"}})
    request_json(target.client, "DELETE", path, 404)


def _unchanged(target: Any, resource: str) -> None:
    path = f"{PLATFORM}/{resource}/{new(target, resource)['id']}"
    _, headers = answer(target.client, "GET", path, 200)
    got = target.client.get(path, headers={"If-None-Match": headers["etag"]})
    check_equal("the status when nothing has changed", got.status_code, 304)
    change = {"memo": "changed"} if resource == "store_credits" else {"name": f"Changed {uuid.uuid4().hex[:12]}"}
    request_json(target.client, "PATCH", path, 200, json={ROOTS[resource]: change})
    request_json(target.client, "GET", path, 200, headers={"If-None-Match": headers["etag"]})


def _refused(target: Any, resource: str) -> None:
    wrong: list[dict[str, Any]] = [{"name": ""}, {"name": "  "}]
    if resource == "store_credits":
        wrong = [{"amount": 0}, {"amount": -1}, {"amount_used": 13}, {"amount_authorized": 13}]
    record = new(target, resource)
    marker = f"refused {uuid.uuid4().hex}"
    for members in wrong:
        sent = {"memo": marker, **members} if resource == "store_credits" else members
        body = {ROOTS[resource]: members_of(target, resource, **sent)}
        refusal = request_json(target.client, "POST", f"{PLATFORM}/{resource}", 422, json=body)
        check(bool(refusal["errors"]), "a refusal names no errors")
        request_json(target.client, "PATCH", f"{PLATFORM}/{resource}/{record['id']}", 422, json={ROOTS[resource]: sent})
    _agrees(target, resource, record)
    if resource == "store_credits":
        page = request_json(target.client, "GET", f"{PLATFORM}/{resource}", 200, params=_newest(target))
        kept = [item["id"] for item in page["data"] if item["attributes"]["memo"] == marker]
        check_equal("credits that were refused and are there", kept, [])


def _newest(target: Any) -> dict[str, str]:
    return {"filter[user_id_eq]": target.ids["user_id"], "sort": "-id", "per_page": "100"}


_for_each("what was created is there", _created)
_for_each("an update is kept", _updated)
_for_each("what was deleted is gone", _deleted)
_for_each("nothing without a token", _locked)
_for_each("what never was is not found", _missing)
_for_each("an unchanged record is not sent again", _unchanged)
_for_each("what is refused is not kept", _refused)


@_scenario("spree.store_credit_categories: one in use stays")
def _category_guard(target: Any) -> None:
    category = new(target, "store_credit_categories")
    credit = new(target, "store_credits", category_id=category["id"])
    path = f"{PLATFORM}/store_credit_categories/{category['id']}"
    request_json(target.client, "DELETE", path, 422)
    check_equal(
        "retrieve after the refusal", request_json(target.client, "GET", path, 200)["data"]["id"], category["id"]
    )
    remove(target, "store_credits", credit["id"])


@_scenario("spree.store_credits: one that was used stays")
def _credit_guard(target: Any) -> None:
    credit = new(target, "store_credits", amount_used=2.5)
    path = f"{PLATFORM}/store_credits/{credit['id']}"
    check_equal("amount_used", float(credit["attributes"]["amount_used"]), 2.5)
    request_json(target.client, "DELETE", path, 422)
    _agrees(target, "store_credits", credit)
    target.client.patch(path, json={"store_credit": {"amount_used": 0}})
    remove(target, "store_credits", credit["id"])


SCENARIOS = tuple(_scenario.scenarios)

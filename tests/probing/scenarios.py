"""What must be true of a store-credit system over several requests, which a check of single answers cannot see.

Each scenario is a function over plain HTTP clients. It knows paths and fields of the document and nothing of what
answers them, so any server can be asked. What the document has no operation for (a purchase, a completed order) is a
function the target brings; a scenario that needs one which is missing is skipped, aloud.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import httpx

__all__ = ["SCENARIOS", "BrokenError", "Outcome", "Scenario", "Target", "run"]

_PLATFORM = "/api/v2/platform"
_VINR = "/v1/store-credit"


class BrokenError(Exception):
    """The system does not hold to a scenario; the text says in what."""


@dataclass(frozen=True)
class Target:
    """A system under test.

    Attributes:
        vinr: A client of VINR: base address and a key that may do everything. None leaves VINR out.
        spree: A client of Spree's Platform API: base address and an admin bearer. None leaves Spree out.
        customer: A VINR customer that exists.
        user_id: A Spree user that exists.
        issuer_id: A Spree user who issues credit.
        category_id: A category of store credit.
        buy: Makes a VINR customer spend: customer, minor units, currency.
        order: Makes a Spree user buy and complete an order with store credit: user id, decimal in USD.
    """

    vinr: httpx.Client | None = None
    spree: httpx.Client | None = None
    customer: str = "cust_8aZ2"
    user_id: str = "2"
    issuer_id: str = "1"
    category_id: str = "1"
    buy: Callable[[str, int, str], None] | None = None
    order: Callable[[str, str], None] | None = None


@dataclass(frozen=True)
class Scenario:
    """A named promise: what it needs of a target, and how it is tried."""

    name: str
    needs: tuple[str, ...]
    attempt: Callable[[Any], None]


@dataclass(frozen=True)
class Outcome:
    """How a scenario went."""

    name: str
    result: Literal["held", "broken", "skipped"]
    text: str = ""

    def __str__(self) -> str:
        return f"{self.result:8}{self.name}{': ' if self.text else ''}{self.text}"


SCENARIOS: list[Scenario] = []


def run(target: Target) -> Iterator[Outcome]:
    """Try every scenario, in order."""
    for scenario in SCENARIOS:
        missing = [need for need in scenario.needs if getattr(target, need) is None]
        if missing:
            yield Outcome(scenario.name, "skipped", f"the target has no {', '.join(missing)}")
            continue
        try:
            scenario.attempt(target)
        except BrokenError as error:
            yield Outcome(scenario.name, "broken", str(error))
        except httpx.HTTPError as error:
            yield Outcome(scenario.name, "broken", f"no answer: {type(error).__name__}: {error}")
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            yield Outcome(scenario.name, "broken", f"an answer is not of the documented shape: {error!r}")
        else:
            yield Outcome(scenario.name, "held")


def _scenario(name: str, *needs: str) -> Callable[[Callable[[Any], None]], Callable[[Any], None]]:
    def keep(attempt: Callable[[Any], None]) -> Callable[[Any], None]:
        SCENARIOS.append(Scenario(name, needs, attempt))
        return attempt

    return keep


def _equal(what: str, got: object, expected: object) -> None:
    if got != expected:
        raise BrokenError(f"{what} is {got!r}, expected {expected!r}")


def _ask(client: httpx.Client, method: str, path: str, expected: int, **how: Any) -> Any:
    """Send a request, insist on its status, and return its JSON."""
    answer = client.request(method, path, **how)
    _equal(f"the status of {method} {path}", answer.status_code, expected)
    if not answer.content:
        return None
    kind = answer.headers.get("content-type", "").partition(";")[0]
    if not kind.endswith("json"):
        raise BrokenError(f"the content type of {method} {path} is {kind!r}")
    try:
        return answer.json()
    except ValueError as error:
        raise BrokenError(f"the body of {method} {path} is no JSON") from error


# VINR


def _issue(target: Any, amount: int = 1000, currency: str = "USD", key: str | None = None) -> Any:
    body = {"customer": target.customer, "amount": amount, "currency": currency}
    headers = {"Idempotency-Key": key or uuid.uuid4().hex}
    return _ask(target.vinr, "POST", _VINR, 201, json=body, headers=headers)


def _credits(target: Any) -> dict[str, Any]:
    """The newest hundred credits of the customer, by id."""
    page = _ask(target.vinr, "GET", _VINR, 200, params={"customer": target.customer, "limit": "100"})
    return {credit["id"]: credit for credit in page["data"]}


def _shown(target: Any, credit: Any) -> None:
    """Retrieve and list agree on a credit."""
    _equal("retrieve", _ask(target.vinr, "GET", f"{_VINR}/{credit['id']}", 200), credit)
    _equal("the entry of the list", _credits(target).get(credit["id"]), credit)


@_scenario("vinr: what was created is there", "vinr")
def _vinr_created(target: Any) -> None:
    credit = _issue(target, 1234)
    _equal("amount", credit["amount"], 1234)
    _equal("balance_remaining", credit["balance_remaining"], 1234)
    _shown(target, credit)


@_scenario("vinr: an update is kept", "vinr")
def _vinr_updated(target: Any) -> None:
    credit = _issue(target)
    later = 4102444800
    changed = _ask(target.vinr, "POST", f"{_VINR}/{credit['id']}", 200, json={"expires_at": later})
    _equal("expires_at", changed["expires_at"], later)
    _equal("what else changed", {**changed, "expires_at": credit["expires_at"]}, credit)
    _shown(target, changed)


@_scenario("vinr: a key runs once", "vinr")
def _vinr_once(target: Any) -> None:
    before, key = set(_credits(target)), uuid.uuid4().hex
    first = _issue(target, key=key)
    again = _issue(target, key=key)
    _equal("the replay", again, first)
    _equal("what the two attempts made", set(_credits(target)) - before, {first["id"]})


@_scenario("vinr: a key is not for other content", "vinr")
def _vinr_conflict(target: Any) -> None:
    key = uuid.uuid4().hex
    _issue(target, 1000, key=key)
    before = set(_credits(target))
    body = {"customer": target.customer, "amount": 2000, "currency": "USD"}
    _ask(target.vinr, "POST", _VINR, 409, json=body, headers={"Idempotency-Key": key})
    _equal("the credits", set(_credits(target)), before)


@_scenario("vinr: spending lowers the balance everywhere", "vinr", "buy")
def _vinr_spent(target: Any) -> None:
    # A currency nobody else uses, so that it is this credit that pays.
    credit = _issue(target, 1000, "ISK")
    _shown(target, credit)

    def remaining() -> int:
        return sum(item["balance_remaining"] for item in _credits(target).values() if item["currency"] == "ISK")

    before = remaining()
    target.buy(target.customer, 300, "ISK")
    _equal("what the list has left", remaining(), before - 300)
    for identity, item in _credits(target).items():
        if item["currency"] == "ISK":
            _equal("retrieve after spending", _ask(target.vinr, "GET", f"{_VINR}/{identity}", 200), item)


@_scenario("vinr: nothing without a key", "vinr")
def _vinr_locked(target: Any) -> None:
    credit = _issue(target)
    before = set(_credits(target))
    body = {"customer": target.customer, "amount": 1000, "currency": "USD"}
    for wrong in ({"X-Api-Key": ""}, {"X-Api-Key": "wrong"}):
        _ask(target.vinr, "GET", _VINR, 401, headers=wrong)
        _ask(target.vinr, "GET", f"{_VINR}/{credit['id']}", 401, headers=wrong)
        _ask(target.vinr, "POST", _VINR, 401, json=body, headers=wrong)
        _ask(target.vinr, "POST", f"{_VINR}/{credit['id']}", 401, json={"expires_at": None}, headers=wrong)
    _equal("the credits", set(_credits(target)), before)


@_scenario("vinr: what never was is not found", "vinr")
def _vinr_missing(target: Any) -> None:
    path = f"{_VINR}/sc_{uuid.uuid4().hex}"
    _ask(target.vinr, "GET", path, 404)
    _ask(target.vinr, "POST", path, 404, json={"expires_at": None})


# Spree

_ROOTS = {
    "store_credits": "store_credit",
    "store_credit_categories": "store_credit_category",
    "store_credit_types": "store_credit_type",
}


def _new(target: Any, resource: str) -> Any:
    members: dict[str, Any] = {"name": f"Scenario {uuid.uuid4().hex[:8]}"}
    if resource == "store_credits":
        members = {
            "user_id": target.user_id,
            "category_id": target.category_id,
            "created_by_id": target.issuer_id,
            "currency": "USD",
            "amount": 12.5,
        }
    path = f"{_PLATFORM}/{resource}"
    return _ask(target.spree, "POST", path, 201, json={_ROOTS[resource]: members})["data"]


def _listed(target: Any, resource: str, identity: str) -> Any:
    """The record as the list has it, or None."""
    page = _ask(target.spree, "GET", f"{_PLATFORM}/{resource}", 200, params={"filter[id_in][]": identity})
    return next((item for item in page["data"] if item["id"] == identity), None)


def _agrees(target: Any, resource: str, record: Any) -> None:
    path = f"{_PLATFORM}/{resource}/{record['id']}"
    _equal("retrieve", _ask(target.spree, "GET", path, 200)["data"], record)
    _equal("the entry of the list", _listed(target, resource, record["id"]), record)


def _for_each(name: str, attempt: Callable[[Any, str], None]) -> None:
    for resource in _ROOTS:
        _scenario(f"spree.{resource}: {name}", "spree")(lambda target, resource=resource: attempt(target, resource))


def _spree_created(target: Any, resource: str) -> None:
    _agrees(target, resource, _new(target, resource))


def _spree_updated(target: Any, resource: str) -> None:
    record = _new(target, resource)
    change = {"memo": "changed"} if resource == "store_credits" else {"name": f"Changed {uuid.uuid4().hex[:8]}"}
    path = f"{_PLATFORM}/{resource}/{record['id']}"
    changed = _ask(target.spree, "PATCH", path, 200, json={_ROOTS[resource]: change})["data"]
    _equal("what was changed", {name: changed["attributes"].get(name) for name in change}, change)
    _agrees(target, resource, changed)


def _spree_deleted(target: Any, resource: str) -> None:
    record = _new(target, resource)
    _agrees(target, resource, record)
    path = f"{_PLATFORM}/{resource}/{record['id']}"
    _ask(target.spree, "DELETE", path, 204)
    _ask(target.spree, "GET", path, 404)
    _ask(target.spree, "PATCH", path, 404, json={_ROOTS[resource]: {"memo": "x", "name": "x"}})
    _ask(target.spree, "DELETE", path, 404)
    _equal("the entry of the list", _listed(target, resource, record["id"]), None)


def _spree_locked(target: Any, resource: str) -> None:
    record = _new(target, resource)
    path = f"{_PLATFORM}/{resource}/{record['id']}"
    for wrong in ({"Authorization": ""}, {"Authorization": "Bearer wrong"}):
        for method in ("GET", "PATCH", "DELETE"):
            how = {"json": {_ROOTS[resource]: {"memo": "x", "name": "x"}}} if method == "PATCH" else {}
            _ask(target.spree, method, path, 401, headers=wrong, **how)
        _ask(target.spree, "GET", f"{_PLATFORM}/{resource}", 401, headers=wrong)
    _agrees(target, resource, record)


_for_each("what was created is there", _spree_created)
_for_each("an update is kept", _spree_updated)
_for_each("what was deleted is gone", _spree_deleted)
_for_each("nothing without a token", _spree_locked)


@_scenario("spree.store_credits: spending shows everywhere", "spree", "order")
def _spree_spent(target: Any) -> None:
    _new(target, "store_credits")

    def used() -> tuple[int, dict[str, Any]]:
        """Hundredths used of the user's credits, and the credits."""
        query = {"filter[user_id_eq]": target.user_id, "per_page": "500"}
        page = _ask(target.spree, "GET", f"{_PLATFORM}/store_credits", 200, params=query)
        records = {item["id"]: item for item in page["data"]}
        return sum(round(float(item["attributes"]["amount_used"]) * 100) for item in records.values()), records

    before, records = used()
    for identity, record in records.items():
        _equal("retrieve", _ask(target.spree, "GET", f"{_PLATFORM}/store_credits/{identity}", 200)["data"], record)
    target.order(target.user_id, "5.00")
    after, records = used()
    _equal("what was used, in hundredths", after - before, 500)
    for identity, record in records.items():
        shown = _ask(target.spree, "GET", f"{_PLATFORM}/store_credits/{identity}", 200)["data"]
        _equal("retrieve after spending", shown, record)

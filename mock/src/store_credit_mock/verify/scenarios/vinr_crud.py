"""VINR's store credit, one record at a time."""

from __future__ import annotations

import contextlib
import functools
import itertools
import uuid
from typing import Any, Final

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, answer, check, check_equal, request_json

__all__ = ["PATH", "SCENARIOS", "absent", "credits_of", "issue", "shown"]

PATH: Final = "/v1/store-credit"
LATER: Final = 4102444800
"""The year 2100, in Unix seconds."""
_NEVER = itertools.count(1)
_scenario = ScenarioRegistry("vinr", "VINR")


def absent() -> str:
    """An id that no credit has."""
    return f"sc_absent{uuid.uuid4().int % 16**15 + next(_NEVER):016x}"


def issue(target: Any, amount: int = 1000, currency: str = "USD", key: str | None = None, **members: Any) -> Any:
    """Issue credit of an amount in minor units to the target's customer, or to another."""
    body = {"customer": target.ids["customer"], "amount": amount, "currency": currency, **members}
    return request_json(
        target.client, "POST", PATH, 201, json=body, headers={"Idempotency-Key": key or uuid.uuid4().hex}
    )


def credits_of(target: Any, customer: str | None = None) -> dict[str, Any]:
    """The newest hundred credits of a customer, by id, newest first."""
    page = request_json(
        target.client, "GET", PATH, 200, params={"customer": customer or target.ids["customer"], "limit": "100"}
    )
    return {credit["id"]: credit for credit in page["data"]}


def shown(target: Any, credit: Any) -> None:
    """Insist that retrieve and list agree on a credit."""
    check_equal("retrieve", request_json(target.client, "GET", f"{PATH}/{credit['id']}", 200), credit)
    check_equal("the entry of the list", credits_of(target, credit["customer"]).get(credit["id"]), credit)


@_scenario("vinr: what was created is there")
def _created(target: Any) -> None:
    credit = issue(target, 1234)
    for name, value in {
        "customer": target.ids["customer"],
        "amount": 1234,
        "balance_remaining": 1234,
        "currency": "USD",
        "expires_at": None,
    }.items():
        check_equal(name, credit[name], value)
    shown(target, credit)


@_scenario("vinr: a form creates what JSON does")
def _form(target: Any) -> None:
    sent = {"customer": target.ids["customer"], "amount": "1500", "currency": "USD", "expires_at": str(LATER)}
    credit = request_json(target.client, "POST", PATH, 201, data=sent)
    check_equal("amount", credit["amount"], 1500)
    check_equal("expires_at", credit["expires_at"], LATER)
    shown(target, credit)


@_scenario("vinr: expand shows the customer")
def _expanded(target: Any) -> None:
    credit = issue(target)
    whole = request_json(target.client, "GET", f"{PATH}/{credit['id']}", 200, params={"expand[]": "customer"})
    check_equal("the id of the customer", whole["customer"]["id"], target.ids["customer"])
    check_equal("the rest", {**whole, "customer": target.ids["customer"]}, credit)


@_scenario("vinr: an update is kept")
def _updated(target: Any) -> None:
    credit = issue(target)
    for expiry in (LATER, None):
        changed = request_json(target.client, "POST", f"{PATH}/{credit['id']}", 200, json={"expires_at": expiry})
        check_equal("expires_at", changed["expires_at"], expiry)
        check_equal("what else changed", {**changed, "expires_at": credit["expires_at"]}, credit)
        shown(target, changed)


@_scenario("vinr: a key runs once")
def _once(target: Any) -> None:
    before, key = set(credits_of(target)), uuid.uuid4().hex
    first = issue(target, key=key)
    again = issue(target, key=key)
    check_equal("the replay", again, first)
    check_equal("what the two attempts made", sorted(set(credits_of(target)) - before), [first["id"]])


@_scenario("vinr: a replay says that it is one")
def _replayed(target: Any) -> None:
    body = {"customer": target.ids["customer"], "amount": 1000, "currency": "USD"}
    how: Any = {"json": body, "headers": {"Idempotency-Key": uuid.uuid4().hex}}
    for number, expected in enumerate((None, "true"), 1):
        _, headers = answer(target.client, "POST", PATH, 201, **how)
        check_equal(f"Idempotent-Replayed of attempt {number}", headers.get("idempotent-replayed"), expected)


@_scenario("vinr: a key is not for other content")
def _conflict(target: Any) -> None:
    key = uuid.uuid4().hex
    issue(target, 1000, key=key)
    before = sorted(credits_of(target))
    body = {"customer": target.ids["customer"], "amount": 2000, "currency": "USD"}
    request_json(target.client, "POST", PATH, 409, json=body, headers={"Idempotency-Key": key})
    check_equal("the credits", sorted(credits_of(target)), before)


@_scenario("vinr: what is refused is not made")
def _refused(target: Any) -> None:
    issue(target)
    before = sorted(credits_of(target))
    good = {"customer": target.ids["customer"], "amount": 1000, "currency": "USD"}
    wrong: dict[str, Any] = {
        "amount": [0, -1, 1.5, "1000", None],
        "currency": ["", "DOLLARS", None],
        "expires_at": [1000, "tomorrow"],
        "balance_remaining": [1000],
    }
    for name, values in wrong.items():
        for value in values:
            error = request_json(target.client, "POST", PATH, 400, json={**good, name: value})["error"]
            check_equal(f"the param of the error about {name}", error["param"], name)
    for name in good:
        request_json(target.client, "POST", PATH, 400, json={key: value for key, value in good.items() if key != name})
    error = request_json(target.client, "POST", PATH, 404, json={**good, "customer": f"cust_absent{uuid.uuid4().hex}"})[
        "error"
    ]
    check_equal("the param of the error about the customer", error["param"], "customer")
    check_equal("the credits", sorted(credits_of(target)), before)


@_scenario("vinr: a refused update changes nothing")
def _refused_update(target: Any) -> None:
    credit = issue(target)
    for body in ({"expires_at": 1000}, {"amount": 5000}, {"expires_at": "tomorrow"}):
        request_json(target.client, "POST", f"{PATH}/{credit['id']}", 400, json=body)
    shown(target, credit)


@_scenario("vinr: nothing without a key")
def _locked(target: Any) -> None:
    credit = issue(target)
    before = sorted(credits_of(target))
    body = {"customer": target.ids["customer"], "amount": 1000, "currency": "USD"}
    for wrong in ({"X-Api-Key": ""}, {"X-Api-Key": "wrong"}):
        request_json(target.client, "GET", PATH, 401, headers=wrong)
        request_json(target.client, "GET", f"{PATH}/{credit['id']}", 401, headers=wrong)
        request_json(target.client, "POST", PATH, 401, json=body, headers=wrong)
        request_json(target.client, "POST", f"{PATH}/{credit['id']}", 401, json={"expires_at": None}, headers=wrong)
    check_equal("the credits", sorted(credits_of(target)), before)


@_scenario("vinr: a restricted key does only what it was given", "control")
def _restricted(target: Any) -> None:
    control = target.control.vinr
    credit = issue(target)
    before = sorted(credits_of(target))
    record, body = f"{PATH}/{credit['id']}", {"customer": target.ids["customer"], "amount": 1000, "currency": "USD"}
    may = {scope: control.issue_key(scopes=[f"store_credit:{scope}"]).key for scope in ("read", "write")}
    with contextlib.ExitStack() as keys:
        for key in may.values():
            keys.enter_context(target.undoing("a restricted key", functools.partial(control.change_key, key, "revoke")))
        read, write = ({"X-Api-Key": may[scope]} for scope in ("read", "write"))
        for path in (PATH, record):
            request_json(target.client, "GET", path, 200, headers=read)
            request_json(target.client, "GET", path, 403, headers=write)
        request_json(target.client, "POST", PATH, 403, json=body, headers=read)
        request_json(target.client, "POST", record, 403, json={"expires_at": LATER}, headers=read)
        check_equal("the credits", sorted(credits_of(target)), before)
        shown(target, credit)
        changed = request_json(target.client, "POST", record, 200, json={"expires_at": LATER}, headers=write)
        shown(target, {**credit, "expires_at": LATER})
        check_equal("the update", changed["expires_at"], LATER)


@_scenario("vinr: what never was is not found")
def _missing(target: Any) -> None:
    path = f"{PATH}/{absent()}"
    for method, how in (("GET", {}), ("POST", {"json": {"expires_at": None}})):
        error = request_json(target.client, method, path, 404, **how)["error"]
        check(bool(error["message"]), "the error has no message")


SCENARIOS = tuple(_scenario.scenarios)

"""Spree v3's store credit of a customer, one record at a time."""

from __future__ import annotations

import itertools
import uuid
from decimal import Decimal
from typing import Any, Final

from sqids import Sqids

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, answer, check, check_equal, request_json

__all__ = ["ADMIN", "SCENARIOS", "absent", "body_of", "credits_of", "error_of", "listed", "new", "path_of"]

ADMIN: Final = "/api/v3/admin"
_NEVER = itertools.count(1)
_SQIDS: Final = Sqids(min_length=10)
_LARGE: Final = 9 * 10**15
_scenario = ScenarioRegistry("spree_v3", "Spree v3")


def absent(prefix: str = "credit_") -> str:
    """An id that no record has: it names a database number that no table has come to."""
    return prefix + _SQIDS.encode([_LARGE + uuid.uuid4().int % 10**12 * 1000 + next(_NEVER)])


def _kind(target: Any) -> str:
    """What ids of customers begin with on this server."""
    return target.ids["customer_id"].partition("_")[0] + "_"


def path_of(target: Any, identity: str | None = None, customer: str | None = None) -> str:
    """The path of a customer's credits, or of one of them."""
    whole = f"{ADMIN}/customers/{customer or target.ids['customer_id']}/store_credits"
    return whole if identity is None else f"{whole}/{identity}"


def body_of(**members: Any) -> dict[str, Any]:
    """What a create sends; None leaves a member out."""
    whole = {"amount": "12.50", "currency": "USD", "memo": f"verify {uuid.uuid4().hex[:12]}", **members}
    return {name: value for name, value in whole.items() if value is not None}


def new(target: Any, key: str | None = None, customer: str | None = None, **members: Any) -> Any:
    """Issue a credit of USD 12.50, or of what is given."""
    headers = {} if key is None else {"Idempotency-Key": key}
    path = path_of(target, customer=customer)
    return request_json(target.client, "POST", path, 201, json=body_of(**members), headers=headers)


def credits_of(target: Any, **query: Any) -> dict[str, Any]:
    """Credits of the customer by id, at most a hundred."""
    page = request_json(target.client, "GET", path_of(target), 200, params={"limit": "100", **query})
    return {credit["id"]: credit for credit in page["data"]}


def listed(target: Any, identity: str) -> Any:
    """A credit as the list has it, or None."""
    return credits_of(target, **{"q[id_eq]": identity}).get(identity)


def error_of(target: Any, method: str, path: str, status: int, **how: Any) -> Any:
    """The `error` of a refusal, whose code is a text and whose message may be empty."""
    error = request_json(target.client, method, path, status, **how)["error"]
    check(isinstance(error["code"], str) and bool(error["code"]), "an error has no code")
    check(isinstance(error["message"], str), "an error has no message")
    return error


def _agrees(target: Any, credit: Any) -> None:
    check_equal("get", request_json(target.client, "GET", path_of(target, credit["id"]), 200), credit)
    check_equal("the entry of the list", listed(target, credit["id"]), credit)


def _amount(credit: Any, name: str = "amount") -> Decimal:
    check(isinstance(credit[name], str), f"{name} is {credit[name]!r}, expected a decimal in a text")
    return Decimal(credit[name])


@_scenario("spree-v3: what was created is there")
def _created(target: Any) -> None:
    credit = new(target, memo="verify: created")
    for name, value in (("amount", "12.5"), ("amount_used", "0"), ("amount_remaining", "12.5")):
        check(_amount(credit, name) == Decimal(value), f"{name} is {credit[name]!r}, expected {value}")
    check_equal("currency", credit["currency"], "USD")
    check_equal("memo", credit["memo"], "verify: created")
    check_equal("customer_id", credit["customer_id"], target.ids["customer_id"])
    _agrees(target, credit)


@_scenario("spree-v3: amounts come back as they were sent")
def _exact(target: Any) -> None:
    for amount in ("0.01", "19.99", "100", "1234.56"):
        credit = new(target, amount=amount)
        check(_amount(credit) == Decimal(amount), f"the amount {amount} came back as {credit['amount']!r}")
        _agrees(target, credit)


@_scenario("spree-v3: an update is kept")
def _updated(target: Any) -> None:
    credit = new(target)
    for change in ({"memo": "changed"}, {"memo": None}):
        changed = request_json(target.client, "PATCH", path_of(target, credit["id"]), 200, json=change)
        check_equal("memo", changed["memo"], change["memo"])
        check_equal("the amount", changed["amount"], credit["amount"])
        _agrees(target, changed)


@_scenario("spree-v3: the amount of an unused credit can be changed")
def _amount_changed(target: Any) -> None:
    credit = new(target)
    changed = request_json(target.client, "PATCH", path_of(target, credit["id"]), 200, json={"amount": "7.25"})
    check(_amount(changed) == Decimal("7.25"), f"the amount is {changed['amount']!r}, expected 7.25")
    check(_amount(changed, "amount_remaining") == Decimal("7.25"), "what remains did not change with the amount")
    _agrees(target, changed)


@_scenario("spree-v3: what was deleted is gone")
def _deleted(target: Any) -> None:
    credit = new(target)
    _agrees(target, credit)
    path = path_of(target, credit["id"])
    request_json(target.client, "DELETE", path, 204)
    request_json(target.client, "GET", path, 404)
    request_json(target.client, "PATCH", path, 404, json={"memo": "x"})
    request_json(target.client, "DELETE", path, 404)
    check_equal("the entry of the list", listed(target, credit["id"]), None)


@_scenario("spree-v3: nothing without a key")
def _locked(target: Any) -> None:
    credit = new(target)
    path = path_of(target, credit["id"])
    for wrong in ({"X-Spree-Api-Key": ""}, {"X-Spree-Api-Key": "sk_wrong"}):
        request_json(target.client, "GET", path_of(target), 401, headers=wrong)
        request_json(target.client, "POST", path_of(target), 401, headers=wrong, json=body_of())
        request_json(target.client, "GET", path, 401, headers=wrong)
        request_json(target.client, "PATCH", path, 401, headers=wrong, json={"memo": "x"})
        request_json(target.client, "DELETE", path, 401, headers=wrong)
    _agrees(target, credit)


@_scenario("spree-v3: what never was is not found")
def _missing(target: Any) -> None:
    for path in (path_of(target, absent()), path_of(target, absent(), absent(_kind(target)))):
        for method, how in (("GET", {}), ("PATCH", {"json": {"memo": "x"}}), ("DELETE", {})):
            check_equal("the code", error_of(target, method, path, 404, **how)["code"], "record_not_found")
    nobody = path_of(target, customer=absent(_kind(target)))
    check_equal("the code of the list", error_of(target, "GET", nobody, 404)["code"], "record_not_found")
    refused = error_of(target, "POST", nobody, 404, json=body_of())
    check_equal("the code of the create", refused["code"], "record_not_found")


@_scenario("spree-v3: a credit is found under its own customer only")
def _elsewhere(target: Any) -> None:
    credit = new(target)
    other = absent(_kind(target))
    request_json(target.client, "GET", path_of(target, credit["id"], other), 404)
    _agrees(target, credit)


@_scenario("spree-v3: an unchanged record is not sent again")
def _unchanged(target: Any) -> None:
    path = path_of(target, new(target)["id"])
    _, headers = answer(target.client, "GET", path, 200)
    got = target.client.get(path, headers={"If-None-Match": headers["etag"]})
    check_equal("the status when nothing has changed", got.status_code, 304)
    request_json(target.client, "PATCH", path, 200, json={"memo": "changed"})
    request_json(target.client, "GET", path, 200, headers={"If-None-Match": headers["etag"]})


@_scenario("spree-v3: what is refused is not kept")
def _refused(target: Any) -> None:
    credit = new(target)
    marker = f"refused {uuid.uuid4().hex}"
    for name, value in (("amount", "0"), ("amount", "-1"), ("amount", None), ("currency", None), ("currency", "")):
        sent = body_of(memo=marker, **{name: value})
        error = error_of(target, "POST", path_of(target), 422, json=sent)
        check_equal(f"the code of a wrong {name}", error["code"], "validation_error")
        check(name in error["details"], f"the details of a wrong {name} do not name it")
    for amount in ("0", "-1"):
        error_of(target, "PATCH", path_of(target, credit["id"]), 422, json={"amount": amount, "memo": marker})
    _agrees(target, credit)
    newest = credits_of(target, sort="-created_at")
    check_equal(
        "credits that were refused and are there", [i for i, one in newest.items() if one["memo"] == marker], []
    )


SCENARIOS = tuple(_scenario.scenarios)

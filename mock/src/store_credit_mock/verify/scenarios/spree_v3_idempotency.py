"""Spree v3's idempotency keys: what runs once, and which answers are kept."""

from __future__ import annotations

import uuid
from typing import Any

from store_credit_mock.verify.scenarios.assertions import ScenarioRegistry, answer, check_equal, request_json
from store_credit_mock.verify.scenarios.spree_v3_crud import body_of, credits_of, error_of, new, path_of

__all__ = ["SCENARIOS"]

_scenario = ScenarioRegistry("spree_v3", "Spree v3")


def _key() -> dict[str, str]:
    return {"Idempotency-Key": uuid.uuid4().hex}


def _of(target: Any, memo: str) -> list[str]:
    """The newest credits of a memo, which the server cannot filter by."""
    return [one["id"] for one in credits_of(target, sort="-created_at").values() if one["memo"] == memo]


@_scenario("spree-v3: a key runs once")
def _once(target: Any) -> None:
    body, headers = body_of(), _key()
    first = request_json(target.client, "POST", path_of(target), 201, json=body, headers=headers)
    again = request_json(target.client, "POST", path_of(target), 201, json=body, headers=headers)
    check_equal("the replay", again, first)
    check_equal("what the two attempts made", _of(target, body["memo"]), [first["id"]])


@_scenario("spree-v3: another key is another credit")
def _twice(target: Any) -> None:
    body = body_of()
    made = [
        request_json(target.client, "POST", path_of(target), 201, json=body, headers=_key())["id"] for _ in range(2)
    ]
    check_equal("what two keys made", sorted(_of(target, body["memo"])), sorted(made))


@_scenario("spree-v3: a replay says that it is one")
def _replayed(target: Any) -> None:
    how: Any = {"json": body_of(), "headers": _key()}
    for number, expected in enumerate((None, "true"), 1):
        _, headers = answer(target.client, "POST", path_of(target), 201, **how)
        check_equal(f"Idempotent-Replayed of attempt {number}", headers.get("idempotent-replayed"), expected)


@_scenario("spree-v3: a key is not for other content")
def _conflict(target: Any) -> None:
    headers, body = _key(), body_of()
    credit = request_json(target.client, "POST", path_of(target), 201, json=body, headers=headers)
    other = error_of(target, "POST", path_of(target), 422, json={**body, "amount": "13.00"}, headers=headers)
    check_equal("the code of other content", other["code"], "idempotency_key_reused")
    path = path_of(target, credit["id"])
    elsewhere = error_of(target, "PATCH", path, 422, json={"memo": "x"}, headers=headers)
    check_equal("the code of another method", elsewhere["code"], "idempotency_key_reused")
    check_equal("the credits", _of(target, body["memo"]), [credit["id"]])


@_scenario("spree-v3: a refusal is kept, and not the correction")
def _refusal(target: Any) -> None:
    headers, body = _key(), body_of(amount="0")
    first = error_of(target, "POST", path_of(target), 422, json=body, headers=headers)
    check_equal("the refusal again", error_of(target, "POST", path_of(target), 422, json=body, headers=headers), first)
    corrected = error_of(target, "POST", path_of(target), 422, json={**body, "amount": "1.00"}, headers=headers)
    check_equal("the code of the corrected body", corrected["code"], "idempotency_key_reused")
    check_equal("what was made", _of(target, body["memo"]), [])


@_scenario("spree-v3: a delete under a key is a delete once more")
def _delete(target: Any) -> None:
    path, headers = path_of(target, new(target)["id"]), _key()
    for _ in range(2):
        request_json(target.client, "DELETE", path, 204, headers=headers)
    request_json(target.client, "DELETE", path, 404)


@_scenario("spree-v3: a key has at most 255 characters")
def _long(target: Any) -> None:
    long = "k" * 215 + uuid.uuid4().hex + "-------"
    body = body_of()
    refused = error_of(target, "POST", path_of(target), 400, json=body, headers={"Idempotency-Key": f"{long}--"})
    check_equal("the code of a key of 256", refused["code"], "invalid_request")
    made = request_json(target.client, "POST", path_of(target), 201, json=body, headers={"Idempotency-Key": f"{long}-"})
    check_equal("what was made", _of(target, body["memo"]), [made["id"]])


SCENARIOS = tuple(_scenario.scenarios)

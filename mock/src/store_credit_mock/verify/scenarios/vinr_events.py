"""VINR's events, where a control plane can register an endpoint and something listens for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from store_credit import WebhookVerificationError, webhooks
from store_credit_mock.verify.scenarios.assertions import (
    BrokenError,
    ScenarioRegistry,
    check,
    check_equal,
    request_json,
)
from store_credit_mock.verify.scenarios.vinr_crud import LATER, PATH, issue

__all__ = ["SCENARIOS"]

_MOST = 20
"""Deliveries looked through for the one that is waited for: others may be making credits at the same time."""
_scenario = ScenarioRegistry("vinr", "VINR")


def _delivered(target: Any, kind: str, credit: str) -> tuple[bytes, Mapping[str, str], Any]:
    for _ in range(_MOST):
        delivery = target.received()
        if delivery is None:
            break
        body, headers = delivery
        event = orjson.loads(body)
        if event["type"] == kind and event["data"]["object"]["id"] == credit:
            return body, headers, event
    raise BrokenError(f"no {kind} event about {credit} was delivered to {target.receiver}")


@_scenario("vinr: events are delivered and signed", "control", "receiver")
def _signed(target: Any) -> None:
    control = target.control.vinr
    endpoint = control.add_endpoint(target.receiver)
    with target.undoing(f"webhook endpoint {endpoint.id}", lambda: control.remove_endpoint(endpoint.id)):
        credit = issue(target)
        events = [(*_delivered(target, "store_credit.created", credit["id"]), credit)]
        changed = request_json(target.client, "POST", f"{PATH}/{credit['id']}", 200, json={"expires_at": LATER})
        events.append((*_delivered(target, "store_credit.updated", credit["id"]), changed))
    for body, headers, event, record in events:
        check_equal(f"the record in {event['type']}", event["data"]["object"], record)
        for name in ("x-vinr-signature", "x-vinr-timestamp"):
            check(name in headers, f"{event['type']} came without {name}")
        try:
            webhooks.verify(body, headers["x-vinr-signature"], headers["x-vinr-timestamp"], endpoint.secret)
        except WebhookVerificationError as error:
            raise BrokenError(f"the signature of {event['type']} is not valid: {error}") from error
    kinds = {event["id"] for _, _, event, _ in events}
    check_equal("how many ids the two events have", len(kinds), 2)


SCENARIOS = tuple(_scenario.scenarios)

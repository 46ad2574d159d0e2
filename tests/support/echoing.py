"""What a server makes of a request: the record a test has prepared, with the request's own values in it.

The SDK compares a create's response with its request, so that a prepared record alone would be somebody else's. A value
that no server should send stays as the test has prepared it.
"""

from __future__ import annotations

import copy
import json
import re
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, unquote

__all__ = ["creates", "echoed", "echoed_v3"]

VINR = "/v1/store-credit"
PLATFORM = "/api/v2/platform/"
RELATIONS = {
    "user_id": "user",
    "category_id": "store_credit_category",
    "created_by_id": "created_by",
    "type_id": "store_credit_type",
}
KEPT = ("currency", "memo", "name", "priority", "private_metadata", "public_metadata")
AMOUNTS = ("amount", "amount_used", "amount_authorized")


def creates(method: str, target: str) -> bool:
    """Whether a request makes a new record of one of the two systems."""
    path = target.partition("?")[0]
    within = path.partition(PLATFORM)[2] if PLATFORM in path else ""
    return method == "POST" and (path.endswith(VINR) or (bool(within) and "/" not in within))


def echoed(method: str, target: str, content: bytes | None, prepared: Any) -> Any:
    """The JSON body of a response to a request.

    Args:
        method: Of the request.
        target: Its path and query.
        content: Its body.
        prepared: What the test has prepared; whatever is not one record of either system is returned as it is.
    """
    path, _, query = target.partition("?")
    if not isinstance(prepared, dict):
        return prepared
    if f"{VINR}/" in f"{path}/" and "customer" in prepared and "amount" in prepared:
        return _vinr(method, path, content, copy.deepcopy(prepared))
    if PLATFORM in path and isinstance(prepared.get("data"), dict) and "attributes" in prepared["data"]:
        sparse = any(name.startswith("fields[") for name, _ in parse_qsl(query))
        return {**prepared, "data": _spree(method, path, content, copy.deepcopy(prepared["data"]), sparse=sparse)}
    return prepared


def echoed_v3(target: str, content: bytes | None, prepared: Any) -> Any:
    """The same for a credit of a customer on Spree's API v3, for those who do not try what other values lead to."""
    path = target.partition("?")[0].split("/")
    credit = "/api/v3/admin/customers/" in target and "store_credits" in path
    if not credit or not isinstance(prepared, dict) or "customer_id" not in prepared:
        return prepared
    sent = json.loads(content) if content else {}
    return {**prepared, **sent, "customer_id": unquote(path[path.index("store_credits") - 1])}


def _vinr(method: str, path: str, content: bytes | None, record: dict[str, Any]) -> dict[str, Any]:
    sent: dict[str, Any] = json.loads(content) if content else {}
    if "amount" in sent and type(record["amount"]) is int:
        record["amount"] = sent["amount"]
    if "expires_at" in sent:
        record["expires_at"] = sent["expires_at"]
    if isinstance(sent.get("currency"), str) and _is_text(record.get("currency")):
        record["currency"] = sent["currency"].upper()
    if "customer" in sent:
        known = record["customer"]
        if isinstance(known, dict):
            record["customer"] = {**known, "id": sent["customer"]}
        elif _is_text(known):
            record["customer"] = sent["customer"]
    if not creates(method, path) and _is_text(record.get("id")):
        record["id"] = unquote(path.rpartition("/")[2])
    return record


def _spree(method: str, path: str, content: bytes | None, record: dict[str, Any], *, sparse: bool) -> dict[str, Any]:
    if not creates(method, path):
        within = path.partition(PLATFORM)[2].split("/")
        if len(within) == 2 and _is_text(record.get("id")):
            record["id"] = unquote(within[1])
        return record
    body: dict[str, Any] = json.loads(content) if content else {}
    (sent,) = body.values() if len(body) == 1 else ({},)
    if sparse or not isinstance(sent, dict):
        return record
    (exact,) = json.loads(content or b"", parse_float=Decimal).values()
    attributes, related = dict(record["attributes"]), dict(record.get("relationships") or {})
    for name, value in sent.items():
        if name in RELATIONS:
            kind = RELATIONS[name]
            related[kind] = {"data": None if value is None else {"id": str(value), "type": _type(kind)}}
        elif name in AMOUNTS and _is_amount(attributes.get(name, "0.0")):
            attributes[name] = _decimal(exact[name])
        elif name in KEPT and (name != "currency" or _is_text(attributes.get(name, "USD"))):
            attributes[name] = value
    record["attributes"] = attributes
    if related:
        record["relationships"] = related
    return record


def _type(relation: str) -> str:
    return "admin_user" if relation == "created_by" else relation


def _decimal(value: Any) -> str:
    """An amount as Rails writes it: at least one decimal, no zeros behind it."""
    text = format(Decimal(value), "f")
    whole, _, fraction = text.partition(".")
    return f"{whole}.{fraction.rstrip('0') or '0'}"


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_amount(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) is not None

"""Whether the SDK put the recorded request on the wire."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast
from urllib.parse import unquote

from store_credit_mock.recording import ExchangeFile, body_bytes
from store_credit_tools.replay.differences import Difference, compare, equal_by_value, pointer, shown
from store_credit_tools.replay.sdk.calls import RawCall, TypedCall
from store_credit_tools.replay.sdk.expectations import JSON, Match, Promises
from store_credit_tools.replay.sdk.reconstruct_call import recorded_json
from store_credit_tools.replay.sdk.recorded_server import WHOLE, Sent
from store_credit_tools.replay.sdk.run_call import DECOY

__all__ = ["compare_request"]

SIDE = "request"


def compare_request(
    promises: Promises, exchange: ExchangeFile, match: Match, call: TypedCall | RawCall, requests: list[Sent]
) -> list[Difference]:
    """Compare what went over the wire with what was recorded.

    A typed call may write the same request otherwise: an amount as a number or a numeric string, an id as a number or a
    string, `{}` or no body. A raw one has to be the same, its headers included.
    """
    if len(requests) != 1:
        return [Difference(SIDE, "/request", f"{len(requests)} requests were sent where one was recorded")]
    sent = requests[0]
    return [
        *_compare_path(exchange, sent),
        *_compare_query(promises, exchange, match, call, sent),
        *_compare_headers(promises, exchange, match, call, sent),
        *(
            _compare_raw_body(exchange, sent)
            if isinstance(call, RawCall)
            else _compare_typed_body(promises, exchange, match, sent)
        ),
    ]


def _compare_path(exchange: ExchangeFile, sent: Sent) -> Iterator[Difference]:
    if sent.method != exchange.method:
        yield Difference(SIDE, "/request/method", f"{sent.method} where {exchange.method} was recorded")
    if _segments(sent.path) != _segments(exchange.path):
        yield Difference(SIDE, "/request/path", f"{sent.path} where {exchange.path} was recorded")


def _compare_query(
    promises: Promises, exchange: ExchangeFile, match: Match, call: TypedCall | RawCall, sent: Sent
) -> Iterator[Difference]:
    def plain(pair: tuple[str, str]) -> tuple[str, str]:
        """A whole number without leading zeros, where a typed call writes it anew."""
        name, value = pair
        known = isinstance(call, TypedCall) and "integer" in promises.parameter_types(match.operation, name)
        return (name, str(int(value))) if known and WHOLE.fullmatch(value) else pair

    recorded = Counter(plain(pair) for pair in exchange.query_pairs)
    if isinstance(call, TypedCall):
        recorded += _order_of_sdk(promises, exchange, match)
    found = Counter(plain(pair) for pair in sent.query)
    for left, what in ((recorded - found, "recorded and not sent"), (found - recorded, "sent and not recorded")):
        for name, value in left.elements():
            told = "a credential" if "token" in name else shown(value)
            yield Difference(SIDE, pointer("/request/query", name), f"{told} was {what}")


def _order_of_sdk(promises: Promises, exchange: ExchangeFile, match: Match) -> Counter[tuple[str, str]]:
    """What a method adds to a list that was asked for in no order, so that it can be iterated by id."""
    walk = promises.methods[match.operation.id].walk
    ordered = any(name == "sort" or name.startswith("filter[s]") for name, _ in exchange.query_pairs)
    return Counter() if walk is None or ordered else Counter([("sort", walk[0])])


def _segments(path: str) -> list[str]:
    return [unquote(segment) for segment in path.split("/")]


def _compare_headers(
    promises: Promises, exchange: ExchangeFile, match: Match, call: TypedCall | RawCall, sent: Sent
) -> Iterator[Difference]:
    names = promises.compared_headers(match.operation)
    if isinstance(call, RawCall):
        unsent = {"host", "content-length", "connection", "transfer-encoding"}
        names |= {name.lower() for name in exchange.request_headers} - unsent
    for name in sorted(names):
        value = exchange.request_header(name)
        recorded, found = [] if value is None else [value], sent.header(name)
        if recorded == found or _is_made_by_sdk(name, recorded, found, call) or _is_hashed(name, recorded, found, call):
            continue
        secret = name in promises.credential_headers
        yield Difference(
            SIDE, pointer("/request/headers", name), f"{_told(found, secret)} sent where {_told(recorded, secret)} was"
        )


def _is_made_by_sdk(name: str, recorded: list[str], found: list[str], call: TypedCall | RawCall) -> bool:
    """Whether the SDK adds this header by itself: an automatic key, or the key no client of the system is without."""
    if recorded or len(found) != 1:
        return False
    if isinstance(call, RawCall) and found[0].endswith(DECOY):
        return True
    return name == "idempotency-key" and found[0] != ""


def _is_hashed(name: str, recorded: list[str], found: list[str], call: TypedCall | RawCall) -> bool:
    """Whether a key of the caller's own went out hashed with the token, as shoppers share a publishable key."""
    own = name == "idempotency-key" and call.client == "SpreeStore" and len(recorded) == len(found) == 1
    return own and re.fullmatch("[0-9a-f]{64}", found[0]) is not None


def _told(values: list[str], secret: bool) -> str:
    if not values:
        return "none"
    return "a credential" if secret else ", ".join(shown(value) for value in values)


def _compare_raw_body(exchange: ExchangeFile, sent: Sent) -> list[Difference]:
    body = exchange.request_body
    if body is None or isinstance(body, str):
        if sent.body == body_bytes(body):
            return []
        return [Difference(SIDE, "/request/body", f"{shown(sent.body)} where {shown(body_bytes(body))} was recorded")]
    return compare(SIDE, "/request/body", body, _json(sent.body))


def _compare_typed_body(promises: Promises, exchange: ExchangeFile, match: Match, sent: Sent) -> list[Difference]:
    recorded = recorded_json(exchange)
    found = _json(sent.body) if sent.body else None
    if recorded in (None, {}) and found in (None, {}):
        return []
    media_type = [value.partition(";")[0].strip().lower() for value in sent.header("Content-Type")]
    wrong = [] if media_type == [JSON] else [Difference(SIDE, "/request/headers/Content-Type", f"{media_type} sent")]
    method = promises.methods[match.operation.id]
    root = pointer("/request/body", *([] if method.root is None else [method.root]))
    fields = {pointer(root, name): schema for name, schema in promises.body_fields(match.operation).items()}

    def same(where: str, expected: Any, actual: Any) -> bool | None:
        return _same_field(promises, fields[where], expected, actual) if where in fields else None

    return wrong + compare(SIDE, "/request/body", recorded, found, same)


def _same_field(promises: Promises, schema: str, expected: Any, actual: Any) -> bool | None:
    """Amounts are equal by value, ids by their text, everything else as it stands."""
    if isinstance(expected, bool) or isinstance(actual, bool):
        return None
    if promises.format(schema) == "decimal":
        return True if equal_by_value(expected, actual) else None
    if {"string", "integer"} <= promises.types(schema):
        both = isinstance(expected, int | str) and isinstance(actual, int | str)
        return True if both and str(expected) == str(actual) else None
    return None


def _json(content: bytes) -> Any:
    try:
        value = json.loads(content, parse_float=Decimal)
    except ValueError:
        return content.decode("utf-8", "replace")
    return cast("Mapping[str, Any]", value)

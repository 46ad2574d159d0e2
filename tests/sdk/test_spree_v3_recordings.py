"""What real servers of Spree's API v3 answered is read: every record, refusal and event of the recordings."""

import json
import pkgutil
import re
from collections.abc import Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Any

import store_credit.api
from store_credit import Response, spree_webhooks
from store_credit._core.operation import Operation
from store_credit._core.page_styles import PageData
from store_credit._core.spree_v3 import SpreeV3System

RECORDINGS = Path(__file__).parents[1] / "recordings" / "spree-v3"
SECRET = "ab" * 32
SIGNED_IN = re.compile(r"<\w+>")


def operations() -> Iterator[Operation]:
    """Those of Spree's API v3."""
    for module in pkgutil.iter_modules(store_credit.api.__path__, "store_credit.api."):
        if "spree_v3" in module.name:
            yield from (one for one in vars(import_module(module.name)).values() if isinstance(one, Operation))


def exchanges() -> Iterator[tuple[str, dict[str, Any]]]:
    """The recordings, by name."""
    for path in sorted(RECORDINGS.glob("v3.*.json")):
        yield path.stem, json.loads(path.read_text("utf-8"))


ROUTES = {one: re.compile(re.sub(r"\{\w+\}", "[^/]+", one.route)) for one in operations()}


def response(recorded: dict[str, Any]) -> Response:
    """A response as it came."""
    body, headers = recorded["body"], recorded["headers"]
    content = b"" if body is None else body.encode() if isinstance(body, str) else json.dumps(body).encode()
    pairs = [(name.encode(), str(value).encode()) for name, value in headers.items()]
    return Response(recorded["status"], pairs, content)


def found(request: dict[str, Any]) -> Operation | None:
    """The operation that a request asked for."""
    fitting = [
        one
        for one, route in ROUTES.items()
        if one.method == request["method"].replace("PUT", "PATCH") and route.fullmatch(request["path"])
    ]
    return fitting[0] if fitting else None


def test_every_success_is_read_to_the_last_member() -> None:
    """Amounts as decimals of the same digits; what has been read is written again as it came."""
    seen = 0
    for name, one in exchanges():
        operation, answer = found(one["request"]), response(one["response"])
        if operation is None or not 200 <= answer.status_code < 300:
            continue
        result = operation.read(answer)
        body = one["response"]["body"]
        records = result.items if isinstance(result, PageData) else [] if result is None else [result]
        raw = body["data"] if isinstance(result, PageData) else [] if result is None else [body]
        assert [record.to_dict() for record in records] == raw, name
        for record, source in zip(records, raw, strict=True):
            for member in ("amount", "amount_used", "amount_remaining", "total", "store_credit_total"):
                if isinstance(source.get(member), str):
                    assert getattr(record, member) == Decimal(source[member]), f"{name}: {member}"
                    assert str(getattr(record, member)) == source[member], f"{name}: {member}"
        seen += 1

    assert seen > 250


def test_every_refusal_has_its_code_and_message() -> None:
    """Those in Spree's own form have a code; Rails' other body has none; a message may be empty."""
    codes = set[str | None]()
    for name, one in exchanges():
        status, body = one["response"]["status"], one["response"]["body"]
        if status < 400:
            continue
        details = SpreeV3System().error_details(body)
        said = body.get("error") if isinstance(body, dict) else None
        if isinstance(said, dict):
            assert (details.code, details.message) == (said["code"], said.get("message") or None), name
            lists = {key: value for key, value in said.get("details", {}).items() if isinstance(value, list)}
            assert {key: list(value) for key, value in (details.errors or {}).items() if key in lists} == lists, name
        codes.add(details.code)

    assert {"validation_error", "store_credit_in_use", "access_denied", "record_not_found", None} <= codes


def test_every_event_that_a_listener_got_is_read() -> None:
    """Under its own name, with its amounts; the signature is made anew, as recordings hold no secret."""
    seen = 0
    for name, one in exchanges():
        for event in one.get("webhooks", []):
            payload, kind = json.dumps(event["body"]).encode(), event["body"]["name"]
            moment = int(event["headers"]["X-Spree-Webhook-Timestamp"])
            headers = spree_webhooks.test_headers(payload, SECRET, kind, timestamp=moment)
            read = spree_webhooks.parse(payload, headers, SECRET, now=moment)
            assert (read.id, headers.keys() <= event["headers"].keys()) == (event["body"]["id"], True), name
            if kind.startswith("store_credit."):
                assert read.name == kind == event["headers"]["X-Spree-Webhook-Event"], name
                assert str(getattr(read.data, "amount", None)) == event["body"]["data"]["amount"], name
            seen += 1

    assert seen > 10

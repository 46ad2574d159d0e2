"""More mocks with one defect each: those that only a look at several requests, or a strict one, can see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson

from mutants import MUTANTS, VINR_KEY, Change
from store_credit_mock import Engine, Request, Response

__all__ = ["CONTROL", "DEFECTS"]

Handle = Callable[[Request], Response]
Edit = Callable[[Request, Response, Any], None]
VINR = "/v1/store-credit"
SPREE = "/api/v2/platform/"


def edited(edit: Edit) -> Change:
    """A defect that changes answers that are JSON; it may change the value in place, or the response itself."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if response.body and (response.header("content-type") or "").partition(";")[0].endswith("json"):
                value = orjson.loads(response.body)
                edit(request, response, value)
                response.body = orjson.dumps(value)
            return response

        return handle

    return change


def asked(rewrite: Callable[[Request], Request]) -> Change:
    """A defect that overhears part of the request."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        return lambda request: engine.handle(rewrite(request))

    return change


def without_query(*names: str) -> Change:
    """Parameters that are not looked at."""

    def rewrite(request: Request) -> Request:
        kept = [part for part in request.query.split("&") if not part.replace("%5B", "[").startswith(names)]
        return Request(request.method, request.path, "&".join(kept), request.headers, request.body)

    return asked(rewrite)


def without_header(name: bytes) -> Change:
    """A header that is not looked at."""

    def rewrite(request: Request) -> Request:
        kept = [header for header in request.headers if header[0].lower() != name]
        return Request(request.method, request.path, request.query, kept, request.body)

    return asked(rewrite)


def silent(name: bytes) -> Change:
    """A header that answers lack."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            response.headers = [header for header in response.headers if header[0] != name]
            return response

        return handle

    return change


def answered(where: Callable[[Request, Response], bool], status: int, kind: bytes, body: bytes) -> Change:
    """Another response altogether."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if not where(request, response):
                return response
            others = [header for header in response.headers if header[0] != b"content-type"]
            return Response(status, [(b"content-type", kind), *others] if kind else others, body)

        return handle

    return change


def records(value: Any) -> list[Any]:
    """The records of a response of either system."""
    found = value.get("data", value)
    return found if isinstance(found, list) else [found]


def of_amount(convert: Callable[[Any], Any]) -> Edit:
    def edit(request: Request, response: Response, value: Any) -> None:
        if response.status < 300:
            for record in records(value):
                place = record.get("attributes", record)
                if "amount" in place:
                    place["amount"] = convert(place["amount"])

    return edit


def is_list(request: Request) -> bool:
    return request.method == "GET" and (
        request.path == VINR or (request.path.startswith(SPREE) and request.path.count("/") == 4)
    )


def lists(edit: Callable[[Request, Any], None]) -> Change:
    def change(request: Request, response: Response, value: Any) -> None:
        if is_list(request) and response.status == 200:
            edit(request, value)

    return edited(change)


def skip(request: Request, value: Any) -> None:
    if "starting_after" in request.query or "ending_before" in request.query or "page=2" in request.query:
        value["data"] = value["data"][1:]


def repeat(request: Request, value: Any) -> None:
    if "starting_after" in request.query or "page=3" in request.query:
        value["data"] = [*value["data"], *value["data"][:1]]


def miscount(request: Request, value: Any) -> None:
    value["meta"]["total_count"] += 1


def reverse(request: Request, value: Any) -> None:
    value["data"].reverse()


def no_more(request: Request, value: Any) -> None:
    value["page"].update(has_more=False, next_cursor=None)


def always_more(request: Request, value: Any) -> None:
    value["page"]["has_more"] = True


def overstated(request: Request, response: Response, value: Any) -> None:
    """Of what was spent, one unit is still there."""
    if response.status != 200:
        return
    for record in records(value):
        if "balance_remaining" in record and record["balance_remaining"] < record["amount"]:
            record["balance_remaining"] += 1
        shown = record.get("attributes", {})
        if float(shown.get("amount_used", 0)) > 3:
            shown["amount_used"] = str(float(shown["amount_used"]) - 0.01)


def expiry_ignored(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """An expiry is kept and shown, and does not end anything."""

    def handle(request: Request) -> Response:
        sent: Any = None
        if request.method == "POST" and request.path.startswith(VINR) and request.body.startswith(b"{"):
            body = orjson.loads(request.body)
            sent = body.pop("expires_at", None)
            if isinstance(sent, int) and sent > 1_600_000_000 and (request.path == VINR or not body):
                request = Request(
                    request.method, request.path, request.query, request.headers,
                    orjson.dumps(body if request.path == VINR else {"expires_at": None}),
                )  # fmt: skip
            else:
                sent = None
        response = engine.handle(request)
        if request.path.startswith(VINR) and response.status < 300:
            value = orjson.loads(response.body)
            for record in records(value):
                if sent is not None:
                    memory[record["id"]] = sent
                if record["id"] in memory:
                    record["expires_at"] = memory[record["id"]]
            response.body = orjson.dumps(value)
        return response

    return handle


def update_not_kept(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """A change is answered and forgotten."""

    def handle(request: Request) -> Response:
        changes = request.method == "PATCH" or (request.method == "POST" and request.path.startswith(f"{VINR}/"))
        before = engine.snapshot() if changes else None
        response = engine.handle(request)
        if before is not None and response.status == 200:
            engine.restore(before)
        return response

    return handle


def refusal_makes_one(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """A create that is refused has made a record all the same."""

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.method == "POST" and request.path == VINR and response.status == 400:
            good = b'{"customer": "cust_8aZ2", "amount": 1, "currency": "USD"}'
            engine.handle(Request("POST", VINR, "", request.headers, good))
        return response

    return handle


def conflict_replayed(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """A key that comes with other content gets the first response."""

    def handle(request: Request) -> Response:
        key = request.header("idempotency-key")
        response = engine.handle(request)
        if response.status == 201 and key is not None:
            memory.setdefault(key, response)
        if response.status == 409 and key in memory:
            kept = memory[key]
            return Response(
                kept.status, [header for header in kept.headers if header[0] != b"content-length"], kept.body
            )
        return response

    return handle


def deleted_still_listed(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """What was deleted is gone, but for the list."""

    def handle(request: Request) -> Response:
        if request.method == "DELETE":
            shown = engine.handle(Request("GET", request.path, "", request.headers))
            response = engine.handle(request)
            if response.status == 204:
                memory[request.path.rpartition("/")[2]] = orjson.loads(shown.body)["data"]
            return response
        response = engine.handle(request)
        if is_list(request) and response.status == 200:
            value = orjson.loads(response.body)
            value["data"].extend(record for key, record in memory.items() if f"={key}" in request.query)
            response.body = orjson.dumps(value)
        return response

    return handle


def open_door(method: str) -> Change:
    """One method lets in whoever comes."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        whole = MUTANTS["ignored_auth"](engine, memory)
        return lambda request: whole(request) if request.method == method else engine.handle(request)

    return change


def scope_ignored(applies: Callable[[Request], bool]) -> Change:
    """What a restricted key may not do is done all the same, by a key that may do everything."""

    def change(engine: Engine, memory: dict[Any, Any]) -> Handle:
        def handle(request: Request) -> Response:
            response = engine.handle(request)
            if response.status != 403 or not applies(request):
                return response
            others = [header for header in request.headers if header[0].lower() != b"x-api-key"]
            headers = [*others, (b"X-Api-Key", VINR_KEY.encode())]
            return engine.handle(Request(request.method, request.path, request.query, headers, request.body))

        return handle

    return change


def wrong_signature(engine: Engine, memory: dict[Any, Any]) -> Handle:
    """What is delivered is signed with another secret than the one that was shown."""

    def handle(request: Request) -> Response:
        response = engine.handle(request)
        if request.path.endswith("/webhook-endpoints") and request.method == "POST":
            response.body = orjson.dumps({**orjson.loads(response.body), "secret": "whsec_of_somebody_else"})
        return response

    return handle


def refused(edit: Callable[[Any], None]) -> Change:
    def change(request: Request, response: Response, value: Any) -> None:
        if response.status >= 400 and isinstance(value.get("error"), dict):
            edit(value["error"])

    return edited(change)


def misplaced(error: Any) -> None:
    if error.get("param"):
        error["param"] = "other"


def found(request: Request, response: Response) -> bool:
    return request.method == "GET" and response.status == 200 and not is_list(request)


def status(*statuses: int, method: str = "") -> Callable[[Request, Response], bool]:
    return lambda request, response: response.status in statuses and request.method == (method or request.method)


BOTH = ("vinr", "spree")
ONLY = {"leak_after_delete": ("spree",), "replay_runs_twice": ("vinr",)}
API, JSON, PAGE = b"application/vnd.api+json", b"application/json", b"text/html"

DEFECTS: dict[str, tuple[Change, tuple[str, ...]]] = {
    **{name: (change, ONLY.get(name, BOTH)) for name, change in MUTANTS.items()},
    "amount as text": (edited(of_amount(str)), ("vinr",)),
    "amount as float": (edited(of_amount(float)), BOTH),
    "amount in other units": (edited(of_amount(lambda amount: amount * 100)), ("vinr",)),
    "cursor that skips": (lists(skip), BOTH),
    "cursor that repeats": (lists(repeat), BOTH),
    "filter ignored": (without_query("customer", "filter"), BOTH),
    "limit ignored": (without_query("limit", "per_page"), BOTH),
    "cursor ignored": (without_query("starting_after", "page="), BOTH),
    "other cursor ignored": (without_query("ending_before"), ("vinr",)),
    "order ignored": (without_query("sort"), ("spree",)),
    "include ignored": (without_query("include", "expand"), BOTH),
    "list reversed": (lists(reverse), BOTH),
    "wrong total count": (lists(miscount), ("spree",)),
    "never more": (lists(no_more), ("vinr",)),
    "always more": (lists(always_more), ("vinr",)),
    "sums that do not add up": (edited(overstated), BOTH),
    "expiry ignored": (expiry_ignored, ("vinr",)),
    "update not kept": (update_not_kept, BOTH),
    "refusal makes one": (refusal_makes_one, ("vinr",)),
    "conflict replayed": (conflict_replayed, ("vinr",)),
    "replay not marked": (silent(b"idempotent-replayed"), ("vinr",)),
    "deleted still listed": (deleted_still_listed, ("spree",)),
    "delete guard missing": (answered(status(422, method="DELETE"), 204, b"", b""), ("spree",)),
    "delete not allowed": (answered(status(204, method="DELETE"), 401, API, b'{"error": "no"}'), ("spree",)),
    "reading open": (open_door("GET"), BOTH),
    "writing open": (open_door("POST"), BOTH),
    "deleting open": (open_door("DELETE"), ("spree",)),
    "update needs read only": (
        scope_ignored(lambda request: request.method == "POST" and request.path != VINR), ("vinr",)
    ),
    "create needs read only": (
        scope_ignored(lambda request: request.method == "POST" and request.path == VINR), ("vinr",)
    ),
    "reading needs no scope": (scope_ignored(lambda request: request.method == "GET"), ("vinr",)),
    "missing request id": (silent(b"x-vinr-request-id"), ("vinr",)),
    "missing request id of Spree": (silent(b"x-request-id"), ("spree",)),
    "missing etag": (silent(b"etag"), ("spree",)),
    "unchanged sent again": (without_header(b"if-none-match"), ("spree",)),
    "wrong error shape": (answered(status(404), 404, JSON, b'{"message": "gone"}'), BOTH),
    "error as a page": (answered(status(404), 404, PAGE, b"<h1>Not found</h1>"), BOTH),
    "error without content": (answered(status(404), 404, b"", b""), BOTH),
    "error about another field": (refused(misplaced), ("vinr",)),
    "server error": (answered(status(404), 500, JSON, b'{"error": "oops"}'), BOTH),
    "broken JSON": (answered(found, 200, JSON, b'{"id": "sc_1", "amou'), ("vinr",)),
    "empty body": (answered(found, 200, JSON, b""), BOTH),
    "refusal is a success": (answered(status(400, 422, method="POST"), 201, JSON, b"{}"), BOTH),
}  # fmt: skip
"""The defects with the systems that have them."""

CONTROL: dict[str, Change] = {"wrong signature": wrong_signature}
"""Those of what only the control plane can show."""

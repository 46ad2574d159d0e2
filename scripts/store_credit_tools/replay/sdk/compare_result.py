"""Whether the SDK made of the recorded response what it should: a result that gives it back, or the right error."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, cast

from store_credit import (
    APIStatusError,
    AuthenticationError,
    ConflictError,
    InvalidResponseError,
    Model,
    NotFoundError,
    NotModifiedError,
    OutcomeUnknownError,
    PermissionDeniedError,
    RateLimitError,
    Response,
    ServerError,
    ValidationError,
)
from store_credit_mock.contract.document import join
from store_credit_mock.recording import ExchangeFile, body_bytes
from store_credit_tools.replay.differences import Difference, as_list, as_object, compare, pointer, shown
from store_credit_tools.replay.sdk.calls import RawCall, TypedCall
from store_credit_tools.replay.sdk.compare_values import Values, given_back
from store_credit_tools.replay.sdk.expectations import Match, Promises
from store_credit_tools.replay.sdk.recorded_server import is_kept
from store_credit_tools.replay.sdk.run_call import Outcome

__all__ = ["compare_result"]

RESULT, ERROR, RAW = "result", "error", "raw answer"
DATA = "/response/body/data"
INCLUDED = "/response/body/included"

# Written out again on purpose: this is what the SDK's own table is checked against.
_ERRORS: Mapping[int, type[APIStatusError]] = {
    304: NotModifiedError,
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}


def compare_result(
    promises: Promises, exchange: ExchangeFile, match: Match, call: TypedCall | RawCall, outcome: Outcome
) -> list[Difference]:
    """Compare what a call came to with the recorded response."""
    shape = "raw" if isinstance(call, RawCall) else promises.methods[match.operation.id].result
    wanted = _wanted_error(exchange, shape, unknown_if_lost=_unknown_if_lost(promises, match, call))
    error, method = outcome.error, promises.methods.get(match.operation.id)
    came = "raised nothing" if error is None else f"raised {type(error).__name__} ({shown(str(error))})"
    if wanted is None and error is not None:
        return [Difference(RESULT, "/response/status", f"{exchange.status} {came}")]
    if wanted is not None and type(error) is not wanted:
        return [Difference(ERROR, "/response/status", f"{exchange.status} {came}, not {wanted.__name__}")]
    return [
        *(_compare_key(exchange, outcome) if method is not None and method.keyed else []),
        *_compare_response(exchange, outcome.response if error is None else getattr(error, "response", None)),
        *(_compare_parsed(promises, exchange, match, shape, outcome) if error is None and shape != "raw" else []),
        *(_compare_error(exchange, match, call, error) if error is not None else []),
    ]


# What should come of it


def _unknown_if_lost(promises: Promises, match: Match, call: TypedCall | RawCall) -> bool:
    """Whether a lost response leaves open what happened: by a create, and by what may not be sent twice.

    Any raw POST and PATCH does, since nothing is known of what it means.
    """
    if isinstance(call, RawCall):
        return call.method in ("POST", "PATCH")
    method = promises.methods[match.operation.id]
    if method.rules and method.keyed and match.operation.method not in ("GET", "HEAD"):
        return not method.idempotent
    may_be_repeated = method.idempotent or method.keyed or match.operation.method in ("GET", "HEAD", "PUT", "DELETE")
    return method.creates or not may_be_repeated


def _wanted_error(exchange: ExchangeFile, shape: str, *, unknown_if_lost: bool) -> type[Exception] | None:
    status, body = exchange.status, exchange.response_body
    if 200 <= status < 300:
        if _readable(shape, body):
            return None
        return OutcomeUnknownError if unknown_if_lost else InvalidResponseError
    said = str(as_object(body).get("error"))
    # Spree has saved the record by the time it notices the unknown name (spree.md section 8).
    saved = status == 400 and "is not specified as a relationship on" in said
    if unknown_if_lost and (status in (302, 303, 408) or status >= 500 or saved):
        return OutcomeUnknownError
    return _ERRORS.get(status, ServerError if status >= 500 else APIStatusError)


def _readable(shape: str, body: Any) -> bool:
    if shape in ("raw", "nothing"):
        return True
    if shape == "record":
        return isinstance(body, Mapping)
    data = as_object(body).get("data")
    return isinstance(data, Mapping) if shape == "document" else isinstance(data, list)


# The response as it came


def _compare_response(exchange: ExchangeFile, response: Response | None) -> Iterator[Difference]:
    if response is None:
        yield Difference(RAW, "/response", "is not kept")
        return
    yield from compare(RAW, "/response/status", exchange.status, response.status_code)
    for name, value in exchange.response_headers.items():
        if is_kept(name):
            yield from compare(RAW, pointer("/response/headers", name), value, response.headers.get(name))
    yield from compare(RAW, "/response/headers/X-Request-Id", _request_id(exchange), response.request_id)
    body = exchange.response_body
    if body is None or isinstance(body, str):
        if response.content != body_bytes(body):
            yield Difference(RAW, "/response/body", f"{shown(response.content)} where {shown(body)} was recorded")
        return
    try:
        value = response.json()
    except ValueError as error:
        yield Difference(RAW, "/response/body", f"cannot be read: {error}")
    else:
        yield from compare(RAW, "/response/body", body, value)


def _request_id(exchange: ExchangeFile) -> str | None:
    return exchange.response_header("x-vinr-request-id") or exchange.response_header("X-Request-Id")


def _compare_key(exchange: ExchangeFile, outcome: Outcome) -> Iterator[Difference]:
    """The idempotency key is shown on the result and on the error, so that a caller can resend with it.

    The caller's own, also where it goes out hashed.
    """
    sent = [value for request in outcome.sent for value in request.header("Idempotency-Key")]
    if sent:
        shower = outcome.response if outcome.error is None else outcome.error
        key: str | None = getattr(shower, "idempotency_key", None)
        own = exchange.request_header("Idempotency-Key") or sent[0]
        yield from compare(RAW, "/request/headers/Idempotency-Key", own, None if key is None else str(key))


# Results


def _compare_parsed(
    promises: Promises, exchange: ExchangeFile, match: Match, shape: str, outcome: Outcome
) -> Iterator[Difference]:
    result, body = outcome.result, exchange.response_body
    if shape == "nothing":
        if result is not None:
            yield Difference(RESULT, "/response/body", f"{shown(result)} where nothing is to be returned")
        return
    members = as_object(body)
    answer = promises.answer_schema(match.operation, exchange.status)
    values = None if answer is None else Values(promises, answer, members)
    if result.last_response is not outcome.response:
        yield Difference(RESULT, "/response", "last_response is not the answer the result was read from")
    if shape == "record":
        yield from compare(RESULT, "/response/body", body, result.to_dict())
        if values is not None:
            yield from values.record(result, body, values.answer, "/response/body")
    elif shape == "document":
        yield from compare(RESULT, DATA, members["data"], result.to_dict())
        if values is not None:
            yield from values.resource(result, members["data"], DATA)
        yield from _compare_included(members, result, values)
    else:
        yield from _compare_page(members, result, values, resources=shape == "page_of_resources")


def _compare_page(
    body: Mapping[str, Any], page: Any, values: Values | None, *, resources: bool
) -> Iterator[Difference]:
    yield from compare(RESULT, "/response/body", body, page.to_dict())
    yield from compare(RESULT, DATA, body["data"], [given_back(record) for record in page.data])
    if resources:
        yield from _compare_included(body, page, values)
    if values is None:
        return
    known = values.promises.properties(values.answer)
    for number, (record, wire) in enumerate(zip(page.data, body["data"], strict=False)):
        where = pointer(DATA, number)
        if resources:
            yield from values.resource(record, wire, where)
        else:
            yield from values.record(record, wire, join(known["data"], "items"), where)
    for envelope in [name for name in ("meta", "page") if name in known]:
        said = as_object(body.get(envelope))
        if isinstance(getattr(page, envelope, None), Model):
            yield from values.record(
                getattr(page, envelope), said, known[envelope], pointer("/response/body", envelope)
            )
            continue
        for name in set(said) & set(values.promises.properties(known[envelope])):
            where = pointer("/response/body", envelope, name)
            yield from compare(RESULT, where, said[name], getattr(page, name, None))


def _compare_included(body: Mapping[str, Any], result: Any, values: Values | None) -> Iterator[Difference]:
    wires = [as_object(wire) for wire in as_list(body.get("included")) if isinstance(wire, Mapping)]
    yield from compare(RESULT, INCLUDED, wires, [given_back(record) for record in result.included])
    if values is not None:
        for number, (record, wire) in enumerate(zip(result.included, wires, strict=False)):
            yield from values.resource(record, wire, pointer(INCLUDED, number))


# Errors


def _compare_error(
    exchange: ExchangeFile, match: Match, call: TypedCall | RawCall, error: Exception
) -> Iterator[Difference]:
    known = cast("APIStatusError | OutcomeUnknownError | InvalidResponseError", error)
    body = exchange.response_body
    yield from compare(ERROR, "/response/status", exchange.status, known.status_code)
    yield from compare(ERROR, "/response/headers/X-Request-Id", _request_id(exchange), known.request_id)
    if isinstance(call, TypedCall):
        yield from compare(ERROR, "/request", match.operation.id, known.operation)
    yield from compare(ERROR, "/request", 1, known.attempts)
    said = as_object(body)
    details = as_object(said.get("error"))
    message = details.get("message") if details else said.get("error")
    if isinstance(message, str) and exchange.status >= 400 and message not in str(error):
        yield Difference(ERROR, "/response/body/error", f"the error's text does not say {shown(message)}")
    if not isinstance(error, APIStatusError):
        return
    yield from compare(ERROR, "/response/body", _json_or_none(body), error.body)
    # What is said about a field is a list of texts, and is made one where a server says it otherwise.
    errors = {
        name: [str(text) for text in (as_list(texts) if isinstance(texts, list) else [texts])]
        for name, texts in as_object(said.get("errors")).items()
    } | {name: as_list(texts) for name, texts in as_object(details.get("details")).items() if isinstance(texts, list)}
    yield from compare(ERROR, "/response/body/errors", errors, error.errors)
    if call.client != "Spree":
        for name, value in (("code", error.code), ("type", error.type), ("param", error.param)):
            yield from compare(ERROR, pointer("/response/body/error", name), details.get(name), value)
    wait = exchange.response_header("Retry-After")
    if isinstance(error, RateLimitError) and wait is not None and wait.isdigit():
        yield from compare(ERROR, "/response/headers/Retry-After", int(wait), error.retry_after)


def _json_or_none(body: Any) -> Any:
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError:
        return None

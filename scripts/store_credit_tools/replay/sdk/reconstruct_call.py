"""From a recorded request back to the call that makes it.

Everything is derived from the document: which arguments a method has, where each goes on the wire, and in which form.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast
from urllib.parse import quote

from store_credit_mock.recording import ExchangeFile, body_bytes
from store_credit_tools.generate.methods import Argument, Method
from store_credit_tools.replay.sdk.calls import NotTypedError, RawCall, Reason, TypedCall
from store_credit_tools.replay.sdk.expectations import JSON, Match, Promises
from store_credit_tools.replay.sdk.keyrings import keyring
from store_credit_tools.replay.sdk.recorded_server import WHOLE

__all__ = ["raw_call", "recorded_json", "typed_call"]

_NESTED = ("object", "fields")
_BEARER = re.compile(r"Bearer ([!-~]+)")


def typed_call(promises: Promises, exchange: ExchangeFile, match: Match) -> TypedCall:
    """Give the method call that makes a recorded request.

    Raises:
        NotTypedError: No method makes it; the reason says why.
    """
    if match.alias is not None:
        raise NotTypedError(Reason.METHOD, f"{match.alias} for {match.operation.method}")
    if match.suffix is not None:
        raise NotTypedError(Reason.SUFFIX, match.suffix)
    method = promises.methods.get(match.operation.id)
    if method is None:
        raise NotTypedError(Reason.NO_METHOD, match.operation.id)
    reading = _Reading(promises, exchange, match, method)
    keys: dict[str, str] | None = None
    if method.rules is None:
        credential, credentials = reading.credentials()
    else:
        credential = None
        keys, credentials = keyring(promises, exchange, method)
    arguments = {
        **{argument.name: match.path_parameters[argument.wire] for argument in method.at("path")},
        **dict(reading.body()),
        **reading.query(),
        **dict(reading.headers()),
        **credentials,
    }
    client = promises.client(match.operation.id)
    return TypedCall(client, promises.chains[match.operation.id], method.name, arguments, credential, keys)


def raw_call(promises: Promises, exchange: ExchangeFile, match: Match) -> RawCall:
    """Give the raw request that equals a recorded one, byte for byte where it was recorded as text."""
    method = promises.methods.get(match.operation.id)
    # httpx makes these itself, from where the request goes and what it holds.
    made = {"host", "content-length", "connection", "transfer-encoding"}
    headers = {name: value for name, value in exchange.request_headers.items() if name.lower() not in made}
    # The client carries a bearer token. Two credentials at once, or a key the client would refuse, it takes as headers.
    credentials = [name for name in headers if name.lower() in promises.credential_headers]
    credential = None
    if method is not None and method.credential == "Bearer" and len(credentials) == 1:
        credential = _client_credential(exchange.request_header("Authorization"), method.credential)
        if credential is not None:
            del headers[credentials[0]]
    arguments: dict[str, Any] = {"query": exchange.query_pairs, "headers": headers}
    body = exchange.request_body
    if isinstance(body, str):
        arguments["content"] = body_bytes(body)
    elif body is not None:
        arguments["json"] = body
    path = quote(exchange.path, safe="/%:@!$&'()*+,;=-._~")
    keys: dict[str, str] | None = {} if method is not None and method.rules is not None else None
    return RawCall(promises.client(match.operation.id), exchange.method, path, arguments, credential, keys)


def recorded_json(exchange: ExchangeFile) -> Any:
    """The body of a request as JSON, though it may have been recorded as text.

    Raises:
        ValueError: It is not valid JSON, or has a member twice.
    """
    body = exchange.request_body
    if not isinstance(body, str):
        return body
    return json.loads(body, parse_float=Decimal, object_pairs_hook=_without_repeats)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) < len(pairs):
        raise ValueError("a member stands in it twice")
    return members


def _client_credential(value: str | None, scheme: str) -> str | None:
    """The secret a client has to be given to send this header value, or None if it cannot."""
    if value is None:
        return None
    if scheme == "Bearer":
        found = _BEARER.fullmatch(value)
        return None if found is None else found[1]
    return value if re.fullmatch(r"[!-~]+", value) else None


@dataclass(frozen=True)
class _Reading:
    """One recorded request, read part by part."""

    promises: Promises
    exchange: ExchangeFile
    match: Match
    method: Method

    # Credentials. Their values never get into a message.

    def credentials(self) -> tuple[str | None, dict[str, str]]:
        """The client's credential, and those passed with the call."""
        sent = {
            name: value
            for name in sorted(self.promises.credential_headers)
            if (value := self.exchange.request_header(name)) is not None
        }
        client: str | None = None
        arguments: dict[str, str] = {}
        scheme = self.method.credential
        if scheme is not None:
            header = "Authorization" if scheme == "Bearer" else scheme
            client = _client_credential(sent.pop(header.lower(), None), scheme)
            if client is None:
                raise NotTypedError(Reason.CREDENTIAL, f"{header}: {self._odd(header, scheme)}")
        for known in self.method.call_credentials:
            value = sent.pop(known.header.lower(), None)
            if value is not None and not value.startswith(known.prefix):
                raise NotTypedError(
                    Reason.CREDENTIAL, f"{known.header}: {self._odd(known.header, known.prefix.strip())}"
                )
            if value is not None:
                arguments[known.argument] = value.removeprefix(known.prefix)
            elif known.required:
                raise NotTypedError(Reason.CREDENTIAL, f"{known.header} is missing")
        if self.method.call_credentials and not arguments:
            headers = " or ".join(known.header for known in self.method.call_credentials)
            raise NotTypedError(Reason.CREDENTIAL, f"{headers} is missing")
        for name in sent:
            raise NotTypedError(Reason.CREDENTIAL, f"{name} is none of this operation's")
        return client, arguments

    def _odd(self, header: str, scheme: str) -> str:
        value = self.exchange.request_header(header)
        if value is None:
            return "is missing"
        return f"is not of the form the SDK sends ({scheme})"

    # Query and headers

    def query(self) -> dict[str, Any]:
        """The arguments that go into the query."""
        known = self.method.at("query")
        found: dict[str, Any] = {}
        for name, value in self.exchange.query.items():
            if f"query.{name}" in self.promises.moved(self.match.operation):
                raise NotTypedError(Reason.ELSEWHERE, f"{name} in the query")
            outer = name.partition("[")[0]
            fitting = [one for one in known if one.wire == name or (one.wire == outer and one.style in _NESTED)]
            # Of two arguments with one name the second takes what the document does not know.
            argument = fitting[0] if fitting else None
            if len(fitting) > 1 and not self.promises.knows(self.match.operation, name):
                argument = fitting[1]
            if argument is None:
                raise NotTypedError(Reason.UNKNOWN_PARAMETER, name)
            if argument.style in _NESTED:
                key, item = self._member(argument, name, value)
                members = found.setdefault(argument.name, {})
                if key in members:
                    raise NotTypedError(Reason.REPEATED, name)
                members[key] = item
            else:
                found[argument.name] = self._parameter(argument, name, value)
        return found

    def _member(self, argument: Argument, name: str, value: str | list[str]) -> tuple[str, Any]:
        form = re.fullmatch(r"[^\[\]]+\[([^\[\]]+)\](\[\])?", name)
        if form is None or (form[2] and argument.style != "object"):
            raise NotTypedError(Reason.PARAMETER_FORM, name)
        if form[2]:
            return form[1], [value] if isinstance(value, str) else value
        if not isinstance(value, str):
            raise NotTypedError(Reason.REPEATED, name)
        return form[1], value.split(",") if argument.style == "fields" else value

    def _parameter(self, argument: Argument, name: str, value: str | list[str]) -> Any:
        if argument.style == "repeated":
            return [value] if isinstance(value, str) else value
        if not isinstance(value, str):
            raise NotTypedError(Reason.REPEATED, name)
        if argument.style == "list":
            return value.split(",")
        types = self.promises.parameter_types(self.match.operation, name)
        if not types or "string" in types:
            return value
        if "integer" in types and WHOLE.fullmatch(value):
            return int(value)
        if "number" in types and re.fullmatch(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", value):
            return Decimal(value)
        if "boolean" in types and value in ("true", "false"):
            return value == "true"
        raise NotTypedError(Reason.PARAMETER_FORM, f"{name}={value!r} is no {' or '.join(sorted(types))}")

    def headers(self) -> Iterator[tuple[str, str]]:
        """The arguments that go into headers, the caller's own idempotency key among them."""
        documented = self.promises.compared_headers(self.match.operation)
        for name in self.exchange.request_headers:
            if name.lower().startswith("x-spree-") and name.lower() not in documented:
                raise NotTypedError(Reason.UNKNOWN_HEADER, name)
        keyed = [("idempotency_key", "Idempotency-Key")] if self.method.keyed else []
        for name, wire in [*((one.name, one.wire) for one in self.method.at("header")), *keyed]:
            value = self.exchange.request_header(wire)
            if value is not None:
                yield name, value

    # Body

    def body(self) -> Iterator[tuple[str, Any]]:
        """The arguments that go into the body; null is passed on as None."""
        fields = self._fields()
        known = {argument.wire: argument for argument in self.method.at("body")}
        for name, value in fields.items():
            if name in known:
                yield known[name].name, value
            elif f"body.{name}" in self.promises.moved(self.match.operation):
                raise NotTypedError(Reason.ELSEWHERE, f"{name} in the body")
            else:
                raise NotTypedError(Reason.UNKNOWN_FIELD, name)
        for name, argument in known.items():
            if argument.required and name not in fields:
                raise NotTypedError(Reason.REQUIRED, name)

    def _fields(self) -> Mapping[str, Any]:
        body = self.exchange.request_body
        if body is not None and not self.method.has_body:
            raise NotTypedError(Reason.SHAPE, "this operation has no request body")
        if body is not None and body != {}:
            sent = self.exchange.request_header("Content-Type")
            if (sent or "").partition(";")[0].strip().lower() != JSON:
                raise NotTypedError(Reason.MEDIA_TYPE, sent or "no Content-Type")
        try:
            value = recorded_json(self.exchange)
        except ValueError as error:
            raise NotTypedError(Reason.MALFORMED, str(error)) from error
        if value is None and not isinstance(body, str):
            value = {}
        if self.method.has_body and self.method.root is not None:
            if not isinstance(value, Mapping) or list(cast("Mapping[str, Any]", value)) != [self.method.root]:
                raise NotTypedError(Reason.SHAPE, f"{self.method.root} is not its one member")
            value = cast("Mapping[str, Any]", value)[self.method.root]
        if not isinstance(value, Mapping):
            raise NotTypedError(Reason.SHAPE, "no object where the fields stand")
        return cast("Mapping[str, Any]", value)

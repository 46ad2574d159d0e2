"""Calls made from raw parts, for what no generated method covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, cast
from urllib.parse import urlsplit

from store_credit._core import arguments
from store_credit._core.call_options import idempotency_key, with_options
from store_credit._core.errors import InvalidArgumentError, kind_of
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, as_read, header, replacing
from store_credit._core.unset import UNSET

if TYPE_CHECKING:
    from store_credit._core.settings import Settings

__all__ = ["raw_call"]

_KEY: Final = "x-spree-api-key"
_CREDENTIALS: Final = frozenset({"authorization", "x-api-key", _KEY, "x-spree-token"})

_POST: Final = frozenset({"POST"})
_KEYED: Final = _POST | {"PATCH", "PUT", "DELETE"}
"""What gets a key of its own: where keys do not lock, whatever is sent again only once the first request has ended."""


def raw_call(
    settings: Settings,
    method: str,
    path: str,
    query: Mapping[str, Any] | Sequence[tuple[str, str]] | None,
    json: Any,
    content: bytes | None,
    headers: Mapping[str, str] | None,
    key: str | None,
    options: CallOptions,
) -> Call:
    """Make a call that no generated method stands for.

    Raises:
        InvalidArgumentError: A part of it cannot be sent.
        ConfigurationError: An option is not usable.
    """
    verb = arguments.text(method, "method").upper()
    if not verb.isascii() or not verb.isalpha():
        raise InvalidArgumentError(f"method is {method!r}; pass an HTTP method such as GET")
    # Without its query, where a token may stand.
    shown = arguments.text(path, "path").partition("?")[0]
    parts = urlsplit(path)
    if parts.scheme or parts.netloc or not path.startswith("/") or parts.fragment:
        raise InvalidArgumentError(f"path is {shown!r}; pass only the path, beginning with a slash")
    if any(character <= " " or character > "~" for character in path):
        raise InvalidArgumentError(f"path is {shown!r}; percent-encode spaces and characters outside ASCII")
    if json is not UNSET and content is not None:
        raise InvalidArgumentError("pass either json or content, not both")
    system = settings.system
    own_headers = arguments.mapping(headers or {}, "headers")
    own = {as_read(str(name)) for name in own_headers} & _CREDENTIALS
    named = {system.credential_name, *(key.scheme for each in system.security for key in each)} & options.keys()
    # The key of Spree's API v3 goes beside a token.
    if (len(own) > 1 and _KEY not in own) or (own and named):
        raise InvalidArgumentError("a request can have only one credential; pass it only once")
    scheme = system.may_carry_credential(parts.path)
    if own or not (settings.credential.present or named):
        # The caller's credential goes alone; and without any, what is missing is the server's to say.
        scheme = None
    keyed = system.takes_keys
    if key is not None and not keyed:
        raise InvalidArgumentError(f"{system.name} has no idempotency keys; a repeated request would be executed again")
    operation = Operation(
        f"{verb} {parts.path}",
        verb,
        parts.path,
        credential=scheme,
        accept=b"*/*",
        keyed=keyed,
        creates=verb == "POST",
        security=() if scheme is None else system.security,
        unlocked=system.unlocked_keys,
    )
    call = Call(operation, path, body=None if json is UNSET else json)
    if json is None:
        call.content = b"null"
    if content is not None:
        if not isinstance(content, bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidArgumentError(f"content is {kind_of(content)}; pass bytes, or use json")
        call.content = bytes(content)
    if isinstance(query, Mapping):
        for name, value in query.items():
            if isinstance(value, list | tuple):
                call.query += [(name, arguments.query_text(item, name)) for item in cast("list[Any]", value)]
            else:
                call.query.append((name, arguments.query_text(value, name)))
    elif query is not None:
        call.query += [
            (arguments.text(name, "query"), arguments.query_text(value, name)) for name, value in _pairs(query)
        ]
    if key is not None:
        call.key = idempotency_key(key)
    for name, value in own_headers.items():
        if keyed and as_read(str(name)) == "idempotency-key":
            call.key = idempotency_key(value)
        else:
            call.headers = replacing(call.headers, [header(name, value)])
    with_options(call, options, system)
    if keyed and call.key is None and verb in (_KEYED if system.unlocked_keys else _POST):
        call.key = idempotency_key(None)
    # Without a key nothing tells the server that a request is a repeat.
    operation.keyed = call.key is not None
    return call


def _pairs(query: Any) -> list[tuple[Any, Any]]:
    try:
        return [(name, value) for name, value in query]
    except (TypeError, ValueError):
        raise InvalidArgumentError("query is neither a dict nor a list of (name, value) pairs") from None

"""What the sync and the async clients share: making calls, copies with other options, raw requests."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, ParamSpec, Self, TypeVar, cast
from urllib.parse import urlsplit

from store_credit._core.errors import InvalidArgumentError
from store_credit._core.operation import Call, Operation
from store_credit._core.options import (
    CallOptions,
    Timeout,
    check_headers,
    check_hooks,
    check_retries,
    check_timeout,
    header,
)
from store_credit._core.public import public
from store_credit._core.unset import UNSET, Unset

if TYPE_CHECKING:
    from store_credit._core.hooks import EventHook
    from store_credit._core.pagination import AsyncPages
    from store_credit._core.response import Response
    from store_credit._core.settings import Settings
    from store_credit._core.transport import AsyncTransport, HTTPAsyncClient, HTTPClient, SyncTransport

__all__ = ["AsyncClient", "RawResult", "SyncClient"]

T = TypeVar("T")
P = ParamSpec("P")

_capture: ContextVar[list[Response] | None] = ContextVar("store_credit_capture", default=None)


@public
class RawResult(NamedTuple, Generic[T]):
    """A result together with the answer it was read from."""

    parsed: T
    response: Response


def _last(seen: list[Response]) -> Response:
    if not seen:
        raise InvalidArgumentError(
            "the method given to with_raw_response made no call; pass one of this client's methods"
        )
    return seen[-1]


def _note(call: Call) -> None:
    seen = _capture.get()
    if seen is not None and call.response is not None:
        seen.append(call.response)


def idempotency_key(value: str | None) -> str:
    """A caller's own key, checked, or a new one.

    Raises:
        InvalidArgumentError: The key is empty, longer than 255 characters, or cannot stand in a header.

    Source: VINR, "Idempotency", read 2026-11-22; decision 54.
    """
    if value is None:
        # A UUID of version 4, as the page advises, written from its bits: the uuid module takes longer than the call's
        # own work, to import and to use.
        bits = bytearray(os.urandom(16))
        bits[6] = bits[6] & 0x0F | 0x40
        bits[8] = bits[8] & 0x3F | 0x80
        text = bits.hex()
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
    header("idempotency_key", value)
    if not 1 <= len(value) <= 255:
        raise InvalidArgumentError(f"idempotency_key has {len(value)} characters; it may have 1 to 255")
    return value


def with_options(call: Call, options: CallOptions) -> Call:
    """Put the keywords that every method takes into a call.

    Raises:
        ConfigurationError: `timeout` or `max_retries` is not usable.
        InvalidArgumentError: A header or query parameter is not usable, or the keyword is unknown.
    """
    from store_credit._core import arguments

    for name, value in options.items():
        if name == "timeout":
            call.timeout = check_timeout(value)
        elif name == "max_retries":
            call.max_retries = check_retries(value)
        elif name == "extra_headers":
            for key, item in arguments.mapping(value, name).items():
                if call.operation.keyed and key.lower() == "idempotency-key":
                    call.key = idempotency_key(item)
                else:
                    call.headers.append(header(key, item))
        elif name == "extra_query":
            extra = [(key, arguments.query_text(item, key)) for key, item in arguments.mapping(value, name).items()]
            replaced = {key for key, _ in extra}
            call.query = [pair for pair in call.query if pair[0] not in replaced] + extra
        else:
            raise InvalidArgumentError(f"{call.operation.id} has no argument {name!r}")
    return call


def _pairs(query: Any) -> list[tuple[Any, Any]]:
    try:
        return [(name, value) for name, value in query]
    except (TypeError, ValueError):
        raise InvalidArgumentError("query is no dict and no list of (name, value)") from None


class _Client:
    """Settings, and calls made from raw parts."""

    _settings: Settings

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._settings.origin + self._settings.path_prefix

    def _copy(
        self,
        *,
        timeout: float | Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        event_hooks: Sequence[EventHook] | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
    ) -> Self:
        changes: dict[str, Any] = {}
        if timeout is not UNSET:
            changes["timeout"] = check_timeout(timeout)
        if max_retries is not UNSET:
            changes["max_retries"] = check_retries(max_retries)
        if event_hooks is not UNSET:
            changes["hooks"] = check_hooks(event_hooks)
        if headers is not UNSET:
            added = check_headers(headers)
            replaced = {name.lower() for name, _ in added}
            kept = [pair for pair in self._settings.headers if pair[0].lower() not in replaced]
            changes["headers"] = kept + added
        copy = object.__new__(type(self))
        copy.__dict__.update({name: value for name, value in self.__dict__.items() if name not in self._resources})
        copy._settings = self._settings.changed(**changes)
        return copy

    _resources: frozenset[str] = frozenset()

    def _raw_call(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | Sequence[tuple[str, str]] | None,
        json: Any,
        content: bytes | None,
        headers: Mapping[str, str] | None,
        key: str | None,
        options: CallOptions,
    ) -> Call:
        from store_credit._core import arguments

        verb = arguments.text(method, "method").upper()
        if not verb.isascii() or not verb.isalpha():
            raise InvalidArgumentError(f"method is {method!r}; pass one such as GET")
        # Without its query, where a token may stand.
        shown = arguments.text(path, "path").partition("?")[0]
        parts = urlsplit(path)
        if parts.scheme or parts.netloc or not path.startswith("/") or parts.fragment:
            raise InvalidArgumentError(f"path is {shown!r}; pass the path alone, from its first slash on")
        if any(character <= " " or character > "~" for character in path):
            raise InvalidArgumentError(f"path is {shown!r}; percent-encode spaces and characters outside ASCII")
        if json is not UNSET and content is not None:
            raise InvalidArgumentError("pass either json or content, not both")
        own = {name.lower() for name in (headers or {})} & {"authorization", "x-api-key"}
        scheme = self._settings.system.may_carry_credential(parts.path)
        if own or not self._settings.credential.present:
            # The caller's credential goes alone; and without any, what is missing is the server's to say.
            scheme = None
        keyed = self._settings.system.takes_keys
        if key is not None and not keyed:
            raise InvalidArgumentError(
                f"{self._settings.system.name} has no idempotency keys; a repeat would be executed"
            )
        operation = Operation(
            f"{verb} {parts.path}",
            verb,
            parts.path,
            credential=scheme,
            accept=b"*/*",
            keyed=keyed,
            creates=verb == "POST",
        )
        call = Call(operation, path, body=None if json is UNSET else json)
        if json is None:
            call.content = b"null"
        if content is not None:
            if not isinstance(content, bytes | bytearray):  # pyright: ignore[reportUnnecessaryIsInstance]
                raise InvalidArgumentError(f"content is a {type(content).__name__}; pass bytes, or use json")
            call.content = bytes(content)
        if key is not None:
            call.key = idempotency_key(key)
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
        with_options(call, {"extra_headers": headers or {}})
        return with_options(call, options)

    def __repr__(self) -> str:
        place = f" at {self.base_url}" if hasattr(self, "_settings") else ", not made"
        return f"<{type(self).__name__}{place}>"

    def __reduce__(self) -> Any:
        raise TypeError("a client holds a credential and connections and is not pickled; make one in each process")


class SyncClient(_Client):
    """A client whose calls block. It may be shared between threads."""

    _transport: SyncTransport

    def _open(self, settings: Settings, http_client: HTTPClient | None) -> None:
        # httpx is imported with the first client, not with the package.
        import time

        from store_credit._core.transport import SyncTransport

        self._settings = settings
        self._transport = SyncTransport(settings, http_client, time.sleep)

    def call(self, call: Call, options: CallOptions | None = None) -> Any:
        """Make a call of a generated operation and return its result."""
        if options:
            with_options(call, options)
        result = self._transport.call(call, self._settings)
        _note(call)
        return result

    def fetch_page(self, call: Call, page: Callable[[Any, Call, Any], T], options: CallOptions | None = None) -> T:
        """Make a call of a generated list operation and return its page."""
        return page(self.call(call, options), call, self)

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None,
        json: Any = UNSET,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> Response:
        """Make a request no method covers, with the client's credential, retries and errors.

        Args:
            method: HTTP method.
            path: The path from its first slash on, percent-encoded, such as `/v1/events/evt_1`.
            query: Query parameters; a list of values repeats its name.
            json: A body to send as JSON; Decimals go out as numbers with their own digits.
            content: A body to send as it is; name its type in `headers`.
            headers: Headers to add. One that carries a credential of its own goes in place of the client's.
            idempotency_key: Makes a POST repeatable. Without one a POST is resent only when it cannot have arrived.
            **options: `timeout` (seconds), `max_retries`, `extra_headers`, `extra_query`.

        Raises:
            StoreCreditError: As the methods do; the module `store_credit` lists the kinds.
        """
        call = self._raw_call(
            method, path, query, json, content, headers, idempotency_key, cast("CallOptions", options)
        )
        return self.call(call)

    def with_options(
        self,
        *,
        timeout: float | Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        event_hooks: Sequence[EventHook] | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
    ) -> Self:
        """Return a copy with other options that shares this client's connections; this client does not change.

        Closing either closes both.

        Args:
            timeout: Seconds, a Timeout, or None to wait for ever.
            max_retries: How often a call is resent at most.
            event_hooks: Functions told of every attempt, answer and retry, in place of the present ones.
            headers: Headers to add to every request.
        """
        return self._copy(timeout=timeout, max_retries=max_retries, event_hooks=event_hooks, headers=headers)

    def with_raw_response(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> RawResult[T]:
        """Call a method of this client and return its result together with the raw answer.

        `client.with_raw_response(client.store_credit.retrieve, "sc_1").response.headers`
        """
        seen: list[Response] = []
        token = _capture.set(seen)
        try:
            result = method(*args, **kwargs)
        finally:
            _capture.reset(token)
        return RawResult(result, _last(seen))

    def close(self) -> None:
        """Close the connections. An injected `http_client` is left open for its owner to close."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.close()


class AsyncClient(_Client):
    """A client whose calls are awaited, on asyncio or trio."""

    _transport: AsyncTransport

    def _open(self, settings: Settings, http_client: HTTPAsyncClient | None) -> None:
        from store_credit._core.transport import AsyncTransport, async_sleep

        self._settings = settings
        self._transport = AsyncTransport(settings, http_client, async_sleep)

    async def call(self, call: Call, options: CallOptions | None = None) -> Any:
        """Make a call of a generated operation and return its result."""
        if options:
            with_options(call, options)
        result = await self._transport.call(call, self._settings)
        _note(call)
        return result

    async def fetch_page(self, call: Call, page: Callable[[Any, Call, Any], T]) -> T:
        """Make a call of a generated list operation and return its page."""
        return page(await self.call(call), call, self)

    def pages(self, call: Call, page: Callable[[Any, Call, Any], Any], options: CallOptions) -> AsyncPages[Any, Any]:
        """A list that is asked for when it is awaited or iterated."""
        with_options(call, options)
        from store_credit._core.pagination import AsyncPages

        return AsyncPages(lambda: self.fetch_page(call, page))

    async def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | Sequence[tuple[str, str]] | None = None,
        json: Any = UNSET,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        idempotency_key: str | None = None,
        **options: Any,
    ) -> Response:
        """Make a request no method covers; see the sync client's `request`."""
        call = self._raw_call(
            method, path, query, json, content, headers, idempotency_key, cast("CallOptions", options)
        )
        return await self.call(call)

    def with_options(
        self,
        *,
        timeout: float | Timeout | Unset | None = UNSET,
        max_retries: int | Unset = UNSET,
        event_hooks: Sequence[EventHook] | Unset = UNSET,
        headers: Mapping[str, str] | Unset = UNSET,
    ) -> Self:
        """Return a copy with other options that shares this client's connections; see the sync client's."""
        return self._copy(timeout=timeout, max_retries=max_retries, event_hooks=event_hooks, headers=headers)

    async def with_raw_response(
        self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> RawResult[T]:
        """Call a method of this client and return its result together with the raw answer."""
        seen: list[Response] = []
        token = _capture.set(seen)
        try:
            result = await method(*args, **kwargs)
        finally:
            _capture.reset(token)
        return RawResult(result, _last(seen))

    async def close(self) -> None:
        """Close the connections. An injected `http_client` is left open for its owner to close."""
        await self._transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        await self.close()

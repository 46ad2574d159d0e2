"""What the sync and the async clients share: making calls, copies with other options, raw requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, ParamSpec, Self, TypeVar, Unpack, cast

from store_credit._core.call_options import ClientOptions, idempotency_key, with_options
from store_credit._core.errors import InvalidArgumentError, OutcomeUnknownError
from store_credit._core.operation import Call
from store_credit._core.options import (
    CallOptions,
    check_count,
    check_deadline,
    check_headers,
    check_hooks,
    check_seconds,
    check_timeout,
    refuse_async_hooks,
    replacing,
)
from store_credit._core.public import public
from store_credit._core.unset import UNSET
from store_credit._core.unsettled import GRACE

if TYPE_CHECKING:
    from store_credit._core.async_transport import AsyncTransport
    from store_credit._core.httplib import Backend, HTTPAsyncClient, HTTPClient
    from store_credit._core.pagination import AsyncPages
    from store_credit._core.response import Response
    from store_credit._core.settings import Settings
    from store_credit._core.settling import Settling
    from store_credit._core.system import Identity
    from store_credit._core.transport import SyncTransport

__all__ = ["AsyncClient", "RawResult", "SyncClient", "idempotency_key"]

T = TypeVar("T")
P = ParamSpec("P")

KEY_WINDOW: Final = 82_800.0
"""Seconds (23 hours) within which a key is used again: an hour less than it lives, for clocks that differ."""

_capture: ContextVar[list[Response] | None] = ContextVar("store_credit_capture", default=None)


@public
class RawResult(NamedTuple, Generic[T]):
    """A result together with the response it was read from."""

    parsed: T
    response: Response


def _last(seen: list[Response]) -> Response:
    if not seen:
        raise InvalidArgumentError(
            "the method passed to with_raw_response made no call; pass one of this client's methods"
        )
    return seen[-1]


def _note(call: Call) -> None:
    seen = _capture.get()
    if seen is not None and call.response is not None:
        seen.append(call.response)


class _Client:
    """Settings, and calls made from raw parts."""

    _settings: Settings
    _resources: frozenset[str] = frozenset()

    @property
    def base_url(self) -> str:
        """The address of the server, without a trailing slash."""
        return self._settings.origin + self._settings.path_prefix

    if TYPE_CHECKING:  # The connection of each system has it.

        def _identity(self, secret: Any, base_url: str | None) -> Identity:
            """Who a request is from and where it goes, for another credential or another address."""
            ...

    def _copy(self, options: ClientOptions) -> Self:
        settings = self._settings
        given = cast("dict[str, Any]", options)
        changes: dict[str, Any] = {}
        secret = settings.system.collect(given)
        base_url = given.pop("base_url", None)
        if secret is not None or base_url is not None:
            identity = self._identity(settings.credential.given if secret is None else secret, base_url)
            changes.update(system=identity.system, credential=identity.credential)
            if identity.base_url != self.base_url:
                changes["base_url"] = identity.base_url
        for option, value in given.items():
            if option == "timeout":
                changes.update(timeout=check_timeout(value), timeout_given=True)
            elif option == "deadline":
                changes["deadline"] = check_deadline(value)
            elif option == "max_retries":
                changes["max_retries"] = check_count(value, option)
            elif option == "max_rate_limit_wait":
                changes["max_rate_limit_wait"] = check_seconds(value, option)
            elif option == "event_hooks":
                changes["hooks"] = self._check_hooks(value)
            elif option == "headers":
                changes["headers"] = replacing(settings.headers, check_headers(value))
            else:
                raise TypeError(f"with_options() on a {settings.system.name} client has no argument {option!r}")
        copy = object.__new__(type(self))
        copy.__dict__.update({name: value for name, value in self.__dict__.items() if name not in self._resources})
        copy._settings = settings.changed(**changes)
        return copy

    def _check_hooks(self, value: Any) -> Any:
        return check_hooks(value)

    def _settling(self, error: OutcomeUnknownError, grace: float, key_window: float, *, same_account: bool) -> Settling:
        from store_credit._core.settling import settle

        return settle(
            error,
            self._settings,
            check_seconds(grace, "grace"),
            check_seconds(key_window, "key_window"),
            same_account=same_account,
        )

    def __dir__(self) -> list[str]:
        # What generated methods use and people do not.
        return [name for name in super().__dir__() if name not in ("call", "fetch_page", "pages")]

    def __repr__(self) -> str:
        place = f" at {self.base_url}" if hasattr(self, "_settings") else ", not made"
        return f"<{type(self).__name__}{place}>"

    def __reduce__(self) -> Any:
        raise TypeError(
            "a client contains a credential and open connections and cannot be pickled; create one in each process"
        )


class SyncClient(_Client):
    """A client whose calls block. It may be shared between threads."""

    _transport: SyncTransport

    def _open(self, settings: Settings, http_client: HTTPClient | None, backend: Backend | None) -> None:
        # httpx is imported with the first client, not with the package.
        import time

        from store_credit._core.transport import SyncTransport

        refuse_async_hooks(settings.hooks)
        self._transport = SyncTransport(settings, http_client, backend, time.sleep)
        self._settings = self._transport.settings

    def _check_hooks(self, value: Any) -> Any:
        hooks = check_hooks(value)
        refuse_async_hooks(hooks)
        return hooks

    def call(self, call: Call, options: CallOptions | None = None) -> Any:
        """Make a call of a generated operation and return its result."""
        if options:
            with_options(call, options, self._settings.system)
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
        """Make a request that no method covers, with the client's credential, retries and errors.

        Args:
            method: HTTP method.
            path: The path, beginning with its first slash, percent-encoded, such as `/v1/events/evt_1`.
            query: Query parameters; a list of values repeats its name.
            json: A body to send as JSON; Decimals are sent as numbers with all of their digits.
            content: A body to send as it is; state its type in `headers`.
            headers: Headers to add. A header with a credential replaces the client's credential.
            idempotency_key: Makes a POST repeatable. Without a key, a POST is resent only if it cannot have arrived.
            **options: `timeout` (seconds), `max_retries`, `extra_headers`, `extra_query`.

        Raises:
            StoreCreditError: The same errors as from the methods; the module `store_credit` lists them.
        """
        from store_credit._core.raw_calls import raw_call

        given = cast("CallOptions", options)
        # The caller's headers may hold a credential, and a traceback shows this frame.
        call, headers = (
            raw_call(self._settings, method, path, query, json, content, headers, idempotency_key, given),
            None,
        )
        return self.call(call)

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """Return a copy with other options that shares this client's connections; this client does not change.

        Closing either client closes both.

        Args:
            **options: `api_key` (VINR), `token` (Spree) or the credentials of Spree's API v3, `base_url`, `timeout` and
                `deadline` (seconds), `max_retries`, `max_rate_limit_wait` (seconds), `event_hooks`, `headers`.

        Raises:
            ConfigurationError: A setting is not valid.
        """
        return self._copy(options)

    def settle(
        self,
        error: OutcomeUnknownError,
        grace: float = GRACE,
        *,
        key_window: float = KEY_WINDOW,
        same_account: bool = False,
    ) -> Any:
        """Find out what happened to a call whose outcome is unknown.

        With an idempotency key (VINR), the same request is sent again with the same key: either the stored response is
        replayed, or the call is executed now, once. A stored refusal is also replayed, and raised.

        The keys of Spree's API v3 protect you only after the first request has ended. After `grace`, the record is
        looked up by its `memo`, in the whole list of the customer's credits. **If it is not there, the request is sent
        again with the same key, so settling may issue the credit.** Once `key_window` has passed, or with
        `same_account`, nothing is sent: `settle` only looks, and None means that nothing was issued.

        Spree's API v2 has no keys, and nothing is sent again: the record is looked up by the `reference=` that it was
        created with, after `grace`.

        On both, a request may still be running before `grace` has passed, and a search then finds nothing.
        **Assumption:** `grace` is longer than the slowest request plus the lag of a replica that serves lists; if this
        is not the case, increase it.

        Args:
            error: The error that the call raised; it may have been pickled.
            grace: Seconds to wait after the last attempt before looking. Not used on VINR.
            key_window: Seconds from the start of the call during which its key is used again. VINR (decision V51) and
                Spree keep keys for 24 hours, and the default is an hour less.
            same_account: Whether the client's credential has replaced the one that the call was sent with, in the same
                account.

        Returns:
            The record, as the call would have returned it; None if a complete search after `grace` found nothing and
            nothing was sent again (Spree v2; v3 after `key_window` or with `same_account`): then the call did not
            happen, and you can create the record again. Never None on VINR.

        Raises:
            OutcomeUnknownError: The outcome is still unknown: the key may have expired (nothing was sent), there is
                neither a key nor a reference, several records have the reference, or the search or the repeated
                request itself failed. You can settle the error again; `candidates` lists what was found.
            APIStatusError: The server's refusal of the call, which proves that it was not executed (VINR, and Spree's
                API v3).
            ConfigurationError: The call went to another server or was sent with another credential.
        """
        from store_credit._core.settling import drive

        steps = self._settling(error, grace, key_window, same_account=same_account)
        return drive(steps, self.call, self._transport, self._settings.credential)

    def with_raw_response(self, method: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> RawResult[T]:
        """Call a method of this client and return its result together with the raw response.

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

    def _open(self, settings: Settings, http_client: HTTPAsyncClient | None, backend: Backend | None) -> None:
        from store_credit._core.async_transport import AsyncTransport, async_sleep

        self._transport = AsyncTransport(settings, http_client, backend, async_sleep)
        self._settings = self._transport.settings

    async def call(self, call: Call, options: CallOptions | None = None) -> Any:
        """Make a call of a generated operation and return its result."""
        if options:
            with_options(call, options, self._settings.system)
        result = await self._transport.call(call, self._settings)
        _note(call)
        return result

    async def fetch_page(self, call: Call, page: Callable[[Any, Call, Any], T]) -> T:
        """Make a call of a generated list operation and return its page."""
        return page(await self.call(call), call, self)

    def pages(self, call: Call, page: Callable[[Any, Call, Any], Any], options: CallOptions) -> AsyncPages[Any, Any]:
        """A list that is fetched when it is awaited or iterated over."""
        with_options(call, options, self._settings.system)
        from store_credit._core.pagination import AsyncPages

        # Each use is a call of its own: the first page may be asked for and the list gone through after it.
        return AsyncPages(lambda: self.fetch_page(call.renewed(list(call.query)), page))

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
        from store_credit._core.raw_calls import raw_call

        given = cast("CallOptions", options)
        call, headers = (
            raw_call(self._settings, method, path, query, json, content, headers, idempotency_key, given),
            None,
        )
        return await self.call(call)

    def with_options(self, **options: Unpack[ClientOptions]) -> Self:
        """Return a copy with other options that shares this client's connections; see the sync client's."""
        return self._copy(options)

    async def settle(
        self,
        error: OutcomeUnknownError,
        grace: float = GRACE,
        *,
        key_window: float = KEY_WINDOW,
        same_account: bool = False,
    ) -> Any:
        """Find out what happened to a call whose outcome is unknown; see the sync client's `settle`."""
        from store_credit._core.settling import drive_async

        steps = self._settling(error, grace, key_window, same_account=same_account)
        return await drive_async(steps, self.call, self._transport, self._settings.credential)

    async def with_raw_response(
        self, method: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs
    ) -> RawResult[T]:
        """Call a method of this client and return its result together with the raw response."""
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

"""The options of one call, put into it, and the options that a copy of a client can change."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypedDict, cast

from store_credit._core.codec import is_object
from store_credit._core.credentials import Secret, TokenProvider, check_secret
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.keyring import Keyring
from store_credit._core.operation import Call
from store_credit._core.options import (
    CallOptions,
    Timeout,
    TimeoutLike,
    as_read,
    check_count,
    check_deadline,
    check_timeout,
    header,
    plain_header,
    replacing,
)
from store_credit._core.public import public

if TYPE_CHECKING:
    from store_credit._core.hooks import AsyncEventHook, EventHook
    from store_credit._core.system import System

__all__ = ["ClientOptions", "FreshKey", "idempotency_key", "with_options"]


class FreshKey(str):
    """An idempotency key that was made for one call, and is nobody's own."""

    __slots__ = ()


@public
class ClientOptions(TypedDict, total=False):
    """Options that `with_options` can change.

    Attributes:
        api_key: Another VINR key, or a function that returns one.
        token: Another Spree Platform token, or a function that returns one.
        secret_key: Another secret key of Spree's Admin API.
        staff_token: A staff member's token for the Admin API, instead of the key, or a function that returns one.
        publishable_key: Another publishable key of Spree's Store API.
        customer_token: Another customer's token for the Store API, or a function that returns one.
        cart_token: Another cart's token for the Store API.
        base_url: Another server.
        timeout: Seconds for each step, a Timeout, or None to wait indefinitely.
        deadline: Seconds for a whole call, or None for no limit.
        max_retries: Maximum number of times that a call is resent.
        max_rate_limit_wait: Maximum number of seconds that a call waits for a rate limit.
        event_hooks: Functions to call for events, instead of the current ones.
        headers: Headers to add to every request.
    """

    api_key: str | TokenProvider
    token: str | TokenProvider
    secret_key: str | TokenProvider
    staff_token: str | TokenProvider
    publishable_key: str | TokenProvider
    customer_token: str | TokenProvider
    cart_token: str | TokenProvider
    base_url: str
    timeout: float | Timeout | TimeoutLike | None
    deadline: float | None
    max_retries: int
    max_rate_limit_wait: float
    event_hooks: Sequence[EventHook | AsyncEventHook]
    headers: Mapping[str, str]


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
        return FreshKey(f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}")
    header("idempotency_key", value)
    if not 1 <= len(value) <= 255:
        raise InvalidArgumentError(f"idempotency_key has {len(value)} characters; it must have 1 to 255")
    # One that was made for an earlier call is the caller's own from now on.
    return str(value)


def with_options(call: Call, options: CallOptions, system: System) -> Call:
    """Put the keywords that every method takes into a call.

    Raises:
        ConfigurationError: `timeout`, `deadline`, `max_retries` or a credential is not usable.
        InvalidArgumentError: A header, query parameter or member is not usable, or the keyword is unknown.
    """
    from store_credit._core import arguments

    secret = system.collect(cast("dict[str, Any]", options))
    if secret is not None:
        call.secret = _call_credential(call, secret, system)
    for name, value in options.items():
        if name == "timeout":
            call.timeout = check_timeout(value)
        elif name == "deadline":
            call.deadline = check_deadline(value)
        elif name == "max_retries":
            call.max_retries = check_count(value, name)
        elif name == "extra_headers":
            for key, item in arguments.mapping(value, name).items():
                if call.operation.keyed and as_read(str(key)) == "idempotency-key":
                    call.key = idempotency_key(item)
                else:
                    call.headers = replacing(call.headers, [plain_header(key, item)])
        elif name == "extra_query":
            extra = [(key, arguments.query_text(item, key)) for key, item in arguments.mapping(value, name).items()]
            replaced = {key for key, _ in extra}
            call.query = [pair for pair in call.query if pair[0] not in replaced] + extra
        elif name == "extra_body":
            _add_members(call, arguments.mapping(value, name))
        else:
            raise InvalidArgumentError(f"{call.operation.id} has no argument {name!r}")
    return call


def _call_credential(call: Call, secret: Any, system: System) -> Secret:
    if call.operation.credential is None:
        raise InvalidArgumentError(f"{call.operation.id} does not accept {system.credential_name}=")
    if isinstance(secret, Keyring):
        return secret.check().over(call.secret)
    checked = check_secret(secret, system.credential_name)
    system.check_credential(checked)
    return checked


def _add_members(call: Call, extra: Mapping[str, Any]) -> None:
    if call.content is not None or not (call.body is None or is_object(call.body)):
        raise InvalidArgumentError("extra_body adds members to a JSON object, but the body of this call is not one")
    root = call.operation.root
    body: dict[str, Any] = dict(call.body or {})
    target: dict[str, Any] = dict(body.get(root, {})) if root is not None else body
    for name in extra:
        if name in target:
            raise InvalidArgumentError(f"extra_body: {name} is already set by an argument of the method")
    target.update(extra)
    if root is not None:
        body[root] = target
    call.body = body

"""Every error this package raises.

StoreCreditError
├── ConfigurationError            the settings of a client; no request was made
├── InvalidArgumentError          an argument of a call; no request was made (also a ValueError)
├── MissingFieldError             an attribute the response does not hold (also an AttributeError)
├── MoneyError                    an amount that does not fit its currency exactly (also a ValueError)
├── WebhookVerificationError      a webhook that is not from whom it says, or is too old
├── OutcomeUnknownError           a create, or a change that must not run twice, may or may not have happened
├── APIConnectionError            no usable response arrived
│   ├── APITimeoutError           none arrived in time, or before the deadline
│   └── InvalidResponseError      a response arrived whose body does not match its status and content type
└── APIStatusError                the server responded, and not with a success
    ├── NotModifiedError          304: what you hold under this ETag is still current
    ├── ValidationError           400, 422
    ├── AuthenticationError       401
    ├── PermissionDeniedError     403
    ├── NotFoundError             404
    ├── ConflictError             409
    ├── RateLimitError            429
    └── ServerError               5xx

A status without a class of its own (say 402 or 405) is a plain `APIStatusError`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from store_credit._core import logs

if TYPE_CHECKING:
    from store_credit._core.mismatch import Mismatch
    from store_credit._core.response import Response
    from store_credit._core.sent_request import SentRequest

__all__ = [
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AuthenticationError",
    "ConfigurationError",
    "ConflictError",
    "InvalidArgumentError",
    "InvalidResponseError",
    "MissingFieldError",
    "MoneyError",
    "NotFoundError",
    "NotModifiedError",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "RateLimitError",
    "ServerError",
    "StoreCreditError",
    "ValidationError",
    "WebhookVerificationError",
]

PROCESS: Final = os.urandom(8).hex()
"""Tells this process from others, but not from children by fork: those share its clock."""


class StoreCreditError(Exception):
    """Base of everything this package raises. Its text starts with the request id, where there is one.

    Attributes:
        message: What happened and what to do about it.
        operation: The operation's id in `openapi.yaml`, such as `vinr.store_credit.create`; None outside a call.
        idempotency_key: The key the call was sent with, yours or the automatic one; None where there was none. Resend
            with the same key to be sure that a credit is not made twice.
        attempts: How many times the request was put on the wire.
        response: The raw response, where one arrived.
        code: The machine-readable code of the response (VINR), such as `parameter_invalid`; None where there is none.
    """

    def __init__(
        self,
        message: str,
        *,
        operation: str | None = None,
        idempotency_key: str | None = None,
        attempts: int = 0,
        response: Response | None = None,
        code: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.operation = operation
        self.idempotency_key = idempotency_key
        self.attempts = attempts
        self.response = response
        self.code = code

    @property
    def request_id(self) -> str | None:
        """The server's id of the request, the first thing its support will ask for; None when no response arrived."""
        return None if self.response is None else self.response.request_id

    @property
    def status_code(self) -> int | None:
        """HTTP status of the response, or None when none arrived."""
        return None if self.response is None else self.response.status_code

    def __str__(self) -> str:
        # The server writes it, and may write anything.
        request_id = logs.cut(logs.shown(self.request_id or ""), 200)
        return f"[{request_id}] {self.message}" if request_id else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


def _restore(kind: type[StoreCreditError], args: tuple[Any, ...], state: dict[str, Any]) -> StoreCreditError:
    error = kind.__new__(kind, *args)
    error.args = args
    error.__dict__.update(state)
    return error


class ConfigurationError(StoreCreditError):
    """A setting of the client is missing or unusable. No request was made."""


class InvalidArgumentError(StoreCreditError, ValueError):
    """An argument is of the wrong type or form. No request was made."""


class MissingFieldError(StoreCreditError, AttributeError):
    """The response does not hold this attribute: `fields` left it out, or the related record was not included.

    Money, an id or a currency that is not valid counts as missing in a record that was included, expanded or made by
    `from_dict`.
    """


class MoneyError(StoreCreditError, ValueError):
    """An amount cannot be written exactly in its currency, or the currency is not in ISO 4217."""


class WebhookVerificationError(StoreCreditError):
    """A webhook failed a check.

    Attributes:
        check: Which one: `headers`, `timestamp`, `tolerance`, `signature` or `payload`.
    """

    def __init__(self, message: str, *, check: str) -> None:
        super().__init__(message)
        self.check = check


class OutcomeUnknownError(StoreCreditError):
    """A request that must not run twice was sent and no trustworthy response came: it may or may not have happened.

    It is deliberately not an `APIConnectionError`, so that code which repeats a call on connection faults does not
    repeat this one. Pass it to the client's `settle()`.

    Attributes:
        started_at: When the call began, before its first attempt; aware, in UTC. By the server's clock where one of its
            responses told the time (`by_server_clock`), else by this machine's.
        ended_at: When the last attempt ended, by this machine's clock; aware, in UTC.
        elapsed: Seconds from the call's beginning to `ended_at`.
        made_in: Names the process it comes from; kept when it is pickled.
        by_server_clock: Whether `started_at` is the server's time.
        reference: The caller's own reference that the request carried, or None.
        mismatch: Where a response differed from the request: name, sent and received. Empty where none came.
        lookup: Arguments for the resource's `list` that would find the record if it exists; empty where there is none.
            They begin some time before the call did, since clocks differ.
        candidates: Records that may be the one, where `settle()` could not tell.
        sent: The request, without credentials; None where its body or query holds one, such as the password of a
            sign-in, and in an error that was made by hand.
    """

    def __init__(
        self,
        message: str,
        *,
        started_at: datetime | None = None,
        ended_at: datetime | None = None,
        elapsed: float = 0.0,
        by_server_clock: bool = False,
        reference: str | None = None,
        mismatch: Sequence[Mismatch] = (),
        lookup: Mapping[str, Any] | None = None,
        candidates: Sequence[Any] = (),
        sent: SentRequest | None = None,
        **context: Any,
    ) -> None:
        super().__init__(message, **context)
        self.ended_at: datetime = ended_at or datetime.now(UTC)
        self.started_at: datetime = started_at or self.ended_at
        self.elapsed = elapsed
        self.made_in: str = PROCESS
        self.by_server_clock = by_server_clock
        self.reference = reference
        self.mismatch: tuple[Mismatch, ...] = tuple(mismatch)
        self.lookup: Mapping[str, Any] = lookup or {}
        self.candidates: tuple[Any, ...] = tuple(candidates)
        self.sent = sent


class APIConnectionError(StoreCreditError):
    """No usable response arrived. The call may be repeated: nothing was sent, or sending it twice does no harm."""


class APITimeoutError(APIConnectionError):
    """No response arrived within the timeout or the deadline. The call may be repeated, as for its base class."""


class InvalidResponseError(APIConnectionError):
    """A response arrived that cannot be used: cut short, too large, not JSON, or not what was asked for.

    Attributes:
        mismatch: Where the response differs from the request: name, sent and received. Empty for any other reason.
    """

    def __init__(self, message: str, *, mismatch: Sequence[Mismatch] = (), **context: Any) -> None:
        super().__init__(message, **context)
        self.mismatch: tuple[Mismatch, ...] = tuple(mismatch)


class APIStatusError(StoreCreditError):
    """The server responded with a status that is not a success.

    Attributes:
        type: The error's family (VINR), such as `validation_error`.
        param: The parameter at fault (VINR).
        errors: Messages by field (Spree), such as `{"amount": ["must be greater than 0"]}`.
        required_scope: The scope that the key lacks (Spree's API v3), such as `write_orders`; None where none is named.
        details: What the error says beside its message (Spree's API v3), as it came.
        body: The decoded body, or None when it is not JSON.
    """

    response: Response

    def __init__(
        self,
        message: str,
        *,
        response: Response,
        type: str | None = None,
        param: str | None = None,
        errors: Mapping[str, list[str]] | None = None,
        required_scope: str | None = None,
        details: Mapping[str, Any] | None = None,
        body: Any = None,
        **context: Any,
    ) -> None:
        super().__init__(message, response=response, **context)
        self.type = type
        self.param = param
        self.errors: Mapping[str, list[str]] = errors or {}
        self.required_scope = required_scope
        self.details: Mapping[str, Any] = details or {}
        self.body = body

    @property
    def status_code(self) -> int:
        """HTTP status."""
        return self.response.status_code


class NotModifiedError(APIStatusError):
    """304: the response you hold for the ETag you sent is still current."""


class ValidationError(APIStatusError):
    """400 or 422: the server refuses the request. See `param`, `code` and `errors` for where."""


class AuthenticationError(APIStatusError):
    """401: the credential is missing, unknown, expired or revoked; on Spree's Platform API also: not allowed."""


class PermissionDeniedError(APIStatusError):
    """403: the credential is good and may not do this."""


class NotFoundError(APIStatusError):
    """404: no such record, or not one this credential may see."""


class ConflictError(APIStatusError):
    """409: the idempotency key was used with another body, or its first use is still running."""


class RateLimitError(APIStatusError):
    """429: too many requests.

    Attributes:
        retry_after: Seconds the server asks to wait, or None when it does not say.
    """

    retry_after: float | None = None


class ServerError(APIStatusError):
    """5xx: the server, or something before it, failed."""


def kind_of(value: object) -> str:
    """What a value is, for the text of an error; the value itself may be a secret."""
    name = type(value).__name__
    return "None" if value is None else f"an {name}" if name[0] in "aeiouAEIOU" else f"a {name}"


STATUS_ERRORS: Mapping[int, type[APIStatusError]] = {
    304: NotModifiedError,
    400: ValidationError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    422: ValidationError,
    429: RateLimitError,
}

for _name in __all__:
    # Tracebacks and pickles show the public home of a class, store_credit.NotFoundError.
    globals()[_name].__module__ = "store_credit"

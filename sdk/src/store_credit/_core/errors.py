"""Every error this package raises.

StoreCreditError
├── ConfigurationError            the settings of a client; no request was made
├── InvalidArgumentError          an argument of a call; no request was made (also a ValueError)
├── MissingFieldError             an attribute that the response does not contain (also an AttributeError)
├── MoneyError                    an amount that does not fit its currency exactly (also a ValueError)
├── WebhookVerificationError      a webhook that is not genuine, or is too old
├── OutcomeUnknownError           a create, or a change that must not run twice, may or may not have happened
├── APIConnectionError            no usable response arrived
│   ├── APITimeoutError           none arrived in time, or before the deadline
│   └── InvalidResponseError      a response arrived whose body does not match its status and content type
└── APIStatusError                the server responded with a status that is not a success
    ├── NotModifiedError          304: the response that you have for this ETag is still current
    ├── ValidationError           400, 422
    ├── AuthenticationError       401
    ├── PermissionDeniedError     403
    ├── NotFoundError             404
    ├── ConflictError             409
    ├── RateLimitError            429
    └── ServerError               5xx

Any other status, such as 402 or 405, raises a plain `APIStatusError`.
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
    """Base class of every error that this package raises. Its text begins with the request id, if there is one.

    Attributes:
        message: What happened and what to do about it.
        operation: The operation's id in `openapi.yaml`, such as `vinr.store_credit.create`; None outside a call.
        idempotency_key: The key that the call was sent with, either yours or the automatic one; None if there was none.
            To be sure that a credit is not issued twice, resend with the same key.
        attempts: How many times the request was sent.
        response: The raw response, if one arrived.
        code: The machine-readable code of the response (VINR), such as `parameter_invalid`; None if there is none.
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
        """The server's id of the request, which its support will ask for first; None if no response arrived."""
        return None if self.response is None else self.response.request_id

    @property
    def status_code(self) -> int | None:
        """HTTP status of the response, or None if none arrived."""
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
    """An argument has the wrong type or format. No request was made."""


class MissingFieldError(StoreCreditError, AttributeError):
    """The response does not contain this attribute: `fields` left it out, or the related record was not included.

    An amount, id or currency that is not valid counts as missing in a record that was included, expanded or created
    with `from_dict`.
    """


class MoneyError(StoreCreditError, ValueError):
    """An amount cannot be written exactly in its currency, or the currency is not in ISO 4217."""


class WebhookVerificationError(StoreCreditError):
    """A webhook failed a check.

    Attributes:
        check: The check that failed: `headers`, `timestamp`, `tolerance`, `signature` or `payload`.
    """

    def __init__(self, message: str, *, check: str) -> None:
        super().__init__(message)
        self.check = check


class OutcomeUnknownError(StoreCreditError):
    """A request that must not run twice was sent, and no reliable response arrived: it may or may not have run.

    It is deliberately not an `APIConnectionError`, so that code that repeats calls after connection errors does not
    repeat this one. Pass it to the client's `settle()`.

    Attributes:
        started_at: When the call began, before its first attempt; timezone-aware, in UTC. Measured by the server's
            clock if one of its responses contained the time (`by_server_clock`), otherwise by this machine's clock.
        ended_at: When the last attempt ended, by this machine's clock; timezone-aware, in UTC.
        elapsed: Seconds from the call's beginning to `ended_at`.
        made_in: Identifies the process that raised the error; kept when the error is pickled.
        by_server_clock: Whether `started_at` is the server's time.
        reference: Your own reference in the request, or None.
        mismatch: Where a response differed from the request: name, sent and received. Empty if no response arrived.
        lookup: Arguments for the resource's `list` that find the record if it exists; empty if there are none. Their
            time range begins some time before the call, because clocks differ.
        candidates: Records that may be the right one, if `settle()` could not decide.
        sent: The request, without credentials; None if its body or query contains one, such as the password of a
            sign-in, and in an error that was created by hand.
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
    """A response arrived that cannot be used: cut short, too large, not JSON, or not what was requested.

    Attributes:
        mismatch: Where the response differs from the request: name, sent and received. Empty if there is a different
            reason.
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
        required_scope: The scope that the key lacks (Spree's API v3), such as `write_orders`; None if none is named.
        details: What the error says in addition to its message (Spree's API v3), unchanged.
        body: The decoded body, or None if it is not JSON.
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
    """304: the response that you have for the ETag that you sent is still current."""


class ValidationError(APIStatusError):
    """400 or 422: the server refused the request. `param`, `code` and `errors` say what is wrong with it."""


class AuthenticationError(APIStatusError):
    """401: the credential is missing, unknown, expired or revoked; on Spree's Platform API also: not allowed."""


class PermissionDeniedError(APIStatusError):
    """403: the credential is valid but may not do this."""


class NotFoundError(APIStatusError):
    """404: there is no such record, or this credential may not see it."""


class ConflictError(APIStatusError):
    """409: the idempotency key was used with another body, or its first use is still running."""


class RateLimitError(APIStatusError):
    """429: too many requests.

    Attributes:
        retry_after: Seconds that the server asks to wait, or None if it does not say.
    """

    retry_after: float | None = None


class ServerError(APIStatusError):
    """5xx: the server, or something in front of it, failed."""


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

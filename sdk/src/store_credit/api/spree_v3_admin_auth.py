"""spree_v3.admin.auth. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, header
from store_credit.models.spree_v3_staff_session import SpreeV3StaffSession

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminAuth", "AsyncAdminAuth"]


_LOGIN = Operation(
    "spree_v3.admin.auth.login",
    "POST",
    "/api/v3/admin/auth/login",
    keyed=True,
    idempotent=True,
    statuses=(200,),
    read=readers.record(SpreeV3StaffSession),
    unlocked=True,
)


def _login(
    email: Any,
    password: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {
        "email": arguments.text(email, "email"),
        "password": arguments.text(password, "password"),
    }
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _LOGIN,
        "/api/v3/admin/auth/login",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


class AdminAuth:
    """Sign-in for staff on the Spree Admin API v3.

    Programs that issue credit use a secret key instead. A staff token identifies a person, who is recorded as the
    issuer of any credit issued with the token.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def login(
        self,
        *,
        email: str,
        password: str,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StaffSession:
        """Log in a member of staff.

        Returns a token that is valid for 5 minutes. A member of staff who has no role in the store also gets a token,
        but every call with that token returns 403. In 6.0 and later, each IP address is allowed five sign-ins per
        minute, and five wrong passwords in a row lock the account for half an hour.

        Args:
            email: The user's e-mail address.
            password: The password.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.auth.login.spree561, v3.admin.auth.login_limited.spree561,
        v3.admin.auth.login.spree554; decided: x-decisions in openapi.yaml.
        """
        call = _login(email=email, password=password, request_id=request_id, idempotency_key=idempotency_key)
        return self._client.call(call, options)


class AsyncAdminAuth:
    """Sign-in for staff on the Spree Admin API v3.

    Programs that issue credit use a secret key instead. A staff token identifies a person, who is recorded as the
    issuer of any credit issued with the token.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def login(
        self,
        *,
        email: str,
        password: str,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StaffSession:
        """Log in a member of staff.

        Returns a token that is valid for 5 minutes. A member of staff who has no role in the store also gets a token,
        but every call with that token returns 403. In 6.0 and later, each IP address is allowed five sign-ins per
        minute, and five wrong passwords in a row lock the account for half an hour.

        Args:
            email: The user's e-mail address.
            password: The password.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.auth.login.spree561, v3.admin.auth.login_limited.spree561,
        v3.admin.auth.login.spree554; decided: x-decisions in openapi.yaml.
        """
        call = _login(email=email, password=password, request_id=request_id, idempotency_key=idempotency_key)
        return await self._client.call(call, options)

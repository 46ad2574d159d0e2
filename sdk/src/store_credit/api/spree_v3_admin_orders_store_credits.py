"""spree_v3.admin.orders.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.keyring import Key
from store_credit._core.operation import AmountArgument, Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.unset import UNSET, Unset
from store_credit.models.spree_v3_admin_order import SpreeV3AdminOrder

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminOrdersStoreCredits", "AsyncAdminOrdersStoreCredits"]


_APPLY = Operation(
    "spree_v3.admin.orders.store_credits.apply",
    "POST",
    "/api/v3/admin/orders/{order_id}/store_credits",
    credential="credentials",
    keyed=True,
    statuses=(201,),
    echoes=(Echo("order_id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3AdminOrder),
    if_lost="Read the order. Repeating the call is safe, because each call replaces the credit applied by the previous one.",
    serialize_by=(("path", 5),),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("order_id", 5, ("or_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    amounts=(AmountArgument("amount", ("amount",), None),),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _apply(
    order_id: Any,
    amount: Any,
    store_id: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {}
    if amount is not UNSET:
        body["amount"] = amount
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _APPLY,
        f"/api/v3/admin/orders/{arguments.path_segment(order_id, 'order_id')}/store_credits",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


_REMOVE = Operation(
    "spree_v3.admin.orders.store_credits.remove",
    "DELETE",
    "/api/v3/admin/orders/{order_id}/store_credits",
    credential="credentials",
    keyed=True,
    statuses=(204,),
    read=readers.nothing,
    if_lost="Read the order.",
    serialize_by=(("path", 5),),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("order_id", 5, ("or_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _remove(
    order_id: Any,
    store_id: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _REMOVE,
        f"/api/v3/admin/orders/{arguments.path_segment(order_id, 'order_id')}/store_credits",
        query,
        None,
        headers,
        checked_key(idempotency_key),
    )


class AdminOrdersStoreCredits:
    """Apply store credit to an order, or remove it, through the Spree Admin API v3.

    Both operations require the `write_orders` scope.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def apply(
        self,
        order_id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Apply store credit to an order.

        Pays for an order with its customer's store credit, starting with the oldest credit. Each credit used becomes
        a payment. Requires the `write_orders` scope, not `write_store_credits`.

        - A second call replaces the credit applied by the first.
        - The amount is capped at the balance or the total, whichever is lower.
        - An order that is already paid for does not change.
        - In Spree 5.6, a negative amount increases the amount due.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            amount: The amount, in major units of the order's currency. If the amount is omitted, as much credit as
                possible is applied.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: Another request is changing or completing the same cart or order (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.orders.apply.spree561, v3.admin.orders.apply_string.spree561,
        v3.admin.orders.apply_number.spree561, v3.admin.orders.apply_too_much.spree561,
        v3.admin.orders.apply_completed.spree561, v3.admin.orders.apply_negative.spree561,
        v3.admin.orders.apply_negative.spree600alpha; decided: x-decisions in openapi.yaml.
        """
        call = _apply(
            order_id=order_id, amount=amount, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)

    def remove(
        self,
        order_id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Remove store credit from an order.

        Removes store credit that has not yet been authorized or captured. If there is no such credit, nothing
        changes. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: Another request is changing or completing the same cart or order (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.orders.remove.spree561, v3.admin.orders.remove_completed.spree561,
        v3.admin.orders.remove_write_orders_scope.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _remove(order_id=order_id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return self._client.call(call, options)


class AsyncAdminOrdersStoreCredits:
    """Apply store credit to an order, or remove it, through the Spree Admin API v3.

    Both operations require the `write_orders` scope.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def apply(
        self,
        order_id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Apply store credit to an order.

        Pays for an order with its customer's store credit, starting with the oldest credit. Each credit used becomes
        a payment. Requires the `write_orders` scope, not `write_store_credits`.

        - A second call replaces the credit applied by the first.
        - The amount is capped at the balance or the total, whichever is lower.
        - An order that is already paid for does not change.
        - In Spree 5.6, a negative amount increases the amount due.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            amount: The amount, in major units of the order's currency. If the amount is omitted, as much credit as
                possible is applied.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: Another request is changing or completing the same cart or order (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.orders.apply.spree561, v3.admin.orders.apply_string.spree561,
        v3.admin.orders.apply_number.spree561, v3.admin.orders.apply_too_much.spree561,
        v3.admin.orders.apply_completed.spree561, v3.admin.orders.apply_negative.spree561,
        v3.admin.orders.apply_negative.spree600alpha; decided: x-decisions in openapi.yaml.
        """
        call = _apply(
            order_id=order_id, amount=amount, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

    async def remove(
        self,
        order_id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Remove store credit from an order.

        Removes store credit that has not yet been authorized or captured. If there is no such credit, nothing
        changes. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: Another request is changing or completing the same cart or order (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.orders.remove.spree561, v3.admin.orders.remove_completed.spree561,
        v3.admin.orders.remove_write_orders_scope.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _remove(order_id=order_id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return await self._client.call(call, options)

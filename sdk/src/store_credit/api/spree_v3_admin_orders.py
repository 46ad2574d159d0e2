"""spree_v3.admin.orders. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.unset import UNSET, Unset
from store_credit.models.spree_v3_admin_order import SpreeV3AdminOrder

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit.api import spree_v3_admin_orders_payments, spree_v3_admin_orders_store_credits

__all__ = ["AdminOrders", "AsyncAdminOrders"]


_GET = Operation(
    "spree_v3.admin.orders.get",
    "GET",
    "/api/v3/admin/orders/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3AdminOrder),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("id", 5, ("or_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
)


def _get(
    id: Any,
    expand: Any,
    fields: Any,
    if_none_match: Any,
    store_id: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if expand is not None:
        query.append(("expand", arguments.query_list(expand, "expand")))
    if fields is not None:
        query.append(("fields", arguments.query_list(fields, "fields")))
    headers: list[tuple[bytes, bytes]] = []
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _GET,
        f"/api/v3/admin/orders/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_COMPLETE = Operation(
    "spree_v3.admin.orders.complete",
    "PATCH",
    "/api/v3/admin/orders/{id}/complete",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3AdminOrder),
    if_lost="Read the order: `status` shows whether it has been placed. Do not resend the request until you have checked the order.",
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
        IdArgument("id", 5, ("or_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _complete(
    id: Any,
    body_: Any,
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
        _COMPLETE,
        f"/api/v3/admin/orders/{arguments.path_segment(id, 'id')}/complete",
        query,
        None if body_ is UNSET else arguments.mapping(body_, "body"),
        headers,
        checked_key(idempotency_key),
    )


_CANCEL = Operation(
    "spree_v3.admin.orders.cancel",
    "PATCH",
    "/api/v3/admin/orders/{id}/cancel",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3AdminOrder),
    if_lost="Read the order: `status` shows whether it has been cancelled.",
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
        IdArgument("id", 5, ("or_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _cancel(
    id: Any,
    body_: Any,
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
        _CANCEL,
        f"/api/v3/admin/orders/{arguments.path_segment(id, 'id')}/cancel",
        query,
        None if body_ is UNSET else arguments.mapping(body_, "body"),
        headers,
        checked_key(idempotency_key),
    )


class AdminOrders:
    """The order operations of the Spree Admin API v3 that you need for store credit: read, complete and cancel.

    Cancelling an order returns captured credit to the customer.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def payments(self) -> spree_v3_admin_orders_payments.AdminOrdersPayments:
        """Order payments on the Spree Admin API v3: list, capture and void.

        Each credit used on an order has its own payment.
        """
        from store_credit.api.spree_v3_admin_orders_payments import AdminOrdersPayments

        return AdminOrdersPayments(self._client)

    @cached_property
    def store_credits(self) -> spree_v3_admin_orders_store_credits.AdminOrdersStoreCredits:
        """Apply store credit to an order, or remove it, through the Spree Admin API v3.

        Both operations require the `write_orders` scope.
        """
        from store_credit.api.spree_v3_admin_orders_store_credits import AdminOrdersStoreCredits

        return AdminOrdersStoreCredits(self._client)

    def get(
        self,
        id: str,
        *,
        expand: Sequence[Literal["payments"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Get an order.

        Returns one order, whether open or placed, including the amount paid with store credit. Requires the
        `read_orders` scope.

        Args:
            id: Id of the order, in the form `or_...`.
            expand: Related records to return in full, separated by commas, such as `payments`. Unknown names are
                ignored.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: read from code: Spree cee28a23, admin orders controller; recorded:
        v3.admin.orders.apply_string.spree561.
        """
        call = _get(
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.call(call, options)

    def complete(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Complete an order.

        Places an open order and captures its store credit. If the shop has turned off automatic capture, the credit
        is only authorized. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the order, in the form `or_...`.
            body: The body.
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

        Source: recorded: v3.admin.orders.complete_draft.spree561, v3.admin.orders.complete_draft.spree600alpha;
        decided: x-decisions in openapi.yaml.
        """
        call = _complete(id=id, body_=body, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return self._client.call(call, options)

    def cancel(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Cancel an order.

        Cancels a placed order and returns captured store credit to the customer. After a partial refund, Spree 6.0
        rejects the request with an empty message, while Spree 5.6 cancels the order. Requires the `write_orders`
        scope.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the order, in the form `or_...`.
            body: The body.
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

        Source: recorded: v3.admin.orders.cancel.spree561, v3.admin.orders.cancel_after_refund.spree561,
        v3.admin.orders.cancel_after_refund.spree600alpha; decided: x-decisions in openapi.yaml.
        """
        call = _cancel(id=id, body_=body, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return self._client.call(call, options)


class AsyncAdminOrders:
    """The order operations of the Spree Admin API v3 that you need for store credit: read, complete and cancel.

    Cancelling an order returns captured credit to the customer.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def payments(self) -> spree_v3_admin_orders_payments.AsyncAdminOrdersPayments:
        """Order payments on the Spree Admin API v3: list, capture and void.

        Each credit used on an order has its own payment.
        """
        from store_credit.api.spree_v3_admin_orders_payments import AsyncAdminOrdersPayments

        return AsyncAdminOrdersPayments(self._client)

    @cached_property
    def store_credits(self) -> spree_v3_admin_orders_store_credits.AsyncAdminOrdersStoreCredits:
        """Apply store credit to an order, or remove it, through the Spree Admin API v3.

        Both operations require the `write_orders` scope.
        """
        from store_credit.api.spree_v3_admin_orders_store_credits import AsyncAdminOrdersStoreCredits

        return AsyncAdminOrdersStoreCredits(self._client)

    async def get(
        self,
        id: str,
        *,
        expand: Sequence[Literal["payments"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Get an order.

        Returns one order, whether open or placed, including the amount paid with store credit. Requires the
        `read_orders` scope.

        Args:
            id: Id of the order, in the form `or_...`.
            expand: Related records to return in full, separated by commas, such as `payments`. Unknown names are
                ignored.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: read from code: Spree cee28a23, admin orders controller; recorded:
        v3.admin.orders.apply_string.spree561.
        """
        call = _get(
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return await self._client.call(call, options)

    async def complete(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Complete an order.

        Places an open order and captures its store credit. If the shop has turned off automatic capture, the credit
        is only authorized. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the order, in the form `or_...`.
            body: The body.
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

        Source: recorded: v3.admin.orders.complete_draft.spree561, v3.admin.orders.complete_draft.spree600alpha;
        decided: x-decisions in openapi.yaml.
        """
        call = _complete(id=id, body_=body, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return await self._client.call(call, options)

    async def cancel(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminOrder:
        """Cancel an order.

        Cancels a placed order and returns captured store credit to the customer. After a partial refund, Spree 6.0
        rejects the request with an empty message, while Spree 5.6 cancels the order. Requires the `write_orders`
        scope.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the order, in the form `or_...`.
            body: The body.
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

        Source: recorded: v3.admin.orders.cancel.spree561, v3.admin.orders.cancel_after_refund.spree561,
        v3.admin.orders.cancel_after_refund.spree600alpha; decided: x-decisions in openapi.yaml.
        """
        call = _cancel(id=id, body_=body, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key)
        return await self._client.call(call, options)

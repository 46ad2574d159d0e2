"""spree_v3.admin.orders.payments. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit.models.spree_v3_admin_payment import SpreeV3AdminPayment
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminOrdersPayments", "AsyncAdminOrdersPayments"]


_LIST = Operation(
    "spree_v3.admin.orders.payments.list",
    "GET",
    "/api/v3/admin/orders/{order_id}/payments",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3AdminPayment, SpreeV3PageMeta),
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
)


def _list(
    order_id: Any,
    page: Any,
    limit: Any,
    sort: Any,
    fields: Any,
    if_none_match: Any,
    store_id: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if page is not None:
        query.append(("page", arguments.query_integer(page, "page")))
    if limit is not None:
        query.append(("limit", arguments.query_integer(limit, "limit")))
    if sort is not None:
        query.append(("sort", arguments.query_text(sort, "sort")))
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
        _LIST,
        f"/api/v3/admin/orders/{arguments.path_segment(order_id, 'order_id')}/payments",
        query,
        None,
        headers,
    )


_CAPTURE = Operation(
    "spree_v3.admin.orders.payments.capture",
    "PATCH",
    "/api/v3/admin/orders/{order_id}/payments/{id}/capture",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("id", 7, ("id",), "id"),),
    read=readers.record(SpreeV3AdminPayment),
    if_lost="List the payments: `status` shows whether the payment has been captured.",
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
        IdArgument("id", 7, ("py_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _capture(
    order_id: Any,
    id: Any,
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
        _CAPTURE,
        f"/api/v3/admin/orders/{arguments.path_segment(order_id, 'order_id')}/payments/{arguments.path_segment(id, 'id')}/capture",
        query,
        None,
        headers,
        checked_key(idempotency_key),
    )


_VOID = Operation(
    "spree_v3.admin.orders.payments.void",
    "PATCH",
    "/api/v3/admin/orders/{order_id}/payments/{id}/void",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("id", 7, ("id",), "id"),),
    read=readers.record(SpreeV3AdminPayment),
    if_lost="List the payments: `status` shows whether the payment has been voided.",
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
        IdArgument("id", 7, ("py_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _void(
    order_id: Any,
    id: Any,
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
        _VOID,
        f"/api/v3/admin/orders/{arguments.path_segment(order_id, 'order_id')}/payments/{arguments.path_segment(id, 'id')}/void",
        query,
        None,
        headers,
        checked_key(idempotency_key),
    )


class AdminOrdersPayments:
    """Order payments on the Spree Admin API v3: list, capture and void.

    Each credit used on an order has its own payment.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        order_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3AdminPayment, SpreeV3PageMeta]:
        """List an order's payments.

        Returns the payments of one order. Payments whose store credit was removed are still listed, with the status
        `invalid`. Requires the `read_orders` scope.

        Args:
            order_id: Id of the order, in the form `or_...`.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
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

        Source: recorded: v3.admin.orders.payments.spree561, v3.admin.orders.payments_authorized.spree561,
        v3.admin.orders.payments.spree600alpha.
        """
        call = _list(
            order_id=order_id,
            page=page,
            limit=limit,
            sort=sort,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3AdminPayment, SpreeV3PageMeta], options)

    def capture(
        self,
        order_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminPayment:
        """Capture a payment.

        Captures an authorized payment. Fails if the credit has been deleted since it was authorized. Requires the
        `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            id: Id of the payment, in the form `py_...`.
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

        Source: recorded: v3.admin.orders.capture.spree561, v3.admin.orders.capture.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _capture(
            order_id=order_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)

    def void(
        self,
        order_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminPayment:
        """Void a payment.

        Releases the authorized amount. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            id: Id of the payment, in the form `py_...`.
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

        Source: recorded: v3.admin.orders.void_payment.spree561, v3.admin.orders.void_payment.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _void(
            order_id=order_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)


class AsyncAdminOrdersPayments:
    """Order payments on the Spree Admin API v3: list, capture and void.

    Each credit used on an order has its own payment.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        order_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3AdminPayment, SpreeV3PageMeta], SpreeV3AdminPayment]:
        """List an order's payments.

        Returns the payments of one order. Payments whose store credit was removed are still listed, with the status
        `invalid`. Requires the `read_orders` scope.

        Args:
            order_id: Id of the order, in the form `or_...`.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
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

        Source: recorded: v3.admin.orders.payments.spree561, v3.admin.orders.payments_authorized.spree561,
        v3.admin.orders.payments.spree600alpha.
        """
        call = _list(
            order_id=order_id,
            page=page,
            limit=limit,
            sort=sort,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.pages(call, AsyncCountedPage, options)

    async def capture(
        self,
        order_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminPayment:
        """Capture a payment.

        Captures an authorized payment. Fails if the credit has been deleted since it was authorized. Requires the
        `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            id: Id of the payment, in the form `py_...`.
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

        Source: recorded: v3.admin.orders.capture.spree561, v3.admin.orders.capture.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _capture(
            order_id=order_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

    async def void(
        self,
        order_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3AdminPayment:
        """Void a payment.

        Releases the authorized amount. Requires the `write_orders` scope.

        Within this client and its copies, calls that have the same `order_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            order_id: Id of the order, in the form `or_...`.
            id: Id of the payment, in the form `py_...`.
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

        Source: recorded: v3.admin.orders.void_payment.spree561, v3.admin.orders.void_payment.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _void(
            order_id=order_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

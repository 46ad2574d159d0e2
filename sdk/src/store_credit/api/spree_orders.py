"""spree.orders. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Unpack

from store_credit._core import arguments, readers
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.unset import UNSET, Unset
from store_credit.models import DOCUMENTS
from store_credit.models.spree_order import SpreeOrder

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncOrders", "Orders"]


_USE_STORE_CREDIT = Operation(
    "spree.orders.use_store_credit",
    "PATCH",
    "/api/v2/platform/orders/{id}/use_store_credit",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.document(SpreeOrder, DOCUMENTS["SpreeOrderDocument"]),
    if_lost="Read the order and its payments before you repeat the call. The first request may still be running. Two overlapping calls create two payments that together may exceed the credit.",
    serialize_by=(("path", 5),),
)


def _use_store_credit(
    id: Any,
    amount: Any,
    include: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {}
    if amount is not UNSET:
        body["amount"] = arguments.decimal(amount, "amount")
    query: list[tuple[str, str]] = []
    if include is not None:
        query.append(("include", arguments.query_list(include, "include")))
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if currency is not None:
        query.append(("currency", arguments.query_text(currency, "currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _USE_STORE_CREDIT,
        f"/api/v2/platform/orders/{arguments.path_segment(id, 'id')}/use_store_credit",
        query,
        body,
        headers,
    )


class Orders:
    """Spree orders on the Platform API, limited to store credit.

    The only operation in this section pays for an open order with the store credit of the order's user.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def use_store_credit(
        self,
        id: str | int,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "user",
                "created_by",
                "approver",
                "canceler",
                "bill_address",
                "ship_address",
                "line_items",
                "shipments",
                "state_changes",
                "return_authorizations",
                "reimbursements",
                "adjustments",
                "all_adjustments",
                "order_promotions",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeOrder:
        """Use Store Credit for an Order.

        Applies the store credit of the order's user: up to `amount`, or up to the outstanding total if `amount` is
        omitted, but never more than the user's balance. No credit is spent until the order is completed.

        Warning: Make one call at a time for each order, across all your processes. After a lost response, read the
        order before you call again. Two simultaneous calls create payments that together may exceed the credit.
        Completing the order then fails with 422, but still captures one of the payments and leaves the order
        incomplete.

        - Each call replaces the credit applied by earlier calls. Sending `amount: 0` removes the credit, but still
          returns 422.
        - Each credit used becomes a payment in the `checkout` state. Credits whose type has the lowest priority are
          used first.
        - Credit in a currency other than the order's may be applied at face value. Completing the order then fails
          with `Store credit currency does not match order currency`; check the payments' sources, and remove credit
          in other currencies.
        - For a completed order, the call returns 200 but changes nothing.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: The order's number, such as `R100200300`, or its id.
            amount: The maximum amount of credit to apply, in major units of the order's currency. A value of 0
                removes credit that was applied earlier, but still returns 422.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `payments.source`. An unknown name returns 400, but only after the
                credit has been applied.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.orders.use_store_credit, platform.orders.use_store_credit_by_id,
        platform.orders.use_store_credit_no_credits; decided: x-decisions in openapi.yaml.
        """
        call = _use_store_credit(
            id=id,
            amount=amount,
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncOrders:
    """Spree orders on the Platform API, limited to store credit.

    The only operation in this section pays for an open order with the store credit of the order's user.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def use_store_credit(
        self,
        id: str | int,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "user",
                "created_by",
                "approver",
                "canceler",
                "bill_address",
                "ship_address",
                "line_items",
                "shipments",
                "state_changes",
                "return_authorizations",
                "reimbursements",
                "adjustments",
                "all_adjustments",
                "order_promotions",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeOrder:
        """Use Store Credit for an Order.

        Applies the store credit of the order's user: up to `amount`, or up to the outstanding total if `amount` is
        omitted, but never more than the user's balance. No credit is spent until the order is completed.

        Warning: Make one call at a time for each order, across all your processes. After a lost response, read the
        order before you call again. Two simultaneous calls create payments that together may exceed the credit.
        Completing the order then fails with 422, but still captures one of the payments and leaves the order
        incomplete.

        - Each call replaces the credit applied by earlier calls. Sending `amount: 0` removes the credit, but still
          returns 422.
        - Each credit used becomes a payment in the `checkout` state. Credits whose type has the lowest priority are
          used first.
        - Credit in a currency other than the order's may be applied at face value. Completing the order then fails
          with `Store credit currency does not match order currency`; check the payments' sources, and remove credit
          in other currencies.
        - For a completed order, the call returns 200 but changes nothing.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: The order's number, such as `R100200300`, or its id.
            amount: The maximum amount of credit to apply, in major units of the order's currency. A value of 0
                removes credit that was applied earlier, but still returns 422.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `payments.source`. An unknown name returns 400, but only after the
                credit has been applied.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.orders.use_store_credit, platform.orders.use_store_credit_by_id,
        platform.orders.use_store_credit_no_credits; decided: x-decisions in openapi.yaml.
        """
        call = _use_store_credit(
            id=id,
            amount=amount,
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return await self._client.call(call, options)

"""spree.checkout. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Unpack

from store_credit._core import arguments, readers
from store_credit._core.credentials import seal
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.unset import UNSET, Unset
from store_credit.models import DOCUMENTS
from store_credit.models.spree_cart import SpreeCart

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncCheckout", "Checkout"]


_ADD_STORE_CREDIT = Operation(
    "spree.checkout.add_store_credit",
    "POST",
    "/api/v2/storefront/checkout/add_store_credit",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.document(SpreeCart, DOCUMENTS["SpreeCartDocument"]),
    if_lost="Read the cart before you repeat the call. The first request may still be running. Two overlapping calls create two payments that together may exceed the credit.",
    serialize_by=(
        ("header", "x-spree-order-token"),
        ("query", "order_token"),
        ("header", "authorization"),
    ),
)


def _add_store_credit(
    amount: Any,
    include: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
    order_token: Any,
    customer_token: Any,
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
    if order_token is not None:
        headers.append((b"X-Spree-Order-Token", b"" + arguments.credential(order_token, "order_token")))
    if customer_token is not None:
        headers.append((b"Authorization", b"Bearer " + arguments.credential(customer_token, "customer_token")))
    if order_token is None and customer_token is None:
        raise InvalidArgumentError("spree.checkout.add_store_credit needs order_token= or customer_token=")
    return Call(
        _ADD_STORE_CREDIT,
        "/api/v2/storefront/checkout/add_store_credit",
        query,
        body,
        headers,
    )


_REMOVE_STORE_CREDIT = Operation(
    "spree.checkout.remove_store_credit",
    "POST",
    "/api/v2/storefront/checkout/remove_store_credit",
    accept=b"application/vnd.api+json",
    idempotent=True,
    statuses=(200,),
    read=readers.document(SpreeCart, DOCUMENTS["SpreeCartDocument"]),
    serialize_by=(
        ("header", "x-spree-order-token"),
        ("query", "order_token"),
        ("header", "authorization"),
    ),
)


def _remove_store_credit(
    include: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
    order_token: Any,
    customer_token: Any,
) -> Call:
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
    if order_token is not None:
        headers.append((b"X-Spree-Order-Token", b"" + arguments.credential(order_token, "order_token")))
    if customer_token is not None:
        headers.append((b"Authorization", b"Bearer " + arguments.credential(customer_token, "customer_token")))
    if order_token is None and customer_token is None:
        raise InvalidArgumentError("spree.checkout.remove_store_credit needs order_token= or customer_token=")
    return Call(
        _REMOVE_STORE_CREDIT,
        "/api/v2/storefront/checkout/remove_store_credit",
        query,
        None,
        headers,
    )


class Checkout:
    """Spree checkout on the Storefront API, limited to store credit.

    Apply the shopper's store credit to the cart, or remove it again. No credit is spent until the order is completed.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def add_store_credit(
        self,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "line_items",
                "variants",
                "promotions",
                "shipments",
                "user",
                "billing_address",
                "shipping_address",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        order_token: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeCart:
        """Add Store Credit.

        Pays for the cart with its user's store credit: up to `amount`, or up to the outstanding total if `amount` is
        omitted, but never more than the user's balance. No credit is spent until the order is completed.

        Warning: Make one call at a time for each cart, across all your processes. After a lost response, read the
        cart before you call again. Two simultaneous calls, such as a double click, create payments that together may
        exceed the credit. Completing the cart then fails with 422, but still captures one of the payments and leaves
        the order incomplete.

        - Each call replaces the credit applied by earlier calls. Changing the cart's line items, or sending `amount:
          0`, removes the credit; `amount: 0` still returns 422.
        - Each credit used becomes a payment in the `checkout` state. Credits whose type has the lowest priority are
          used first.
        - Credit in a currency other than the cart's may be applied at face value. Completing the order then fails
          with `Store credit currency does not match order currency`; check the payments' sources, and remove credit
          in other currencies.
        - If `include` contains an unknown name, the credit is applied before the server returns 400.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` are made one at a time, in the order in which they were started, whichever method is used.
        The wait counts towards `deadline`; if the deadline passes first, APITimeoutError is raised: nothing was sent,
        and the call may be repeated. Other clients, other processes, and calls that identify the same record in a
        different way do not wait.

        Args:
            amount: The maximum amount of credit to apply, in major units of the cart's currency. A value of 0 removes
                credit that was applied earlier, but still returns 422.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource: `payments.source` adds the credits used for the payments. An unknown name
                returns 400, but only after the credit has been applied or removed.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            order_token: The cart's own token, returned in its `token` attribute. Anyone who has this token can spend
                the store credit of the cart's user.
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.all,
        storefront.apply.again, storefront.apply.order_token_only, storefront.apply.other_user,
        storefront.apply.method_inactive, storefront.no_credits.add_store_credit.spree4103; read from code: Spree
        5.3.6, storefront checkout controller and order concern (403); decided: x-decisions in openapi.yaml.
        """
        order_token = seal(order_token)  # no traceback shows it
        customer_token = seal(customer_token)  # no traceback shows it
        call = _add_store_credit(
            amount=amount,
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
            order_token=order_token,
            customer_token=customer_token,
        )
        return self._client.call(call, options)

    def remove_store_credit(
        self,
        *,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "line_items",
                "variants",
                "promotions",
                "shipments",
                "user",
                "billing_address",
                "shipping_address",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        order_token: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeCart:
        """Remove Store Credit.

        Removes store credit from the cart: its store credit payments in the `checkout` state become invalid. Credits,
        their amounts and their events do not change. Returns 200 with the cart even if there was nothing to remove,
        so the call can be repeated safely, even while an earlier call is still running.

        If you apply credit to a cart and remove it at the same time, either call may take effect last, so send the
        calls one after the other.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` are made one at a time, in the order in which they were started, whichever method is used.
        The wait counts towards `deadline`; if the deadline passes first, APITimeoutError is raised: nothing was sent,
        and the call may be repeated. Other clients, other processes, and calls that identify the same record in a
        different way do not wait.

        Args:
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource: `payments.source` adds the credits used for the payments. An unknown name
                returns 400, but only after the credit has been applied or removed.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            order_token: The cart's own token, returned in its `token` attribute. Anyone who has this token can spend
                the store credit of the cart's user.
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.remove,
        storefront.apply.remove_again, storefront.full.remove_after_complete; read from code: Spree 5.3.6,
        remove_store_credit service (422) and order concern (403); decided: x-decisions in openapi.yaml.
        """
        order_token = seal(order_token)  # no traceback shows it
        customer_token = seal(customer_token)  # no traceback shows it
        call = _remove_store_credit(
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
            order_token=order_token,
            customer_token=customer_token,
        )
        return self._client.call(call, options)


class AsyncCheckout:
    """Spree checkout on the Storefront API, limited to store credit.

    Apply the shopper's store credit to the cart, or remove it again. No credit is spent until the order is completed.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def add_store_credit(
        self,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "line_items",
                "variants",
                "promotions",
                "shipments",
                "user",
                "billing_address",
                "shipping_address",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        order_token: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeCart:
        """Add Store Credit.

        Pays for the cart with its user's store credit: up to `amount`, or up to the outstanding total if `amount` is
        omitted, but never more than the user's balance. No credit is spent until the order is completed.

        Warning: Make one call at a time for each cart, across all your processes. After a lost response, read the
        cart before you call again. Two simultaneous calls, such as a double click, create payments that together may
        exceed the credit. Completing the cart then fails with 422, but still captures one of the payments and leaves
        the order incomplete.

        - Each call replaces the credit applied by earlier calls. Changing the cart's line items, or sending `amount:
          0`, removes the credit; `amount: 0` still returns 422.
        - Each credit used becomes a payment in the `checkout` state. Credits whose type has the lowest priority are
          used first.
        - Credit in a currency other than the cart's may be applied at face value. Completing the order then fails
          with `Store credit currency does not match order currency`; check the payments' sources, and remove credit
          in other currencies.
        - If `include` contains an unknown name, the credit is applied before the server returns 400.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` are made one at a time, in the order in which they were started, whichever method is used.
        The wait counts towards `deadline`; if the deadline passes first, APITimeoutError is raised: nothing was sent,
        and the call may be repeated. Other clients, other processes, and calls that identify the same record in a
        different way do not wait.

        Args:
            amount: The maximum amount of credit to apply, in major units of the cart's currency. A value of 0 removes
                credit that was applied earlier, but still returns 422.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource: `payments.source` adds the credits used for the payments. An unknown name
                returns 400, but only after the credit has been applied or removed.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            order_token: The cart's own token, returned in its `token` attribute. Anyone who has this token can spend
                the store credit of the cart's user.
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.all,
        storefront.apply.again, storefront.apply.order_token_only, storefront.apply.other_user,
        storefront.apply.method_inactive, storefront.no_credits.add_store_credit.spree4103; read from code: Spree
        5.3.6, storefront checkout controller and order concern (403); decided: x-decisions in openapi.yaml.
        """
        order_token = seal(order_token)  # no traceback shows it
        customer_token = seal(customer_token)  # no traceback shows it
        call = _add_store_credit(
            amount=amount,
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
            order_token=order_token,
            customer_token=customer_token,
        )
        return await self._client.call(call, options)

    async def remove_store_credit(
        self,
        *,
        include: Sequence[
            Literal[
                "payments",
                "payments.source",
                "payments.payment_method",
                "line_items",
                "variants",
                "promotions",
                "shipments",
                "user",
                "billing_address",
                "shipping_address",
            ]
            | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        order_token: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeCart:
        """Remove Store Credit.

        Removes store credit from the cart: its store credit payments in the `checkout` state become invalid. Credits,
        their amounts and their events do not change. Returns 200 with the cart even if there was nothing to remove,
        so the call can be repeated safely, even while an earlier call is still running.

        If you apply credit to a cart and remove it at the same time, either call may take effect last, so send the
        calls one after the other.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` are made one at a time, in the order in which they were started, whichever method is used.
        The wait counts towards `deadline`; if the deadline passes first, APITimeoutError is raised: nothing was sent,
        and the call may be repeated. Other clients, other processes, and calls that identify the same record in a
        different way do not wait.

        Args:
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource: `payments.source` adds the credits used for the payments. An unknown name
                returns 400, but only after the credit has been applied or removed.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            order_token: The cart's own token, returned in its `token` attribute. Anyone who has this token can spend
                the store credit of the cart's user.
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.apply.remove,
        storefront.apply.remove_again, storefront.full.remove_after_complete; read from code: Spree 5.3.6,
        remove_store_credit service (422) and order concern (403); decided: x-decisions in openapi.yaml.
        """
        order_token = seal(order_token)  # no traceback shows it
        customer_token = seal(customer_token)  # no traceback shows it
        call = _remove_store_credit(
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
            order_token=order_token,
            customer_token=customer_token,
        )
        return await self._client.call(call, options)

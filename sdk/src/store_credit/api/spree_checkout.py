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
    if_lost="Read the cart before you repeat the call. The lost request may still be running, and two that overlap leave two payments, which together may exceed the credit.",
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
    """Spree checkout on the Storefront API, as far as store credit goes.

    Put the shopper's store credit on the cart, and take it off again. Nothing is spent before the order completes.
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

        Pays the cart with the store credit of the cart's own user: as much as `amount`, or without it as much as is
        outstanding, and never more than the user has. Credits whose type has the lowest priority go first; each
        becomes one payment in state `checkout`. Neither the credit's amounts nor the cart's `total` change; the
        credit is spent when the order completes.

        One call after another replaces what was put on before and never adds to it. Two calls at once, as of a double
        click, leave the payments of both, even where together they exceed the credit: 60 and 70 of a credit of 100,
        on Spree 5.3.6 over PostgreSQL in 18 of 18 rounds. Completing such a cart fails with 422, still captures one
        of the payments, and leaves the order unfinished. So send one call for a cart at a time, from whatever
        process, and after a response that was lost read the cart before you call again.

        `amount` 0 takes the credit off, and the status is 422. Changing the lines of the cart takes it off too.

        The credits are taken whatever their currency. For a user with credit in several currencies, one in another
        currency than the cart's may be put on at its face value; completing the order then fails with `Store credit
        currency does not match order currency`. Look at the payments' sources, and take such credit off again.

        A 400 about an unknown `include` comes after the credit was applied.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` go one at a time, in the order in which they came, whichever method makes them. The wait
        counts against `deadline`; where that passes first, APITimeoutError is raised: nothing was sent, and the call
        may be repeated. Nothing holds back other clients, other processes, or a call that names the same in another
        way.

        Args:
            amount: At most this much, in major units of the cart's currency. 0 takes off what is there and is
                answered with 422.
            include: Related resources to add as `included`, separated by commas without blanks. A dotted name goes
                further: `payments.source` adds the credits that pay. An unknown name is refused with 400, after the
                credit was applied or removed.
            fields: Sparse responses: `fields[<type>]=a,b` keeps only these attributes and relationships of every
                resource of that type; the rest is missing from the response. Names the type does not have are
                ignored.
            currency: The currency of the session, as an ISO 4217 code the store supports. On the storefront it also
                decides which cart is the current one. It converts nothing and changes no store credit.
            locale: The language of messages, as a code the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.
            order_token: The cart's own token, its `token` attribute. Whoever has it may spend the store credit of the
                cart's user.
            customer_token: A Spree OAuth token of the shopper. An unknown token counts as none, an expired or revoked
                one gives 401. Not the token of the Platform API, which must never reach a storefront call.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response came, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection was made, even after resending.
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

        Makes the cart's store-credit payments in state `checkout` invalid. The status is 200, with the cart, also
        when there was none, so that the call may be repeated safely, and while an earlier one is still running.
        Credits, their amounts and their events do not change. While credit is being put on the same cart, which of
        the two comes last is open: send them one after the other.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` go one at a time, in the order in which they came, whichever method makes them. The wait
        counts against `deadline`; where that passes first, APITimeoutError is raised: nothing was sent, and the call
        may be repeated. Nothing holds back other clients, other processes, or a call that names the same in another
        way.

        Args:
            include: Related resources to add as `included`, separated by commas without blanks. A dotted name goes
                further: `payments.source` adds the credits that pay. An unknown name is refused with 400, after the
                credit was applied or removed.
            fields: Sparse responses: `fields[<type>]=a,b` keeps only these attributes and relationships of every
                resource of that type; the rest is missing from the response. Names the type does not have are
                ignored.
            currency: The currency of the session, as an ISO 4217 code the store supports. On the storefront it also
                decides which cart is the current one. It converts nothing and changes no store credit.
            locale: The language of messages, as a code the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.
            order_token: The cart's own token, its `token` attribute. Whoever has it may spend the store credit of the
                cart's user.
            customer_token: A Spree OAuth token of the shopper. An unknown token counts as none, an expired or revoked
                one gives 401. Not the token of the Platform API, which must never reach a storefront call.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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
    """Spree checkout on the Storefront API, as far as store credit goes.

    Put the shopper's store credit on the cart, and take it off again. Nothing is spent before the order completes.
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

        Pays the cart with the store credit of the cart's own user: as much as `amount`, or without it as much as is
        outstanding, and never more than the user has. Credits whose type has the lowest priority go first; each
        becomes one payment in state `checkout`. Neither the credit's amounts nor the cart's `total` change; the
        credit is spent when the order completes.

        One call after another replaces what was put on before and never adds to it. Two calls at once, as of a double
        click, leave the payments of both, even where together they exceed the credit: 60 and 70 of a credit of 100,
        on Spree 5.3.6 over PostgreSQL in 18 of 18 rounds. Completing such a cart fails with 422, still captures one
        of the payments, and leaves the order unfinished. So send one call for a cart at a time, from whatever
        process, and after a response that was lost read the cart before you call again.

        `amount` 0 takes the credit off, and the status is 422. Changing the lines of the cart takes it off too.

        The credits are taken whatever their currency. For a user with credit in several currencies, one in another
        currency than the cart's may be put on at its face value; completing the order then fails with `Store credit
        currency does not match order currency`. Look at the payments' sources, and take such credit off again.

        A 400 about an unknown `include` comes after the credit was applied.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` go one at a time, in the order in which they came, whichever method makes them. The wait
        counts against `deadline`; where that passes first, APITimeoutError is raised: nothing was sent, and the call
        may be repeated. Nothing holds back other clients, other processes, or a call that names the same in another
        way.

        Args:
            amount: At most this much, in major units of the cart's currency. 0 takes off what is there and is
                answered with 422.
            include: Related resources to add as `included`, separated by commas without blanks. A dotted name goes
                further: `payments.source` adds the credits that pay. An unknown name is refused with 400, after the
                credit was applied or removed.
            fields: Sparse responses: `fields[<type>]=a,b` keeps only these attributes and relationships of every
                resource of that type; the rest is missing from the response. Names the type does not have are
                ignored.
            currency: The currency of the session, as an ISO 4217 code the store supports. On the storefront it also
                decides which cart is the current one. It converts nothing and changes no store credit.
            locale: The language of messages, as a code the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.
            order_token: The cart's own token, its `token` attribute. Whoever has it may spend the store credit of the
                cart's user.
            customer_token: A Spree OAuth token of the shopper. An unknown token counts as none, an expired or revoked
                one gives 401. Not the token of the Platform API, which must never reach a storefront call.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            OutcomeUnknownError: No valid response came, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection was made, even after resending.
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

        Makes the cart's store-credit payments in state `checkout` invalid. The status is 200, with the cart, also
        when there was none, so that the call may be repeated safely, and while an earlier one is still running.
        Credits, their amounts and their events do not change. While credit is being put on the same cart, which of
        the two comes last is open: send them one after the other.

        Within this client and its copies, calls that have the same `order_token`, or without one the same
        `customer_token` go one at a time, in the order in which they came, whichever method makes them. The wait
        counts against `deadline`; where that passes first, APITimeoutError is raised: nothing was sent, and the call
        may be repeated. Nothing holds back other clients, other processes, or a call that names the same in another
        way.

        Args:
            include: Related resources to add as `included`, separated by commas without blanks. A dotted name goes
                further: `payments.source` adds the credits that pay. An unknown name is refused with 400, after the
                credit was applied or removed.
            fields: Sparse responses: `fields[<type>]=a,b` keeps only these attributes and relationships of every
                resource of that type; the rest is missing from the response. Names the type does not have are
                ignored.
            currency: The currency of the session, as an ISO 4217 code the store supports. On the storefront it also
                decides which cart is the current one. It converts nothing and changes no store credit.
            locale: The language of messages, as a code the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.
            order_token: The cart's own token, its `token` attribute. Whoever has it may spend the store credit of the
                cart's user.
            customer_token: A Spree OAuth token of the shopper. An unknown token counts as none, an expired or revoked
                one gives 401. Not the token of the Platform API, which must never reach a storefront call.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

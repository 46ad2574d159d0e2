"""spree_v3.store.carts. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.credentials import seal
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.spree_v3_credentials import passed
from store_credit._core.unset import UNSET, Unset
from store_credit.models.spree_v3_cart import SpreeV3Cart
from store_credit.models.spree_v3_order import SpreeV3Order

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit.api import spree_v3_store_carts_store_credits

__all__ = ["AsyncStoreCarts", "StoreCarts"]


_GET = Operation(
    "spree_v3.store.carts.get",
    "GET",
    "/api/v3/store/carts/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3Cart),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
    ),
    ids=(IdArgument("id", 5, ("cart_",)),),
)


def _get(
    id: Any,
    fields: Any,
    if_none_match: Any,
    request_id: Any,
    customer_token: Any,
    cart_token: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if fields is not None:
        query.append(("fields", arguments.query_list(fields, "fields")))
    headers: list[tuple[bytes, bytes]] = []
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _GET,
        f"/api/v3/store/carts/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
        secret=passed(
            customer_token=customer_token,
            cart_token=cart_token,
        ),
    )


_COMPLETE = Operation(
    "spree_v3.store.carts.complete",
    "POST",
    "/api/v3/store/carts/{id}/complete",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    read=readers.record(SpreeV3Order),
    if_lost="Read the cart. If the cart no longer exists, the order has been created. Completing the cart again returns the same order, but after `completion_in_progress` you must use a new idempotency key.",
    serialize_by=(("path", 5),),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
    ),
    ids=(IdArgument("id", 5, ("cart_",)),),
    unlocked=True,
)


def _complete(
    id: Any,
    body_: Any,
    request_id: Any,
    customer_token: Any,
    cart_token: Any,
    idempotency_key: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _COMPLETE,
        f"/api/v3/store/carts/{arguments.path_segment(id, 'id')}/complete",
        query,
        None if body_ is UNSET else arguments.mapping(body_, "body"),
        headers,
        checked_key(idempotency_key),
        secret=passed(
            customer_token=customer_token,
            cart_token=cart_token,
        ),
    )


class StoreCarts:
    """The cart operations of the Spree Store API v3 that you need for store credit: read and complete.

    Do not complete a cart if store credit covers only part of the total and no other payment covers the rest.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_store_carts_store_credits.StoreCartsStoreCredits:
        """Apply store credit to a cart, or remove it, through the Spree Store API v3.

        No credit is spent until the cart is completed.
        """
        from store_credit.api.spree_v3_store_carts_store_credits import StoreCartsStoreCredits

        return StoreCartsStoreCredits(self._client)

    def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Get a cart.

        Returns the cart, including the amount paid with store credit. Returns 404 if the cart has been completed.

        Args:
            id: Id of the cart, in the form `cart_...`.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.
            cart_token: The value of the cart's `token` member. This token gives access to a guest's cart. Applying
                store credit also requires a customer's token. Replaces the client's.

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

        Source: recorded: v3.store.carts.get_after_not_covered.spree561,
        v3.store.carts.get_before_complete_reapplied.spree600alpha,
        v3.store.carts.get_before_complete_reapplied.spree554.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
        )
        return self._client.call(call, options)

    def complete(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Order:
        """Complete a cart.

        Places the order and captures the cart's store credit. If the shop has turned off automatic capture, the
        credit is only authorized.

        Warning: Complete a cart only if its payments cover the whole total. If store credit covers only part of the
        total and no other payment covers the rest, the server returns 422 but still captures the credit.

        Completing the cart a second time returns the same order with 200. Spree 6.0 rejects a second request while
        the first is still running.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the cart, in the form `cart_...`.
            body: The body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.
            cart_token: The value of the cart's `token` member. This token gives access to a guest's cart. Applying
                store credit also requires a customer's token. Replaces the client's.
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

        Source: recorded: v3.store.carts.complete.spree561, v3.store.carts.complete_not_covered.spree561,
        v3.store.carts.complete_reapplied.spree561, v3.store.carts.complete_twins.spree561,
        v3.store.carts.complete_twins.spree600alpha, v3.store.carts.complete_two_carts_one_credit.spree561; decided:
        x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _complete(
            id=id,
            body_=body,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)


class AsyncStoreCarts:
    """The cart operations of the Spree Store API v3 that you need for store credit: read and complete.

    Do not complete a cart if store credit covers only part of the total and no other payment covers the rest.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_store_carts_store_credits.AsyncStoreCartsStoreCredits:
        """Apply store credit to a cart, or remove it, through the Spree Store API v3.

        No credit is spent until the cart is completed.
        """
        from store_credit.api.spree_v3_store_carts_store_credits import AsyncStoreCartsStoreCredits

        return AsyncStoreCartsStoreCredits(self._client)

    async def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Get a cart.

        Returns the cart, including the amount paid with store credit. Returns 404 if the cart has been completed.

        Args:
            id: Id of the cart, in the form `cart_...`.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.
            cart_token: The value of the cart's `token` member. This token gives access to a guest's cart. Applying
                store credit also requires a customer's token. Replaces the client's.

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

        Source: recorded: v3.store.carts.get_after_not_covered.spree561,
        v3.store.carts.get_before_complete_reapplied.spree600alpha,
        v3.store.carts.get_before_complete_reapplied.spree554.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
        )
        return await self._client.call(call, options)

    async def complete(
        self,
        id: str,
        *,
        body: Mapping[str, Any] | Unset = UNSET,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Order:
        """Complete a cart.

        Places the order and captures the cart's store credit. If the shop has turned off automatic capture, the
        credit is only authorized.

        Warning: Complete a cart only if its payments cover the whole total. If store credit covers only part of the
        total and no other payment covers the rest, the server returns 422 but still captures the credit.

        Completing the cart a second time returns the same order with 200. Spree 6.0 rejects a second request while
        the first is still running.

        Within this client and its copies, calls that have the same `id` are made one at a time, in the order in which
        they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes first,
        APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other processes, and
        calls that identify the same record in a different way do not wait.

        Args:
            id: Id of the cart, in the form `cart_...`.
            body: The body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.
            cart_token: The value of the cart's `token` member. This token gives access to a guest's cart. Applying
                store credit also requires a customer's token. Replaces the client's.
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

        Source: recorded: v3.store.carts.complete.spree561, v3.store.carts.complete_not_covered.spree561,
        v3.store.carts.complete_reapplied.spree561, v3.store.carts.complete_twins.spree561,
        v3.store.carts.complete_twins.spree600alpha, v3.store.carts.complete_two_carts_one_credit.spree561; decided:
        x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _complete(
            id=id,
            body_=body,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

"""spree_v3.store.carts.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.credentials import seal
from store_credit._core.keyring import Key
from store_credit._core.operation import AmountArgument, Call, Echo, IdArgument, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.spree_v3_credentials import passed
from store_credit._core.unset import UNSET, Unset
from store_credit.models.spree_v3_cart import SpreeV3Cart

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCartsStoreCredits", "StoreCartsStoreCredits"]


_APPLY = Operation(
    "spree_v3.store.carts.store_credits.apply",
    "POST",
    "/api/v3/store/carts/{cart_id}/store_credits",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("cart_id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3Cart),
    if_lost="Read the cart. Repeating the call is safe, because each call replaces the credit applied by the previous one.",
    serialize_by=(("path", 5),),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
    ),
    ids=(IdArgument("cart_id", 5, ("cart_",)),),
    amounts=(AmountArgument("amount", ("amount",), None),),
    unlocked=True,
)


def _apply(
    cart_id: Any,
    amount: Any,
    request_id: Any,
    customer_token: Any,
    cart_token: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {}
    if amount is not UNSET:
        body["amount"] = amount
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _APPLY,
        f"/api/v3/store/carts/{arguments.path_segment(cart_id, 'cart_id')}/store_credits",
        query,
        body,
        headers,
        checked_key(idempotency_key),
        secret=passed(
            customer_token=customer_token,
            cart_token=cart_token,
        ),
    )


_REMOVE = Operation(
    "spree_v3.store.carts.store_credits.remove",
    "DELETE",
    "/api/v3/store/carts/{cart_id}/store_credits",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("cart_id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3Cart),
    if_lost="Read the cart.",
    serialize_by=(("path", 5),),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
            Key("cart_token", "header", "X-Spree-Token"),
        ),
    ),
    ids=(IdArgument("cart_id", 5, ("cart_",)),),
    unlocked=True,
)


def _remove(
    cart_id: Any,
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
        _REMOVE,
        f"/api/v3/store/carts/{arguments.path_segment(cart_id, 'cart_id')}/store_credits",
        query,
        None,
        headers,
        checked_key(idempotency_key),
        secret=passed(
            customer_token=customer_token,
            cart_token=cart_token,
        ),
    )


class StoreCartsStoreCredits:
    """Apply store credit to a cart, or remove it, through the Spree Store API v3.

    No credit is spent until the cart is completed.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def apply(
        self,
        cart_id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Apply store credit to a cart.

        Pays for the cart with the customer's store credit, starting with the oldest credit. Each credit used becomes
        a payment. No credit is spent until the cart is completed.

        - A second call replaces the credit applied by the first; the replaced payment stays in `payments` with the
          status `invalid`.
        - In 6.0-alpha and later, only credit in the cart's currency is used, regardless of `X-Spree-Currency`. Spree
          5.5 and 5.6 use credit in any currency, at face value.
        - Guests have no store credit, so first sign the customer in and associate the cart with the customer.

        Within this client and its copies, calls that have the same `cart_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            cart_id: Id of the cart, in the form `cart_...`.
            amount: The amount, in major units of the cart's currency. If the amount is omitted, as much credit as
                possible is applied.
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

        Source: recorded: v3.store.carts.apply_string.spree561, v3.store.carts.apply_number.spree561,
        v3.store.carts.apply_eur.spree561, v3.store.carts.apply_eur.spree600alpha,
        v3.store.carts.apply_too_much.spree561, v3.store.carts.apply_several_credits.spree561,
        v3.store.carts.apply_twins.spree561, v3.store.carts.apply_negative.spree561,
        v3.store.carts.apply_no_jwt.spree561, v3.store.carts.apply_string.spree554; decided: x-decisions in
        openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _apply(
            cart_id=cart_id,
            amount=amount,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)

    def remove(
        self,
        cart_id: str,
        *,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Remove store credit from a cart.

        Removes store credit that has not been captured. If there is no such credit, nothing changes. Do not apply the
        same amount again; otherwise, the cart can no longer be completed.

        Within this client and its copies, calls that have the same `cart_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            cart_id: Id of the cart, in the form `cart_...`.
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

        Source: recorded: v3.store.carts.remove_again.spree561, v3.store.carts.remove_locked.spree561,
        v3.store.carts.remove_guest.spree561, v3.store.carts.remove_after_not_covered.spree600alpha,
        v3.store.carts.complete_reapplied.spree561; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _remove(
            cart_id=cart_id,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)


class AsyncStoreCartsStoreCredits:
    """Apply store credit to a cart, or remove it, through the Spree Store API v3.

    No credit is spent until the cart is completed.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def apply(
        self,
        cart_id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Apply store credit to a cart.

        Pays for the cart with the customer's store credit, starting with the oldest credit. Each credit used becomes
        a payment. No credit is spent until the cart is completed.

        - A second call replaces the credit applied by the first; the replaced payment stays in `payments` with the
          status `invalid`.
        - In 6.0-alpha and later, only credit in the cart's currency is used, regardless of `X-Spree-Currency`. Spree
          5.5 and 5.6 use credit in any currency, at face value.
        - Guests have no store credit, so first sign the customer in and associate the cart with the customer.

        Within this client and its copies, calls that have the same `cart_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            cart_id: Id of the cart, in the form `cart_...`.
            amount: The amount, in major units of the cart's currency. If the amount is omitted, as much credit as
                possible is applied.
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

        Source: recorded: v3.store.carts.apply_string.spree561, v3.store.carts.apply_number.spree561,
        v3.store.carts.apply_eur.spree561, v3.store.carts.apply_eur.spree600alpha,
        v3.store.carts.apply_too_much.spree561, v3.store.carts.apply_several_credits.spree561,
        v3.store.carts.apply_twins.spree561, v3.store.carts.apply_negative.spree561,
        v3.store.carts.apply_no_jwt.spree561, v3.store.carts.apply_string.spree554; decided: x-decisions in
        openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _apply(
            cart_id=cart_id,
            amount=amount,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

    async def remove(
        self,
        cart_id: str,
        *,
        request_id: str | None = None,
        customer_token: str | None = None,
        cart_token: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Cart:
        """Remove store credit from a cart.

        Removes store credit that has not been captured. If there is no such credit, nothing changes. Do not apply the
        same amount again; otherwise, the cart can no longer be completed.

        Within this client and its copies, calls that have the same `cart_id` are made one at a time, in the order in
        which they were started, whichever method is used. The wait counts towards `deadline`; if the deadline passes
        first, APITimeoutError is raised: nothing was sent, and the call may be repeated. Other clients, other
        processes, and calls that identify the same record in a different way do not wait.

        Args:
            cart_id: Id of the cart, in the form `cart_...`.
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

        Source: recorded: v3.store.carts.remove_again.spree561, v3.store.carts.remove_locked.spree561,
        v3.store.carts.remove_guest.spree561, v3.store.carts.remove_after_not_covered.spree600alpha,
        v3.store.carts.complete_reapplied.spree561; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        cart_token = seal(cart_token)  # no traceback shows it
        call = _remove(
            cart_id=cart_id,
            request_id=request_id,
            customer_token=customer_token,
            cart_token=cart_token,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

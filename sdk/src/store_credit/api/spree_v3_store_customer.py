"""spree_v3.store.customer. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.credentials import seal
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.spree_v3_credentials import passed
from store_credit.models.spree_v3_customer_profile import SpreeV3CustomerProfile

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit.api import spree_v3_store_customer_store_credits

__all__ = ["AsyncStoreCustomer", "StoreCustomer"]


_GET = Operation(
    "spree_v3.store.customer.get",
    "GET",
    "/api/v3/store/customers/me",
    credential="credentials",
    statuses=(200,),
    read=readers.record(SpreeV3CustomerProfile),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
    ),
)


def _get(
    fields: Any,
    currency: Any,
    if_none_match: Any,
    request_id: Any,
    customer_token: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if fields is not None:
        query.append(("fields", arguments.query_list(fields, "fields")))
    headers: list[tuple[bytes, bytes]] = []
    if currency is not None:
        headers.append((b"X-Spree-Currency", header("currency", currency)[1]))
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _GET,
        "/api/v3/store/customers/me",
        query,
        None,
        headers,
        secret=passed(
            customer_token=customer_token,
        ),
    )


class StoreCustomer:
    """The shopper's own profile on the Spree Store API v3.

    The profile shows the balance that can still be spent in the store's currency.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_store_customer_store_credits.StoreCustomerStoreCredits:
        """The shopper's own store credits on the Spree Store API v3.

        Only credits in the currency of the request are returned.
        """
        from store_credit.api.spree_v3_store_customer_store_credits import StoreCustomerStoreCredits

        return StoreCustomerStoreCredits(self._client)

    def get(
        self,
        *,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3CustomerProfile:
        """Get the shopper's profile.

        Returns the profile of the signed-in customer. `available_store_credit_total` is the balance that can still be
        spent in the store's currency, excluding authorized amounts.

        Args:
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            currency: The currency of the request, as an ISO 4217 code. Credits in other currencies do not appear in
                lists and cannot be retrieved. If the store does not sell in this currency, the store's default
                currency is used.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.store.me.profile.spree561, v3.store.me.profile.spree600alpha,
        v3.store.me.profile.spree554, v3.store.me.profile_eur.spree561.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _get(
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return self._client.call(call, options)


class AsyncStoreCustomer:
    """The shopper's own profile on the Spree Store API v3.

    The profile shows the balance that can still be spent in the store's currency.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_store_customer_store_credits.AsyncStoreCustomerStoreCredits:
        """The shopper's own store credits on the Spree Store API v3.

        Only credits in the currency of the request are returned.
        """
        from store_credit.api.spree_v3_store_customer_store_credits import AsyncStoreCustomerStoreCredits

        return AsyncStoreCustomerStoreCredits(self._client)

    async def get(
        self,
        *,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3CustomerProfile:
        """Get the shopper's profile.

        Returns the profile of the signed-in customer. `available_store_credit_total` is the balance that can still be
        spent in the store's currency, excluding authorized amounts.

        Args:
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            currency: The currency of the request, as an ISO 4217 code. Credits in other currencies do not appear in
                lists and cannot be retrieved. If the store does not sell in this currency, the store's default
                currency is used.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            customer_token: A customer's JSON Web Token, returned by `store.auth.login` and valid for one hour. Send
                the token together with a publishable key. Replaces the client's.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.store.me.profile.spree561, v3.store.me.profile.spree600alpha,
        v3.store.me.profile.spree554, v3.store.me.profile_eur.spree561.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _get(
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return await self._client.call(call, options)

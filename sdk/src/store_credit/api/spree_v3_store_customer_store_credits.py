"""spree_v3.store.customer.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from store_credit._core import arguments, known_filters, readers
from store_credit._core.credentials import seal
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit._core.spree_v3_credentials import passed
from store_credit.models.spree_v3_customer_store_credit import SpreeV3CustomerStoreCredit
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCustomerStoreCredits", "StoreCustomerStoreCredits"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class StoreCustomerStoreCreditsFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Pass other filters of the server in `filter_unchecked`."""

    amount_eq: int | str | Decimal
    amount_gteq: int | str | Decimal
    amount_lteq: int | str | Decimal


_LIST = Operation(
    "spree_v3.store.customer.store_credits.list",
    "GET",
    "/api/v3/store/customers/me/store_credits",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3CustomerStoreCredit, SpreeV3PageMeta),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
    ),
)


def _list(
    page: Any,
    limit: Any,
    sort: Any,
    filter: Any,
    filter_unchecked: Any,
    fields: Any,
    currency: Any,
    if_none_match: Any,
    request_id: Any,
    customer_token: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if page is not None:
        query.append(("page", arguments.query_integer(page, "page")))
    if limit is not None:
        query.append(("limit", arguments.query_integer(limit, "limit")))
    if sort is not None:
        query.append(("sort", arguments.query_text(sort, "sort")))
    if filter is not None:
        query += known_filters.query_filter(filter, "q", StoreCustomerStoreCreditsFilter.__annotations__)
    if filter_unchecked is not None:
        query += known_filters.query_unchecked(filter_unchecked, "q")
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
        _LIST,
        "/api/v3/store/customers/me/store_credits",
        query,
        None,
        headers,
        secret=passed(
            customer_token=customer_token,
        ),
    )


_GET = Operation(
    "spree_v3.store.customer.store_credits.get",
    "GET",
    "/api/v3/store/customers/me/store_credits/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 7, ("id",), "id"),),
    read=readers.record(SpreeV3CustomerStoreCredit),
    security=(
        (
            Key("publishable_key", "header", "X-Spree-Api-Key"),
            Key("customer_token", "bearer", "Authorization"),
        ),
    ),
    ids=(IdArgument("id", 7, ("credit_",)),),
)


def _get(
    id: Any,
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
        f"/api/v3/store/customers/me/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
        secret=passed(
            customer_token=customer_token,
        ),
    )


class StoreCustomerStoreCredits:
    """The shopper's own store credits on the Spree Store API v3.

    Only credits in the currency of the request are returned.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: StoreCustomerStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3CustomerStoreCredit, SpreeV3PageMeta]:
        """List the shopper's store credits.

        Returns the signed-in customer's credits in this store and in the currency of the request. Credits in other
        currencies are not listed.

        Args:
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
            filter: Conditions in the form `q[<attribute>_<predicate>]=value`; a record must meet all of them. The
                server ignores unknown attributes and predicates, so a misspelled filter returns all records. To sort,
                use `q[s]`, as in `q[s]=amount desc`.
            filter_unchecked: Other filters of the server. It ignores unknown filters and then returns all records.
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

        Source: recorded: v3.store.me.list.spree561, v3.store.me.list_eur.spree561,
        v3.store.me.list_currency_query.spree561, v3.store.me.list_unsupported_currency.spree561,
        v3.store.me.no_jwt.spree561, v3.store.me.no_key.spree561; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3CustomerStoreCredit, SpreeV3PageMeta], options)

    def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3CustomerStoreCredit:
        """Get one of the shopper's store credits.

        Returns one credit, or 404 if the credit belongs to another customer or its currency differs from that of the
        request.

        Args:
            id: Id of the credit, in the form `credit_...`.
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
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.store.me.get.spree561, v3.store.me.get_other_currency.spree561,
        v3.store.me.get_other_customer.spree561, v3.store.me.get_unknown.spree561; decided: x-decisions in
        openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _get(
            id=id,
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return self._client.call(call, options)


class AsyncStoreCustomerStoreCredits:
    """The shopper's own store credits on the Spree Store API v3.

    Only credits in the currency of the request are returned.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: StoreCustomerStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3CustomerStoreCredit, SpreeV3PageMeta], SpreeV3CustomerStoreCredit]:
        """List the shopper's store credits.

        Returns the signed-in customer's credits in this store and in the currency of the request. Credits in other
        currencies are not listed.

        Args:
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
            filter: Conditions in the form `q[<attribute>_<predicate>]=value`; a record must meet all of them. The
                server ignores unknown attributes and predicates, so a misspelled filter returns all records. To sort,
                use `q[s]`, as in `q[s]=amount desc`.
            filter_unchecked: Other filters of the server. It ignores unknown filters and then returns all records.
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

        Source: recorded: v3.store.me.list.spree561, v3.store.me.list_eur.spree561,
        v3.store.me.list_currency_query.spree561, v3.store.me.list_unsupported_currency.spree561,
        v3.store.me.no_jwt.spree561, v3.store.me.no_key.spree561; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return self._client.pages(call, AsyncCountedPage, options)

    async def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        currency: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3CustomerStoreCredit:
        """Get one of the shopper's store credits.

        Returns one credit, or 404 if the credit belongs to another customer or its currency differs from that of the
        request.

        Args:
            id: Id of the credit, in the form `credit_...`.
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
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.store.me.get.spree561, v3.store.me.get_other_currency.spree561,
        v3.store.me.get_other_customer.spree561, v3.store.me.get_unknown.spree561; decided: x-decisions in
        openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _get(
            id=id,
            fields=fields,
            currency=currency,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return await self._client.call(call, options)

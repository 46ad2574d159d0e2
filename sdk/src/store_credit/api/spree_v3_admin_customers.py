"""spree_v3.admin.customers. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from store_credit._core import arguments, known_filters, readers
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit.models.spree_v3_customer import SpreeV3Customer
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit.api import spree_v3_admin_customers_store_credits

__all__ = ["AdminCustomers", "AsyncAdminCustomers"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class AdminCustomersFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Pass other filters of the server in `filter_unchecked`."""

    email_eq: str


_LIST = Operation(
    "spree_v3.admin.customers.list",
    "GET",
    "/api/v3/admin/customers",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3Customer, SpreeV3PageMeta),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
)


def _list(
    page: Any,
    limit: Any,
    sort: Any,
    filter: Any,
    filter_unchecked: Any,
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
    if filter is not None:
        query += known_filters.query_filter(filter, "q", AdminCustomersFilter.__annotations__)
    if filter_unchecked is not None:
        query += known_filters.query_unchecked(filter_unchecked, "q")
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
        "/api/v3/admin/customers",
        query,
        None,
        headers,
    )


_GET = Operation(
    "spree_v3.admin.customers.get",
    "GET",
    "/api/v3/admin/customers/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3Customer),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("id", 5, ("cus_", "cust_")),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
)


def _get(
    id: Any,
    fields: Any,
    if_none_match: Any,
    store_id: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
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
        f"/api/v3/admin/customers/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


class AdminCustomers:
    """The customer operations of the Spree Admin API v3 that you need for store credit.

    Look up a customer's id by e-mail address before you issue credit.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_admin_customers_store_credits.AdminCustomersStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations in a
        back office to create, retrieve, update and delete a customer's store credits through the Spree Admin API v3.

        A credit records the amount issued, the amount used and the amount authorized. The remaining balance is the
        amount issued minus the used and authorized amounts. Put your own reference in `memo` so that you can find the
        credit again if a response is lost.
        """
        from store_credit.api.spree_v3_admin_customers_store_credits import AdminCustomersStoreCredits

        return AdminCustomersStoreCredits(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminCustomersFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3Customer, SpreeV3PageMeta]:
        """List customers.

        Returns customers, one page at a time. To look up a customer, send `q[email_eq]` and check the e-mail address
        in the response, because a misspelled filter returns all customers. Requires the `read_customers` scope.

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

        Source: recorded: v3.admin.customers.list_one.spree561, v3.admin.customers.list_one.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3Customer, SpreeV3PageMeta], options)

    def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Customer:
        """Get a customer.

        Returns one customer, with the remaining store credit in the store's currency. Requires the `read_customers`
        scope.

        Args:
            id: The id of the customer: `cus_...` in 5.6 and earlier, and `cust_...` in 6.0-alpha and later.
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

        Source: recorded: v3.admin.customers.get.spree561, v3.admin.customers.get.spree600alpha,
        v3.admin.customers.get.spree554, v3.admin.customers.get_by_number.spree561.
        """
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncAdminCustomers:
    """The customer operations of the Spree Admin API v3 that you need for store credit.

    Look up a customer's id by e-mail address before you issue credit.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_admin_customers_store_credits.AsyncAdminCustomersStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations in a
        back office to create, retrieve, update and delete a customer's store credits through the Spree Admin API v3.

        A credit records the amount issued, the amount used and the amount authorized. The remaining balance is the
        amount issued minus the used and authorized amounts. Put your own reference in `memo` so that you can find the
        credit again if a response is lost.
        """
        from store_credit.api.spree_v3_admin_customers_store_credits import AsyncAdminCustomersStoreCredits

        return AsyncAdminCustomersStoreCredits(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminCustomersFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3Customer, SpreeV3PageMeta], SpreeV3Customer]:
        """List customers.

        Returns customers, one page at a time. To look up a customer, send `q[email_eq]` and check the e-mail address
        in the response, because a misspelled filter returns all customers. Requires the `read_customers` scope.

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

        Source: recorded: v3.admin.customers.list_one.spree561, v3.admin.customers.list_one.spree600alpha; decided:
        x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.pages(call, AsyncCountedPage, options)

    async def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3Customer:
        """Get a customer.

        Returns one customer, with the remaining store credit in the store's currency. Requires the `read_customers`
        scope.

        Args:
            id: The id of the customer: `cus_...` in 5.6 and earlier, and `cust_...` in 6.0-alpha and later.
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

        Source: recorded: v3.admin.customers.get.spree561, v3.admin.customers.get.spree600alpha,
        v3.admin.customers.get.spree554, v3.admin.customers.get_by_number.spree561.
        """
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return await self._client.call(call, options)

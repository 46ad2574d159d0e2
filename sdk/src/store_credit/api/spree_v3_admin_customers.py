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
    """Filters the document names. Others of the server's go into `filter_unchecked`."""

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
    """The customers of a shop on the Admin API v3, as far as store credit needs them.

    Look up by address the id under which credit is issued.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_admin_customers_store_credits.AdminCustomersStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Here a back office creates,
        gets, updates and deletes the store credits of one customer, on the Spree Admin API v3.

        A credit keeps the amount issued, the amount used and the amount authorized; what remains is the first minus
        the other two. The mark in `memo` is how a credit is found again after a response was lost.
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

        Returns the customers, one page at a time. Look a customer up by address with `q[email_eq]`, and compare the
        address: a misspelled filter lists everybody. Needs the scope `read_customers`.

        Args:
            page: Which page, counted from 1. A page past the end is empty; a page below 1, or one that is not a
                number, is refused.
            limit: How many records a page holds at most, 1 to 100. The server reads more as 100 and refuses less than
                1.
            sort: The attribute to sort by, with `-` before it for descending, such as `-created_at`. Name only one:
                of several, separated by commas, only the first counts, and always ascending. An unknown name is
                ignored. Without `sort` no order is promised.
            filter: Conditions that must all hold, as `q[<attribute>_<predicate>]=value`. The server ignores an
                attribute or predicate it does not know, so a misspelled filter lists everything. `q[s]=amount desc`
                sorts.
            filter_unchecked: Other filters of the server's. One that it does not know it ignores, and lists
                everything.
            fields: Members to keep, separated by commas; `id` always stays, and unknown names are ignored. The rest
                is missing from the response.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing changed the response is
                304 without a body.
            store_id: Id of the store that a staff token means, `store_...`; without it the default store. A store in
                which the member of staff has no role, and one that is not the key's, are 403; an unknown one is 404.
                Read from code. 5.5 and 5.6 ignore it and serve the default store.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: What you hold under the ETag you sent is still current (304).
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Returns one customer, with what is left of the store credit in the store's currency. Needs the scope
        `read_customers`.

        Args:
            id: Id of the customer: `cus_...` up to 5.6, `cust_...` from 6.0 on.
            fields: Members to keep, separated by commas; `id` always stays, and unknown names are ignored. The rest
                is missing from the response.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing changed the response is
                304 without a body.
            store_id: Id of the store that a staff token means, `store_...`; without it the default store. A store in
                which the member of staff has no role, and one that is not the key's, are 403; an unknown one is 404.
                Read from code. 5.5 and 5.6 ignore it and serve the default store.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: What you hold under the ETag you sent is still current (304).
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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
    """The customers of a shop on the Admin API v3, as far as store credit needs them.

    Look up by address the id under which credit is issued.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def store_credits(self) -> spree_v3_admin_customers_store_credits.AsyncAdminCustomersStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Here a back office creates,
        gets, updates and deletes the store credits of one customer, on the Spree Admin API v3.

        A credit keeps the amount issued, the amount used and the amount authorized; what remains is the first minus
        the other two. The mark in `memo` is how a credit is found again after a response was lost.
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

        Returns the customers, one page at a time. Look a customer up by address with `q[email_eq]`, and compare the
        address: a misspelled filter lists everybody. Needs the scope `read_customers`.

        Args:
            page: Which page, counted from 1. A page past the end is empty; a page below 1, or one that is not a
                number, is refused.
            limit: How many records a page holds at most, 1 to 100. The server reads more as 100 and refuses less than
                1.
            sort: The attribute to sort by, with `-` before it for descending, such as `-created_at`. Name only one:
                of several, separated by commas, only the first counts, and always ascending. An unknown name is
                ignored. Without `sort` no order is promised.
            filter: Conditions that must all hold, as `q[<attribute>_<predicate>]=value`. The server ignores an
                attribute or predicate it does not know, so a misspelled filter lists everything. `q[s]=amount desc`
                sorts.
            filter_unchecked: Other filters of the server's. One that it does not know it ignores, and lists
                everything.
            fields: Members to keep, separated by commas; `id` always stays, and unknown names are ignored. The rest
                is missing from the response.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing changed the response is
                304 without a body.
            store_id: Id of the store that a staff token means, `store_...`; without it the default store. A store in
                which the member of staff has no role, and one that is not the key's, are 403; an unknown one is 404.
                Read from code. 5.5 and 5.6 ignore it and serve the default store.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: What you hold under the ETag you sent is still current (304).
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Returns one customer, with what is left of the store credit in the store's currency. Needs the scope
        `read_customers`.

        Args:
            id: Id of the customer: `cus_...` up to 5.6, `cust_...` from 6.0 on.
            fields: Members to keep, separated by commas; `id` always stays, and unknown names are ignored. The rest
                is missing from the response.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing changed the response is
                304 without a body.
            store_id: Id of the store that a staff token means, `store_...`; without it the default store. A store in
                which the member of staff has no role, and one that is not the key's, are 403; an unknown one is 404.
                Read from code. 5.5 and 5.6 ignore it and serve the default store.
            request_id: An id for this request, repeated in the response and in the server's log. The server makes one
                otherwise.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: What you hold under the ETag you sent is still current (304).
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

"""spree_v3.admin.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from store_credit._core import arguments, known_filters, readers
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit.models.spree_v3_store_credit import SpreeV3StoreCredit
from store_credit.models.spree_v3_store_credit_page_meta import SpreeV3StoreCreditPageMeta

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit.api import spree_v3_admin_store_credits_events

__all__ = ["AdminStoreCredits", "AsyncAdminStoreCredits"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class AdminStoreCreditsFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Pass other filters of the server in `filter_unchecked`."""

    customer_id_eq: str
    customer_email_eq: str
    amount_eq: int | str | Decimal
    amount_gteq: int | str | Decimal
    amount_lteq: int | str | Decimal
    currency_eq: str
    currency_in: Sequence[str | int]
    created_at_gteq: str
    created_at_lteq: str
    created_by_id_eq: str
    id_eq: str
    id_in: Sequence[str | int]
    memo_eq: str
    memo_cont: str
    outstanding: bool
    from_gift_card: bool


_LIST = Operation(
    "spree_v3.admin.store_credits.list",
    "GET",
    "/api/v3/admin/store_credits",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3StoreCredit, SpreeV3StoreCreditPageMeta),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    versions=(
        "6.0-alpha+ledger",
        "6.0",
    ),
    ids=(IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),),
    versioned=(
        VersionedArgument("expand", "expand", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
    ),
)


def _list(
    page: Any,
    limit: Any,
    sort: Any,
    filter: Any,
    filter_unchecked: Any,
    expand: Any,
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
        query += known_filters.query_filter(filter, "q", AdminStoreCreditsFilter.__annotations__)
    if filter_unchecked is not None:
        query += known_filters.query_unchecked(filter_unchecked, "q")
    if expand is not None:
        query.append(("expand", arguments.query_list(expand, "expand")))
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
        "/api/v3/admin/store_credits",
        query,
        None,
        headers,
    )


_GET = Operation(
    "spree_v3.admin.store_credits.get",
    "GET",
    "/api/v3/admin/store_credits/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3StoreCredit),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    versions=(
        "6.0-alpha+ledger",
        "6.0",
    ),
    ids=(
        IdArgument("id", 5, ("credit_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(
        VersionedArgument("expand", "expand", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
    ),
)


def _get(
    id: Any,
    expand: Any,
    fields: Any,
    if_none_match: Any,
    store_id: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if expand is not None:
        query.append(("expand", arguments.query_list(expand, "expand")))
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
        f"/api/v3/admin/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


class AdminStoreCredits:
    """Store credits of all customers on the Spree Admin API v3, with totals for each currency.

    Available in `6.0-alpha+ledger` and later.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    @cached_property
    def events(self) -> spree_v3_admin_store_credits_events.AdminStoreCreditsEvents:
        """The ledger of one store credit on the Spree Admin API v3.

        Available in `6.0-alpha+ledger` and later. Changing a credit's amount rewrites the event that was recorded
        when the credit was issued.
        """
        from store_credit.api.spree_v3_admin_store_credits_events import AdminStoreCreditsEvents

        return AdminStoreCreditsEvents(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3StoreCredit, SpreeV3StoreCreditPageMeta]:
        """List the store credits of all customers.

        Returns the credits of all customers in the key's store, one page at a time. `meta.totals` contains the totals
        for all credits that match the filter. The amount that the shop owes is `amount` minus `amount_used`, not the
        sum of the outstanding credits. Requires the `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

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
            expand: Related records to return in full, separated by commas: `customer`, `created_by` or both. This
                parameter has no effect before `6.0-alpha+ledger`. Unknown names are ignored.
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

        Source: recorded: v3.admin.all_store_credits.list.spree600alpha_overlay,
        v3.admin.all_store_credits.list_empty.spree600alpha_overlay,
        v3.admin.all_store_credits.list_customer.spree600alpha_overlay,
        v3.admin.all_store_credits.list_not_outstanding.spree600alpha_overlay,
        v3.admin.all_store_credits.list.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3StoreCredit, SpreeV3StoreCreditPageMeta], options)

    def get(
        self,
        id: str,
        *,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Get a store credit.

        Returns one of the store's credits, regardless of which customer it belongs to. Requires the
        `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

        Args:
            id: Id of the credit, in the form `credit_...`.
            expand: Related records to return in full, separated by commas: `customer`, `created_by` or both. This
                parameter has no effect before `6.0-alpha+ledger`. Unknown names are ignored.
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

        Source: recorded: v3.admin.all_store_credits.get_deleted.spree600alpha_overlay,
        v3.admin.all_store_credits.get_other_store.spree600alpha_overlay,
        v3.admin.all_store_credits.get_unknown.spree600alpha_overlay; read from code: Spree, pull request 14634.
        """
        call = _get(
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncAdminStoreCredits:
    """Store credits of all customers on the Spree Admin API v3, with totals for each currency.

    Available in `6.0-alpha+ledger` and later.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    @cached_property
    def events(self) -> spree_v3_admin_store_credits_events.AsyncAdminStoreCreditsEvents:
        """The ledger of one store credit on the Spree Admin API v3.

        Available in `6.0-alpha+ledger` and later. Changing a credit's amount rewrites the event that was recorded
        when the credit was issued.
        """
        from store_credit.api.spree_v3_admin_store_credits_events import AsyncAdminStoreCreditsEvents

        return AsyncAdminStoreCreditsEvents(self._client)

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3StoreCredit, SpreeV3StoreCreditPageMeta], SpreeV3StoreCredit]:
        """List the store credits of all customers.

        Returns the credits of all customers in the key's store, one page at a time. `meta.totals` contains the totals
        for all credits that match the filter. The amount that the shop owes is `amount` minus `amount_used`, not the
        sum of the outstanding credits. Requires the `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

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
            expand: Related records to return in full, separated by commas: `customer`, `created_by` or both. This
                parameter has no effect before `6.0-alpha+ledger`. Unknown names are ignored.
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

        Source: recorded: v3.admin.all_store_credits.list.spree600alpha_overlay,
        v3.admin.all_store_credits.list_empty.spree600alpha_overlay,
        v3.admin.all_store_credits.list_customer.spree600alpha_overlay,
        v3.admin.all_store_credits.list_not_outstanding.spree600alpha_overlay,
        v3.admin.all_store_credits.list.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            expand=expand,
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
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Get a store credit.

        Returns one of the store's credits, regardless of which customer it belongs to. Requires the
        `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

        Args:
            id: Id of the credit, in the form `credit_...`.
            expand: Related records to return in full, separated by commas: `customer`, `created_by` or both. This
                parameter has no effect before `6.0-alpha+ledger`. Unknown names are ignored.
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

        Source: recorded: v3.admin.all_store_credits.get_deleted.spree600alpha_overlay,
        v3.admin.all_store_credits.get_other_store.spree600alpha_overlay,
        v3.admin.all_store_credits.get_unknown.spree600alpha_overlay; read from code: Spree, pull request 14634.
        """
        call = _get(
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return await self._client.call(call, options)

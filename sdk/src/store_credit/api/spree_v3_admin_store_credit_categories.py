"""spree_v3.admin.store_credit_categories. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from store_credit._core import arguments, known_filters, readers
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, Echo, IdArgument, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta
from store_credit.models.spree_v3_store_credit_category import SpreeV3StoreCreditCategory

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminStoreCreditCategories", "AsyncAdminStoreCreditCategories"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class AdminStoreCreditCategoriesFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Pass other filters of the server in `filter_unchecked`."""

    name_eq: str


_LIST = Operation(
    "spree_v3.admin.store_credit_categories.list",
    "GET",
    "/api/v3/admin/store_credit_categories",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3StoreCreditCategory, SpreeV3PageMeta),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    versions=(
        "5.5",
        "5.6",
    ),
)


def _list(
    page: Any,
    limit: Any,
    sort: Any,
    filter: Any,
    filter_unchecked: Any,
    fields: Any,
    if_none_match: Any,
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
        query += known_filters.query_filter(filter, "q", AdminStoreCreditCategoriesFilter.__annotations__)
    if filter_unchecked is not None:
        query += known_filters.query_unchecked(filter_unchecked, "q")
    if fields is not None:
        query.append(("fields", arguments.query_list(fields, "fields")))
    headers: list[tuple[bytes, bytes]] = []
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _LIST,
        "/api/v3/admin/store_credit_categories",
        query,
        None,
        headers,
    )


_GET = Operation(
    "spree_v3.admin.store_credit_categories.get",
    "GET",
    "/api/v3/admin/store_credit_categories/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.record(SpreeV3StoreCreditCategory),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    versions=(
        "5.5",
        "5.6",
    ),
    ids=(IdArgument("id", 5, ("sccat_",)),),
)


def _get(
    id: Any,
    fields: Any,
    if_none_match: Any,
    request_id: Any,
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
        f"/api/v3/admin/store_credit_categories/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


class AdminStoreCreditCategories:
    """Store credit categories on the Spree Admin API v3, read-only.

    Available in 5.6 and earlier; later versions have no categories.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminStoreCreditCategoriesFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3StoreCreditCategory, SpreeV3PageMeta]:
        """List store credit categories.

        Returns the store credit categories, which indicate why a credit was issued. If no category is sent when a
        credit is issued, the first category is assigned. A new server has the categories `Default`, `Non-expiring`
        and `Expiring`. There is no operation for changing categories. Requires the `read_settings` scope.

        Available only in these versions: 5.5, 5.6.

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
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.categories.list.spree561, v3.admin.categories.filter.spree561,
        v3.admin.categories.scope_store_credits.spree561, v3.admin.categories.list.spree600alpha.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3StoreCreditCategory, SpreeV3PageMeta], options)

    def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCreditCategory:
        """Get a store credit category.

        Returns one category. Requires the `read_settings` scope.

        Available only in these versions: 5.5, 5.6.

        Args:
            id: Id of the category, in the form `sccat_...`.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
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
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.categories.get.spree561, v3.admin.categories.get_unknown.spree561.
        """
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncAdminStoreCreditCategories:
    """Store credit categories on the Spree Admin API v3, read-only.

    Available in 5.6 and earlier; later versions have no categories.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminStoreCreditCategoriesFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3StoreCreditCategory, SpreeV3PageMeta], SpreeV3StoreCreditCategory]:
        """List store credit categories.

        Returns the store credit categories, which indicate why a credit was issued. If no category is sent when a
        credit is issued, the first category is assigned. A new server has the categories `Default`, `Non-expiring`
        and `Expiring`. There is no operation for changing categories. Requires the `read_settings` scope.

        Available only in these versions: 5.5, 5.6.

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
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            NotModifiedError: The response that you have for the ETag is still current (304).
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.categories.list.spree561, v3.admin.categories.filter.spree561,
        v3.admin.categories.scope_store_credits.spree561, v3.admin.categories.list.spree600alpha.
        """
        call = _list(
            page=page,
            limit=limit,
            sort=sort,
            filter=filter,
            filter_unchecked=filter_unchecked,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.pages(call, AsyncCountedPage, options)

    async def get(
        self,
        id: str,
        *,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCreditCategory:
        """Get a store credit category.

        Returns one category. Requires the `read_settings` scope.

        Available only in these versions: 5.5, 5.6.

        Args:
            id: Id of the category, in the form `sccat_...`.
            fields: Members to return, separated by commas. All other members are omitted, except `id`. Unknown names
                are ignored.
            if_none_match: The `ETag` of an earlier response to the same request. If nothing has changed, the response
                is 304 without a body.
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
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.categories.get.spree561, v3.admin.categories.get_unknown.spree561.
        """
        call = _get(
            id=id,
            fields=fields,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return await self._client.call(call, options)

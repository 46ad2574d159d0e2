"""spree.store_credit_categories. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

from store_credit._core import arguments, readers
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.id_order import by_id
from store_credit._core.operation import Call, Echo, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncNumberedPage,
    AsyncPages,
    NumberedPage,
)
from store_credit._core.unset import UNSET, Unset
from store_credit.models import DOCUMENTS
from store_credit.models.spree_store_credit_category import SpreeStoreCreditCategory

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCreditCategories", "StoreCreditCategories"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class StoreCreditCategoriesFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Other filters (`<attribute>_<predicate>`) can also be passed."""

    name_eq: str
    name_cont: str
    id_gt: str | int
    id_in: Sequence[str | int]


_LIST = Operation(
    "spree.store_credit_categories.list",
    "GET",
    "/api/v2/platform/store_credit_categories",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.page_of_resources(SpreeStoreCreditCategory, DOCUMENTS["SpreeStoreCreditCategoryList"]),
    walk=("id", "filter[id_gt]"),
)


def _list(
    page: Any,
    per_page: Any,
    sort: Any,
    filter: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    if_none_match: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if page is not None:
        query.append(("page", arguments.query_integer(page, "page")))
    if per_page is not None:
        query.append(("per_page", arguments.query_integer(per_page, "per_page")))
    if sort is not None:
        query.append(("sort", arguments.query_text(sort, "sort")))
    if filter is not None:
        query += arguments.query_object(filter, "filter")
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if currency is not None:
        query.append(("currency", arguments.query_text(currency, "currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return by_id(
        Call(
            _LIST,
            "/api/v2/platform/store_credit_categories",
            query,
            None,
            headers,
        )
    )


_CREATE = Operation(
    "spree.store_credit_categories.create",
    "POST",
    "/api/v2/platform/store_credit_categories",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    creates=True,
    statuses=(201,),
    echoes=(Echo("name", ("store_credit_category", "name"), ("attributes", "name"), "text"),),
    read=readers.document(SpreeStoreCreditCategory, DOCUMENTS["SpreeStoreCreditCategoryDocument"], created=True),
    root="store_credit_category",
    lookup=("spree.store_credit_categories.list", ("name",), None),
)


def _create(
    name: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {
        "name": arguments.text(name, "name"),
    }
    query: list[tuple[str, str]] = []
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if currency is not None:
        query.append(("currency", arguments.query_text(currency, "currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _CREATE,
        "/api/v2/platform/store_credit_categories",
        query,
        {"store_credit_category": body},
        headers,
    )


_RETRIEVE = Operation(
    "spree.store_credit_categories.retrieve",
    "GET",
    "/api/v2/platform/store_credit_categories/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCreditCategory, DOCUMENTS["SpreeStoreCreditCategoryDocument"]),
)


def _retrieve(
    id: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    if_none_match: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if currency is not None:
        query.append(("currency", arguments.query_text(currency, "currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if if_none_match is not None:
        headers.append((b"If-None-Match", header("if_none_match", if_none_match)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _RETRIEVE,
        f"/api/v2/platform/store_credit_categories/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_DELETE = Operation(
    "spree.store_credit_categories.delete",
    "DELETE",
    "/api/v2/platform/store_credit_categories/{id}",
    credential="Bearer",
    statuses=(204,),
    read=readers.nothing,
)


def _delete(
    id: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _DELETE,
        f"/api/v2/platform/store_credit_categories/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_UPDATE = Operation(
    "spree.store_credit_categories.update",
    "PATCH",
    "/api/v2/platform/store_credit_categories/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    idempotent=True,
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCreditCategory, DOCUMENTS["SpreeStoreCreditCategoryDocument"]),
    root="store_credit_category",
)


def _update(
    id: Any,
    name: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {}
    if name is not UNSET:
        body["name"] = arguments.text(name, "name")
    if not body:
        raise InvalidArgumentError("spree.store_credit_categories.update needs at least one attribute to set")
    query: list[tuple[str, str]] = []
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if currency is not None:
        query.append(("currency", arguments.query_text(currency, "currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _UPDATE,
        f"/api/v2/platform/store_credit_categories/{arguments.path_segment(id, 'id')}",
        query,
        {"store_credit_category": body},
        headers,
    )


class StoreCreditCategories:
    """Spree store credit categories, which indicate why a credit was issued.

    All stores on a server share the same categories. A category cannot be deleted while a credit uses it.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditCategoriesFilter | Mapping[str, FilterValue] | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> NumberedPage[SpreeStoreCreditCategory]:
        """Return a list of Store Credit Categories.

        Returns the server's categories, one page at a time. `meta.total_pages` is the number of the last page. To
        visit every category even while categories are added or deleted, use `sort=id` and `filter[id_gt]`, as you do
        for store credits. A new server has the categories `Default`, `Non-expiring` and `Expiring`.

        Without `sort`, the list is paged by id: `sort=id` is sent, and each further page is requested with
        `filter[id_gt]` and the last id until a page is empty, so no record is skipped while others are created or
        deleted. With `sort` (or a filter named `s`), it is paged by number: if a record is deleted in the meantime,
        another one can be skipped. A record that appears again on the next two pages is returned only once.

        Args:
            page: The page number, starting at 1. Pages after the last page are empty.
            per_page: Maximum number of records per page, from 1 to 500. Any other value is treated as 25.
            sort: Attributes to sort by, separated by commas. Put `-` before an attribute to sort in descending order.
                You can sort by `id`, `created_at`, `updated_at`, `deleted_at` (store credits) and `name` (categories
                and types). Spree ignores other attributes, except that sorting store credits by `name` returns 500 on
                PostgreSQL.
            filter: Conditions in the form `filter[<attribute>_<predicate>]=value` on `id`, `name`, `created_at` and
                `updated_at`; a record must meet all of them. The predicates are the same as for the list of store
                credits. Spree ignores all other conditions.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
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
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.list,
        platform.categories.list_sort_name_desc; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            per_page=per_page,
            sort=sort,
            filter=filter,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.fetch_page(call, NumberedPage[SpreeStoreCreditCategory], options)

    def create(
        self,
        *,
        name: str,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Create a Store Credit Category.

        Adds a category. Names do not have to be unique, so repeating the request creates a second category with the
        same name.

        Args:
            name: The name of the category. A blank name is rejected.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.create,
        platform.categories.create_jsonapi_type, platform.categories.create_blank; decided: x-decisions in
        openapi.yaml.
        """
        call = _create(
            name=name,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return self._client.call(call, options)

    def retrieve(
        self,
        id: str | int,
        *,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Return a Store Credit Category.

        Returns one category.

        Args:
            id: The record's id, a whole number in decimal digits.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
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
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.retrieve,
        platform.categories.retrieve_404; decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.call(call, options)

    def delete(
        self,
        id: str | int,
        *,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Delete a Store Credit Category.

        Deletes the category permanently. Returns 422 if any credit still uses the category; deleted credits do not
        count.

        Args:
            id: The record's id, a whole number in decimal digits.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.delete_used,
        platform.categories.delete_again; decided: x-decisions in openapi.yaml.
        """
        call = _delete(
            id=id,
            request_id=request_id,
        )
        return self._client.call(call, options)

    def update(
        self,
        id: str | int,
        *,
        name: str | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Update a Store Credit Category.

        Changes the name. In Spree 4.8 and earlier, the category's name determines the type of new credits: the type
        is `Non-expiring` if the category is named `Gift Card` or is listed in the server's
        `non_expiring_credit_types`, and `Expiring` otherwise.

        Args:
            id: The record's id, a whole number in decimal digits.
            name: The new name. A blank name is rejected.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.categories.update_patch, platform.categories.update_blank, platform.categories.update_no_root; read
        from code: Spree 4.5, StoreCreditCategory and StoreCredit models; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            name=name,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncStoreCreditCategories:
    """Spree store credit categories, which indicate why a credit was issued.

    All stores on a server share the same categories. A category cannot be deleted while a credit uses it.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditCategoriesFilter | Mapping[str, FilterValue] | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncNumberedPage[SpreeStoreCreditCategory], SpreeStoreCreditCategory]:
        """Return a list of Store Credit Categories.

        Returns the server's categories, one page at a time. `meta.total_pages` is the number of the last page. To
        visit every category even while categories are added or deleted, use `sort=id` and `filter[id_gt]`, as you do
        for store credits. A new server has the categories `Default`, `Non-expiring` and `Expiring`.

        Without `sort`, the list is paged by id: `sort=id` is sent, and each further page is requested with
        `filter[id_gt]` and the last id until a page is empty, so no record is skipped while others are created or
        deleted. With `sort` (or a filter named `s`), it is paged by number: if a record is deleted in the meantime,
        another one can be skipped. A record that appears again on the next two pages is returned only once.

        Args:
            page: The page number, starting at 1. Pages after the last page are empty.
            per_page: Maximum number of records per page, from 1 to 500. Any other value is treated as 25.
            sort: Attributes to sort by, separated by commas. Put `-` before an attribute to sort in descending order.
                You can sort by `id`, `created_at`, `updated_at`, `deleted_at` (store credits) and `name` (categories
                and types). Spree ignores other attributes, except that sorting store credits by `name` returns 500 on
                PostgreSQL.
            filter: Conditions in the form `filter[<attribute>_<predicate>]=value` on `id`, `name`, `created_at` and
                `updated_at`; a record must meet all of them. The predicates are the same as for the list of store
                credits. Spree ignores all other conditions.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
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
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.list,
        platform.categories.list_sort_name_desc; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            page=page,
            per_page=per_page,
            sort=sort,
            filter=filter,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.pages(call, AsyncNumberedPage, options)

    async def create(
        self,
        *,
        name: str,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Create a Store Credit Category.

        Adds a category. Names do not have to be unique, so repeating the request creates a second category with the
        same name.

        Args:
            name: The name of the category. A blank name is rejected.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.create,
        platform.categories.create_jsonapi_type, platform.categories.create_blank; decided: x-decisions in
        openapi.yaml.
        """
        call = _create(
            name=name,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return await self._client.call(call, options)

    async def retrieve(
        self,
        id: str | int,
        *,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Return a Store Credit Category.

        Returns one category.

        Args:
            id: The record's id, a whole number in decimal digits.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
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
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.retrieve,
        platform.categories.retrieve_404; decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return await self._client.call(call, options)

    async def delete(
        self,
        id: str | int,
        *,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Delete a Store Credit Category.

        Deletes the category permanently. Returns 422 if any credit still uses the category; deleted credits do not
        count.

        Args:
            id: The record's id, a whole number in decimal digits.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.categories.delete_used,
        platform.categories.delete_again; decided: x-decisions in openapi.yaml.
        """
        call = _delete(
            id=id,
            request_id=request_id,
        )
        return await self._client.call(call, options)

    async def update(
        self,
        id: str | int,
        *,
        name: str | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditCategory:
        """Update a Store Credit Category.

        Changes the name. In Spree 4.8 and earlier, the category's name determines the type of new credits: the type
        is `Non-expiring` if the category is named `Gift Card` or is listed in the server's
        `non_expiring_credit_types`, and `Expiring` otherwise.

        Args:
            id: The record's id, a whole number in decimal digits.
            name: The new name. A blank name is rejected.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            currency: The ISO 4217 code of the session's currency, which the store must support. On the Storefront
                API, the currency also selects the current cart. This parameter does not convert amounts or change
                store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            NotFoundError: There is no such record (404).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.categories.update_patch, platform.categories.update_blank, platform.categories.update_no_root; read
        from code: Spree 4.5, StoreCreditCategory and StoreCredit models; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            name=name,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return await self._client.call(call, options)

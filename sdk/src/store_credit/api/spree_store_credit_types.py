"""spree.store_credit_types. Generated from openapi.yaml by scripts/generate: do not edit."""

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
from store_credit.models.spree_store_credit_type import SpreeStoreCreditType

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCreditTypes", "StoreCreditTypes"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class StoreCreditTypesFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Other filters (`<attribute>_<predicate>`) can also be passed."""

    name_eq: str
    name_cont: str
    id_gt: str | int
    id_in: Sequence[str | int]


_LIST = Operation(
    "spree.store_credit_types.list",
    "GET",
    "/api/v2/platform/store_credit_types",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.page_of_resources(SpreeStoreCreditType, DOCUMENTS["SpreeStoreCreditTypeList"]),
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
            "/api/v2/platform/store_credit_types",
            query,
            None,
            headers,
        )
    )


_CREATE = Operation(
    "spree.store_credit_types.create",
    "POST",
    "/api/v2/platform/store_credit_types",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    creates=True,
    statuses=(201,),
    echoes=(
        Echo("name", ("store_credit_type", "name"), ("attributes", "name"), "text"),
        Echo("priority", ("store_credit_type", "priority"), ("attributes", "priority"), "integer"),
    ),
    read=readers.document(SpreeStoreCreditType, DOCUMENTS["SpreeStoreCreditTypeDocument"], created=True),
    root="store_credit_type",
    lookup=("spree.store_credit_types.list", ("name",), None),
)


def _create(
    name: Any,
    priority: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {
        "name": arguments.text(name, "name"),
    }
    if priority is not UNSET:
        body["priority"] = None if priority is None else arguments.integer(priority, "priority")
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
        "/api/v2/platform/store_credit_types",
        query,
        {"store_credit_type": body},
        headers,
    )


_RETRIEVE = Operation(
    "spree.store_credit_types.retrieve",
    "GET",
    "/api/v2/platform/store_credit_types/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCreditType, DOCUMENTS["SpreeStoreCreditTypeDocument"]),
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
        f"/api/v2/platform/store_credit_types/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_DELETE = Operation(
    "spree.store_credit_types.delete",
    "DELETE",
    "/api/v2/platform/store_credit_types/{id}",
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
        f"/api/v2/platform/store_credit_types/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_UPDATE = Operation(
    "spree.store_credit_types.update",
    "PATCH",
    "/api/v2/platform/store_credit_types/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    idempotent=True,
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCreditType, DOCUMENTS["SpreeStoreCreditTypeDocument"]),
    root="store_credit_type",
)


def _update(
    id: Any,
    name: Any,
    priority: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {}
    if name is not UNSET:
        body["name"] = arguments.text(name, "name")
    if priority is not UNSET:
        body["priority"] = None if priority is None else arguments.integer(priority, "priority")
    if not body:
        raise InvalidArgumentError("spree.store_credit_types.update needs at least one attribute to set")
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
        f"/api/v2/platform/store_credit_types/{arguments.path_segment(id, 'id')}",
        query,
        {"store_credit_type": body},
        headers,
    )


class StoreCreditTypes:
    """Spree store credit types, which determine the order in which credits are spent.

    Credits whose type has the lowest `priority` are spent first. A type can be deleted at any time; its credits keep
    the id of the deleted type.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditTypesFilter | Mapping[str, FilterValue] | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> NumberedPage[SpreeStoreCreditType]:
        """Return a list of Store Credit Types.

        Returns the server's types, one page at a time. `meta.total_pages` is the number of the last page. To visit
        every type even while types are added or deleted, use `sort=id` and `filter[id_gt]`, as you do for store
        credits. `sort=priority` is accepted but has no effect.

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
                credits. Spree ignores all other conditions, including those on `priority`.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.list,
        platform.types.list_sort_priority, platform.types.list_include_unknown; decided: x-decisions in openapi.yaml.
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
        return self._client.fetch_page(call, NumberedPage[SpreeStoreCreditType], options)

    def create(
        self,
        *,
        name: str,
        priority: int | None | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditType:
        """Create a Store Credit Type.

        Adds a type. Names do not have to be unique, so repeating the request creates a second type with the same
        name.

        Args:
            name: The name of the type. A blank name is rejected.
            priority: The priority. Credits whose type has the lowest priority number are spent first.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.create,
        platform.types.create_missing_name, platform.types.create_priority_text; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            name=name,
            priority=priority,
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
    ) -> SpreeStoreCreditType:
        """Return a Store Credit Type.

        Returns one type.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.retrieve,
        platform.types.retrieve_404; decided: x-decisions in openapi.yaml.
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
        """Delete a Store Credit Type.

        Deletes the type permanently, even if credits use it. Credits keep the id of the deleted type. In Spree 4.8
        and earlier, a credit whose type was deleted cannot be changed until another type is assigned to it.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.delete,
        platform.types.delete_404, platform.store_credits.update_dangling_type,
        platform.store_credits.update_dangling_type.spree4103.
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
        priority: int | None | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditType:
        """Update a Store Credit Type.

        Changes the fields you send. A new `priority` takes effect the next time credit is applied to an order or
        cart.

        Args:
            id: The record's id, a whole number in decimal digits.
            name: The new name. A blank name is rejected.
            priority: The new priority. Null removes the priority.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.update,
        platform.types.update_null_priority, platform.types.update_blank_name; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            name=name,
            priority=priority,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncStoreCreditTypes:
    """Spree store credit types, which determine the order in which credits are spent.

    Credits whose type has the lowest `priority` are spent first. A type can be deleted at any time; its credits keep
    the id of the deleted type.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditTypesFilter | Mapping[str, FilterValue] | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncNumberedPage[SpreeStoreCreditType], SpreeStoreCreditType]:
        """Return a list of Store Credit Types.

        Returns the server's types, one page at a time. `meta.total_pages` is the number of the last page. To visit
        every type even while types are added or deleted, use `sort=id` and `filter[id_gt]`, as you do for store
        credits. `sort=priority` is accepted but has no effect.

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
                credits. Spree ignores all other conditions, including those on `priority`.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.list,
        platform.types.list_sort_priority, platform.types.list_include_unknown; decided: x-decisions in openapi.yaml.
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
        priority: int | None | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditType:
        """Create a Store Credit Type.

        Adds a type. Names do not have to be unique, so repeating the request creates a second type with the same
        name.

        Args:
            name: The name of the type. A blank name is rejected.
            priority: The priority. Credits whose type has the lowest priority number are spent first.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.create,
        platform.types.create_missing_name, platform.types.create_priority_text; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            name=name,
            priority=priority,
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
    ) -> SpreeStoreCreditType:
        """Return a Store Credit Type.

        Returns one type.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.retrieve,
        platform.types.retrieve_404; decided: x-decisions in openapi.yaml.
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
        """Delete a Store Credit Type.

        Deletes the type permanently, even if credits use it. Credits keep the id of the deleted type. In Spree 4.8
        and earlier, a credit whose type was deleted cannot be changed until another type is assigned to it.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.delete,
        platform.types.delete_404, platform.store_credits.update_dangling_type,
        platform.store_credits.update_dangling_type.spree4103.
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
        priority: int | None | Unset = UNSET,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCreditType:
        """Update a Store Credit Type.

        Changes the fields you send. A new `priority` takes effect the next time credit is applied to an order or
        cart.

        Args:
            id: The record's id, a whole number in decimal digits.
            name: The new name. A blank name is rejected.
            priority: The new priority. Null removes the priority.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.types.update,
        platform.types.update_null_priority, platform.types.update_blank_name; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            name=name,
            priority=priority,
            fields=fields,
            currency=currency,
            locale=locale,
            request_id=request_id,
        )
        return await self._client.call(call, options)

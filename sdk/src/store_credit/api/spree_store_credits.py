"""spree.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

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
from store_credit.models.spree_store_credit import SpreeStoreCredit

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCredits", "StoreCredits"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class StoreCreditsFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Other filters (`<attribute>_<predicate>`) can also be passed."""

    user_id_eq: str | int
    user_id_in: Sequence[str | int]
    created_by_id_eq: str | int
    type_id_eq: str | int
    id_gt: str | int
    id_in: Sequence[str | int]
    currency_eq: str
    currency_in: Sequence[str | int]
    amount_eq: int | str | Decimal
    amount_gteq: int | str | Decimal
    amount_lteq: int | str | Decimal
    created_at_gteq: str
    created_at_lteq: str
    updated_at_gteq: str
    updated_at_lteq: str


_LIST = Operation(
    "spree.store_credits.list",
    "GET",
    "/api/v2/platform/store_credits",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.page_of_resources(SpreeStoreCredit, DOCUMENTS["SpreeStoreCreditList"]),
    walk=("id", "filter[id_gt]"),
)


def _list(
    page: Any,
    per_page: Any,
    sort: Any,
    filter: Any,
    include: Any,
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
    if include is not None:
        query.append(("include", arguments.query_list(include, "include")))
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
            "/api/v2/platform/store_credits",
            query,
            None,
            headers,
        )
    )


_CREATE = Operation(
    "spree.store_credits.create",
    "POST",
    "/api/v2/platform/store_credits",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    creates=True,
    statuses=(201,),
    echoes=(
        Echo("user_id", ("store_credit", "user_id"), ("relationships", "user", "data", "id"), "id"),
        Echo(
            "category_id",
            ("store_credit", "category_id"),
            ("relationships", "store_credit_category", "data", "id"),
            "id",
        ),
        Echo("created_by_id", ("store_credit", "created_by_id"), ("relationships", "created_by", "data", "id"), "id"),
        Echo("amount", ("store_credit", "amount"), ("attributes", "amount"), "decimal"),
        Echo("currency", ("store_credit", "currency"), ("attributes", "currency"), "currency"),
        Echo("amount_used", ("store_credit", "amount_used"), ("attributes", "amount_used"), "decimal"),
        Echo(
            "amount_authorized", ("store_credit", "amount_authorized"), ("attributes", "amount_authorized"), "decimal"
        ),
        Echo(
            "reference",
            ("store_credit", "private_metadata", "reference"),
            ("attributes", "private_metadata", "reference"),
            "text",
        ),
    ),
    reference=("store_credit", "private_metadata", "reference"),
    read=readers.document(SpreeStoreCredit, DOCUMENTS["SpreeStoreCreditDocument"], created=True),
    root="store_credit",
    lookup=(
        "spree.store_credits.list",
        (
            "user_id",
            "created_by_id",
            "amount",
            "currency",
            "type_id",
        ),
        "created_at_gteq",
    ),
)


def _create(
    user_id: Any,
    category_id: Any,
    created_by_id: Any,
    amount: Any,
    currency: Any,
    type_id: Any,
    store_id: Any,
    memo: Any,
    amount_used: Any,
    amount_authorized: Any,
    originator_id: Any,
    originator_type: Any,
    public_metadata: Any,
    private_metadata: Any,
    include: Any,
    fields: Any,
    query_currency: Any,
    locale: Any,
    request_id: Any,
    reference: Any,
) -> Call:
    body: dict[str, Any] = {
        "user_id": arguments.identifier(user_id, "user_id"),
        "category_id": arguments.identifier(category_id, "category_id"),
        "created_by_id": arguments.identifier(created_by_id, "created_by_id"),
        "amount": arguments.decimal(amount, "amount"),
        "currency": arguments.text(currency, "currency"),
    }
    if type_id is not UNSET:
        body["type_id"] = None if type_id is None else arguments.identifier(type_id, "type_id")
    if store_id is not UNSET:
        body["store_id"] = arguments.identifier(store_id, "store_id")
    if memo is not UNSET:
        body["memo"] = None if memo is None else arguments.text(memo, "memo")
    if amount_used is not UNSET:
        body["amount_used"] = arguments.decimal(amount_used, "amount_used")
    if amount_authorized is not UNSET:
        body["amount_authorized"] = arguments.decimal(amount_authorized, "amount_authorized")
    if originator_id is not UNSET:
        body["originator_id"] = None if originator_id is None else arguments.identifier(originator_id, "originator_id")
    if originator_type is not UNSET:
        body["originator_type"] = (
            None if originator_type is None else arguments.text(originator_type, "originator_type")
        )
    if public_metadata is not UNSET:
        body["public_metadata"] = arguments.mapping(public_metadata, "public_metadata")
    if private_metadata is not UNSET:
        body["private_metadata"] = arguments.mapping(private_metadata, "private_metadata")
    if reference is not None:
        body["private_metadata"] = arguments.with_reference(
            body.get("private_metadata"), reference, "private_metadata", "reference"
        )
    query: list[tuple[str, str]] = []
    if include is not None:
        query.append(("include", arguments.query_list(include, "include")))
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if query_currency is not None:
        query.append(("currency", arguments.query_text(query_currency, "query_currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _CREATE,
        "/api/v2/platform/store_credits",
        query,
        {"store_credit": body},
        headers,
    )


_RETRIEVE = Operation(
    "spree.store_credits.retrieve",
    "GET",
    "/api/v2/platform/store_credits/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCredit, DOCUMENTS["SpreeStoreCreditDocument"]),
)


def _retrieve(
    id: Any,
    include: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    if_none_match: Any,
    request_id: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if include is not None:
        query.append(("include", arguments.query_list(include, "include")))
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
        f"/api/v2/platform/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_DELETE = Operation(
    "spree.store_credits.delete",
    "DELETE",
    "/api/v2/platform/store_credits/{id}",
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
        f"/api/v2/platform/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_UPDATE = Operation(
    "spree.store_credits.update",
    "PATCH",
    "/api/v2/platform/store_credits/{id}",
    credential="Bearer",
    accept=b"application/vnd.api+json",
    idempotent=True,
    statuses=(200,),
    echoes=(Echo("id", 5, ("id",), "id"),),
    read=readers.document(SpreeStoreCredit, DOCUMENTS["SpreeStoreCreditDocument"]),
    root="store_credit",
)


def _update(
    id: Any,
    user_id: Any,
    category_id: Any,
    created_by_id: Any,
    amount: Any,
    currency: Any,
    type_id: Any,
    store_id: Any,
    memo: Any,
    amount_used: Any,
    amount_authorized: Any,
    originator_id: Any,
    originator_type: Any,
    public_metadata: Any,
    private_metadata: Any,
    include: Any,
    fields: Any,
    query_currency: Any,
    locale: Any,
    request_id: Any,
) -> Call:
    body: dict[str, Any] = {}
    if user_id is not UNSET:
        body["user_id"] = None if user_id is None else arguments.identifier(user_id, "user_id")
    if category_id is not UNSET:
        body["category_id"] = arguments.identifier(category_id, "category_id")
    if created_by_id is not UNSET:
        body["created_by_id"] = arguments.identifier(created_by_id, "created_by_id")
    if amount is not UNSET:
        body["amount"] = arguments.decimal(amount, "amount")
    if currency is not UNSET:
        body["currency"] = arguments.text(currency, "currency")
    if type_id is not UNSET:
        body["type_id"] = None if type_id is None else arguments.identifier(type_id, "type_id")
    if store_id is not UNSET:
        body["store_id"] = arguments.identifier(store_id, "store_id")
    if memo is not UNSET:
        body["memo"] = None if memo is None else arguments.text(memo, "memo")
    if amount_used is not UNSET:
        body["amount_used"] = arguments.decimal(amount_used, "amount_used")
    if amount_authorized is not UNSET:
        body["amount_authorized"] = arguments.decimal(amount_authorized, "amount_authorized")
    if originator_id is not UNSET:
        body["originator_id"] = None if originator_id is None else arguments.identifier(originator_id, "originator_id")
    if originator_type is not UNSET:
        body["originator_type"] = (
            None if originator_type is None else arguments.text(originator_type, "originator_type")
        )
    if public_metadata is not UNSET:
        body["public_metadata"] = arguments.mapping(public_metadata, "public_metadata")
    if private_metadata is not UNSET:
        body["private_metadata"] = arguments.mapping(private_metadata, "private_metadata")
    if not body:
        raise InvalidArgumentError("spree.store_credits.update needs at least one attribute to set")
    query: list[tuple[str, str]] = []
    if include is not None:
        query.append(("include", arguments.query_list(include, "include")))
    if fields is not None:
        query += arguments.query_fields(fields, "fields")
    if query_currency is not None:
        query.append(("currency", arguments.query_text(query_currency, "query_currency")))
    if locale is not None:
        query.append(("locale", arguments.query_text(locale, "locale")))
    headers: list[tuple[bytes, bytes]] = []
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _UPDATE,
        f"/api/v2/platform/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        {"store_credit": body},
        headers,
    )


class StoreCredits:
    """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations to manage
    store credit from a back office through Spree's Platform API.

    A credit belongs to a user and has a category and a type. Each credit has three amounts: `amount` (issued),
    `amount_used` (captured) and `amount_authorized` (reserved). The remaining balance is `amount - amount_used -
    amount_authorized`. Every transaction is recorded as an event; add `include=store_credit_events` to read the
    events.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditsFilter | Mapping[str, FilterValue] | None = None,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> NumberedPage[SpreeStoreCredit]:
        """Return a list of Store Credits.

        Returns the current store's credits, excluding deleted credits, one page at a time. `meta.total_pages` is the
        number of the last page. Do not rely on `links.next`: on the last page, it points back to that page. The list
        has no default order; send `sort=id` to page through it safely.

        Records can move to a different page when other records are added or removed. To visit every record, send
        `sort=id`, omit `page`, and set `filter[id_gt]` to the last id that you received; repeat this until a page is
        empty.

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
            filter: Conditions in the form `filter[<attribute>_<predicate>]=value`; a record must meet all of them.
                You can filter by `id`, `user_id`, `created_by_id`, `type_id`, `amount`, `currency`, `created_at`,
                `updated_at`, and the attributes of the `user` and `created_by` associations. Predicates: `eq`,
                `not_eq`, `lt`, `lteq`, `gt`, `gteq`, `in`, `not_in`, `cont`, `start`, `end`, `present`, `blank`,
                `null`, `not_null`. Spree ignores empty values and unknown attributes or predicates, so a misspelled
                filter returns all records. To send a list of values, repeat the parameter in the form
                `filter[id_in][]=1`. To sort by one of these attributes, use `filter[s]`, as in `filter[s]=amount
                desc`.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.list_default, platform.store_credits.list_sort_name.postgresql; decided: x-decisions in
        openapi.yaml.
        """
        call = _list(
            page=page,
            per_page=per_page,
            sort=sort,
            filter=filter,
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
        )
        return self._client.fetch_page(call, NumberedPage[SpreeStoreCredit], options)

    def create(
        self,
        *,
        user_id: str | int,
        category_id: str | int,
        created_by_id: str | int,
        amount: int | str | Decimal,
        currency: str,
        type_id: str | int | None | Unset = UNSET,
        store_id: str | int | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        amount_used: int | str | Decimal | Unset = UNSET,
        amount_authorized: int | str | Decimal | Unset = UNSET,
        originator_id: str | int | None | Unset = UNSET,
        originator_type: str | None | Unset = UNSET,
        public_metadata: Mapping[str, Any] | Unset = UNSET,
        private_metadata: Mapping[str, Any] | Unset = UNSET,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        query_currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        reference: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Create a Store Credit.

        Issues credit to a user in the current store.

        Warning: Spree API v2 has no idempotency keys, so resending a request may issue a second credit. Send your own
        reference in `private_metadata.reference`. If a response is lost, wait longer than the server's slowest
        request takes, because the first request may still be running; then look for the reference among the user's
        credits (`filter[user_id_eq]`) before you retry. You cannot filter by the reference itself.

        If the server returns 400 for an unknown `include`, the credit has been saved; if it returns 500, the credit
        may have been saved.

        Args:
            user_id: Id of the user who receives the credit.
            category_id: Id of the credit's category.
            created_by_id: Id of the user who issues the credit; in Spree 4.9 and later, the id of the administrator.
            amount: The amount, in major units of `currency`.
            currency: ISO 4217 code. Spree stores the code exactly as sent, so use uppercase.
            type_id: Id of the credit's type. If the type is omitted, Spree 4.8 and earlier versions choose a type
                based on the category; later versions do not set a type.
            store_id: Id of the current store. May be omitted. The id of another existing store causes a 500 error.
            memo: Free text for the back office.
            amount_used: Not recommended. The amount that has already been used, in major units. Must not exceed
                `amount`.
            amount_authorized: Not recommended. The amount that has already been reserved, in major units. The sum of
                `amount_authorized` and `amount_used` must not exceed `amount`.
            originator_id: Id of the record that the credit originated from. This field is accepted but never
                returned.
            originator_type: Ruby class of the record that the credit originated from, such as `Spree::Order`.
            public_metadata: Custom data that shoppers can see. Spree removes null values from arrays.
            private_metadata: Custom data for the back office. Spree removes null values from arrays.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            query_currency: The ISO 4217 code of the session's currency, which the store must support. On the
                Storefront API, the currency also selects the current cart. This parameter does not convert amounts or
                change store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            reference: Your own reference for this action, for example `refund-4711`. Spree does not use the reference
                and cannot filter by it. If a response is lost, you can use the reference to find the credit. Stored
                in `private_metadata.reference`; 1 to 255 characters.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.create_full, platform.store_credits.create_minimal.spree4103,
        platform.store_credits.create_include_unknown; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            user_id=user_id,
            category_id=category_id,
            created_by_id=created_by_id,
            amount=amount,
            currency=currency,
            type_id=type_id,
            store_id=store_id,
            memo=memo,
            amount_used=amount_used,
            amount_authorized=amount_authorized,
            originator_id=originator_id,
            originator_type=originator_type,
            public_metadata=public_metadata,
            private_metadata=private_metadata,
            include=include,
            fields=fields,
            query_currency=query_currency,
            locale=locale,
            request_id=request_id,
            reference=reference,
        )
        return self._client.call(call, options)

    def retrieve(
        self,
        id: str | int,
        *,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Return a Store Credit.

        Returns one credit from the current store. Returns 404 if the credit was deleted or belongs to another store,
        or if the id is not a number. In production, a response may be a cached copy that is up to one hour old and
        does not reflect new events.

        Args:
            id: The record's id, a whole number in decimal digits.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.store_credits.retrieve,
        platform.store_credits.retrieve_include_all, platform.store_credits.retrieve_include_docs, http.new_page;
        decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            include=include,
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
        """Delete a Store Credit.

        Soft-deletes the credit: its events are kept, and all later calls with its id return 404. Returns 422 if
        `amount_used` is above 0. An authorized amount does not prevent deletion.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.delete_unused, platform.store_credits.delete_used,
        platform.store_credits.delete_authorized_only; decided: x-decisions in openapi.yaml.
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
        user_id: str | int | None | Unset = UNSET,
        category_id: str | int | Unset = UNSET,
        created_by_id: str | int | Unset = UNSET,
        amount: int | str | Decimal | Unset = UNSET,
        currency: str | Unset = UNSET,
        type_id: str | int | None | Unset = UNSET,
        store_id: str | int | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        amount_used: int | str | Decimal | Unset = UNSET,
        amount_authorized: int | str | Decimal | Unset = UNSET,
        originator_id: str | int | None | Unset = UNSET,
        originator_type: str | None | Unset = UNSET,
        public_metadata: Mapping[str, Any] | Unset = UNSET,
        private_metadata: Mapping[str, Any] | Unset = UNSET,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        query_currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Update a Store Credit.

        Changes the fields you send. Metadata objects are replaced in full.

        Warning: Spree performs little validation. A new `currency` relabels the amount without converting it. Even
        after part of a credit has been used, `amount` can be lowered as far as the sum of the used and authorized
        amounts.

        Changing any of the three amounts rewrites the credit's `allocation` event instead of adding a new event. If
        `include` contains an unknown name, the change is saved before the server returns 400.

        Args:
            id: The record's id, a whole number in decimal digits.
            user_id: Id of the new owner. In Spree 4.9 and later, null removes the owner; earlier versions reject
                null.
            category_id: Id of the new category.
            created_by_id: Id of the user to record as the issuer.
            amount: The new value of `amount`, in major units. The new amount must not be less than the sum of the
                used and authorized amounts.
            currency: ISO 4217 code. Changing the currency relabels the amounts without converting them.
            type_id: Id of the new type. If the type is null, Spree 4.8 and earlier versions choose a type based on
                the category; later versions do not set a type.
            store_id: Id of the current store. Has no effect. The id of another existing store causes a 500 error.
            memo: Free text for the back office. Null removes the text.
            amount_used: Not recommended. The new value of `amount_used`, in major units.
            amount_authorized: Not recommended. The new value of `amount_authorized`, in major units.
            originator_id: Id of the record that the credit originated from. This field is accepted but never
                returned.
            originator_type: Ruby class of the record that the credit originated from. Null removes the value.
            public_metadata: The new value replaces the entire object.
            private_metadata: The new value replaces the entire object.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            query_currency: The ISO 4217 code of the session's currency, which the store must support. On the
                Storefront API, the currency also selects the current cart. This parameter does not convert amounts or
                change store credit.
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
        platform.store_credits.update_memo, platform.store_credits.update_include_unknown,
        platform.store_credits.update_other_store; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            user_id=user_id,
            category_id=category_id,
            created_by_id=created_by_id,
            amount=amount,
            currency=currency,
            type_id=type_id,
            store_id=store_id,
            memo=memo,
            amount_used=amount_used,
            amount_authorized=amount_authorized,
            originator_id=originator_id,
            originator_type=originator_type,
            public_metadata=public_metadata,
            private_metadata=private_metadata,
            include=include,
            fields=fields,
            query_currency=query_currency,
            locale=locale,
            request_id=request_id,
        )
        return self._client.call(call, options)


class AsyncStoreCredits:
    """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations to manage
    store credit from a back office through Spree's Platform API.

    A credit belongs to a user and has a category and a type. Each credit has three amounts: `amount` (issued),
    `amount_used` (captured) and `amount_authorized` (reserved). The remaining balance is `amount - amount_used -
    amount_authorized`. Every transaction is recorded as an event; add `include=store_credit_events` to read the
    events.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        page: int | None = None,
        per_page: int | None = None,
        sort: str | None = None,
        filter: StoreCreditsFilter | Mapping[str, FilterValue] | None = None,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncNumberedPage[SpreeStoreCredit], SpreeStoreCredit]:
        """Return a list of Store Credits.

        Returns the current store's credits, excluding deleted credits, one page at a time. `meta.total_pages` is the
        number of the last page. Do not rely on `links.next`: on the last page, it points back to that page. The list
        has no default order; send `sort=id` to page through it safely.

        Records can move to a different page when other records are added or removed. To visit every record, send
        `sort=id`, omit `page`, and set `filter[id_gt]` to the last id that you received; repeat this until a page is
        empty.

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
            filter: Conditions in the form `filter[<attribute>_<predicate>]=value`; a record must meet all of them.
                You can filter by `id`, `user_id`, `created_by_id`, `type_id`, `amount`, `currency`, `created_at`,
                `updated_at`, and the attributes of the `user` and `created_by` associations. Predicates: `eq`,
                `not_eq`, `lt`, `lteq`, `gt`, `gteq`, `in`, `not_in`, `cont`, `start`, `end`, `present`, `blank`,
                `null`, `not_null`. Spree ignores empty values and unknown attributes or predicates, so a misspelled
                filter returns all records. To send a list of values, repeat the parameter in the form
                `filter[id_in][]=1`. To sort by one of these attributes, use `filter[s]`, as in `filter[s]=amount
                desc`.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.list_default, platform.store_credits.list_sort_name.postgresql; decided: x-decisions in
        openapi.yaml.
        """
        call = _list(
            page=page,
            per_page=per_page,
            sort=sort,
            filter=filter,
            include=include,
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
        user_id: str | int,
        category_id: str | int,
        created_by_id: str | int,
        amount: int | str | Decimal,
        currency: str,
        type_id: str | int | None | Unset = UNSET,
        store_id: str | int | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        amount_used: int | str | Decimal | Unset = UNSET,
        amount_authorized: int | str | Decimal | Unset = UNSET,
        originator_id: str | int | None | Unset = UNSET,
        originator_type: str | None | Unset = UNSET,
        public_metadata: Mapping[str, Any] | Unset = UNSET,
        private_metadata: Mapping[str, Any] | Unset = UNSET,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        query_currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        reference: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Create a Store Credit.

        Issues credit to a user in the current store.

        Warning: Spree API v2 has no idempotency keys, so resending a request may issue a second credit. Send your own
        reference in `private_metadata.reference`. If a response is lost, wait longer than the server's slowest
        request takes, because the first request may still be running; then look for the reference among the user's
        credits (`filter[user_id_eq]`) before you retry. You cannot filter by the reference itself.

        If the server returns 400 for an unknown `include`, the credit has been saved; if it returns 500, the credit
        may have been saved.

        Args:
            user_id: Id of the user who receives the credit.
            category_id: Id of the credit's category.
            created_by_id: Id of the user who issues the credit; in Spree 4.9 and later, the id of the administrator.
            amount: The amount, in major units of `currency`.
            currency: ISO 4217 code. Spree stores the code exactly as sent, so use uppercase.
            type_id: Id of the credit's type. If the type is omitted, Spree 4.8 and earlier versions choose a type
                based on the category; later versions do not set a type.
            store_id: Id of the current store. May be omitted. The id of another existing store causes a 500 error.
            memo: Free text for the back office.
            amount_used: Not recommended. The amount that has already been used, in major units. Must not exceed
                `amount`.
            amount_authorized: Not recommended. The amount that has already been reserved, in major units. The sum of
                `amount_authorized` and `amount_used` must not exceed `amount`.
            originator_id: Id of the record that the credit originated from. This field is accepted but never
                returned.
            originator_type: Ruby class of the record that the credit originated from, such as `Spree::Order`.
            public_metadata: Custom data that shoppers can see. Spree removes null values from arrays.
            private_metadata: Custom data for the back office. Spree removes null values from arrays.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            query_currency: The ISO 4217 code of the session's currency, which the store must support. On the
                Storefront API, the currency also selects the current cart. This parameter does not convert amounts or
                change store credit.
            locale: The language of messages, as a code that the store supports, such as `en` or `de`.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            reference: Your own reference for this action, for example `refund-4711`. Spree does not use the reference
                and cannot filter by it. If a response is lost, you can use the reference to find the credit. Stored
                in `private_metadata.reference`; 1 to 255 characters.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.create_full, platform.store_credits.create_minimal.spree4103,
        platform.store_credits.create_include_unknown; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            user_id=user_id,
            category_id=category_id,
            created_by_id=created_by_id,
            amount=amount,
            currency=currency,
            type_id=type_id,
            store_id=store_id,
            memo=memo,
            amount_used=amount_used,
            amount_authorized=amount_authorized,
            originator_id=originator_id,
            originator_type=originator_type,
            public_metadata=public_metadata,
            private_metadata=private_metadata,
            include=include,
            fields=fields,
            query_currency=query_currency,
            locale=locale,
            request_id=request_id,
            reference=reference,
        )
        return await self._client.call(call, options)

    async def retrieve(
        self,
        id: str | int,
        *,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Return a Store Credit.

        Returns one credit from the current store. Returns 404 if the credit was deleted or belongs to another store,
        or if the id is not a number. In production, a response may be a cached copy that is up to one hour old and
        does not reflect new events.

        Args:
            id: The record's id, a whole number in decimal digits.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded: platform.store_credits.retrieve,
        platform.store_credits.retrieve_include_all, platform.store_credits.retrieve_include_docs, http.new_page;
        decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            include=include,
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
        """Delete a Store Credit.

        Soft-deletes the credit: its events are kept, and all later calls with its id return 404. Returns 422 if
        `amount_used` is above 0. An authorized amount does not prevent deletion.

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

        Source: documented: Spree, Platform API reference, read 2026-11-22; recorded:
        platform.store_credits.delete_unused, platform.store_credits.delete_used,
        platform.store_credits.delete_authorized_only; decided: x-decisions in openapi.yaml.
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
        user_id: str | int | None | Unset = UNSET,
        category_id: str | int | Unset = UNSET,
        created_by_id: str | int | Unset = UNSET,
        amount: int | str | Decimal | Unset = UNSET,
        currency: str | Unset = UNSET,
        type_id: str | int | None | Unset = UNSET,
        store_id: str | int | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        amount_used: int | str | Decimal | Unset = UNSET,
        amount_authorized: int | str | Decimal | Unset = UNSET,
        originator_id: str | int | None | Unset = UNSET,
        originator_type: str | None | Unset = UNSET,
        public_metadata: Mapping[str, Any] | Unset = UNSET,
        private_metadata: Mapping[str, Any] | Unset = UNSET,
        include: Sequence[
            Literal["user", "created_by", "store_credit_category", "store_credit_type", "store_credit_events"] | str
        ]
        | str
        | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        query_currency: str | None = None,
        locale: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeStoreCredit:
        """Update a Store Credit.

        Changes the fields you send. Metadata objects are replaced in full.

        Warning: Spree performs little validation. A new `currency` relabels the amount without converting it. Even
        after part of a credit has been used, `amount` can be lowered as far as the sum of the used and authorized
        amounts.

        Changing any of the three amounts rewrites the credit's `allocation` event instead of adding a new event. If
        `include` contains an unknown name, the change is saved before the server returns 400.

        Args:
            id: The record's id, a whole number in decimal digits.
            user_id: Id of the new owner. In Spree 4.9 and later, null removes the owner; earlier versions reject
                null.
            category_id: Id of the new category.
            created_by_id: Id of the user to record as the issuer.
            amount: The new value of `amount`, in major units. The new amount must not be less than the sum of the
                used and authorized amounts.
            currency: ISO 4217 code. Changing the currency relabels the amounts without converting them.
            type_id: Id of the new type. If the type is null, Spree 4.8 and earlier versions choose a type based on
                the category; later versions do not set a type.
            store_id: Id of the current store. Has no effect. The id of another existing store causes a 500 error.
            memo: Free text for the back office. Null removes the text.
            amount_used: Not recommended. The new value of `amount_used`, in major units.
            amount_authorized: Not recommended. The new value of `amount_authorized`, in major units.
            originator_id: Id of the record that the credit originated from. This field is accepted but never
                returned.
            originator_type: Ruby class of the record that the credit originated from. Null removes the value.
            public_metadata: The new value replaces the entire object.
            private_metadata: The new value replaces the entire object.
            include: Related resources to return in `included`, separated by commas without spaces. A dotted name
                includes a nested resource, as in `store_credit_events.originator`. An unknown name returns 400. On a
                write, the change is saved before the 400 is returned.
            fields: `fields[<type>]=a,b` makes the response sparse: each resource of that type contains only the
                listed attributes and relationships. Names that do not exist in the type are ignored.
            query_currency: The ISO 4217 code of the session's currency, which the store must support. On the
                Storefront API, the currency also selects the current cart. This parameter does not convert amounts or
                change store credit.
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
        platform.store_credits.update_memo, platform.store_credits.update_include_unknown,
        platform.store_credits.update_other_store; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id,
            user_id=user_id,
            category_id=category_id,
            created_by_id=created_by_id,
            amount=amount,
            currency=currency,
            type_id=type_id,
            store_id=store_id,
            memo=memo,
            amount_used=amount_used,
            amount_authorized=amount_authorized,
            originator_id=originator_id,
            originator_type=originator_type,
            public_metadata=public_metadata,
            private_metadata=private_metadata,
            include=include,
            fields=fields,
            query_currency=query_currency,
            locale=locale,
            request_id=request_id,
        )
        return await self._client.call(call, options)

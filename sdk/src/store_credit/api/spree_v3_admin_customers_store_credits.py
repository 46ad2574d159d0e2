"""spree_v3.admin.customers.store_credits. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from store_credit._core import arguments, known_filters, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.keyring import Key
from store_credit._core.operation import AmountArgument, Call, Echo, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit._core.unset import UNSET, Unset
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta
from store_credit.models.spree_v3_store_credit import SpreeV3StoreCredit

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminCustomersStoreCredits", "AsyncAdminCustomersStoreCredits"]

FilterValue = str | int | Decimal | bool | datetime | Sequence[str | int]


class AdminCustomersStoreCreditsFilter(TypedDict, total=False):
    """Filters that the OpenAPI document defines. Pass other filters of the server in `filter_unchecked`."""

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
    "spree_v3.admin.customers.store_credits.list",
    "GET",
    "/api/v3/admin/customers/{customer_id}/store_credits",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3StoreCredit, SpreeV3PageMeta),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("customer_id", 5, ("cus_", "cust_")),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(
        VersionedArgument("filter['memo_eq']", "q[memo_eq]", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("filter['memo_cont']", "q[memo_cont]", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("filter['outstanding']", "q[outstanding]", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("filter['from_gift_card']", "q[from_gift_card]", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("expand", "expand", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
    ),
)


def _list(
    customer_id: Any,
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
        query += known_filters.query_filter(filter, "q", AdminCustomersStoreCreditsFilter.__annotations__)
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
        f"/api/v3/admin/customers/{arguments.path_segment(customer_id, 'customer_id')}/store_credits",
        query,
        None,
        headers,
    )


_CREATE = Operation(
    "spree_v3.admin.customers.store_credits.create",
    "POST",
    "/api/v3/admin/customers/{customer_id}/store_credits",
    credential="credentials",
    keyed=True,
    creates=True,
    statuses=(201,),
    echoes=(
        Echo("customer_id", 5, ("customer_id",), "id"),
        Echo("amount", ("amount",), ("amount",), "decimal"),
        Echo("currency", ("currency",), ("currency",), "currency"),
        Echo("memo", ("memo",), ("memo",), "text"),
        Echo("category_id", ("category_id",), ("category_id",), "text"),
    ),
    reference=("memo",),
    read=readers.record(SpreeV3StoreCredit),
    if_lost="Wait longer than the slowest request takes, then list the customer's credits and look for your reference in `memo`. Send the request again only if the reference is not in the list, and use the same idempotency key and the same credentials. After 24 hours, do not resend the request; only check whether the credit exists.",
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("customer_id", 5, ("cus_", "cust_")),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
        IdArgument("category_id", ("category_id",), ("sccat_",)),
    ),
    amounts=(AmountArgument("amount", ("amount",), ("currency",)),),
    versioned=(
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
        VersionedArgument("category_id", ("category_id",), ("5.5", "5.6")),
    ),
    unlocked=True,
    listing="spree_v3.admin.customers.store_credits.list",
)


def _create(
    customer_id: Any,
    amount: Any,
    currency: Any,
    memo: Any,
    category_id: Any,
    store_id: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {
        "amount": amount,
        "currency": arguments.text(currency, "currency"),
    }
    if memo is not UNSET:
        body["memo"] = None if memo is None else arguments.text(memo, "memo")
    if category_id is not UNSET:
        body["category_id"] = arguments.text(category_id, "category_id")
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _CREATE,
        f"/api/v3/admin/customers/{arguments.path_segment(customer_id, 'customer_id')}/store_credits",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


_GET = Operation(
    "spree_v3.admin.customers.store_credits.get",
    "GET",
    "/api/v3/admin/customers/{customer_id}/store_credits/{id}",
    credential="credentials",
    statuses=(200,),
    echoes=(
        Echo("customer_id", 5, ("customer_id",), "id"),
        Echo("id", 7, ("id",), "id"),
    ),
    read=readers.record(SpreeV3StoreCredit),
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("customer_id", 5, ("cus_", "cust_")),
        IdArgument("id", 7, ("credit_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(
        VersionedArgument("expand", "expand", ("6.0-alpha+ledger", "6.0")),
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
    ),
)


def _get(
    customer_id: Any,
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
        f"/api/v3/admin/customers/{arguments.path_segment(customer_id, 'customer_id')}/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_DELETE = Operation(
    "spree_v3.admin.customers.store_credits.delete",
    "DELETE",
    "/api/v3/admin/customers/{customer_id}/store_credits/{id}",
    credential="credentials",
    keyed=True,
    statuses=(204,),
    read=readers.nothing,
    if_lost="Read the credit. A 404 means that the credit has been deleted.",
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("customer_id", 5, ("cus_", "cust_")),
        IdArgument("id", 7, ("credit_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
    unlocked=True,
)


def _delete(
    customer_id: Any,
    id: Any,
    store_id: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _DELETE,
        f"/api/v3/admin/customers/{arguments.path_segment(customer_id, 'customer_id')}/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
        checked_key(idempotency_key),
    )


_UPDATE = Operation(
    "spree_v3.admin.customers.store_credits.update",
    "PATCH",
    "/api/v3/admin/customers/{customer_id}/store_credits/{id}",
    credential="credentials",
    keyed=True,
    statuses=(200,),
    echoes=(
        Echo("customer_id", 5, ("customer_id",), "id"),
        Echo("id", 7, ("id",), "id"),
        Echo("amount", ("amount",), ("amount",), "decimal"),
        Echo("memo", ("memo",), ("memo",), "text"),
        Echo("category_id", ("category_id",), ("category_id",), "text"),
    ),
    read=readers.record(SpreeV3StoreCredit),
    if_lost="Read the credit. If the credit does not have the new values, send the request again with the same idempotency key.",
    security=(
        (Key("secret_key", "header", "X-Spree-Api-Key"),),
        (Key("staff_token", "bearer", "Authorization"),),
        (
            Key("secret_key", "header", "X-Spree-Api-Key"),
            Key("staff_token", "bearer", "Authorization"),
        ),
    ),
    ids=(
        IdArgument("customer_id", 5, ("cus_", "cust_")),
        IdArgument("id", 7, ("credit_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
        IdArgument("category_id", ("category_id",), ("sccat_",)),
    ),
    amounts=(AmountArgument("amount", ("amount",), None),),
    versioned=(
        VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),
        VersionedArgument("category_id", ("category_id",), ("5.5", "5.6")),
    ),
    unlocked=True,
)


def _update(
    customer_id: Any,
    id: Any,
    amount: Any,
    memo: Any,
    category_id: Any,
    store_id: Any,
    request_id: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {}
    if amount is not UNSET:
        body["amount"] = amount
    if memo is not UNSET:
        body["memo"] = None if memo is None else arguments.text(memo, "memo")
    if category_id is not UNSET:
        body["category_id"] = arguments.text(category_id, "category_id")
    query: list[tuple[str, str]] = []
    headers: list[tuple[bytes, bytes]] = []
    if store_id is not None:
        headers.append((b"X-Spree-Store-Id", header("store_id", store_id)[1]))
    if request_id is not None:
        headers.append((b"X-Request-Id", header("request_id", request_id)[1]))
    return Call(
        _UPDATE,
        f"/api/v3/admin/customers/{arguments.path_segment(customer_id, 'customer_id')}/store_credits/{arguments.path_segment(id, 'id')}",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


class AdminCustomersStoreCredits:
    """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations in a back
    office to create, retrieve, update and delete a customer's store credits through the Spree Admin API v3.

    A credit records the amount issued, the amount used and the amount authorized. The remaining balance is the amount
    issued minus the used and authorized amounts. Put your own reference in `memo` so that you can find the credit
    again if a response is lost.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        customer_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminCustomersStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3StoreCredit, SpreeV3PageMeta]:
        """List a customer's store credits.

        Returns a customer's credits in the key's store, excluding deleted credits, one page at a time. If the
        response to a create request was lost, read this list and compare `memo` yourself, because versions before
        `6.0-alpha+ledger` ignore filters on `memo`. Requires the `read_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
            filter: Conditions in the form `q[<attribute>_<predicate>]=value`; a record must meet all of them. The
                server ignores unknown attributes and predicates, so a misspelled filter returns all records. To sort,
                use `q[s]`, as in `q[s]=amount desc`. You can also filter by `created_by_id`, `id` and, in
                `6.0-alpha+ledger` and later, `customer_id`. The predicates are the same as in Ransack, for example
                `eq`, `not_eq`, `lt`, `gteq`, `in` and `cont`.
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

        Source: recorded: v3.admin.store_credits.list.spree561, v3.admin.store_credits.list_page_past_end.spree561,
        v3.admin.store_credits.list_q_memo_eq.spree561, v3.admin.store_credits.list_q_misspelt.spree561,
        v3.admin.auth.scope_read_list.spree561, v3.admin.store_credits.list_sort_two.spree561; decided: x-decisions in
        openapi.yaml.
        """
        call = _list(
            customer_id=customer_id,
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
        return self._client.fetch_page(call, CountedPage[SpreeV3StoreCredit, SpreeV3PageMeta], options)

    def create(
        self,
        customer_id: str,
        *,
        amount: int | str | Decimal,
        currency: str,
        memo: str | None | Unset = UNSET,
        category_id: str | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Create a store credit.

        Issues credit to a customer in the key's store. The credentials determine the store and the issuer; the body
        cannot set them. Requires the `write_store_credits` scope.

        Warning: The idempotency key prevents duplicates only after the first request has finished: two simultaneous
        requests each issue a credit. Give each credit a unique `memo`, and after a lost response, look for that memo
        in the list before you resend the request.

        The SDK's `settle()` identifies a credit by customer, memo and amount: it treats two credits as one if all
        three are the same and both were issued at about the same time.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            amount: The amount, in major units of `currency`. Send a string: 6.0 rejects numbers.
            currency: ISO 4217 currency code in uppercase. The server stores any text, but a credit in `usd` or `XYZ`
                can never be spent.
            memo: Free text for the back office. Include your own reference for the action in the memo, such as
                `refund-4711`. If a response is lost, you can use the reference to find the credit.
            category_id: Id of the credit's category, in the form `sccat_...`. If the category is omitted, the first
                category is used. Versions after 5.6 have no categories.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.store_credits.create.spree561, v3.admin.store_credits.create.spree600alpha,
        v3.admin.store_credits.create_staff.spree561, v3.admin.store_credits.create_wrong_prefix.spree561,
        v3.idempotency.twins.spree561, v3.idempotency.create_replayed.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            customer_id=customer_id,
            amount=amount,
            currency=currency,
            memo=memo,
            category_id=category_id,
            store_id=store_id,
            request_id=request_id,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)

    def get(
        self,
        customer_id: str,
        id: str,
        *,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Get a customer's store credit.

        Returns one credit, or 404 if the credit was deleted or belongs to another customer or store. Requires the
        `read_store_credits` scope. Spree's own OpenAPI document does not include this operation.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
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

        Source: recorded: v3.admin.store_credits.get.spree561, v3.admin.store_credits.get_etag.spree561,
        v3.admin.store_credits.get_other_customer.spree561, v3.admin.store_credits.get_from_outlet.spree600alpha.
        """
        call = _get(
            customer_id=customer_id,
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.call(call, options)

    def delete(
        self,
        customer_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Delete a store credit.

        Deletes the credit, unless part of it has been used. A credit that is authorized for an order can be deleted,
        but the order keeps its payment, and that payment can no longer be captured. Read the credit before you delete
        it. Requires the `write_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            id: Id of the credit, in the form `credit_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.idempotency.delete_first.spree561, v3.admin.store_credits.delete_used.spree561,
        v3.admin.store_credits.delete_authorized.spree561, v3.admin.store_credits.delete_again.spree561; decided:
        x-decisions in openapi.yaml.
        """
        call = _delete(
            customer_id=customer_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)

    def update(
        self,
        customer_id: str,
        id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        category_id: str | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Update a store credit.

        Changes the amount or the memo. Once part of the credit has been used, a body that contains `amount` is
        rejected, even if the amount does not change. The memo can always be changed. Changing the amount rewrites the
        event that was recorded when the credit was issued. Requires the `write_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            id: Id of the credit, in the form `credit_...`.
            amount: The new value of `amount`, in major units. Once part of the credit has been used, a request with
                this field returns an error, even if the amount is unchanged.
            memo: Free text for the back office. Null removes the text.
            category_id: Id of the credit's category, in the form `sccat_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.store_credits.update_memo.spree561, v3.admin.store_credits.update_amount.spree561,
        v3.admin.store_credits.update_amount_same.spree561, v3.admin.store_credits.update_empty.spree561,
        v3.admin.store_credits.update_metadata.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            customer_id=customer_id,
            id=id,
            amount=amount,
            memo=memo,
            category_id=category_id,
            store_id=store_id,
            request_id=request_id,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)


class AsyncAdminCustomersStoreCredits:
    """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations in a back
    office to create, retrieve, update and delete a customer's store credits through the Spree Admin API v3.

    A credit records the amount issued, the amount used and the amount authorized. The remaining balance is the amount
    issued minus the used and authorized amounts. Put your own reference in `memo` so that you can find the credit
    again if a response is lost.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        customer_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        filter: AdminCustomersStoreCreditsFilter | None = None,
        filter_unchecked: Mapping[str, FilterValue] | None = None,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3StoreCredit, SpreeV3PageMeta], SpreeV3StoreCredit]:
        """List a customer's store credits.

        Returns a customer's credits in the key's store, excluding deleted credits, one page at a time. If the
        response to a create request was lost, read this list and compare `memo` yourself, because versions before
        `6.0-alpha+ledger` ignore filters on `memo`. Requires the `read_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
            filter: Conditions in the form `q[<attribute>_<predicate>]=value`; a record must meet all of them. The
                server ignores unknown attributes and predicates, so a misspelled filter returns all records. To sort,
                use `q[s]`, as in `q[s]=amount desc`. You can also filter by `created_by_id`, `id` and, in
                `6.0-alpha+ledger` and later, `customer_id`. The predicates are the same as in Ransack, for example
                `eq`, `not_eq`, `lt`, `gteq`, `in` and `cont`.
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

        Source: recorded: v3.admin.store_credits.list.spree561, v3.admin.store_credits.list_page_past_end.spree561,
        v3.admin.store_credits.list_q_memo_eq.spree561, v3.admin.store_credits.list_q_misspelt.spree561,
        v3.admin.auth.scope_read_list.spree561, v3.admin.store_credits.list_sort_two.spree561; decided: x-decisions in
        openapi.yaml.
        """
        call = _list(
            customer_id=customer_id,
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

    async def create(
        self,
        customer_id: str,
        *,
        amount: int | str | Decimal,
        currency: str,
        memo: str | None | Unset = UNSET,
        category_id: str | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Create a store credit.

        Issues credit to a customer in the key's store. The credentials determine the store and the issuer; the body
        cannot set them. Requires the `write_store_credits` scope.

        Warning: The idempotency key prevents duplicates only after the first request has finished: two simultaneous
        requests each issue a credit. Give each credit a unique `memo`, and after a lost response, look for that memo
        in the list before you resend the request.

        The SDK's `settle()` identifies a credit by customer, memo and amount: it treats two credits as one if all
        three are the same and both were issued at about the same time.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            amount: The amount, in major units of `currency`. Send a string: 6.0 rejects numbers.
            currency: ISO 4217 currency code in uppercase. The server stores any text, but a credit in `usd` or `XYZ`
                can never be spent.
            memo: Free text for the back office. Include your own reference for the action in the memo, such as
                `refund-4711`. If a response is lost, you can use the reference to find the credit.
            category_id: Id of the credit's category, in the form `sccat_...`. If the category is omitted, the first
                category is used. Versions after 5.6 have no categories.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.store_credits.create.spree561, v3.admin.store_credits.create.spree600alpha,
        v3.admin.store_credits.create_staff.spree561, v3.admin.store_credits.create_wrong_prefix.spree561,
        v3.idempotency.twins.spree561, v3.idempotency.create_replayed.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _create(
            customer_id=customer_id,
            amount=amount,
            currency=currency,
            memo=memo,
            category_id=category_id,
            store_id=store_id,
            request_id=request_id,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

    async def get(
        self,
        customer_id: str,
        id: str,
        *,
        expand: Sequence[Literal["customer", "created_by"] | str] | str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Get a customer's store credit.

        Returns one credit, or 404 if the credit was deleted or belongs to another customer or store. Requires the
        `read_store_credits` scope. Spree's own OpenAPI document does not include this operation.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
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

        Source: recorded: v3.admin.store_credits.get.spree561, v3.admin.store_credits.get_etag.spree561,
        v3.admin.store_credits.get_other_customer.spree561, v3.admin.store_credits.get_from_outlet.spree600alpha.
        """
        call = _get(
            customer_id=customer_id,
            id=id,
            expand=expand,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return await self._client.call(call, options)

    async def delete(
        self,
        customer_id: str,
        id: str,
        *,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> None:
        """Delete a store credit.

        Deletes the credit, unless part of it has been used. A credit that is authorized for an order can be deleted,
        but the order keeps its payment, and that payment can no longer be captured. Read the credit before you delete
        it. Requires the `write_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            id: Id of the credit, in the form `credit_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.idempotency.delete_first.spree561, v3.admin.store_credits.delete_used.spree561,
        v3.admin.store_credits.delete_authorized.spree561, v3.admin.store_credits.delete_again.spree561; decided:
        x-decisions in openapi.yaml.
        """
        call = _delete(
            customer_id=customer_id, id=id, store_id=store_id, request_id=request_id, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

    async def update(
        self,
        customer_id: str,
        id: str,
        *,
        amount: int | str | Decimal | Unset = UNSET,
        memo: str | None | Unset = UNSET,
        category_id: str | Unset = UNSET,
        store_id: str | None = None,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> SpreeV3StoreCredit:
        """Update a store credit.

        Changes the amount or the memo. Once part of the credit has been used, a body that contains `amount` is
        rejected, even if the amount does not change. The memo can always be changed. Changing the amount rewrites the
        event that was recorded when the credit was issued. Requires the `write_store_credits` scope.

        Args:
            customer_id: The customer's id: `cus_...` in 5.6 and earlier, `cust_...` in 6.0-alpha and later. Spree 5.6
                ignores the prefix.
            id: Id of the credit, in the form `credit_...`.
            amount: The new value of `amount`, in major units. Once part of the credit has been used, a request with
                this field returns an error, even if the amount is unchanged.
            memo: Free text for the back office. Null removes the text.
            category_id: Id of the credit's category, in the form `sccat_...`.
            store_id: The id of the store (`store_...`) to use with a staff token. Without this header, the default
                store is used. The server returns 403 if the member of staff has no role in the store or the key
                belongs to another store, and 404 if the store does not exist.
            request_id: An id for this request, repeated in the response and the server's log. By default, the server
                generates one.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated; the
                result and every error contain it. It protects only after the first request has ended; see `settle()`.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the change may or may not have been made.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: recorded: v3.admin.store_credits.update_memo.spree561, v3.admin.store_credits.update_amount.spree561,
        v3.admin.store_credits.update_amount_same.spree561, v3.admin.store_credits.update_empty.spree561,
        v3.admin.store_credits.update_metadata.spree561; decided: x-decisions in openapi.yaml.
        """
        call = _update(
            customer_id=customer_id,
            id=id,
            amount=amount,
            memo=memo,
            category_id=category_id,
            store_id=store_id,
            request_id=request_id,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

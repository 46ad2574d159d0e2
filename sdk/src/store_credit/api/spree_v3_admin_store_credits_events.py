"""spree_v3.admin.store_credits.events. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Unpack

from store_credit._core import arguments, readers
from store_credit._core.keyring import Key
from store_credit._core.operation import Call, IdArgument, Operation, VersionedArgument
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCountedPage,
    AsyncPages,
    CountedPage,
)
from store_credit.models.spree_v3_page_meta import SpreeV3PageMeta
from store_credit.models.spree_v3_store_credit_event import SpreeV3StoreCreditEvent

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AdminStoreCreditsEvents", "AsyncAdminStoreCreditsEvents"]


_LIST = Operation(
    "spree_v3.admin.store_credits.events.list",
    "GET",
    "/api/v3/admin/store_credits/{store_credit_id}/events",
    credential="credentials",
    statuses=(200,),
    read=readers.page(SpreeV3StoreCreditEvent, SpreeV3PageMeta),
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
        IdArgument("store_credit_id", 5, ("credit_",)),
        IdArgument("store_id", b"X-Spree-Store-Id", ("store_",)),
    ),
    versioned=(VersionedArgument("store_id", b"X-Spree-Store-Id", ("6.0-alpha", "6.0-alpha+ledger", "6.0")),),
)


def _list(
    store_credit_id: Any,
    page: Any,
    limit: Any,
    sort: Any,
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
        f"/api/v3/admin/store_credits/{arguments.path_segment(store_credit_id, 'store_credit_id')}/events",
        query,
        None,
        headers,
    )


class AdminStoreCreditsEvents:
    """The ledger of one store credit on the Spree Admin API v3.

    Available in `6.0-alpha+ledger` and later. Changing a credit's amount rewrites the event that was recorded when
    the credit was issued.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        store_credit_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CountedPage[SpreeV3StoreCreditEvent, SpreeV3PageMeta]:
        """List a store credit's events.

        Returns the events of one credit, newest first, one page at a time. Individual events cannot be retrieved, and
        filters are ignored. The list is not append-only, because events can be rewritten. Requires the
        `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

        Args:
            store_credit_id: Id of the credit, in the form `credit_...`.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
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

        Source: recorded: v3.admin.all_store_credits.events_captured_voided.spree600alpha_overlay,
        v3.admin.all_store_credits.events_edited.spree600alpha_overlay,
        v3.admin.all_store_credits.events_page.spree600alpha_overlay,
        v3.admin.all_store_credits.events_deleted.spree600alpha_overlay,
        v3.admin.all_store_credits.events_filter.spree600alpha_overlay; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            store_credit_id=store_credit_id,
            page=page,
            limit=limit,
            sort=sort,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.fetch_page(call, CountedPage[SpreeV3StoreCreditEvent, SpreeV3PageMeta], options)


class AsyncAdminStoreCreditsEvents:
    """The ledger of one store credit on the Spree Admin API v3.

    Available in `6.0-alpha+ledger` and later. Changing a credit's amount rewrites the event that was recorded when
    the credit was issued.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        store_credit_id: str,
        *,
        page: int | None = None,
        limit: int | None = None,
        sort: str | None = None,
        fields: Sequence[str] | str | None = None,
        if_none_match: str | None = None,
        store_id: str | None = None,
        request_id: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCountedPage[SpreeV3StoreCreditEvent, SpreeV3PageMeta], SpreeV3StoreCreditEvent]:
        """List a store credit's events.

        Returns the events of one credit, newest first, one page at a time. Individual events cannot be retrieved, and
        filters are ignored. The list is not append-only, because events can be rewritten. Requires the
        `read_store_credits` scope.

        Available only in these versions: 6.0-alpha+ledger, 6.0.

        Args:
            store_credit_id: Id of the credit, in the form `credit_...`.
            page: The page number, starting at 1. Pages after the last page are empty. A value that is below 1 or not
                a number returns an error.
            limit: Maximum number of records per page, from 1 to 100. The server treats values above 100 as 100 and
                returns an error for values below 1.
            sort: The attribute to sort by; put `-` before it for descending order, as in `-created_at`. Send only one
                attribute: if you send several, separated by commas, the server sorts only by the first one, always in
                ascending order. Unknown names are ignored. Without `sort`, the order is not guaranteed.
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

        Source: recorded: v3.admin.all_store_credits.events_captured_voided.spree600alpha_overlay,
        v3.admin.all_store_credits.events_edited.spree600alpha_overlay,
        v3.admin.all_store_credits.events_page.spree600alpha_overlay,
        v3.admin.all_store_credits.events_deleted.spree600alpha_overlay,
        v3.admin.all_store_credits.events_filter.spree600alpha_overlay; decided: x-decisions in openapi.yaml.
        """
        call = _list(
            store_credit_id=store_credit_id,
            page=page,
            limit=limit,
            sort=sort,
            fields=fields,
            if_none_match=if_none_match,
            store_id=store_id,
            request_id=request_id,
        )
        return self._client.pages(call, AsyncCountedPage, options)

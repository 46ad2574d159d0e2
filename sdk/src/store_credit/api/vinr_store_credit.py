"""vinr.store_credit. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, Unpack

from store_credit._core import arguments, readers
from store_credit._core.call_options import idempotency_key as checked_key
from store_credit._core.operation import Call, Echo, Operation
from store_credit._core.options import CallOptions, header
from store_credit._core.pagination import (
    AsyncCursorPage,
    AsyncPages,
    CursorPage,
)
from store_credit._core.unset import UNSET, Unset
from store_credit.models.vinr_store_credit import VinrStoreCredit

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["AsyncStoreCredit", "StoreCredit"]


_LIST = Operation(
    "vinr.store_credit.list",
    "GET",
    "/v1/store-credit",
    credential="X-Api-Key",
    statuses=(200,),
    read=readers.page(VinrStoreCredit),
)


def _list(
    customer: Any,
    limit: Any,
    starting_after: Any,
    ending_before: Any,
    expand: Any,
    vinr_version: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if customer is not None:
        query.append(("customer", arguments.query_text(customer, "customer")))
    if limit is not None:
        query.append(("limit", arguments.query_integer(limit, "limit")))
    if starting_after is not None:
        query.append(("starting_after", arguments.query_text(starting_after, "starting_after")))
    if ending_before is not None:
        query.append(("ending_before", arguments.query_text(ending_before, "ending_before")))
    if expand is not None:
        query += [("expand[]", item) for item in arguments.query_repeated(expand, "expand")]
    headers: list[tuple[bytes, bytes]] = []
    if vinr_version is not None:
        headers.append((b"Vinr-Version", header("vinr_version", vinr_version)[1]))
    return Call(
        _LIST,
        "/v1/store-credit",
        query,
        None,
        headers,
    )


_CREATE = Operation(
    "vinr.store_credit.create",
    "POST",
    "/v1/store-credit",
    credential="X-Api-Key",
    keyed=True,
    creates=True,
    statuses=(201,),
    echoes=(
        Echo("customer", ("customer",), ("customer",), "id"),
        Echo("amount", ("amount",), ("amount",), "integer"),
        Echo("currency", ("currency",), ("currency",), "currency"),
        Echo("expires_at", ("expires_at",), ("expires_at",), "time"),
    ),
    read=readers.record(VinrStoreCredit),
)


def _create(
    customer: Any,
    amount: Any,
    currency: Any,
    expires_at: Any,
    expand: Any,
    vinr_version: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {
        "customer": arguments.text(customer, "customer"),
        "amount": arguments.integer(amount, "amount"),
        "currency": arguments.text(currency, "currency"),
    }
    if expires_at is not UNSET:
        body["expires_at"] = None if expires_at is None else arguments.unix_time(expires_at, "expires_at")
    query: list[tuple[str, str]] = []
    if expand is not None:
        query += [("expand[]", item) for item in arguments.query_repeated(expand, "expand")]
    headers: list[tuple[bytes, bytes]] = []
    if vinr_version is not None:
        headers.append((b"Vinr-Version", header("vinr_version", vinr_version)[1]))
    return Call(
        _CREATE,
        "/v1/store-credit",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


_RETRIEVE = Operation(
    "vinr.store_credit.retrieve",
    "GET",
    "/v1/store-credit/{id}",
    credential="X-Api-Key",
    statuses=(200,),
    echoes=(Echo("id", 3, ("id",), "id"),),
    read=readers.record(VinrStoreCredit),
)


def _retrieve(
    id: Any,
    expand: Any,
    vinr_version: Any,
) -> Call:
    query: list[tuple[str, str]] = []
    if expand is not None:
        query += [("expand[]", item) for item in arguments.query_repeated(expand, "expand")]
    headers: list[tuple[bytes, bytes]] = []
    if vinr_version is not None:
        headers.append((b"Vinr-Version", header("vinr_version", vinr_version)[1]))
    return Call(
        _RETRIEVE,
        f"/v1/store-credit/{arguments.path_segment(id, 'id')}",
        query,
        None,
        headers,
    )


_UPDATE = Operation(
    "vinr.store_credit.update",
    "POST",
    "/v1/store-credit/{id}",
    credential="X-Api-Key",
    keyed=True,
    statuses=(200,),
    echoes=(Echo("id", 3, ("id",), "id"),),
    read=readers.record(VinrStoreCredit),
)


def _update(
    id: Any,
    expires_at: Any,
    expand: Any,
    vinr_version: Any,
    idempotency_key: Any,
) -> Call:
    body: dict[str, Any] = {}
    if expires_at is not UNSET:
        body["expires_at"] = None if expires_at is None else arguments.unix_time(expires_at, "expires_at")
    query: list[tuple[str, str]] = []
    if expand is not None:
        query += [("expand[]", item) for item in arguments.query_repeated(expand, "expand")]
    headers: list[tuple[bytes, bytes]] = []
    if vinr_version is not None:
        headers.append((b"Vinr-Version", header("vinr_version", vinr_version)[1]))
    return Call(
        _UPDATE,
        f"/v1/store-credit/{arguments.path_segment(id, 'id')}",
        query,
        body,
        headers,
        checked_key(idempotency_key),
    )


class StoreCredit:
    """Store credit is a balance that a customer can spend on future purchases. With the VINR API, you can create,
    retrieve and list store credit, and update its expiry.

    The amount and currency are fixed at creation; only `expires_at` can be updated. VINR reduces `balance_remaining`
    as the credit is spent. There is no operation for spending, voiding or deleting a credit.

    VINR describes its store credit page as illustrative and the field names on it as representative. Where the page
    leaves a question open, `openapi.yaml` follows our own decision. Confirm the details with VINR before you handle
    real money.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        customer: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[Literal["customer", "data.customer"]] | str | None = None,
        vinr_version: str | None = None,
        **options: Unpack[CallOptions],
    ) -> CursorPage[VinrStoreCredit]:
        """List store credit.

        Returns store credit records, newest first, one page at a time. While `page.has_more` is true, send
        `page.next_cursor` as `starting_after` to get the next page. If `customer` is omitted, the list contains the
        credits of all customers. If the customer does not exist, the page is empty.

        Args:
            customer: Return only the credits of the customer with this id.
            limit: Maximum number of records per page, from 1 to 100.
            starting_after: The id of a credit. The page begins with the next older credit. This parameter cannot be
                combined with `ending_before`. If the id does not exist, an error is returned.
            ending_before: The id of a credit. The page ends with the next newer credit. This parameter cannot be
                combined with `starting_after`. If the id does not exist, an error is returned.
            expand: Send `customer` to get each record's customer as an object instead of an id; `data.customer` has
                the same effect. Any other value returns 400.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Pagination page, read 2026-11-22; decided:
        x-decisions in openapi.yaml.
        """
        call = _list(
            customer=customer,
            limit=limit,
            starting_after=starting_after,
            ending_before=ending_before,
            expand=expand,
            vinr_version=vinr_version,
        )
        return self._client.fetch_page(call, CursorPage[VinrStoreCredit], options)

    def create(
        self,
        *,
        customer: str,
        amount: int,
        currency: str,
        expires_at: datetime | int | None | Unset = UNSET,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Create store credit.

        Issues credit that a customer can spend on future purchases. `amount` is in minor units of `currency` and
        cannot be changed later. To withdraw a credit issued by mistake, set its `expires_at` to a time in the near
        future.

        Warning: Without an `Idempotency-Key`, a retry may issue a second credit. Send the same key with every attempt
        at the same business action: VINR then repeats the first response for every retry. Sending the same key with
        different content returns 409.

        Two details are our own decisions, because VINR has not published them: keys are kept for 24 hours, and 404
        and 422 responses are stored as well.

        Args:
            customer: Id of the customer who receives the credit.
            amount: The amount, in minor units of `currency`: `1000` means USD 10.00 or JPY 1000.
            currency: ISO 4217 currency code, in uppercase or lowercase. Responses always use uppercase.
            expires_at: The time at which the credit expires and can no longer be spent, in Unix seconds. A time in
                the past is rejected. If `expires_at` is null or omitted, the credit never expires.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated. The key
                stays the same when the call is resent, and the result and every error contain it.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with a different body, or its first use is still running (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _create(
            customer=customer,
            amount=amount,
            currency=currency,
            expires_at=expires_at,
            expand=expand,
            vinr_version=vinr_version,
            idempotency_key=idempotency_key,
        )
        return self._client.call(call, options)

    def retrieve(
        self,
        id: str | int,
        *,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Retrieve store credit.

        Returns one store credit record. A credit past its `expires_at` is still returned, with its last balance.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat the id as opaque.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22; decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            expand=expand,
            vinr_version=vinr_version,
        )
        return self._client.call(call, options)

    def update(
        self,
        id: str | int,
        *,
        expires_at: datetime | int | None | Unset = UNSET,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Update store credit.

        Changes only the fields you send. Only `expires_at` can be changed: a later time extends the credit, and null
        removes the expiry. A request without `expires_at` changes nothing. Extending an expired credit makes it
        usable again, but a fully spent credit keeps its balance of 0.

        Using POST is our own decision: VINR's pages do not show the method, but they describe idempotency keys for
        POST requests.

        Send an `Idempotency-Key`, as you do when you create a credit.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat the id as opaque.
            expires_at: The new expiry time, in Unix seconds. Null removes the expiry time.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated. The key
                stays the same when the call is resent, and the result and every error contain it.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with a different body, or its first use is still running (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id, expires_at=expires_at, expand=expand, vinr_version=vinr_version, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)


class AsyncStoreCredit:
    """Store credit is a balance that a customer can spend on future purchases. With the VINR API, you can create,
    retrieve and list store credit, and update its expiry.

    The amount and currency are fixed at creation; only `expires_at` can be updated. VINR reduces `balance_remaining`
    as the credit is spent. There is no operation for spending, voiding or deleting a credit.

    VINR describes its store credit page as illustrative and the field names on it as representative. Where the page
    leaves a question open, `openapi.yaml` follows our own decision. Confirm the details with VINR before you handle
    real money.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    def list(
        self,
        *,
        customer: str | None = None,
        limit: int | None = None,
        starting_after: str | None = None,
        ending_before: str | None = None,
        expand: Sequence[Literal["customer", "data.customer"]] | str | None = None,
        vinr_version: str | None = None,
        **options: Unpack[CallOptions],
    ) -> AsyncPages[AsyncCursorPage[VinrStoreCredit], VinrStoreCredit]:
        """List store credit.

        Returns store credit records, newest first, one page at a time. While `page.has_more` is true, send
        `page.next_cursor` as `starting_after` to get the next page. If `customer` is omitted, the list contains the
        credits of all customers. If the customer does not exist, the page is empty.

        Args:
            customer: Return only the credits of the customer with this id.
            limit: Maximum number of records per page, from 1 to 100.
            starting_after: The id of a credit. The page begins with the next older credit. This parameter cannot be
                combined with `ending_before`. If the id does not exist, an error is returned.
            ending_before: The id of a credit. The page ends with the next newer credit. This parameter cannot be
                combined with `starting_after`. If the id does not exist, an error is returned.
            expand: Send `customer` to get each record's customer as an object instead of an id; `data.customer` has
                the same effect. Any other value returns 400.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Pagination page, read 2026-11-22; decided:
        x-decisions in openapi.yaml.
        """
        call = _list(
            customer=customer,
            limit=limit,
            starting_after=starting_after,
            ending_before=ending_before,
            expand=expand,
            vinr_version=vinr_version,
        )
        return self._client.pages(call, AsyncCursorPage, options)

    async def create(
        self,
        *,
        customer: str,
        amount: int,
        currency: str,
        expires_at: datetime | int | None | Unset = UNSET,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Create store credit.

        Issues credit that a customer can spend on future purchases. `amount` is in minor units of `currency` and
        cannot be changed later. To withdraw a credit issued by mistake, set its `expires_at` to a time in the near
        future.

        Warning: Without an `Idempotency-Key`, a retry may issue a second credit. Send the same key with every attempt
        at the same business action: VINR then repeats the first response for every retry. Sending the same key with
        different content returns 409.

        Two details are our own decisions, because VINR has not published them: keys are kept for 24 hours, and 404
        and 422 responses are stored as well.

        Args:
            customer: Id of the customer who receives the credit.
            amount: The amount, in minor units of `currency`: `1000` means USD 10.00 or JPY 1000.
            currency: ISO 4217 currency code, in uppercase or lowercase. Responses always use uppercase.
            expires_at: The time at which the credit expires and can no longer be spent, in Unix seconds. A time in
                the past is rejected. If `expires_at` is null or omitted, the credit never expires.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated. The key
                stays the same when the call is resent, and the result and every error contain it.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with a different body, or its first use is still running (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response arrived, or the server failed: the record may or may not exist.
            APIConnectionError: No connection could be established, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _create(
            customer=customer,
            amount=amount,
            currency=currency,
            expires_at=expires_at,
            expand=expand,
            vinr_version=vinr_version,
            idempotency_key=idempotency_key,
        )
        return await self._client.call(call, options)

    async def retrieve(
        self,
        id: str | int,
        *,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Retrieve store credit.

        Returns one store credit record. A credit past its `expires_at` is still returned, with its last balance.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat the id as opaque.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22; decided: x-decisions in openapi.yaml.
        """
        call = _retrieve(
            id=id,
            expand=expand,
            vinr_version=vinr_version,
        )
        return await self._client.call(call, options)

    async def update(
        self,
        id: str | int,
        *,
        expires_at: datetime | int | None | Unset = UNSET,
        expand: Sequence[Literal["customer"]] | str | None = None,
        vinr_version: str | None = None,
        idempotency_key: str | None = None,
        **options: Unpack[CallOptions],
    ) -> VinrStoreCredit:
        """Update store credit.

        Changes only the fields you send. Only `expires_at` can be changed: a later time extends the credit, and null
        removes the expiry. A request without `expires_at` changes nothing. Extending an expired credit makes it
        usable again, but a fully spent credit keeps its balance of 0.

        Using POST is our own decision: VINR's pages do not show the method, but they describe idempotency keys for
        POST requests.

        Send an `Idempotency-Key`, as you do when you create a credit.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat the id as opaque.
            expires_at: The new expiry time, in Unix seconds. Null removes the expiry time.
            expand: Send `customer` to get the customer as an object instead of an id. Any other value returns 400.
                `expand[]` is always a query parameter, even in POST requests, so that it works with both body
                encodings.
            vinr_version: The API version for this request, as a date. Without this header, the account's default
                version applies.
            idempotency_key: Your own key for this action (1 to 255 characters). By default, a new key is generated. The key
                stays the same when the call is resent, and the result and every error contain it.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server rejected the request as not valid (400, 422).
            AuthenticationError: The credential is missing, unknown or expired, or does not give access (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with a different body, or its first use is still running (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response arrived, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id, expires_at=expires_at, expand=expand, vinr_version=vinr_version, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

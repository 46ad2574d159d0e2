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
    """Store credit is a balance that a customer can spend on future purchases. On VINR you create it, retrieve it,
    list it, and update its expiry.

    VINR's page about store credit calls its own content illustrative, written by hand, and its field names
    representative; what it leaves open was decided here. Compare with VINR before money depends on it.

    A record fixes its money when it is created; only `expires_at` may change afterwards. VINR lowers
    `balance_remaining` as purchases use the credit; no operation spends, voids or deletes it.
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

        Returns store credit records, newest first, one page at a time. Continue while `page.has_more` is true by
        sending `page.next_cursor` as `starting_after`. Without `customer` the credits of every customer are listed; a
        `customer` that is unknown gives an empty page.

        Args:
            customer: Only the credits of the customer with this id.
            limit: How many records a page holds at most, 1 to 100.
            starting_after: The id of a credit; the page begins with the next older one. Not together with
                `ending_before`. An id that does not exist is refused.
            ending_before: The id of a credit; the page ends with the next newer one. Not together with
                `starting_after`. An id that does not exist is refused.
            expand: Send `customer`, or `data.customer` which means the same, to get each record's customer as an
                object in place of its id. Another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Gives a customer credit toward future purchases. `amount` counts minor units of `currency` and cannot be
        changed later; a wrong credit is let run out by giving it an early `expires_at`.

        Send an `Idempotency-Key` that is the same on every attempt of one business action: the first response is
        stored and given again, so that a retry never issues the credit twice. The same key with other content is
        refused with 409. For how long, 24 hours, and that a refusal with 404 or 422 is stored as well, is decided
        here.

        Args:
            customer: Id of the customer who gets the credit.
            amount: How much, in minor units of `currency`; `1000` is USD 10.00, and JPY 1000.
            currency: ISO 4217 code. Any case is taken; answers have capitals.
            expires_at: From when on it cannot be spent, in Unix seconds. A past time is refused. Null, or leaving it
                out, means never.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.
            idempotency_key: Your own key for this one action (1 to 255 characters), never replaced. Without it a new one is
                made, kept across resends and shown on the result and on every error.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with another body, or is in use just now (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response came, or the server failed: the record may or may not exist.
            APIConnectionError: No connection was made, even after resending.
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

        Returns one store credit record. A credit past its `expires_at` is still returned, with the balance it had.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat it as opaque.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Changes only the fields that are sent, and `expires_at` is the only one there is: a later time extends the
        credit, null removes the expiry, and without it nothing changes. A credit that has expired comes back to life;
        one that is spent keeps its balance of 0.

        The method is decided: no page of VINR's shows it, and POST is the one for which VINR describes idempotency
        keys.

        Send an `Idempotency-Key` as for create.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat it as opaque.
            expires_at: The new expiry in Unix seconds; null removes it.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.
            idempotency_key: Your own key for this one action (1 to 255 characters), never replaced. Without it a new one is
                made, kept across resends and shown on the result and on every error.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with another body, or is in use just now (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id, expires_at=expires_at, expand=expand, vinr_version=vinr_version, idempotency_key=idempotency_key
        )
        return self._client.call(call, options)


class AsyncStoreCredit:
    """Store credit is a balance that a customer can spend on future purchases. On VINR you create it, retrieve it,
    list it, and update its expiry.

    VINR's page about store credit calls its own content illustrative, written by hand, and its field names
    representative; what it leaves open was decided here. Compare with VINR before money depends on it.

    A record fixes its money when it is created; only `expires_at` may change afterwards. VINR lowers
    `balance_remaining` as purchases use the credit; no operation spends, voids or deletes it.
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

        Returns store credit records, newest first, one page at a time. Continue while `page.has_more` is true by
        sending `page.next_cursor` as `starting_after`. Without `customer` the credits of every customer are listed; a
        `customer` that is unknown gives an empty page.

        Args:
            customer: Only the credits of the customer with this id.
            limit: How many records a page holds at most, 1 to 100.
            starting_after: The id of a credit; the page begins with the next older one. Not together with
                `ending_before`. An id that does not exist is refused.
            ending_before: The id of a credit; the page ends with the next newer one. Not together with
                `starting_after`. An id that does not exist is refused.
            expand: Send `customer`, or `data.customer` which means the same, to get each record's customer as an
                object in place of its id. Another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Gives a customer credit toward future purchases. `amount` counts minor units of `currency` and cannot be
        changed later; a wrong credit is let run out by giving it an early `expires_at`.

        Send an `Idempotency-Key` that is the same on every attempt of one business action: the first response is
        stored and given again, so that a retry never issues the credit twice. The same key with other content is
        refused with 409. For how long, 24 hours, and that a refusal with 404 or 422 is stored as well, is decided
        here.

        Args:
            customer: Id of the customer who gets the credit.
            amount: How much, in minor units of `currency`; `1000` is USD 10.00, and JPY 1000.
            currency: ISO 4217 code. Any case is taken; answers have capitals.
            expires_at: From when on it cannot be spent, in Unix seconds. A past time is refused. Null, or leaving it
                out, means never.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.
            idempotency_key: Your own key for this one action (1 to 255 characters), never replaced. Without it a new one is
                made, kept across resends and shown on the result and on every error.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with another body, or is in use just now (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            OutcomeUnknownError: No valid response came, or the server failed: the record may or may not exist.
            APIConnectionError: No connection was made, even after resending.
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

        Returns one store credit record. A credit past its `expires_at` is still returned, with the balance it had.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat it as opaque.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
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

        Changes only the fields that are sent, and `expires_at` is the only one there is: a later time extends the
        credit, null removes the expiry, and without it nothing changes. A credit that has expired comes back to life;
        one that is spent keeps its balance of 0.

        The method is decided: no page of VINR's shows it, and POST is the one for which VINR describes idempotency
        keys.

        Send an `Idempotency-Key` as for create.

        Args:
            id: The id of the store credit, such as `sc_4Bk9mQ`. Treat it as opaque.
            expires_at: The new expiry in Unix seconds; null removes it.
            expand: Send `customer` to get the customer as an object in place of its id. In the query of every
                operation, so that both body encodings have it; another value is refused.
            vinr_version: The API version for this request, a date. Without it the account's own version applies.
            idempotency_key: Your own key for this one action (1 to 255 characters), never replaced. Without it a new one is
                made, kept across resends and shown on the result and on every error.

            **options: See `CallOptions`: `timeout` and `deadline` (seconds), `max_retries`, `extra_headers`, `extra_query`,
                `extra_body` and a credential for this call.

        Raises:
            ValidationError: The server refuses the request as it is (400, 422).
            AuthenticationError: The credential is missing, unknown, expired, or does not reach this far (401).
            PermissionDeniedError: The credential may not do this (403).
            NotFoundError: There is no such record (404).
            ConflictError: The idempotency key was used with another body, or is in use just now (409).
            RateLimitError: Too many requests, even after waiting and resending (429).
            ServerError: The server failed, even after resending (5xx).
            APIConnectionError: No valid response came, even after resending.
            InvalidArgumentError: An argument cannot be sent; no request was made.

        Source: documented: VINR, Store Credit page, read 2026-11-22, VINR, Idempotency page, read 2026-11-22;
        decided: x-decisions in openapi.yaml.
        """
        call = _update(
            id=id, expires_at=expires_at, expand=expand, vinr_version=vinr_version, idempotency_key=idempotency_key
        )
        return await self._client.call(call, options)

"""spree.account. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, Unpack

from store_credit._core import arguments, readers
from store_credit._core.credentials import seal
from store_credit._core.errors import InvalidArgumentError
from store_credit._core.operation import Call, Operation
from store_credit._core.options import CallOptions, header
from store_credit.models import DOCUMENTS
from store_credit.models.spree_account import SpreeAccount

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient

__all__ = ["Account", "AsyncAccount"]


_RETRIEVE = Operation(
    "spree.account.retrieve",
    "GET",
    "/api/v2/storefront/account",
    accept=b"application/vnd.api+json",
    statuses=(200,),
    read=readers.document(SpreeAccount, DOCUMENTS["SpreeAccountDocument"]),
)


def _retrieve(
    include: Any,
    fields: Any,
    currency: Any,
    locale: Any,
    if_none_match: Any,
    request_id: Any,
    customer_token: Any,
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
    if customer_token is not None:
        headers.append((b"Authorization", b"Bearer " + arguments.credential(customer_token, "customer_token")))
    else:
        raise InvalidArgumentError("spree.account.retrieve needs customer_token=")
    return Call(
        _RETRIEVE,
        "/api/v2/storefront/account",
        query,
        None,
        headers,
    )


class Account:
    """The shopper's own account on the Spree Storefront API.

    The account's `store_credits` attribute contains the balance that the shopper can spend.
    """

    def __init__(self, client: SyncClient) -> None:
        self._client = client

    def retrieve(
        self,
        *,
        include: Sequence[Literal["default_billing_address", "default_shipping_address"] | str] | str | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str,
        **options: Unpack[CallOptions],
    ) -> SpreeAccount:
        """Retrieve an Account.

        Returns the account of the customer to whom the token belongs. The `store_credits` attribute contains the
        amount that the customer can still spend, always in the default currency of the default store, regardless of
        the `currency` parameter. An unknown token is treated like a missing token and returns 403; an expired or
        revoked token returns 401.

        Args:
            include: Related resources to return in `included`, separated by commas without spaces. An unknown name
                returns 400.
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
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

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

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.account.retrieve,
        storefront.account.retrieve_no_credits, storefront.account.garbage_token,
        storefront.account.retrieve_currency_param; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _retrieve(
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return self._client.call(call, options)


class AsyncAccount:
    """The shopper's own account on the Spree Storefront API.

    The account's `store_credits` attribute contains the balance that the shopper can spend.
    """

    def __init__(self, client: AsyncClient) -> None:
        self._client = client

    async def retrieve(
        self,
        *,
        include: Sequence[Literal["default_billing_address", "default_shipping_address"] | str] | str | None = None,
        fields: Mapping[str, Sequence[str] | str] | None = None,
        currency: str | None = None,
        locale: str | None = None,
        if_none_match: str | None = None,
        request_id: str | None = None,
        customer_token: str,
        **options: Unpack[CallOptions],
    ) -> SpreeAccount:
        """Retrieve an Account.

        Returns the account of the customer to whom the token belongs. The `store_credits` attribute contains the
        amount that the customer can still spend, always in the default currency of the default store, regardless of
        the `currency` parameter. An unknown token is treated like a missing token and returns 403; an expired or
        revoked token returns 401.

        Args:
            include: Related resources to return in `included`, separated by commas without spaces. An unknown name
                returns 400.
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
            customer_token: The shopper's Spree OAuth token. An unknown token is treated like a missing token; an
                expired or revoked token returns 401. The Platform API uses a different token; never send that token
                to the Storefront API.

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

        Source: documented: Spree, Storefront API reference, read 2026-11-22; recorded: storefront.account.retrieve,
        storefront.account.retrieve_no_credits, storefront.account.garbage_token,
        storefront.account.retrieve_currency_param; decided: x-decisions in openapi.yaml.
        """
        customer_token = seal(customer_token)  # no traceback shows it
        call = _retrieve(
            include=include,
            fields=fields,
            currency=currency,
            locale=locale,
            if_none_match=if_none_match,
            request_id=request_id,
            customer_token=customer_token,
        )
        return await self._client.call(call, options)

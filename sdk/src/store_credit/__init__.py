"""Store credit on VINR and on Spree Commerce, sync and async.

Generated from openapi.yaml by scripts/generate: do not edit.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from store_credit._core import version

__version__ = version.VERSION

if TYPE_CHECKING:
    from store_credit import models as models
    from store_credit import spree_webhooks as spree_webhooks
    from store_credit import webhooks as webhooks
    from store_credit._core.call_options import ClientOptions as ClientOptions
    from store_credit._core.client import RawResult as RawResult
    from store_credit._core.credentials import TokenProvider as TokenProvider
    from store_credit._core.echoes import Mismatch as Mismatch
    from store_credit._core.errors import APIConnectionError as APIConnectionError
    from store_credit._core.errors import APIStatusError as APIStatusError
    from store_credit._core.errors import APITimeoutError as APITimeoutError
    from store_credit._core.errors import AuthenticationError as AuthenticationError
    from store_credit._core.errors import ConfigurationError as ConfigurationError
    from store_credit._core.errors import ConflictError as ConflictError
    from store_credit._core.errors import InvalidArgumentError as InvalidArgumentError
    from store_credit._core.errors import InvalidResponseError as InvalidResponseError
    from store_credit._core.errors import MissingFieldError as MissingFieldError
    from store_credit._core.errors import MoneyError as MoneyError
    from store_credit._core.errors import NotFoundError as NotFoundError
    from store_credit._core.errors import NotModifiedError as NotModifiedError
    from store_credit._core.errors import OutcomeUnknownError as OutcomeUnknownError
    from store_credit._core.errors import PermissionDeniedError as PermissionDeniedError
    from store_credit._core.errors import RateLimitError as RateLimitError
    from store_credit._core.errors import ServerError as ServerError
    from store_credit._core.errors import StoreCreditError as StoreCreditError
    from store_credit._core.errors import ValidationError as ValidationError
    from store_credit._core.errors import WebhookVerificationError as WebhookVerificationError
    from store_credit._core.hooks import AsyncEventHook as AsyncEventHook
    from store_credit._core.hooks import AttemptFailed as AttemptFailed
    from store_credit._core.hooks import CallEnded as CallEnded
    from store_credit._core.hooks import Event as Event
    from store_credit._core.hooks import EventHook as EventHook
    from store_credit._core.hooks import RequestSent as RequestSent
    from store_credit._core.hooks import ResponseReceived as ResponseReceived
    from store_credit._core.hooks import RetryScheduled as RetryScheduled
    from store_credit._core.http_clients import default_async_http_client as default_async_http_client
    from store_credit._core.http_clients import default_http_client as default_http_client
    from store_credit._core.jsonapi import Resource as Resource
    from store_credit._core.model import Model as Model
    from store_credit._core.money import from_minor_units as from_minor_units
    from store_credit._core.money import to_minor_units as to_minor_units
    from store_credit._core.oauth import AsyncClientCredentials as AsyncClientCredentials
    from store_credit._core.oauth import ClientCredentials as ClientCredentials
    from store_credit._core.options import CallOptions as CallOptions
    from store_credit._core.options import Timeout as Timeout
    from store_credit._core.pagination import AsyncCountedPage as AsyncCountedPage
    from store_credit._core.pagination import AsyncCursorPage as AsyncCursorPage
    from store_credit._core.pagination import AsyncNumberedPage as AsyncNumberedPage
    from store_credit._core.pagination import AsyncPages as AsyncPages
    from store_credit._core.pagination import CountedPage as CountedPage
    from store_credit._core.pagination import CursorPage as CursorPage
    from store_credit._core.pagination import NumberedPage as NumberedPage
    from store_credit._core.response import Headers as Headers
    from store_credit._core.response import Response as Response
    from store_credit._core.sent_request import SentRequest as SentRequest
    from store_credit._core.spree_v3_ids import spree_id as spree_id
    from store_credit._core.unset import UNSET as UNSET
    from store_credit._core.unset import Maybe as Maybe
    from store_credit._core.unset import Unset as Unset
    from store_credit.client import AsyncSpreeAdminClient as AsyncSpreeAdminClient
    from store_credit.client import AsyncSpreeClient as AsyncSpreeClient
    from store_credit.client import AsyncSpreeStoreClient as AsyncSpreeStoreClient
    from store_credit.client import AsyncVinrClient as AsyncVinrClient
    from store_credit.client import SpreeAdminClient as SpreeAdminClient
    from store_credit.client import SpreeClient as SpreeClient
    from store_credit.client import SpreeStoreClient as SpreeStoreClient
    from store_credit.client import VinrClient as VinrClient

_HOMES = {
    "ClientOptions": "_core.call_options",
    "RawResult": "_core.client",
    "TokenProvider": "_core.credentials",
    "Mismatch": "_core.echoes",
    "APIConnectionError": "_core.errors",
    "APIStatusError": "_core.errors",
    "APITimeoutError": "_core.errors",
    "AuthenticationError": "_core.errors",
    "ConfigurationError": "_core.errors",
    "ConflictError": "_core.errors",
    "InvalidArgumentError": "_core.errors",
    "InvalidResponseError": "_core.errors",
    "MissingFieldError": "_core.errors",
    "MoneyError": "_core.errors",
    "NotFoundError": "_core.errors",
    "NotModifiedError": "_core.errors",
    "OutcomeUnknownError": "_core.errors",
    "PermissionDeniedError": "_core.errors",
    "RateLimitError": "_core.errors",
    "ServerError": "_core.errors",
    "StoreCreditError": "_core.errors",
    "ValidationError": "_core.errors",
    "WebhookVerificationError": "_core.errors",
    "AsyncEventHook": "_core.hooks",
    "AttemptFailed": "_core.hooks",
    "CallEnded": "_core.hooks",
    "Event": "_core.hooks",
    "EventHook": "_core.hooks",
    "RequestSent": "_core.hooks",
    "ResponseReceived": "_core.hooks",
    "RetryScheduled": "_core.hooks",
    "default_async_http_client": "_core.http_clients",
    "default_http_client": "_core.http_clients",
    "Resource": "_core.jsonapi",
    "Model": "_core.model",
    "from_minor_units": "_core.money",
    "to_minor_units": "_core.money",
    "AsyncClientCredentials": "_core.oauth",
    "ClientCredentials": "_core.oauth",
    "CallOptions": "_core.options",
    "Timeout": "_core.options",
    "AsyncCountedPage": "_core.pagination",
    "AsyncCursorPage": "_core.pagination",
    "AsyncNumberedPage": "_core.pagination",
    "AsyncPages": "_core.pagination",
    "CountedPage": "_core.pagination",
    "CursorPage": "_core.pagination",
    "NumberedPage": "_core.pagination",
    "Headers": "_core.response",
    "Response": "_core.response",
    "SentRequest": "_core.sent_request",
    "spree_id": "_core.spree_v3_ids",
    "UNSET": "_core.unset",
    "Maybe": "_core.unset",
    "Unset": "_core.unset",
    "AsyncVinrClient": "client",
    "VinrClient": "client",
    "AsyncSpreeClient": "client",
    "SpreeClient": "client",
    "AsyncSpreeAdminClient": "client",
    "SpreeAdminClient": "client",
    "AsyncSpreeStoreClient": "client",
    "SpreeStoreClient": "client",
}

__all__ = [
    "UNSET",
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "AsyncClientCredentials",
    "AsyncCountedPage",
    "AsyncCursorPage",
    "AsyncEventHook",
    "AsyncNumberedPage",
    "AsyncPages",
    "AsyncSpreeAdminClient",
    "AsyncSpreeClient",
    "AsyncSpreeStoreClient",
    "AsyncVinrClient",
    "AttemptFailed",
    "AuthenticationError",
    "CallEnded",
    "CallOptions",
    "ClientCredentials",
    "ClientOptions",
    "ConfigurationError",
    "ConflictError",
    "CountedPage",
    "CursorPage",
    "Event",
    "EventHook",
    "Headers",
    "InvalidArgumentError",
    "InvalidResponseError",
    "Maybe",
    "Mismatch",
    "MissingFieldError",
    "Model",
    "MoneyError",
    "NotFoundError",
    "NotModifiedError",
    "NumberedPage",
    "OutcomeUnknownError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResult",
    "RequestSent",
    "Resource",
    "Response",
    "ResponseReceived",
    "RetryScheduled",
    "SentRequest",
    "ServerError",
    "SpreeAdminClient",
    "SpreeClient",
    "SpreeStoreClient",
    "StoreCreditError",
    "Timeout",
    "TokenProvider",
    "Unset",
    "ValidationError",
    "VinrClient",
    "WebhookVerificationError",
    "__version__",
    "default_async_http_client",
    "default_http_client",
    "from_minor_units",
    "models",
    "spree_id",
    "spree_webhooks",
    "to_minor_units",
    "webhooks",
]


def __getattr__(name: str) -> Any:
    # A name is imported when it is first used: a program that makes one kind of call pays for that one.
    if name in ("models", "spree_webhooks", "webhooks"):
        return import_module(f"store_credit.{name}")
    if name not in _HOMES:
        raise AttributeError(f"module 'store_credit' has no attribute {name!r}")
    value = getattr(import_module(f"store_credit.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)

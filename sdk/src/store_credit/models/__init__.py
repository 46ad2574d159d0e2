"""The records of responses. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from store_credit._core.jsonapi import Types
from store_credit._core.model import Model

if TYPE_CHECKING:
    from .spree_account import SpreeAccount as SpreeAccount
    from .spree_cart import SpreeCart as SpreeCart
    from .spree_cart_payment import SpreeCartPayment as SpreeCartPayment
    from .spree_cart_store_credit import SpreeCartStoreCredit as SpreeCartStoreCredit
    from .spree_cart_store_credit_category import SpreeCartStoreCreditCategory as SpreeCartStoreCreditCategory
    from .spree_cart_store_credit_event import SpreeCartStoreCreditEvent as SpreeCartStoreCreditEvent
    from .spree_cart_store_credit_type import SpreeCartStoreCreditType as SpreeCartStoreCreditType
    from .spree_currency_amount import SpreeCurrencyAmount as SpreeCurrencyAmount
    from .spree_order import SpreeOrder as SpreeOrder
    from .spree_payment import SpreePayment as SpreePayment
    from .spree_rich_text import SpreeRichText as SpreeRichText
    from .spree_store_credit import SpreeStoreCredit as SpreeStoreCredit
    from .spree_store_credit_category import SpreeStoreCreditCategory as SpreeStoreCreditCategory
    from .spree_store_credit_event import SpreeStoreCreditEvent as SpreeStoreCreditEvent
    from .spree_store_credit_type import SpreeStoreCreditType as SpreeStoreCreditType
    from .spree_user import SpreeUser as SpreeUser
    from .vinr_customer import VinrCustomer as VinrCustomer
    from .vinr_event import VinrEvent as VinrEvent
    from .vinr_event_data import VinrEventData as VinrEventData
    from .vinr_store_credit import VinrStoreCredit as VinrStoreCredit
    from .vinr_store_credit_created_event import VinrStoreCreditCreatedEvent as VinrStoreCreditCreatedEvent
    from .vinr_store_credit_updated_event import VinrStoreCreditUpdatedEvent as VinrStoreCreditUpdatedEvent
    from .vinr_unknown_event_data import VinrUnknownEventData as VinrUnknownEventData

    AnyEvent: TypeAlias = VinrStoreCreditCreatedEvent | VinrStoreCreditUpdatedEvent | VinrEvent

_MODULES: Final = {
    "SpreeAccount": "spree_account",
    "SpreeCart": "spree_cart",
    "SpreeCartPayment": "spree_cart_payment",
    "SpreeCartStoreCredit": "spree_cart_store_credit",
    "SpreeCartStoreCreditCategory": "spree_cart_store_credit_category",
    "SpreeCartStoreCreditEvent": "spree_cart_store_credit_event",
    "SpreeCartStoreCreditType": "spree_cart_store_credit_type",
    "SpreeCurrencyAmount": "spree_currency_amount",
    "SpreeOrder": "spree_order",
    "SpreePayment": "spree_payment",
    "SpreeRichText": "spree_rich_text",
    "SpreeStoreCredit": "spree_store_credit",
    "SpreeStoreCreditCategory": "spree_store_credit_category",
    "SpreeStoreCreditEvent": "spree_store_credit_event",
    "SpreeStoreCreditType": "spree_store_credit_type",
    "SpreeUser": "spree_user",
    "VinrCustomer": "vinr_customer",
    "VinrEvent": "vinr_event",
    "VinrEventData": "vinr_event_data",
    "VinrStoreCredit": "vinr_store_credit",
    "VinrStoreCreditCreatedEvent": "vinr_store_credit_created_event",
    "VinrStoreCreditUpdatedEvent": "vinr_store_credit_updated_event",
    "VinrUnknownEventData": "vinr_unknown_event_data",
}

__all__ = [
    "SpreeAccount",
    "SpreeCart",
    "SpreeCartPayment",
    "SpreeCartStoreCredit",
    "SpreeCartStoreCreditCategory",
    "SpreeCartStoreCreditEvent",
    "SpreeCartStoreCreditType",
    "SpreeCurrencyAmount",
    "SpreeOrder",
    "SpreePayment",
    "SpreeRichText",
    "SpreeStoreCredit",
    "SpreeStoreCreditCategory",
    "SpreeStoreCreditEvent",
    "SpreeStoreCreditType",
    "SpreeUser",
    "VinrCustomer",
    "VinrEvent",
    "VinrEventData",
    "VinrStoreCredit",
    "VinrStoreCreditCreatedEvent",
    "VinrStoreCreditUpdatedEvent",
    "VinrUnknownEventData",
]


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module 'store_credit.models' has no attribute {name!r}")
    value: type[Model] = getattr(import_module(f"store_credit.models.{_MODULES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return list(__all__)


DOCUMENTS: Final = {
    "SpreeStoreCreditDocument": Types(
        {
            "store_credit": "SpreeStoreCredit",
            "store_credit_category": "SpreeStoreCreditCategory",
            "store_credit_type": "SpreeStoreCreditType",
            "store_credit_event": "SpreeStoreCreditEvent",
            "user": "SpreeUser",
            "admin_user": "SpreeUser",
            "order": "SpreeOrder",
            "payment": "SpreePayment",
        },
        __getattr__,
    ),
    "SpreeStoreCreditList": Types(
        {
            "store_credit": "SpreeStoreCredit",
            "store_credit_category": "SpreeStoreCreditCategory",
            "store_credit_type": "SpreeStoreCreditType",
            "store_credit_event": "SpreeStoreCreditEvent",
            "user": "SpreeUser",
            "admin_user": "SpreeUser",
            "order": "SpreeOrder",
            "payment": "SpreePayment",
        },
        __getattr__,
    ),
    "SpreeStoreCreditCategoryDocument": Types(
        {
            "store_credit_category": "SpreeStoreCreditCategory",
        },
        __getattr__,
    ),
    "SpreeStoreCreditCategoryList": Types(
        {
            "store_credit_category": "SpreeStoreCreditCategory",
        },
        __getattr__,
    ),
    "SpreeStoreCreditTypeDocument": Types(
        {
            "store_credit_type": "SpreeStoreCreditType",
        },
        __getattr__,
    ),
    "SpreeStoreCreditTypeList": Types(
        {
            "store_credit_type": "SpreeStoreCreditType",
        },
        __getattr__,
    ),
    "SpreeOrderDocument": Types(
        {
            "order": "SpreeOrder",
            "store_credit": "SpreeStoreCredit",
            "store_credit_category": "SpreeStoreCreditCategory",
            "store_credit_type": "SpreeStoreCreditType",
            "store_credit_event": "SpreeStoreCreditEvent",
            "user": "SpreeUser",
            "admin_user": "SpreeUser",
            "payment": "SpreePayment",
        },
        __getattr__,
    ),
    "SpreeCartDocument": Types(
        {
            "cart": "SpreeCart",
            "payment": "SpreeCartPayment",
            "store_credit": "SpreeCartStoreCredit",
            "store_credit_event": "SpreeCartStoreCreditEvent",
            "store_credit_category": "SpreeCartStoreCreditCategory",
            "store_credit_type": "SpreeCartStoreCreditType",
            "user": "SpreeAccount",
        },
        __getattr__,
    ),
    "SpreeAccountDocument": Types(
        {
            "user": "SpreeAccount",
            "payment": "SpreeCartPayment",
            "store_credit": "SpreeCartStoreCredit",
            "store_credit_event": "SpreeCartStoreCreditEvent",
            "store_credit_category": "SpreeCartStoreCreditCategory",
            "store_credit_type": "SpreeCartStoreCreditType",
        },
        __getattr__,
    ),
}
"""For each document schema, what it can hold."""


def event(kind: object) -> type[AnyEvent]:
    """The model of an event by its `type`; that of any event where the type is not known."""
    return __getattr__(
        {
            "store_credit.created": "VinrStoreCreditCreatedEvent",
            "store_credit.updated": "VinrStoreCreditUpdatedEvent",
        }.get(str(kind), "VinrEvent")
    )

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
    from .spree_v3_address import SpreeV3Address as SpreeV3Address
    from .spree_v3_admin_market import SpreeV3AdminMarket as SpreeV3AdminMarket
    from .spree_v3_admin_order import SpreeV3AdminOrder as SpreeV3AdminOrder
    from .spree_v3_admin_payment import SpreeV3AdminPayment as SpreeV3AdminPayment
    from .spree_v3_cart import SpreeV3Cart as SpreeV3Cart
    from .spree_v3_customer import SpreeV3Customer as SpreeV3Customer
    from .spree_v3_customer_profile import SpreeV3CustomerProfile as SpreeV3CustomerProfile
    from .spree_v3_customer_session import SpreeV3CustomerSession as SpreeV3CustomerSession
    from .spree_v3_customer_store_credit import SpreeV3CustomerStoreCredit as SpreeV3CustomerStoreCredit
    from .spree_v3_delivery_method import SpreeV3DeliveryMethod as SpreeV3DeliveryMethod
    from .spree_v3_delivery_rate import SpreeV3DeliveryRate as SpreeV3DeliveryRate
    from .spree_v3_event import SpreeV3Event as SpreeV3Event
    from .spree_v3_event_metadata import SpreeV3EventMetadata as SpreeV3EventMetadata
    from .spree_v3_fulfillment import SpreeV3Fulfillment as SpreeV3Fulfillment
    from .spree_v3_fulfillment_item import SpreeV3FulfillmentItem as SpreeV3FulfillmentItem
    from .spree_v3_line_item import SpreeV3LineItem as SpreeV3LineItem
    from .spree_v3_market import SpreeV3Market as SpreeV3Market
    from .spree_v3_order import SpreeV3Order as SpreeV3Order
    from .spree_v3_page_meta import SpreeV3PageMeta as SpreeV3PageMeta
    from .spree_v3_payment import SpreeV3Payment as SpreeV3Payment
    from .spree_v3_payment_method import SpreeV3PaymentMethod as SpreeV3PaymentMethod
    from .spree_v3_requirement import SpreeV3Requirement as SpreeV3Requirement
    from .spree_v3_role import SpreeV3Role as SpreeV3Role
    from .spree_v3_staff_session import SpreeV3StaffSession as SpreeV3StaffSession
    from .spree_v3_staff_user import SpreeV3StaffUser as SpreeV3StaffUser
    from .spree_v3_stock_location import SpreeV3StockLocation as SpreeV3StockLocation
    from .spree_v3_store_credit import SpreeV3StoreCredit as SpreeV3StoreCredit
    from .spree_v3_store_credit_category import SpreeV3StoreCreditCategory as SpreeV3StoreCreditCategory
    from .spree_v3_store_credit_created_event import SpreeV3StoreCreditCreatedEvent as SpreeV3StoreCreditCreatedEvent
    from .spree_v3_store_credit_deleted_event import SpreeV3StoreCreditDeletedEvent as SpreeV3StoreCreditDeletedEvent
    from .spree_v3_store_credit_event import SpreeV3StoreCreditEvent as SpreeV3StoreCreditEvent
    from .spree_v3_store_credit_page_meta import SpreeV3StoreCreditPageMeta as SpreeV3StoreCreditPageMeta
    from .spree_v3_store_credit_total import SpreeV3StoreCreditTotal as SpreeV3StoreCreditTotal
    from .spree_v3_store_credit_updated_event import SpreeV3StoreCreditUpdatedEvent as SpreeV3StoreCreditUpdatedEvent
    from .spree_v3_store_name import SpreeV3StoreName as SpreeV3StoreName
    from .vinr_customer import VinrCustomer as VinrCustomer
    from .vinr_event import VinrEvent as VinrEvent
    from .vinr_event_data import VinrEventData as VinrEventData
    from .vinr_store_credit import VinrStoreCredit as VinrStoreCredit
    from .vinr_store_credit_created_event import VinrStoreCreditCreatedEvent as VinrStoreCreditCreatedEvent
    from .vinr_store_credit_updated_event import VinrStoreCreditUpdatedEvent as VinrStoreCreditUpdatedEvent
    from .vinr_unknown_event_data import VinrUnknownEventData as VinrUnknownEventData

    AnyEvent: TypeAlias = VinrStoreCreditCreatedEvent | VinrStoreCreditUpdatedEvent | VinrEvent

    AnySpreeV3Event: TypeAlias = (
        SpreeV3StoreCreditCreatedEvent | SpreeV3StoreCreditUpdatedEvent | SpreeV3StoreCreditDeletedEvent | SpreeV3Event
    )

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
    "SpreeV3Address": "spree_v3_address",
    "SpreeV3AdminMarket": "spree_v3_admin_market",
    "SpreeV3AdminOrder": "spree_v3_admin_order",
    "SpreeV3AdminPayment": "spree_v3_admin_payment",
    "SpreeV3Cart": "spree_v3_cart",
    "SpreeV3Customer": "spree_v3_customer",
    "SpreeV3CustomerProfile": "spree_v3_customer_profile",
    "SpreeV3CustomerSession": "spree_v3_customer_session",
    "SpreeV3CustomerStoreCredit": "spree_v3_customer_store_credit",
    "SpreeV3DeliveryMethod": "spree_v3_delivery_method",
    "SpreeV3DeliveryRate": "spree_v3_delivery_rate",
    "SpreeV3Event": "spree_v3_event",
    "SpreeV3EventMetadata": "spree_v3_event_metadata",
    "SpreeV3Fulfillment": "spree_v3_fulfillment",
    "SpreeV3FulfillmentItem": "spree_v3_fulfillment_item",
    "SpreeV3LineItem": "spree_v3_line_item",
    "SpreeV3Market": "spree_v3_market",
    "SpreeV3Order": "spree_v3_order",
    "SpreeV3PageMeta": "spree_v3_page_meta",
    "SpreeV3Payment": "spree_v3_payment",
    "SpreeV3PaymentMethod": "spree_v3_payment_method",
    "SpreeV3Requirement": "spree_v3_requirement",
    "SpreeV3Role": "spree_v3_role",
    "SpreeV3StaffSession": "spree_v3_staff_session",
    "SpreeV3StaffUser": "spree_v3_staff_user",
    "SpreeV3StockLocation": "spree_v3_stock_location",
    "SpreeV3StoreCredit": "spree_v3_store_credit",
    "SpreeV3StoreCreditCategory": "spree_v3_store_credit_category",
    "SpreeV3StoreCreditCreatedEvent": "spree_v3_store_credit_created_event",
    "SpreeV3StoreCreditDeletedEvent": "spree_v3_store_credit_deleted_event",
    "SpreeV3StoreCreditEvent": "spree_v3_store_credit_event",
    "SpreeV3StoreCreditPageMeta": "spree_v3_store_credit_page_meta",
    "SpreeV3StoreCreditTotal": "spree_v3_store_credit_total",
    "SpreeV3StoreCreditUpdatedEvent": "spree_v3_store_credit_updated_event",
    "SpreeV3StoreName": "spree_v3_store_name",
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
    "SpreeV3Address",
    "SpreeV3AdminMarket",
    "SpreeV3AdminOrder",
    "SpreeV3AdminPayment",
    "SpreeV3Cart",
    "SpreeV3Customer",
    "SpreeV3CustomerProfile",
    "SpreeV3CustomerSession",
    "SpreeV3CustomerStoreCredit",
    "SpreeV3DeliveryMethod",
    "SpreeV3DeliveryRate",
    "SpreeV3Event",
    "SpreeV3EventMetadata",
    "SpreeV3Fulfillment",
    "SpreeV3FulfillmentItem",
    "SpreeV3LineItem",
    "SpreeV3Market",
    "SpreeV3Order",
    "SpreeV3PageMeta",
    "SpreeV3Payment",
    "SpreeV3PaymentMethod",
    "SpreeV3Requirement",
    "SpreeV3Role",
    "SpreeV3StaffSession",
    "SpreeV3StaffUser",
    "SpreeV3StockLocation",
    "SpreeV3StoreCredit",
    "SpreeV3StoreCreditCategory",
    "SpreeV3StoreCreditCreatedEvent",
    "SpreeV3StoreCreditDeletedEvent",
    "SpreeV3StoreCreditEvent",
    "SpreeV3StoreCreditPageMeta",
    "SpreeV3StoreCreditTotal",
    "SpreeV3StoreCreditUpdatedEvent",
    "SpreeV3StoreName",
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


def event_of_spree_v3(kind: object) -> type[AnySpreeV3Event]:
    """The model of an event by its `name`; that of any event where the name is not known."""
    return __getattr__(
        {
            "store_credit.created": "SpreeV3StoreCreditCreatedEvent",
            "store_credit.updated": "SpreeV3StoreCreditUpdatedEvent",
            "store_credit.deleted": "SpreeV3StoreCreditDeletedEvent",
        }.get(str(kind), "SpreeV3Event")
    )

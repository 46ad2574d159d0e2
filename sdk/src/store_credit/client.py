"""The clients: one pair for each system. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store_credit._core.client import AsyncClient, SyncClient
from store_credit._core.spree import SpreeConnection
from store_credit._core.spree_v3_connection import SpreeAdminConnection, SpreeStoreConnection
from store_credit._core.vinr import VinrConnection

if TYPE_CHECKING:
    from store_credit._core.httplib import HTTPAsyncClient, HTTPClient  # noqa: F401 - in quotes below
    from store_credit.api import (
        spree_account,
        spree_checkout,
        spree_orders,
        spree_store_credit_categories,
        spree_store_credit_types,
        spree_store_credits,
        spree_v3_admin_auth,
        spree_v3_admin_customers,
        spree_v3_admin_orders,
        spree_v3_admin_store_credit_categories,
        spree_v3_admin_store_credits,
        spree_v3_store_auth,
        spree_v3_store_carts,
        spree_v3_store_customer,
        vinr_store_credit,
    )

__all__ = [
    "AsyncSpreeAdminClient",
    "AsyncSpreeClient",
    "AsyncSpreeStoreClient",
    "AsyncVinrClient",
    "SpreeAdminClient",
    "SpreeClient",
    "SpreeStoreClient",
    "VinrClient",
]


class VinrClient(SyncClient, VinrConnection["HTTPClient"]):
    """Synchronous client for VINR.

    VINR's payment API, with flat JSON, amounts in minor units, and times in Unix seconds.

    Resources: `store_credit`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "store_credit",
        }
    )

    @cached_property
    def store_credit(self) -> vinr_store_credit.StoreCredit:
        """Store credit is a balance that a customer can spend on future purchases. With the VINR API, you can create,
        retrieve and list store credit, and update its expiry.

        The amount and currency are fixed at creation; only `expires_at` can be updated. VINR reduces
        `balance_remaining` as the credit is spent. There is no operation for spending, voiding or deleting a credit.

        VINR describes its store credit page as illustrative and the field names on it as representative. Where the
        page leaves a question open, `openapi.yaml` follows our own decision. Confirm the details with VINR before you
        handle real money.
        """
        from store_credit.api.vinr_store_credit import StoreCredit

        return StoreCredit(self)


class AsyncVinrClient(AsyncClient, VinrConnection["HTTPAsyncClient"]):
    """Asynchronous client for VINR.

    VINR's payment API, with flat JSON, amounts in minor units, and times in Unix seconds.

    Resources: `store_credit`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "store_credit",
        }
    )

    @cached_property
    def store_credit(self) -> vinr_store_credit.AsyncStoreCredit:
        """Store credit is a balance that a customer can spend on future purchases. With the VINR API, you can create,
        retrieve and list store credit, and update its expiry.

        The amount and currency are fixed at creation; only `expires_at` can be updated. VINR reduces
        `balance_remaining` as the credit is spent. There is no operation for spending, voiding or deleting a credit.

        VINR describes its store credit page as illustrative and the field names on it as representative. Where the
        page leaves a question open, `openapi.yaml` follows our own decision. Confirm the details with VINR before you
        handle real money.
        """
        from store_credit.api.vinr_store_credit import AsyncStoreCredit

        return AsyncStoreCredit(self)


class SpreeClient(SyncClient, SpreeConnection["HTTPClient"]):
    """Synchronous client for Spree Commerce.

    The Platform and Storefront parts of Spree Commerce API v2, with JSON:API responses, decimal amounts and ISO 8601
    times.

    Resources: `account`, `checkout`, `orders`, `store_credit_categories`, `store_credit_types`, `store_credits`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "account",
            "checkout",
            "orders",
            "store_credit_categories",
            "store_credit_types",
            "store_credits",
        }
    )

    @cached_property
    def account(self) -> spree_account.Account:
        """The shopper's own account on the Spree Storefront API.

        The account's `store_credits` attribute contains the balance that the shopper can spend.
        """
        from store_credit.api.spree_account import Account

        return Account(self)

    @cached_property
    def checkout(self) -> spree_checkout.Checkout:
        """Spree checkout on the Storefront API, limited to store credit.

        Apply the shopper's store credit to the cart, or remove it again. No credit is spent until the order is
        completed.
        """
        from store_credit.api.spree_checkout import Checkout

        return Checkout(self)

    @cached_property
    def orders(self) -> spree_orders.Orders:
        """Spree orders on the Platform API, limited to store credit.

        The only operation in this section pays for an open order with the store credit of the order's user.
        """
        from store_credit.api.spree_orders import Orders

        return Orders(self)

    @cached_property
    def store_credit_categories(self) -> spree_store_credit_categories.StoreCreditCategories:
        """Spree store credit categories, which indicate why a credit was issued.

        All stores on a server share the same categories. A category cannot be deleted while a credit uses it.
        """
        from store_credit.api.spree_store_credit_categories import StoreCreditCategories

        return StoreCreditCategories(self)

    @cached_property
    def store_credit_types(self) -> spree_store_credit_types.StoreCreditTypes:
        """Spree store credit types, which determine the order in which credits are spent.

        Credits whose type has the lowest `priority` are spent first. A type can be deleted at any time; its credits
        keep the id of the deleted type.
        """
        from store_credit.api.spree_store_credit_types import StoreCreditTypes

        return StoreCreditTypes(self)

    @cached_property
    def store_credits(self) -> spree_store_credits.StoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations to
        manage store credit from a back office through Spree's Platform API.

        A credit belongs to a user and has a category and a type. Each credit has three amounts: `amount` (issued),
        `amount_used` (captured) and `amount_authorized` (reserved). The remaining balance is `amount - amount_used -
        amount_authorized`. Every transaction is recorded as an event; add `include=store_credit_events` to read the
        events.
        """
        from store_credit.api.spree_store_credits import StoreCredits

        return StoreCredits(self)


class AsyncSpreeClient(AsyncClient, SpreeConnection["HTTPAsyncClient"]):
    """Asynchronous client for Spree Commerce.

    The Platform and Storefront parts of Spree Commerce API v2, with JSON:API responses, decimal amounts and ISO 8601
    times.

    Resources: `account`, `checkout`, `orders`, `store_credit_categories`, `store_credit_types`, `store_credits`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "account",
            "checkout",
            "orders",
            "store_credit_categories",
            "store_credit_types",
            "store_credits",
        }
    )

    @cached_property
    def account(self) -> spree_account.AsyncAccount:
        """The shopper's own account on the Spree Storefront API.

        The account's `store_credits` attribute contains the balance that the shopper can spend.
        """
        from store_credit.api.spree_account import AsyncAccount

        return AsyncAccount(self)

    @cached_property
    def checkout(self) -> spree_checkout.AsyncCheckout:
        """Spree checkout on the Storefront API, limited to store credit.

        Apply the shopper's store credit to the cart, or remove it again. No credit is spent until the order is
        completed.
        """
        from store_credit.api.spree_checkout import AsyncCheckout

        return AsyncCheckout(self)

    @cached_property
    def orders(self) -> spree_orders.AsyncOrders:
        """Spree orders on the Platform API, limited to store credit.

        The only operation in this section pays for an open order with the store credit of the order's user.
        """
        from store_credit.api.spree_orders import AsyncOrders

        return AsyncOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_store_credit_categories.AsyncStoreCreditCategories:
        """Spree store credit categories, which indicate why a credit was issued.

        All stores on a server share the same categories. A category cannot be deleted while a credit uses it.
        """
        from store_credit.api.spree_store_credit_categories import AsyncStoreCreditCategories

        return AsyncStoreCreditCategories(self)

    @cached_property
    def store_credit_types(self) -> spree_store_credit_types.AsyncStoreCreditTypes:
        """Spree store credit types, which determine the order in which credits are spent.

        Credits whose type has the lowest `priority` are spent first. A type can be deleted at any time; its credits
        keep the id of the deleted type.
        """
        from store_credit.api.spree_store_credit_types import AsyncStoreCreditTypes

        return AsyncStoreCreditTypes(self)

    @cached_property
    def store_credits(self) -> spree_store_credits.AsyncStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Use these operations to
        manage store credit from a back office through Spree's Platform API.

        A credit belongs to a user and has a category and a type. Each credit has three amounts: `amount` (issued),
        `amount_used` (captured) and `amount_authorized` (reserved). The remaining balance is `amount - amount_used -
        amount_authorized`. Every transaction is recorded as an event; add `include=store_credit_events` to read the
        events.
        """
        from store_credit.api.spree_store_credits import AsyncStoreCredits

        return AsyncStoreCredits(self)


class SpreeAdminClient(SyncClient, SpreeAdminConnection["HTTPClient"]):
    """Synchronous client for Spree Commerce API v3, Admin API.

    The Admin and Store parts of Spree Commerce API v3, with flat JSON, amounts as decimal strings in major units, and
    ISO 8601 times. Anything that exists only in some versions is marked. No release of 6.0 has been recorded;
    statements about 6.0 are based on its code.

    Resources: `auth`, `customers`, `orders`, `store_credit_categories`, `store_credits`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "auth",
            "customers",
            "orders",
            "store_credit_categories",
            "store_credits",
        }
    )

    @cached_property
    def auth(self) -> spree_v3_admin_auth.AdminAuth:
        """Sign-in for staff on the Spree Admin API v3.

        Programs that issue credit use a secret key instead. A staff token identifies a person, who is recorded as the
        issuer of any credit issued with the token.
        """
        from store_credit.api.spree_v3_admin_auth import AdminAuth

        return AdminAuth(self)

    @cached_property
    def customers(self) -> spree_v3_admin_customers.AdminCustomers:
        """The customer operations of the Spree Admin API v3 that you need for store credit.

        Look up a customer's id by e-mail address before you issue credit.
        """
        from store_credit.api.spree_v3_admin_customers import AdminCustomers

        return AdminCustomers(self)

    @cached_property
    def orders(self) -> spree_v3_admin_orders.AdminOrders:
        """The order operations of the Spree Admin API v3 that you need for store credit: read, complete and cancel.

        Cancelling an order returns captured credit to the customer.
        """
        from store_credit.api.spree_v3_admin_orders import AdminOrders

        return AdminOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_v3_admin_store_credit_categories.AdminStoreCreditCategories:
        """Store credit categories on the Spree Admin API v3, read-only.

        Available in 5.6 and earlier; later versions have no categories.
        """
        from store_credit.api.spree_v3_admin_store_credit_categories import AdminStoreCreditCategories

        return AdminStoreCreditCategories(self)

    @cached_property
    def store_credits(self) -> spree_v3_admin_store_credits.AdminStoreCredits:
        """Store credits of all customers on the Spree Admin API v3, with totals for each currency.

        Available in `6.0-alpha+ledger` and later.
        """
        from store_credit.api.spree_v3_admin_store_credits import AdminStoreCredits

        return AdminStoreCredits(self)


class AsyncSpreeAdminClient(AsyncClient, SpreeAdminConnection["HTTPAsyncClient"]):
    """Asynchronous client for Spree Commerce API v3, Admin API.

    The Admin and Store parts of Spree Commerce API v3, with flat JSON, amounts as decimal strings in major units, and
    ISO 8601 times. Anything that exists only in some versions is marked. No release of 6.0 has been recorded;
    statements about 6.0 are based on its code.

    Resources: `auth`, `customers`, `orders`, `store_credit_categories`, `store_credits`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "auth",
            "customers",
            "orders",
            "store_credit_categories",
            "store_credits",
        }
    )

    @cached_property
    def auth(self) -> spree_v3_admin_auth.AsyncAdminAuth:
        """Sign-in for staff on the Spree Admin API v3.

        Programs that issue credit use a secret key instead. A staff token identifies a person, who is recorded as the
        issuer of any credit issued with the token.
        """
        from store_credit.api.spree_v3_admin_auth import AsyncAdminAuth

        return AsyncAdminAuth(self)

    @cached_property
    def customers(self) -> spree_v3_admin_customers.AsyncAdminCustomers:
        """The customer operations of the Spree Admin API v3 that you need for store credit.

        Look up a customer's id by e-mail address before you issue credit.
        """
        from store_credit.api.spree_v3_admin_customers import AsyncAdminCustomers

        return AsyncAdminCustomers(self)

    @cached_property
    def orders(self) -> spree_v3_admin_orders.AsyncAdminOrders:
        """The order operations of the Spree Admin API v3 that you need for store credit: read, complete and cancel.

        Cancelling an order returns captured credit to the customer.
        """
        from store_credit.api.spree_v3_admin_orders import AsyncAdminOrders

        return AsyncAdminOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_v3_admin_store_credit_categories.AsyncAdminStoreCreditCategories:
        """Store credit categories on the Spree Admin API v3, read-only.

        Available in 5.6 and earlier; later versions have no categories.
        """
        from store_credit.api.spree_v3_admin_store_credit_categories import AsyncAdminStoreCreditCategories

        return AsyncAdminStoreCreditCategories(self)

    @cached_property
    def store_credits(self) -> spree_v3_admin_store_credits.AsyncAdminStoreCredits:
        """Store credits of all customers on the Spree Admin API v3, with totals for each currency.

        Available in `6.0-alpha+ledger` and later.
        """
        from store_credit.api.spree_v3_admin_store_credits import AsyncAdminStoreCredits

        return AsyncAdminStoreCredits(self)


class SpreeStoreClient(SyncClient, SpreeStoreConnection["HTTPClient"]):
    """Synchronous client for Spree Commerce API v3, Store API.

    The Admin and Store parts of Spree Commerce API v3, with flat JSON, amounts as decimal strings in major units, and
    ISO 8601 times. Anything that exists only in some versions is marked. No release of 6.0 has been recorded;
    statements about 6.0 are based on its code.

    Resources: `auth`, `carts`, `customer`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "auth",
            "carts",
            "customer",
        }
    )

    @cached_property
    def auth(self) -> spree_v3_store_auth.StoreAuth:
        """Sign-in for customers on the Spree Store API v3.

        Send the token together with the shop's publishable key.
        """
        from store_credit.api.spree_v3_store_auth import StoreAuth

        return StoreAuth(self)

    @cached_property
    def carts(self) -> spree_v3_store_carts.StoreCarts:
        """The cart operations of the Spree Store API v3 that you need for store credit: read and complete.

        Do not complete a cart if store credit covers only part of the total and no other payment covers the rest.
        """
        from store_credit.api.spree_v3_store_carts import StoreCarts

        return StoreCarts(self)

    @cached_property
    def customer(self) -> spree_v3_store_customer.StoreCustomer:
        """The shopper's own profile on the Spree Store API v3.

        The profile shows the balance that can still be spent in the store's currency.
        """
        from store_credit.api.spree_v3_store_customer import StoreCustomer

        return StoreCustomer(self)


class AsyncSpreeStoreClient(AsyncClient, SpreeStoreConnection["HTTPAsyncClient"]):
    """Asynchronous client for Spree Commerce API v3, Store API.

    The Admin and Store parts of Spree Commerce API v3, with flat JSON, amounts as decimal strings in major units, and
    ISO 8601 times. Anything that exists only in some versions is marked. No release of 6.0 has been recorded;
    statements about 6.0 are based on its code.

    Resources: `auth`, `carts`, `customer`.
    Its arguments are described at `__init__`.
    """

    _resources = frozenset(
        {
            "auth",
            "carts",
            "customer",
        }
    )

    @cached_property
    def auth(self) -> spree_v3_store_auth.AsyncStoreAuth:
        """Sign-in for customers on the Spree Store API v3.

        Send the token together with the shop's publishable key.
        """
        from store_credit.api.spree_v3_store_auth import AsyncStoreAuth

        return AsyncStoreAuth(self)

    @cached_property
    def carts(self) -> spree_v3_store_carts.AsyncStoreCarts:
        """The cart operations of the Spree Store API v3 that you need for store credit: read and complete.

        Do not complete a cart if store credit covers only part of the total and no other payment covers the rest.
        """
        from store_credit.api.spree_v3_store_carts import AsyncStoreCarts

        return AsyncStoreCarts(self)

    @cached_property
    def customer(self) -> spree_v3_store_customer.AsyncStoreCustomer:
        """The shopper's own profile on the Spree Store API v3.

        The profile shows the balance that can still be spent in the store's currency.
        """
        from store_credit.api.spree_v3_store_customer import AsyncStoreCustomer

        return AsyncStoreCustomer(self)


for _client in (
    AsyncSpreeAdminClient,
    AsyncSpreeClient,
    AsyncSpreeStoreClient,
    AsyncVinrClient,
    SpreeAdminClient,
    SpreeClient,
    SpreeStoreClient,
    VinrClient,
):
    _client.__module__ = "store_credit"

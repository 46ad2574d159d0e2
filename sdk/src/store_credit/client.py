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
    """VINR, blocking.

    VINR's payment API. Flat JSON, amounts in minor units, times in Unix seconds.

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
        """Store credit is a balance that a customer can spend on future purchases. On VINR you create it, retrieve
        it, list it, and update its expiry.

        VINR's page about store credit calls its own content illustrative, written by hand, and its field names
        representative; what it leaves open was decided here. Compare with VINR before money depends on it.

        A record fixes its money when it is created; only `expires_at` may change afterwards. VINR lowers
        `balance_remaining` as purchases use the credit; no operation spends, voids or deletes it.
        """
        from store_credit.api.vinr_store_credit import StoreCredit

        return StoreCredit(self)


class AsyncVinrClient(AsyncClient, VinrConnection["HTTPAsyncClient"]):
    """VINR, awaited.

    VINR's payment API. Flat JSON, amounts in minor units, times in Unix seconds.

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
        """Store credit is a balance that a customer can spend on future purchases. On VINR you create it, retrieve
        it, list it, and update its expiry.

        VINR's page about store credit calls its own content illustrative, written by hand, and its field names
        representative; what it leaves open was decided here. Compare with VINR before money depends on it.

        A record fixes its money when it is created; only `expires_at` may change afterwards. VINR lowers
        `balance_remaining` as purchases use the credit; no operation spends, voids or deletes it.
        """
        from store_credit.api.vinr_store_credit import AsyncStoreCredit

        return AsyncStoreCredit(self)


class SpreeClient(SyncClient, SpreeConnection["HTTPClient"]):
    """Spree Commerce, blocking.

    Spree Commerce API v2, Platform and Storefront. JSON:API answers, decimal amounts, ISO 8601 times.

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

        Its `store_credits` attribute is the balance the shopper can spend.
        """
        from store_credit.api.spree_account import Account

        return Account(self)

    @cached_property
    def checkout(self) -> spree_checkout.Checkout:
        """Spree checkout on the Storefront API, as far as store credit goes.

        Put the shopper's store credit on the cart, and take it off again. Nothing is spent before the order
        completes.
        """
        from store_credit.api.spree_checkout import Checkout

        return Checkout(self)

    @cached_property
    def orders(self) -> spree_orders.Orders:
        """Spree orders on the Platform API, as far as store credit goes.

        One operation: pay an open order with its user's store credit.
        """
        from store_credit.api.spree_orders import Orders

        return Orders(self)

    @cached_property
    def store_credit_categories(self) -> spree_store_credit_categories.StoreCreditCategories:
        """Spree store credit categories: why a credit was given.

        Shared by all stores of a server. A category cannot be deleted while a live credit uses it.
        """
        from store_credit.api.spree_store_credit_categories import StoreCreditCategories

        return StoreCreditCategories(self)

    @cached_property
    def store_credit_types(self) -> spree_store_credit_types.StoreCreditTypes:
        """Spree store credit types: in which order credits are spent.

        The credit whose type has the lowest `priority` is spent first. A type can be deleted at any time; credits
        keep the id of the type that is gone.
        """
        from store_credit.api.spree_store_credit_types import StoreCreditTypes

        return StoreCreditTypes(self)

    @cached_property
    def store_credits(self) -> spree_store_credits.StoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Here a back office keeps it,
        on Spree's Platform API.

        A credit belongs to a user, has a category and a type, and keeps three amounts: `amount` issued, `amount_used`
        captured and `amount_authorized` reserved; what remains is the first minus the other two. Every movement is an
        event, readable through `include=store_credit_events`.
        """
        from store_credit.api.spree_store_credits import StoreCredits

        return StoreCredits(self)


class AsyncSpreeClient(AsyncClient, SpreeConnection["HTTPAsyncClient"]):
    """Spree Commerce, awaited.

    Spree Commerce API v2, Platform and Storefront. JSON:API answers, decimal amounts, ISO 8601 times.

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

        Its `store_credits` attribute is the balance the shopper can spend.
        """
        from store_credit.api.spree_account import AsyncAccount

        return AsyncAccount(self)

    @cached_property
    def checkout(self) -> spree_checkout.AsyncCheckout:
        """Spree checkout on the Storefront API, as far as store credit goes.

        Put the shopper's store credit on the cart, and take it off again. Nothing is spent before the order
        completes.
        """
        from store_credit.api.spree_checkout import AsyncCheckout

        return AsyncCheckout(self)

    @cached_property
    def orders(self) -> spree_orders.AsyncOrders:
        """Spree orders on the Platform API, as far as store credit goes.

        One operation: pay an open order with its user's store credit.
        """
        from store_credit.api.spree_orders import AsyncOrders

        return AsyncOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_store_credit_categories.AsyncStoreCreditCategories:
        """Spree store credit categories: why a credit was given.

        Shared by all stores of a server. A category cannot be deleted while a live credit uses it.
        """
        from store_credit.api.spree_store_credit_categories import AsyncStoreCreditCategories

        return AsyncStoreCreditCategories(self)

    @cached_property
    def store_credit_types(self) -> spree_store_credit_types.AsyncStoreCreditTypes:
        """Spree store credit types: in which order credits are spent.

        The credit whose type has the lowest `priority` is spent first. A type can be deleted at any time; credits
        keep the id of the type that is gone.
        """
        from store_credit.api.spree_store_credit_types import AsyncStoreCreditTypes

        return AsyncStoreCreditTypes(self)

    @cached_property
    def store_credits(self) -> spree_store_credits.AsyncStoreCredits:
        """Store credit is a balance that a customer of a shop can spend on later orders. Here a back office keeps it,
        on Spree's Platform API.

        A credit belongs to a user, has a category and a type, and keeps three amounts: `amount` issued, `amount_used`
        captured and `amount_authorized` reserved; what remains is the first minus the other two. Every movement is an
        event, readable through `include=store_credit_events`.
        """
        from store_credit.api.spree_store_credits import AsyncStoreCredits

        return AsyncStoreCredits(self)


class SpreeAdminClient(SyncClient, SpreeAdminConnection["HTTPClient"]):
    """Spree Commerce API v3, Admin API, blocking.

    Spree Commerce API v3, Admin and Store. Flat JSON, amounts as decimal strings in major units, ISO 8601 times. What
    only some versions have is marked. Nothing of a released 6.0 was recorded; it is read from code.

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
        """Sign-in of Spree's staff on the Admin API v3.

        A program that issues credit uses a secret key; a token is for a person, who then counts as the issuer.
        """
        from store_credit.api.spree_v3_admin_auth import AdminAuth

        return AdminAuth(self)

    @cached_property
    def customers(self) -> spree_v3_admin_customers.AdminCustomers:
        """The customers of a shop on the Admin API v3, as far as store credit needs them.

        Look up by address the id under which credit is issued.
        """
        from store_credit.api.spree_v3_admin_customers import AdminCustomers

        return AdminCustomers(self)

    @cached_property
    def orders(self) -> spree_v3_admin_orders.AdminOrders:
        """Orders on the Spree Admin API v3, as far as store credit goes: read, complete, cancel.

        Cancelling gives captured credit back.
        """
        from store_credit.api.spree_v3_admin_orders import AdminOrders

        return AdminOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_v3_admin_store_credit_categories.AdminStoreCreditCategories:
        """Store credit categories on the Spree Admin API v3, to be read.

        Up to 5.6; later versions have none.
        """
        from store_credit.api.spree_v3_admin_store_credit_categories import AdminStoreCreditCategories

        return AdminStoreCreditCategories(self)

    @cached_property
    def store_credits(self) -> spree_v3_admin_store_credits.AdminStoreCredits:
        """Store credits of all customers on the Spree Admin API v3, with sums for each currency.

        From the ledger on, which came with 6.0.
        """
        from store_credit.api.spree_v3_admin_store_credits import AdminStoreCredits

        return AdminStoreCredits(self)


class AsyncSpreeAdminClient(AsyncClient, SpreeAdminConnection["HTTPAsyncClient"]):
    """Spree Commerce API v3, Admin API, awaited.

    Spree Commerce API v3, Admin and Store. Flat JSON, amounts as decimal strings in major units, ISO 8601 times. What
    only some versions have is marked. Nothing of a released 6.0 was recorded; it is read from code.

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
        """Sign-in of Spree's staff on the Admin API v3.

        A program that issues credit uses a secret key; a token is for a person, who then counts as the issuer.
        """
        from store_credit.api.spree_v3_admin_auth import AsyncAdminAuth

        return AsyncAdminAuth(self)

    @cached_property
    def customers(self) -> spree_v3_admin_customers.AsyncAdminCustomers:
        """The customers of a shop on the Admin API v3, as far as store credit needs them.

        Look up by address the id under which credit is issued.
        """
        from store_credit.api.spree_v3_admin_customers import AsyncAdminCustomers

        return AsyncAdminCustomers(self)

    @cached_property
    def orders(self) -> spree_v3_admin_orders.AsyncAdminOrders:
        """Orders on the Spree Admin API v3, as far as store credit goes: read, complete, cancel.

        Cancelling gives captured credit back.
        """
        from store_credit.api.spree_v3_admin_orders import AsyncAdminOrders

        return AsyncAdminOrders(self)

    @cached_property
    def store_credit_categories(self) -> spree_v3_admin_store_credit_categories.AsyncAdminStoreCreditCategories:
        """Store credit categories on the Spree Admin API v3, to be read.

        Up to 5.6; later versions have none.
        """
        from store_credit.api.spree_v3_admin_store_credit_categories import AsyncAdminStoreCreditCategories

        return AsyncAdminStoreCreditCategories(self)

    @cached_property
    def store_credits(self) -> spree_v3_admin_store_credits.AsyncAdminStoreCredits:
        """Store credits of all customers on the Spree Admin API v3, with sums for each currency.

        From the ledger on, which came with 6.0.
        """
        from store_credit.api.spree_v3_admin_store_credits import AsyncAdminStoreCredits

        return AsyncAdminStoreCredits(self)


class SpreeStoreClient(SyncClient, SpreeStoreConnection["HTTPClient"]):
    """Spree Commerce API v3, Store API, blocking.

    Spree Commerce API v3, Admin and Store. Flat JSON, amounts as decimal strings in major units, ISO 8601 times. What
    only some versions have is marked. Nothing of a released 6.0 was recorded; it is read from code.

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
        """Sign-in of customers on the Spree Store API v3.

        The token goes with the publishable key of the shop.
        """
        from store_credit.api.spree_v3_store_auth import StoreAuth

        return StoreAuth(self)

    @cached_property
    def carts(self) -> spree_v3_store_carts.StoreCarts:
        """Carts on the Spree Store API v3, as far as store credit goes: read, complete.

        A cart with credit for a part alone had better not be completed.
        """
        from store_credit.api.spree_v3_store_carts import StoreCarts

        return StoreCarts(self)

    @cached_property
    def customer(self) -> spree_v3_store_customer.StoreCustomer:
        """The shopper's own profile on the Spree Store API v3.

        It has what can still be spent in the store's currency.
        """
        from store_credit.api.spree_v3_store_customer import StoreCustomer

        return StoreCustomer(self)


class AsyncSpreeStoreClient(AsyncClient, SpreeStoreConnection["HTTPAsyncClient"]):
    """Spree Commerce API v3, Store API, awaited.

    Spree Commerce API v3, Admin and Store. Flat JSON, amounts as decimal strings in major units, ISO 8601 times. What
    only some versions have is marked. Nothing of a released 6.0 was recorded; it is read from code.

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
        """Sign-in of customers on the Spree Store API v3.

        The token goes with the publishable key of the shop.
        """
        from store_credit.api.spree_v3_store_auth import AsyncStoreAuth

        return AsyncStoreAuth(self)

    @cached_property
    def carts(self) -> spree_v3_store_carts.AsyncStoreCarts:
        """Carts on the Spree Store API v3, as far as store credit goes: read, complete.

        A cart with credit for a part alone had better not be completed.
        """
        from store_credit.api.spree_v3_store_carts import AsyncStoreCarts

        return AsyncStoreCarts(self)

    @cached_property
    def customer(self) -> spree_v3_store_customer.AsyncStoreCustomer:
        """The shopper's own profile on the Spree Store API v3.

        It has what can still be spent in the store's currency.
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

"""The clients: one pair for each system. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from store_credit._core.client import AsyncClient, SyncClient
from store_credit._core.spree import SpreeConnection
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
        vinr_store_credit,
    )

__all__ = [
    "AsyncSpreeClient",
    "AsyncVinrClient",
    "SpreeClient",
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
        """VINR store credit: issue, read, list, and change the expiry of a customer's credit.

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
        """VINR store credit: issue, read, list, and change the expiry of a customer's credit.

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
        """Spree store credits on the Platform API: the credits themselves, for a back office.

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
        """Spree store credits on the Platform API: the credits themselves, for a back office.

        A credit belongs to a user, has a category and a type, and keeps three amounts: `amount` issued, `amount_used`
        captured and `amount_authorized` reserved; what remains is the first minus the other two. Every movement is an
        event, readable through `include=store_credit_events`.
        """
        from store_credit.api.spree_store_credits import AsyncStoreCredits

        return AsyncStoreCredits(self)


for _client in (
    AsyncSpreeClient,
    AsyncVinrClient,
    SpreeClient,
    VinrClient,
):
    _client.__module__ = "store_credit"

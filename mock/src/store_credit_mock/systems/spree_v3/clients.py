"""Ready clients of Spree's API v3, for a mock in the same process."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from store_credit_mock.systems.clients import HttpClients
from store_credit_mock.systems.spree_v3.options import PUBLISHABLE_KEY, SECRET_KEY

if TYPE_CHECKING:
    import store_credit

__all__ = ["SPREE_PUBLISHABLE_KEY", "SPREE_SECRET_KEY", "SPREE_V3_URL", "SpreeV3Clients"]

SPREE_V3_URL: Final = "https://demo.spreecommerce.org"
SPREE_SECRET_KEY: Final = SECRET_KEY
SPREE_PUBLISHABLE_KEY: Final = PUBLISHABLE_KEY


class SpreeV3Clients(HttpClients):
    """The part of `Mock` that is about Spree's API v3."""

    @cached_property
    def spree_admin(self) -> store_credit.SpreeAdminClient:
        """A client of the Admin API with a secret key that opens everything."""
        import store_credit

        return store_credit.SpreeAdminClient(
            self.address(SPREE_V3_URL), self.spree_secret_key, http_client=self.http_client()
        )

    @cached_property
    def async_spree_admin(self) -> store_credit.AsyncSpreeAdminClient:
        """The same, awaited."""
        import store_credit

        http_client = self.async_http_client()
        return store_credit.AsyncSpreeAdminClient(
            self.address(SPREE_V3_URL), self.spree_secret_key, http_client=http_client
        )

    @cached_property
    def spree_store(self) -> store_credit.SpreeStoreClient:
        """A client of the Store API with the publishable key of the shop; nobody is signed in yet."""
        import store_credit

        return store_credit.SpreeStoreClient(
            self.address(SPREE_V3_URL), self.spree_publishable_key, http_client=self.http_client()
        )

    @cached_property
    def async_spree_store(self) -> store_credit.AsyncSpreeStoreClient:
        """The same, awaited."""
        import store_credit

        http_client = self.async_http_client()
        return store_credit.AsyncSpreeStoreClient(
            self.address(SPREE_V3_URL), self.spree_publishable_key, http_client=http_client
        )

    @property
    def spree_secret_key(self) -> str:
        """The secret key of the Admin API that opens everything."""
        return SPREE_SECRET_KEY

    @property
    def spree_publishable_key(self) -> str:
        """The publishable key of the Store API."""
        return SPREE_PUBLISHABLE_KEY

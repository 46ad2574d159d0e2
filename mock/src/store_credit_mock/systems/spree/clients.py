"""Ready clients of Spree, for a mock in the same process."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING, Final

from store_credit_mock.systems.clients import HttpClients

if TYPE_CHECKING:
    import store_credit

__all__ = ["SPREE_TOKEN", "SPREE_URL", "SpreeClients"]

SPREE_URL: Final = "https://demo.spreecommerce.org"
SPREE_TOKEN: Final = "spree-admin-token"  # noqa: S105 - the mock's own, made to be read


class SpreeClients(HttpClients):
    """The part of `Mock` that is about Spree."""

    @cached_property
    def spree(self) -> store_credit.SpreeClient:
        """A client of Spree whose token has the scope admin."""
        import store_credit

        return store_credit.SpreeClient(self.address(SPREE_URL), self.spree_token, http_client=self.http_client())

    @cached_property
    def async_spree(self) -> store_credit.AsyncSpreeClient:
        """The same, awaited."""
        import store_credit

        http_client = self.async_http_client()
        return store_credit.AsyncSpreeClient(self.address(SPREE_URL), self.spree_token, http_client=http_client)

    @property
    @abstractmethod
    def spree_token(self) -> str:
        """The admin bearer of Spree's Platform API."""

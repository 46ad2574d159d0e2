"""Ready clients of VINR, for a mock in the same process."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from store_credit_mock.systems.clients import HttpClients

if TYPE_CHECKING:
    import store_credit

__all__ = ["VINR_KEY", "VINR_URL", "VinrClients"]

VINR_URL: Final = "https://sandbox.api.vinr.com"
VINR_KEY: Final = "sk_test_mock"


class VinrClients(HttpClients):
    """The part of `Mock` that is about VINR."""

    @cached_property
    def vinr(self) -> store_credit.VinrClient:
        """A client of VINR whose key may do everything."""
        import store_credit

        return store_credit.VinrClient(VINR_KEY, base_url=self.address(VINR_URL), http_client=self.http_client())

    @cached_property
    def async_vinr(self) -> store_credit.AsyncVinrClient:
        """The same, awaited."""
        import store_credit

        http_client = self.async_http_client()
        return store_credit.AsyncVinrClient(VINR_KEY, base_url=self.address(VINR_URL), http_client=http_client)

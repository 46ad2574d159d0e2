"""The typed client of VINR's part of the control plane."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypedDict

if TYPE_CHECKING:
    from store_credit_mock.systems.ledger_store import LedgerEntry
    from store_credit_mock.systems.vinr.purchases import Purchase

__all__ = ["DeliveryState", "Endpoint", "NewEndpoint", "VinrControl"]


class Endpoint(TypedDict):
    """A webhook endpoint. `created` is in Unix seconds."""

    id: str
    url: str
    status: str
    enabled_events: list[str]
    created: int


class NewEndpoint(Endpoint):
    """One just made; `secret` signs what is sent to it, and is shown only now."""

    secret: str


class DeliveryState(TypedDict):
    """A delivery: `state` is `pending`, `delivered` or `failed`; `due` is in Unix milliseconds."""

    id: str
    event: str
    endpoint: str
    state: str
    attempts: int
    due: int
    last_status: int | None
    last_error: str | None


class VinrControl:
    """What can be done to VINR."""

    def __init__(self, call: Callable[..., Any]) -> None:
        self._call = call

    def add_customer(
        self,
        id: str | None = None,
        email: str | None = None,
        name: str | None = None,
        phone: str | None = None,
    ) -> dict[str, Any]:
        """Add a customer; id and e-mail are made up if not given."""
        sent = {"id": id, "email": email, "name": name, "phone": phone}
        return self._call("POST", "/_mock/vinr/customers", {k: v for k, v in sent.items() if v is not None})

    def customers(self) -> list[dict[str, Any]]:
        """The customers, oldest first, at most 1,000."""
        return self._call("GET", "/_mock/vinr/customers")["data"]

    def issue_key(
        self, key: str | None = None, scopes: list[str] | None = None, expires_at: float | None = None
    ) -> str:
        """Issue a key, or change what a key may do.

        Args:
            key: Made up (`rk_test_...`) if not given.
            scopes: `store_credit:read`, `store_credit:write`; both if not given.
            expires_at: Unix seconds.
        """
        sent = {"key": key, "scopes": scopes, "expires_at": expires_at}
        return self._call("POST", "/_mock/vinr/keys", {k: v for k, v in sent.items() if v is not None})["key"]

    def change_key(self, key: str, action: Literal["expire", "revoke", "restore"]) -> None:
        """Expire, revoke or restore a key."""
        self._call("POST", "/_mock/vinr/keys/change", {"key": key, "action": action})

    def rate_limit(self, rate: float | None, size: int = 50) -> None:
        """Limit each key to `rate` requests per second with a bucket of `size`; None stops limiting."""
        self._call("POST", "/_mock/vinr/rate-limit", {"rate": rate, "size": size})

    def buy(self, customer: str, amount: int, currency: str) -> Purchase:
        """Buy something; the customer's credit pays as far as it goes. `amount` is in minor units."""
        body = {"customer": customer, "amount": amount, "currency": currency}
        return self._call("POST", "/_mock/vinr/purchases", body)

    def purchase(self, id: str) -> Purchase:
        """Show a purchase."""
        return self._call("GET", f"/_mock/vinr/purchases/{id}")

    def refund(self, id: str, amount: int | None = None) -> Purchase:
        """Take a purchase back, wholly or for an amount in minor units."""
        return self._call("POST", f"/_mock/vinr/purchases/{id}/refund", {"amount": amount})

    def credits(self, limit: int = 100, customer: str | None = None) -> list[dict[str, Any]]:
        """Store credit as the API shows it, newest first, at most 1,000; of one customer if that is named."""
        return self._call("GET", "/_mock/vinr/store-credit", query={"limit": limit, "customer": customer})["data"]

    def entries(self, credit: str) -> list[LedgerEntry]:
        """The movements of one credit in their order, the last 1,000."""
        return self._call("GET", f"/_mock/vinr/store-credit/{credit}/entries")["data"]

    def add_endpoint(self, url: str, enabled_events: list[str] | None = None, secret: str | None = None) -> NewEndpoint:
        """Register a webhook endpoint. The secret is shown only here."""
        sent: dict[str, Any] = {"url": url, "enabled_events": enabled_events, "secret": secret}
        return self._call("POST", "/_mock/vinr/webhook-endpoints", {k: v for k, v in sent.items() if v is not None})

    def endpoints(self) -> list[Endpoint]:
        """The endpoints in the order they were registered, without their secrets."""
        return self._call("GET", "/_mock/vinr/webhook-endpoints")["data"]

    def change_endpoint(
        self,
        id: str,
        status: Literal["enabled", "disabled"] | None = None,
        enabled_events: list[str] | None = None,
    ) -> Endpoint:
        """Disable or enable an endpoint, or change which events it gets; what is not given stays."""
        sent: dict[str, Any] = {"status": status, "enabled_events": enabled_events}
        body = {k: v for k, v in sent.items() if v is not None}
        return self._call("POST", f"/_mock/vinr/webhook-endpoints/{id}", body)

    def remove_endpoint(self, id: str) -> None:
        """Remove an endpoint and its deliveries."""
        self._call("DELETE", f"/_mock/vinr/webhook-endpoints/{id}")

    def events(self) -> list[dict[str, Any]]:
        """The events, newest first, at most 1,000."""
        return self._call("GET", "/_mock/vinr/events")["data"]

    def deliveries(self) -> list[DeliveryState]:
        """The deliveries in the order they are due, at most 1,000."""
        return self._call("GET", "/_mock/vinr/deliveries")["data"]

    def held(self) -> bool:
        """Whether deliveries are held back."""
        return self._call("GET", "/_mock/vinr/deliveries")["held"]

    def redeliver(self, id: str) -> None:
        """Send a delivery's event to its endpoint once more."""
        self._call("POST", f"/_mock/vinr/deliveries/{id}/redeliver")

    def duplicate(self, event: str, times: int = 1) -> None:
        """Deliver an event again to every endpoint that asked for its type."""
        self._call("POST", f"/_mock/vinr/events/{event}/duplicate", {"times": times})

    def reorder(self, order: Literal["oldest", "newest", "shuffled"] | list[str] = "newest") -> None:
        """Change the order of the deliveries that are due."""
        self._call("POST", "/_mock/vinr/deliveries/reorder", {"order": order})

    def hold(self, held: bool = True) -> None:
        """Hold deliveries back, or let them go."""
        self._call("POST", "/_mock/vinr/deliveries/hold", {"held": held})

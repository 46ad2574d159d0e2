"""A shop on Spree's API v3 in this process: its clients, and the carts that a shopper fills without them."""

from __future__ import annotations

from typing import Any, Final

import orjson

from store_credit import SpreeAdminClient, SpreeStoreClient
from store_credit_mock import Contract
from store_credit_mock.mock import Mock
from store_credit_mock.systems.spree_v3.ids import encode
from store_credit_mock.systems.spree_v3.passwords import PASSWORD

__all__ = ["ADDRESS", "PUBLISHABLE_KEY", "SECRET_KEY", "URL", "V3Shop"]

URL: Final = "https://shop.example.com"
SECRET_KEY: Final = "sk_of_the_tests"
PUBLISHABLE_KEY: Final = "pk_of_the_tests"
ADDRESS: Final = {
    "first_name": "Alice",
    "last_name": "Archer",
    "address1": "1 Main St",
    "city": "New York",
    "postal_code": "10001",
    "phone": "5551234567",
    "country_iso": "US",
    "country_code": "US",
    "state_abbr": "NY",
    "state_code": "NY",
}


class V3Shop:
    """A mock that plays a version of API v3, its back office, and its shoppers.

    Args:
        profile: The version.
        contract: The compiled document, shared by the tests.
        options: Further options of the mock.
    """

    def __init__(self, profile: str, contract: Contract | None = None, **options: Any) -> None:
        chosen: dict[str, Any] = {
            "spree_v3_profile": profile,
            "spree_v3_secret_key": SECRET_KEY,
            "spree_v3_publishable_key": PUBLISHABLE_KEY,
            "seed": 1,
            **options,
        }
        self.mock = Mock(contract, **chosen)
        self.http = self.mock.http_client()
        self.admin = SpreeAdminClient(URL, SECRET_KEY, http_client=self.mock.http_client())
        self._tokens: dict[str, str] = {}
        self._customer = "cust" if profile.startswith("6") else "cus"

    def close(self) -> None:
        """Let go of the mock."""
        self.admin.close()
        self.mock.close()

    def customer(self, number: int = 1) -> str:
        """The id of a customer by number: Alice is 1, Bob 2."""
        return f"{self._customer}_{encode(number)}"

    def shopper(self, email: str = "alice@example.com") -> SpreeStoreClient:
        """A client of the store side for somebody who has signed in."""
        token = self.token(email)
        return SpreeStoreClient(URL, PUBLISHABLE_KEY, customer_token=token, http_client=self.mock.http_client())

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send a request that must succeed, and return its JSON; underscores in names of headers are hyphens."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        response = self.http.request(method, URL + path, json=body, headers=sent)
        assert response.status_code < 300, (method, path, response.text)
        return orjson.loads(response.content) if response.content else None

    def token(self, email: str = "alice@example.com") -> str:
        """A customer's token; signed in once, as 6.0 lets an address sign in five times a minute."""
        if email not in self._tokens:
            client = SpreeStoreClient(URL, PUBLISHABLE_KEY, http_client=self.mock.http_client())
            self._tokens[email] = client.auth.login(email=email, password=PASSWORD).token
        return self._tokens[email]

    def cart(self, email: str = "alice@example.com", variant: int = 1, quantity: int = 1) -> str:
        """A cart with an address, ready to be paid: of T-shirts (1, 19.99), mugs (2, 10.00), coats (3, 250.00) + 5."""
        opening = {"X_Spree_Api_Key": PUBLISHABLE_KEY, "Authorization": f"Bearer {self.token(email)}"}
        items = {"items": [{"variant_id": f"variant_{encode(variant)}", "quantity": quantity}]}
        cart = self.ask("POST", "/api/v3/store/carts", items, **opening)["id"]
        self.ask("PATCH", f"/api/v3/store/carts/{cart}", {"email": email, "shipping_address": ADDRESS}, **opening)
        return cart

    def capture(self, *, at_once: bool) -> None:
        """Capture credit when an order is placed, or only authorize it then."""
        change = {"auto_capture": at_once, "capture_method": "checkout" if at_once else "manual"}
        self.ask("PATCH", f"/api/v3/admin/payment_methods/pm_{encode(1)}", change, X_Spree_Api_Key=SECRET_KEY)

"""The mock in this process, with the records that the document's examples name."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from store_credit_mock import Contract, Engine, Options, Request, Violation
from store_credit_mock.contract import Document
from store_credit_mock.control import Control

from .probes import Names, Probe

__all__ = ["Answered", "Sandbox", "Sandboxes"]

_FIXTURES = {
    "vinr": {"store_credits": [{"id": "sc_4Bk9mQ", "customer": "cust_8aZ2", "amount": 1000, "currency": "USD"}]},
    "spree": {
        "applications": [
            {"name": "Example", "client_id": "example-client-id", "client_secret": "example-client-secret"}
        ],
        "store_credits": [{"user_id": 2, "amount": "80.00", "category_id": 4, "type_id": 2}],
    },
}
_STAFF, _CUSTOMER, _PASSWORD = "desk@shop.example", "nora@shop.example", "example-password"
"""Who signs in to Spree's API v3 in the document."""
_ADMIN_KEY, _SHOP_KEY = {"X-Spree-Api-Key": "sk_full"}, {"X-Spree-Api-Key": "pk_shop"}
_FIRST = "UkLWZg9DAJ"
"""What is behind the prefix in the document's ids of Spree's API v3, but for the customer's."""


@dataclass(frozen=True)
class Answered:
    """What the mock said.

    Attributes:
        violations: Of the request.
        broken: What its own response breaks.
    """

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    violations: tuple[Violation, ...]
    broken: tuple[Violation, ...]
    body: bytes


class Sandbox:
    """A mock; each request finds it as it was at first."""

    def __init__(self, contract: Contract, v3: str) -> None:
        """Fill it.

        Args:
            contract: What it checks against.
            v3: Which version of Spree's API v3 it plays.
        """
        options = Options(seed=1, spree_token="admin-of-the-corpus", spree_v3_profile=v3, fixtures=_FIXTURES)
        self.engine = Engine(contract, options=options)
        self.engine.raise_errors = True
        self._of_operations: dict[str, Names] = {}
        spree = Control.inside(self.engine.control).spree
        cart = spree.create_cart(user_id=2, currency="USD")
        spree.add_item(cart.number, price="24.99")
        bearer = spree.issue_token(user_id=2, application="shop", scopes="read write").token
        self._names: Names = {
            "vinrApiKey": "sk_test_corpus",
            "vinrBearer": "sk_test_corpus",
            "spreeBearer": "admin-of-the-corpus",
            "spreeCustomerToken": bearer,
            "spreeOrderToken": cart.token,
            "R100200300": cart.number,
            **self._v3(),
        }
        self._untouched = self.engine.snapshot()

    def _v3(self) -> Names:
        """Make what there has to be of Spree's API v3: one customer's credit stays unspent, another's pays carts."""
        shop = Control.inside(self.engine.control).spree_v3
        shop.add_staff(_STAFF, password=_PASSWORD)
        customer = shop.add_customer(_CUSTOMER, password=_PASSWORD)
        shop.give_credit(_CUSTOMER, "80.00")
        shopper = shop.add_customer("shopper@shop.example")
        credit = shop.give_credit("shopper@shop.example", "80.00").id
        open_cart, placed_cart = (shop.fill_cart(shopper.id, store_credit=True) for _ in range(2))
        token = shop.issue_customer_token(shopper.id).token
        signed_in = {**_SHOP_KEY, "Authorization": f"Bearer {token}"}
        placed = self._sent("POST", f"/api/v3/store/carts/{placed_cart.id}/complete", signed_in)["id"]
        (payment,) = self._sent("GET", f"/api/v3/admin/orders/{placed}/payments", _ADMIN_KEY)["data"]
        cart = self._sent("GET", f"/api/v3/store/carts/{open_cart.id}", signed_in)
        login = self._sent(
            "POST", "/api/v3/admin/auth/login", {"Content-Type": "application/json"},
            {"email": _STAFF, "password": _PASSWORD},
        )  # fmt: skip
        order = {f"or_{_FIRST}": placed, f"py_{_FIRST}": payment["id"]}
        for action in ("cancel", "payments.list", "payments.capture", "payments.void"):
            self._of_operations[f"spree_v3.admin.orders.{action}"] = order
        self._of_operations["spree_v3.store.customer.store_credits.get"] = {f"credit_{_FIRST}": credit}
        return {
            "spreeV3SecretKey": _ADMIN_KEY["X-Spree-Api-Key"],
            "spreeV3StaffToken": login["token"],
            "spreeV3PublishableKey": _SHOP_KEY["X-Spree-Api-Key"],
            "spreeV3CustomerToken": token,
            "spreeV3CartToken": cart["token"],
            "cus_AXs1igzRC6": customer.id,
            f"cart_{_FIRST}": open_cart.id,
            f"or_{_FIRST}": open_cart.id.replace("cart_", "or_"),
        }

    def _sent(self, method: str, path: str, headers: Mapping[str, str], body: Any = None) -> Any:
        content = b"" if body is None else json.dumps(body).encode()
        pairs = [(name.encode(), value.encode()) for name, value in headers.items()]
        response = self.engine.handle(Request(method, path, "", pairs, content))
        assert response.status < 300, response.body
        return json.loads(response.body)

    def names_of(self, operation: str) -> Names:
        """Secrets by security scheme, and ids by the document's example of them."""
        return {**self._names, **self._of_operations.get(operation, {})}

    def ask(self, probe: Probe) -> Answered:
        """Send one request."""
        path, _, query = probe.target.partition("?")
        headers = [(name.encode(), value.encode()) for name, value in probe.headers]
        response = self.engine.handle(Request(probe.method, path, query, headers, probe.body or b""))
        found = self.engine.exchanges[-1].violations
        # What Spree's API v3 counts towards a limit are reads, too.
        if probe.method not in {"GET", "HEAD"} or probe.operation.startswith("spree_v3."):
            self.engine.restore(self._untouched)
        sides = [tuple(one for one in found if (one.side == "request") is wanted) for wanted in (True, False)]
        return Answered(response.status, response.headers, sides[0], sides[1], response.body)


class Sandboxes:
    """A sandbox for each of some versions of Spree's API v3; an operation is asked of the first that has it."""

    def __init__(self, contract: Contract, document: Document, versions: tuple[str, ...]) -> None:
        self._document = document
        self._made = {version: Sandbox(contract, version) for version in versions}

    def of(self, operation: str) -> Sandbox:
        """The sandbox for an operation."""
        had = self._document.operations[operation].definition.get("x-versions") or list(self._made)
        return next(sandbox for version, sandbox in self._made.items() if version in had)

    def names_of(self, operation: str) -> Names:
        """Secrets by security scheme, and ids by the document's example of them."""
        return self.of(operation).names_of(operation)

    def close(self) -> None:
        for sandbox in self._made.values():
            sandbox.engine.close()

"""The sandbox that answers the samples: always the same, holding what their requests name.

Each sample is answered in a state of its own, so that no sample depends on those before it. The same states can be
given to a running mock (`Control.restore`), which then answers the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from store_credit_mock import Engine, Options, Request, Response
from store_credit_mock.control import Control
from store_credit_mock.systems.spree_v3.webhook_deliveries import OUTBOX as SPREE_OUTBOX
from store_credit_mock.systems.vinr.webhook_deliveries import OUTBOX as VINR_OUTBOX
from store_credit_tools.docs_site.sampling.errors import SampleError
from store_credit_tools.docs_site.sampling.requests import SampleRequest

__all__ = ["CONTENTS", "SEED", "SampleSandbox"]

SEED: Final = "1"
"""The seed of the sandbox; a mock started with `--seed` and this answers the samples alike."""

CONTENTS: Final = {
    "vinr": {
        "store_credits": [
            {
                "id": "sc_4Bk9mQ",
                "customer": "cust_8aZ2",
                "amount": 1000,
                "spent": 350,
                "currency": "USD",
                "expires_at": 1826841600,
            }
        ]
    },
    "spree": {
        "applications": [
            {
                "name": "Example",
                "client_id": "example-client-id",
                "client_secret": "example-client-secret",
            }
        ],
        "store_credits": [
            {
                "user_id": 2,
                "category_id": 4,
                "created_by_id": 5,
                "amount": "25.00",
                "currency": "USD",
                "memo": "Sorry that the parcel was late",
            }
        ],
    },
    "spree_v3": {
        "customers": [
            {
                "email": "nora@shop.example",
                "first_name": "Nora",
                "last_name": "Lind",
                "password": "example-password",
            }
        ],
        "staff": [{"email": "desk@shop.example", "password": "example-password"}],
        "store_credits": [
            {"customer": "nora@shop.example", "amount": "25.00", "currency": "USD", "memo": "Late parcel"},
            {"customer": "nora@shop.example", "amount": "20.00", "currency": "EUR", "memo": "Goodwill"},
        ],
        "carts": [{"customer": "nora@shop.example", "items": [{"variant_id": 1}], "address": True}],
    },
}
"""What the sandbox holds beyond a fresh one: the records that the examples of path parameters name."""

_CART: Final = "R100200300"
_SHOPPER: Final = 2
_COFFEE_MUG: Final = 2

_SPREE_SHOPPER: Final = "cus_AXs1igzRC6"
_ORDER: Final = "spree_v3.admin.orders"
_CART_V3: Final = "spree_v3.store.carts"
_ALL: Final[Mapping[str, Any]] = {}
"""The body that applies as much as there is."""

_PAID: Final = (f"{_ORDER}.store_credits.apply", _ALL)
_PLACED: Final = (_PAID, (f"{_ORDER}.complete", None))
_BEFORE: Final[Mapping[str, Sequence[tuple[str, Mapping[str, Any] | None]]]] = {
    "spree.checkout.remove_store_credit": [("spree.checkout.add_store_credit", None)],
    f"{_ORDER}.complete": [_PAID],
    f"{_ORDER}.cancel": _PLACED,
    f"{_ORDER}.payments.list": [_PAID],
    f"{_ORDER}.payments.capture": _PLACED,
    f"{_ORDER}.payments.void": _PLACED,
    f"{_ORDER}.store_credits.remove": [_PAID],
    f"{_CART_V3}.complete": [(f"{_CART_V3}.store_credits.apply", _ALL)],
    f"{_CART_V3}.store_credits.remove": [(f"{_CART_V3}.store_credits.apply", _ALL)],
}
"""Operations whose samples need those of others to have run, with another body where that is not None."""

LATER: Final = "6.0-alpha+ledger"
"""The version of Spree's API v3 that is played for operations which the mock's usual one does not have."""


class SampleSandbox:
    """A seeded sandbox in this process.

    Args:
        requests: The samples' requests by operationId.

    Attributes:
        environment: The variables that samples read their credentials from.
    """

    def __init__(self, requests: Mapping[str, SampleRequest]) -> None:
        self._requests = requests
        self.environment = {
            "VINR_SECRET_KEY": "sk_test_sample",
            "SPREE_TOKEN": "sample-admin-token",
            "SPREE_CUSTOMER_TOKEN": "sample-customer-token",
            "SPREE_ADMIN_KEY": "sk_sample",
            "SPREE_PUBLISHABLE_KEY": "pk_sample",
            "MOCK_CONTROL_TOKEN": "sample-control-token",
        }
        options = Options(
            seed=SEED,
            spree_token=self.environment["SPREE_TOKEN"],
            control_token=self.environment["MOCK_CONTROL_TOKEN"],
            spree_v3_secret_key=self.environment["SPREE_ADMIN_KEY"],
            spree_v3_publishable_key=self.environment["SPREE_PUBLISHABLE_KEY"],
        )
        self._later = _later(options)
        self._engine = Engine(options=options)
        self._control = Control.inside(self._engine.control)
        self._control.seed(CONTENTS)
        spree = self._control.spree
        spree.issue_token(user_id=_SHOPPER, token=self.environment["SPREE_CUSTOMER_TOKEN"])
        cart = spree.create_cart(user_id=_SHOPPER, number=_CART)
        spree.add_item(_CART, variant_id=_COFFEE_MUG, quantity=3)
        self.environment["SPREE_ORDER_TOKEN"] = cart.token
        shopper = self._control.spree_v3.issue_customer_token(customer_id=_SPREE_SHOPPER)
        self.environment["SPREE_SHOPPER_TOKEN"] = shopper.token
        self._base = self._control.snapshot()

    def state(self, operation: str = "") -> dict[str, Any]:
        """What the sandbox holds when an operation's sample is about to run, for `Control.restore`.

        Without an operation, what it holds for all but a few: a running mock that is given this, and is asked with the
        credentials in `environment`, takes any one sample.
        """
        if operation in self._requests and self._requests[operation].later:
            return self._later
        if operation not in _BEFORE:
            return self._base
        self._control.restore(self._base)
        for name, body in _BEFORE[operation]:
            request = self._requests[name]
            self._ask(request if body is None else replace(request, body=body))
        return self._control.snapshot()

    def answer(self, request: SampleRequest) -> Response:
        """The mock's response to a sample.

        Raises:
            SampleError: The mock refuses it, or either side breaks the OpenAPI document.
        """
        self._control.restore(self.state(request.operation))
        return self._ask(request)

    def event(self, requests: Sequence[SampleRequest]) -> bytes:
        """The body of the event that the last of some requests makes the mock deliver.

        Raises:
            SampleError: A request is refused, or not exactly one event is to be delivered.
        """
        self._control.restore(self._base)
        # What the sandbox holds is older than what the requests make: of two credits of one age chance spends one.
        self._control.advance(1)
        for request in requests:
            answer = self._send(request)
            if answer.status >= 300:
                raise SampleError(f"{request.title}: the mock refuses it: {answer.body.decode()}")
        bodies: list[bytes] = []
        for outbox in (VINR_OUTBOX, SPREE_OUTBOX):
            outbox.deliver(self._engine, lambda delivery: bodies.append(delivery.body) or 200)
        if len(bodies) != 1:
            raise SampleError(f"{requests[-1].title}: {len(bodies)} events are delivered, and a sample shows one")
        return bodies[0]

    def _ask(self, request: SampleRequest) -> Response:
        response = self._send(request)
        exchange = self._engine.exchanges[-1]
        if response.status >= 300 or exchange.violations:
            raise SampleError(
                f"{request.operation}: the mock does not take the sample that the document's examples make. Let the"
                " examples name what a fresh sandbox holds, or add what they need to"
                f" scripts/store_credit_tools/docs_site/sampling/sandbox.py.\n{exchange}"
            )
        return response

    def _send(self, request: SampleRequest) -> Response:
        headers = {"Host": urlsplit(request.server).netloc} | {
            header.name: header.text + (self.environment[header.secret] if header.secret else "")
            for header in request.headers
        }
        target = f"{request.path}?{urlencode(request.query)}" if request.query else request.path
        return self._engine.handle(Request.build(request.method, target, headers, request.content))

    def close(self) -> None:
        """Let go of the engine."""
        self._engine.close()


def _later(options: Options) -> dict[str, Any]:
    """What the sandbox holds in `LATER`."""
    engine = Engine(options=options.also(spree_v3_profile=LATER))
    try:
        control = Control.inside(engine.control)
        control.seed(CONTENTS)
        snapshot = control.snapshot()
    finally:
        engine.close()
    # A mock that is started with another version plays this one for as long as it holds the snapshot.
    snapshot["sandbox"]["settings"]["spree_v3.profile"] = LATER
    return snapshot

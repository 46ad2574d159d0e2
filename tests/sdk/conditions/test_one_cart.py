"""A double click on "apply credit", against a served mock: many threads of one client pay one cart."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

pytest.importorskip("store_credit_mock", reason="the mock is not installed here")

from served_mock import served
from store_credit import Event, RequestSent, ResponseReceived, SpreeClient

CLICKS = 8
PATIENCE = 60.0


class UnderWay:
    """An event hook that counts how many requests are under way at one time."""

    def __init__(self) -> None:
        self.now = self.most = 0

    def __call__(self, event: Event) -> None:
        """Take an event; requests that do not overlap leave no two threads here at once."""
        if isinstance(event, RequestSent):
            self.now += 1
            self.most = max(self.most, self.now)
        elif isinstance(event, ResponseReceived):
            self.now -= 1


def test_a_cart_that_is_paid_many_times_at_once_completes() -> None:
    """Each call finds what the one before it left: one of the amounts is on the cart, and no exchange overlaps."""
    with served("--spree-token", "admin-token", "--seed", "1") as mock:
        clicks = UnderWay()
        client = SpreeClient(mock.url, "admin-token", event_hooks=[clicks])
        user = mock.control.spree.add_user("anne@example.com")
        client.store_credits.create(
            user_id=str(user.id), category_id="1", created_by_id="1", currency="USD", amount="100.00"
        )
        cart = mock.control.spree.create_cart(user_id=user.id, currency="USD")
        mock.control.spree.add_item(cart.number, price="250.00", quantity=1)
        pay = partial(client.checkout.add_store_credit, order_token=cart.token, include="payments")
        with client, ThreadPoolExecutor(CLICKS) as pool:
            calls = [pool.submit(pay, amount=60 + number) for number in range(CLICKS)]
            carts = [call.result(PATIENCE) for call in calls]

        assert [[payment.amount for payment in one.payments] for one in carts] == [
            [60 + number] for number in range(CLICKS)
        ]
        assert (clicks.most, clicks.now) == (1, 0)
        valid = [one for one in mock.control.spree.cart(cart.number).payments if one.state == "checkout"]
        assert len(valid) == 1

"""The recipe "Apply store credit at checkout"; `tests/docs/test_recipes.py` runs it, and pays a cart twice at once."""

# >>> program
import fcntl
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from store_credit import NotFoundError, SpreeAdminClient, SpreeStoreClient

URL = "http://127.0.0.1:4010"
PAYS = {"checkout", "pending", "completed"}


@contextmanager
def alone_with(cart_id: str) -> Generator[None]:
    """Keep every other process on this machine away from a cart."""
    with Path(tempfile.gettempdir(), f"{cart_id}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def pay(shopper: SpreeStoreClient, cart_id: str) -> str:
    """Put store credit on a cart, and place the order if credit covers all of it."""
    with alone_with(cart_id):
        try:
            cart = shopper.carts.store_credits.apply(
                cart_id
            )  # as much as it needs and the shopper has
        except NotFoundError:
            return "already an order"
        paid = sum((one.amount for one in cart.payments if one.status in PAYS), Decimal(0))
        if paid < cart.total:
            return f"{cart.total - paid} left to pay in another way"
        shopper.carts.complete(cart_id)
        return f"{paid} paid with store credit"


def fill_cart(shopper: SpreeStoreClient) -> str:
    """Do what your shop does before: put a T-shirt into a cart, and say where it goes."""
    items = [{"variant_id": "variant_UkLWZg9DAJ", "quantity": 1}]
    cart = shopper.request("POST", "/api/v3/store/carts", json={"items": items}).json()["id"]
    address = {
        "first_name": "Alice",
        "last_name": "Archer",
        "address1": "1 Main St",
        "city": "New York",
    }
    address |= {
        "postal_code": "10001",
        "country_iso": "US",
        "state_abbr": "NY",
        "phone": "5551234567",
    }
    shopper.request("PATCH", f"/api/v3/store/carts/{cart}", json={"shipping_address": address})
    return cart


if __name__ == "__main__":
    admin = SpreeAdminClient(URL, secret_key="sk_full")
    shop = SpreeStoreClient(URL, publishable_key="pk_shop", deadline=30)
    session = shop.auth.login(email="alice@example.com", password="spree123")
    shopper = shop.with_options(customer_token=session.token)
    admin.customers.store_credits.create(
        session.user.id, amount=Decimal("40.00"), currency="USD"
    )
    first, second = fill_cart(shopper), fill_cart(shopper)
    print("first cart:", pay(shopper, first))
    print("first cart again:", pay(shopper, first))
    print("second cart:", pay(shopper, second))
# <<< program

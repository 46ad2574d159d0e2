"""The story of `spree_v2_story.py` on Spree's API v3; the guide "From Spree v2 to v3" quotes the parts.

`tests/docs/test_migration.py` plays both.
"""

# >>> issue
from decimal import Decimal

from store_credit import UNSET, SpreeAdminClient, SpreeStoreClient


def issue(admin: SpreeAdminClient, customer_id: str) -> str:
    credit = admin.customers.store_credits.create(
        customer_id,
        amount=Decimal("50.00"),
        currency="USD",
        memo="Sorry that order R1001 was late",
    )
    return credit.id


# <<< issue


# >>> balance
def balance(shop: SpreeStoreClient) -> Decimal:
    return shop.customer.get().available_store_credit_total


# <<< balance


# >>> spend
def put_on(shop: SpreeStoreClient, cart_id: str, amount: Decimal | None = None) -> Decimal:
    asked = UNSET if amount is None else amount  # without an amount: as much as the cart needs
    return shop.carts.store_credits.apply(cart_id, amount=asked).store_credit_total


def take_off(shop: SpreeStoreClient, cart_id: str) -> None:
    shop.carts.store_credits.remove(cart_id)


# <<< spend


# >>> buy
def buy(shop: SpreeStoreClient, cart_id: str) -> str:
    if not shop.carts.get(cart_id).covered_by_store_credit:
        raise ValueError("credit does not pay all of it: collect the rest first")
    return shop.carts.complete(cart_id).id


# <<< buy


# >>> left
def cancel(admin: SpreeAdminClient, order_id: str) -> None:
    admin.orders.cancel(order_id)


def left(admin: SpreeAdminClient, customer_id: str, credit_id: str) -> Decimal:
    return admin.customers.store_credits.get(customer_id, credit_id).amount_remaining


# <<< left


# >>> ids
from store_credit import spree_id  # noqa: E402 - stands where a reader meets it


def customer_of(user_id: int) -> str:
    return spree_id("customer", user_id, server="5.6")  # cus_...; cust_... with server="6.0"


# <<< ids

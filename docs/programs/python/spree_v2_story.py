"""A story of store credit on Spree's API v2; the guide "From Spree v2 to v3" quotes the parts between >>> and <<<.

`spree_v3_story.py` tells the same on v3. `tests/docs/test_migration.py` plays both.
"""

# >>> issue
from decimal import Decimal

from store_credit import UNSET, SpreeClient


def issue(spree: SpreeClient, user_id: str, category_id: str, admin_id: str) -> str:
    credit = spree.store_credits.create(
        user_id=user_id,
        category_id=category_id,
        created_by_id=admin_id,
        amount=Decimal("50.00"),
        currency="USD",
        memo="Sorry that order R1001 was late",
    )
    return credit.id


# <<< issue


# >>> balance
def balance(spree: SpreeClient, shopper: str) -> Decimal:
    account = spree.account.retrieve(customer_token=shopper)
    return Decimal(str(account.store_credits))


# <<< balance


# >>> spend
def put_on(spree: SpreeClient, order_token: str, amount: Decimal | None = None) -> Decimal:
    asked = UNSET if amount is None else amount  # without an amount: as much as the cart needs
    cart = spree.checkout.add_store_credit(order_token=order_token, amount=asked)
    rest = cart.total_minus_store_credits  # from Spree 5 on
    assert isinstance(rest, Decimal)
    return cart.total - rest


def take_off(spree: SpreeClient, order_token: str) -> None:
    spree.checkout.remove_store_credit(order_token=order_token)


# <<< spend


# >>> left
def left(spree: SpreeClient, credit_id: str) -> Decimal:
    credit = spree.store_credits.retrieve(credit_id)
    return credit.amount - credit.amount_used - credit.amount_authorized


# <<< left

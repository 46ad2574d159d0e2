"""How to avoid what costs a shopper money on Spree v3; the guide of that name quotes the parts between >>> and <<<.

`tests/docs/test_traps.py` runs each of them on the mock.
"""

# >>> covered
from decimal import Decimal

from store_credit import OutcomeUnknownError, SpreeAdminClient, SpreeStoreClient

STILL_GOOD = {"checkout", "pending", "completed"}


def complete(shop: SpreeStoreClient, cart_id: str) -> str:
    cart = shop.carts.get(cart_id)
    paid = sum((one.amount for one in cart.payments if one.status in STILL_GOOD), Decimal(0))
    if paid < cart.total:
        raise ValueError(f"{cart.total - paid} of this cart are not paid for yet")
    return shop.carts.complete(cart_id).id


# <<< covered


# >>> again
def change_credit(shop: SpreeStoreClient, cart_id: str, amount: Decimal) -> Decimal:
    return shop.carts.store_credits.apply(cart_id, amount=amount).store_credit_total


def never_completes(shop: SpreeStoreClient, cart_id: str) -> bool:
    payments = shop.carts.get(cart_id).payments
    taken_off = {(one.source_id, one.amount) for one in payments if one.status == "invalid"}
    return any(
        (one.source_id, one.amount) in taken_off for one in payments if one.status == "checkout"
    )


# <<< again


# >>> delete
def delete(admin: SpreeAdminClient, customer_id: str, credit_id: str) -> None:
    credit = admin.customers.store_credits.get(customer_id, credit_id)
    if credit.amount_remaining < credit.amount:
        raise ValueError("an order uses this credit, or has authorized some of it")
    admin.customers.store_credits.delete(customer_id, credit_id)


# <<< delete


# >>> exactly
def issue(admin: SpreeAdminClient, customer_id: str) -> str:
    try:
        return admin.customers.store_credits.create(
            customer_id, amount=Decimal("25.50"), currency="USD"
        ).id
    except OutcomeUnknownError as error:
        raise RuntimeError(
            f"look at this customer's credits before anything else: {error}"
        ) from error


# <<< exactly


# >>> once
def issue_once(admin: SpreeAdminClient, customer_id: str, action: str) -> str:
    try:
        return admin.customers.store_credits.create(
            customer_id, amount=Decimal("30.00"), currency="USD", memo=action
        ).id
    except OutcomeUnknownError as error:
        return admin.settle(error, grace=120.0).id


# <<< once


# >>> own_keys
def put_on(shop: SpreeStoreClient, cart_id: str, click: int) -> Decimal:
    cart = shop.carts.store_credits.apply(cart_id, idempotency_key=f"click-{click}")
    return cart.store_credit_total


# <<< own_keys

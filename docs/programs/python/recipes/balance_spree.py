"""The recipe "Show a customer's balance" on Spree v3; `tests/docs/test_recipes.py` runs it."""

# >>> program
from decimal import Decimal

from store_credit import SpreeAdminClient, SpreeStoreClient

SERVER = "http://127.0.0.1:4010"
admin = SpreeAdminClient(SERVER, secret_key="sk_full", deadline=30)
shop = SpreeStoreClient(SERVER, "pk_shop", deadline=30)


def own_balance(shopper: SpreeStoreClient, currency: str) -> Decimal:
    """What the signed-in shopper can spend in one currency."""
    return shopper.customer.get(currency=currency).available_store_credit_total


def balance(customer_id: str) -> dict[str, Decimal]:
    """What a customer can spend, by currency, for the back office."""
    total: dict[str, Decimal] = {}
    issued = admin.customers.store_credits
    for credit in issued.list(customer_id, sort="created_at", limit=100):
        before = total.get(credit.currency, Decimal(0))
        total[credit.currency] = before + credit.amount_remaining
    return total


session = shop.auth.login(email="alice@example.com", password="spree123")
alice = session.user.id
for amount, currency in (("25.99", "USD"), ("4.25", "USD"), ("10.55", "EUR")):
    admin.customers.store_credits.create(alice, amount=Decimal(amount), currency=currency)
shopper = shop.with_options(customer_token=session.token)
for currency in ("EUR", "USD"):
    print(f"Alice sees: {own_balance(shopper, currency)} {currency}")
total = balance(alice)
print("staff see:", ", ".join(f"{total[one]} {one}" for one in sorted(total)))
# <<< program

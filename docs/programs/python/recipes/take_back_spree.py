"""The recipe "Take a credit back" on Spree v3; `tests/docs/test_recipes.py` runs it."""

# >>> program
from decimal import Decimal

from store_credit import NotFoundError, SpreeAdminClient

admin = SpreeAdminClient("http://127.0.0.1:4010", secret_key="sk_full", deadline=30)


def take_back(customer_id: str, credit_id: str) -> str:
    """Delete a credit, unless orders have used or authorized some of it."""
    issued = admin.customers.store_credits
    try:
        credit = issued.get(customer_id, credit_id)
    except NotFoundError:
        return "not found: deleted, or another customer's"
    if credit.amount_used:
        return f"kept: orders have used {credit.amount_used}"
    authorized = credit.amount - credit.amount_used - credit.amount_remaining
    if authorized:
        return f"kept: orders have authorized {authorized}"
    issued.delete(customer_id, credit_id)
    return f"deleted: {credit.amount} {credit.currency}"


alice = admin.customers.list(filter={"email_eq": "alice@example.com"}).first()
assert alice is not None
mistake = admin.customers.store_credits.create(
    alice.id, amount=Decimal("25.99"), currency="USD"
)
print(take_back(alice.id, mistake.id))
print(take_back(alice.id, mistake.id))  # a second click, or the program after a restart
# <<< program

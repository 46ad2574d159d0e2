"""The recipe "Refund to store credit" on Spree v3; `tests/docs/test_recipes.py` runs it."""

# >>> program
from decimal import Decimal

from store_credit import OutcomeUnknownError, SpreeAdminClient

admin = SpreeAdminClient("http://127.0.0.1:4010", secret_key="sk_full", deadline=30)


def refund(return_id: str, customer_id: str, amount: Decimal) -> str:
    """Issue the credit of a return, once. Call it for one return at a time."""
    mark = f"refund-{return_id}"
    issued = admin.customers.store_credits
    for credit in issued.list(customer_id, sort="-created_at", limit=100):
        if credit.memo == mark:
            return credit.id
    try:
        credit = issued.create(
            customer_id, amount=amount, currency="USD", memo=mark, idempotency_key=mark
        )
    except OutcomeUnknownError as error:
        credit = admin.settle(
            error
        )  # waits two minutes, looks for the memo, and if needed sends again
        if credit is None:  # only a day later: it did not happen
            return refund(return_id, customer_id, amount)
    return credit.id


alice = admin.customers.list(filter={"email_eq": "alice@example.com"}).first()
assert alice is not None
first = refund("1301", alice.id, Decimal("25.99"))
again = refund(
    "1301", alice.id, Decimal("25.99")
)  # a second click, or the program after a restart
print("the same credit:", "yes" if again == first else "no")
credit = admin.customers.store_credits.get(alice.id, first)
print(credit.amount, credit.currency, credit.memo)
# <<< program

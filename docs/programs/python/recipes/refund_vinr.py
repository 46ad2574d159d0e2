"""The recipe "Refund to store credit" on VINR; `tests/docs/test_recipes.py` runs it."""

# >>> program
from store_credit import OutcomeUnknownError, VinrClient

vinr = VinrClient(api_key="sk_test_any", base_url="http://127.0.0.1:4010", deadline=30)


def refund(return_id: str, customer: str, cents: int) -> str:
    """Issue the credit of a return, once, however often it is called for that return."""
    try:
        credit = vinr.store_credit.create(
            customer=customer,
            amount=cents,
            currency="USD",
            idempotency_key=f"refund-{return_id}",
        )
    except OutcomeUnknownError as error:
        credit = vinr.settle(error)
    return credit.id


first = refund("1301", "cust_8aZ2", 2599)
again = refund("1301", "cust_8aZ2", 2599)  # a second click, or the program after a restart
print("the same credit:", "yes" if again == first else "no")
credit = vinr.store_credit.retrieve(first)
print(credit.amount, credit.currency)
# <<< program

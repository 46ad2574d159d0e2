"""Refund an order as store credit, once however often it is asked for, and notice a key that was used otherwise."""

from store_credit import ConflictError, VinrClient


def refund(vinr: VinrClient, order: str, amount: int) -> str:
    """Issue the credit under a key made of the order; returns its id."""
    credit = vinr.store_credit.create(
        customer="cust_8aZ2", amount=amount, currency="USD", idempotency_key=f"refund-{order}"
    )
    return credit.id


with VinrClient(timeout=10, max_retries=3) as vinr:
    first = refund(vinr, "4711", 1000)
    again = refund(vinr, "4711", 1000)
    refused: ConflictError | None = None
    try:
        refund(vinr, "4711", 2000)
    except ConflictError as error:
        refused = error
        print(f"{error.idempotency_key} was issued with other content: {error.code}, request {error.request_id}")
    issued = list(vinr.store_credit.list(customer="cust_8aZ2"))

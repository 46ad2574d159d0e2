"""The recipe "Go live"; `tests/docs/test_recipes.py` runs it, and settles an unknown outcome in another process."""

# >>> program
import pickle
import sqlite3
import sys

from store_credit import CallEnded, Event, OutcomeUnknownError, VinrClient


def watch(event: Event) -> None:
    """Hand every call to your monitoring."""
    if isinstance(event, CallEnded):
        print(f"{event.operation}: {event.outcome} after {event.attempts} attempts")


vinr = VinrClient(
    api_key="sk_test_any",  # when live: from VINR_SECRET_KEY, with no base_url
    base_url="http://127.0.0.1:4010",
    timeout=10,  # seconds for each step of an attempt
    deadline=30,  # seconds for a call with all its attempts
    event_hooks=[watch],
)
box = sqlite3.connect(sys.argv[1] if len(sys.argv) > 1 else ":memory:")
box.execute("CREATE TABLE IF NOT EXISTS unknown (action TEXT PRIMARY KEY, error BLOB)")


def issue(client: VinrClient, action: str, customer: str, cents: int) -> None:
    """Issue credit; if its outcome is unknown, save the error, to settle it later."""
    try:
        client.store_credit.create(
            customer=customer, amount=cents, currency="USD", idempotency_key=action
        )
    except OutcomeUnknownError as error:
        with box:
            box.execute(
                "INSERT OR REPLACE INTO unknown VALUES (?, ?)", (action, pickle.dumps(error))
            )


def settle_all() -> None:
    """Decide what is open. Run it every few minutes, in one process at a time."""
    for action, error in box.execute("SELECT action, error FROM unknown").fetchall():
        try:
            credit = vinr.settle(pickle.loads(error))  # our own, from our own database
        except OutcomeUnknownError:
            print(f"{action}: still unknown")  # after a day somebody has to look
            continue
        with box:
            box.execute("DELETE FROM unknown WHERE action = ?", (action,))
        print(f"{action}: {credit.amount} {credit.currency} issued")


if __name__ == "__main__":
    lossy = vinr.with_options(
        headers={"X-Mock-Fault": "drop; when=after"}
    )  # the mock loses every response
    issue(vinr, "refund-1401", "cust_8aZ2", 2599)
    issue(lossy, "refund-1402", "cust_8aZ2", 1000)
    settle_all()
# <<< program

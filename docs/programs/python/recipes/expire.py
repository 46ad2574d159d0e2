"""The recipe "Expire and notify" on VINR; `tests/docs/test_recipes.py` runs it, on two days."""

# >>> program
import sqlite3
import sys
from datetime import UTC, datetime, timedelta

from store_credit import VinrClient, from_minor_units

NOTICE = timedelta(days=14)

vinr = VinrClient(api_key="sk_test_any", base_url="http://127.0.0.1:4010", deadline=30)


def notify(told: sqlite3.Connection, now: datetime) -> None:
    """Write once to everybody whose credit expires within NOTICE and is not spent."""
    for credit in vinr.store_credit.list(limit=100):
        ends = credit.expires_at
        if ends is None or not credit.balance_remaining or not now < ends <= now + NOTICE:
            continue
        with told:  # what is not sent is not remembered
            row = (credit.id, ends.isoformat())
            if told.execute("INSERT OR IGNORE INTO told VALUES (?, ?)", row).rowcount:
                left = from_minor_units(credit.balance_remaining, credit.currency)
                send_email(
                    str(credit.customer),
                    f"{left} {credit.currency} expire in {(ends - now).days} days",
                )


def send_email(customer: str, text: str) -> None:
    print(f"to {customer}: {text}")


if __name__ == "__main__":
    now = datetime.now(UTC).replace(microsecond=0)
    ends = now + timedelta(days=90)
    vinr.store_credit.create(customer="cust_8aZ2", amount=1500, currency="USD", expires_at=ends)
    vinr.store_credit.create(customer="cust_8aZ2", amount=700, currency="USD")  # never expires
    told = sqlite3.connect(sys.argv[1] if len(sys.argv) > 1 else ":memory:")
    told.execute(
        "CREATE TABLE IF NOT EXISTS told (credit TEXT, ends TEXT, PRIMARY KEY (credit, ends))"
    )
    for days in (30, 10, 9):
        print(f"{days} days before")
        notify(told, ends - timedelta(days=days))
# <<< program

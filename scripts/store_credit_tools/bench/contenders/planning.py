"""A file of rows checked: ours, which makes a plan of it, and a loop that keeps what it compares in sets."""

from __future__ import annotations

import csv
import json
import re
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import process_time, time
from typing import Any

from store_credit_tools.bench.contenders.memory import peak

__all__: list[str] = []

Figures = Callable[[], str]
"""Does its work, and gives CPU seconds, MiB at the peak, and minor units by currency, as JSON."""


def plan(file: str, customers: str) -> Figures:
    """Plan for an account of VINR's, whose server is not asked."""
    from store_credit_jobs.config import Account
    from store_credit_jobs.planning.plan_request import PlanRequest
    from store_credit_jobs.planning.planner import make_plan

    account = Account("shop", "vinr", "http://127.0.0.1", {})

    def work() -> str:
        started = process_time()
        with tempfile.TemporaryDirectory() as folder:
            request = PlanRequest(
                file=file,
                campaign="bench",
                account=account,
                output=Path(folder) / "plan.jsonl",
                customers=Path(customers),
            )
            made = make_plan(request, _system(), None)
        totals = {currency: total["minor"] for currency, total in made.seal.totals.items()}
        return json.dumps([process_time() - started, peak(), totals])

    return work


def _system() -> Any:
    from store_credit_jobs.systems.system import Abilities, AccountCheck

    class Unasked:
        """VINR, of which a plan of new credits only needs to know what it can."""

        credential = "0"
        abilities = Abilities(
            expiry=True,
            reduce_unused=False,
            reduce_used=False,
            delete=False,
            keyed=True,
            scan=True,
            customers=False,
            decimals=None,
            most=None,
            memo=0,
            settle_each=False,
            key_window=82_800.0,
        )

        def check(self) -> AccountCheck:
            return AccountCheck(live=False, skew=0.0, limit=None)

    return Unasked()


def loop(file: str, customers: str) -> Figures:
    """Check each cell and add up, as anybody writes it; nothing is written."""
    plain = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?").fullmatch
    formula = ("=", "@", "+", "-")
    note = re.compile(r"[ -~]{0,5000}").fullmatch
    cents = re.compile(r"([0-9]{1,16})(?:\.([0-9]{1,2}))?").fullmatch
    whole = re.compile(r"([0-9]{1,18})()").fullmatch
    currencies = {"USD": (cents, 2), "EUR": (cents, 2), "JPY": (whole, 0)}

    def work() -> str:
        started = process_time()
        now = datetime.fromtimestamp(time(), UTC)
        with open(customers, encoding="utf-8") as listed:  # noqa: PTH123 - as anybody writes it
            known = {line.strip() for line in listed}
        seen: set[str] = set()
        totals: dict[str, int] = {}
        with open(file, newline="", encoding="utf-8") as opened:  # noqa: PTH123
            rows = csv.reader(opened)
            next(rows)
            for key, customer, amount, currency, expires, memo in rows:
                if plain(key) is None or key in seen:
                    raise SystemExit(f"key {key}")
                seen.add(key)
                if customer not in known:
                    raise SystemExit(f"customer {customer}")
                pattern, places = currencies[currency]
                found = pattern(amount)
                if found is None:
                    raise SystemExit(f"amount {amount}")
                minor = int(found[1] + (found[2] or "").ljust(places, "0"))
                if minor <= 0 or datetime.fromisoformat(expires) <= now or note(memo) is None or memo[:1] in formula:
                    raise SystemExit(f"row {key}")
                totals[currency] = totals.get(currency, 0) + minor
        return json.dumps([process_time() - started, peak(), totals])

    return work

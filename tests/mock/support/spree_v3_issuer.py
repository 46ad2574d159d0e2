"""How a job queue gives credit on Spree's API v3, for the soak."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import store_credit
from strategies import Intent, Ready, Verdict, always, ask

__all__ = ["SpreeV3Issuer"]


class SpreeV3Issuer:
    """Gives credit on Spree v3 once, and settles what is unknown when nothing can be running any more.

    Args:
        ready: Awaited after a failure, until there is a server again.
    """

    name = "Spree v3"
    customer = "cus_UkLWZg9DAJ"

    def __init__(self, ready: Ready = always) -> None:
        self.ready = ready
        self.calls = 0
        self.unknown: list[tuple[Intent, store_credit.OutcomeUnknownError]] = []

    async def __call__(self, client: Any, intent: Intent) -> None:
        """Carry one out."""
        customer = self.customer if intent.good else self.customer.replace("UkLWZg9DAJ", "TQUYTxMKAv")
        self.calls += 1
        try:
            made = await ask(
                client.customers.store_credits.create,
                customer,
                amount=Decimal(intent.number % 500 + 1) / 100,
                currency="USD",
                memo=f"soak {intent.number}",
                **({"idempotency_key": f"soak-{intent.number}"} if intent.number % 2 else {}),
            )
        except store_credit.OutcomeUnknownError as error:
            intent.outcome = "unknown"
            self.unknown.append((intent, error))
            await self.ready()
        except store_credit.StoreCreditError:
            intent.outcome = "refused"
            await self.ready()
        else:
            intent.outcome, intent.identity = "created", made.id

    def finish(self, client: store_credit.SpreeAdminClient) -> None:
        """Settle what was left open, once nothing can be running any more."""
        for intent, error in self.unknown:
            self.calls += 1
            try:
                intent.identity = client.settle(error, grace=0).id
                intent.outcome = "created"
            except store_credit.NotFoundError:
                # Nobody can have a credit who is not there.
                intent.outcome = "refused"
            except store_credit.OutcomeUnknownError:
                intent.outcome = "unknown"

    def check(self, client: store_credit.SpreeAdminClient, intents: Iterable[Intent]) -> Verdict:
        """Each created one is there once, each refused one not at all, and nothing else is."""
        verdict = Verdict()
        there: dict[str, list[str]] = {}
        for credit in client.customers.store_credits.list(self.customer, limit=100, sort="created_at"):
            there.setdefault(credit.memo or "", []).append(credit.id)
        for intent in intents:
            found = there.pop(f"soak {intent.number}", [])
            if len(found) > 1:
                verdict.doubled.append((intent, found))
            elif intent.outcome == "unknown" or (intent.outcome == "created" and found != [intent.identity]):
                verdict.lost.append((intent, found))
            elif intent.outcome == "refused":
                verdict.strangers.extend(found)
        verdict.strangers.extend(there.items())
        return verdict

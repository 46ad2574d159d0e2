"""Two shops on served mocks with the same customers, who buy in one of them; and the office that moves between them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

from jobs_support.office import Office
from store_credit import SpreeClient, SpreeStoreClient
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.systems.clock import Clock
from store_credit_mock import Server
from store_credit_mock.mock import SPREE_PUBLISHABLE_KEY, SPREE_TOKEN

__all__ = ["Shops", "Side"]


class Side:
    """One of the two shops, its customers by address, and how they buy."""

    def __init__(self, system: str, server: Server) -> None:
        self.system, self.server = system, server
        self.ids: dict[str, str] = {}

    def add(self, email: str) -> str:
        """Add a customer."""
        control: Any = self.server.control
        if self.system == "vinr":
            self.ids[email] = control.vinr.add_customer(email=email).id
        elif self.system == "spree-v2":
            self.ids[email] = str(control.spree.add_user(email).id)
        else:
            self.ids[email] = control.spree_v3.add_customer(email).id
        return self.ids[email]

    def buy(self, email: str, minor: int) -> int:
        """Have a customer buy in USD for so much, or for 15.00 in Spree v3; returns what of it was paid by credit."""
        control: Any = self.server.control
        if self.system == "vinr":
            return minor - control.vinr.buy(self.ids[email], minor, "USD").charged
        if self.system == "spree-v2":
            return self._buy_v2(self.ids[email], minor)
        cart = control.spree_v3.fill_cart(self.ids[email], variant=2, store_credit=True)
        token = control.call("POST", "/_mock/spree_v3/customer-tokens", {"customer_id": self.ids[email]})["token"]
        with closing(SpreeStoreClient(self.server.url, SPREE_PUBLISHABLE_KEY, customer_token=token)) as shop:
            shop.carts.complete(cart.id)
        return 1500

    def _buy_v2(self, customer: str, minor: int) -> int:
        with closing(SpreeClient(self.server.url, SPREE_TOKEN)) as shop:
            for credit in shop.store_credits.list(filter={"user_id_eq": customer}, per_page=100):
                part = Decimal(minor) / 100
                if credit.currency == "USD" and credit.amount - credit.amount_used >= part:
                    shop.store_credits.update(credit.id, amount_used=credit.amount_used + part)
                    return minor
        return 0


class Shops:
    """A source and a target with the same customers, and the office between them."""

    def __init__(self, folder: Path, source: str, target: str, customers: int) -> None:
        # No two shops have the same token; one that is met under another name is taken for an account that was renamed.
        servers = [Server(spree_v3_profile="5.6", spree_token=token).start() for token in (SPREE_TOKEN, "another")]
        self.source, self.target = Side(source, servers[0]), Side(target, servers[1])
        tokens = {"new": "another"} if target == "spree-v2" else {}
        self.office = Office(folder, {"old": (source, servers[0]), "new": (target, servers[1])}, tokens)
        self.emails = [f"customer-{n}@example.com" for n in range(customers)]
        for email in self.emails:
            self.source.add(email)
            self.target.add(email)
        lines = [f"{self.source.ids[email]},{self.target.ids[email]}" for email in self.emails]
        self.map = folder / "map.csv"
        self.map.write_text("\n".join(["source,target", *lines, ""]))
        self.plan = folder / "move.plan.jsonl"

    def close(self) -> None:
        """Stop both."""
        self.source.server.stop()
        self.target.server.stop()

    def issue(self, number: int, minor: Callable[[int], int] = lambda n: 2000 + n) -> None:
        """Give customers of the source credit in turn, every seventh in EUR."""
        ids = [self.source.ids[email] for email in self.emails]
        rows = [(ids[n % len(ids)], minor(n), "EUR" if n % 7 == 6 else "USD") for n in range(number)]
        self.office.issue("old", rows)

    def owed(self, side: str) -> Counter[tuple[str, str]]:
        """What is owed, by address and currency."""
        where = self.source if side == "old" else self.target
        emails = {identity: email for email, identity in where.ids.items()}
        found: Counter[tuple[str, str]] = Counter()
        now = Clock().now()
        for credit in self.office.credits(side).values():
            if credit.customer in emails and (credit.expires is None or credit.expires > now):
                found[emails[credit.customer], credit.currency] += credit.minor - credit.used
        return found

    def used(self) -> Counter[tuple[str, str]]:
        """What was spent in the source by its own count: an order that fails may have been paid in part."""
        emails = {identity: email for email, identity in self.source.ids.items()}
        found: Counter[tuple[str, str]] = Counter()
        for credit in self.office.credits("old").values():
            found[emails.get(credit.customer, ""), credit.currency] += credit.used
        return found

    def make_plan(self, *options: str) -> Any:
        """Plan a move; gives what it says as JSON."""
        source = [] if "--snapshot" in options else ["--from", "old"]
        arguments = [*source, "--to", "new", "--map", str(self.map), "-o", str(self.plan), *options]
        said = self.office.run("move", "plan", "--json", *arguments)
        assert said.code in (0, 1), said
        return said.events[-1]

    def apply(self, *options: str) -> Any:
        """Carry the plan out."""
        return self.office.run("move", "apply", str(self.plan), "--quiet", *options)

    def verify(self, *options: str) -> Any:
        """Compare both."""
        output = str(self.office.folder / "differences.csv")
        return self.office.run("move", "verify", str(self.plan), "--json", "-o", output, *options)

    def writes(self) -> int:
        """How many requests that change something were sent, as the journal has it."""
        with closing(SqliteJournal(self.office.workspace, write=False)) as journal:
            return sum(step.attempt for job in journal.jobs() for step in journal.steps(job.id))

"""Moves while customers go on buying: nothing is lost, nothing doubled, and a second run moves nothing."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from jobs_support.office import Office
from store_credit import SpreeClient, SpreeStoreClient, StoreCreditError
from store_credit_jobs.systems.clock import Clock
from store_credit_mock import Server
from store_credit_mock.control import ControlError
from store_credit_mock.mock import SPREE_PUBLISHABLE_KEY, SPREE_TOKEN

WAYS = [("spree-v2", "spree-v3"), ("vinr", "spree-v2"), ("spree-v3", "vinr")]
CREATES = {
    "vinr": "vinr.store_credit.create",
    "spree-v2": "spree.store_credits.create",
    "spree-v3": "spree_v3.admin.customers.store_credits.create",
}
OTHERS = {"vinr": ["update"], "spree-v2": ["update", "delete"], "spree-v3": ["update", "delete"]}


class Side:
    """One of the two shops, its customers by address, and how they buy."""

    def __init__(self, system: str, server: Server) -> None:
        self.system, self.server = system, server
        self.ids: dict[str, str] = {}
        create = CREATES[system]
        self.writes = [create, *(create.replace("create", other) for other in OTHERS[system])]

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
        servers = [Server(spree_v3_profile="5.6").start() for _ in range(2)]
        self.source, self.target = Side(source, servers[0]), Side(target, servers[1])
        self.office = Office(folder, {"old": (source, servers[0]), "new": (target, servers[1])})
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
        """Plan a move."""
        arguments = ["--from", "old", "--to", "new", "--map", str(self.map), "-o", str(self.plan), *options]
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
        """How many credits were made, changed or deleted on either side."""
        sides = (self.source, self.target)
        return sum(side.server.control.count_exchanges(operation=name).total for side in sides for name in side.writes)


@pytest.fixture(autouse=True)
def _jump(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Server]]:
    """Let minutes pass in no time, on this machine's clock and on that of the servers."""
    servers: list[Server] = []
    ahead = [0.0]
    wait, now = Clock.wait, Clock.now
    start = Server.start

    def started(self: Server) -> Server:
        servers.append(start(self))
        return servers[-1]

    def jump(self: Clock, seconds: float, stopped: Callable[[], bool] = lambda: False) -> bool:
        if seconds < 5:
            return wait(self, seconds, stopped)
        ahead[0] += seconds
        for server in servers:
            server.control.advance(seconds)
        return not stopped()

    monkeypatch.setattr(Server, "start", started)
    monkeypatch.setattr(Clock, "wait", jump)
    monkeypatch.setattr(Clock, "now", lambda self: now(self) + ahead[0])
    return iter([servers]).__next__()  # type: ignore[return-value]


@pytest.fixture
def shops_of(tmp_path: Path) -> Iterator[Callable[..., Shops]]:
    """Shops of the systems that a test names."""
    made: list[Shops] = []

    def make(source: str, target: str, customers: int = 3) -> Shops:
        made.append(Shops(tmp_path, source, target, customers))
        return made[-1]

    yield make
    for shops in made:
        shops.close()


class Buyers(threading.Thread):
    """Customers of the source who buy, one after the other, until there were so many purchases or they are stopped."""

    def __init__(self, shops: Shops, number: int) -> None:
        super().__init__(daemon=True)
        self.shops, self.number = shops, number
        self.spent: Counter[tuple[str, str]] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        chance = random.Random(5)
        for _ in range(self.number):
            email = chance.choice(self.shops.emails)
            try:
                paid = self.shops.source.buy(email, chance.choice((700, 1300)))
            except (StoreCreditError, ControlError):
                # Nothing was left, or it was taken at this moment.
                continue
            self.spent[email, "USD"] += paid
            if self.over.is_set():
                return


@pytest.mark.parametrize(("source", "target"), WAYS, ids=lambda name: name)
def test_a_move_while_customers_buy(
    shops_of: Callable[..., Shops], source: str, target: str, request: pytest.FixtureRequest
) -> None:
    """What was owed is what was spent and what is owed now, to each customer; the same again moves nothing."""
    number = request.config.getoption("--soak") or 50
    shops = shops_of(source, target, max(5, number // 20))
    shops.issue(number)
    before = shops.owed("old")
    buyers = Buyers(shops, 30 + number // 10)
    buyers.start()
    for turn in range(8):
        planned = shops.make_plan("--partly-used")
        if not planned["rows"]:
            break
        applied = shops.apply()
        assert applied.code in (0, 1), applied
        if turn == 1:
            buyers.over.set()
            buyers.join(120)
    else:
        pytest.fail("there is always something left to move")
    buyers.join(120)
    assert buyers.spent
    spent = buyers.spent if source != "spree-v3" else shops.used()
    rest, moved = shops.owed("old"), shops.owed("new")
    assert before - spent == rest + moved
    assert sum(moved.values()) > sum(rest.values())
    if source != "spree-v3":
        # There, what customers have begun to use stays.
        assert not +rest
    assert set(planned["left_totals"]) <= {"mode_unsupported"}
    verified = shops.verify()
    assert verified.code == 0, verified
    writes, there = shops.writes(), (shops.office.credits("old"), shops.office.credits("new"))
    assert shops.make_plan("--partly-used")["rows"] == 0
    assert shops.apply().code == 0
    assert shops.writes() == writes
    assert there == (shops.office.credits("old"), shops.office.credits("new"))

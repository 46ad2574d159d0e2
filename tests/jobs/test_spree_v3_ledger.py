"""What was owed at an earlier time by the ledger of Spree's API v3, which came with 6.0: read, kept and added up."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from jobs_support.v3_account import V3Account
from store_credit_jobs.audit.report import Figures
from store_credit_jobs.audit.run import Question, make_report
from store_credit_jobs.audit.sources import source_from_workspace, tells_the_past
from store_credit_jobs.audit.sqlite_database import SqliteDatabase
from store_credit_jobs.credit import Credit
from store_credit_jobs.snapshots.export import KeepsLedger, Reading
from store_credit_jobs.snapshots.store import SnapshotStore
from store_credit_mock.systems.spree_v3 import store_credits
from store_credit_mock.systems.spree_v3.ids import number
from v3_shopping import Shopping

HOUR = 3600.0
EVENTS = "spree_v3.admin.store_credits.events.list"


def buy(shop: V3Account) -> None:
    """Have the customer buy a mug, which store credit pays: 15.00 with its delivery, captured at once."""
    shopping = Shopping(shop.bench)
    shopping.capture(at_completion=True)
    shopping.ordered(variant=2)


def owed(shop: V3Account, folder: Path, at: float) -> tuple[dict[str, Figures], list[str]]:
    """What was owed at a time, by a snapshot that is read now, and the codes of the report's notes."""
    store = SnapshotStore(folder)
    how = Reading(ledger=True, clock=shop.clock.now)
    source = source_from_workspace(store, shop.account, at, lambda: store.add(shop.connect(), shop.account, how))
    database = SqliteDatabase()
    try:
        report = make_report(source.snapshot, database, Question(at, earlier=source.earlier))
    finally:
        database.close()
    assert report.basis == "ledger"
    return {line.currency: line.figures for line in report.currencies}, [note.code for note in report.notes]


@pytest.mark.parametrize("profile", ["6.0-alpha+ledger", "6.0"])
def test_the_past_is_worked_out_from_the_ledger(
    profile: str, v3_shop_of: Callable[..., V3Account], tmp_path: Path
) -> None:
    """Issued at 0 h, spent from at 2 h, another issued at 4 h: what each hour says."""
    shop = v3_shop_of(profile)
    start = shop.clock.now()
    shop.bench.give("50.00")
    shop.clock.wait(2 * HOUR)
    buy(shop)
    shop.clock.wait(2 * HOUR)
    shop.bench.give("7.00")
    shop.clock.wait(2 * HOUR)
    assert isinstance(shop.system, KeepsLedger)
    first = shop.credits()[0]
    events = list(shop.system.events(first.id))
    assert [event["action"] for event in events] == ["allocation", "eligible", "authorize", "capture"]
    assert json.loads(json.dumps(events)) == events
    assert owed(shop, tmp_path, start + HOUR) == ({"USD": Figures(1, 5000, 0, 0, 0)}, ["from_ledger"])
    assert owed(shop, tmp_path, start + 3 * HOUR) == ({"USD": Figures(1, 5000, 1500, 0, 0)}, ["from_ledger"])
    assert owed(shop, tmp_path, start + 5 * HOUR)[0] == {"USD": Figures(2, 5700, 1500, 0, 0)}
    assert shop.writes()[-1][1].startswith("/api/v3/admin/customers/"), "reading sent nothing but GET"


def test_a_ledger_of_many_pages_is_read_whole(v3_shop_of: Callable[..., V3Account]) -> None:
    """More events than a page holds, the oldest first, each once."""
    shop = v3_shop_of("6.0")
    shop.bench.give("500.00")
    (credit,) = shop.credits()

    def spend(call: Any) -> None:
        found = store_credits.find(call, number(credit.id))
        assert found is not None
        for _ in range(50):
            store_credits.record(call, found, "eligible", 100, "1-SC-1")

    for _ in range(5):
        shop.clock.wait(60)
        shop.bench.engine.transaction(spend)
    events = list(shop.system.events(credit.id))
    assert len(events) == len({event["id"] for event in events}) == 251
    times = [datetime.fromisoformat(event["created_at"]) for event in events]
    assert times == sorted(times)


def test_a_purchase_while_the_ledger_is_read_changes_nothing_of_what_was(
    v3_shop_of: Callable[..., V3Account], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The list came before the purchase, the ledger after it; a credit that is deleted meanwhile is in neither."""
    shop = v3_shop_of("6.0")
    start = shop.clock.now()
    shop.bench.give("50.00")
    gone = shop.bench.give("5.00")
    shop.clock.wait(2 * HOUR)
    system = shop.connect()
    monkeypatch.setattr(shop, "connect", lambda: system)
    read, bought = system.credits, list[bool]()

    def listed_before(**which: Any) -> Iterator[Credit]:
        listed = list(read(**which))
        if not bought:
            bought.append(True)
            buy(shop)
            shop.bench.send("DELETE", shop.bench.credits(1, gone["id"]))
        return iter(listed)

    monkeypatch.setattr(system, "credits", listed_before)
    assert owed(shop, tmp_path, start + HOUR) == ({"USD": Figures(1, 5000, 0, 0, 0)}, ["from_ledger"])


def test_before_the_ledger_nothing_is_asked(v3_shop_of: Callable[..., V3Account]) -> None:
    shop = v3_shop_of("5.6")
    shop.bench.give("5.00")
    (credit,) = shop.credits()
    assert list(shop.system.events(credit.id)) == []
    assert not [one for one in shop.mock.exchanges if one.operation == EVENTS]
    assert [tells_the_past(v3_shop_of(one).account) for one in ("5.6", "6.0-alpha", "6.0-alpha+ledger", "6.0")] == [
        False, False, True, True,
    ]  # fmt: skip
    assert not tells_the_past(v3_shop_of("6.0", server=False).account)

"""What a row and a whole file may ask for: limits of amounts, dates, memos, ids of customers, refunds of orders."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import attrs
import pytest

from jobs_support.planning import (
    HEADER,
    NOW,
    SPREE_V3,
    VINR,
    Desk,
    ReadSystem,
    UsedKeys,
    account,
    csv,
)
from store_credit_jobs.credit import Credit
from store_credit_jobs.engine.taking_up import take_up
from store_credit_jobs.errors import JobsError
from store_credit_jobs.journal.journal import KeyUse
from store_credit_jobs.journal.keys import payload_sha
from store_credit_jobs.journal.sqlite_journal import SqliteJournal
from store_credit_jobs.journal.steps import State
from store_credit_jobs.planning.plan_file import (
    check_seal,
    read_head,
)
from store_credit_jobs.systems.system import AccountCheck


def test_limits_of_a_row_and_of_all(desk: Desk) -> None:
    content = csv("a,11,10.00,USD", "b,12,10.01,USD", "c,13,500,JPY")
    assert desk.problems(content, max_row={"USD": "10.00"}) == [("row_limit", 3)]
    assert desk.problems(content, max_total={"USD": "20.00"}) == [("total_limit", None)]
    planned = desk.plan(content, max_row={"USD": "10.01"}, max_total={"USD": "20.01"})
    assert planned.made.head.settings == {"max_row": {"USD": "10.01"}, "max_total": {"USD": "20.01"}}
    assert [one for one in planned.made.warnings if "JPY" in one] == [
        "--max-row has no limit for JPY, which occurs in the file",
        "--max-total has no limit for JPY, which occurs in the file",
    ]  # fmt: skip
    with pytest.raises(JobsError, match="--max-row"):
        desk.plan(content, max_row={"USD": "10,00"})
    # A sum that no database's integer holds.
    half = "46116860184273879.04"
    assert desk.problems(csv(f"a,11,{half},USD", f"b,12,{half},USD")) == [("total_limit", None)]


def test_a_customer_holds_only_so_much_on_spree(desk: Desk) -> None:
    content = csv("a,11,600000,USD", "b,12,999999.99,USD", "c,11,400000,USD", "d,11,900000,EUR")
    for system in ("spree-v2", "spree-v3"):
        found = desk.refused(content, system=system)
        assert [(problem.code, problem.line) for problem in found.problems] == [("total_limit", 2)]
        assert "100000000 minor units of USD" in found.problems[0].text
        # Where the limit is that of one currency.
        desk.plan(content, system=system, account_more={"currency": "EUR"})
    desk.plan(content)


def test_what_customers_hold_already_counts(desk: Desk) -> None:
    """Their totals are listed with them; whose credits are of another currency is found out by reading them."""
    content = csv("a,c1,300000,USD", "b,c2,300000,USD", "c,c3,300000,USD", "d,c1,1,EUR")

    def shop() -> ReadSystem:
        held = [
            Credit("1", "c1", 80_000_000, 5_000_000, 5_000_000, "USD", None, 1.0),
            Credit("2", "c2", 99_000_000, 0, 0, "EUR", None, 1.0),
        ]
        system = ReadSystem(SPREE_V3, held)
        system.totals = {"c1": Decimal(700_000), "c2": Decimal(990_000)}
        return system

    system = shop()
    found = desk.refused(content, system=system)
    assert [(problem.code, problem.line) for problem in found.problems] == [("total_limit", 2)]
    assert "has 70000000 minor units of USD and would get 30000000 more" in found.problems[0].text
    # c3 has nothing, so that nobody asks what of.
    assert sorted(system.asked) == ["c1", "c1", "c2", "c2", "c3"]
    # Where the limit is that of one currency.
    desk.plan(content, system=shop(), account_more={"currency": "EUR"})
    # Up to the last cent.
    desk.plan(csv("a,c1,299999.99,USD"), system=shop())
    # What an earlier job has issued of this file is in the total.
    used = KeyUse("jb_1", 1, payload_sha(attrs.asdict(desk.plan(content).rows[0]), "add"), State.DONE, "cr_1")
    journal = UsedKeys({"a": used}, "spree-v3|shop.example.com|shop")
    planned = desk.plan(content, system=shop(), journal=journal)
    assert [row.do for row in planned.rows] == ["nothing", "create", "create", "create"]


def test_only_vinr_lets_credit_expire(desk: Desk) -> None:
    content = csv("a,11,1,USD,2027-12-31T23:59:59Z", "b,12,1,USD,", header=f"{HEADER},expires_at")
    planned = desk.plan(content, expires=1_900_000_000)
    assert [row.expires for row in planned.rows] == [1_830_297_599, 1_900_000_000]
    assert desk.problems(content, system="spree-v2") == [("mode_unsupported", 2)]
    with pytest.raises(JobsError, match="leave out --expires"):
        desk.plan(csv("a,11,1,USD"), system="spree-v3", expires=1_900_000_000)
    # What is past is past by the server's clock, not by ours.
    ahead = ReadSystem(VINR, found=AccountCheck(live=False, skew=40_000_000.0, limit=None))
    assert desk.problems(content, system=ahead) == [("date_past", 2)]


def test_memos(desk: Desk) -> None:
    content = csv("a,11,1,USD,hello", f"b,12,1,USD,{'x' * 181}", header=f"{HEADER},memo")
    assert desk.problems(content, system="spree-v3") == [("memo_limit", 3)]
    kept = desk.plan(content)
    assert [row.memo for row in kept.rows] == ["hello", "x" * 181]
    assert any("VINR has no memos" in one for one in kept.made.warnings)


# Refunds


def test_refunds(desk: Desk) -> None:
    header = "refund,order,paid,customer,amount,currency"
    content = csv("r1,o1,20,11,5,USD", "r2,o1,20.00,11,15,USD", header=header)
    planned = desk.plan(content, system="spree-v2", mode="refunds")
    assert [(row.key, row.order, row.minor) for row in planned.rows] == [("r1", "o1", 500), ("r2", "o1", 1500)]
    rows = (
        "r1,o1,20,11,5,USD", "r2,o1,20,11,15.01,USD", "r3,o2,20,11,1,USD", "r4,o2,20,11,1,EUR",
        "r5,o3,20,11,1,USD", "r6,o3,20,12,1,USD", "r7,o4,20,11,1,USD", "r8,o4,30,11,1,USD", "r1,o5,9,11,1,USD",
    )  # fmt: skip
    assert desk.problems(csv(*rows, header=header), system="spree-v2", mode="refunds") == [
        ("order_limit", 2), ("order_currency", 4), ("customer_ambiguous", 6), ("order_limit", 8), ("key_double", 10),
    ]  # fmt: skip
    broken = csv("r1,,20,11,5,USD", ",o1,20,11,5,USD", "r3,o1,2x,11,5,USD", "r4,o1,20,11,0,USD", header=header)
    assert desk.problems(broken, mode="refunds") == [
        ("order_missing", 2), ("refund_missing", 3), ("amount_format", 4), ("amount_format", 5),
    ]  # fmt: skip
    assert desk.problems(csv("a,11,1,USD"), mode="refunds")[0] == ("column_unknown", 1)


def test_an_order_is_refunded_once_whatever_the_file(desk: Desk, tmp_path: Path) -> None:
    """What was paid can be given back once: earlier files of any campaign count, a row that is there again does not."""
    header = "refund,order,paid,customer,amount,currency"
    first = csv("r1,o1,20,11,15,USD", header=header)
    journal = SqliteJournal(tmp_path / "workspace", write=True)
    desk.make(first, system="spree-v2", mode="refunds", journal=journal)
    take_up(desk.output, read_head(desk.output), check_seal(desk.output), journal, account("spree-v2"), now=NOW)
    asked = {"system": "spree-v2", "mode": "refunds", "journal": journal, "name": "b.csv"}
    for campaign in ("nov", "dec"):
        second = csv("r2,o1,20,11,5.01,USD", header=header)
        (problem,) = desk.refused(second, campaign=campaign, **asked).problems
        assert (problem.code, "1500 of them are from earlier jobs" in problem.text) == ("order_limit", True)
        assert desk.problems(csv("r2,o1,20,11,1,EUR", header=header), campaign=campaign, **asked) == [
            ("order_currency", 2)
        ]
        assert desk.make(csv("r2,o1,20,11,5,USD", header=header), campaign=campaign, **asked).seal.rows == 1
    again = csv("r1,o1,20,11,15,USD", "r2,o1,20,11,5,USD", header=header)
    assert desk.make(again, **asked).seal.rows == 2
    journal.close()


# Customers


@pytest.mark.parametrize("customer", ["017", "17abc", "+17", "1_7", "17.0", "0", "cust_17", "1" * 20, "\u0661\u0667"])
@pytest.mark.parametrize("many", [1, 40])
def test_a_user_of_the_platform_api_is_written_in_one_way(customer: str, many: int, desk: Desk) -> None:
    """Rails reads most of these as user 17 or as somebody else: found alone, and among many that are right."""
    rows = [f"k{n},{n},1,USD" for n in range(1, many)]
    content = csv(*rows, f"a,{customer},1,USD")
    assert desk.problems(content, system="spree-v2") == [("customer_unknown", many + 1)]


@pytest.mark.parametrize("system", ["vinr", "spree-v3"])
@pytest.mark.parametrize("customer", ["cust_8aZ2/..", "cust 8aZ2", "cust_8aZ2?x=1", "c\u00fcst", "-17"])
def test_ids_of_customers_are_letters_and_digits(system: str, customer: str, desk: Desk) -> None:
    assert desk.problems(csv(f"a,{customer},1,USD"), system=system) == [("customer_unknown", 2)]
    desk.plan(csv("a,cust_8aZ2,1,USD"), system=system)

"""Moves while customers go on buying: nothing is lost, nothing doubled, and a second run moves nothing."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from jobs_support.move_shops import Shops
from jobs_support.shops import Run
from store_credit import SpreeClient, StoreCreditError
from store_credit_jobs.cli.apply_command import Apply
from store_credit_jobs.exit_codes import ExitCode
from store_credit_mock.control import ControlError
from store_credit_mock.mock import SPREE_TOKEN

WAYS = [("spree-v2", "spree-v3"), ("vinr", "spree-v2"), ("spree-v3", "vinr")]


class Killed(BaseException):
    """This process dies."""


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


def test_a_move_that_dies_between_its_halves_is_finished_by_running_it_again(
    shops_of: Callable[..., Shops], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until then `verify` shows what is missing; nothing is given whose take was not done."""
    shops = shops_of("spree-v2", "vinr")
    shops.issue(6)
    before = shops.owed("old")
    assert shops.make_plan()["rows"] == 6
    # One of them is spent from after it was planned, so that it is not taken.
    assert shops.source.buy(shops.emails[0], 700) == 700
    carry_out = Apply.carry_out
    ran: list[Apply] = []

    def dying(self: Apply) -> ExitCode:
        if ran:
            raise Killed
        ran.append(self)
        return carry_out(self)

    monkeypatch.setattr(Apply, "carry_out", dying)
    with pytest.raises(Killed):
        shops.apply()
    monkeypatch.setattr(Apply, "carry_out", carry_out)
    taken = before - shops.owed("old")
    taken[shops.emails[0], "USD"] -= 700
    assert sum(taken.values()) == sum(before.values()) - 2000
    assert not shops.owed("new")
    short = shops.verify()
    assert short.code == 5, short
    (told,) = short.events
    sums = {(one["currency"], one["measure"]): (one["source"], one["target"]) for one in told["sums"]}
    assert sums["USD", "count"] == (5, 0)
    assert sums["USD", "minor"] == (sum(taken.values()), 0)
    again = shops.apply()
    # 1: the credit that had changed was refused, and stays where it is.
    assert again.code == 1, again
    assert shops.owed("new") == +taken
    assert shops.verify().code == 0
    assert shops.make_plan()["rows"] == 1
    assert shops.apply().code == 0
    assert not +shops.owed("old")
    assert sum(shops.owed("new").values()) == sum(before.values()) - 700
    assert shops.verify().code == 0


def test_moves_that_are_killed_double_and_lose_nothing(shops_of: Callable[..., Shops]) -> None:
    """SIGKILL in both halves, at every point of a request, and responses that are lost besides."""
    shops = shops_of("spree-v2", "spree-v3", 2)
    shops.issue(14)
    before = shops.owed("old")
    assert shops.make_plan()["rows"] == 14
    shops.target.server.fault("spree_v3.admin.customers.store_credits.create", nth=2, drop=True, when="after")
    common = ["--config", str(shops.office.config), "--workspace", str(shops.office.workspace)]
    kills = [("answered", 5), ("claimed", 2), ("sending", 9), ("settling", 1), ("writing", 1), ("answered", 3)]
    codes: list[int] = []
    for kill in [*kills, ("never", 1)]:
        arguments = ["move", "apply", str(shops.plan), "--concurrency", "3", *common]
        codes.append(Run(arguments, {}, shops.office.folder, kill).code)
    assert codes[-1] == 0
    assert codes.count(-9) >= 4, codes
    assert not +shops.owed("old")
    assert shops.owed("new") == before
    made = [credit.minor for credit in shops.office.credits("new").values() if credit.minor >= 2000]
    assert sorted(made) == [2000 + n for n in range(14)]
    assert all(credit.memo == "of the old shop" for credit in shops.office.credits("new").values() if credit.mark)
    assert shops.verify().code == 0


@pytest.mark.parametrize("target", ["spree-v2", "vinr"])
def test_giving_first_leaves_an_overhang_that_a_delta_cuts(
    shops_of: Callable[..., Shops], monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    """What customers buy between both halves was given too much; VINR cannot reduce it, and lists it with a total."""
    shops = shops_of("spree-v2", target)
    shops.issue(6)
    before = shops.owed("old")
    assert shops.make_plan("--give-first")["totals"]["USD"]["rows"] == 6
    carry_out = Apply.carry_out
    spent: list[int] = []

    def buying(self: Apply) -> ExitCode:
        code = carry_out(self)
        if not spent:
            spent.append(sum(shops.source.buy(email, 700) for email in shops.emails))
        return code

    monkeypatch.setattr(Apply, "carry_out", buying)
    assert shops.apply().code == 0
    assert spent == [2100]
    assert not +shops.owed("old")
    assert shops.owed("new") == before
    assert shops.verify().code == 5
    cut = str(shops.office.folder / "delta.plan.jsonl")
    delta = shops.office.run("move", "delta", str(shops.plan), "--json", "-o", cut)
    (told,) = delta.events
    if target == "vinr":
        assert (delta.code, told["rows"]) == (1, 0)
        assert told["left_totals"] == {"overhang": {"USD": {"rows": 3, "minor": 2100}}}
        known = shops.office.folder / "differences.csv"
        waived = shops.office.folder / "waived.csv"
        waived.write_bytes(known.read_bytes())
        told_before = known.read_text().splitlines()
        assert shops.verify("--waive", str(waived)).code == 0
        # What is waived is that difference, not any.
        waived.write_text("".join(f"{line}0\n" if "minor" in line else f"{line}\n" for line in told_before))
        assert shops.verify("--waive", str(waived)).code == 5
        return
    assert (delta.code, told["totals"]) == (0, {"USD": {"rows": 3, "minor": 2100}})
    assert shops.office.run("move", "apply", cut, "--quiet").code == 0
    assert sum(shops.owed("new").values()) == sum(before.values()) - 2100
    assert shops.verify().code == 0
    again = shops.office.run("move", "delta", str(shops.plan), "--json", "-o", cut)
    assert (again.code, again.events[0]["rows"]) == (0, 0)


def test_what_the_target_refuses_is_missing_until_it_is_given_again(shops_of: Callable[..., Shops]) -> None:
    """A customer that the target does not have: taken, not given, told with its total; then repaired."""
    shops = shops_of("spree-v3", "vinr", 2)
    nobody = shops.target.ids[shops.emails[0]] = "cust_nobody"
    lines = [f"{shops.source.ids[email]},{shops.target.ids[email]}" for email in shops.emails]
    shops.map.write_text("\n".join(["source,target", *lines, ""]))
    shops.issue(4)
    before = shops.owed("old")
    shops.make_plan("--sum")
    refused = shops.apply()
    assert refused.code == 3, refused
    assert "2 credits, USD 40.02, were taken but not yet given" in refused.err
    assert shops.verify().code == 5
    # Running it again does not send what was refused.
    writes = shops.writes()
    assert shops.apply().code == 3
    assert shops.writes() == writes
    control: Any = shops.target.server.control
    control.vinr.add_customer(id=nobody, email="nobody@example.com")
    assert shops.apply("--retry-refused").code == 0
    assert shops.owed("new") == before
    assert shops.verify().code == 0
    # One credit for each customer, as --sum says.
    made = [credit for credit in shops.office.credits("new").values() if credit.customer in shops.target.ids.values()]
    assert len(made) == 2


def test_what_cannot_be_moved_stays_and_is_listed(shops_of: Callable[..., Shops]) -> None:
    """Set aside for an order, without a counterpart, of a currency that the target stores with fewer decimals."""
    shops = shops_of("spree-v2", "spree-v3", 3)
    office = shops.office
    shops.issue(3)
    lines = [f"{shops.source.ids[email]},{shops.target.ids[email]}" for email in shops.emails[:2]]
    shops.map.write_text("\n".join(["source,target", *lines, ""]))
    held = next(name for name, one in office.credits("old").items() if one.minor == 2000)
    with closing(SpreeClient(shops.source.server.url, SPREE_TOKEN)) as shop:
        shop.store_credits.update(held, amount_authorized=5)
    planned = shops.make_plan()
    assert planned["rows"] == 1
    assert planned["left_totals"]["authorized_open"] == {"USD": {"rows": 1, "minor": 2000}}
    assert "customer_unmapped" in planned["left_totals"]
    left = Path(f"{shops.plan}.left.csv").read_text()
    assert held in left
    # In a circle nothing would ever be whole.
    circle = office.run("move", "plan", "--from", "old", "--to", "old", "--map", str(shops.map))
    assert (circle.code, "are the same shop" in circle.err) == (2, True)
    # Half of a move is nothing that `issue apply` carries out, or `issue undo` takes back.
    alone = office.run("issue", "apply", str(shops.plan))
    assert alone.code == 2, alone
    assert "move apply" in alone.err
    assert shops.apply().code == 0
    for job in office.run("jobs", "list", "--json").out.split('"'):
        if job.startswith("jb_"):
            undone = office.run("issue", "undo", job, "-o", str(office.folder / "undo.plan.jsonl"))
            assert (undone.code == 2) == ("move" in undone.err), undone
    assert held in office.credits("old")
    with closing(SpreeClient(shops.source.server.url, SPREE_TOKEN)) as shop:
        shop.store_credits.update(held, amount_authorized=0, amount_used=5)
    assert shops.make_plan()["rows"] == 1
    assert shops.apply().code == 0
    assert office.credits("old")[held].remaining == 0
    assert sum(shops.owed("new").values()) == 2001 + 1500
    assert shops.verify().code == 0


def test_who_would_hold_too_much_keeps_it_in_the_source(shops_of: Callable[..., Shops]) -> None:
    """What a customer has in the target already counts against the most that one may hold there."""
    shops = shops_of("spree-v2", "spree-v3", 2)
    one, two = shops.emails
    shops.office.issue("new", [(shops.target.ids[one], 99_000_000, "USD")], campaign="there")
    # In turn: the first has 4,000.00 and 7,000.00 here, of which the first fits.
    # Issued one by one: rows of one job are sent at once, and their credits have ids in any order.
    old = {email: shops.source.ids[email] for email in shops.emails}
    rows = [(old[one], 400_000), (old[two], 1000), (old[one], 700_000), (old[two], 1000)]
    for number, (customer, minor) in enumerate(rows):
        shops.office.issue("old", [(customer, minor, "USD")], campaign=f"before-{number}")
    planned = shops.make_plan()
    assert planned["totals"] == {"USD": {"rows": 3, "minor": 402_000}}
    assert planned["left_totals"] == {"total_limit": {"USD": {"rows": 1, "minor": 700_000}}}
    assert "has 99000000 minor units of USD there" in Path(f"{shops.plan}.left.csv").read_text()
    assert shops.apply().code == 0
    assert shops.owed("new") == {(one, "USD"): 99_400_000, (two, "USD"): 2000}
    assert shops.verify().code == 0
    # What has arrived counts once.
    assert (shops.make_plan()["rows"], shops.make_plan("--give-first")["rows"]) == (0, 0)


def test_customers_are_matched_by_address_and_nothing_is_guessed(shops_of: Callable[..., Shops]) -> None:
    """Case does not count; who has no counterpart, or two, is listed."""
    shops = shops_of("spree-v2", "vinr", 4)
    office = shops.office
    shops.issue(4)
    snapshot, mapped = office.folder / "old.jsonl", office.folder / "made.csv"
    assert office.run("move", "export", "--account", "old", "-o", str(snapshot)).code == 0
    one, two, three, _ = shops.emails
    there = office.folder / "emails.csv"
    there.write_text(f"email,customer\n{one.upper()},c1\n{two},c2\n{two},c2b\n{three},c3\n")
    said = office.run("move", "map", str(snapshot), "--emails", str(there), "-o", str(mapped))
    assert said.code == 1, said
    ids = shops.source.ids
    assert mapped.read_text().splitlines()[1:] == sorted([f"{ids[one]},c1,{one}", f"{ids[three]},c3,{three}"])
    left = Path(f"{mapped}.left.csv").read_text()
    assert f"{ids[two]},{two},ambiguous" in left
    assert left.count("missing") >= 1


@pytest.mark.parametrize("source", ["spree-v2", "vinr"])
def test_credit_of_a_source_that_is_gone_is_given_from_its_snapshot(
    shops_of: Callable[..., Shops], source: str
) -> None:
    """Nothing is taken, nothing given twice, the source is not asked, and memo and expiry stay what they were."""
    shops = shops_of(source, "spree-v3" if source == "spree-v2" else "vinr", 2)
    shops.issue(4)
    before = shops.owed("old")
    snapshot = shops.office.folder / "old.jsonl"
    assert shops.office.run("move", "export", "--account", "old", "-o", str(snapshot)).code == 0
    shops.source.server.stop()
    assert shops.make_plan("--snapshot", str(snapshot), "--give-only")["rows"] == 4
    assert shops.apply().code == 0
    assert shops.owed("new") == before
    made = [one for one in shops.office.credits("new").values() if one.customer in shops.target.ids.values()]
    assert {(one.memo, one.expires) for one in made} == (
        {("of the old shop", None)} if source == "spree-v2" else {(None, 1830297599)}
    )
    assert shops.verify().code == 0
    assert shops.make_plan("--snapshot", str(snapshot), "--give-only")["rows"] == 0

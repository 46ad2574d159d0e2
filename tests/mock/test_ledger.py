"""The ledger keeps its bounds by itself, and a state machine tries to break what is built on it."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from mockbench import Bench
from store_credit_mock import Contract, Engine, Fault, Options
from store_credit_mock.control import ControlError
from store_credit_mock.ledger import OUTSIDE, Account, Entry, LedgerError, balances, check_account

PATH = "/v1/store-credit"
CUSTOMERS = ("cust_8aZ2", "cust_b")
CURRENCIES = ("USD", "EUR", "JPY")


def test_a_movement_that_breaks_a_bound_is_refused_and_moves_nothing() -> None:
    """A bounded pocket never falls below 0, and amounts are 1 or more."""
    account = Account("a", "minor", "USD", bounded=frozenset({"remaining"}))
    account.move(1, "issue", OUTSIDE, "remaining", 10, 0)

    for amount, named in ((11, "pocket_covers_movement"), (0, "amount_positive"), (-1, "amount_positive")):
        with pytest.raises(LedgerError) as refused:
            account.move(2, "spend", "remaining", "spent", amount, 0)
        assert refused.value.rule == named
    assert (account.balance("remaining"), account.balance("spent")) == (10, 0)


def test_entries_add_up_to_balances() -> None:
    """Every movement leaves one pocket and enters another of the same account."""
    account = Account("a", "hundredth", "USD")
    entries = [
        account.move(1, "issue", OUTSIDE, "remaining", 10, 0),
        account.move(2, "authorize", "remaining", "authorized", 7, 0),
        account.move(3, "capture", "authorized", "used", 7, 0),
    ]

    assert balances(entries) == {("a", "USD", "remaining"): 3, ("a", "USD", "used"): 7}


def entry(number: int, source: str, target: str, amount: int, action: str = "spend", **more: int) -> Entry:
    at, until = more.get("at", 0), more.get("until")
    return Entry(number, "a", action, source, target, amount, "minor", "USD", at, "", until)


@pytest.mark.parametrize(
    ("entries", "kept", "rules"),
    [
        ([entry(1, OUTSIDE, "remaining", 5, "issue")], {"remaining": 5}, []),
        ([entry(1, OUTSIDE, "remaining", 5, "issue")], {"remaining": 4}, ["sum_of_entries_is_balance"]),
        (
            [
                entry(1, OUTSIDE, "remaining", 5, "issue"),
                entry(2, "remaining", "spent", 6),
                entry(3, "spent", "remaining", 6),
            ],
            {"remaining": 5},
            ["never_below_zero"],
        ),
        (
            [entry(2, OUTSIDE, "remaining", 5, "issue"), entry(1, OUTSIDE, "remaining", 1, "issue")],
            {"remaining": 6},
            ["entries_in_order"],
        ),
        (
            [entry(1, OUTSIDE, "remaining", 5, "spend", at=10, until=10)],
            {"remaining": 5},
            ["nothing_spent_after_expiry"],
        ),
        ([entry(1, OUTSIDE, "remaining", 5, "spend", at=9, until=10)], {"remaining": 5}, []),
    ],
)
def test_broken_books_are_found_by_name(entries: list[Entry], kept: dict[str, int], rules: list[str]) -> None:
    """The check reads entries only, so it cannot be fooled by what wrote them."""
    found = check_account("a", entries, kept, "USD", ("remaining",), ("spend",))

    assert [finding.rule for finding in found] == rules


class VinrMachine(RuleBasedStateMachine):
    """Issues, changes, spends and refunds at random, with lost answers between, beside a model of plain numbers."""

    contract: Contract
    issued: Bundle[str] = Bundle("issued")
    bought: Bundle[str] = Bundle("bought")

    @initialize()
    def start(self) -> None:
        self.bench = Bench(Engine(self.contract, options=Options(seed=1)))
        self.bench.control.vinr.add_customer("cust_b")
        self.model: dict[str, dict[str, object]] = {}
        self.spent: dict[str, dict[str, object]] = {}
        self.key = 0

    def teardown(self) -> None:
        if hasattr(self, "bench"):
            self.bench.engine.close()

    @rule(
        target=issued,
        customer=st.sampled_from(CUSTOMERS),
        amount=st.integers(1, 500),
        currency=st.sampled_from(CURRENCIES),
        ends=st.none() | st.integers(1, 300),
        lost=st.booleans(),
    )
    def issue(self, customer: str, amount: int, currency: str, ends: int | None, lost: bool) -> str:
        """Issue under a key; now and then the first answer is lost, and the retry must not issue again."""
        self.key += 1
        expires_at = None if ends is None else self.bench.seconds() + ends
        body = {"customer": customer, "amount": amount, "currency": currency, "expires_at": expires_at}
        headers = {"Idempotency-Key": f"key-{self.key}"}
        if lost:
            self.bench.engine.faults.add(Fault("*.create", nth=1, drop=True, when="after"))
            assert self.bench.send("POST", PATH, body, headers).cut is not None
            self.bench.engine.faults.clear()
        made = orjson.loads(self.bench.send("POST", PATH, body, headers).body)
        self.model[made["id"]] = {**body, "remaining": amount}
        return made["id"]

    @rule(credit=issued, ends=st.none() | st.integers(1, 300))
    def change(self, credit: str, ends: int | None) -> None:
        """Give a credit another end."""
        expires_at = None if ends is None else self.bench.seconds() + ends
        assert self.bench.send("POST", f"{PATH}/{credit}", {"expires_at": expires_at}).status == 200
        self.model[credit]["expires_at"] = expires_at

    @rule(seconds=st.integers(0, 200))
    def wait(self, seconds: int) -> None:
        """Let time pass, and credits end."""
        self.bench.control.advance(seconds)

    @rule(
        target=bought,
        customer=st.sampled_from(CUSTOMERS),
        amount=st.integers(1, 800),
        currency=st.sampled_from(CURRENCIES),
    )
    def buy(self, customer: str, amount: int, currency: str) -> str:
        """Buy something: what credit pays is what the model has to spend, and not more."""
        now = self.bench.control.clock()["now"]
        usable = [
            (identity, credit)
            for identity, credit in self.model.items()
            if credit["customer"] == customer
            and credit["currency"] == currency
            and (credit["expires_at"] is None or int(str(credit["expires_at"])) * 1000 > now)
        ]
        bought = self.bench.control.vinr.buy(customer, amount, currency)
        assert bought["paid_by_credit"] == min(amount, sum(int(str(credit["remaining"])) for _, credit in usable))
        assert {part["credit"] for part in bought["parts"]} <= {identity for identity, _ in usable}
        for part in bought["parts"]:
            credit = self.model[part["credit"]]
            credit["remaining"] = int(str(credit["remaining"])) - part["amount"]
        self.spent[bought["id"]] = {"open": amount}
        return bought["id"]

    @rule(purchase=bought, amount=st.none() | st.integers(1, 800))
    def refund(self, purchase: str, amount: int | None) -> None:
        """Take back all or part of a purchase, or too much of it."""
        open_amount = int(str(self.spent[purchase]["open"]))
        if amount is not None and amount > open_amount:
            with pytest.raises(ControlError):
                self.bench.control.vinr.refund(purchase, amount)
            return
        before = {part["credit"]: part["refunded"] for part in self.bench.control.vinr.purchase(purchase)["parts"]}
        after = self.bench.control.vinr.refund(purchase, amount)
        self.spent[purchase]["open"] = open_amount - (open_amount if amount is None else amount)
        for part in after["parts"]:
            credit = self.model[part["credit"]]
            credit["remaining"] = int(str(credit["remaining"])) + part["refunded"] - before[part["credit"]]

    @invariant()
    def books_are_right(self) -> None:
        """Every balance is the model's, and the live check finds nothing."""
        if not hasattr(self, "bench"):
            return
        found = self.bench.control.invariants()
        assert found == {"holds": True, "broken": [], "allowed": []}
        rows = self.bench.engine.transact(
            lambda call: call.db.all("SELECT id, remaining FROM vinr_credit WHERE sandbox = 'default'"), write=False
        )
        assert dict(rows) == {identity: credit["remaining"] for identity, credit in self.model.items()}


def run_machine(contract: Contract, examples: int) -> None:
    VinrMachine.contract = contract
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    chosen = settings(
        max_examples=examples, stateful_step_count=50, deadline=None, suppress_health_check=checks, database=None
    )
    run_state_machine_as_test(VinrMachine, settings=chosen)  # pyright: ignore[reportUnknownMemberType]


@pytest.mark.slow
def test_no_way_is_found_to_break_the_books(
    store_credit_mock_contract: Contract, request: pytest.FixtureRequest
) -> None:
    """At least 200 examples of 50 steps; `--hypothesis-profile=long` takes 5,000."""
    run_machine(store_credit_mock_contract, 5000 if request.config.getoption("--hypothesis-profile") == "long" else 200)

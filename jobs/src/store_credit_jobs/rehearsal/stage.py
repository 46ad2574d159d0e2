"""The mock on which a plan is rehearsed: a shop with the plan's customers and the credits that the plan knows of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import attrs

from store_credit import default_http_client, from_minor_units, spree_id
from store_credit_jobs.config import Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.planning.plan_file import PlanHead, PlanRow
from store_credit_jobs.rehearsal.clock import RehearsalClock
from store_credit_jobs.systems import connect
from store_credit_jobs.systems.system import System

if TYPE_CHECKING:
    from store_credit_mock import Mock

__all__ = ["Stage"]

_V3_VERSIONS: Final = ("5.5", "5.6", "6.0-alpha", "6.0")
_V3_DEFAULT: Final = "5.6"
_AT_ONCE: Final = 5000
"""Customers or credits that the mock is given with one call."""
_WINDOW: Final = 60.0
"""Seconds after which Spree's API v3 begins to count requests anew."""


class _Key:
    """The credential of the mock, which is no secret."""

    fingerprint = "rehearsal"

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        return self._text


class _Transport:
    """Sends to the mock, and lets time pass where its limit is used up: a rehearsal is not about the pace."""

    def __init__(self, mock: Mock, clock: RehearsalClock) -> None:
        self._inner = mock.transport
        self._clock = clock

    def handle_request(self, request: Any) -> Any:
        self._clock.sent()
        response = self._inner.handle_request(request)
        if response.headers.get("x-ratelimit-remaining") == "0":
            self._clock.wait(_WINDOW)
        return response

    def close(self) -> None:
        """Close nothing."""


class _Given:
    """What a customer has on the mock of a currency before the job begins, in minor units; and to what that comes."""

    __slots__ = ("outstanding", "wanted")

    def __init__(self, wanted: int) -> None:
        self.wanted = wanted
        self.outstanding = 0


class Stage:
    """A mock with everybody and everything that a plan names, and the way from the plan's ids to those of the mock.

    VINR's customers and credits keep their ids. Spree makes ids itself, so there a row is about a customer and a credit
    of the mock in the place of its own.

    Args:
        head: The plan's head.
        account: The account that the plan is for. Its credential is not read.
        clock: The time.
        seed: Makes ids and trouble come out the same again.

    Attributes:
        mock: The mock.
        account: The account of the mock.
        left_out: How many rows cannot be rehearsed: they change a credit that is partly spent or set aside, and the
            mock cannot be given such a one.

    Raises:
        JobsError: `extra_missing`, the mock is not installed.
    """

    def __init__(self, head: PlanHead, account: Account, clock: RehearsalClock, seed: int) -> None:
        try:
            from store_credit_mock import Mock
        except ImportError:
            what = "a rehearsal needs the mock: run pip install 'store-credit-jobs[rehearse]'"
            raise JobsError("extra_missing", f"{what}. Nothing was sent") from None
        self._system = head.system
        self._clock = clock
        self._v3 = account.server if account.server in _V3_VERSIONS else _V3_DEFAULT
        chosen: dict[str, Any] = {"spree_v3_profile": self._v3} if head.system == "spree-v3" else {}
        self.mock: Mock = Mock(seed=seed, **chosen)
        # Under a seed the mock's clock moves with its requests; here it is the one that the engine and the system have.
        own = self.mock.engine.sandbox.clock
        own.machine = clock.now
        own.freeze(int(clock.now() * 1000))
        own.resume()
        self.account = self._made_over(account)
        self._head = head
        self.left_out = 0
        self._customers: dict[str, int] = {}
        self._first = 0
        self._credits: dict[str, str] = {}
        self._given: dict[tuple[str, str], _Given] = {}

    def _made_over(self, account: Account) -> Account:
        return attrs.evolve(
            account,
            url=account.host,
            live=False,
            credential={},
            created_by="1" if self._system == "spree-v2" else None,
            category=self._category(account.category),
            server=self._v3 if self._system == "spree-v3" else None,
            rate=None,
        )

    def _category(self, category: str | None) -> str | None:
        if self._system == "spree-v2":
            return "1"
        return spree_id("category", 1) if category is not None and self._v3.startswith("5.") else None

    @property
    def head(self) -> dict[str, Any]:
        """The plan's head for the journal of the rehearsal, with what the mock has in the place of the shop's own."""
        settings = dict(self._head.settings)
        for name, value in (("category", self.account.category), ("created_by", self.account.created_by)):
            if settings.pop(name, None) is not None and value is not None:
                settings[name] = value
        return {**attrs.asdict(self._head), "settings": settings}

    def connect(self) -> System:
        """Make the system that sends to the mock."""
        key = {
            "vinr": "sk_test_rehearsal",
            "spree-v2": self.mock.spree_token,
            "spree-v3": self.mock.spree_secret_key,
        }[self._system]
        client = default_http_client(transport=_Transport(self.mock, self._clock))
        return connect(self.account, _Key(key), http_client=client, clock=self._clock)

    # The shop

    def furnish(self, rows: Iterable[PlanRow]) -> None:
        """Give the mock the customers of a plan, and the credits that it changes or counts on."""
        targets: dict[str, tuple[str, str, dict[str, Any]]] = {}
        for row in rows:
            if not row.steps:
                continue
            if self._beyond(row):
                self.left_out += 1
                continue
            self._customers.setdefault(row.customer, len(self._customers))
            if row.was is not None:
                self._given.setdefault((row.customer, row.currency), _Given(row.was.get("outstanding", 0)))
            for step in row.steps:
                if step.target is not None and step.target not in targets:
                    # What may be spent from until it is taken has nothing in `before` that says how much is used.
                    used = {"used": (row.was or {}).get("used", 0)}
                    before = {**used, **(step.before or {"minor": step.minor})}
                    targets[step.target] = (row.customer, row.currency, before)
        self._add_customers()
        self._add_credits(targets)

    def _beyond(self, row: PlanRow) -> bool:
        befores = [step.before or {} for step in row.steps if step.target is not None]
        touched = ("authorized",) if self._system == "vinr" else ("used", "authorized")
        return any(before.get(name) for before in befores for name in touched)

    def _add_customers(self) -> None:
        self._first = self._first_customer()
        part = "users" if self._system == "spree-v2" else "customers"
        everybody = ({"email": self._address(name)} for name in self._customers)
        if self._system == "vinr":
            everybody = ({"id": name, "email": self._address(name)} for name in self._customers)
        for some in _in_parts(everybody):
            self.mock.control.seed({self._part: {part: some}})

    def _address(self, customer: str) -> str:
        return f"{self._customers[customer]}@rehearsal.example"

    def customer(self, customer: str) -> str:
        """Give a customer's id on the mock."""
        number = self._customers.get(customer)
        if number is None or self._system == "vinr":
            return customer
        if self._system == "spree-v2":
            return str(self._first + number)
        return spree_id("customer", self._first + number, server=self._v3)

    def _first_customer(self) -> int:
        """Find the number that Spree gives to the next customer, by making one."""
        address = "first@rehearsal.example"
        if self._system == "spree-v2":
            return self.mock.control.spree.add_user(address).id + 1
        if self._system == "spree-v3":
            made = self.mock.control.spree_v3.add_customer(address).id
            numbers = range(1, 10_000)
            return next(number for number in numbers if spree_id("customer", number, server=self._v3) == made) + 1
        return 0

    def _add_credits(self, targets: dict[str, tuple[str, str, dict[str, Any]]]) -> None:
        """Give customers the credits that the plan changes, and beside them what the plan saw of theirs."""
        lines: list[dict[str, Any]] = []
        for number, (identity, (customer, currency, before)) in enumerate(targets.items(), 1):
            minor: int = before["minor"]
            self._credits[identity] = {
                "vinr": identity,
                "spree-v2": str(number),
                "spree-v3": spree_id("store_credit", number),
            }[self._system]
            given = self._given.get((customer, currency))
            if given is not None:
                given.outstanding += minor - before.get("used", 0)
            more = {"id": identity, "expires_at": before.get("expires"), "spent": before.get("used", 0)}
            lines.append(self._credit(customer, currency, minor, more if self._system == "vinr" else {}))
        for (customer, currency), given in self._given.items():
            if given.wanted > given.outstanding:
                lines.append(self._credit(customer, currency, given.wanted - given.outstanding, {}))
        for some in _in_parts(lines):
            self.mock.control.seed({self._part: {"store_credits": some}})

    def _credit(self, customer: str, currency: str, minor: int, more: dict[str, Any]) -> dict[str, Any]:
        if self._system == "vinr":
            return {"customer": customer, "amount": minor, "currency": currency, **more}
        amount = str(from_minor_units(minor, currency))
        if self._system == "spree-v2":
            return {"user_id": int(self.customer(customer)), "amount": amount, "currency": currency}
        return {"customer": self._address(customer), "amount": amount, "currency": currency}

    @property
    def _part(self) -> str:
        return {"vinr": "vinr", "spree-v2": "spree", "spree-v3": "spree_v3"}[self._system]

    # The plan

    def customers(self) -> Iterator[str]:
        """Go through the customers on the mock that the plan is about."""
        return map(self.customer, self._customers)

    def rows(self, rows: Iterable[PlanRow]) -> Iterator[dict[str, Any]]:
        """Give a plan's rows for the journal of the rehearsal: about the customers and credits of the mock."""
        for row in rows:
            if row.steps and self._beyond(row):
                continue
            line = attrs.asdict(row)
            line["customer"] = self.customer(row.customer)
            for step in line["steps"]:
                step["target"] = self.credit(step["target"])
            yield line

    def credit(self, credit: Any) -> Any:
        """Give a credit's id on the mock; None where a step has no target."""
        return self._credits.get(credit, credit)

    def close(self) -> None:
        """Close the mock."""
        self.mock.close()


def _in_parts(items: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(items)
    while some := list(islice(left, _AT_ONCE)):
        yield some

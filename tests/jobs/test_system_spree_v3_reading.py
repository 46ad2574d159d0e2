"""Spree's API v3 as jobs read it: whole lists while others change them, customers, and the account itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import attrs
import pytest

from http_library import httpx
from jobs_support.v3_account import Secret, V3Account
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.steps import State
from store_credit_jobs.systems.spree_v3_lists import walk

# Reading


def test_credits_are_gone_through_whole(v3_shop: V3Account) -> None:
    """By customer where there is no list over all; of one moment more than a page; while others come and go."""
    for number in range(230):
        v3_shop.bench.give("1.00", customer=1 + number % 2, memo=f"n{number}")
        if number % 115 == 114:
            v3_shop.clock.wait(10)
    v3_shop.system.check()
    everyone = [one for one, _ in v3_shop.system.customer_ids()]
    assert everyone[0] == v3_shop.customer
    assert len(everyone) == len(set(everyone)) > 2
    with_list = v3_shop.profile in ("6.0-alpha+ledger", "6.0")
    assert v3_shop.system.abilities.scan is with_list
    before = len(v3_shop.mock.exchanges)
    seen: list[str] = []
    for credit in v3_shop.system.credits():
        seen.append(credit.memo or "")
        if len(seen) == 60:
            v3_shop.bench.give("1.00", memo="late")
            first = v3_shop.credits()[0]
            v3_shop.bench.send("DELETE", v3_shop.bench.credits(1, first.id))
    assert sorted(one for one in seen if one != "late") == sorted(f"n{number}" for number in range(230))
    assert len(seen) == len(set(seen))
    paths = {one.request.path for one in list(v3_shop.mock.exchanges)[before:] if one.request.method == "GET"}
    assert ("/api/v3/admin/store_credits" in paths) is with_list
    since = v3_shop.clock.now() - 15
    assert {one.memo for one in v3_shop.system.credits(since=since)} <= {
        *(f"n{number}" for number in range(115, 230)),
        "late",
    }
    assert len(list(v3_shop.system.credits(customer=v3_shop.bench.customer(2)))) == 115
    some = list(v3_shop.system.credits(customers=[v3_shop.customer]))
    assert with_list or {one.customer for one in some} == {v3_shop.customer}


class Listed(NamedTuple):
    """A record of a list."""

    id: str
    created_at: datetime


@attrs.frozen
class Meta:
    """What a page says of its list."""

    count: int
    next: int | None


@pytest.mark.parametrize("sorts", [True, False])
def test_a_list_out_of_which_records_are_deleted(sorts: bool) -> None:
    """By time nothing is skipped; by number it is noticed and read again, and given up if it never stands still."""
    start = datetime(2026, 11, 22, tzinfo=UTC)
    records = [Listed(f"c{n:03}", start + timedelta(seconds=n)) for n in range(350)]
    deletes = iter([3, 5])

    def fetch(bound: str | None, number: int) -> tuple[list[Listed], Meta]:
        found = [one for one in records if bound is None or f"{one.created_at:%Y-%m-%dT%H:%M:%S.%f}Z" >= bound]
        if not sorts:
            # The server orders by something else, and ignores the filter.
            found = sorted(records, key=lambda one: one.id[::-1])
        page = found[100 * (number - 1) : 100 * number]
        meta = Meta(len(found), number + 1 if len(found) > 100 * number else None)
        for _ in range(next(deletes, 0)):
            records.remove(found.pop(0))
        return page, meta

    before = {one.id for one in records}
    seen = [one.id for one in walk(fetch, None, "the list")]
    assert len(seen) == len(set(seen))
    assert {one.id for one in records} <= set(seen) <= before
    deletes = iter([1] * 100)
    if sorts:
        assert len(list(walk(fetch, None, "the list"))) > 300
    else:
        with pytest.raises(JobsError, match="the list changed each of the 5 times it was read"):
            list(walk(fetch, None, "the list"))


def test_a_time_is_shown_with_fewer_digits_than_it_has() -> None:
    """What was created within the second that is asked for is given: a server compares more digits than it shows."""
    shown = Listed("c1", datetime(2026, 11, 22, 10, 0, 10, tzinfo=UTC))

    def fetch(bound: str | None, number: int) -> tuple[list[Listed], Meta]:
        del number
        there = bound is None or bound <= "2026-11-22T10:00:10.700000Z"
        return ([shown] if there else []), Meta(int(there), None)

    assert list(walk(fetch, shown.created_at.timestamp() + 0.5, "the list")) == [shown]


def test_customers_who_are_missing(v3_shop: V3Account) -> None:
    """A few are asked for one by one; an id of the other family's form is none of theirs, although 5.x takes it."""
    other = (
        v3_shop.customer.replace("cust_", "cus_")
        if v3_shop.customer.startswith("cust_")
        else v3_shop.customer.replace("cus_", "cust_")
    )
    absent = v3_shop.bench.customer(99)
    held = sum(one.remaining for one in v3_shop.system.credits(customer=v3_shop.customer) if one.currency == "USD")
    for asked in (
        [v3_shop.customer, absent, other, v3_shop.customer],
        [v3_shop.customer, *[absent] * 3, other, other + "x"],
    ):
        assert absent in v3_shop.system.missing_customers(asked)
        # What the shop lists with a customer is what can be spent in its own currency, and costs no request.
        sent = len(v3_shop.mock.exchanges)
        assert v3_shop.system.available(v3_shop.customer) == Decimal(held) / 100
        assert v3_shop.system.available(absent) == 0
        assert len(v3_shop.mock.exchanges) == sent
    assert v3_shop.system.missing_customers([v3_shop.customer, absent, other, v3_shop.customer]) == [absent, other]
    # Of many, all customers are listed in the place of asking for each.
    many = [v3_shop.bench.customer(number) for number in range(1, 200)]
    before = len(v3_shop.mock.exchanges)
    everyone = {one for one, _ in v3_shop.system.customer_ids()}
    assert v3_shop.system.missing_customers([*many, other]) == [one for one in [*many, other] if one not in everyone]
    assert len(v3_shop.mock.exchanges) - before < 6
    assert v3_shop.system.credit("credit_UkLWZg9DAJ", v3_shop.customer) is None
    assert list(v3_shop.system.credits(customer=absent)) == []


def test_a_404_of_a_proxy_proves_nothing(v3_shop: V3Account) -> None:
    """Only the server's own word that a record is absent counts, or a deleted credit would be thought of as undone."""
    system = v3_shop.connect(
        http_client=httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(404, html="not here")))
    )
    lost = attrs.evolve(v3_shop.claim(v3_shop.step()), state=State.UNKNOWN)
    with pytest.raises(Exception, match="404"):
        list(system.settle([lost], lambda _: False, lambda: False))
    with pytest.raises(Exception, match="404"):
        system.credit("credit_UkLWZg9DAJ", v3_shop.customer)


# The account


def test_the_first_look(v3_shop: V3Account) -> None:
    """Limit, clock and what the version is, by reads alone; a wrong version in the configuration is told."""
    check = v3_shop.system.check()
    assert (check.limit, check.live, check.problems) == (300 if v3_shop.profile == "5.6" else 600, True, ())
    assert abs(check.skew or 0.0) < 2
    assert v3_shop.writes() == []
    wrong = "6.0" if v3_shop.profile == "5.6" else "5.6"
    v3_shop.account = attrs.evolve(v3_shop.account, server=wrong)
    codes = [problem.code for problem in v3_shop.connect().check().problems]
    assert "other_server" in codes or v3_shop.profile == "5.6"


@pytest.mark.parametrize("credential", ["eyJhbGciOiJIUzI1NiJ9.e30.x", "pk_shop", "spree-token"])
def test_only_a_secret_key_will_do(v3_shop_of: Callable[..., V3Account], credential: str) -> None:
    """A staff token ends after five minutes; the error does not show it."""
    shop = v3_shop_of("5.6")
    with pytest.raises(JobsError, match="secret key") as refused:
        shop.connect(credential)
    assert (refused.value.code, credential in str(refused.value)) == ("credential_kind", False)


def test_refused_at_the_first_look(v3_shop: V3Account) -> None:
    """A revoked key and one without a scope: exit code 7, with what the server says."""
    for key in ("sk_unknown", v3_shop.mock.control.spree_v3.issue_key("few", scopes=["read_orders"]).key):
        with pytest.raises(JobsError) as refused:
            v3_shop.connect(key).check()
        assert (refused.value.code, refused.value.exit_code) == ("credentials_refused", ExitCode.CREDENTIALS)


def test_abilities_follow_the_version(v3_shop_of: Callable[..., V3Account]) -> None:
    """Before anybody has asked nothing is promised; a released 6.0 has its own decimals."""
    unknown = v3_shop_of("6.0", server=False)
    assert (unknown.system.abilities.scan, unknown.system.abilities.decimals) == (False, 2)
    unknown.system.check()
    assert unknown.system.abilities.scan
    assert v3_shop_of("6.0").system.abilities.decimals is None
    assert not v3_shop_of("5.6").system.abilities.scan
    window = v3_shop_of("5.6", key_window=0.0).system
    assert window.abilities.key_window == 0
    assert isinstance(Secret("sk_1").fingerprint, str)

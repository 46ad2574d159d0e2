"""Iterating on the mock while records are deleted and created: the SDK visits every record once."""

from __future__ import annotations

from typing import Any

import pytest

from store_credit import SpreeClient
from store_credit_mock.mock import Mock


@pytest.fixture
def mock(store_credit_mock: Mock) -> Mock:
    """A mock with 22 credits, and as many categories and types besides those that are there."""
    for number in range(22):
        issue(store_credit_mock.spree, number + 1)
        store_credit_mock.spree.store_credit_categories.create(name=f"Category {number}")
        store_credit_mock.spree.store_credit_types.create(name=f"Type {number}")
    return store_credit_mock


def issue(spree: SpreeClient, amount: int) -> str:
    """Issue one credit."""
    return spree.store_credits.create(user_id="2", category_id="1", created_by_id="1", amount=amount, currency="USD").id


def every_id(resource: Any) -> list[str]:
    """The ids of a list that fits on one page."""
    return [record.id for record in resource.list(per_page=500).data]


def test_deleting_every_credit_while_iterating(mock: Mock) -> None:
    """All 22 are visited and none is left; by page number it was 12 and 10."""
    there = every_id(mock.spree.store_credits)
    visited: list[str] = []
    for credit in mock.spree.store_credits.list(per_page=5):
        visited.append(credit.id)
        mock.spree.store_credits.delete(credit.id)

    assert len(there) >= 22
    assert visited == there
    assert every_id(mock.spree.store_credits) == []


@pytest.mark.anyio
async def test_deleting_every_credit_while_iterating_async(mock: Mock) -> None:
    """The same, awaited."""
    there = every_id(mock.spree.store_credits)
    visited: list[str] = []
    client = mock.async_spree
    async for credit in client.store_credits.list(per_page=5):
        visited.append(credit.id)
        await client.store_credits.delete(credit.id)

    assert visited == there
    assert every_id(mock.spree.store_credits) == []


@pytest.mark.parametrize("resource", ["store_credit_categories", "store_credit_types"])
def test_the_other_lists_are_walked_too(mock: Mock, resource: str) -> None:
    """Deleting the record just visited skips none."""
    records: Any = getattr(mock.spree, resource)
    there = every_id(records)
    visited: list[str] = []
    for record in records.list(per_page=5):
        visited.append(record.id)
        if record.name.startswith(("Category", "Type")):
            records.delete(record.id)

    assert visited == there
    assert len(every_id(records)) == len(there) - 22


def test_by_page_number_a_deletion_skips(mock: Mock) -> None:
    """What the docstring of `list` warns of, where the caller asked for an order."""
    there = every_id(mock.spree.store_credits)
    visited: list[str] = []
    for credit in mock.spree.store_credits.list(per_page=5, sort="id"):
        visited.append(credit.id)
        mock.spree.store_credits.delete(credit.id)

    assert set(visited) < set(there)


def test_records_created_while_the_newest_come_first(mock: Mock) -> None:
    """They move what was given onto the next pages, where it is not given again."""
    there = every_id(mock.spree.store_credits)
    visited: list[str] = []
    for number, credit in enumerate(mock.spree.store_credits.list(per_page=5, sort="-id")):
        visited.append(credit.id)
        if number in (4, 9, 10):
            issue(mock.spree, 100 + number)

    assert visited == there[::-1]


def test_the_filter_of_the_walk_is_understood(mock: Mock) -> None:
    """`filter[id_gt]` narrows all three lists, as a number and as text."""
    for resource in ("store_credits", "store_credit_categories", "store_credit_types"):
        records: Any = getattr(mock.spree, resource)
        there = every_id(records)
        for start in (int(there[-4]), there[-4]):
            assert [record.id for record in records.list(filter={"id_gt": start})] == there[-3:]


def test_back_to_newer_credits(store_credit_mock: Mock) -> None:
    """VINR's pages are gone back to with `ending_before`."""
    records = store_credit_mock.vinr.store_credit
    made = [records.create(customer="cust_8aZ2", amount=5, currency="USD").id for _ in range(7)][::-1]
    second = records.list(limit=3, starting_after=made[2])
    first = second.previous_page()

    assert [credit.id for credit in second.data] == made[3:6]
    assert first is not None
    assert [credit.id for credit in first.data] == made[:3]
    assert first.previous_page() is None
    assert [credit.id for credit in first] == made

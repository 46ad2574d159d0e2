"""Lists of Spree's API v3: filters that the server would ignore are refused, and pages go on as `meta` says."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest

import spree_v3
from spree_v3 import CREDIT, CUSTOMER
from store_credit import (
    AsyncCountedPage,
    CountedPage,
    InvalidArgumentError,
    InvalidResponseError,
    SpreeAdminClient,
)
from together import together


def query(request: Any) -> list[tuple[str, str]]:
    """The query of a request, decoded."""
    return parse_qsl(request.url.query.decode(), keep_blank_values=True)


def listed(admin: SpreeAdminClient, **arguments: Any) -> CountedPage[Any, Any]:
    """The credits of a customer."""
    return admin.customers.store_credits.list(CUSTOMER, **arguments)


def test_what_the_document_knows_is_sent_as_ransack_reads_it(serve: Callable[..., Any]) -> None:
    """Amounts exactly, times with their zone, a list for each of its items."""
    server = serve(spree_v3.page())
    moment = datetime(2026, 11, 28, tzinfo=UTC)
    listed(
        spree_v3.admin(),
        page=2,
        limit=100,
        sort="-created_at",
        fields=["amount", "memo"],
        filter={"amount_gteq": Decimal("10.50"), "created_at_gteq": moment, "currency_in": ["USD", "EUR"]},
    )

    assert query(server.request) == [
        ("page", "2"),
        ("limit", "100"),
        ("sort", "-created_at"),
        ("q[amount_gteq]", "10.50"),
        ("q[created_at_gteq]", "2026-11-28T00:00:00+00:00"),
        ("q[currency_in][]", "USD"),
        ("q[currency_in][]", "EUR"),
        ("fields", "amount,memo"),
    ]


@together(
    ("given", "why"),
    [
        ({"filter": {"amout_gteq": 1}}, r"does not define 'amout_gteq'; did you mean 'amount_gteq'\?"),
        (
            {"filter": {"zzz": 1}},
            "the OpenAPI document does not define 'zzz'. The server ignores .* pass it as filter_unchecked=",
        ),
        ({"filter": {5: 1}}, "the OpenAPI document does not define 5"),
        ({"filter": "amount_eq=1"}, "filter is a str; pass a dict"),
        ({"filter": {"amount_gteq": 1.5}}, r"filter\[amount_gteq\] is a float"),
        ({"filter_unchecked": {"zzz": object()}}, r"filter_unchecked\[zzz\] is an object"),
    ],
)
def test_a_filter_that_the_server_would_ignore_is_refused(
    serve: Callable[..., Any], given: dict[str, Any], why: str
) -> None:
    """It would list everything, which nobody notices: it says what was meant, and how to send it all the same."""
    server = serve(spree_v3.page())
    with pytest.raises(InvalidArgumentError, match=why):
        listed(spree_v3.admin(), **given)
    assert not server.requests


def test_a_filter_that_is_not_checked_is_sent(serve: Callable[..., Any]) -> None:
    """Beside those that are."""
    server = serve(spree_v3.page())
    listed(spree_v3.admin(), filter={"currency_eq": "USD"}, filter_unchecked={"own_scope": True})

    assert query(server.request) == [("q[currency_eq]", "USD"), ("q[own_scope]", "true")]


def test_a_filter_of_another_version_is_refused_where_the_version_is_known(serve: Callable[..., Any]) -> None:
    """Spree 5.6 ignores a filter by memo and lists everything. Of a server that nothing is known of it is sent."""
    server = serve(spree_v3.page())
    with pytest.raises(InvalidArgumentError, match=r"memo_eq.*6.0-alpha\+ledger"):
        listed(spree_v3.admin(server="5.6"), filter={"memo_eq": "refund-4711"})
    listed(spree_v3.admin(server="6.0"), filter={"memo_eq": "refund-4711"})
    listed(spree_v3.admin(), filter={"memo_eq": "refund-4711"})

    assert [query(request) for request in server.requests] == 2 * [[("q[memo_eq]", "refund-4711")]]


def numbered(place: int) -> dict[str, Any]:
    """A credit of its own."""
    return CREDIT | {"id": f"credit_{place:010}"}


def test_every_record_of_every_page_is_given(serve: Callable[..., Any]) -> None:
    """The filters are kept, one page is asked for after the other, and the last has no next."""
    bodies = [spree_v3.page(numbered(2 * n), numbered(2 * n + 1), number=n, pages=3, count=6) for n in (1, 2, 3)]
    server = serve(*bodies)
    found = listed(spree_v3.admin(), limit=2, filter={"currency_eq": "USD"})

    assert (found.total_count, found.total_pages, len(found), found.meta.page) == (6, 3, 2, 1)
    assert [one.id for one in found] == [numbered(place)["id"] for place in range(2, 8)]
    kept = [("limit", "2"), ("q[currency_eq]", "USD")]
    assert [query(request) for request in server.requests] == [kept, [*kept, ("page", "2")], [*kept, ("page", "3")]]


def test_a_record_that_moves_onto_the_next_page_is_given_once(serve: Callable[..., Any]) -> None:
    """As it does when another is created in front of it; `data` is what the server sent."""
    serve(
        spree_v3.page(numbered(1), numbered(2), number=1, pages=2),
        spree_v3.page(numbered(2), numbered(3), number=2, pages=2),
    )

    assert [one.id for one in listed(spree_v3.admin())] == [numbered(place)["id"] for place in (1, 2, 3)]


def test_pages_go_both_ways(serve: Callable[..., Any]) -> None:
    """Past the end there is nothing, and the page before it is the last one (recorded)."""
    past = spree_v3.page(number=9, pages=2, count=4)
    past["meta"]["previous"] = 2
    server = serve(past, spree_v3.page(numbered(1), number=2, pages=2), spree_v3.page(numbered(0), number=1, pages=2))
    found = listed(spree_v3.admin(), page=9)

    assert not found
    assert not found.has_next_page
    last = found.previous_page()
    assert last is not None
    assert last.first() is not None
    first = last.previous_page()
    assert first is not None
    assert first.previous_page() is None
    assert [dict(query(request))["page"] for request in server.requests] == ["9", "2", "1"]


def test_an_async_list_is_iterated_or_awaited(serve: Callable[..., Any]) -> None:
    """Each use asks for it anew."""
    server = serve(
        spree_v3.page(numbered(1), number=1, pages=2),
        spree_v3.page(numbered(1), number=1, pages=2),
        spree_v3.page(numbered(2), number=2, pages=2),
    )

    async def main() -> tuple[AsyncCountedPage[Any, Any], list[str]]:
        async with spree_v3.async_admin() as admin:
            pages = admin.customers.store_credits.list(CUSTOMER, limit=1)
            first = await pages
            return first, [one.id async for one in pages]

    first, found = asyncio.run(main())

    assert (first.meta.pages, found) == (2, [numbered(1)["id"], numbered(2)["id"]])
    assert len(server.requests) == 3


@together(
    ("meta", "why"),
    [
        ({"next": 1}, "back to 1"),
        ({"next": "2"}, "meta.next must be a page number or null"),
        ({"next": True}, "meta.next must be"),
        ({"next": 2, "page": None}, "meta"),
    ],
)
def test_a_list_that_leads_nowhere_is_no_list(serve: Callable[..., Any], meta: dict[str, Any], why: str) -> None:
    """It would end early, or never."""
    body = spree_v3.page(numbered(1), pages=3)
    body["meta"] |= meta
    serve(body)
    with pytest.raises(InvalidResponseError, match=why):
        list(listed(spree_v3.admin()))


def test_a_page_without_meta_is_no_page(serve: Callable[..., Any]) -> None:
    """Such as the answer of something in between."""
    serve({"data": []})
    with pytest.raises(InvalidResponseError, match="meta"):
        listed(spree_v3.admin(max_retries=0))


def test_sums_are_read_exactly(serve: Callable[..., Any]) -> None:
    """Of all credits that the filter leaves, by currency; `usd` and `USD` are two (recorded on the overlay)."""
    body = spree_v3.page(CREDIT)
    sums = {"amount": "999999.99", "amount_used": "0.1", "amount_authorized": "0.2", "amount_remaining": "999999.69"}
    body["meta"]["totals"] = [
        {"currency": name, **sums, **{f"display_{one}": "" for one in sums}} for name in ("USD", "usd")
    ]
    serve(body)
    totals = spree_v3.admin().store_credits.list().meta.totals

    assert [one.currency for one in totals] == ["USD", "usd"]
    assert totals[0].amount - totals[0].amount_used - totals[0].amount_authorized == totals[0].amount_remaining

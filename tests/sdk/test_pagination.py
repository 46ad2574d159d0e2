"""Lists: by record and by page, with cursors and page numbers, sync and async, one page at a time.

Numbered lists are asked for with `sort=` here, since without it they go by id: `test_id_order.py`.
"""

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from http_library import httpx
from listing import Credits, gather, ids
from store_credit import (
    AsyncCursorPage,
    AsyncNumberedPage,
    CursorPage,
    InvalidResponseError,
    NumberedPage,
    ServerError,
)
from together import together


@pytest.fixture
def credits_of(credit: dict[str, Any]) -> Callable[[int], Credits]:
    """Makes a list of so many."""
    return lambda total: Credits(total, credit)


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (3, 1), (4, 2), (7, 3), (9, 3)])
def test_every_record_of_a_cursor_list(serve: Callable[..., Any], credits_of: Any, total: int, requests: int) -> None:
    """Once, in the order of the server, in as many requests as there are pages."""
    listed = credits_of(total)
    server = serve(listed.by_cursor)

    assert ids(server.vinr().store_credit.list(limit=3)) == listed.ids
    assert len(server.requests) == requests


@pytest.mark.parametrize(("total", "requests"), [(0, 1), (1, 1), (3, 1), (4, 2), (7, 3), (9, 3)])
def test_every_record_of_a_numbered_list(serve: Callable[..., Any], credits_of: Any, total: int, requests: int) -> None:
    """By `total_pages`: the link to the next page never ends."""
    listed = credits_of(total)
    server = serve(listed.by_number)

    assert ids(server.spree().store_credits.list(per_page=3, sort="id")) == listed.ids
    assert len(server.requests) == requests


@pytest.mark.anyio
async def test_every_record_async(serve: Callable[..., Any], credits_of: Any) -> None:
    """`async for` goes through all pages of both styles, without an `await` before it."""
    listed = credits_of(7)
    vinr = serve(listed.by_cursor).async_vinr()
    assert ids(await gather(vinr.store_credit.list(limit=3))) == listed.ids
    await vinr.close()

    spree = serve(listed.by_number).async_spree()
    assert ids(await gather(spree.store_credits.list(per_page=3, sort="id"))) == listed.ids
    await spree.close()


def test_pages_can_be_gone_through(serve: Callable[..., Any], credits_of: Any) -> None:
    """Each has its records, its place in the list and the answer it came in."""
    pages = list(serve(credits_of(7).by_cursor).vinr().store_credit.list(limit=3).pages())

    assert [len(page.data) for page in pages] == [3, 3, 1]
    assert all(type(page) is CursorPage for page in pages)
    assert [page.has_more for page in pages] == [page.has_next_page for page in pages] == [True, True, False]
    assert [page.next_cursor for page in pages] == ["sc_2", "sc_5", None]
    assert {page.total_estimate for page in pages} == {7}
    assert [page.last_response.json() for page in pages] == [page.to_dict() for page in pages]


def test_a_page_knows_the_request_it_came_from(serve: Callable[..., Any], credit: dict[str, Any]) -> None:
    """Its id is what support asks for."""
    body = {"data": [credit], "page": {"has_more": False, "next_cursor": None}}
    page = serve((200, body, {"x-vinr-request-id": "req_1"})).vinr().store_credit.list()

    assert page.request_id == page.last_response.request_id == "req_1"


def test_numbered_pages_tell_their_counts(serve: Callable[..., Any], credits_of: Any) -> None:
    """As the server says them."""
    pages = list(serve(credits_of(7).by_number).spree().store_credits.list(per_page=3, sort="id").pages())

    assert all(type(page) is NumberedPage for page in pages)
    assert [(page.count, page.total_count, page.total_pages) for page in pages] == [(3, 7, 3), (3, 7, 3), (1, 7, 3)]


@pytest.mark.anyio
async def test_async_pages_are_awaited_or_gone_through(serve: Callable[..., Any], credits_of: Any) -> None:
    """The first page is what an `await` of the list gives."""
    client = serve(credits_of(7).by_number).async_spree()
    listing = client.store_credits.list(per_page=3, sort="id")
    first = await listing
    pages = await gather(listing.pages())

    assert type(first) is AsyncNumberedPage
    assert ids(first.data) == ids(pages[0].data)
    assert [len(page.data) for page in pages] == [3, 3, 1]
    assert ids(await gather(first)) == [one.id for page in pages for one in page.data]
    second = await first.next_page()
    assert second is not None
    assert ids(second.data) == ids(pages[1].data)
    await client.close()


@pytest.mark.anyio
async def test_async_cursor_pages(serve: Callable[..., Any], credits_of: Any) -> None:
    """They say that there is no next page by None."""
    client = serve(credits_of(4).by_cursor).async_vinr()
    first = await client.store_credit.list(limit=3)
    second = await first.next_page()

    assert type(first) is AsyncCursorPage
    assert second is not None
    assert await second.next_page() is None
    await client.close()


def test_one_page_at_a_time_is_asked_for(serve: Callable[..., Any], credits_of: Any) -> None:
    """A caller who stops early has asked for no page too many."""
    server = serve(credits_of(9).by_number)
    records = iter(server.spree().store_credits.list(per_page=3, sort="id"))
    for asked in [1, 1, 1, 2, 2, 2, 3]:
        next(records)
        assert len(server.requests) == asked


def test_a_list_may_be_read_backwards(serve: Callable[..., Any], credits_of: Any) -> None:
    """`ending_before` goes towards the newest, page by page, with the same argument."""
    server = serve(credits_of(9).by_cursor)
    pages = list(server.vinr().store_credit.list(limit=3, ending_before="sc_8").pages())

    assert [ids(page.data) for page in pages] == [["sc_5", "sc_6", "sc_7"], ["sc_2", "sc_3", "sc_4"], ["sc_0", "sc_1"]]
    assert [one.url.params["ending_before"] for one in server.requests] == ["sc_8", "sc_5", "sc_2"]
    assert not any("starting_after" in one.url.params for one in server.requests)


def test_a_list_may_start_at_a_cursor(serve: Callable[..., Any], credits_of: Any) -> None:
    """The cursor given is replaced on the pages that follow."""
    server = serve(credits_of(9).by_cursor)

    assert ids(server.vinr().store_credit.list(limit=3, starting_after="sc_4")) == ["sc_5", "sc_6", "sc_7", "sc_8"]
    assert [one.url.params.get_list("starting_after") for one in server.requests] == [["sc_4"], ["sc_7"]]


@pytest.mark.parametrize("first", [1, 2, 3])
def test_a_list_may_be_resumed_at_a_page(serve: Callable[..., Any], credits_of: Any, first: int) -> None:
    """From there to the end."""
    listed = credits_of(8)
    server = serve(listed.by_number)

    assert ids(server.spree().store_credits.list(per_page=3, sort="id", page=first)) == listed.ids[(first - 1) * 3 :]
    assert [one.url.params["page"] for one in server.requests] == [str(number) for number in range(first, 4)]


def test_a_page_past_the_end_is_the_last(serve: Callable[..., Any], credits_of: Any) -> None:
    """It is empty, and nothing more is asked for."""
    server = serve(credits_of(3).by_number)

    assert list(server.spree().store_credits.list(per_page=3, sort="id", page=9)) == []
    assert len(server.requests) == 1


def test_everything_asked_for_is_kept_on_every_page(serve: Callable[..., Any], credits_of: Any) -> None:
    """Filters, sorting, sparse fields, and the options of the call."""
    server = serve(credits_of(7).by_number)
    listing = server.spree().store_credits.list(
        per_page=3,
        sort="id",
        filter={"user_id_eq": 2, "id_in": [1, 2]},
        include=["user"],
        fields={"store_credit": ["memo"]},
        locale="de",
        request_id="mine",
        extra_headers={"X-Trace": "1"},
        extra_query={"extra": "a&b"},
    )
    list(listing)
    first, *others = [sorted((k, v) for k, v in one.url.params.multi_items() if k != "page") for one in server.requests]

    assert len(first) == 9
    assert others == [first, first]
    assert {one.headers["X-Trace"] for one in server.requests} == {"1"}
    assert {one.headers["X-Request-Id"] for one in server.requests} == {"mine"}
    assert len({one.headers["Authorization"] for one in server.requests}) == 1


def test_filters_are_kept_on_every_page_of_a_cursor_list(serve: Callable[..., Any], credits_of: Any) -> None:
    """Else the second page would be of somebody else."""
    server = serve(credits_of(7).by_cursor)
    list(server.vinr().store_credit.list(customer="cust_1", limit=3, expand=["customer"], vinr_version="2026-04-01"))

    for request in server.requests:
        assert request.url.params["customer"] == "cust_1"
        assert request.url.params["limit"] == "3"
        assert request.url.params["expand[]"] == "customer"
        assert request.headers["Vinr-Version"] == "2026-04-01"


def test_every_page_has_the_retries_of_the_call(serve: Callable[..., Any], credits_of: Any, waits: list[float]) -> None:
    """A fault on page two is mended like any other."""
    listed = credits_of(4)
    server = serve(listed.by_number, 503, listed.by_number)

    assert len(list(server.spree().store_credits.list(per_page=3, sort="id"))) == 4
    assert len(waits) == 1
    strict = serve(listed.by_number, 503).spree()
    with pytest.raises(ServerError) as raised:
        list(strict.store_credits.list(per_page=3, sort="id", max_retries=0))
    assert raised.value.attempts == 1


# Memory


def alive(references: list[weakref.ref[Any]]) -> int:
    gc.collect()
    return sum(reference() is not None for reference in references)


@pytest.mark.parametrize("style", ["cursor", "number"])
def test_one_page_is_held_while_records_are_gone_through(
    serve: Callable[..., Any], credits_of: Any, style: str
) -> None:
    """However long the list is: the records of pages read before are gone."""
    listed = credits_of(12)
    seen: list[weakref.ref[Any]] = []
    most = 0
    records: Any = (
        serve(listed.by_cursor).vinr().store_credit.list(limit=3)
        if style == "cursor"
        else serve(listed.by_number).spree().store_credits.list(per_page=3, sort="id")
    )
    steps = iter(records)
    del records
    for record in steps:
        seen.append(weakref.ref(record))
        del record
        if len(seen) % 3 == 0:
            most = max(most, alive(seen))

    assert len(seen) == 12
    assert most <= 3


@pytest.mark.anyio
async def test_one_page_is_held_async(serve: Callable[..., Any], credits_of: Any) -> None:
    """The same with `async for`."""
    client = serve(credits_of(12).by_number).async_spree()
    seen: list[weakref.ref[Any]] = []
    most = 0
    async for record in client.store_credits.list(per_page=3, sort="id"):
        seen.append(weakref.ref(record))
        del record
        if len(seen) % 3 == 0:
            most = max(most, alive(seen))
    await client.close()

    assert len(seen) == 12
    assert most <= 3


# Answers that cannot be gone through


CURSORS = [
    {"has_more": True},
    {"has_more": True, "next_cursor": None},
    {"has_more": True, "next_cursor": 5},
    {"has_more": True, "next_cursor": ""},
    {},
    None,
    "x",
]


@together("page", CURSORS)
def test_a_broken_cursor_ends_no_list_silently(serve: Callable[..., Any], credit: dict[str, Any], page: Any) -> None:
    """The records that came are there; going on says that the list cannot be read to its end."""
    body = {"data": [credit], "page": page}
    records = iter(serve(body).vinr().store_credit.list())

    assert next(records).id == credit["id"]
    with pytest.raises(InvalidResponseError, match=r"vinr\.store_credit\.list.*cannot be read to the end") as raised:
        next(records)
    assert raised.value.response is not None
    assert raised.value.response.json() == body


def test_a_cursor_that_leads_to_itself_is_an_error(serve: Callable[..., Any], credit: dict[str, Any]) -> None:
    """And not a loop without end."""
    server = serve({"data": [credit], "page": {"has_more": True, "next_cursor": "sc_1"}})
    with pytest.raises(InvalidResponseError, match="sc_1"):
        list(server.vinr().store_credit.list())

    assert len(server.requests) == 2


@pytest.mark.anyio
@together("tail", [0, 1, 5])
@together("circle", [2, 3, 7])
async def test_cursors_that_lead_in_a_circle_are_an_error(
    serve: Callable[..., Any], credit: dict[str, Any], circle: int, tail: int
) -> None:
    """However long the circle is and however late it begins, sync and async."""

    def turn(request: httpx.Request) -> httpx.Response:
        place = int(request.url.params.get("starting_after", "sc_0").removeprefix("sc_")) + 1
        cursor = f"sc_{place if place < tail + circle else tail}"
        return httpx.Response(200, json={"data": [credit], "page": {"has_more": True, "next_cursor": cursor}})

    server = serve(turn)
    with pytest.raises(InvalidResponseError, match="circular"):
        list(server.vinr().store_credit.list())
    assert tail + circle < len(server.requests) <= 3 * (tail + circle) + 3

    async with serve(turn).async_vinr() as client:
        with pytest.raises(InvalidResponseError, match="circular"):
            await gather(client.store_credit.list())


def test_a_list_without_an_end_ends_the_test(
    serve: Callable[..., Any], credit: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever no check of the SDK's notices: the server of the tests does, long before the time limit."""

    def promise(request: httpx.Request) -> httpx.Response:
        page = {"has_more": True, "next_cursor": f"sc_{len(server.requests)}"}
        return httpx.Response(200, json={"data": [credit], "page": page})

    server = serve(promise)
    monkeypatch.setattr(type(server.requests), "MOST", 20)
    with pytest.raises(pytest.fail.Exception, match=r"20 requests were sent, the last one GET .*sc_20"):
        list(server.vinr().store_credit.list())


@together("meta", [{}, None, {"total_pages": None}, {"total_pages": "3"}, "x", []])
def test_a_missing_number_of_pages_ends_no_list_silently(
    serve: Callable[..., Any], store_credit: Any, meta: Any
) -> None:
    """Without it nobody knows where the list ends."""
    records = iter(serve({"data": [store_credit["data"]], "meta": meta}).spree().store_credits.list(sort="id"))

    assert next(records).id == "7"
    with pytest.raises(InvalidResponseError, match=r"meta\.total_pages"):
        next(records)


@together("body", [{}, {"data": None}, {"data": {}}, {"data": "x"}])
def test_an_answer_without_a_list_is_an_invalid_response(serve: Callable[..., Any], body: Any) -> None:
    """In both styles."""
    for listing in (serve(body).vinr().store_credit.list, serve(body).spree().store_credits.list):
        with pytest.raises(InvalidResponseError, match="under 'data', not a list"):
            listing()


@pytest.mark.anyio
async def test_async_lists_end_no_list_silently_either(serve: Callable[..., Any], store_credit: Any) -> None:
    """The error comes where the next page would."""
    client = serve({"data": [store_credit["data"]], "meta": {}}).async_spree()
    with pytest.raises(InvalidResponseError):
        await gather(client.store_credits.list(sort="id"))
    await client.close()


@together(
    ("body", "shown"),
    [
        ({"data": [], "meta": {"total_pages": 1}}, "<NumberedPage of 0, the last>"),
        (
            {"data": [{"id": "7", "type": "store_credit"}], "meta": {"total_pages": 2}},
            "<NumberedPage of 1, more follow>",
        ),
        ({"data": [{"id": "7", "type": "store_credit"}]}, "<NumberedPage of 1,"),
    ],
)
def test_a_page_can_always_be_shown(serve: Callable[..., Any], body: Any, shown: str) -> None:
    """Even one that cannot be gone on from."""
    assert repr(serve(body).spree().store_credits.list(sort="id")).startswith(shown)

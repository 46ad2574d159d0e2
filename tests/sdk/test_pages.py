"""A page: its own records, the page before it, and lists that shift or promise too much."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from listing import Credits, gather, ids
from store_credit import AsyncCursorPage, CursorPage, InvalidResponseError

Turn = Callable[[httpx.Request], httpx.Response]


def numbered(names: list[Any], total_pages: Any, **members: Any) -> httpx.Response:
    """A page with page numbers."""
    data = [{"id": str(one), "type": "store_credit", "attributes": {}} for one in names]
    return httpx.Response(200, json={"data": data, "meta": {"total_pages": total_pages}, **members})


class Shop:
    """A list by page number that new records come in front of, as with `sort=-id`."""

    def __init__(self, ids: list[int]) -> None:
        self.ids = ids

    def __call__(self, request: httpx.Request) -> httpx.Response:
        number, size = (int(request.url.params.get(name, one)) for name, one in (("page", 1), ("per_page", 3)))
        newest = sorted(self.ids, reverse=True)
        return numbered(newest[(number - 1) * size : number * size], -(-len(newest) // size))


@pytest.fixture
def till(credit: dict[str, Any]) -> Callable[[int], Turn]:
    """Makes a list of so many by cursor, newest first, as VINR gives it."""
    return lambda total: Credits(total, credit).by_cursor


# Its own records


@pytest.mark.anyio
async def test_length_index_and_truth_are_about_the_page_itself(serve: Callable[..., Any]) -> None:
    """Iterating goes on to all that follow; nothing is fetched for the page's own."""
    server = serve(Shop(list(range(7))))
    page = server.spree().store_credits.list(sort="-id")

    assert len(page) == 3
    assert page
    assert page[0].id == "6"
    assert page[-1].id == "4"
    assert ids(page[1:]) == ["5", "4"]
    assert page.first() is page.data[0]
    with pytest.raises(IndexError):
        page[3]
    assert len(server.requests) == 1
    assert ids(list(page)) == ids(page) == ["6", "5", "4", "3", "2", "1", "0"]

    async with server.async_spree() as client:
        first = await client.store_credits.list(sort="-id")
        assert (len(first), bool(first), first[2].id, first.first().id) == (3, True, "4", "6")  # type: ignore[union-attr]


@pytest.mark.anyio
async def test_an_empty_page_is_false_and_has_no_first(serve: Callable[..., Any], till: Any) -> None:
    """On both systems, sync and async."""
    for page in (serve(till(0)).vinr().store_credit.list(), serve(Shop([])).spree().store_credits.list()):
        assert not page
        assert (len(page), page.first(), page[:]) == (0, None, [])

    async with serve(till(0)).async_vinr() as client:
        assert not await client.store_credit.list()
        assert await client.store_credit.list().first() is None


@pytest.mark.anyio
async def test_the_first_of_an_async_list(serve: Callable[..., Any], till: Any) -> None:
    """With one request."""
    server = serve(till(7))
    async with server.async_vinr() as client:
        found = await client.store_credit.list(limit=3).first()

    assert found is not None
    assert found.id == "sc_0"
    assert len(server.requests) == 1


def test_a_page_cannot_be_reversed(serve: Callable[..., Any], till: Any) -> None:
    """It would give this page's records alone, where iterating gives all."""
    with pytest.raises(TypeError):
        reversed(serve(till(7)).vinr().store_credit.list(limit=3))  # type: ignore[call-overload]


# The page before


def test_back_and_forth_by_cursor(serve: Callable[..., Any], till: Any) -> None:
    """`next_page` of a page that was gone back to leads on in the direction of the list."""
    server = serve(till(9))
    first = server.vinr().store_credit.list(limit=3, customer="cust_1")
    assert first.previous_page() is None
    assert len(server.requests) == 1
    third = first.next_page().next_page()  # type: ignore[union-attr]
    assert third is not None
    second = third.previous_page()
    assert type(second) is CursorPage
    again = second.previous_page()
    assert again is not None

    assert [ids(page.data) for page in (third, second, again)] == [
        ["sc_6", "sc_7", "sc_8"],
        ["sc_3", "sc_4", "sc_5"],
        ["sc_0", "sc_1", "sc_2"],
    ]
    assert again.previous_page() is None
    assert again.has_next_page
    assert ids(again.next_page().data) == ids(second.data)  # type: ignore[union-attr]
    assert ids(again) == [f"sc_{number}" for number in range(9)]
    assert ids(second) == [f"sc_{number}" for number in range(3, 9)]
    assert {(one.url.params["customer"], one.url.params["limit"]) for one in server.requests} == {("cust_1", "3")}


def test_back_in_a_list_that_is_read_backwards(serve: Callable[..., Any], till: Any) -> None:
    """Then the page before is the older one."""
    first = serve(till(9)).vinr().store_credit.list(limit=3, ending_before="sc_8")
    second = first.next_page()
    assert second is not None
    back = second.previous_page()
    assert back is not None

    assert (ids(second.data), ids(back.data)) == (["sc_2", "sc_3", "sc_4"], ["sc_5", "sc_6", "sc_7"])
    assert ids(back.next_page().data) == ids(second.data)  # type: ignore[union-attr]
    assert [ids(page.data) for page in back.pages()] == [
        ["sc_5", "sc_6", "sc_7"],
        ["sc_2", "sc_3", "sc_4"],
        ["sc_0", "sc_1"],
    ]


def test_a_list_that_starts_at_a_cursor_has_pages_before_it(serve: Callable[..., Any], till: Any) -> None:
    """Up to the newest record."""
    page = serve(till(9)).vinr().store_credit.list(limit=3, starting_after="sc_3")
    before = page.previous_page()

    assert before is not None
    assert ids(before.data) == ["sc_1", "sc_2", "sc_3"]
    newest = before.previous_page()
    assert newest is not None
    assert ids(newest.data) == ["sc_0"]
    assert newest.previous_page() is None


@pytest.mark.anyio
async def test_back_and_forth_async(serve: Callable[..., Any], till: Any) -> None:
    """As in a sync list."""
    async with serve(till(9)).async_vinr() as client:
        first = await client.store_credit.list(limit=3)
        assert await first.previous_page() is None
        second = await first.next_page()
        assert second is not None
        back = await second.previous_page()
        assert type(back) is AsyncCursorPage
        assert ids(back.data) == ids(first.data)
        assert ids(await gather(back)) == [f"sc_{number}" for number in range(9)]


@pytest.mark.anyio
async def test_back_by_page_number(serve: Callable[..., Any]) -> None:
    """One less, down to the first."""
    server = serve(Shop(list(range(9))))
    third = server.spree().store_credits.list(sort="-id", page=3)
    second = third.previous_page()
    assert second is not None
    first = second.previous_page()
    assert first is not None

    assert [ids(page.data) for page in (third, second, first)] == [["2", "1", "0"], ["5", "4", "3"], ["8", "7", "6"]]
    assert first.previous_page() is None
    assert ids(first.next_page().data) == ids(second.data)  # type: ignore[union-attr]
    async with server.async_spree() as client:
        page = await client.store_credits.list(sort="-id", page=2)
        before = await page.previous_page()
        assert before is not None
        assert ids(before.data) == ids(first.data)
        assert await before.previous_page() is None


# Lists that shift


@pytest.mark.anyio
@pytest.mark.parametrize("created", [1, 2, 3, 5])
async def test_records_created_in_front_bring_no_record_twice(serve: Callable[..., Any], created: int) -> None:
    """They push records that were given onto the next pages. Those created may come themselves."""
    for kind in ("sync", "async"):
        shop = Shop(list(range(1, 31)))
        seen: list[int] = []
        server = serve(shop)

        def note(record: Any, shop: Shop = shop, seen: list[int] = seen) -> None:
            seen.append(int(record.id))
            if record.id == "28":
                shop.ids.extend(range(31, 31 + created))

        if kind == "sync":
            for record in server.spree().store_credits.list(sort="-id", per_page=3):
                note(record)
        else:
            async with server.async_spree() as client:
                async for record in client.store_credits.list(sort="-id", per_page=3):
                    note(record)

        assert [number for number in seen if number <= 30] == list(range(30, 0, -1))
        assert len(seen) == len(set(seen))


def test_a_page_shows_what_the_server_sent(serve: Callable[..., Any]) -> None:
    """Records that come again are left out of the iteration over records alone."""
    pages = [["9", "8"], ["8", "7"], ["8", "6"], ["8", "9"]]

    def turn(request: httpx.Request) -> httpx.Response:
        return numbered(pages[int(request.url.params.get("page", 1)) - 1], len(pages))

    listing = serve(turn).spree().store_credits.list(sort="-id")

    assert [ids(page.data) for page in listing.pages()] == pages
    # Of the last two pages: what stood three pages before is given again.
    assert ids(listing) == ["9", "8", "7", "6", "9"]
    assert ids(listing.next_page()) == ["8", "7", "6", "9"]


def test_every_page_is_a_call_of_its_own(serve: Callable[..., Any]) -> None:
    """Its attempts are counted from one, and the page before keeps its own response."""
    shop = Shop(list(range(7)))
    told: list[tuple[str, int]] = []
    server = serve(shop, 503, shop, 503, shop)
    client = server.spree(event_hooks=[lambda event: told.append((type(event).__name__, getattr(event, "attempt", 0)))])
    pages = list(client.store_credits.list(sort="-id").pages())

    assert [number for kind, number in told if kind == "RequestSent"] == [1, 1, 2, 1, 2]
    assert [page.last_response.json()["data"][0]["id"] for page in pages] == ["6", "3", "0"]
    assert len({id(page.last_response) for page in pages}) == 3


# Lists that promise too much


def promising(credit: dict[str, Any], filled: set[int]) -> Turn:
    """A list by cursor that always has more, with a fresh cursor each time, and a record on these pages alone."""

    def turn(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("starting_after", "sc_0").removeprefix("sc_")) + 1
        data = [credit | {"id": f"sc_{number}"}] if number in filled else []
        return httpx.Response(200, json={"data": data, "page": {"has_more": True, "next_cursor": f"sc_{number}"}})

    return turn


def vast(filled: set[int]) -> Turn:
    """A list by page number of a thousand million pages, with a record on these alone."""

    def turn(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        return numbered([number] if number in filled else [], 10**9)

    return turn


@pytest.mark.anyio
@pytest.mark.parametrize("style", ["cursor", "number"])
@pytest.mark.parametrize(
    ("filled", "given", "requests"),
    [(set[int](), 0, 2), ({1}, 1, 3), ({1, 3}, 2, 5), ({2, 4, 5}, 3, 7)],
    ids=["empty", "one", "one, nothing, one", "nothing at first"],
)
async def test_two_empty_pages_with_more_promised_are_an_error(
    serve: Callable[..., Any], credit: dict[str, Any], style: str, filled: set[int], given: int, requests: int
) -> None:
    """One is gone on from, and what came before is given. Else it would be asked for ever."""
    server = serve(promising(credit, filled) if style == "cursor" else vast(filled))
    listing: Any = (
        server.vinr().store_credit.list() if style == "cursor" else server.spree().store_credits.list(sort="id")
    )
    records = iter(listing)
    for _ in range(given):
        next(records)
    with pytest.raises(InvalidResponseError, match=r"2 pages in a row are empty, .*cannot be read to the end"):
        next(records)
    assert len(server.requests) == requests

    client: Any = server.async_vinr() if style == "cursor" else server.async_spree()
    async with client:
        pages = client.store_credit.list() if style == "cursor" else client.store_credits.list(sort="id")
        with pytest.raises(InvalidResponseError, match="2 pages in a row are empty"):
            await gather(pages)
    assert len(server.requests) == 2 * requests


def test_the_error_comes_where_pages_are_gone_through_by_hand_too(
    serve: Callable[..., Any], credit: dict[str, Any]
) -> None:
    """`has_next_page` says it, and a page can be shown."""
    second = serve(promising(credit, set())).vinr().store_credit.list().next_page()

    assert second is not None
    assert repr(second) == "<CursorPage of 0, position in the list unreadable>"
    with pytest.raises(InvalidResponseError):
        _ = second.has_next_page
    with pytest.raises(InvalidResponseError):
        second.next_page()


def test_two_empty_pages_at_the_end_are_no_error(serve: Callable[..., Any]) -> None:
    """Nothing is promised after them."""

    def turn(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        return numbered([1] if number == 1 else [], 3)

    assert ids(serve(turn).spree().store_credits.list(sort="id")) == ["1"]


@pytest.mark.parametrize("length", [900, 10**6])
@pytest.mark.parametrize("circle", [1, 2])
def test_a_cursor_without_end_makes_no_error_without_end(
    serve: Callable[..., Any], credit: dict[str, Any], circle: int, length: int
) -> None:
    """Nor can it write lines of its own into a log."""
    cursors = ["sc_\x1b[2J\nFAKE" + mark * length for mark in "ab"]

    def turn(request: httpx.Request) -> httpx.Response:
        asked = request.url.params.get("starting_after", cursors[0])
        cursor = asked if circle == 1 else cursors[1 - cursors.index(asked)]
        return httpx.Response(200, json={"data": [credit], "page": {"has_more": True, "next_cursor": cursor}})

    with pytest.raises(InvalidResponseError) as raised:
        list(serve(turn).vinr().store_credit.list())
    assert len(str(raised.value)) < 2000
    assert str(raised.value).isprintable()


@pytest.mark.anyio
async def test_an_awaited_list_may_be_used_again(serve: Callable[..., Any]) -> None:
    """Each use is a call of its own, whose first attempt is the first."""
    server = serve({"data": [], "meta": {"total_pages": 1}})
    async with server.async_spree() as client:
        pages = client.store_credits.list()
        await pages.first()
        page = await pages

    assert page.last_response.attempts == 1
    assert len(server.requests) == 2

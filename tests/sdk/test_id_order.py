"""Lists without the caller's own order go by id: nothing is skipped, and nothing makes them endless."""

from collections.abc import AsyncIterable, Callable
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from store_credit import AsyncNumberedPage, InvalidArgumentError, InvalidResponseError, NumberedPage
from store_credit._core.id_order import by_id, id_walk, next_after
from store_credit._core.operation import Call, Operation
from together import together

SEVEN = [3, 4, 9, 10, 11, 100, 1000]
WALKED = Operation("x.list", "GET", "/x", walk=("id", "filter[id_gt]"))


class Records:
    """A list that follows `sort` and `filter[id_gt]` as Spree does; its records may change between requests."""

    def __init__(self, ids: list[int], size: int = 3) -> None:
        self.ids = ids
        self.size = size
        self.total_pages: Any = None
        """What the server says in place of the right number."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        query = request.url.params
        size, number = int(query.get("per_page", self.size)), int(query.get("page", 1))
        found = sorted(one for one in self.ids if one > int(query.get("filter[id_gt]", -1)))
        if query["sort"] == "-id":
            found.reverse()
        chosen = found[(number - 1) * size : number * size]
        pages = -(-len(found) // size) if self.total_pages is None else self.total_pages
        return page(chosen, total_pages=pages, total_count=len(found), count=len(chosen))


def page(ids: list[Any], **meta: Any) -> httpx.Response:
    """A page of records with these ids."""
    data = [{"id": str(one), "type": "store_credit", "attributes": {"memo": "x"}} for one in ids]
    return httpx.Response(200, json={"data": data, "meta": meta or {"total_pages": 1}})


def numbers(records: Any) -> list[int]:
    return [int(record.id) for record in records]


async def gathered(items: AsyncIterable[Any]) -> list[int]:
    return [int(record.id) async for record in items]


def queries(server: Any) -> list[list[tuple[str, str]]]:
    return [request.url.params.multi_items() for request in server.requests]


@pytest.mark.parametrize("resource", ["store_credits", "store_credit_categories", "store_credit_types"])
def test_every_list_of_spree_goes_by_id(serve: Callable[..., Any], resource: str) -> None:
    """By `sort=id` and what comes after the last id, until a page is empty."""
    server = serve(Records(SEVEN))

    assert numbers(getattr(server.spree(), resource).list()) == SEVEN
    assert queries(server) == [
        [("sort", "id")],
        [("sort", "id"), ("filter[id_gt]", "9")],
        [("sort", "id"), ("filter[id_gt]", "100")],
        [("sort", "id"), ("filter[id_gt]", "1000")],
    ]


@pytest.mark.anyio
async def test_async_lists_go_by_id(serve: Callable[..., Any]) -> None:
    """With `async for`, with and without an `await` before it."""
    server = serve(Records(SEVEN))
    async with server.async_spree() as client:
        assert await gathered(client.store_credits.list()) == SEVEN
        first = await client.store_credits.list()
        assert type(first) is AsyncNumberedPage
        assert await gathered(first) == SEVEN

    assert [dict(one).get("filter[id_gt]") for one in queries(server)] == [None, "9", "100", "1000"] * 2


@together("stale", [0, 1, None, "3", 10**9])
def test_only_an_empty_page_ends_it(serve: Callable[..., Any], stale: Any) -> None:
    """A number of pages that is too small, too large or missing changes nothing."""
    listed = Records(SEVEN)
    listed.total_pages = stale
    server = serve(listed)

    assert numbers(server.spree().store_credits.list()) == SEVEN
    assert len(server.requests) == 4


def test_deleting_while_iterating_visits_all(serve: Callable[..., Any]) -> None:
    """By page number it would skip one record for each that was deleted."""
    listed = Records(list(range(1, 23)), size=5)
    seen: list[int] = []
    for record in serve(listed).spree().store_credits.list():
        seen.append(int(record.id))
        listed.ids.remove(int(record.id))

    assert seen == list(range(1, 23))
    assert listed.ids == []


def test_records_created_meanwhile_come_at_the_end(serve: Callable[..., Any]) -> None:
    """Also those created once the last page was read."""
    listed = Records([1, 2, 3])
    seen: list[int] = []
    for record in serve(listed).spree().store_credits.list():
        seen.append(int(record.id))
        if record.id in ("1", "3"):
            listed.ids.append(int(record.id) + 10)

    assert seen == [1, 2, 3, 11, 13]


def test_nothing_else_of_the_query_changes(serve: Callable[..., Any]) -> None:
    """Filters, page size, includes and sparse fields are on every page, and the page number on the first alone."""
    server = serve(Records(SEVEN))
    listing = server.spree().store_credits.list(
        page=2, per_page=3, filter={"user_id_eq": 2}, include="user", fields={"store_credit": "memo"}, locale="de"
    )
    assert numbers(listing) == SEVEN[3:]

    first, *others = [sorted(one) for one in queries(server)]
    kept = [
        ("fields[store_credit]", "memo"), ("filter[user_id_eq]", "2"), ("include", "user"), ("locale", "de"),
        ("per_page", "3"), ("sort", "id"),
    ]  # fmt: skip
    assert first == sorted([*kept, ("page", "2")])
    assert others == [sorted([*kept, ("filter[id_gt]", last)]) for last in ("100", "1000")]


@pytest.mark.parametrize("how", ["filter", "extra_query"])
def test_the_callers_own_start_is_kept(serve: Callable[..., Any], how: str) -> None:
    """The walk begins after it and goes on from there."""
    server = serve(Records(SEVEN))
    options: dict[str, Any] = {
        "filter": {"filter": {"id_gt": 4}},
        "extra_query": {"extra_query": {"filter[id_gt]": "4"}},
    }[how]

    assert numbers(server.spree().store_credits.list(**options)) == SEVEN[2:]
    assert [dict(one)["filter[id_gt]"] for one in queries(server)] == ["4", "11", "1000"]


@pytest.mark.parametrize(
    "order",
    [{"sort": "-id"}, {"sort": "id"}, {"filter": {"s": "id asc"}}, {"extra_query": {"sort": "-id"}}],
    ids=str,
)
def test_an_order_of_the_caller_goes_by_page_number(serve: Callable[..., Any], order: dict[str, Any]) -> None:
    """However it is asked for, nothing is added to it."""

    def answer(request: httpx.Request) -> httpx.Response:
        number = int(request.url.params.get("page", 1))
        return page([number], total_pages=3)

    server = serve(answer)

    assert numbers(server.spree().store_credits.list(**order)) == [1, 2, 3]
    assert [dict(one).get("page") for one in queries(server)] == [None, "2", "3"]
    assert not any("filter[id_gt]" in dict(one) for one in queries(server))
    assert [len([1 for name, _ in one if name == "sort"]) for one in queries(server)] == [
        int("filter" not in order)
    ] * 3


@together("name", ["abc", "1.5", "-4", "٣", "", "9" * 41, None, True])
def test_an_id_that_is_no_number_is_an_error(serve: Callable[..., Any], name: Any) -> None:
    """Nothing is known to come after it. The records of the page are there all the same."""
    body = {"data": [{"id": name, "type": "store_credit", "attributes": {}}], "meta": {"total_pages": 2}}
    server = serve(body)
    try:
        records = iter(server.spree().store_credits.list())
        next(records)
    except InvalidResponseError:
        return  # a reader that refuses such an id outright
    with pytest.raises(InvalidResponseError, match=r"not a whole number.*sort=.*cannot be read to the end"):
        next(records)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "pages",
    [
        pytest.param([[1, 2, 3], [1, 2, 3]], id="a filter that is ignored"),
        pytest.param([[1, 2, 3], [3, 4, 5]], id="the last record again"),
        pytest.param([[1, 3, 2]], id="a sort that is ignored"),
        pytest.param([[1, 2, 3], [4, 6, 5]], id="a sort that is ignored later"),
    ],
)
@pytest.mark.anyio
async def test_a_server_that_does_not_follow_is_an_error(serve: Callable[..., Any], pages: list[list[int]]) -> None:
    """Going on would skip records, give them twice or never end."""
    server = serve(*[_give(ids) for ids in pages])
    with pytest.raises(InvalidResponseError, match="cannot be read to the end"):
        list(server.spree().store_credits.list())
    assert len(server.requests) == len(pages)

    async with serve(*[_give(ids) for ids in pages]).async_spree() as client:
        with pytest.raises(InvalidResponseError, match="cannot be read to the end"):
            await gathered(client.store_credits.list())


def _give(ids: list[int]) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: page(ids)


def test_a_record_that_comes_twice_on_one_page_is_given_once(serve: Callable[..., Any]) -> None:
    """As a filter over a join may give it."""
    server = serve(_give([1, 1, 2, 2]), _give([]))

    assert numbers(server.spree().store_credits.list()) == [1, 2]
    assert dict(queries(server)[1])["filter[id_gt]"] == "2"


def test_pages_of_a_list_that_goes_by_id(serve: Callable[..., Any]) -> None:
    """A full page may be followed by another; only an empty one tells."""
    pages = list(serve(Records(SEVEN[:4])).spree().store_credits.list().pages())

    assert all(type(one) is NumberedPage for one in pages)
    assert [numbers(one.data) for one in pages] == [SEVEN[:3], SEVEN[3:4], []]
    assert [one.has_next_page for one in pages] == [True, True, False]
    assert [repr(one) for one in pages] == [
        "<NumberedPage of 3, more may follow>",
        "<NumberedPage of 1, more may follow>",
        "<NumberedPage of 0, the last>",
    ]


@pytest.mark.anyio
async def test_a_walk_by_id_does_not_go_back(serve: Callable[..., Any]) -> None:
    """What comes before an id is a question its pages do not ask. The first page has none before it."""
    first = serve(Records(SEVEN)).spree().store_credits.list()
    second = first.next_page()

    assert first.previous_page() is None
    assert second is not None
    with pytest.raises(InvalidArgumentError, match=r"spree\.store_credits\.list.*sort="):
        second.previous_page()

    async with serve(Records(SEVEN)).async_spree() as client:
        begun = await client.store_credits.list()
        assert await begun.previous_page() is None
        with pytest.raises(InvalidArgumentError, match="sort="):
            await (await begun.next_page()).previous_page()  # type: ignore[union-attr]


def test_a_page_asked_for_by_number_has_one_before_it(serve: Callable[..., Any]) -> None:
    """Which is gone on from by id, as any other."""
    third = serve(Records(SEVEN)).spree().store_credits.list(page=3)
    second = third.previous_page()

    assert numbers(third.data) == SEVEN[6:]
    assert second is not None
    assert numbers(second.data) == SEVEN[3:6]
    assert numbers(second) == SEVEN[3:]


# The rule itself


@given(
    ids=st.lists(st.integers(0, 10**12), min_size=1, max_size=20),
    asked=st.none() | st.integers(0, 10**12),
)
def test_a_step_always_goes_forwards(ids: list[int], asked: int | None) -> None:
    """To the largest id, or not at all."""
    call = Call(WALKED, "/x", [] if asked is None else [("filter[id_gt]", str(asked))])
    records = [type("Record", (), {"id": str(one)}) for one in ids]
    expected = ids == sorted(ids) and (asked is None or ids[0] > asked)
    try:
        found = next_after(call, ("id", "filter[id_gt]"), records)
    except ValueError:
        assert not expected
    else:
        assert expected
        assert found == str(max(ids))


def test_an_operation_that_cannot_be_walked_is_left_alone() -> None:
    """Whatever its query is."""
    call = by_id(Call(Operation("x.list", "GET", "/x"), "/x"))

    assert call.query == []
    assert id_walk(call) is None

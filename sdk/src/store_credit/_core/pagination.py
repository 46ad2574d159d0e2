"""Pages of a list and how to get from one to the next, sync and async. `page_styles` says where the next page is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from typing import Any, Generic, Protocol, TypeVar, cast

from store_credit._core.operation import Call
from store_credit._core.page_styles import Counted, Cursor, Numbered, Page, PageData
from store_credit._core.public import public

__all__ = [
    "AsyncCountedPage",
    "AsyncCursorPage",
    "AsyncNumberedPage",
    "AsyncPages",
    "CountedPage",
    "CursorPage",
    "NumberedPage",
    "PageData",
]

T = TypeVar("T")
M = TypeVar("M")
P = TypeVar("P")


class _FetchesPages(Protocol):
    """A client, as far as pages need it."""

    def fetch_page(self, call: Call, page: Callable[[Any, Call, Any], T]) -> T: ...


class _FetchesPagesAsync(Protocol):
    async def fetch_page(self, call: Call, page: Callable[[Any, Call, Any], T]) -> T: ...


class _SyncPaging(Page[T]):
    __slots__ = ()
    _client: _FetchesPages

    def __iter__(self) -> Iterator[T]:
        """Every record of this page and of all that follow. One page is held at a time."""
        # Not a generator itself: that would hold on to the first page until the end.
        return _items(self.pages())

    def next_page(self: P) -> P | None:
        """Fetch the page after this one, or None at the end.

        Raises:
            InvalidResponseError: The server says that there are more records but not where, does not follow the
                requested order, or has sent two empty pages in a row and still says that there are more records.
        """
        page = cast("_SyncPaging[Any]", self)
        step = page._next_step()
        return None if step is None else page._client.fetch_page(*step)

    def previous_page(self: P) -> P | None:
        """Fetch the page before this one, or None at the beginning of the list.

        Raises:
            InvalidArgumentError: The list is paged by id, which works only forwards; no request was made.
        """
        page = cast("_SyncPaging[Any]", self)
        step = page._previous_step()
        return None if step is None else page._client.fetch_page(*step)

    def pages(self: P) -> Iterator[P]:
        """Iterate over this page and all that follow, one page at a time."""
        return _walk(self)


class _Given:
    """The ids of the last two pages: a record that moved from them onto the next is not given again.

    A list that goes by page number moves on by one for each record that is created in front of it.
    """

    __slots__ = ("_before", "_last")

    def __init__(self) -> None:
        self._before: set[Any] = set()
        self._last: set[Any] = set()

    def fresh(self, page: Page[T]) -> list[T]:
        """Return the records of the next page that were not given before."""
        if not isinstance(page, Numbered | Counted):
            return page.data
        ids: set[Any] = set()
        chosen: list[T] = []
        for record in page.data:
            name = getattr(record, "id", None)
            if name is None or not (name in ids or name in self._last or name in self._before):
                chosen.append(record)
            ids.add(name)
        self._before, self._last = self._last, ids
        return chosen


class _Landmark:
    """Notices a list that leads in a circle, whatever its length, and remembers a single page's request for it.

    Brent's way: the page remembered is taken anew after 1, 2, 4, 8... pages, so a circle is met at the latest in its
    third round.
    """

    __slots__ = ("_left", "_query", "_stride")

    def __init__(self) -> None:
        self._query: list[tuple[str, str]] | None = None
        self._left = self._stride = 1

    def pass_by(self, page: Any) -> None:
        query = page._call.query
        if query == self._query:
            raise page._broken("the pages are circular: they lead back to a page that was read before")
        self._left -= 1
        if self._left == 0:
            self._query = query
            self._left = self._stride = 2 * self._stride


def _walk(page: Any) -> Iterator[Any]:
    landmark = _Landmark()
    while page is not None:
        landmark.pass_by(page)
        yield page
        page = page.next_page()


def _items(pages: Iterator[Any]) -> Iterator[Any]:
    given = _Given()
    for page in pages:
        yield from given.fresh(page)


class _AsyncPaging(Page[T]):
    __slots__ = ()
    _client: _FetchesPagesAsync

    def __aiter__(self) -> AsyncIterator[T]:
        """Every record of this page and of all that follow. One page is held at a time."""
        return _async_items(_async_walk(self))

    async def next_page(self: P) -> P | None:
        """Fetch the page after this one, or None at the end.

        Raises:
            InvalidResponseError: As for `CursorPage.next_page`.
        """
        page = cast("_AsyncPaging[Any]", self)
        step = page._next_step()
        return None if step is None else await page._client.fetch_page(*step)

    async def previous_page(self: P) -> P | None:
        """Fetch the page before this one, or None at the beginning of the list.

        Raises:
            InvalidArgumentError: The list is paged by id, which works only forwards; no request was made.
        """
        page = cast("_AsyncPaging[Any]", self)
        step = page._previous_step()
        return None if step is None else await page._client.fetch_page(*step)

    def pages(self: P) -> AsyncIterator[P]:
        """Iterate over this page and all that follow, one page at a time."""
        return _async_walk(self)


async def _async_walk(page: Any) -> AsyncIterator[Any]:
    landmark = _Landmark()
    while page is not None:
        landmark.pass_by(page)
        yield page
        page = await page.next_page()


async def _async_items(pages: AsyncIterator[Any]) -> AsyncIterator[Any]:
    given = _Given()
    async for page in pages:
        for item in given.fresh(page):
            yield item


@public
class CursorPage(_SyncPaging[T], Cursor[T]):
    """A page of a list with cursors. To get every record of this page and all following pages, iterate over it."""

    __slots__ = ()


@public
class NumberedPage(_SyncPaging[T], Numbered[T]):
    """A page of a list with page numbers. To get every record of this page and all following pages, iterate over it."""

    __slots__ = ()


@public
class AsyncCursorPage(_AsyncPaging[T], Cursor[T]):
    """Like `CursorPage`, but iterate over it with `async for`."""

    __slots__ = ()


@public
class AsyncNumberedPage(_AsyncPaging[T], Numbered[T]):
    """Like `NumberedPage`, but iterate over it with `async for`."""

    __slots__ = ()


@public
class CountedPage(_SyncPaging[T], Counted[T, M]):
    """A page of a list whose `meta` counts pages. To get every record from this page on, iterate over it."""

    __slots__ = ()


@public
class AsyncCountedPage(_AsyncPaging[T], Counted[T, M]):
    """Like `CountedPage`, but iterate over it with `async for`."""

    __slots__ = ()


A = TypeVar("A", bound=_AsyncPaging[Any])


@public
class AsyncPages(Generic[A, T]):
    """A list that has not been fetched yet. To get its first page, `await` it; to get all records, use `async for`."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Awaitable[A]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, Any, A]:
        return self._fetch().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        """Every record of every page. One page is held at a time."""
        return _async_items(self.pages())

    async def first(self) -> T | None:
        """Fetch the first page and return its first record, or None if the page is empty."""
        return (await self._fetch()).first()

    async def pages(self) -> AsyncIterator[A]:
        """Iterate over all pages, one at a time."""
        async for page in _async_walk(await self._fetch()):
            yield page

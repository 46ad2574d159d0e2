"""Pages of a list and how to get from one to the next, sync and async.

Cursors (VINR): `has_more` and `next_cursor` decide (contract/vinr.md section 6). Numbered pages (Spree):
`meta.total_pages` decides, since the server's `next` link never ends (contract/spree.md section 8, decision D15).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Iterator
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from store_credit._core.errors import InvalidResponseError
from store_credit._core.operation import Call
from store_credit._core.public import public
from store_credit._core.response import Response

if TYPE_CHECKING:
    from store_credit._core.client import AsyncClient, SyncClient
    from store_credit._core.jsonapi import Document, Resource

__all__ = [
    "AsyncCursorPage",
    "AsyncNumberedPage",
    "AsyncPages",
    "CursorPage",
    "NumberedPage",
]

T = TypeVar("T")
P = TypeVar("P")


class PageData:
    """What a page's answer holds, before it knows how to fetch the next."""

    __slots__ = ("body", "document", "items", "response")

    def __init__(self, body: dict[str, Any], items: list[Any], response: Response, document: Document | None) -> None:
        self.body = body
        self.items = items
        self.response = response
        self.document = document


class _Page(Generic[T]):
    """One page of a list.

    Attributes:
        data: The records of this page.
        last_response: The answer this page came in.
    """

    __slots__ = ("_body", "_call", "_client", "_document", "data", "last_response")

    data: list[T]
    last_response: Response

    def __init__(self, read: PageData, call: Call, client: Any) -> None:
        self._body = read.body
        self._document = read.document
        self.data = read.items
        self.last_response = read.response
        self._call = call
        self._client = client

    @property
    def request_id(self) -> str | None:
        """The server's id of the request that gave this page."""
        return self.last_response.request_id

    def __reduce__(self) -> Any:
        raise TypeError("a page holds its client and is not pickled; pickle its data")

    def to_dict(self) -> dict[str, Any]:
        """Return the page as the JSON object it came as."""
        return self.last_response.json()

    def __repr__(self) -> str:
        try:
            position = "more follow" if self.has_next_page else "the last"
        except InvalidResponseError:
            position = "its place in the list unreadable"
        return f"<{type(self).__name__} of {len(self.data)}, {position}>"

    @property
    def has_next_page(self) -> bool:
        """Whether another page follows this one in the direction asked for."""
        return self._next_query() is not None

    def _next_query(self) -> dict[str, str] | None:
        raise NotImplementedError

    def _next_call(self) -> Call | None:
        changes = self._next_query()
        if changes is None:
            return None
        call = copy(self._call)
        call.query = [pair for pair in call.query if pair[0] not in changes] + list(changes.items())
        return call

    def _broken(self, why: str) -> InvalidResponseError:
        return InvalidResponseError(
            f"{self._call.operation.id}: {why}; the list cannot be read to its end",
            response=self.last_response,
            operation=self._call.operation.id,
        )


class _Cursor(_Page[T]):
    __slots__ = ()

    @property
    def _envelope(self) -> dict[str, Any]:
        page = self._body.get("page")
        return cast("dict[str, Any]", page) if isinstance(page, dict) else {}

    @property
    def has_more(self) -> bool:
        """Whether records follow in the direction asked for, as the server says."""
        return bool(self._envelope.get("has_more"))

    @property
    def next_cursor(self) -> str | None:
        """The id to go on from, or None at the end."""
        return self._envelope.get("next_cursor")

    @property
    def total_estimate(self) -> int | None:
        """The server's guess at how many records the whole list has: for display, not for loops."""
        return self._envelope.get("total_estimate")

    def _next_query(self) -> dict[str, str] | None:
        more, cursor = self._envelope.get("has_more"), self.next_cursor
        if not isinstance(more, bool):
            raise self._broken("has_more is neither true nor false")
        if not more:
            return None
        if not isinstance(cursor, str) or not cursor:
            raise self._broken("has_more is true and next_cursor is not an id")
        direction = (
            "ending_before" if any(name == "ending_before" for name, _ in self._call.query) else "starting_after"
        )
        if (direction, cursor) in self._call.query:
            raise self._broken(f"the cursor {cursor!r} leads to itself")
        return {direction: cursor}


class _Numbered(_Page[T]):
    __slots__ = ()

    @property
    def _meta(self) -> dict[str, Any]:
        meta = self._body.get("meta")
        return cast("dict[str, Any]", meta) if isinstance(meta, dict) else {}

    @property
    def count(self) -> int | None:
        """Records on this page, as the server says."""
        return self._meta.get("count")

    @property
    def total_count(self) -> int | None:
        """Records on all pages, as the server says."""
        return self._meta.get("total_count")

    @property
    def total_pages(self) -> int | None:
        """How many pages there are, as the server says."""
        return self._meta.get("total_pages")

    @property
    def included(self) -> list[Resource]:
        """Every record included with this page."""
        return [] if self._document is None else self._document.included

    def _next_query(self) -> dict[str, str] | None:
        total = self.total_pages
        if not isinstance(total, int):
            raise self._broken("meta.total_pages is not a number")
        asked = next((value for name, value in reversed(self._call.query) if name == "page"), "1")
        page = int(asked) if asked.isascii() and asked.isdigit() else 1
        return {"page": str(max(page, 1) + 1)} if max(page, 1) < total else None


class _SyncPaging(_Page[T]):
    __slots__ = ()
    _client: SyncClient

    def __iter__(self) -> Iterator[T]:
        """Every record of this page and of all that follow. One page is held at a time."""
        # Not a generator itself: that would hold on to the first page until the end.
        return _items(self.pages())

    def next_page(self: P) -> P | None:
        """Fetch the page after this one, or None at the end.

        Raises:
            InvalidResponseError: The server says that there is more and not where.
        """
        page = cast("_SyncPaging[Any]", self)
        call = page._next_call()
        return None if call is None else page._client.fetch_page(call, cast("Any", type(self)))

    def pages(self: P) -> Iterator[P]:
        """This page and all that follow, one at a time."""
        return _walk(self)


class _Landmark:
    """Notices a list that leads in a circle, whatever its length, and remembers a single page's question for it.

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
            raise page._broken(f"its pages lead in a circle, back to {query}")
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
    for page in pages:
        yield from page.data


class _AsyncPaging(_Page[T]):
    __slots__ = ()
    _client: AsyncClient

    def __aiter__(self) -> AsyncIterator[T]:
        """Every record of this page and of all that follow. One page is held at a time."""
        return _async_items(_async_walk(self))

    async def next_page(self: P) -> P | None:
        """Fetch the page after this one, or None at the end.

        Raises:
            InvalidResponseError: The server says that there is more and not where.
        """
        page = cast("_AsyncPaging[Any]", self)
        call = page._next_call()
        return None if call is None else await page._client.fetch_page(call, cast("Any", type(self)))

    def pages(self: P) -> AsyncIterator[P]:
        """This page and all that follow, one at a time."""
        return _async_walk(self)


async def _async_walk(page: Any) -> AsyncIterator[Any]:
    landmark = _Landmark()
    while page is not None:
        landmark.pass_by(page)
        yield page
        page = await page.next_page()


async def _async_items(pages: AsyncIterator[Any]) -> AsyncIterator[Any]:
    async for page in pages:
        for item in page.data:
            yield item


@public
class CursorPage(_SyncPaging[T], _Cursor[T]):
    """A page of a list with cursors. Iterate it for every record of this and all following pages."""

    __slots__ = ()


@public
class NumberedPage(_SyncPaging[T], _Numbered[T]):
    """A page of a list with page numbers. Iterate it for every record of this and all following pages."""

    __slots__ = ()


@public
class AsyncCursorPage(_AsyncPaging[T], _Cursor[T]):
    """As `CursorPage`, iterated with `async for`."""

    __slots__ = ()


@public
class AsyncNumberedPage(_AsyncPaging[T], _Numbered[T]):
    """As `NumberedPage`, iterated with `async for`."""

    __slots__ = ()


A = TypeVar("A", bound=_AsyncPaging[Any])


@public
class AsyncPages(Generic[A, T]):
    """A list not asked for yet: `await` it for its first page, or go through it with `async for`."""

    __slots__ = ("_fetch",)

    def __init__(self, fetch: Callable[[], Awaitable[A]]) -> None:
        self._fetch = fetch

    def __await__(self) -> Generator[Any, Any, A]:
        return self._fetch().__await__()

    def __aiter__(self) -> AsyncIterator[T]:
        """Every record of every page. One page is held at a time."""
        return _async_items(self.pages())

    async def pages(self) -> AsyncIterator[A]:
        """Every page, one at a time."""
        async for page in _async_walk(await self._fetch()):
            yield page

"""A page of a list, and where the pages around it are, in the four ways in which lists go on.

Cursors (VINR): `has_more` and `next_cursor` decide (contract/vinr.md section 6). Page numbers (Spree):
`meta.total_pages` decides, since the server's `next` link never ends (contract/spree.md section 8, decision D15). Ids
(Spree, where the caller asked for no order): see `id_order`. Counted pages (Spree's API v3): `meta.next` is the number
of the next page, or null (recorded).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, Literal, NamedTuple, TypeAlias, TypeVar, cast, overload

from store_credit._core.errors import InvalidArgumentError, InvalidResponseError
from store_credit._core.id_order import id_walk, next_after
from store_credit._core.operation import Call
from store_credit._core.response import Response

if TYPE_CHECKING:
    from store_credit._core.jsonapi import Document, Resource

__all__ = ["Counted", "Cursor", "Numbered", "Page", "PageData", "Step"]

T = TypeVar("T")
M = TypeVar("M")

EMPTY_PAGES = 2
"""So many empty pages in a row, with more promised after them, are an error: the list would never end."""

_LONGEST_CURSOR = 1000
"""Characters of a cursor that still fits into any server's request line."""

_SHOWN = 100
"""Characters of a server's own text that an error shows."""

Origin: TypeAlias = Literal["start", "before", "after"]
"""How a page was come to: by the caller's own call, or from the page before it or after it."""

_AFTER, _BEFORE = "starting_after", "ending_before"


class PageData:
    """What a page's response holds, before it knows how to fetch the next."""

    __slots__ = ("body", "document", "items", "meta", "response")

    def __init__(
        self, body: dict[str, Any], items: list[Any], response: Response, document: Document | None, meta: Any = None
    ) -> None:
        self.body = body
        self.items = items
        self.response = response
        self.document = document
        self.meta = meta


class Step(NamedTuple):
    """The way to another page."""

    call: Call
    """Asks for it."""
    make: Callable[[PageData, Call, Any], Any]
    """Makes it of what was read, the call and the client."""


class Page(Generic[T]):
    """One page of a list.

    `len`, indexing, `bool` and `first` are about the records of this page. Iterating goes on to all pages that follow.

    Attributes:
        data: The records of this page, as the server sent them.
        last_response: The response this page came in.
    """

    __slots__ = ("_body", "_call", "_client", "_document", "_empty", "_meta", "_origin", "data", "last_response")

    data: list[T]
    last_response: Response

    def __init__(
        self, read: PageData, call: Call, client: Any, *, origin: Origin = "start", empty_before: int = 0
    ) -> None:
        self._body = read.body
        self._document = read.document
        self._meta = read.meta
        self.data = read.items
        self.last_response = read.response
        self._call = call
        self._client = client
        self._origin = origin
        # Empty pages in a row that end with this one.
        self._empty = 0 if read.items else empty_before + 1

    # Python would make `reversed` from length and index, which are about one page, where iterating goes over all.
    __reversed__ = None

    @property
    def request_id(self) -> str | None:
        """The server's id of the request that returned this page."""
        return self.last_response.request_id

    def first(self) -> T | None:
        """Return the first record of this page, or None if the page is empty."""
        return self.data[0] if self.data else None

    def __len__(self) -> int:
        return len(self.data)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        return self.data[index]

    def __reduce__(self) -> Any:
        raise TypeError("a page contains its client and cannot be pickled; pickle its data instead")

    def to_dict(self) -> dict[str, Any]:
        """Return the page as the JSON object that it came as."""
        return self.last_response.json()

    def __repr__(self) -> str:
        try:
            position = self._promise if self.has_next_page else "the last"
        except InvalidResponseError:
            position = "position in the list unreadable"
        return f"<{type(self).__name__} of {len(self.data)}, {position}>"

    @property
    def _promise(self) -> str:
        return "more follow"

    @property
    def has_next_page(self) -> bool:
        """Whether another page follows this one, in the direction of the list.

        Raises:
            InvalidResponseError: The server says that there are more records but not where, or has sent two empty pages
                in a row and still reports more.
        """
        return self._forward() is not None

    def _next_query(self) -> Mapping[str, str | None] | None:
        """Return what the query of the next page changes in this one's (None drops a parameter); None at the end."""
        raise NotImplementedError

    def _previous_query(self) -> Mapping[str, str | None] | None:
        """Return the same for the page before."""
        raise NotImplementedError

    def _forward(self) -> Mapping[str, str | None] | None:
        changes = self._next_query()
        if changes is not None and self._empty >= EMPTY_PAGES:
            raise self._broken(f"{self._empty} pages in a row are empty, although the server reports more records")
        return changes

    def _next_step(self) -> Step | None:
        changes = self._forward()
        if changes is None:
            return None
        return Step(self._changed(changes), partial(type(self), origin="before", empty_before=self._empty))

    def _previous_step(self) -> Step | None:
        changes = self._previous_query()
        return None if changes is None else Step(self._changed(changes), partial(type(self), origin="after"))

    def _changed(self, changes: Mapping[str, str | None]) -> Call:
        added = [(name, value) for name, value in changes.items() if value is not None]
        return self._call.renewed([pair for pair in self._call.query if pair[0] not in changes] + added)

    def _broken(self, why: str) -> InvalidResponseError:
        return InvalidResponseError(
            f"{self._call.operation.id}: {why}; the list cannot be read to the end",
            response=self.last_response,
            operation=self._call.operation.id,
        )

    def _asked(self, parameter: str) -> str | None:
        return next((value for name, value in reversed(self._call.query) if name == parameter), None)


class Cursor(Page[T]):
    """A page of a list with cursors."""

    __slots__ = ()

    @property
    def _envelope(self) -> dict[str, Any]:
        page = self._body.get("page")
        return cast("dict[str, Any]", page) if isinstance(page, dict) else {}

    @property
    def has_more(self) -> bool:
        """Whether more records follow in the direction of this page's request, according to the server."""
        return bool(self._envelope.get("has_more"))

    @property
    def next_cursor(self) -> str | None:
        """The id to continue from, in the direction of this page's request, or None at the end."""
        return self._envelope.get("next_cursor")

    @property
    def total_estimate(self) -> int | None:
        """The server's estimate of how many records the whole list has: for display, not for loops."""
        return self._envelope.get("total_estimate")

    @property
    def _direction(self) -> str:
        return _AFTER if self._asked(_BEFORE) is None else _BEFORE

    def _next_query(self) -> Mapping[str, str | None] | None:
        return self._turned_round() if self._origin == "after" else self._onwards()

    def _previous_query(self) -> Mapping[str, str | None] | None:
        if self._origin == "after":
            return self._onwards()
        return None if self._asked(self._direction) is None else self._turned_round()

    def _onwards(self) -> Mapping[str, str | None] | None:
        """Go on as this page was asked for, by the server's cursor."""
        more, cursor = self._envelope.get("has_more"), self.next_cursor
        if not isinstance(more, bool):
            raise self._broken("has_more is neither true nor false")
        if not more:
            return None
        if not isinstance(cursor, str) or not 0 < len(cursor) <= _LONGEST_CURSOR:
            raise self._broken("has_more is true, but next_cursor is not an id")
        if (self._direction, cursor) in self._call.query:
            raise self._broken(f"the cursor {cursor[:_SHOWN]!r} points back to itself")
        return {self._direction: cursor}

    def _turned_round(self) -> Mapping[str, str | None] | None:
        """Go back the way this page was asked for; a page has its newest record first in both directions."""
        if not self.data:
            return None
        turned, edge = (_BEFORE, self.data[0]) if self._direction == _AFTER else (_AFTER, self.data[-1])
        return {self._direction: None, turned: str(cast("Any", edge).id)}


class Numbered(Page[T]):
    """A page of a list with page numbers."""

    __slots__ = ()

    @property
    def _said(self) -> dict[str, Any]:
        meta = self._body.get("meta")
        return cast("dict[str, Any]", meta) if isinstance(meta, dict) else {}

    @property
    def count(self) -> int | None:
        """Number of records on this page, according to the server."""
        return self._said.get("count")

    @property
    def total_count(self) -> int | None:
        """Number of records on all pages, according to the server. In a list paged by id: from this page on."""
        return self._said.get("total_count")

    @property
    def total_pages(self) -> int | None:
        """Number of pages, according to the server. In a list paged by id: from this page on."""
        return self._said.get("total_pages")

    @property
    def included(self) -> list[Resource]:
        """Every record included with this page."""
        return [] if self._document is None else self._document.included

    @property
    def _promise(self) -> str:
        # Only an empty page ends a list that goes by id.
        return "more follow" if id_walk(self._call) is None else "more may follow"

    @property
    def _number(self) -> int:
        asked = self._asked("page") or "1"
        return max(int(asked), 1) if asked.isascii() and asked.isdigit() else 1

    def _next_query(self) -> Mapping[str, str | None] | None:
        walk = id_walk(self._call)
        if walk is not None:
            return self._after_the_last_id(walk)
        total = self.total_pages
        if not isinstance(total, int):
            raise self._broken("meta.total_pages is not a number")
        return {"page": str(self._number + 1)} if self._number < total else None

    def _after_the_last_id(self, walk: tuple[str, str]) -> Mapping[str, str | None] | None:
        if not self.data:
            return None
        try:
            return {"page": None, walk[1]: next_after(self._call, walk, self.data)}
        except ValueError as error:
            raise self._broken(f"{error}. Pass sort= to use page numbers") from None

    def _previous_query(self) -> Mapping[str, str | None] | None:
        if self._number > 1:
            return {"page": str(self._number - 1)}
        if self._origin == "before" and id_walk(self._call) is not None:
            raise InvalidArgumentError(
                f"{self._call.operation.id}: a list that is read by id cannot be read backwards; pass sort= to use"
                " page numbers"
            )
        return None


class Counted(Page[T], Generic[T, M]):
    """A page of a list whose `meta` says which page comes next."""

    __slots__ = ()

    @property
    def meta(self) -> M:
        """What the server says about the list: `count` and `pages` of the whole list, `page`, `limit` and `next`."""
        return self._meta

    @property
    def total_count(self) -> int | None:
        """Number of records on all pages, according to the server (`meta.count`)."""
        return self._said("count")

    @property
    def total_pages(self) -> int | None:
        """Number of pages, according to the server (`meta.pages`)."""
        return self._said("pages")

    def _said(self, name: str) -> Any:
        meta = self._body.get("meta")
        return cast("dict[str, Any]", meta).get(name) if isinstance(meta, dict) else None

    def _next_query(self) -> Mapping[str, str | None] | None:
        number, current = self._said("next"), self._said("page")
        if number is None and isinstance(current, int):
            return None
        if not isinstance(number, int) or not isinstance(current, int) or isinstance(number, bool):
            raise self._broken("meta.next must be a page number or null, and meta.page must be a number")
        if number <= current:
            raise self._broken(f"meta.next leads from page {current} back to {number}")
        return {"page": str(number)}

    def _previous_query(self) -> Mapping[str, str | None] | None:
        number = self._said("previous")
        return {"page": str(number)} if isinstance(number, int) and not isinstance(number, bool) else None

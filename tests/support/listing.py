"""Lists of records as a server gives them, page by page, and what tests read of them."""

from collections.abc import AsyncIterable
from typing import Any, TypeVar

from http_library import httpx

__all__ = ["Credits", "gather", "ids"]

T = TypeVar("T")


class Credits:
    """A list of records that answers as VINR does (by cursor) or as Spree does (by page number)."""

    def __init__(self, total: int, shape: dict[str, Any]) -> None:
        self.ids = [f"sc_{number}" for number in range(total)]
        self.shape = shape

    def by_cursor(self, request: httpx.Request) -> httpx.Response:
        """Newest first; `next_cursor` and `has_more` speak of the direction asked for."""
        query = request.url.params
        assert not ("starting_after" in query and "ending_before" in query)
        limit = int(query.get("limit", 10))
        if "ending_before" in query:
            end = self.ids.index(query["ending_before"])
            chosen, more = self.ids[max(0, end - limit) : end], end > limit
            cursor = chosen[0] if more else None
        else:
            start = self.ids.index(query["starting_after"]) + 1 if "starting_after" in query else 0
            chosen, more = self.ids[start : start + limit], start + limit < len(self.ids)
            cursor = chosen[-1] if more else None
        page = {"has_more": more, "next_cursor": cursor, "total_estimate": len(self.ids)}
        body = {"object": "list", "data": [self.shape | {"id": one} for one in chosen], "page": page}
        return httpx.Response(200, json=body)

    def by_number(self, request: httpx.Request) -> httpx.Response:
        """In the order of `sort`; `links.next` is never absent: on the last page it names that page again."""
        query = request.url.params
        number, size = int(query.get("page", 1)), int(query.get("per_page", 25))
        ids = self.ids[::-1] if query["sort"] == "-id" else self.ids
        pages = -(-len(ids) // size)
        chosen = ids[(number - 1) * size : number * size]
        body = {
            "data": [{"id": one, "type": "store_credit", "attributes": {"memo": one}} for one in chosen],
            "meta": {"count": len(chosen), "total_count": len(ids), "total_pages": pages},
            "links": {"next": f"http://spree.test/?page={min(number + 1, pages)}"},
        }
        return httpx.Response(200, json=body)


async def gather(items: AsyncIterable[T]) -> list[T]:
    """All of them."""
    return [item async for item in items]


def ids(records: Any) -> list[str]:
    """Whose turn it was."""
    return [record.id for record in records]

"""Servers in this process with a clock of their own, whose requests can be lost, and committed after that.

They do what contract/vinr.md section 7 and contract/spree.md say of creating and listing credits, and no more. A
request that is slow is committed when its time comes, although its client has long given up.
"""

from __future__ import annotations

import copy
import json
from bisect import bisect_left
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any, Final, Literal

from echoing import creates, echoed
from http_library import httpx
from sample_calls import CREDIT
from virtual import World

__all__ = ["Fate", "SpreeShop", "VinrShop"]

Kind = Literal[
    "done", "lost before", "lost after", "slow", "503 before", "503 after", "refused", "refusal lost", "status"
]
Fate = tuple[Kind, float]
"""What becomes of a create: done; its request or its response is lost; it is committed after so many seconds, while the
client hears nothing; 503 without having done it, or after it; refused as a wrong request, perhaps without the client
hearing of it; or another status."""

SPREE_CREDIT: Final = {
    "id": "0",
    "type": "store_credit",
    "attributes": {
        "amount": "0.0",
        "amount_used": "0.0",
        "amount_authorized": "0.0",
        "memo": None,
        "currency": "USD",
        "originator_type": None,
        "deleted_at": None,
        "created_at": "2026-11-22T02:19:23.126Z",
        "updated_at": "2026-11-22T02:19:24.000Z",
        "public_metadata": {},
        "private_metadata": {},
        "display_amount": "$0.00",
        "display_amount_used": "$0.00",
    },
    "relationships": {
        "user": {"data": None},
        "created_by": {"data": None},
        "store_credit_category": {"data": None},
        "store_credit_type": {"data": None},
        "store_credit_events": {"data": []},
    },
}


class _Shop:
    """Requests, and the work on them that goes on without their clients.

    Args:
        world: The clock.
        fate: Says of each create what becomes of it.
        dates: Whether responses tell the time of day.
        skew: How far the server's clock is ahead of the world's.
    """

    def __init__(
        self,
        world: World,
        fate: Callable[[httpx.Request], Fate] = lambda request: ("done", 0.0),
        *,
        dates: bool = True,
        skew: timedelta = timedelta(),
    ) -> None:
        self.world, self.fate, self.dates, self.skew = world, fate, dates, skew
        self.records: list[dict[str, Any]] = []
        self.requests: list[httpx.Request] = []
        self._slow: list[tuple[float, Callable[[], Any]]] = []

    @property
    def now(self) -> datetime:
        """The server's time of day."""
        return self.world.now() + self.skew

    def catch_up(self) -> None:
        """Commit what was slow, if its time has come."""
        due = [work for when, work in self._slow if when <= self.world.passed]
        self._slow = [(when, work) for when, work in self._slow if when > self.world.passed]
        for work in due:
            work()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Respond, or lose what belongs to the request."""
        self.requests.append(request)
        self.catch_up()
        if not creates(request.method, request.url.raw_path.decode()):
            return self.respond(200, self.listed(request))
        kind, number = self.fate(request)
        if kind == "lost before":
            raise httpx.ConnectError("reset") if number else httpx.ReadTimeout("slow")
        if kind == "503 before":
            return self.respond(503, None)
        if kind == "status":
            return self.respond(int(number), {"error": {"code": "c", "message": "no"}})
        if kind == "slow":
            commit = self.begin(request)
            self._slow.append((self.world.passed + number, commit))
            raise httpx.ReadTimeout("slow")
        status, body = self.begin(request, refuse=kind in ("refused", "refusal lost"))()
        if kind in ("lost after", "refusal lost"):
            raise httpx.ReadTimeout("slow")
        return self.respond(503, None) if kind == "503 after" else self.respond(status, body)

    async def awaited(self, request: httpx.Request) -> httpx.Response:
        """The same, for async clients."""
        return self(request)

    def respond(self, status: int, body: Any) -> httpx.Response:
        """Make a response."""
        date = format_datetime(self.now.replace(microsecond=0), usegmt=True)
        content = b"" if body is None else json.dumps(body).encode()
        return httpx.Response(status, content=content, headers={"Date": date} if self.dates else None)

    def begin(self, request: httpx.Request, *, refuse: bool = False) -> Callable[[], tuple[int, Any]]:
        """Take a create in; what is returned commits it and gives its response."""
        raise NotImplementedError

    def listed(self, request: httpx.Request) -> Any:
        """The body of a list."""
        raise NotImplementedError


class VinrShop(_Shop):
    """Keeps what became of each idempotency key for 24 hours, a refusal too."""

    KEPT: Final = 24 * 3600.0

    def __init__(self, world: World, *arguments: Any, **options: Any) -> None:
        super().__init__(world, *arguments, **options)
        self.keys: dict[str, tuple[float, bytes, tuple[int, Any] | None]] = {}

    def begin(self, request: httpx.Request, *, refuse: bool = False) -> Callable[[], tuple[int, Any]]:
        """Look the key up, and execute what has none."""
        key, content = request.headers["Idempotency-Key"], request.content
        since, body, done = self.keys.get(key, (-self.KEPT, b"", None))
        if since + self.KEPT > self.world.passed:
            if body != content:
                return lambda: (409, self.error("idempotency_conflict"))
            return lambda: done or (409, self.error("idempotency_in_progress"))
        began = self.world.passed
        self.keys[key] = (began, content, None)

        def commit() -> tuple[int, Any]:
            outcome = (422, self.error("amount_too_large")) if refuse else (201, self.made(request))
            self.keys[key] = (began, content, outcome)
            return outcome

        return commit

    def made(self, request: httpx.Request) -> dict[str, Any]:
        """A new record."""
        record = echoed("POST", request.url.raw_path.decode(), request.content, CREDIT)
        record["id"] = f"sc_{len(self.records) + 1}"
        self.records.append(record)
        return record

    @staticmethod
    def error(code: str) -> Any:
        """An error body."""
        return {"error": {"code": code, "message": "no", "type": "invalid_request_error"}}


class SpreeShop(_Shop):
    """Creates whatever it is asked to, as often as it is asked, and lists by user, id and time."""

    def __init__(self, world: World, *arguments: Any, **options: Any) -> None:
        super().__init__(world, *arguments, **options)
        self._created: list[datetime] = []

    def begin(self, request: httpx.Request, *, refuse: bool = False) -> Callable[[], tuple[int, Any]]:
        """Execute it, when its time comes."""
        if refuse:
            return lambda: (422, {"error": "Amount is too big", "errors": {"amount": ["is too big"]}})
        return lambda: (201, {"data": self.made(request)})

    def made(self, request: httpx.Request) -> dict[str, Any]:
        """A new record."""
        target = request.url.raw_path.decode()
        record: dict[str, Any] = echoed("POST", target, request.content, {"data": copy.deepcopy(SPREE_CREDIT)})["data"]
        record["id"] = str(len(self.records) + 1)
        record["attributes"]["created_at"] = self.now.isoformat(timespec="milliseconds")
        self._created.append(self.now)
        self.records.append(record)
        return record

    def listed(self, request: httpx.Request) -> Any:
        """A page of what the filters let through. One that is not known is ignored, as by the real server."""
        asked = request.url.params
        user, after = asked.get("filter[user_id_eq]"), int(asked.get("filter[id_gt]", 0))
        since = asked.get("filter[created_at_gteq]")
        # Ids and times grow together.
        first = 0 if since is None else bisect_left(self._created, datetime.fromisoformat(since))
        found = [
            record
            for record in self.records[max(first, after) :]
            if user is None or record["relationships"]["user"]["data"]["id"] == user
        ]
        if asked.get("sort") == "-id":
            found.reverse()
        size = int(asked.get("per_page", 25))
        return {"data": found[:size], "meta": {"total_pages": -(-len(found) // size), "count": len(found[:size])}}

"""Comparing a recorded response with the mock's, by the rules of the recordings.

Ids, numbers, codes and request ids stand for each other one to one, with the same prefix and length; tokens are there
or not. A time changes in the mock exactly when it changes in the recording, and times keep their order across steps,
but not within one. Of the budget of calls it counts whether it is told, and whether it goes down or stays.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import permutations
from typing import Any, Final, cast

from store_credit_mock import Response
from store_credit_mock.recording import ExchangeFile
from store_credit_tools.replay.differences import Difference, Same, as_object, compare
from store_credit_tools.replay.spree_v3.members import decided

__all__ = ["SIDE", "STEP", "Comparison", "json_body"]

SIDE: Final = "mock"
STEP: Final = 0.02
"""Seconds between two steps: all of them together are well within the minute in which calls are counted."""
_BODY: Final = "/response/body"
_HEADERS: Final = "/response/headers"

_EXACT: Final = ("Content-Type", "Idempotent-Replayed", "X-RateLimit-Limit")
_PRESENT: Final = ("ETag", "X-Runtime", "X-Request-Id", "X-RateLimit-Remaining")
_COUNTED: Final = ("X-RateLimit-Remaining", "Retry-After")
"""Exact where calls were counted, as in the steps that send until they are refused."""

_MADE_UP: Final = re.compile(
    r"(?P<sqid>\b[a-z]{2,8}_(?=\w*[A-Z0-9])[A-Za-z0-9]{10,})"
    r"|(?P<code>\b\d+-SC-\d{20})"
    r"|(?P<uuid>\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b)"
    r"|(?P<order>\bR\d{4,9}\b)"
    r"|(?P<shipment>\bH\d{11}\b)"
    r"|(?P<payment>\bP[A-Z0-9]{7}\b)",
    re.ASCII,
)
_PLACEHOLDER: Final = re.compile(r"<[a-z_0-9 ]+>")
_CUT: Final = re.compile(r"(.*)\.\.\. \((\d+) characters\)", re.DOTALL)
_SECRETS: Final = frozenset({"token", "refresh_token", "secret_key", "plaintext_token"})
"""Made up anew by every server; recordings mostly have a placeholder in their place."""
_RECEIVED: Final = frozenset({"execution_time", "response_body"})
"""What a listener made of a webhook: how long it took, and what it said."""
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", re.ASCII)


@dataclass(slots=True)
class _Seen:
    """What has been seen of a run."""

    there: dict[str, str] = field(default_factory=dict[str, str])
    here: dict[str, str] = field(default_factory=dict[str, str])
    times: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict[tuple[str, str], tuple[str, str]])
    orders: dict[int, list[tuple[str, str]]] = field(default_factory=dict[int, list[tuple[str, str]]])
    """Times in their order, by how exact they are."""
    within_steps: bool = False
    """Whether times of one step have an order as well: it tells which of two requests at once came first."""
    left: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])

    def copy(self) -> _Seen:
        return _Seen(
            dict(self.there),
            dict(self.here),
            dict(self.times),
            {length: list(one) for length, one in self.orders.items()},
            self.within_steps,
            dict(self.left),
        )

    def pair(self, recorded: str, mock: str) -> bool:
        return self.there.setdefault(recorded, mock) == mock and self.here.setdefault(mock, recorded) == recorded

    def in_order(self, recorded: str, mock: str) -> bool:
        order = self.orders.setdefault(len(recorded), [])
        place = bisect_left(order, (recorded, mock))
        if place > 0 and order[place - 1][0] < recorded and self._later(order[place - 1][1], mock):
            return False
        after = place
        while after < len(order) and order[after][0] == recorded:
            after += 1
        if after < len(order) and self._later(mock, order[after][1]):
            return False
        if place == len(order) or order[place] != (recorded, mock):
            order.insert(place, (recorded, mock))
        return True

    def _later(self, time: str, other: str) -> bool:
        """Whether a time of the mock is of a later step than another."""
        first, second = (datetime.fromisoformat(text) for text in (time, other))
        return first - second >= timedelta(seconds=STEP) or (self.within_steps and first > second)


class Comparison:
    """Compares the responses of one run, step by step.

    Args:
        given: Ids that are the same there and here from the start.
    """

    def __init__(self, given: Mapping[str, str]) -> None:
        self._seen = _Seen()
        for identity in given.values():
            self._seen.pair(identity, identity)

    def differences(
        self, published: ExchangeFile, response: Response, *, budget: str, counted: bool = False
    ) -> list[Difference]:
        """Say what differs.

        Args:
            published: What the real server said.
            response: What the mock says.
            budget: Whose calls are counted together with this one.
            counted: Whether the headers about the budget are exact.
        """
        return list(self._response(published, response, budget, counted=counted))

    def begin_anew(self) -> None:
        """Forget how many calls were left: another server counts its own."""
        self._seen.left.clear()

    def best(self, published: Sequence[ExchangeFile], responses: Sequence[Response], *, same: bool) -> list[Difference]:
        """Say what differs of responses to requests in flight at one time; nobody can tell which was counted first.

        Args:
            published: What the real server said.
            responses: What the mock says.
            same: Whether the requests are the same, so that any of the responses may be that of any.
        """
        tried: list[tuple[list[Difference], _Seen]] = []
        before = self._seen
        for order in permutations(responses, len(published)) if same else (responses,):
            self._seen = before.copy()
            self._seen.within_steps = True
            found = [
                difference
                for one, other in zip(published, order, strict=False)
                for difference in self._response(one, other, "", counted=False)
            ]
            tried.append((found, self._seen))
        found, self._seen = min(tried, key=lambda one: len(one[0]))
        self._seen.within_steps = False
        return found

    def webhooks(self, published: Sequence[Mapping[str, Any]], sent: Sequence[Mapping[str, Any]]) -> list[Difference]:
        """Say what differs of what a listener received: `body`, and `headers` of a webhook alone."""
        found: list[Difference] = []
        if len(published) != len(sent):
            names = ", ".join(str(one["headers"].get("X-Spree-Webhook-Event")) for one in sent) or "none"
            found.append(Difference(SIDE, "/webhooks", f"{names} where {len(published)} were recorded"))
        for number, (one, other) in enumerate(zip(published, sent, strict=False)):
            where = f"/webhooks/{number}"
            for name in ("Content-Type", "User-Agent", "X-Spree-Webhook-Event"):
                found += compare(SIDE, f"{where}/headers/{name}", one["headers"].get(name), other["headers"].get(name))
            found += compare(SIDE, f"{where}/verified", True, other["verified"])
            found += compare(SIDE, f"{where}/body", one["body"], other["body"], self._same())
        return found

    def _response(
        self, published: ExchangeFile, response: Response, budget: str, *, counted: bool
    ) -> Iterator[Difference]:
        if published.status != response.status:
            said = response.body.decode("utf-8", "replace")[:200]
            what = f"{response.status} where {published.status} was recorded: {said}"
            yield Difference(SIDE, "/response/status", what)
            return
        for name in (*_EXACT, *(_COUNTED if counted else ())):
            there, here = published.response_header(name), response.header(name.lower())
            yield from compare(SIDE, f"{_HEADERS}/{name}", there, here)
        for name in _PRESENT:
            there, here = published.response_header(name), response.header(name.lower())
            if (there is None) != (here is None):
                yield from compare(SIDE, f"{_HEADERS}/{name}", there, here)
        yield from self._budget(published, response, budget)
        try:
            mock = json_body(response)
        except ValueError:
            yield Difference(SIDE, _BODY, f"is not valid JSON: {response.body[:200]!r}")
            return
        recorded = None if published.response_body == "" else published.response_body
        yield from compare(SIDE, _BODY, decided(recorded), decided(mock), self._same())

    def _budget(self, published: ExchangeFile, response: Response, budget: str) -> Iterator[Difference]:
        """What is left of the calls goes down where it went down, and stays where it stayed (as in a replay)."""
        name = "X-RateLimit-Remaining"
        there, here = published.response_header(name), response.header(name.lower())
        if there is None or here is None or not here.isdecimal():
            return
        before = self._seen.left.get(budget)
        self._seen.left[budget] = (int(there), int(here))
        if not budget or before is None or int(there) > before[0]:
            return
        stays, stayed = int(here) == before[1], int(there) == before[0]
        if stays != stayed or int(here) > before[1]:
            what = f"{here} after {before[1]} where {there} came after {before[0]}"
            yield Difference(SIDE, f"{_HEADERS}/{name}", what)

    def _same(self) -> Same:
        seen = self._seen
        owners: dict[str, str] = {}

        def same(where: str, recorded: Any, mock: Any) -> bool | None:
            if isinstance(recorded, Mapping) and isinstance(mock, Mapping):
                owners[where] = str(as_object(recorded).get("id", ""))
                return None
            if isinstance(recorded, list) and isinstance(mock, list):
                return None
            one, other = cast("object", recorded), cast("object", mock)
            if where.rpartition("/")[2] in _RECEIVED:
                return type(one) is type(other)
            if isinstance(recorded, str) and isinstance(mock, str):
                above = where
                while above and above not in owners:
                    above = above.rpartition("/")[0]
                return _text(seen, (owners.get(above, ""), where.rpartition("/")[2]), recorded, mock)
            # Of the same JSON type, too: the amount due of a paid order is the number 0.
            return type(one) is type(other) and one == other

        return same


def _text(seen: _Seen, key: tuple[str, str], recorded: str, mock: str) -> bool:
    if _PLACEHOLDER.fullmatch(recorded):
        return bool(mock)
    if key[1] in _SECRETS:
        return bool(mock) and seen.pair(recorded, mock)
    if _TIME.fullmatch(recorded):
        return _time(seen, key, recorded, mock)
    cut = _CUT.fullmatch(recorded)
    if cut is not None:
        return mock.startswith(cut[1]) and len(mock) == int(cut[2])
    if recorded == mock and not _MADE_UP.search(recorded):
        return True
    there, here = list(_MADE_UP.finditer(recorded)), list(_MADE_UP.finditer(mock))
    if _MADE_UP.sub("#", recorded) != _MADE_UP.sub("#", mock):
        return False
    return all(_stands_for(seen, one, other) for one, other in zip(there, here, strict=True))


def _stands_for(seen: _Seen, one: re.Match[str], other: re.Match[str]) -> bool:
    if one.lastgroup != other.lastgroup:
        return False
    recorded, mock = one[0], other[0]
    if one.lastgroup == "sqid" and recorded.partition("_")[0] != mock.partition("_")[0]:
        return False
    if one.lastgroup == "order" and len(recorded) != len(mock):
        return False
    return seen.pair(recorded, mock)


def _time(seen: _Seen, key: tuple[str, str], recorded: str, mock: str) -> bool:
    if not _TIME.fullmatch(mock) or len(recorded) != len(mock) or not seen.in_order(recorded, mock):
        return False
    before = seen.times.get(key)
    seen.times[key] = (recorded, mock)
    return before is None or (before[0] == recorded) == (before[1] == mock)


def json_body(response: Response) -> Any:
    """The JSON of a response; None if it has no body.

    Raises:
        ValueError: It is not JSON.
    """
    return json.loads(response.body, parse_float=Decimal) if response.body else None

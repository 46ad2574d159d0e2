"""Comparing a recorded response with the mock's, by the rules of the recordings.

Numbers, codes and ETags stand for each other one to one. A time changes in the mock exactly when it changes in the
recording, and times keep their order across steps; a time that a request sent is equal.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast
from urllib.parse import SplitResult, parse_qsl, urlsplit

from store_credit_mock import Response
from store_credit_mock.recording import ExchangeFile
from store_credit_tools.replay.differences import Difference, Same, as_object, compare, shown

__all__ = ["SIDE", "Comparison", "sent_times"]

SIDE = "mock"
BODY = "/response/body"

_CODE = re.compile(r"(\d+)-SC-(\d{20})", re.ASCII)
_NUMBERS = frozenset({"number", "order_number"})
_SECRETS = frozenset({"token", "access_token", "refresh_token"})
_TOKEN_HEADERS = ("Cache-Control", "Vary", "WWW-Authenticate")
_CODES = frozenset({"response_code", "authorization_code"})


@dataclass(slots=True)
class _Pairs:
    """Values that stand for each other."""

    there: dict[str, str] = field(default_factory=dict[str, str])
    here: dict[str, str] = field(default_factory=dict[str, str])

    def fit(self, recorded: str, mock: str) -> bool:
        return self.there.setdefault(recorded, mock) == mock and self.here.setdefault(mock, recorded) == recorded


@dataclass(slots=True)
class _Seen:
    """What was seen of the run of the server."""

    pairs: dict[str, _Pairs] = field(default_factory=dict[str, _Pairs])
    times: dict[tuple[str, str, str], tuple[str, str]] = field(
        default_factory=dict[tuple[str, str, str], tuple[str, str]]
    )
    order: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def fit(self, kind: str, recorded: str, mock: str) -> bool:
        return self.pairs.setdefault(kind, _Pairs()).fit(recorded, mock)

    def in_order(self, recorded: str, mock: str) -> bool:
        place = bisect_left(self.order, (recorded, mock))
        if place > 0 and self.order[place - 1][0] < recorded and self.order[place - 1][1] > mock:
            return False
        after = place
        while after < len(self.order) and self.order[after][0] == recorded:
            after += 1
        if after < len(self.order) and self.order[after][1] < mock:
            return False
        if place == len(self.order) or self.order[place] != (recorded, mock):
            self.order.insert(place, (recorded, mock))
        return True


class Comparison:
    """Compares one profile's answers, step by step.

    Args:
        same_ids: Whether the mock numbers records as the recording does; otherwise ids stand for each other.
        sent: Times that requests of the script send, as the API shows them.
    """

    def __init__(self, *, same_ids: bool, sent: frozenset[str]) -> None:
        self.same_ids = same_ids
        self.sent = sent
        self._seen = _Seen()

    def differences(self, published: ExchangeFile, response: Response, target: str) -> list[Difference]:
        """Say what differs.

        Args:
            published: What the real server said.
            response: What the mock says.
            target: Path and query as sent.
        """
        return list(self._answer(self._seen, published, response, target))

    def _answer(self, run: _Seen, published: ExchangeFile, response: Response, target: str) -> Iterator[Difference]:
        if published.status != response.status:
            said = shown(response.body.decode("utf-8", "replace"))
            yield Difference(
                SIDE, "/response/status", f"{response.status} where {published.status} was recorded: {said}"
            )
            return
        yield from compare(
            SIDE, "/response/headers/Content-Type", published.response_header("content-type"),
            response.header("content-type"),
        )  # fmt: skip
        for name in _TOKEN_HEADERS if target.startswith("/spree_oauth/") else ():
            place = f"/response/headers/{name}"
            yield from compare(SIDE, place, published.response_header(name), response.header(name.lower()))
        etag, own = published.response_header("etag"), response.header("etag")
        if (etag is None) != (own is None):
            yield from compare(SIDE, "/response/headers/ETag", etag, own)
        elif etag is not None and own is not None and not run.fit("etag", etag, own):
            yield Difference(SIDE, "/response/headers/ETag", f"{etag} stood for another body than {own}")
        body = published.response_body
        if isinstance(body, str) and body.startswith("<!DOCTYPE html>"):
            return
        try:
            mock = json.loads(response.body, parse_float=Decimal) if response.body else None
        except ValueError:
            yield Difference(SIDE, BODY, f"is not valid JSON: {response.body[:200]!r}")
            return
        yield from compare(SIDE, BODY, None if body == "" else body, mock, self._same(run, target))

    def _same(self, run: _Seen, target: str) -> Same:
        owners: dict[str, tuple[str, str]] = {}

        def same(where: str, recorded: Any, mock: Any) -> bool | None:
            if isinstance(recorded, Mapping) and isinstance(mock, Mapping):
                owner = as_object(recorded)
                if isinstance(owner.get("type"), str) and isinstance(owner.get("id"), str):
                    owners[where] = (owner["type"], str(as_object(mock).get("id")))
                return None
            if isinstance(recorded, list) and isinstance(mock, list):
                return None
            name = where.rpartition("/")[2]
            one, other = cast("object", recorded), cast("object", mock)
            if name == "payment_method_id" and not self.same_ids and type(one) is type(other) is not type(None):
                return run.fit("id payment_method", str(one), str(other))
            if isinstance(recorded, str) and isinstance(mock, str):
                above = where
                while above and above not in owners:
                    above = above.rpartition("/")[0]
                return self._text(run, name, recorded, mock, owners.get(above, ("", "")), where, target)
            if where == f"{BODY}/created_at" and type(one) is type(other) is int:
                return run.in_order(str(one), str(other))
            # Of the same JSON type, too: 0 is not 0.0 and not false.
            return type(one) is type(other) and one == other

        return same

    def _text(
        self, run: _Seen, name: str, left: str, right: str, owner: tuple[str, str], place: str, target: str
    ) -> bool:
        if name == "id" and not self.same_ids:
            return left.isdecimal() and right.isdecimal() and run.fit("id " + owner[0], left, right)
        if name in _SECRETS:
            return bool(right)
        if name in _NUMBERS:
            kind = "order" if left.startswith("R") else "payment"
            return left[:1] == right[:1] and len(left) == len(right) and run.fit(kind, left, right)
        if name in _CODES:
            return self._code(run, left, right)
        if name.endswith("_at"):
            return self._time(run, (owner[0], owner[1], name), left, right)
        if place.startswith(f"{BODY}/links/"):
            return _links_fit(name, left, right, target)
        return left == right

    def _code(self, run: _Seen, left: str, right: str) -> bool:
        one, other = _CODE.fullmatch(left), _CODE.fullmatch(right)
        if one is None or other is None:
            return left == right
        owners = one[1] == other[1] if self.same_ids else run.fit("id store_credit", one[1], other[1])
        return owners and run.fit("code", left, right)

    def _time(self, run: _Seen, key: tuple[str, str, str], left: str, right: str) -> bool:
        if left in self.sent or right in self.sent:
            return left == right
        if len(left) != len(right) or not run.in_order(left, right):
            return False
        before = run.times.get(key)
        run.times[key] = (left, right)
        return before is None or (before[0] == left) == (before[1] == right)


def _links_fit(name: str, recorded: str, mock: str, target: str) -> bool:
    """`self` is the address as sent, in both; the others are the same but for the host."""
    one, other = urlsplit(recorded), urlsplit(mock)
    if name == "self":
        return mock == f"{other.scheme}://{other.netloc}{target}" and one.path == other.path and _sent_same(one, other)
    return (one.path, one.query) == (other.path, other.query)


def _sent_same(one: SplitResult, other: SplitResult) -> bool:
    left, right = (parse_qsl(part.query, keep_blank_values=True) for part in (one, other))
    return len(left) == len(right) and all(
        there == here or (there[0], "<token>") == (here[0], there[1]) for there, here in zip(left, right, strict=True)
    )


def sent_times(bodies: Iterator[Any]) -> frozenset[str]:
    """Times that requests send, as the API shows them."""
    from store_credit_mock.systems.rails.datetimes import parse, shown

    found: set[str] = set()
    for body in bodies:
        for part in cast("Mapping[str, Any]", body).values() if isinstance(body, dict) else ():
            for name, value in cast("Mapping[str, Any]", part).items() if isinstance(part, dict) else ():
                text = shown(parse(value)) if name.endswith("_at") else None
                if text is not None:
                    found.add(text)
    return frozenset(found)

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
from typing import Any, cast
from urllib.parse import SplitResult, parse_qsl, urlsplit

from store_credit_mock import Response
from store_credit_tools.replay.mock.script import Published

__all__ = ["Comparison", "sent_times"]

_CODE = re.compile(r"(\d+)-SC-(\d{20})", re.ASCII)
_NUMBERS = frozenset({"number", "order_number"})
_CODES = frozenset({"response_code", "authorization_code"})


@dataclass(slots=True)
class _Pairs:
    """Values that stand for each other."""

    there: dict[str, str] = field(default_factory=dict[str, str])
    here: dict[str, str] = field(default_factory=dict[str, str])

    def fit(self, recorded: str, mock: str) -> bool:
        return self.there.setdefault(recorded, mock) == mock and self.here.setdefault(mock, recorded) == recorded


@dataclass(slots=True)
class _Run:
    """What was seen of one run of the server."""

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
        self._runs: dict[str, _Run] = {}

    def differences(self, published: Published, response: Response, target: str) -> list[str]:
        """Say what differs.

        Args:
            published: What the real server said.
            response: What the mock says.
            target: Path and query as sent.
        """
        run = self._runs.setdefault(published.run, _Run())
        return list(self._answer(run, published, response, target))

    def _answer(self, run: _Run, published: Published, response: Response, target: str) -> Iterator[str]:
        headers = {name.lower(): value for name, value in published.headers.items()}
        if published.status != response.status:
            yield f"status: {published.status} recorded, {response.status} here: {response.body[:200]!r}"
            return
        recorded_type, type_ = headers.get("content-type"), response.header("content-type")
        if recorded_type != type_:
            yield f"content type: {recorded_type!r} recorded, {type_!r} here"
        etag, own = headers.get("etag"), response.header("etag")
        if (etag is None) != (own is None):
            yield f"ETag: {etag!r} recorded, {own!r} here"
        elif etag is not None and own is not None and not run.fit("etag", etag, own):
            yield f"ETag: {etag} stood for another body than {own}"
        body = published.body
        if isinstance(body, str) and body.startswith("<!DOCTYPE html>"):
            return
        if body in (None, "") or not response.body:
            if body not in (None, "") or response.body:
                yield f"body: {body!r} recorded, {response.body[:200]!r} here"
            return
        try:
            mock = json.loads(response.body)
        except ValueError:
            yield f"body: is not valid JSON: {response.body[:200]!r}"
            return
        yield from self._value(run, body, mock, "", ("", ""), target)

    def _value(
        self, run: _Run, recorded: Any, mock: Any, place: str, owner: tuple[str, str], target: str
    ) -> Iterator[str]:
        if isinstance(recorded, dict) and isinstance(mock, dict):
            yield from self._members(
                run, cast("dict[str, Any]", recorded), cast("dict[str, Any]", mock), place, owner, target
            )
        elif isinstance(recorded, list) and isinstance(mock, list):
            left, right = cast("list[Any]", recorded), cast("list[Any]", mock)
            if len(left) != len(right):
                yield f"{place or '/'}: {len(left)} items recorded, {len(right)} here"
            for number, (one, other) in enumerate(zip(left, right, strict=False)):
                yield from self._value(run, one, other, f"{place}/{number}", owner, target)
        elif not _same(cast("object", recorded), cast("object", mock)):
            yield f"{place or '/'}: {recorded!r} recorded, {mock!r} here"

    def _members(
        self, run: _Run, recorded: dict[str, Any], mock: dict[str, Any], place: str, owner: tuple[str, str], target: str
    ) -> Iterator[str]:
        if recorded.keys() != mock.keys():
            missing, more = sorted(recorded.keys() - mock.keys()), sorted(mock.keys() - recorded.keys())
            yield f"{place or '/'}: {missing} are missing, {more} are too many"
        if isinstance(recorded.get("type"), str) and isinstance(recorded.get("id"), str):
            owner = (recorded["type"], str(mock.get("id")))
        for name, left in recorded.items():
            if name not in mock:
                continue
            right, inside = mock[name], f"{place}/{name}"
            if not isinstance(left, str) or not isinstance(right, str):
                if name == "payment_method_id" and not self.same_ids and left is not None and right is not None:
                    if not run.fit("id payment_method", str(left), str(right)):
                        yield f"{inside}: {left} stood for another id than {right}"
                    continue
                yield from self._value(run, left, right, inside, owner, target)
            elif not self._text(run, name, left, right, owner, inside, target):
                yield f"{inside}: {left!r} recorded, {right!r} here"

    def _text(
        self, run: _Run, name: str, left: str, right: str, owner: tuple[str, str], place: str, target: str
    ) -> bool:
        if name == "id" and not self.same_ids:
            return left.isdecimal() and right.isdecimal() and run.fit("id " + owner[0], left, right)
        if name == "token":
            return bool(right)
        if name in _NUMBERS:
            kind = "order" if left.startswith("R") else "payment"
            return left[:1] == right[:1] and len(left) == len(right) and run.fit(kind, left, right)
        if name in _CODES:
            return self._code(run, left, right)
        if name.endswith("_at"):
            return self._time(run, (owner[0], owner[1], name), left, right)
        if place.startswith("/links/"):
            return _links_fit(name, left, right, target)
        return left == right

    def _code(self, run: _Run, left: str, right: str) -> bool:
        one, other = _CODE.fullmatch(left), _CODE.fullmatch(right)
        if one is None or other is None:
            return left == right
        owners = one[1] == other[1] if self.same_ids else run.fit("id store_credit", one[1], other[1])
        return owners and run.fit("code", left, right)

    def _time(self, run: _Run, key: tuple[str, str, str], left: str, right: str) -> bool:
        if left in self.sent or right in self.sent:
            return left == right
        if len(left) != len(right) or not run.in_order(left, right):
            return False
        before = run.times.get(key)
        run.times[key] = (left, right)
        return before is None or (before[0] == left) == (before[1] == right)


def _same(recorded: object, mock: object) -> bool:
    """Equal, and of the same JSON type: 0 is not 0.0 and not false."""
    return type(recorded) is type(mock) and recorded == mock


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
    from store_credit_mock.systems.spree.datetimes import parse, shown

    found: set[str] = set()
    for body in bodies:
        for part in cast("Mapping[str, Any]", body).values() if isinstance(body, dict) else ():
            for name, value in cast("Mapping[str, Any]", part).items() if isinstance(part, dict) else ():
                text = shown(parse(value)) if name.endswith("_at") else None
                if text is not None:
                    found.add(text)
    return frozenset(found)

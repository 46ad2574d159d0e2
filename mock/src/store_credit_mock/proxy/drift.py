"""Where a live server answers otherwise than the mock: its requests are played on a mock too, in the same order."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote

import orjson

from store_credit_mock.contract import Contract, Match
from store_credit_mock.factory import Engine
from store_credit_mock.http import Request, Response
from store_credit_mock.proxy.drift_values import Counterparts, leaves
from store_credit_mock.recording.differences import Difference, compare
from store_credit_mock.redaction import Redactor
from store_credit_mock.sandbox import Options

__all__ = ["Drift", "DriftReport"]

_SAID: Final = "came from the mock"
_OWN: Final = frozenset({401, 403, 429})
"""Statuses that depend on the live server's own credentials and limits."""
_CLOSED: Final = frozenset({401, 403})
_LACKING: Final = frozenset({401, 403, 404})
_INDEX: Final = re.compile(r"/\d+(?=/|$)")
_REPEATED: Final = re.compile(r"(.+) where \1 came from the mock")
_CREDENTIALS: Final = frozenset(
    {
        b"authorization",
        b"x-api-key",
        b"x-spree-api-key",
        b"x-spree-token",
        b"x-spree-order-token",
        b"cookie",
        b"accept-encoding",
    }
)


@dataclass
class DriftReport:
    """What was compared and what differs.

    Attributes:
        compared: Exchanges that were compared.
        alike: Those that do not differ.
        left_out: Why others were not compared, with how many.
        differences: How often each difference was seen: operation, place and the first words about it.
    """

    compared: int = 0
    alike: int = 0
    left_out: Counter[str] = field(default_factory=Counter[str])
    differences: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    examples: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])

    def as_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "version": 1,
            "kind": "drift",
            "compared": self.compared,
            "alike": self.alike,
            "left_out": dict(sorted(self.left_out.items())),
            "differences": [
                {"operation": operation, "where": where, "times": times, "first": self.examples[operation, where]}
                for (operation, where), times in self.differences.most_common()
            ],
        }

    def lines(self) -> Iterator[str]:
        """Write it for people."""
        differing = self.compared - self.alike
        yield f"drift: {self.compared} exchanges compared with the mock, of which {differing} had a different response"
        for (operation, where), times in self.differences.most_common():
            yield f"    {times} x {operation} {where}: {self.examples[operation, where]}"
        for reason, times in sorted(self.left_out.items()):
            yield f"    {times} not compared: {reason}"


class Drift:
    """Plays exchanges on a mock and compares its responses: status, media type, and the body value by value.

    Ids stand for each other from the response on that made the record, times and other values that a server makes up
    are compared by their form. A record that was there before is not on the mock, so that an exchange about it is left
    out, and said to be.

    Args:
        contract: The document, compiled.
        secrets: Takes secrets out of what is said.
        options: Of the mock, such as the version of a system and fixtures that are like what is on the server; it
            observes.

    Attributes:
        report: What was found so far.
    """

    def __init__(self, contract: Contract, secrets: Redactor, options: Options | None = None) -> None:
        self._contract = contract
        self._secrets = secrets
        self._engine = Engine(contract, None, options or Options(strict=False), partial=True)
        self._pairs = Counterparts()
        self._etags: dict[str, str] = {}
        self.report = DriftReport()

    def close(self) -> None:
        """Close the mock."""
        self._engine.close()

    def add(self, request: Request, response: Response) -> list[Difference]:
        """Compare one exchange; returns what differs. Bodies without Content-Encoding."""
        match = self._contract.find(request.method, request.path)
        if match is None:
            return self._left_out("the OpenAPI document has no such operation")
        system = self._engine.systems.get(match.operation.system)
        if system is None or match.operation.id not in system.operations:
            return self._left_out("the mock has no handler for it")
        if response.status in _OWN:
            return self._left_out("the response is about the server's own credentials or limits")
        unknown: list[str] = []
        played = self._engine.handle(self._translated(request, match, unknown))
        if played.status >= 400 and played.status != response.status:
            if unknown:
                return self._left_out(f"it names records that existed before ({', '.join(sorted(set(unknown)))})")
            if played.status in _CLOSED or (played.status in _LACKING and "id" not in match.path):
                return self._left_out(
                    "it is about something that only a token identifies, such as a cart, which the mock does not have"
                )
        found = list(self._compared(request, match, response, played))
        self.report.compared += 1
        self.report.alike += not found
        for difference in found:
            key = (match.operation.id, _INDEX.sub("/*", difference.where))
            self.report.differences[key] += 1
            if key not in self.report.examples:
                self._secrets.learn(request.headers, request.query, request.body)
                self._secrets.learn(response.headers, "", response.body)
                self.report.examples[key] = self._secrets.text(difference.what)
        return found

    def _left_out(self, reason: str) -> list[Difference]:
        self.report.left_out[reason] += 1
        return []

    # The request, as the mock has to get it

    def _translated(self, request: Request, match: Match, unknown: list[str]) -> Request:
        path, resource = request.path, match.operation.id.rpartition(".")[0]
        known: dict[str, str] = {}
        for name, value in match.path.items():
            own = self._pairs.of_path(resource, value) if name == "id" else self._pairs.of_member(name, value)
            if own is None:
                unknown.append(f"{resource} {{{name}}}")
            else:
                known[name] = own
        if known:
            path = match.operation.template
            for name, value in match.path.items():
                path = path.replace(f"{{{name}}}", quote(known.get(name, value), safe=""))
        query = request.query
        pairs = parse_qsl(query, keep_blank_values=True)
        if any(self._pairs.refers(name.strip("[]")) for name, _ in pairs):
            own = ((name, self._own(name, value, unknown)) for name, value in pairs)
            query = "&".join(f"{quote(name, safe='[]')}={quote(value)}" for name, value in own)
        headers = [header for header in request.headers if header[0].lower() not in _CREDENTIALS]
        for number, (name, value) in enumerate(headers):
            if name.lower() == b"if-none-match":
                headers[number] = (name, self._etags.get(value.decode("latin-1"), "").encode("latin-1") or value)
        opens = self._engine.systems[match.operation.system].opening_headers(self._engine.sandbox)
        headers.extend((name.encode(), value.encode()) for name, value in opens.items())
        return Request(request.method, path, query, headers, self._body(request.body, unknown))

    def _own(self, name: str, value: str, unknown: list[str]) -> str:
        plain = name.strip("[]")
        if not value or not self._pairs.refers(plain):
            return value
        own = self._pairs.of_member(plain, value)
        if own is None:
            unknown.append(plain)
        return value if own is None else own

    def _body(self, body: bytes, unknown: list[str]) -> bytes:
        try:
            value: Any = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
        return orjson.dumps(self._value(value, "", unknown))

    def _value(self, value: Any, name: str, unknown: list[str]) -> Any:
        if isinstance(value, dict):
            return {key: self._value(inner, key, unknown) for key, inner in cast("dict[str, Any]", value).items()}
        if isinstance(value, list):
            return [self._value(inner, name, unknown) for inner in cast("list[Any]", value)]
        if isinstance(value, str | int) and not isinstance(value, bool):
            own = self._own(name, str(value), unknown)
            return value if own == str(value) else type(value)(own)
        return value

    # The responses

    def _compared(self, request: Request, match: Match, live: Response, mock: Response) -> Iterator[Difference]:
        if live.status != mock.status:
            said = mock.body[:120].decode("utf-8", "replace")
            yield Difference("drift", "/status", f"{live.status} where {mock.status} {_SAID}: {said}")
            return
        kinds = [(one.header("content-type") or "").partition(";")[0].strip().lower() for one in (live, mock)]
        if kinds[0] != kinds[1] and (live.body or mock.body):
            yield Difference("drift", "/header/content-type", f"{kinds[0] or 'none'} where {kinds[1]} {_SAID}")
            return
        etags = live.header("etag"), mock.header("etag")
        if etags[0] is not None and etags[1] is not None:
            self._etags[etags[0]] = etags[1]
        yield from self._headers(match, live, mock)
        try:
            theirs, ours = (orjson.loads(one.body) if one.body else None for one in (live, mock))
        except orjson.JSONDecodeError:
            if live.body != mock.body:
                yield Difference("drift", "/body", f"is not the same text as {_SAID}")
            return
        self._learn_kind(match, ours)
        sent = frozenset(str(value) for _, value in leaves(_json(request.body)))
        theirs, ours, whole = self._known_records(match, theirs, ours)
        place = "/body" if whole else "/body/data"
        for one in compare("drift", place, ours, theirs, self._pairs.same(sent), _SAID):
            same = _REPEATED.fullmatch(one.what)
            yield one if same is None else replace(one, what=f"{same[1]} refers to a different record than before")

    def _headers(self, match: Match, live: Response, mock: Response) -> Iterator[Difference]:
        for name in self._documented_headers(match, live.status):
            if (live.header(name) is None) != (mock.header(name) is None):
                what = (
                    "is missing, but the mock sends it"
                    if live.header(name) is None
                    else "is present, but the mock does not send it"
                )
                yield Difference("drift", f"/header/{name}", what)

    def _documented_headers(self, match: Match, status: int) -> list[str]:
        document = self._contract.document
        place = f"{match.operation.pointer}/responses/{status}"
        if document.at(place) is None:
            return []
        headers: Any = document.resolve(place)[1].get("headers", {})
        return [name.lower() for name in cast("dict[str, Any]", headers)]

    def _learn_kind(self, match: Match, value: Any) -> None:
        data: Any = cast("dict[str, Any]", value).get("data") if isinstance(value, dict) else None
        record: Any = next(iter(cast("list[Any]", data)), None) if isinstance(data, list) else data
        kind: Any = cast("dict[str, Any]", record).get("type") if isinstance(record, dict) else None
        if isinstance(kind, str):
            self._pairs.name_kind(match.operation.id.rpartition(".")[0], kind)

    def _known_records(self, match: Match, theirs: Any, ours: Any) -> tuple[Any, Any, bool]:
        """Of a list that holds records from before, only those that are on the mock, too, and no counts."""
        lists = [cast("dict[str, Any]", one).get("data") if isinstance(one, dict) else None for one in (theirs, ours)]
        if not all(isinstance(one, list) for one in lists):
            return theirs, ours, True
        live, mock = (cast("list[dict[str, Any]]", one) for one in lists)
        resource = match.operation.id.rpartition(".")[0]
        standing = {str(record.get("id")): self._pairs.of_path(resource, str(record.get("id"))) for record in live}
        present = {str(record.get("id")): record for record in mock}
        if len(live) == len(mock) and all(own in present for own in standing.values()):
            return theirs, ours, True
        both = [record for record in live if standing[str(record.get("id"))] in present]
        return both, [present[str(standing[str(record.get("id"))])] for record in both], False


def _json(body: bytes) -> Any:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None

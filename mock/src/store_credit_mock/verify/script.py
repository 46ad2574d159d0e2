"""The requests of a finding as a script for bash: credentials are variables, and ids come from the responses."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote

import orjson

from store_credit_mock.http_libraries import httpx
from store_credit_mock.verify.credentials import Credentials
from store_credit_mock.verify.curl import curl_line
from store_credit_mock.verify.transport import Step

__all__ = ["script"]

_TAKEN: Final = ("id", "number", "token", "key", "secret")
"""Members of a response that a later request may name."""
_REFERS: Final = re.compile(
    r"(^|_)(id|ids|id_in|id_eq|number|token|after|before|key|customer|secret)(\[\])?\]?$", re.IGNORECASE
)
_KEY: Final = "idempotency-key"


def script(steps: Sequence[Step], credentials: Credentials, *, needed_only: bool = False) -> str:
    """Write requests as lines for bash.

    Args:
        steps: The requests in their order; the last is the one that shows the finding.
        credentials: The secrets, which become variables.
        needed_only: Leave out what the last one does not need: the requests whose responses give it an id.
    """
    return "\n".join(_Script(steps, credentials).lines(needed_only=needed_only))


class _Script:
    def __init__(self, steps: Sequence[Step], credentials: Credentials) -> None:
        self._steps = steps
        self._credentials = credentials
        self._sent: set[str] = set()
        self._known: dict[str, tuple[int, tuple[str | int, ...]]] = {}
        """Where each value, or the path of each record that was made, was seen first: the number of the response, and
        the way to it."""
        self._names: dict[str, str] = {}

    def lines(self, *, needed_only: bool) -> Iterator[str]:
        keys: dict[str, str] = {}
        used: dict[int, set[int]] = {}
        requests: list[httpx.Request] = []
        for number, step in enumerate(self._steps):
            needs: set[int] = set()
            requests.append(self._rewritten(step.request, keys, needs))
            used[number] = needs
            self._learn(number, step)
        last = len(self._steps) - 1
        wanted = _closure(used, last) if needed_only else set(range(last + 1))
        taken: dict[int, list[str]] = {}
        for value in self._names:
            taken.setdefault(self._known[value][0], []).append(value)
        marks = {_mark(name): name for name in (*self._names.values(), *keys.values())}
        shown = {name for number in wanted for name in marks.values() if _mark(name) in _text(requests[number])}
        for name in keys.values():
            if name in shown:
                yield f"{name}=verify-$RANDOM$RANDOM$RANDOM"
        for number in sorted(wanted):
            line = curl_line(requests[number], self._credentials, marks)
            values = [value for value in taken.get(number, []) if self._names[value] in shown]
            if values and number != last:
                line = line.replace("curl -sS -i", "curl -sS", 1)
                yield f"response=$({line})"
                for value in values:
                    way = "".join(f"[{json.dumps(part)}]" for part in self._known[value][1])
                    reader = shlex.quote(f"import json, sys; print(json.load(sys.stdin){way})")
                    yield f'{self._names[value]}=$(python3 -c {reader} <<<"$response")'
            else:
                yield line

    def _learn(self, number: int, step: Step) -> None:
        if step.request.method == "POST":
            # The id of what was made, which may be a value that was sent as well: customer 2 gets credit 2.
            path = step.request.url.raw_path.decode("ascii").partition("?")[0]
            for way, value in _leaves(step.value):
                if way in {("id",), ("data", "id")}:
                    self._known.setdefault(f"{path}/{value}", (number, way))
        for way, value in _leaves(step.value):
            text = str(value)
            if way[-1] in _TAKEN and text and text not in self._sent:
                self._known.setdefault(text, (number, way))

    def _name(self, value: str, needs: set[int]) -> str | None:
        """The mark that stands for a value of an earlier response; None if it is of none."""
        if value not in self._known:
            return None
        needs.add(self._known[value][0])
        return _mark(self._names.setdefault(value, f"id{len(self._names) + 1}"))

    def _rewritten(self, request: httpx.Request, keys: dict[str, str], needs: set[int]) -> httpx.Request:
        raw, _, query = request.url.raw_path.decode("ascii").partition("?")
        parts = raw.split("/")
        paths = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        parts = [
            self._name(path, needs) or self._name(part, needs) or part for path, part in zip(paths, parts, strict=True)
        ]
        self._sent.update(raw.split("/"))
        pairs = parse_qsl(query, keep_blank_values=True)
        if any(_REFERS.search(name) and value in self._known for name, value in pairs):
            written = [
                (name, (self._name(value, needs) if _REFERS.search(name) else None) or quote(value, safe=""))
                for name, value in pairs
            ]
            query = "&".join(f"{quote(name, safe='[]')}={value}" for name, value in written)
        target = "/".join(parts) + (f"?{query}" if query else "")
        headers: list[tuple[str, str]] = []
        for name, value in request.headers.multi_items():
            if name.lower() == _KEY and value:
                headers.append((name, _mark(keys.setdefault(value, f"key{len(keys) + 1}"))))
            else:
                bare = value.removeprefix("Bearer ")
                mark = self._name(bare, needs)
                headers.append((name, value if mark is None else value.replace(bare, mark)))
        body = self._body(request.content, needs)
        headers = [(name, value) for name, value in headers if name.lower() != "content-length"]
        url = request.url.copy_with(raw_path=target.encode("ascii"))
        return httpx.Request(request.method, url, headers=headers, content=body)

    def _body(self, body: bytes, needs: set[int]) -> bytes:
        try:
            value: Any = orjson.loads(body)
        except orjson.JSONDecodeError:
            return body
        before = len(needs)
        changed = self._value(value, "", needs)
        return orjson.dumps(changed) if len(needs) > before or changed != value else body

    def _value(self, value: Any, name: str, needs: set[int]) -> Any:
        if isinstance(value, dict):
            members = cast("dict[str, Any]", value)
            return {key: self._value(inner, key, needs) for key, inner in members.items()}
        if isinstance(value, list):
            return [self._value(inner, name, needs) for inner in cast("list[Any]", value)]
        if isinstance(value, str | int) and not isinstance(value, bool) and _REFERS.search(name):
            mark = self._name(str(value), needs)
            if mark is None:
                self._sent.add(str(value))
            return value if mark is None else mark
        return value


def _closure(used: dict[int, set[int]], last: int) -> set[int]:
    wanted, open_ones = {last}, [last]
    while open_ones:
        more = used[open_ones.pop()] - wanted
        wanted |= more
        open_ones.extend(more)
    return wanted


def _mark(name: str) -> str:
    """What stands in a request for a variable, until the line is written; it passes an address and JSON unchanged."""
    return f"VERIFY0{name}0YFIREV"


def _text(request: httpx.Request) -> str:
    return f"{request.url}{request.headers.multi_items()}{request.content!r}"


def _leaves(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str | int]]:
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            yield from _leaves(inner, (*way, key))
    elif isinstance(value, list):
        for number, inner in enumerate(cast("list[Any]", value)):
            yield from _leaves(inner, (*way, number))
    elif isinstance(value, str | int) and not isinstance(value, bool) and way:
        yield way, value

"""The `exchange` cases of the documents beside this file: what the contract must say of a request and its response.

A case is a member of `x-cases`, a list at the root of a document:

    - exchange: {method: GET, target: "/things?limit=x", headers: {x-shop: de}, body: null}
      response: {status: 200, headers: {}, body: []}
      violations: ["/query/limit: not of type integer"]

Each text under `violations` is a place, and words that the violation's keyword or sentence has; `[]` means none. A
place is the pointer, with `request` or `response` before it where that matters. A body that is not a text is JSON.
`notes` may say what is noted in the same way, `unchecked` with a side and words why a body was not read; what they do
not name is not expected.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from store_credit_mock import Request
from store_credit_mock.contract import ExchangeValidator, ValidationResult, Violation
from store_credit_mock.contract.document_text import compile_text
from store_credit_mock.http import Header, Response

__all__ = ["Case", "Problems", "cases", "documents", "validate"]

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """One exchange with what must be said of it.

    Attributes:
        path: The document.
        number: Its place in `x-cases`, from 0.
        data: The case as it is written.
    """

    path: Path
    number: int
    data: Mapping[str, Any]

    def __str__(self) -> str:
        return f"{self.path.stem}-{self.number}"


@dataclass(frozen=True)
class Problems:
    """What was expected and not said, and what was said and not expected; both empty where the case holds."""

    missing: list[str]
    unexpected: list[str]


def documents() -> list[Path]:
    """Every document of the corpus."""
    return sorted(HERE.glob("*.yaml"))


def cases(path: Path) -> Iterator[Case]:
    """The exchanges of a document."""
    text = path.read_bytes()
    # Documents that are there to be refused are not read here.
    found = compile_text(text, str(path))["data"].get("x-cases", []) if b"exchange:" in text else []
    for number, case in enumerate(found):
        if "exchange" in case:
            yield Case(path, number, case)


def validate(validator: ExchangeValidator, case: Case) -> Problems:
    """Validate both sides of a case's exchange."""
    asked, answered = case.data["exchange"], case.data.get("response")
    path, _, query = str(asked["target"]).partition("?")
    headers, body = _message(asked)
    request = Request(str(asked["method"]), path, query, headers, body)
    located = validator.locate(request.method, request.path)
    results = {"request": validator.request(located, request)}
    if answered is not None:
        headers, body = _message(answered)
        response = Response(int(answered["status"]), headers, body)
        results["response"] = validator.response(located, response.status, response.headers, response.body)
    missing: list[str] = []
    unexpected: list[str] = []
    for kind in ("violations", "notes"):
        found = [(side, one) for side, result in results.items() for one in _of(result, kind)]
        for words in case.data.get(kind, []):
            fitting = next(((side, one) for side, one in found if _fits(words, side, one)), None)
            if fitting is None:
                missing.append(words)
            else:
                found.remove(fitting)
        unexpected += [str(one) for _, one in found]
    reasons = {side: result.unchecked for side, result in results.items() if result.unchecked}
    for words in _listed(case.data.get("unchecked", [])):
        side, _, rest = words.partition(": ")
        if rest and rest in reasons.get(side, ""):
            del reasons[side]
        else:
            missing.append(words)
    unexpected += [f"{side} unchecked: {reason}" for side, reason in reasons.items()]
    return Problems(missing, unexpected)


def _of(result: ValidationResult, kind: str) -> Iterable[Violation]:
    return result.violations if kind == "violations" else result.notes


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else value


def _fits(words: str, side: str, violation: Violation) -> bool:
    place, _, rest = words.partition(": ")
    where = (violation.pointer, f"{side} {violation.pointer}")
    said = f"{violation.keyword} {violation.message}".replace('"', "")
    return place in where and all(re.search(re.escape(word), said, re.IGNORECASE) for word in rest.split())


def _message(part: Mapping[str, Any]) -> tuple[list[Header], bytes]:
    """The headers and the body of a message as they are on the wire."""
    headers = [
        (name.lower().encode(), str(one).encode("latin-1"))
        for name, value in (part.get("headers") or {}).items()
        for one in (value if isinstance(value, list) else [value])
    ]
    body = part.get("body")
    if body is None:
        return headers, b""
    if isinstance(body, str):
        return headers, body.encode()
    if not any(name == b"content-type" for name, _ in headers):
        headers.append((b"content-type", b"application/json"))
    return headers, orjson.dumps(body)

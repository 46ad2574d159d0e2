"""Exchanges, as `tests/recordings/` holds them, and the operation each of them belongs to."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from store_credit_tools.contract.document import Document, Operation

__all__ = ["Exchange", "ExchangeError", "Match", "find", "read_exchange", "read_folder"]

# Files that lie beside exchanges and are none.
_NO_EXCHANGE = {"index.json", "sequence.json"}


class ExchangeError(Exception):
    """A file holds no exchange; the text says which file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its response.

    Numbers with a fraction are `Decimal`, so that no digit is lost. A body that was sent as text (a form, malformed
    JSON) is a string; no body is None. A query parameter that was repeated has a list.
    """

    name: str
    method: str
    """In capitals."""
    path: str
    query: Mapping[str, str | list[str]]
    request_headers: Mapping[str, str]
    request_body: Any
    status: int
    response_headers: Mapping[str, str]
    response_body: Any

    def request_header(self, name: str) -> str | None:
        """The value of a request header, whose name may have any case."""
        return _header(self.request_headers, name)

    def response_header(self, name: str) -> str | None:
        """The value of a response header, whose name may have any case."""
        return _header(self.response_headers, name)


def _header(headers: Mapping[str, str], name: str) -> str | None:
    return next((value for key, value in headers.items() if key.lower() == name.lower()), None)


def read_exchange(path: Path) -> Exchange:
    """Read one exchange file.

    Raises:
        ExchangeError: The file cannot be read or holds no exchange.
    """
    try:
        data = json.loads(path.read_text("utf-8"), parse_float=Decimal)
        request, response = data["request"], data["response"]
        return Exchange(
            name=path.name.removesuffix(".json"),
            method=_text(request, "method").upper(),
            path=_text(request, "path"),
            query=_member(request, "query", dict, default={}),
            request_headers=_member(request, "headers", dict, default={}),
            request_body=request.get("body"),
            status=_member(response, "status", int),
            response_headers=_member(response, "headers", dict, default={}),
            response_body=response.get("body"),
        )
    except OSError as error:
        raise ExchangeError(f"{path}: cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise ExchangeError(f"{path}: is not valid JSON: {error}") from error
    except KeyError as error:
        raise ExchangeError(f"{path}: is not an exchange: it has no {error}") from error
    except (TypeError, AttributeError) as error:
        raise ExchangeError(f"{path}: is not an exchange: {error}") from error


def _text(owner: Any, name: str) -> str:
    return _member(owner, name, str)


def _member(owner: Any, name: str, kind: type, default: Any = None) -> Any:
    value = owner[name] if default is None else owner.get(name)
    if value is None and default is not None:
        return default
    if not isinstance(value, kind):
        raise TypeError(f"{name} is {type(value).__name__}, expected {kind.__name__}")
    return value


def read_folder(folder: Path) -> Iterator[Exchange]:
    """Read every exchange file of a folder, by name. `index.json` and `sequence.json` are passed over.

    Raises:
        ExchangeError: The folder is missing, or a file holds no exchange.
    """
    if not folder.is_dir():
        raise ExchangeError(f"{folder}: is not a folder")
    for path in sorted(folder.glob("*.json")):
        if path.name not in _NO_EXCHANGE:
            yield read_exchange(path)


@dataclass(frozen=True, slots=True)
class Match:
    """The operation of an exchange, and in what the request was spelled otherwise than the document does."""

    operation: Operation
    path_parameters: Mapping[str, str]
    alias: str | None = None
    """The method, in capitals, if it is one of the operation's aliases, or HEAD for a GET."""
    suffix: str | None = None
    """What Rails drops from the end of a path: `.json`, `.xml` or `/`."""

    @property
    def plain(self) -> bool:
        """Whether the request is spelled as the document spells it."""
        return self.alias is None and self.suffix is None


def find(document: Document, method: str, path: str) -> Match | None:
    """Find the operation of a request; None if the document has none for it.

    HEAD counts as GET; methods under `x-aliases` count as what they stand for; a suffix is dropped, as Rails does.

    Args:
        document: Where to look.
        method: In any case.
        path: Without query, percent-encoded or not.
    """
    bare, suffix = path, None
    if found := re.search(r"(\.json|\.xml|/)$", path):
        bare, suffix = path[: found.start()], found[0]
    for operation in document.operations.values():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(operation.path))
        if not (fit := re.fullmatch(pattern, bare)):
            continue
        asked = method.lower()
        if asked == operation.method:
            alias = None
        elif asked in operation.aliases or (asked == "head" and operation.method == "get"):
            alias = method.upper()
        else:
            continue
        return Match(operation, {name: unquote(text) for name, text in fit.groupdict().items()}, alias, suffix)
    return None

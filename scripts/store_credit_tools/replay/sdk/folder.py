"""The exchanges of a folder, read and checked as far as replaying them needs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from store_credit_tools.contract import Exchange, ExchangeError, read_folder

__all__ = ["read"]


def read(folder: Path) -> list[Exchange]:
    """Read every exchange of a folder, by name.

    Raises:
        ExchangeError: The folder is missing or holds no exchange, or a file cannot be used; the text names it.
    """
    exchanges = list(read_folder(folder))
    if not exchanges:
        raise ExchangeError(f"{folder}: holds no exchange files (*.json beside index.json and sequence.json)")
    for exchange in exchanges:
        problem = _problem(exchange)
        if problem is not None:
            raise ExchangeError(f"{folder / exchange.name}.json: {problem}")
    return exchanges


def _problem(exchange: Exchange) -> str | None:
    if not (exchange.method.isascii() and exchange.method.isalpha()):
        return f"request.method is {exchange.method!r}; write one such as GET"
    if not exchange.path.startswith("/") or "?" in exchange.path or "#" in exchange.path:
        return f"request.path is {exchange.path!r}; write the path alone from its first slash on, the rest under query"
    for name, value in exchange.query.items():
        texts: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
        if not all(isinstance(text, str) for text in texts):
            return f"request.query.{name} is {value!r}; write a string or a list of strings"
    return (
        _header_problem("request", exchange.request_headers, "ascii")
        or _header_problem("response", exchange.response_headers, "latin-1")
        or (
            f"response.status is {exchange.status}; write one from 200 to 599"
            if not 200 <= exchange.status <= 599 or isinstance(exchange.status, bool)
            else None
        )
    )


def _header_problem(side: str, headers: Mapping[str, Any], charset: str) -> str | None:
    for name, value in headers.items():
        if not isinstance(value, str):
            return f"{side}.headers.{name} is a {type(value).__name__}; write a string"
        # The value is not shown: it may be a secret.
        if any(ord(character) < 32 and character != "\t" for character in value) or not _fits(value, charset):
            return f"{side}.headers.{name} holds a character no header may have"
        if not name.isascii() or not name or any(character in " :\r\n" for character in name):
            return f"{side}.headers: {name!r} is not the name of a header"
    return None


def _fits(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True

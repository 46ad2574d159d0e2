"""What schemathesis sent, as bytes, for the second opinion on whether the document allows it.

schemathesis calls a case valid, or not, by the values it made. Bytes may say something else: into a body it now and
then puts a member that is not allowed, it knows neither this document's formats nor `x-decimal-places`, and `false` in
a query is a text like any other. So a case that was not answered as it expects is looked at once more, by
scripts/store_credit_tools/contract, which reads the recordings too and shares no code with the mock.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from store_credit_tools.contract import Checker, Document, Exchange, find

__all__ = ["Opinion"]


class Opinion:
    """Says whether a request breaks the document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._checker = Checker(document)

    def violations(self, request: Any) -> list[str]:
        """What is wrong with a prepared request of `requests`."""
        address = urlsplit(request.url)
        query: dict[str, str | list[str]] = {}
        for name, value in parse_qsl(address.query, keep_blank_values=True):
            earlier = query.get(name)
            query[name] = value if earlier is None else [*(earlier if isinstance(earlier, list) else [earlier]), value]
        headers = {name: _text(value) for name, value in request.headers.items()}
        exchange = Exchange(
            "probed", request.method, address.path, query, headers, _body(request.body, headers), 0, {}, None
        )
        match = find(self._document, exchange.method, exchange.path)
        if match is None:
            return ["no operation of the document"]
        return [str(violation) for violation in self._checker.check_request(exchange, match)]


def _body(body: Any, headers: dict[str, str]) -> Any:
    if not body:
        return None
    text = _text(body)
    if "json" in {k.lower(): v for k, v in headers.items()}.get("content-type", ""):
        try:
            return json.loads(text, parse_float=Decimal)
        except ValueError:
            return text
    return text


def _text(value: bytes | str) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value

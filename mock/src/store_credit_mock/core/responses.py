"""From what a handler says to the bytes that go out, and what a scheduled fault leaves of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from store_credit_mock.contract import Violation
from store_credit_mock.core.faults import Fault
from store_credit_mock.http import Header, Response
from store_credit_mock.systems.call import SystemResponse
from store_credit_mock.systems.system import System

__all__ = ["VIOLATION_HEADER", "header_text", "rendered", "spoiled"]

VIOLATION_HEADER: Final = b"x-mock-violation"


def rendered(system: System, answer: SystemResponse) -> tuple[Response, str | None]:
    """The response as bytes, and its content type without parameters."""
    media_type: str | None = None
    if answer.body is None:
        headers = answer.raw
    else:
        header, media_type = _content_type(answer.media_type or system.media_type)
        headers = [header, *answer.raw]
    if answer.headers:
        headers += [(name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in answer.headers]
    return Response(answer.status, headers, answer.bytes()), media_type


@lru_cache(maxsize=64)
def _content_type(text: str) -> tuple[Header, str]:
    return (b"content-type", text.encode("latin-1")), text.partition(";")[0]


def header_text(violations: Sequence[Violation]) -> bytes:
    """What broke the OpenAPI document, as the value of a header: the first five, in printable ASCII."""
    texts = [str(violation) for violation in violations[:5]]
    if len(violations) > 5:
        texts.append(f"and {len(violations) - 5} more")
    text = "; ".join(texts)
    if not (text.isascii() and text.isprintable()):
        text = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return text[:2000].encode("ascii")


def spoiled(response: Response, fault: Fault) -> Response:
    """What a scheduled fault leaves of a response whose handler has been carried out."""
    if fault.drop or fault.reset or fault.commit_after is not None:
        return Response(response.status, response.headers, response.body, dropped=True, reset=fault.reset)
    if fault.headers:
        response = Response(response.status, fault.with_headers(response.headers), response.body)
    if fault.truncate is not None:
        return Response(
            response.status, response.headers, response.body, min(fault.truncate, max(len(response.body) - 1, 0))
        )
    if fault.malformed:
        return Response(response.status, response.headers, response.body[: len(response.body) // 2] + b"{]")
    if fault.breaks_document:
        return Response(
            response.status, response.headers, b'{"mock":"this response breaks the OpenAPI document on purpose"}'
        )
    return response

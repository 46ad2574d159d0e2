"""A sample's request as PHP: a program that needs no package and no extension."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, cast

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["php_program"]

_WIDTH: Final = 57
_ESCAPES: Final = {"\n": r"\n", "\r": r"\r", "\t": r"\t", "\\": r"\\", '"': r"\"", "$": r"\$"}
# Unlike `$http_response_header`, which PHP 8.5 deprecates, the data of the stream is there in every version; and
# without a response, it throws.
_SENDING: Final = (
    '$stream = fopen($url, "r", false, $context);',
    "$meta = stream_get_meta_data($stream);",
    '$status = $meta["wrapper_data"][0];',
    "$response = stream_get_contents($stream);",
    r"if (!preg_match('/^\S+ 2/', $status)) {",
    r'    throw new Exception("$status\n$response");',
    "}",
)


def php_program(request: SampleRequest) -> str:
    """Write the program, below what a reader has to know: it throws on a refusal and prints the response."""
    lines = ["<?php", *(f"// {line}" for line in comment_lines(request)), *_url(request)]
    options: list[str] = []
    if request.method != "GET":
        options.append(f'"method" => {_text(request.method)}')
    if request.headers:
        headers = "".join(f"    {_header(header)},\n" for header in request.headers)
        lines.append(f"$headers = [\n{headers}];")
        options.append('"header" => $headers')
    if request.body is not None:
        lines.append(f"$body = json_encode({_literal(request.body, 0)});")
        options.append('"content" => $body')
    # A redirect would get the credential.
    options += ['"follow_location" => 0', '"ignore_errors" => true']
    inner = "".join(f"    {option},\n" for option in options)
    lines += [f'$context = stream_context_create(["http" => [\n{inner}]]);', "", *_SENDING]
    lines.append(f"echo {'$response' if request.answers else '$status'}, " + r'"\n";')
    return "\n".join(lines)


def _url(request: SampleRequest) -> Iterator[str]:
    path = _text(request.path if request.variable else request.server + request.path)
    if request.variable:
        yield _joined("$url = ", f"getenv({_text(request.variable)})", path, ";", 0)
    else:
        yield f"$url = {path};"
    if not request.query:
        return
    if len({name for name, _ in request.query}) == len(request.query):
        pairs = "".join(f"    {_text(name)} => {_text(value)},\n" for name, value in request.query)
        yield f'$url .= "?" . http_build_query([\n{pairs}]);'
    else:
        # An array has each name once.
        pairs = "".join(f"    http_build_query([{_text(name)} => {_text(value)}]),\n" for name, value in request.query)
        yield f'$url .= "?" . implode("&", [\n{pairs}]);'


def _header(header: Header) -> str:
    text = _text(f"{header.name}: {header.text}")
    return _joined("", text, f"getenv({_text(header.secret)})", "", 4) if header.secret else text


def _joined(before: str, left: str, right: str, after: str, indent: int) -> str:
    """Two texts as one, on two lines where one would be too long."""
    line = f"{before}{left} . {right}{after}"
    blanks = " " * (indent + 4)
    return line if len(line) + indent < _WIDTH else f"{before}{left}\n{blanks}. {right}{after}"


def _literal(value: Any, indent: int) -> str:
    """A JSON value as PHP; an empty array would be a list."""
    blanks = " " * indent
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        inner = "".join(f"{blanks}    {_text(name)} => {_literal(item, indent + 4)},\n" for name, item in members)
        return f"[\n{inner}{blanks}]" if inner else "new stdClass()"
    if isinstance(value, list) and value:
        inner = "".join(f"{blanks}    {_literal(item, indent + 4)},\n" for item in cast("list[Any]", value))
        return f"[\n{inner}{blanks}]"
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    """In double quotes."""
    return '"' + re.sub(r'[\x00-\x1f\\"$]', _escaped, text) + '"'


def _escaped(found: re.Match[str]) -> str:
    return _ESCAPES.get(found[0]) or f"\\u{{{ord(found[0]):x}}}"

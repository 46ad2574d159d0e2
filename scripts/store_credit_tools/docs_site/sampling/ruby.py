"""A sample's request as Ruby: a program that needs no gem."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final, cast

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["ruby_program"]

_WIDTH: Final = 57
_SENDING: Final = (
    "response = Net::HTTP.start(",
    "  url.host,",
    "  url.port,",
    '  use_ssl: url.scheme == "https"',
    ") { |http| http.request(request) }",
    "unless response.is_a?(Net::HTTPSuccess)",
    '  raise "#{response.code}: #{response.body}"',
    "end",
)


def ruby_program(request: SampleRequest) -> str:
    """Write the program, below what a reader has to know: it raises on a refusal and prints the response."""
    lines = [f"# {line}" for line in comment_lines(request)]
    if request.body is not None:
        lines.append('require "json"')
    lines += ['require "net/http"', "", *_url(request)]
    lines.append(f"request = Net::HTTP::{request.method.capitalize()}.new(url)")
    for header in request.headers:
        lines += _header(header)
    if request.body is not None:
        lines.append(f"request.body = {_literal(request.body, 0)}.to_json")
    lines += ["", *_SENDING, "puts response.body" if request.answers else "puts response.code"]
    return "\n".join(lines)


def _url(request: SampleRequest) -> Iterator[str]:
    path = _text(request.path if request.variable else request.server + request.path)
    base = [f"ENV.fetch({_text(request.variable)}) +"] if request.variable else []
    line = f"url = URI({' '.join([*base, path])})"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield from ("url = URI(", *(f"  {part}" for part in [*base, path]), ")")
    if request.query:
        pairs = (f"  [{_text(name)}, {_text(value)}]" for name, value in request.query)
        yield "url.query = URI.encode_www_form([\n" + ",\n".join(pairs) + "\n])"


def _header(header: Header) -> Iterator[str]:
    variable = f"ENV.fetch({_text(header.secret)})"
    value = _text(header.text)
    if header.secret:
        value = f'{value[:-1]}#{{{variable}}}"' if header.text else variable
    line = f"request[{_text(header.name)}] = {value}"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield from (f"request[{_text(header.name)}] =", f"  {value}")


def _literal(value: Any, indent: int) -> str:
    """A JSON value as Ruby, its names bare where they can be."""
    blanks = " " * indent
    if isinstance(value, dict) and value:
        members = cast("dict[str, Any]", value).items()
        inner = ",\n".join(f"{blanks}  {_key(name)}: {_literal(item, indent + 2)}" for name, item in members)
        return f"{{\n{inner}\n{blanks}}}"
    if isinstance(value, list) and value:
        inner = ",\n".join(f"{blanks}  {_literal(item, indent + 2)}" for item in cast("list[Any]", value))
        return f"[\n{inner}\n{blanks}]"
    if isinstance(value, str):
        return _text(value)
    return "nil" if value is None else json.dumps(value)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII) else _text(name)


def _text(text: str) -> str:
    """In double quotes, in which Ruby reads the escapes of JSON, and what follows a `#`."""
    return re.sub(r"#(?=[{$@])", r"\\#", json.dumps(text, ensure_ascii=False))

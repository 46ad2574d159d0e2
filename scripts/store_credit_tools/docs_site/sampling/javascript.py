"""A sample's request as JavaScript: a module for Node, without any package."""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["fetch_module"]

_THROWING: Final = (
    "if (!response.ok) {",
    "  const text = await response.text();",
    "  throw new Error(`${response.status}: ${text}`);",
    "}",
)


def fetch_module(request: SampleRequest) -> str:
    """Write the module, below what a reader has to know: it calls `fetch`, throws on a refusal, prints the response."""
    lines = [f"// {line}" for line in comment_lines(request)]
    path = _text(request.path if request.variable else request.server + request.path)
    url = f"process.env.{request.variable} + {path}" if request.variable else path
    if request.query:
        lines.append(f"const url = new URL({url});")
        lines += [f"url.searchParams.append({_text(name)}, {_text(value)});" for name, value in request.query]
        lines.append("")
        url = "url"
    lines.append(f"const response = await fetch({url}, {{")
    if request.method != "GET":
        lines.append(f"  method: {_text(request.method)},")
    lines += ["  headers: {", *(f"    {_key(header.name)}: {_value(header)}," for header in request.headers), "  },"]
    if request.body is not None:
        lines.append(f"  body: JSON.stringify({_literal(request.body, 2)}),")
    lines += ["});", *_THROWING]
    lines.append("console.log(await response.json());" if request.answers else "console.log(response.status);")
    return "\n".join(lines)


def _value(header: Header) -> str:
    variable = f"process.env.{header.secret}"
    if not header.secret:
        return _text(header.text)
    return f"`{header.text}${{{variable}}}`" if header.text else variable


def _literal(value: Any, indent: int) -> str:
    """A JSON value as JavaScript, its names bare where they can be."""
    blanks = " " * indent
    if isinstance(value, dict) and value:
        members = cast("dict[str, Any]", value).items()
        inner = "".join(f"{blanks}  {_key(name)}: {_literal(item, indent + 2)},\n" for name, item in members)
        return f"{{\n{inner}{blanks}}}"
    if isinstance(value, list) and value:
        inner = "".join(f"{blanks}  {_literal(item, indent + 2)},\n" for item in cast("list[Any]", value))
        return f"[\n{inner}{blanks}]"
    return json.dumps(value, ensure_ascii=False)


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_$][\w$]*", name, re.ASCII) else _text(name)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)

"""A sample's request as Go: a program that needs only the standard library, as gofmt formats it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["go_program"]

_WIDTH: Final = 57
_TAB: Final = 2
"""Columns of a tab, as the pages show it."""
_RETURNING: Final = ("\tif err != nil {", "\t\treturn err", "\t}")
# `main` does nothing else: `log.Fatal` ends a program without what was deferred. The default client has no timeout.
_MAIN: Final = (
    "func main() {",
    "\tif err := run(); err != nil {",
    "\t\tlog.Fatal(err)",
    "\t}",
    "}",
    "",
    "func run() error {",
)
_SENDING: Final = (
    "",
    "\tclient := http.Client{Timeout: 30 * time.Second}",
    "\tresponse, err := client.Do(request)",
    *_RETURNING,
    "\tdefer response.Body.Close()",
    "\ttext, err := io.ReadAll(response.Body)",
    *_RETURNING,
    "\tif response.StatusCode/100 != 2 {",
    '\t\treturn fmt.Errorf("%s: %s", response.Status, text)',
    "\t}",
)


def go_program(request: SampleRequest) -> str:
    """Write the program, below what a reader has to know: it fails on a refusal and prints the response."""
    packages = ["fmt", "io", "log", "net/http", "os", "time"]
    if request.body is not None:
        packages.append("strings")
    lines = [
        *(f"// {line}" for line in comment_lines(request)),
        # Right above the clause, a comment would be the documentation of the package.
        *([""] if request.notes else []),
        "package main",
        "",
        "import (",
        *(f'\t"{name}"' for name in sorted(packages) if name != "os" or _reads_environment(request)),
        ")",
        "",
        *_MAIN,
        *_url(request),
    ]
    if request.body is not None:
        lines.append(f"\tbody := strings.NewReader({_raw(request.content)})")
    body = "nil" if request.body is None else "body"
    lines += [f'\trequest, err := http.NewRequest("{request.method}", url, {body})', *_RETURNING]
    if request.query:
        lines.append("\tquery := request.URL.Query()")
        for name, value in request.query:
            lines += _call("query.Add", _text(name), _text(value))
        lines.append("\trequest.URL.RawQuery = query.Encode()")
    for header in request.headers:
        lines += _call("request.Header.Set", _text(header.name), _value(header))
    shown = "string(text)" if request.answers else "response.Status"
    lines += [*_SENDING, f"\tfmt.Println({shown})", "\treturn nil", "}"]
    return "\n".join(lines)


def _reads_environment(request: SampleRequest) -> bool:
    return bool(request.variable) or any(header.secret for header in request.headers)


def _url(request: SampleRequest) -> Iterator[str]:
    if not request.variable:
        yield f"\turl := {_text(request.server + request.path)}"
        return
    base, path = f"os.Getenv({_text(request.variable)})", _text(request.path)
    line = f"\turl := {base} + {path}"
    if _columns(line) <= _WIDTH:
        yield line
    else:
        yield from (f"\turl := {base} +", f"\t\t{path}")


def _call(function: str, *arguments: str) -> Iterator[str]:
    inner = ", ".join(arguments)
    line = f"\t{function}({inner})"
    if _columns(line) <= _WIDTH:
        yield line
    elif _columns(f"\t\t{inner},") <= _WIDTH:
        yield from (f"\t{function}(", f"\t\t{inner},", "\t)")
    else:
        yield from (f"\t{function}(", *(f"\t\t{one}," for one in arguments), "\t)")


def _value(header: Header) -> str:
    variable = f"os.Getenv({_text(header.secret)})"
    if not header.secret:
        return _text(header.text)
    # Beside another argument, gofmt leaves no blanks around an operator.
    return f"{_text(header.text)}+{variable}" if header.text else variable


def _raw(text: str) -> str:
    """Between backquotes, in which nothing is escaped; a text that holds one is written with escapes."""
    return _text(text) if "`" in text else f"`{text}`"


def _text(text: str) -> str:
    """In double quotes, in which Go reads the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)


def _columns(line: str) -> int:
    return len(line.expandtabs(_TAB))

"""A sample's request as Java: a class for Java 17 that needs only the JDK."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import quote

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["java_program"]

_WIDTH: Final = 57
_BODY: Final = " " * 8
"""What a text block is indented by; Java takes it out."""
_SENDING: Final = (
    "    var response = HttpClient.newHttpClient()",
    "        .send(request, BodyHandlers.ofString());",
    "    if (response.statusCode() / 100 != 2) {",
    "      throw new IOException(response.statusCode()",
    '          + ": " + response.body());',
    "    }",
)


def java_program(request: SampleRequest) -> str:
    """Write the class, below what a reader has to know: it throws on a refusal and prints the response."""
    imports = [
        "java.io.IOException",
        "java.net.URI",
        "java.net.http.HttpClient",
        "java.net.http.HttpRequest",
        "java.net.http.HttpResponse.BodyHandlers",
        "java.time.Duration",
    ]
    method = _method(request)
    if "BodyPublishers" in method:
        imports.append("java.net.http.HttpRequest.BodyPublishers")
    lines = [
        *(f"// {line}" for line in comment_lines(request)),
        *(f"import {name};" for name in sorted(imports)),
        "",
        "class Main {",
        "  public static void main(String[] args)",
        "      throws IOException, InterruptedException {",
        *_url(request),
    ]
    if request.body is not None:
        content = _escaped(request.content).replace("\n", f"\n{_BODY}")
        lines += ['    var body = """', f'{_BODY}{content}""";']
    lines += [
        "    var request = HttpRequest.newBuilder(URI.create(url))",
        # Without one, the client waits for ever.
        "        .timeout(Duration.ofSeconds(30))",
    ]
    for header in request.headers:
        lines += _header(header)
    if method:
        lines.append(f"        {method}")
    shown = "body" if request.answers else "statusCode"
    lines += ["        .build();", *_SENDING, f"    System.out.println(response.{shown}());", "  }", "}"]
    return "\n".join(lines)


def _url(request: SampleRequest) -> Iterator[str]:
    """The address with its query percent-encoded, as the JDK has nothing to build one with."""
    query = [f"{quote(name, safe='')}={quote(value, safe=',')}" for name, value in request.query]
    parts = [f"?{query[0]}", *(f"&{one}" for one in query[1:])] if query else []
    path = request.path if request.variable else request.server + request.path
    whole = _text(path + "".join(parts))
    strings = [whole] if len(f"        + {whole};") <= _WIDTH else list(map(_text, [path, *parts]))
    base = [f"System.getenv({_text(request.variable)})"] if request.variable else []
    yield from _sum("    var url = ", [*base, *strings], ";")


def _header(header: Header) -> Iterator[str]:
    strings = [_text(header.text)] if header.text or not header.secret else []
    if header.secret:
        strings.append(f"System.getenv({_text(header.secret)})")
    before = f"        .header({_text(header.name)},"
    line = f"{before} {' + '.join(strings)})"
    if len(line) <= _WIDTH:
        yield line
    else:
        yield before
        yield from _sum(" " * 12, strings, ")")


def _sum(before: str, strings: Sequence[str], after: str) -> Iterator[str]:
    """A sum on one line, or with each part on a line of its own."""
    line = f"{before}{' + '.join(strings)}{after}"
    if len(line) <= _WIDTH:
        yield line
        return
    blanks = " " * (len(before) - len(before.lstrip()) + 4)
    lines = [f"{before}{strings[0]}", *(f"{blanks}+ {one}" for one in strings[1:])]
    yield from [*lines[:-1], lines[-1] + after]


def _method(request: SampleRequest) -> str:
    """The call that sets method and body; empty where it is the builder's default."""
    body = "BodyPublishers.noBody()" if request.body is None else "BodyPublishers.ofString(body)"
    if request.body is None and request.method in {"GET", "DELETE"}:
        return ".DELETE()" if request.method == "DELETE" else ""
    if request.method in {"POST", "PUT"}:
        return f".{request.method}({body})"
    return f'.method("{request.method}", {body})'


def _escaped(text: str) -> str:
    """JSON inside a text block, where only its backslashes mean something: three quotes in a row are no JSON."""
    return text.replace("\\", "\\\\")


def _text(text: str) -> str:
    """In double quotes, in which Java reads the escapes of JSON."""
    return json.dumps(text, ensure_ascii=False)

"""A sample's request as a curl command that a POSIX shell runs as it stands."""

from __future__ import annotations

import shlex
from urllib.parse import quote

from store_credit_tools.docs_site.sampling.requests import Header, SampleRequest, comment_lines

__all__ = ["curl_command"]


def curl_command(request: SampleRequest) -> str:
    """Write the command below what a reader has to know: one option a line, each but the last ending with a backslash.

    The query of a GET is left to curl to encode, so that it can be read; that of another method stands in the address.
    """
    body = request.content
    encoded = request.method == "GET"
    url = request.path
    if request.query and not encoded:
        url += "?" + "&".join(f"{quote(name)}={quote(value, safe=',')}" for name, value in request.query)
    options = [f"-H {_header(header)}" for header in request.headers]
    if encoded:
        options += [f"--data-urlencode {_quoted(f'{name}={value}')}" for name, value in request.query]
    elif body:
        # Below the option, which is indented itself.
        options.append(f"-d {shlex.quote(body)}".replace("\n", "\n  "))
    # The path is percent-encoded, so that it holds nothing a shell reads.
    address = f'"${request.variable}{url}"' if request.variable else _address(request.server + url)
    command = _lines(" ".join(["curl", *_method(request), address]), *options)
    return "\n".join([*(f"# {line}" for line in comment_lines(request)), command])


def _address(url: str) -> str:
    return _quoted(url) if "?" in url else url


def _lines(*lines: str) -> str:
    return " \\\n  ".join(lines)


def _method(request: SampleRequest) -> list[str]:
    if request.method == "GET":
        return ["--get"] if request.query else []
    return [] if request.method == "POST" and request.body is not None else ["-X", request.method]


def _header(header: Header) -> str:
    text = f"{header.name}: {header.text}"
    return f'"{text}${header.secret}"' if header.secret else _quoted(text)


def _quoted(text: str) -> str:
    """In double quotes, as readers expect; in single ones where the shell would see more in it than text."""
    return shlex.quote(text) if set(text) & set('"$`\\!') else f'"{text}"'

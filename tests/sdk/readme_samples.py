"""Run the samples of a README as somebody would who types them in, each in a session of its own.

    python readme_samples.py plan.json

The program runs where only the package and its dependencies are installed, so that all else comes in the plan:
`samples`, a list of `{line, reason, code}`, and `answers`, a list of `{method, path, status, headers, bodies}`, where
`path` is a pattern and `bodies` maps the names of examples to what they show. No request leaves the process.

Every sample's line and fate are printed; the exit code is 1 when one fails.
"""

import ast
import asyncio
import inspect
import json
import os
import re
import sys
import time
import traceback
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx
else:
    # The library that the SDK's clients will use.
    httpx = import_module(os.environ.get("STORE_CREDIT_BACKEND") or "httpx")

# A module of the tests that needs nothing but Python.
sys.path.insert(0, str(Path(__file__).parents[1] / "support"))

from echoing import echoed, echoed_v3

# A sample that pages forever is wrong too.
MOST_REQUESTS = 200


class UnansweredError(BaseException):
    """A sample sent a request the plan has no response for; no client may take it for a network fault."""


# Which example answers a request with such a parameter, by the beginning of its name; the first example without one.
EXAMPLES = {"starting_after": "empty", "expand": "expanded", "include": "with_", "fields": "sparse"}


class Answers:
    """The prepared answers."""

    def __init__(self, prepared: list[dict[str, Any]]) -> None:
        self.prepared = prepared
        self.given = 0

    def give(self, request: httpx.Request) -> httpx.Response:
        """Answer one request."""
        self.given += 1
        if self.given > MOST_REQUESTS:
            raise UnansweredError(f"more than {MOST_REQUESTS} requests")
        for answer in self.prepared:
            if answer["method"] == request.method and re.fullmatch(answer["path"], request.url.path):
                body = choose(answer["bodies"], request.url.params)
                target, content = request.url.raw_path.decode(), request.read() or None
                body = echoed_v3(target, content, echoed(request.method, target, content, body))
                body = named_in(request.url.path, body)
                content = b"" if body is None else json.dumps(body).encode()
                return httpx.Response(answer["status"], headers=answer["headers"], content=content)
        raise UnansweredError(f"nothing in the document answers {request.method} {request.url.path}")


def named_in(path: str, body: Any) -> Any:
    """Give a record of Spree's API v3 the id by which the path names it: `cart_...` to a cart, but none to a credit."""
    if not isinstance(body, dict) or not isinstance(body.get("id"), str) or "_" not in body["id"]:
        return body
    kind = body["id"].partition("_")[0]
    found = re.search(rf"^/api/v3/.*/({re.escape(kind)}_\w+)", path)
    return {**body, "id": found[1]} if found else body


def choose(bodies: dict[str, Any], query: httpx.QueryParams) -> Any:
    """Choose the example that answers a request with this query."""
    asked = {name.partition("[")[0] for name in query}
    beginnings = [beginning for parameter, beginning in EXAMPLES.items() if parameter in asked]
    if query.get("page", "1") != "1":
        beginnings.insert(0, "empty")
    fitting = [name for beginning in beginnings for name in bodies if name.startswith(beginning)]
    return bodies[(fitting or list(bodies))[0]]


def answer_with(answers: Answers) -> None:
    """Put the responses where httpx would open a connection."""

    def handle_request(self: httpx.HTTPTransport, request: httpx.Request) -> httpx.Response:
        return answers.give(request)

    async def handle_async_request(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        return answers.give(request)

    httpx.HTTPTransport.handle_request = handle_request
    httpx.AsyncHTTPTransport.handle_async_request = handle_async_request


def wait(seconds: float) -> None:
    """No sample waits: one that does has met an error."""
    raise UnansweredError(f"a sample waits for {seconds} seconds")


def main(plan: dict[str, Any]) -> int:
    """Run every sample that can run, compile the others, report."""
    answer_with(Answers(plan["answers"]))
    time.sleep = wait
    failed = 0
    for sample in plan["samples"]:
        line, reason = sample["line"], sample["reason"]
        try:
            # Blank lines in front, so that a traceback names the README's own line.
            code = "\n" * (line - 1) + sample["code"]
            compiled = compile(code, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            if reason is None:
                result = eval(compiled, {"__name__": "__main__"})
                if compiled.co_flags & inspect.CO_COROUTINE:
                    asyncio.run(result)
            print(f"line {line}: {'ran' if reason is None else f'not run: {reason}'}")
        except (Exception, UnansweredError):  # noqa: BLE001 - whatever goes wrong in one, the others are run
            failed += 1
            print(f"line {line}: FAILED\n{traceback.format_exc()}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(json.loads(Path(sys.argv[1]).read_text("utf-8"))))

"""Plays known answers to the SDK's requests, in order, and prints what goes over the wire."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import unquote

import httpx
from rich.console import Console
from rich.text import Text
from ruamel.yaml import YAML

__all__ = ["Lost", "Player", "document_examples", "recorded"]


class Lost:
    """In place of a response: the server acts, and its response never arrives."""


Answer = tuple[int, dict[str, str], Any]


class Player:
    """An httpx transport that gives prepared answers.

    Args:
        console: Where requests and responses are shown.
    """

    def __init__(self, console: Console) -> None:
        self.console = console
        self.answers: deque[Answer | Lost] = deque()
        self.requests: list[httpx.Request] = []

    def client(self) -> httpx.Client:
        """A client to inject into the SDK."""
        return httpx.Client(transport=httpx.MockTransport(self._handle))

    def will(self, *answers: Answer | Lost) -> None:
        """Prepare the responses to the next requests."""
        self.answers.extend(answers)

    def _handle(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        key = request.headers.get("idempotency-key")
        shown = f"{request.method} {unquote(request.url.raw_path.decode())} {request.content.decode()}".rstrip()
        self.console.print(Text(f"    -> {shown}" + (f"  (key {key[:8]}...)" if key else ""), style="cyan"))
        answer = self.answers.popleft()
        if isinstance(answer, Lost):
            self.console.print(Text("    <- the response is lost on the way", style="red"))
            raise httpx.ReadTimeout("no response within 30 seconds", request=request)
        status, headers, body = answer
        self.console.print(Text(f"    <- {status} {_short(body)}", style="green" if status < 400 else "yellow"))
        content = b"" if body is None else json.dumps(body).encode()
        return httpx.Response(status, headers=headers, content=content)


def _short(body: Any) -> str:
    text = json.dumps(body, ensure_ascii=False) if body is not None else ""
    return text if len(text) <= 150 else f"{text[:150]}... ({len(text)} characters)"


def recorded(folder: Path, name: str) -> Answer:
    """The response of a recorded exchange with a real Spree server."""
    exchange: Any = json.loads((folder / f"{name}.json").read_text())
    response = exchange["response"]
    return response["status"], dict(response["headers"]), response["body"]


def document_examples(document: Path, operation_id: str) -> dict[tuple[int, str], Any]:
    """Every example answer of an operation in the document, by status and example name."""
    data: Any = YAML(typ="safe").load(document)  # pyright: ignore[reportUnknownMemberType]

    def follow(node: Any) -> Any:
        while "$ref" in node:
            target = data
            for part in str(node["$ref"]).removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    found: dict[tuple[int, str], Any] = {}
    for item in data["paths"].values():
        for operation in item.values():
            if not isinstance(operation, Mapping) or cast("Any", operation).get("operationId") != operation_id:
                continue
            for status, response in cast("Any", operation)["responses"].items():
                for media in follow(response).get("content", {}).values():
                    for name, example in media.get("examples", {}).items():
                        found[int(status), name] = follow(example)["value"]
    return found

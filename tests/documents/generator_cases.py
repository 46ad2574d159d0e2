"""The cases of the documents beside this file that are about generated code: the calls, and what is on the wire.

A case is `{call, arguments, sends, response, gives | raises}` or `{refused, line}`. Beside what every runner of these
documents knows, a case may have `credentials` (by the names of the security schemes; without it each scheme has one of
its own), `attributes` and `types` (of what is returned, by their Python names or a path such as `parts.0.name`; an
empty one is all of it) and `warns` (the words of a DeprecationWarning). What a form of several parts sends is `parts`:
of each its disposition, media type and text.
A `call` of another resource than `things` names it: `pets.list_pets`. Arguments of the forms `{$bytes: text}`,
`{$date: ...}`, `{$datetime: ...}` and `{$decimal: ...}` become what YAML has no words for.
"""

import asyncio
import email
import email.policy
import importlib
import json
import sys
import warnings
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import httpx
from ruamel.yaml import YAML

import store_credit
from store_credit_tools.generate.sdk import generate_sdk

__all__ = ["CALLS", "REFUSALS", "Case", "Package", "check", "document_of", "made"]

FOLDER = Path(__file__).parent


class Case(NamedTuple):
    """One case of a document, by the document's name."""

    document: str
    number: int
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.document}-{self.number}"


@cache
def document_of(name: str) -> dict[str, Any]:
    """A document with its cases."""
    return YAML(typ="safe").load(FOLDER / f"{name}.yaml")


def _cases(kind: str) -> Iterator[Case]:
    for path in sorted(FOLDER.glob("*.yaml")):
        for number, said in enumerate(document_of(path.stem)["x-cases"]):
            if kind in said:
                yield Case(path.stem, number, said)


CALLS = list(_cases("call"))
REFUSALS = list(_cases("refused"))


class Package(NamedTuple):
    """A package made of a document, and the names of its clients."""

    module: Any
    clients: tuple[str, str]
    document: dict[str, Any]

    def client(self, handler: Any, credentials: Any, *, blocking: bool) -> Any:
        """A client whose requests a function answers."""
        transport = httpx.MockTransport(handler)
        library = httpx.Client(transport=transport) if blocking else httpx.AsyncClient(transport=transport)
        address = None if "://" in str(self.document.get("servers", "")) else "https://api.test"
        kind = getattr(self.module, self.clients[0 if blocking else 1])
        return kind(address, credentials, http_client=library, max_retries=0)


_made: dict[str, Package] = {}


def made(name: str, folder: Path) -> Package:
    """The package made of a document; made and imported once."""
    if name not in _made:
        package = f"made_of_{name.replace('-', '_')}"
        plan = generate_sdk(FOLDER / f"{name}.yaml", folder / package)
        if str(folder) not in sys.path:
            sys.path.insert(0, str(folder))
        importlib.invalidate_caches()
        stem = plan.systems[0].class_name
        module = importlib.import_module(package)
        _made[name] = Package(module, (f"{stem}Client", f"Async{stem}Client"), document_of(name))
    return _made[name]


def check(case: Case, folder: Path) -> None:
    """Make the call of a case on both clients, and compare what is sent and returned."""
    package = made(case.document, folder)
    for blocking in (True, False):
        _call(case, package, blocking=blocking)


def _call(case: Case, package: Package, *, blocking: bool) -> None:
    said, sent = case.said, list[httpx.Request]()

    def handler(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return _response(said.get("response", {"status": 204}), request)

    schemes = package.document.get("components", {}).get("securitySchemes", {})
    credentials = said.get("credentials", {name: _credential(name, one) for name, one in schemes.items()})
    resource, _, method = said["call"].rpartition(".")
    arguments = _plain(said.get("arguments", {}))
    given: Any = None
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        try:
            client = package.client(handler, _plain(credentials), blocking=blocking)
            call = getattr(getattr(client, resource or "things"), method)
            given = call(**arguments) if blocking else asyncio.run(_awaited(call, arguments))
            raised = None
        except (store_credit.StoreCreditError, TypeError) as error:
            raised = error
    words = [str(one.message) for one in heard if issubclass(one.category, DeprecationWarning)]
    assert [said["warns"]] == words if "warns" in said else not words, words
    if raised is not None and type(raised).__name__ != said.get("raises"):
        raise raised
    assert ("raises" in said) == (raised is not None), f"returned {given!r}"
    if "sends" in said:
        assert len(sent) == 1, sent
        _compare(said["sends"], sent[0])
    elif raised is not None:
        assert not sent, "a request was made"
    if "gives" in said:
        assert _json(given) == said["gives"]
    for name, value in said.get("attributes", {}).items():
        assert _json(_inner(given, name)) == value, name
    for name, value in said.get("types", {}).items():
        assert type(_inner(given, name)).__name__ == value, name


def _inner(given: Any, path: str) -> Any:
    """What a path such as `parts.0.name` leads to: attributes, indices of lists and members of mappings."""
    for name in path.split(".") if path else []:
        if isinstance(given, list):
            given = given[int(name)]
        else:
            given = given[name] if isinstance(given, dict) else getattr(given, name)
    return given


async def _awaited(call: Any, arguments: dict[str, Any]) -> Any:
    return await call(**arguments)


def _credential(name: str, scheme: dict[str, Any]) -> Any:
    """What a client holds under the name of a scheme where the case does not say."""
    return ("user", "pass") if scheme.get("scheme") == "basic" else f"secret-{name}"


def _compare(wanted: dict[str, Any], request: httpx.Request) -> None:
    assert request.method == wanted["method"]
    assert request.url.raw_path.decode() == wanted["target"]
    for name, value in wanted.get("headers", {}).items():
        assert request.headers.get(name) == value, f"{name}: {request.headers.get(name)}"
    body = wanted.get("body")
    if "parts" in wanted:
        assert _parts(request) == wanted["parts"]
    elif "body" not in wanted:
        assert request.content == b""
        assert "content-type" not in request.headers
    elif isinstance(body, str):
        assert request.content.decode() == body
    else:
        assert json.loads(request.content) == body


def _parts(request: httpx.Request) -> list[list[str | None]]:
    """The parts of a form: how each is labelled, its media type and its text."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = email.message_from_bytes(head + request.content, policy=email.policy.HTTP)
    found: list[list[str | None]] = []
    for part in message.iter_parts():
        content: Any = part.get_payload(decode=True)
        found.append([part["content-disposition"], part["content-type"], content.decode()])
    return found


def _response(said: dict[str, Any], request: httpx.Request) -> httpx.Response:
    if said.get("fault"):
        raise getattr(httpx, said["fault"])("planned", request=request)
    body = said.get("body")
    headers = dict(said.get("headers", {}))
    if body is None and "body" not in said:
        content = b""
    elif isinstance(body, str) and not any("json" in value for value in headers.values()):
        content = body.encode()
    else:
        content = json.dumps(body).encode()
        headers.setdefault("content-type", "application/json")
    return httpx.Response(said.get("status", 200), headers=headers, content=content)


def _plain(value: Any) -> Any:
    """Arguments of a case as Python has them."""
    match value:
        case {"$bytes": said}:
            return said.encode()
        case {"$decimal": said}:
            return Decimal(said)
        case {"$date": said}:
            return date.fromisoformat(str(said))
        case {"$datetime": said}:
            return datetime.fromisoformat(str(said))
        case {"$pair": said}:
            return tuple(_plain(one) for one in said)
        case dict():
            return {name: _plain(one) for name, one in value.items()}
        case list():
            return [_plain(one) for one in value]
        case _:
            return value


def _json(value: Any) -> Any:
    """What a call returns as JSON: records by their members, values by their text."""
    if isinstance(value, store_credit.Model):
        return value.to_dict()
    if hasattr(value, "items") and not isinstance(value, dict) and not callable(value.items):
        return [_json(one) for one in value.items]
    if isinstance(value, list | tuple):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {name: _json(one) for name, one in value.items()}
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return value

"""The request that the samples of an operation make, read from the document's examples.

The path, each required parameter and each one that `x-sample-parameters` names take their first example, or what
`x-sample-values` has for them; the body takes the first example of its first media type, the credential the first way
in the operation's `security`.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast
from urllib.parse import quote

from store_credit_mock.contract import Document, DocumentError, OperationDefinition
from store_credit_mock.contract.document import fragment, join

__all__ = ["ADDRESSES", "CREDENTIALS", "LATER", "Header", "SampleRequest", "comment_lines", "sample_request"]

CREDENTIALS: Final = {
    "vinrApiKey": "VINR_SECRET_KEY",
    "spreeBearer": "SPREE_TOKEN",
    "spreeOrderToken": "SPREE_ORDER_TOKEN",
    "spreeCustomerToken": "SPREE_CUSTOMER_TOKEN",
    "spreeV3SecretKey": "SPREE_ADMIN_KEY",
    "spreeV3StaffToken": "SPREE_STAFF_TOKEN",
    "spreeV3PublishableKey": "SPREE_PUBLISHABLE_KEY",
    "spreeV3CustomerToken": "SPREE_SHOPPER_TOKEN",
    "spreeV3CartToken": "SPREE_CART_TOKEN",
}
"""By security scheme, the variable of the environment that samples take the credential from: the SDK's own, if any."""


ADDRESSES: Final = {"vinr": "VINR_BASE_URL", "spree": "SPREE_URL", "spree_v3": "SPREE_URL"}
"""By system, the variable of the environment that samples take the address from: the SDK's own."""

_USUAL: Final = "5.6"
"""The version of Spree's API v3 that the mock plays unless it is told otherwise."""

LATER: Final = "6.0-alpha+ledger"
"""The version of Spree's API v3 that is played for operations which the mock's usual one does not have."""

_OWN_KEY: Final = "The Idempotency-Key is your own: a new one for each action, the same on every attempt."
_SHARED_KEY: Final = "Make it unique among all shoppers: add the cart's id."
_SHARED_BY_SHOPPERS: Final = "spreeV3PublishableKey"
"""The security scheme whose holders share their idempotency keys: one shopper's key would get another's cart back."""
_COMMENT_WIDTH: Final = 45
"""So that they can be read without scrolling where a page has two columns."""
_OF_LATER: Final = f"Spree 6.0; with the mock: store-credit-mock serve --samples --profile spree-v3={LATER}"


@dataclass(frozen=True, slots=True)
class Header:
    """A header of a sample. Its value is `text` followed by what the variable `secret` of the environment holds."""

    name: str
    text: str
    secret: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRequest:
    """One request, before it is written in a language."""

    operation: str
    title: str
    method: str
    """In capitals."""
    server: str
    """Scheme and host, as the document has them."""
    path: str
    """Percent-encoded."""
    query: tuple[tuple[str, str], ...]
    """Not yet encoded."""
    headers: tuple[Header, ...]
    body: Any
    """A JSON value; None where nothing is sent."""
    answers: bool
    """Whether the response to it has a body."""
    variable: str = ""
    """The variable of the environment that has the server's address; empty where `server` is written out."""
    later: bool = False
    """Whether only later versions of its system have it than the mock usually plays."""
    notes: tuple[str, ...] = ()
    """What a reader has to know before running it, a comment each."""

    @property
    def content(self) -> str:
        """The body as JSON, indented by two blanks; empty where nothing is sent."""
        return "" if self.body is None else json.dumps(self.body, indent=2, ensure_ascii=False)


def comment_lines(request: SampleRequest) -> list[str]:
    """The notes of a request in lines that fit beside the text of a page, each note on lines of its own."""
    return [
        line
        for note in request.notes
        for line in textwrap.wrap(note, _COMMENT_WIDTH, break_long_words=False, break_on_hyphens=False)
    ]


def sample_request(document: Document, operation: OperationDefinition) -> SampleRequest:
    """Put together the request of an operation's samples.

    Raises:
        DocumentError: The document lacks an example, or has something that samples cannot show.
    """
    shown = operation.definition.get("x-sample-parameters", [])
    chosen = operation.definition.get("x-sample-values", {})
    known = {definition["name"]: (location, definition) for location, definition in operation.parameters}
    for extension, names in (("x-sample-parameters", shown), ("x-sample-values", chosen)):
        if unknown := [name for name in names if name not in known]:
            raise DocumentError(f"{document.place(operation.pointer)}: {extension}: {unknown[0]} is not a parameter")
    path = operation.template
    query: list[tuple[str, str]] = []
    headers = list(_credentials(document, operation))
    for name, (location, definition) in known.items():
        if name not in shown and not definition.get("required"):
            continue
        value = chosen[name] if name in chosen else _example(document, location, definition)
        if definition["in"] == "path":
            path = path.replace(f"{{{name}}}", quote(str(value), safe=""))
        elif definition["in"] == "query":
            query.extend(_pairs(definition, value))
        else:
            headers.append(Header(name, str(value)))
    body, media_type, summary = _body(document, operation)
    if body is not None:
        headers.append(Header("Content-Type", media_type))
    server, is_fixed = _server(document, operation)
    variable = ADDRESSES.get(operation.id.partition(".")[0], "")
    later = _USUAL not in operation.definition.get("x-versions", [_USUAL])
    is_keyed = any(header.name == "Idempotency-Key" for header in headers)
    notes = {
        f"{variable} is {server}, or the address of a mock.": variable and is_fixed,
        _OWN_KEY: is_keyed,
        _SHARED_KEY: is_keyed and any(header.secret == CREDENTIALS[_SHARED_BY_SHOPPERS] for header in headers),
        _OF_LATER: later,
    }
    return SampleRequest(
        operation=operation.id,
        title=summary or operation.definition["summary"],
        method=operation.method,
        server=server,
        path=path,
        query=tuple(query),
        headers=tuple(headers),
        body=body,
        answers=_answers(document, operation),
        variable=variable,
        later=later,
        notes=tuple(note for note, holds in notes.items() if holds),
    )


def _server(document: Document, operation: OperationDefinition) -> tuple[str, bool]:
    """The first of the path's servers, and whether that is the same for everybody.

    Where a system has a sandbox, a pasted sample had better not reach the other.
    """
    servers = document.data["paths"][operation.template].get("servers") or document.data.get("servers")
    if not servers:
        raise DocumentError(f"{document.place(operation.pointer)}: its path has no servers")
    url: str = servers[0]["url"]
    for name, variable in servers[0].get("variables", {}).items():
        url = url.replace(f"{{{name}}}", variable["default"])
    return url, "variables" not in servers[0]


def _credentials(document: Document, operation: OperationDefinition) -> Iterator[Header]:
    """The credentials that the first way wants; none where the operation wants none."""
    security: list[Mapping[str, Any]] = operation.definition["security"]
    for name in security[0] if security else ():
        yield _credential(document, operation, name)


def _credential(document: Document, operation: OperationDefinition, name: str) -> Header:
    variable = CREDENTIALS.get(name)
    if variable is None:
        raise DocumentError(
            f"{document.place(join(operation.pointer, 'security', '0'))}: samples take the credential of {name}"
            " from no variable yet; name one in CREDENTIALS of docs_site/sampling/requests.py"
        )
    scheme = document.at(fragment("components", "securitySchemes", name))
    if scheme["type"] == "http":
        return Header("Authorization", "Bearer ", variable)
    return Header(scheme["name"], "", variable)


def _example(document: Document, location: str, definition: Mapping[str, Any]) -> Any:
    if "example" in definition:
        return definition["example"]
    return _first_example(document, location, definition)["value"]


def _first_example(document: Document, location: str, owner: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in owner.get("examples", {}):
        return cast("Mapping[str, Any]", document.resolve(join(location, "examples", name))[1])
    raise DocumentError(f"{document.place(location)} has no example, and a sample needs one")


def _pairs(definition: Mapping[str, Any], value: Any) -> Iterator[tuple[str, str]]:
    name: str = definition["name"]
    if isinstance(value, dict):
        for key, inner in cast("dict[str, Any]", value).items():
            if isinstance(inner, list):
                yield from ((f"{name}[{key}][]", str(item)) for item in cast("list[Any]", inner))
            else:
                yield f"{name}[{key}]", str(inner)
    elif isinstance(value, list):
        items = [str(item) for item in cast("list[Any]", value)]
        if definition.get("explode", True):
            yield from ((name, item) for item in items)
        else:
            yield name, ",".join(items)
    else:
        yield name, str(value)


def _body(document: Document, operation: OperationDefinition) -> tuple[Any, str, str]:
    """Body, media type and what the example is about; no body where an empty one may as well not be sent."""
    here = join(operation.pointer, "requestBody")
    if "requestBody" not in operation.definition:
        return None, "", ""
    location, definition = document.resolve(here)
    media_type, content = next(iter(definition["content"].items()))
    if not (media_type == "application/json" or media_type.endswith("+json")):
        raise DocumentError(
            f"{document.place(join(location, 'content', media_type))}: samples send JSON; put that first"
        )
    example = _first_example(document, join(location, "content", media_type), content)
    body = example["value"]
    if not body and not definition.get("required"):
        return None, "", ""
    return body, media_type, example.get("summary", "")


def _answers(document: Document, operation: OperationDefinition) -> bool:
    for status in operation.definition["responses"]:
        if status.startswith("2"):
            return "content" in document.resolve(join(operation.pointer, "responses", status))[1]
    raise DocumentError(f"{document.place(join(operation.pointer, 'responses'))} has no success")

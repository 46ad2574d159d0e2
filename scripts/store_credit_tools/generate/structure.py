"""What must be a mapping, a list or a text in a document, whatever stands in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, cast

from store_credit_tools.generate.errors import GenerationError, Node
from store_credit_tools.generate.places import Place

__all__ = ["check_structure"]


@dataclass(frozen=True)
class _Part:
    """A part of a document: its kind, its members by name, and what every other member is."""

    kind: type = dict
    members: dict[str, _Part] = field(default_factory=dict["str", "_Part"])
    every: _Part | None = None
    needed: tuple[str, ...] = ()


_KINDS: Final = {dict: "a mapping", list: "a list", str: "a text"}

_TEXT: Final = _Part(str)
_ANY: Final = _Part(dict)
_MAPPINGS: Final = _Part(dict, every=_ANY)
_SERVERS: Final = _Part(
    list,
    every=_Part(
        dict, {"url": _TEXT, "variables": _Part(dict, every=_Part(dict, needed=("default",)))}, needed=("url",)
    ),
)
_SECURITY: Final = _Part(list, every=_ANY)
_CONTENT: Final = _Part(dict, every=_Part(dict, {"encoding": _MAPPINGS}))
_PARAMETERS: Final = _Part(list, every=_Part(dict, {"content": _CONTENT}))
_BODY: Final = _Part(dict, {"content": _CONTENT})
_RESPONSES: Final = _Part(dict, every=_Part(dict, {"content": _CONTENT, "headers": _MAPPINGS}))
_OPERATION: Final = _Part(
    dict,
    {
        "tags": _Part(list),
        "parameters": _PARAMETERS,
        "requestBody": _BODY,
        "responses": _RESPONSES,
        "security": _SECURITY,
        "servers": _SERVERS,
        "callbacks": _ANY,
    },
)
_VERBS: Final = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_ITEM: Final = _Part(dict, {"parameters": _PARAMETERS, "servers": _SERVERS, **dict.fromkeys(_VERBS, _OPERATION)})
_DOCUMENT: Final = _Part(
    dict,
    {
        "info": _ANY,
        "servers": _SERVERS,
        "security": _SECURITY,
        "tags": _Part(list, every=_Part(dict, needed=("name",))),
        "paths": _Part(dict, every=_ITEM),
        "webhooks": _MAPPINGS,
        "components": _Part(
            dict,
            {
                "schemas": _Part(dict),
                "parameters": _MAPPINGS,
                "headers": _MAPPINGS,
                "securitySchemes": _MAPPINGS,
                "pathItems": _Part(dict, every=_ITEM),
                "requestBodies": _Part(dict, every=_BODY),
                "responses": _RESPONSES,
            },
        ),
    },
)


def check_structure(document: Node) -> None:
    """Check that mappings, lists and texts stand where they must. A list of parameters that is null is as good as none.

    Raises:
        GenerationError: Something else stands there; with its place.
    """
    _check(document, _DOCUMENT, ())


def _check(value: Any, part: _Part, place: Place) -> None:
    shown = ".".join(place) or "the document"
    if not isinstance(value, part.kind):
        raise GenerationError(f"{shown} is not {_KINDS[part.kind]}", *place)
    if isinstance(value, list):
        inner = [(str(index), one) for index, one in enumerate(cast("list[Any]", value))]
    elif isinstance(value, dict):
        node = cast("dict[Any, Any]", value)
        inner = [
            (str(name), one)
            for name, one in node.items()
            if not str(name).startswith("x-") and (one is not None or name in _VERBS or name not in part.members)
        ]
        for name in part.needed:
            if name not in node and "$ref" not in node:
                raise GenerationError(f"{shown} has no {name!r}", *place)
    else:
        return
    for name, one in inner:
        known = part.members.get(name, part.every)
        if known is not None and name != "$ref":
            _check(one, known, (*place, name))

"""The Python names of what a document names: of arguments, methods and resources."""

from __future__ import annotations

import keyword
import re
import unicodedata
from collections.abc import Collection

from openapi_python_client.strings import snake_case

__all__ = ["member_name", "method_name", "parameter_name", "python_name"]


def python_name(wire: str, taken: Collection[str] = ()) -> str:
    """Make a Python name of any text: other characters become `_`, a leading digit gets `n_`, a leading `__` is cut.

    What is a keyword then, or one of the `taken`, gets `_` behind it.
    """
    name = unicodedata.normalize("NFKC", re.sub(r"\W", "_", wire))
    if name.startswith("__"):
        # Python reads it as private to the class it stands in.
        name = name.lstrip("_")
    if not name.isidentifier():
        # Also for signs that are digits, or letters, to some only.
        name = re.sub(r"\W", "_", f"n_{name}", flags=re.ASCII)
    while keyword.iskeyword(name) or name in taken:
        name += "_"
    return name


def member_name(wire: str, taken: Collection[str]) -> str:
    """Name the argument for a member of the body, as the attribute of a record that has the same member."""
    return python_name(wire, taken)


def parameter_name(wire: str, place: str, taken: Collection[str]) -> str:
    """Name the argument for a parameter: without the brackets and signs around it, a header also without its `X-`."""
    if place == "header":
        wire = wire.removeprefix("X-").lower()
    return python_name(re.sub(r"[\W_]+", "_", wire).strip("_") or wire, taken)


def method_name(operation_id: str, taken: Collection[str] = ()) -> str:
    """Name a method, or a resource, after the text of a document: `listPets` is `list_pets`."""
    return python_name(snake_case(re.sub(r"[^A-Za-z0-9]+", "_", operation_id)), taken)

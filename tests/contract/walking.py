"""Walking through a document: its objects, without examples and other mere values."""

from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["objects"]

Location = tuple[str, ...]


def objects(value: Any, location: Location = ()) -> Iterator[tuple[Location, Mapping[str, Any]]]:
    """Every object of the document with its location, examples and other mere values left out."""
    if isinstance(value, dict):
        yield location, value
        for name, member in value.items():
            if name not in {"example", "examples", "value", "default", "const", "enum"} or location[-1:] == (
                "properties",
            ):
                yield from objects(member, (*location, name))
    elif isinstance(value, list):
        for number, member in enumerate(value):
            yield from objects(member, (*location, str(number)))

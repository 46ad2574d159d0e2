"""A cache of serialized records: the same record is neither built, validated nor serialized twice.

Each response schema has one. An entry's key is everything its value depends on, so that nothing has to be invalidated:
a record that changed, expired, was restored or came from another process has another key.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from hashlib import md5
from typing import Any, Final, Protocol, cast

import orjson

__all__ = ["SerializationCache", "SerializedPage", "SerializedRecord", "serialize"]

MAX_ENTRIES: Final = 4096
"""Entries of one cache; the oldest is evicted."""


def serialize(value: Any) -> bytes:
    """Write JSON that takes no more memory than it is long.

    orjson returns its buffer as it is: a kibibyte at least, and up to twice what is in it. That is paid by all records
    in a cache and all responses in the journal.
    """
    return bytes(memoryview(orjson.dumps(value)))


class Validating(Protocol):
    """A compiled schema, as far as it is asked here."""

    @property
    def is_valid(self) -> Callable[[Any], bool]: ...


class SerializedRecord:
    """A JSON value as bytes, known to be right by its schema.

    Attributes:
        bytes: The JSON.
        schema: What it was checked against.
        known_digest: What `digest` gave; None if it was not asked.
    """

    __slots__ = ("bytes", "known_digest", "schema")

    def __init__(self, text: bytes, schema: Validating) -> None:
        self.bytes = text
        self.schema = schema
        self.known_digest: bytes | None = None

    def text(self) -> bytes:
        """The JSON."""
        return self.bytes

    def digest(self) -> bytes:
        """Sixteen bytes that stand for the content."""
        digest = self.known_digest
        if digest is None:
            digest = self.known_digest = md5(self.bytes, usedforsecurity=False).digest()
        return digest


class SerializedPage:
    """A list as JSON: an envelope whose first member `data` is empty, and what belongs there.

    Args:
        envelope: The whole value with `data` empty.
        items: Each checked against `schema`.
        schema: The schema of an item.
    """

    __slots__ = ("_ends", "envelope", "items", "schema")

    def __init__(self, envelope: dict[str, Any], items: Sequence[SerializedRecord], schema: Validating) -> None:
        self.envelope = envelope
        self.items = items
        self.schema = schema
        before, mark, after = orjson.dumps(envelope).partition(b'"data":[')
        self._ends = (before + mark, after)

    def text(self) -> bytes:
        """The JSON."""
        before, after = self._ends
        return b"%b%b%b" % (before, b",".join([item.bytes for item in self.items]), after)

    def digest(self) -> bytes:
        """Sixteen bytes that stand for the content."""
        before, after = self._ends
        digests = b"".join([item.known_digest or item.digest() for item in self.items])
        return md5(b"%b%b%b" % (before, digests, after), usedforsecurity=False).digest()


class SerializationCache:
    """The serialized records of one schema.

    Args:
        schema: What each is validated against.
    """

    __slots__ = ("_known", "schema")

    def __init__(self, schema: Validating) -> None:
        self.schema = schema
        self._known: dict[Hashable, SerializedRecord] = {}

    def get_all(self, keys: Sequence[Any], make: Callable[[Any], Any]) -> list[SerializedRecord] | None:
        """The values that belong to many keys, in their order; None if one breaks the schema."""
        found = list(map(self._known.get, keys))
        if None in found:
            found = [self.get(key, make) for key in keys]
            if None in found:
                return None
        return cast("list[SerializedRecord]", found)

    def get(self, key: Any, make: Callable[[Any], Any]) -> SerializedRecord | None:
        """The value that belongs to a key; None if it breaks the schema.

        Args:
            key: Everything the value depends on.
            make: Makes the value of a key, where it is not there yet.
        """
        found = self._known.get(key)
        if found is None:
            value = make(key)
            if not self.schema.is_valid(value):
                return None
            found = SerializedRecord(serialize(value), self.schema)
            if len(self._known) >= MAX_ENTRIES:
                # Another thread may have evicted the same one.
                self._known.pop(next(iter(self._known)), None)
            self._known[key] = found
        return found

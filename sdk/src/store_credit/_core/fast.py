"""The quick way to read a page of plain records, where the `fast` extra (msgspec) is installed.

msgspec decodes straight into our attrs classes. Whatever it will not take (a missing field, an odd value) is read by
the patient way instead. The JSON object behind a record is read again when it is asked for.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from store_credit._core import codec
from store_credit._core.model import DATE_TIME, Model, write_any

__all__ = ["page"]

try:
    import msgspec
except ImportError:

    def page(model: type[Model], content: bytes) -> tuple[dict[str, Any], list[Any]] | None:
        """Nothing quick is at hand."""
        del model, content

else:
    _decoders: dict[type[Model], Any] = {}
    _nested: dict[type[Model], list[str]] = {}

    class Source:
        """The bytes of a page, read again as plain JSON when a record is asked for the object it came as."""

        __slots__ = ("_items", "content")

        def __init__(self, content: bytes) -> None:
            self.content = content
            self._items: list[Any] | None = None

        def __getitem__(self, index: int) -> Any:
            items = self._items
            if items is None:
                items = self._items = list(codec.decode(self.content)["data"])
            return items[index]

        def __reduce__(self) -> tuple[Any, ...]:
            return Source, (self.content,)

    def _decoder(model: type[Model]) -> Any:
        if any(field is DATE_TIME for field in model._fields.values()):  # pyright: ignore[reportPrivateUsage]
            # msgspec keeps the zone a text names, and we promise UTC.
            return None
        try:
            envelope = msgspec.defstruct("Page", [("data", list[model]), ("page", Any, None)])
            return msgspec.json.Decoder(envelope, strict=False)
        except (NameError, TypeError):
            return None

    def page(model: type[Model], content: bytes) -> tuple[dict[str, Any], list[Any]] | None:
        """Read a page, or give None where the patient way must be taken."""
        if model not in _decoders:
            _decoders[model] = _decoder(model)
            _nested[model] = [name for name, codec in model._fields.items() if codec.write is write_any]  # pyright: ignore[reportPrivateUsage]
        decoder = _decoders[model]
        if decoder is None:
            return None
        try:
            envelope = decoder.decode(content)
        except (msgspec.DecodeError, ValueError):
            return None
        for name in _nested[model]:
            # A record inside another would lose the fields this version does not know.
            if any(issubclass(kind, Model) for kind in set(map(type, map(attrgetter(name), envelope.data)))):
                return None
        source = Source(content)
        for index, record in enumerate(envelope.data):
            record._raw = (source, index)
        return {"page": envelope.page}, envelope.data

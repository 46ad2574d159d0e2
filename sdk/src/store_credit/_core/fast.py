"""The quick way to read a page, where the `fast` extra (msgspec) is installed.

msgspec decodes plain records straight into our attrs classes, and JSON:API resources into structs that are copied into
ours: without a dict for every object there is far less for the garbage collector to walk. Whatever it will not take (a
missing field, an odd value, included records) is read by the patient way instead. The JSON object behind a record is
read again when it is asked for.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any

from store_credit._core import codec
from store_credit._core.jsonapi import Document, Resource, Types
from store_credit._core.model import DATE_TIME, READ_ERRORS, Model, write_any
from store_credit._core.unset import UNSET

__all__ = ["page", "resources"]

try:
    import msgspec
except ImportError:

    def page(model: type[Model], content: bytes) -> tuple[dict[str, Any], list[Any]] | None:
        """Nothing quick is at hand."""
        del model, content

    def resources(model: type[Resource], types: Types, content: bytes) -> tuple[dict[str, Any], Document] | None:
        """Nothing quick is at hand."""
        del model, types, content

else:
    _decoders: dict[type[Model], Any] = {}
    _nested: dict[type[Model], list[tuple[str, attrgetter[Any]]]] = {}

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
            fields = model._fields.items()  # pyright: ignore[reportPrivateUsage]
            _nested[model] = [(name, attrgetter(name)) for name, codec in fields if codec.write is write_any]
        decoder = _decoders[model]
        if decoder is None:
            return None
        try:
            envelope = decoder.decode(content)
        except (msgspec.DecodeError, ValueError):
            return None
        source = Source(content)
        for index, record in enumerate(envelope.data):
            record._raw = (source, index)
        for name, inner in _nested[model]:
            for index, value in enumerate(map(inner, envelope.data)):
                if type(value) is not str and isinstance(value, Model):
                    value._raw = (source, index, name)  # pyright: ignore[reportPrivateUsage]
        return {"page": envelope.page}, envelope.data

    class _Identifier(msgspec.Struct, gc=False):
        type: str
        id: str

    class _One(msgspec.Struct, gc=False):
        data: _Identifier | None

    class _Several(msgspec.Struct, gc=False):
        data: list[_Identifier]

    _resource_decoders: dict[type[Resource], Any] = {}

    def _resource_decoder(model: type[Resource]) -> Any:
        # Values stay as JSON has them: from_struct reads them by the same expressions as from_resource.
        optional = model._optional  # pyright: ignore[reportPrivateUsage]
        attributes = msgspec.defstruct(
            "Attributes",
            [(name, Any, UNSET) if name in optional else (name, Any) for name in model._fields],  # pyright: ignore[reportPrivateUsage]
            kw_only=True,
            gc=False,
        )
        linked = model._linked  # pyright: ignore[reportPrivateUsage]
        links = msgspec.defstruct(
            "Links", [(name, _Several if many else _One) for name, many in linked.items()], gc=False
        )
        record: list[Any] = [("id", str), ("type", str), ("attributes", attributes)]
        if linked:
            record.append(("relationships", links))
        records = list[msgspec.defstruct("Record", record, gc=False)]
        # A field that may only be absent: a page on which something is included is refused.
        included = ("included", msgspec.UnsetType, msgspec.UNSET)
        envelope = msgspec.defstruct("Page", [("data", records), ("meta", Any, None), included])
        return msgspec.json.Decoder(envelope, float_hook=codec.exact)

    def resources(model: type[Resource], types: Types, content: bytes) -> tuple[dict[str, Any], Document] | None:
        """Read a page of resources, or give None where the patient way must be taken."""
        decoder = _resource_decoders.get(model)
        if decoder is None:
            decoder = _resource_decoders[model] = _resource_decoder(model)
        try:
            envelope = decoder.decode(content)
            records = envelope.data
            body = {"meta": envelope.meta}
            document = Document(body, types, records[0].type if records else None)
            source = Source(content)
            make = model.from_struct
            document.primary = [make(one, (source, index), document) for index, one in enumerate(records)]
        except (msgspec.DecodeError, RecursionError, *READ_ERRORS):
            return None
        return body, document

"""VinrEventData. Generated from openapi.yaml by scripts/generate: do not edit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, Self

from attrs import define

from store_credit._core.model import (
    READ_ERRORS,
    Codec,
    Model,
    one_of,
)
from store_credit.models.vinr_store_credit import VinrStoreCredit

__all__ = ["VinrEventData"]

from_unix = datetime.fromtimestamp
from_text = datetime.fromisoformat


@define(eq=False, repr=False, kw_only=True, getstate_setstate=False, weakref_slot=False)
class VinrEventData(Model):
    """What the event is about.

    Source: documented: VINR, Events page, read 2026-11-22; decided: x-decisions in openapi.yaml.
    """

    object: VinrStoreCredit
    """Credit that a customer can spend on later purchases."""

    _fields: ClassVar[dict[str, Codec]] = {
        "object": one_of(VinrStoreCredit),
    }
    _optional: ClassVar[frozenset[str]] = frozenset({})

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Make a record from its JSON object. Unknown fields are kept, and what cannot be read stays as it came."""
        self = cls.__new__(cls)
        self._raw = data
        try:
            self.object = VinrStoreCredit.from_dict(data["object"])
        except READ_ERRORS:
            self._read_each(data)
        return self

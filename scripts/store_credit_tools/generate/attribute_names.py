"""Attributes of records: each has the name of its member in JSON, where that can be an attribute's."""

from __future__ import annotations

import keyword
import re
import unicodedata
from typing import Final

__all__ = ["TAKEN", "attribute"]

TAKEN: Final = frozenset(
    "additional_properties from_dict idempotency_key included last_response replace request_id to_dict to_json "  # noqa: SIM905
    "UNSET Maybe Related classmethod cls self _abc_impl _alone _assigned _beside_json _decode _differs _document "
    "_enclosed _fields _is_required _is_resource _json _kind _known _made_from _member _optional _place _raw _read "
    "_related _related_record _response _shown _source _sparse _types _undeclared _unknown _validate _why_invalid "
    "_why_missing _wire".split()
)
"""What every record has, and what its class's own code uses."""

_OF_RESOURCES: Final = frozenset({"field", "id", "type"})
"""What a JSON:API resource has besides."""


def attribute(wire: str, *, resource: bool = False) -> str:
    """Name the attribute of a member.

    Other characters than letters, digits and underscores become underscores, a leading `__` is cut, a leading digit
    gets `n_` in front, and what is Python's or the record's own an underscore behind.
    """
    name = unicodedata.normalize("NFKC", re.sub(r"\W", "_", wire))
    name = name.lstrip("_") if name.startswith("__") else name
    if not name.isidentifier():
        # Also for signs that are digits, or letters, to some only.
        name = re.sub(r"\W", "_", f"n_{name}", flags=re.ASCII)
    taken = keyword.iskeyword(name) or name in TAKEN or (resource and name in _OF_RESOURCES)
    return f"{name}_" if taken else name

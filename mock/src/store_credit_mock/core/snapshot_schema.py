"""What a snapshot that is sent somewhere looks like, and whether one that comes back is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, cast

import jsonschema_rs

from store_credit_mock.sandbox import STATE
from store_credit_mock.storage import Table, check_rows

__all__ = ["SNAPSHOT", "check_snapshot"]

SNAPSHOT: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Everything that a sandbox contains.",
    "required": ["version", "rows", "sandbox"],
    "properties": {
        "version": {"type": "integer", "const": 1},
        "rows": {
            "type": "object",
            "description": "The rows of each table: texts, numbers and nulls in the order of its columns.",
            "additionalProperties": {"type": "array", "items": {"type": "array", "items": {}}},
        },
        "sandbox": STATE,
    },
}
"""JSON Schema of what `BaseEngine.snapshot` gives."""


def check_snapshot(tables: Iterable[Table], snapshot: Mapping[str, Any]) -> None:
    """Check that something is a snapshot of these tables.

    Raises:
        ValueError: It is not one of this version; the text says where.
    """
    # The rows are looked at one by one below: the validator would make a copy of all of them.
    head = dict(snapshot)
    if isinstance(rows := head.get("rows"), dict):
        head["rows"] = {name: [] for name in cast("dict[str, Any]", rows)}
    for error in jsonschema_rs.Draft202012Validator(SNAPSHOT).iter_errors(head):
        place = "".join(f"/{step}" for step in error.instance_path) or "snapshot"
        raise ValueError(f"{place}: {error.message[:500]}; this is not a snapshot from this version of the mock")
    check_rows(tables, snapshot["rows"])

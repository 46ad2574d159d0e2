"""Fixtures: checked against what each system takes, then loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.system import System

__all__ = ["fill", "fixtures_schema"]


def fixtures_schema(systems: Mapping[str, System]) -> dict[str, Any]:
    """JSON Schema of a fixtures file for these systems."""
    parts = {name: dict(system.fixtures) for name, system in systems.items()}
    return {
        "type": "object",
        "description": "What is to be added, by system.",
        "additionalProperties": False,
        "properties": parts,
    }


def fill(systems: Mapping[str, System], call: Call, fixtures: Mapping[str, Any]) -> None:
    """Add what fixtures name, inside a write transaction.

    Raises:
        FixturesError: They are not understood, or name what is not there; the pointer says where.
    """
    validator = jsonschema_rs.Draft202012Validator(fixtures_schema(systems))
    for error in validator.iter_errors(dict(fixtures)):
        raise FixturesError("".join(f"/{step}" for step in error.instance_path), error.message[:500])
    for name, part in fixtures.items():
        systems[name].load(call, part)

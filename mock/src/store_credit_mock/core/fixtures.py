"""Fixtures: checked against what a sandbox takes, then loaded into it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Final

import jsonschema_rs

from store_credit_mock.core.faults import Fault, FaultPlan
from store_credit_mock.sandbox import Sandbox, as_milliseconds
from store_credit_mock.systems.call import Call, FixturesError
from store_credit_mock.systems.json_types import read_json, schema_of
from store_credit_mock.systems.system import System

__all__ = ["SEED", "fill", "fixtures_schema", "milliseconds", "seed"]

SEED: Final = "mock.seed"
"""The setting that tells which seed a sandbox was made with, as text."""

_OWN: Final = ("clock", "faults")


@dataclass(frozen=True)
class ClockFixture:
    """The time to set the clock to."""

    at: Annotated[str | float, "ISO 8601 with a time zone, or Unix seconds."]
    runs: Annotated[bool, "Whether the clock continues to run from this time; by default, it is frozen."] = False


def fixtures_schema(systems: Mapping[str, System]) -> dict[str, dict[str, Any]]:
    """JSON Schema of a fixtures file for these systems, with the schemas that it refers to, by name."""
    components: dict[str, dict[str, Any]] = {}
    properties = {name: dict(system.fixtures) for name, system in systems.items()}
    properties["clock"] = schema_of(ClockFixture, components)
    properties["faults"] = {"type": "array", "items": schema_of(Fault, components)}
    whole = {
        "type": "object",
        "description": "Records to add for each system, faults to schedule, and the time to set.",
        "additionalProperties": False,
        "properties": properties,
    }
    return {**components, "Fixtures": whole}


def fill(
    systems: Mapping[str, System], sandbox: Sandbox, plan: FaultPlan, call: Call, fixtures: Mapping[str, Any]
) -> None:
    """Set the clock, add what fixtures name and schedule the faults, inside a write transaction.

    Raises:
        FixturesError: They are not understood, or name what is not there; the pointer says where. No fault is kept.
    """
    components = fixtures_schema(systems)
    schema = {**components["Fixtures"], "components": {"schemas": components}}
    for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(dict(fixtures)):
        raise FixturesError("".join(f"/{step}" for step in error.instance_path), error.message[:500])
    if "clock" in fixtures:
        _set_clock(sandbox, fixtures["clock"])
        call.now = sandbox.clock.now()
    for name, part in fixtures.items():
        if name not in _OWN:
            systems[name].load(call, part)
    if "clock" in fixtures:
        for system in systems.values():
            system.on_clock_changed(call)
    planned: list[str] = []
    for number, fault in enumerate(fixtures.get("faults", [])):
        try:
            planned.append(plan.add(read_json(Fault, fault)).id)
        except ValueError as error:
            for identity in planned:
                plan.remove(identity)
            raise FixturesError(f"/faults/{number}", str(error)) from error


def seed(systems: Mapping[str, System], sandbox: Sandbox, plan: FaultPlan, call: Call) -> None:
    """Fill a fresh sandbox: with what its systems begin with, their samples if asked for, and the fixtures it is given.

    Raises:
        FixturesError: The fixtures are not understood, or name what is not there.
    """
    for system in systems.values():
        system.seed(call)
    options = sandbox.options
    sandbox.set_setting(SEED, None if options.seed is None else str(options.seed))
    if options.samples:
        samples = {name: system.samples for name, system in systems.items() if system.samples}
        fill(systems, sandbox, plan, call, samples)
    if options.fixtures is not None:
        fill(systems, sandbox, plan, call, options.fixtures)


def _set_clock(sandbox: Sandbox, clock: Mapping[str, Any]) -> None:
    try:
        sandbox.clock.freeze(milliseconds(clock["at"]))
    except ValueError as error:
        raise FixturesError("/clock/at", str(error).removeprefix("/at: ")) from error
    if clock.get("runs", False):
        sandbox.clock.resume(seeded=sandbox.seeded)
    sandbox.mark_dirty()


def milliseconds(at: str | float) -> int:
    """Read a time as Unix milliseconds.

    Args:
        at: ISO 8601 with a zone, or Unix seconds.

    Raises:
        ValueError: It is not a time, or has no zone; the text begins with `/at`.
    """
    if not isinstance(at, str):
        return round(max(-1.0, min(at, 1e15)) * 1000) if math.isfinite(at) else -1
    try:
        moment = datetime.fromisoformat(at)
    except ValueError as error:
        raise ValueError(f"/at: {error}; write the time as 2026-11-22T10:00:00Z") from error
    if moment.tzinfo is None:
        raise ValueError("/at: the time needs a time zone, as in 2026-11-22T10:00:00Z")
    return as_milliseconds(moment)

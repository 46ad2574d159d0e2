"""Which options a sandbox that was there already makes no use of: what it was filled with and made by stays."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from store_credit_mock.core.engine import BaseEngine
from store_credit_mock.core.fixtures import SEED

__all__ = ["ignored"]


def ignored(engine: BaseEngine, fixtures: Path | None) -> list[str]:
    """Say what a user of the command has to know, a line each; nothing about a sandbox that was made just now.

    Args:
        engine: Of the sandbox.
        fixtures: The file that `--fixtures` names.
    """
    if engine.created:
        return []
    name, options = engine.sandbox.name, engine.options
    advice = "to empty the sandbox and load them, send POST /_mock/reset"
    said: list[str] = []
    if options.fixtures is not None:
        held = ", ".join(f"{part}: {_counted(items)}" for part, items in options.fixtures.items())
        said.append(f"the sandbox {name} already exists: ignored --fixtures {fixtures} ({held or 'empty'}); {advice}")
    if options.samples:
        said.append(f"the sandbox {name} already exists: ignored --samples; {advice}")
    made_with, seed = engine.sandbox.setting(SEED), options.seed
    if (None if seed is None else str(seed)) != made_with:
        before = "without a seed" if made_with is None else f"with --seed {made_with}"
        now = "no --seed is set" if seed is None else f"--seed is {seed}"
        said.append(
            f"the sandbox {name} was created {before}, but now {now}: existing data stays, and new values differ "
            "from a run with the original seed"
        )
    return said


def _counted(part: Any) -> str:
    if isinstance(part, Mapping):
        items = cast("Mapping[str, Any]", part).items()
        return ", ".join(
            f"{len(cast('list[Any]', held))} {name}" if isinstance(held, list) else name for name, held in items
        )
    return str(len(part))

"""What the figures were taken on, as far as it matters to them and names nobody."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from importlib.metadata import version

__all__ = ["PACKAGES", "SERVING", "description"]

PACKAGES = (
    "httpx",
    "httpcore",
    "h11",
    "anyio",
    "attrs",
    "msgspec",
    "orjson",
    "pydantic",
    "requests",
    "stripe",
    "openai",
)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123
            names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    except OSError:
        names = []
    return names[0] if names else platform.machine()


SERVING = ("uvicorn", "httptools", "uvloop", "jsonschema-rs", "orjson", "httpx", "psycopg")


def description(packages: Sequence[str] = PACKAGES) -> list[str]:
    """Processor, system, Python and the packages compared, one sentence fragment each."""
    return [
        f"{_cores()} cores of {_processor()}, {platform.system()} on {platform.machine()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in packages),
    ]

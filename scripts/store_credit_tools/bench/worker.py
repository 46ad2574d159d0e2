"""The inside of a contender's process: prepares once, then works whenever a line asks it to."""

from __future__ import annotations

import gc
import json
import sys
from importlib import import_module
from time import process_time_ns
from typing import Any, cast

__all__ = ["main"]


def main() -> None:
    """Read the settings from the command line, then one request per line.

    A number asks for that many pieces of work and is answered with the nanoseconds of CPU time they took; `figure` runs
    the work once and is answered with what it returns.
    """
    settings: dict[str, Any] = json.loads(sys.argv[1])
    modules = cast("dict[str, Any]", sys.modules)
    for name in settings["without"]:
        # Python takes None here for "there is no such module".
        modules[name] = None
    if settings["path"] is not None:
        sys.path.insert(0, settings["path"])
    module = import_module(f"store_credit_tools.bench.contenders.{settings['module']}")
    work = getattr(module, settings["function"])(*settings["arguments"])
    frozen = False
    for line in sys.stdin:
        if line.strip() == "figure":
            print(work(), flush=True)
            continue
        count = int(line)
        # Collections during the work are part of it; those of what lies around from before are not.
        gc.collect()
        if not frozen:
            gc.freeze()
            frozen = True
        start = process_time_ns()
        work(count)
        print(process_time_ns() - start, flush=True)

"""A program that makes one call and prints what came of it and by how many MiB it made the process grow at its largest.

Its arguments: the server's address, and `sync` or `asyncio`.
"""

import json
import sys
from pathlib import Path

from callers import outcomes

STATUS = Path("/proc/self/status")


def resident(name: str) -> float:
    """A figure of this process in MiB: `VmRSS` for now, `VmHWM` for the most so far.

    `getrusage` would count the process that this one was started from as well.
    """
    line = next(line for line in STATUS.read_text("ascii").splitlines() if line.startswith(f"{name}:"))
    return int(line.split()[1]) / 1024


def main() -> None:
    """Warm up with a small response, then make the call that is measured."""
    url, kind = sys.argv[1:]
    before: list[float] = []
    _, _, outcome = outcomes(
        kind,
        url,
        lambda client: client.store_credit.retrieve("small"),
        lambda client: before.append(resident("VmRSS")),
        lambda client: client.store_credit.create(customer="c", amount=1, currency="USD"),
    )
    print(json.dumps([type(outcome).__name__, str(outcome), resident("VmHWM") - before[0]]))


main()

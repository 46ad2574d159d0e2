"""A plan of a million rows against a loop that checks as much and keeps it in sets; and how soon `--help` is there."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from store_credit_tools.bench.groups import QUICK, Effort, Group
from store_credit_tools.bench.interleave import interleave
from store_credit_tools.bench.processes import BenchmarkError, Contender, Worker, environment
from store_credit_tools.bench.results import Comparison

__all__ = ["GROUPS"]

MANY = 1_000_000
MORE = 3
"""How many times as many rows must take hardly more memory."""
ROUNDS = 3
_CUSTOMERS = 3 / 5
"""Of a customer to a row."""
_HELP = "import sys; sys.argv = ['store-credit', '--help']; from store_credit_jobs.cli.main import main; main()"


def _measure(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """Names are `who/s` and `who/MB`; who is `plan`, `more` (the same of more rows) or `loop`."""
    who = sorted({name.partition("/")[0] for name in names})
    many = MANY // 10 if effort is QUICK else MANY
    memory: dict[str, list[float]] = {one: [] for one in who}
    totals: dict[str, set[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        files = {"": _files(Path(folder), many)}
        if "more" in who:
            files["more"] = _files(Path(folder) / "more", MORE * many)

        def sample(one: str) -> float:
            function = "loop" if one == "loop" else "plan"
            with Worker(Contender("planning", function, files.get(one, files[""])), 1.0) as worker:
                seconds, megabytes, found = json.loads(worker.ask("figure"))
            memory[one].append(megabytes)
            totals.setdefault("more" if one == "more" else "", set()).add(json.dumps(found, sort_keys=True))
            return seconds

        # Memory does not depend on what else the machine does: once is enough.
        if "more" in who:
            sample("more")
        timed = [one for one in who if one != "more"]
        seconds = interleave({one: (lambda one=one: sample(one)) for one in timed}, effort.times(ROUNDS))
    if any(len(found) != 1 for found in totals.values()):
        raise BenchmarkError(f"they found different totals: {totals}")
    found = {f"{one}/s": figures for one, figures in seconds.items()}
    return found | {f"{one}/MB": [max(figures)] for one, figures in memory.items()}


def _files(folder: Path, many: int) -> list[str]:
    """A file of rows without anything wrong with them, in no order, and the list of their customers."""
    folder.mkdir(exist_ok=True)
    chance = random.Random(1)  # noqa: S311 - the same rows each time
    people = int(many * _CUSTOMERS)
    rows, customers = folder / "rows.csv", folder / "customers.csv"
    with rows.open("w", encoding="utf-8") as file:
        file.write("key,customer,amount,currency,expires_at,memo\n")
        for number in range(many):
            currency = chance.choice(("USD", "USD", "USD", "USD", "EUR", "JPY"))
            minor = chance.randint(1, 20_000)
            amount = str(minor) if currency == "JPY" else f"{minor // 100}.{minor % 100:02}"
            key = f"ord-{chance.getrandbits(40):011x}-{number}"
            customer = f"cust_{chance.randrange(people):07}"
            file.write(f"{key},{customer},{amount},{currency},2035-12-31T23:59:59Z,Goodwill {number % 50}\n")
    with customers.open("w", encoding="utf-8") as file:
        file.writelines(f"cust_{number:07}\n" for number in range(people))
    return [str(rows), str(customers)]


def _starts(names: Sequence[str], effort: Effort) -> Mapping[str, Sequence[float]]:
    """Milliseconds of CPU time that a whole process takes."""
    code = {"help": _HELP, "python": "pass"}
    return interleave({name: (lambda name=name: _process(code[name])) for name in names}, effort.times(9))


def _process(code: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL, env=environment(), check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


GROUPS = [
    Group(
        "plan a file",
        [
            Comparison(
                f"plan {MANY:,} rows of CSV, against a loop that checks as much, with sets in memory, CPU time",
                "s",
                "plan/s",
                "loop/s",
                2.5,
            ),
            Comparison(f"plan {MANY:,} rows of CSV, peak of memory", "MiB", "plan/MB", None, 120),
            Comparison(
                f"plan {MORE * MANY:,} rows, peak of memory, against {MANY:,}", "MiB", "more/MB", "plan/MB", 1.3
            ),
        ],
        _measure,
    ),
    Group(
        "start",
        [Comparison("store-credit --help, against a bare Python, CPU time", "ms", "help", "python", 5.0)],
        _starts,
    ),
]

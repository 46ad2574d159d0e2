"""A page of a list with a thousand credits and with a million, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from store_credit_tools.bench.groups import QUICK, Effort, Group, SkippedError
from store_credit_tools.bench.processes import SCRIPTS, Contender, Worker, core_at
from store_credit_tools.bench.results import Comparison, Floor

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["GROUPS"]

FEW, MANY = 1_000, 1_000_000
PAGES = {
    "VINR first": "VINR, first page of 100",
    "VINR deep": "VINR, page of 100 behind a cursor in the middle",
    "VINR customer": "VINR, first page of 100 of one customer",
    "Spree first": "Spree, first page of 100 with its counts",
    "Spree deep": "Spree, page of 100 in the middle, by its number",
    "Spree gap": "Spree, page of 100 in the middle, by its number, after a credit was deleted",
}
TARGET = 1.2
_WALK = (
    "Spree counts its pages by number, and once ids are missing, finding where one begins takes a walk over the ids of"
    " all records before it, measured here alone: half a million of them"
)


def _measure(names: Sequence[str], effort: Effort) -> dict[str, list[float]]:
    """Names are `storage/page/few` and `storage/page/many`."""
    storage = names[0].partition("/")[0]
    many = MANY // 10 if effort is QUICK else MANY
    with ExitStack() as stack:
        addresses = [":memory:", ":memory:"]
        if storage == "PostgreSQL":
            address = stack.enter_context(_postgres())
            addresses = [f"{address}/few", f"{address}/many"]
        pages = sorted({name.split("/")[1] for name in names if "/offset/" not in name})
        arguments = [addresses, [FEW, many], pages, effort.times(40)]
        worker = stack.enter_context(Worker(Contender("large_storage", "pages", arguments), 1.0))
        found: dict[str, list[float]] = json.loads(worker.ask("figure"))
    return {f"{storage}/{name}": figures for name, figures in found.items()}


def _postgres() -> AbstractContextManager[str]:
    """A server as the tests start one, with two empty databases."""
    folder = str(SCRIPTS.parent / "tests" / "mock" / "support")
    if folder not in sys.path:
        sys.path.append(folder)
    from postgres import NoPostgresError, server

    @contextmanager
    def running() -> Generator[str]:
        import psycopg

        try:
            started = ExitStack()
            with _on_the_other_core():
                address = started.enter_context(server())
        except NoPostgresError as error:
            raise SkippedError(f"PostgreSQL: {error}") from error
        with started:
            with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
                connection.execute("CREATE DATABASE few")
                connection.execute("CREATE DATABASE many")
            yield address

    return running()


@contextmanager
def _on_the_other_core() -> Generator[None]:
    """Start processes where the one that measures is not, all alike: each connection has one of its own."""
    core = core_at(1)
    before = None if core is None else os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        if before is not None:
            os.sched_setaffinity(0, before)


def _rows(storage: str) -> list[Comparison]:
    return [
        Comparison(
            f"{label}, on {storage}: 1,000,000 credits, against 1,000",
            "us",
            f"{storage}/{page}/many",
            f"{storage}/{page}/few",
            TARGET,
            Floor(f"{storage}/offset/many", _WALK) if page == "Spree gap" else None,
        )
        for page, label in PAGES.items()
    ]


GROUPS = [Group(f"pages on {storage}", _rows(storage), _measure) for storage in ("SQLite", "PostgreSQL")]

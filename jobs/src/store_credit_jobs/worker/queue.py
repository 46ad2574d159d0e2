"""The queue: procrastinate, in the database of the journal.

Orders of one account have one lock, so that one at most is carried out at any time, on whichever machine: its pacer
then is the account's. The lease that the journal keeps says the same once more, and holds where the queue was wrong.
"""

from __future__ import annotations

from typing import Any, Final

import psycopg
from procrastinate import App, SyncPsycopgConnector, exceptions
from procrastinate.schema import SchemaManager

from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.worker.order import Order, queue_of

__all__ = ["APPLY", "RESCUE", "hand_over", "set_up"]

APPLY: Final = "store_credit_jobs.apply"
RESCUE: Final = "store_credit_jobs.rescue"
# Any number, the same in every process.
_SET_UP: Final = 7_236_914_103


def hand_over(dsn: str, order: Order) -> bool:
    """Put an order into the queue, once: one that waits there already is left.

    Args:
        dsn: The database of the journal, which has the order's job.
        order: The order.

    Returns:
        Whether it was not there yet.

    Raises:
        JobsError: `queue_unreachable`.
    """
    set_up(dsn)
    app = App(connector=SyncPsycopgConnector(conninfo=dsn, min_size=1, max_size=1))
    queue = queue_of(order.identity)
    try:
        with app.open():
            waiting = app.configure_task(
                APPLY, allow_unknown=True, queue=queue, lock=queue, queueing_lock=f"{queue} {order.job}"
            )
            waiting.defer(**order.as_json())
    except exceptions.AlreadyEnqueued:
        return False
    except exceptions.ConnectorException as error:
        raise _unreachable() from error
    return True


def set_up(dsn: str) -> None:
    """Make procrastinate's tables where there are none.

    Raises:
        JobsError: `queue_unreachable`.
    """
    try:
        with psycopg.connect(dsn, connect_timeout=10, autocommit=True) as connection:
            if _is_set_up(connection):
                return
            with connection.transaction():
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_SET_UP,))
                if not _is_set_up(connection):
                    connection.execute(SchemaManager.get_schema())
    except psycopg.Error as error:
        raise _unreachable() from error


def _is_set_up(connection: psycopg.Connection[Any]) -> bool:
    # Not by to_regclass(), which may remember from before the lock that there was none.
    there = "SELECT 1 FROM pg_class WHERE relname = 'procrastinate_jobs' AND pg_table_is_visible(oid)"
    return connection.execute(there).fetchone() is not None


def _unreachable() -> JobsError:
    return JobsError(
        "queue_unreachable",
        "--postgres: the queue cannot be reached, or its tables belong to another version of procrastinate. Check "
        "that the server is running, or apply procrastinate's migrations. Nothing in the journal is lost; run the "
        "command again.",
        exit_code=ExitCode.STOPPED,
    )

"""A worker: takes orders of the accounts it knows, rescues those of workers that are gone, and stops in order."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Final

import attrs
import psycopg
from procrastinate import App, BaseRetryStrategy, JobContext, PsycopgConnector, RetryDecision, exceptions
from procrastinate.jobs import Job as QueuedJob

from store_credit_jobs.config import Configuration
from store_credit_jobs.engine.events import Events
from store_credit_jobs.engine.interrupts import Interrupts
from store_credit_jobs.errors import JobsError
from store_credit_jobs.exit_codes import ExitCode
from store_credit_jobs.journal.postgres_journal import LEASE
from store_credit_jobs.worker.carrying_out import carry_out
from store_credit_jobs.worker.order import Order, queue_of
from store_credit_jobs.worker.queue import APPLY, RESCUE, set_up

__all__ = ["Worker"]

_LOGGER: Final = logging.getLogger(__name__)
_PASSES: Final = frozenset(("journal_locked", "lease_lost", "step_moved", "journal_unreachable", "unreachable"))
"""Errors after which an order goes back into the queue: what is in the way goes by itself."""


class _Again(Exception):  # noqa: N818 - nothing is wrong
    """The order is to be carried out later, by whoever takes it then.

    Args:
        seconds: How much later.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"in {seconds:g} seconds")
        self.seconds = seconds


class _Later(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:  # noqa: ARG002
        return RetryDecision(retry_in={"seconds": round(exception.seconds)}) if isinstance(exception, _Again) else None


@attrs.frozen(slots=True)
class Worker:
    """A worker of one process.

    Attributes:
        dsn: The database with journal and queue.
        configuration: The accounts that it takes orders of.
        events_of: Gives what shows an order; called in the order's thread.
        lease: Seconds after which an account is free for others when this process is not heard of. There are six signs
            of life in it.
        at_once: How many accounts it works for at one time.
    """

    dsn: str
    configuration: Configuration
    events_of: Callable[[], Events]
    lease: float = LEASE
    at_once: int = 4
    _running: dict[int, Interrupts] = attrs.field(factory=dict[int, Interrupts], init=False, repr=False)
    _stopped: threading.Event = attrs.field(factory=threading.Event, init=False, repr=False)

    def run(self) -> ExitCode:
        """Work until SIGTERM or Ctrl-C: then what is in flight is waited for, and the rest goes back into the queue.

        A second one leaves at once, which is safe, too.

        Raises:
            JobsError: The database cannot be reached at the start. Later that is waited out.
        """
        set_up(self.dsn)
        asyncio.run(self._work())
        return ExitCode.DONE

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        stop = asyncio.Event()
        # One thread for each order, and one for what procrastinate itself does in threads.
        loop.set_default_executor(ThreadPoolExecutor(self.at_once + 1, thread_name_prefix="store-credit-order"))
        with self._signals(loop, stop):
            while not stop.is_set():
                try:
                    await self._until(stop)
                except exceptions.ConnectorException as error:
                    _LOGGER.warning("the queue cannot be reached; trying again: %s", error.__cause__ or error)
                await _within(stop.wait(), self.lease / 6)

    @contextmanager
    def _signals(self, loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> Generator[None]:
        def asked(number: int) -> None:
            if stop.is_set():
                os._exit(ExitCode.INTERRUPTED)
            stop.set()
            self._stopped.set()
            for interrupts in list(self._running.values()):
                interrupts.ask(signal.Signals(number).name)

        numbers = (signal.SIGINT, signal.SIGTERM)
        for number in numbers:
            loop.add_signal_handler(number, asked, number)
        try:
            yield
        finally:
            for number in numbers:
                loop.remove_signal_handler(number)

    async def _until(self, stop: asyncio.Event) -> None:
        """Take orders until somebody asks to stop, or the queue cannot be reached any more."""
        app = self._app()
        beat = self.lease / 6
        options: dict[str, Any] = {
            "install_signal_handlers": False,
            # Orders that come back into the queue are announced to nobody.
            "fetch_job_polling_interval": min(1.0, beat / 2),
            "update_heartbeat_interval": beat,
            "stalled_worker_timeout": self.lease,
        }
        queues = [queue_of(account.identity) for account in self.configuration.accounts.values()]
        async with app.open_async():
            # Two, since orders may fill the first for hours, and rescues must not wait for them.
            workers = [
                asyncio.create_task(
                    app.run_worker_async(queues=queues, concurrency=self.at_once, delete_jobs="successful", **options)
                ),
                asyncio.create_task(app.run_worker_async(queues=[RESCUE], delete_jobs="always", **options)),
            ]
            asking = asyncio.create_task(stop.wait())
            await asyncio.wait((asking, *workers), return_when=asyncio.FIRST_COMPLETED)
            asking.cancel()
            for worker in workers:
                worker.cancel()
            for ended in await asyncio.gather(*workers, return_exceptions=True):
                if isinstance(ended, Exception):
                    raise ended

    def _app(self) -> App:
        app = App(connector=PsycopgConnector(conninfo=self.dsn, min_size=2, max_size=6, configure=_each_on_its_own))

        @app.task(name=APPLY, retry=_Later())
        def apply(**order: Any) -> None:
            self._carry_out(Order(**order))

        @app.periodic(cron=f"* * * * * */{max(1, round(self.lease / 6))}")
        @app.task(name=RESCUE, queue=RESCUE, queueing_lock=RESCUE, pass_context=True)
        async def rescue(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - the time it was due
            await self._rescue(context.app)

        assert apply
        assert rescue
        return app

    def _carry_out(self, order: Order) -> None:
        """Carry an order out in a thread of its own."""
        interrupts, me = Interrupts(), threading.get_ident()
        self._running[me] = interrupts
        try:
            if self._stopped.is_set():
                raise _Again(0)
            result = carry_out(
                order,
                self.configuration,
                self.dsn,
                lease=self.lease,
                events=self.events_of(),
                interrupts=interrupts,
            )
        except JobsError as error:
            if error.code not in _PASSES:
                _LOGGER.error(
                    "job %s cannot be carried out: %s Correct this, then hand the job over again.", order.job, error
                )
                raise
            _LOGGER.info("job %s returns to the queue: %s", order.job, error.message)
            raise _Again(max(1.0, self.lease / 12)) from error
        finally:
            del self._running[me]
        if result.exit_code is ExitCode.INTERRUPTED:
            raise _Again(0)
        if result.exit_code is ExitCode.LOCKED:
            raise _Again(max(1.0, self.lease / 12))

    async def _rescue(self, app: App) -> None:
        """Put orders of workers that are gone back into the queue. What they were sending is looked up first.

        One that is only slow finds out by its lease, and sends nothing more.
        """
        for stalled in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=self.lease):
            _LOGGER.warning("%s was left by a dead worker, and returns to the queue", stalled.call_string)
            try:
                await app.job_manager.retry_job(stalled)
            except exceptions.ConnectorException:
                # Somebody was faster.
                _LOGGER.info("%s has already been taken over", stalled.call_string)


async def _each_on_its_own(connection: psycopg.AsyncConnection[Any]) -> None:
    """Have each statement be a transaction of its own, as all of procrastinate's can be.

    A worker that is frozen between a statement and its commit would keep what it has locked from all others: none could
    put an order into the queue or rescue one until it goes on.
    """
    await connection.set_autocommit(True)
    await connection.execute("SET lock_timeout = '30s'")


async def _within(waiting: Any, seconds: float) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(waiting, seconds)

"""A client with options of its own: what it does about a rate limit, and about a response that is lost."""

import logging

import httpx

from store_credit import OutcomeUnknownError, RateLimitError, Timeout, VinrClient
from store_credit_mock import Server

lines: list[str] = []


class Lines(logging.Handler):
    """Keeps the lines of the log."""

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one."""
        lines.append(record.getMessage())


log = logging.getLogger("store_credit")
log.addHandler(handler := Lines())
log.setLevel("INFO")

with Server(seed=7) as server, httpx.Client() as http_client:
    vinr = VinrClient(
        http_client=http_client, timeout=Timeout(read=5, connect=2, write=5, pool=None), deadline=20, max_retries=2
    )
    once = vinr.with_options(max_retries=0)

    server.fault("vinr.store_credit.list", nth=1, status=429, headers={"Retry-After": "7"})
    wait = None
    try:
        once.store_credit.list(customer="cust_8aZ2")
    except RateLimitError as error:
        wait = error.retry_after

    server.fault("vinr.store_credit.create", nth=1, drop=True, when="after")
    settled = None
    try:
        once.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD", timeout=3)
    except OutcomeUnknownError as error:
        settled = vinr.settle(error)
    issued = list(vinr.store_credit.list(customer="cust_8aZ2"))
    vinr.close()

log.removeHandler(handler)
log.setLevel("NOTSET")

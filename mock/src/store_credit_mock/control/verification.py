"""Waiting for exchanges, and telling whether as many came as were expected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from typing import Final

from store_credit_mock.core.exchange_filter import ExchangeFilter
from store_credit_mock.core.exchange_log import Exchange, ExchangeLog

__all__ = ["UNMET", "unknown_before", "unmet", "wait"]

UNMET: Final = 417
"""The status of a response that says that what was expected did not come: `VerificationError` in Python."""

_STEP: Final = 0.02
"""Seconds between two looks at whether enough have come; other requests are answered meanwhile."""
_NEAREST: Final = 3
_LISTED: Final = 10
_COMPARED: Final = 200
"""How many of the newest exchanges are looked at for what comes nearest."""


def wait(log: ExchangeLog, chosen: ExchangeFilter, wanted: int, timeout: float) -> Generator[float, None, int]:
    """Wait for exchanges, yielding the seconds to wait; returns how many there are, whether or not it is enough.

    Args:
        log: Where they come.
        chosen: Which.
        wanted: How many end the waiting.
        timeout: Seconds after which it ends anyhow.
    """
    count, cleared, waited = sum(map(chosen.fits, log)), log.cleared, 0.0

    # By listening, not by looking at the log: what came may have given way to newer ones already.
    def listen(exchange: Exchange) -> None:
        nonlocal count
        count += chosen.fits(exchange)

    log.listeners.append(listen)
    try:
        while count < wanted and waited < timeout:
            step = min(_STEP, timeout - waited)
            yield step
            waited += step
            if log.cleared != cleared:
                count, cleared = sum(map(chosen.fits, log)), log.cleared
    finally:
        log.listeners.remove(listen)
    return count


def unknown_before(log: ExchangeLog, after: int) -> int:
    """Count the exchanges after a number that are no longer in the log, because newer ones took their place."""
    return log.evicted if log.evicted and log[0].number > after + 1 else 0


def unmet(log: ExchangeLog, chosen: ExchangeFilter, subject: str, expected: str, count: int, waited: str) -> str:
    """Say what was expected and what came instead: too many are listed, for too few what comes nearest."""
    came = [exchange for exchange in log if exchange.number > chosen.after]
    asked = ", ".join(filter(None, (subject, str(chosen))))
    lines = [f"expected {expected} {asked}; {count or 'none'} arrived{waited}, of {len(came)} exchanges stored"]
    fitting = [exchange for exchange in came if chosen.fits(exchange)]
    if fitting:
        lines += ["these arrived:", *map(str, fitting[-_LISTED:])]
    # The newest first, and of those the ones that differ least.
    others = [exchange for exchange in came[:-_COMPARED:-1] if not chosen.fits(exchange)]
    near = sorted(((chosen.differences(one), one) for one in others), key=lambda pair: len(pair[0]))[:_NEAREST]
    if near:
        lines.append("closest among the others:")
        lines += [f"{exchange}\n    - {'; '.join(differences)}" for differences, exchange in near]
    names = Counter(exchange.operation or "no operation of the OpenAPI document" for exchange in came)
    if names:
        lines.append("all: " + ", ".join(f"{name} {many}" for name, many in names.most_common(_LISTED)))
    return "\n".join(lines)

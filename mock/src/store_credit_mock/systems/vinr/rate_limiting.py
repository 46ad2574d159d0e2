"""Rate limits (V55, V56): a token bucket for each key, reads and writes apart."""

from __future__ import annotations

from math import ceil
from typing import Final

from store_credit_mock.http import Header
from store_credit_mock.sandbox import LATEST, Sandbox

__all__ = ["SANDBOX_BUCKET", "Bucket", "bucket_of", "forget"]

SANDBOX_BUCKET: Final = (25.0, 50)
"""Requests per second and size of the bucket on VINR's sandbox."""

KEYS_REMEMBERED: Final = 10_000
_BUCKETS: Final = "vinr.buckets"


class Bucket:
    """One bucket. Lives in this process only.

    Args:
        rate: Requests per second that it regains.
        size: Requests it holds.
        now: Unix milliseconds.

    Attributes:
        header: What tells its size, on every response.
    """

    __slots__ = ("at", "header", "left", "rate", "size")

    def __init__(self, rate: float, size: int, now: int) -> None:
        self.rate = rate
        self.size = size
        self.header: Header = (b"x-ratelimit-limit", b"%d" % size)
        self.left = float(size)
        self.at = now

    def take(self, now: int) -> bool:
        """Take one request out; False if none is left."""
        left = self.left
        if now > self.at:
            left += (now - self.at) * self.rate / 1000
            if left > self.size:
                left = float(self.size)
        self.at = now
        if left < 1:
            self.left = left
            return False
        self.left = left - 1
        return True

    @property
    def wait(self) -> int:
        """Whole seconds until one request is there again, at least 1."""
        return max(1, ceil((1 - self.left) / self.rate))

    @property
    def full_at(self) -> int:
        """Unix seconds when it will be full again, at the latest when the clock stands."""
        return min(ceil(self.at / 1000 + (self.size - self.left) / self.rate), LATEST // 1000)


def limit_of(sandbox: Sandbox) -> tuple[float, int] | None:
    """The rate and the size of every key's buckets: as set through the control plane, or else by the options."""
    return sandbox.process_cache.get("vinr.rate_limit") or sandbox.of_systems["rate_limit"]


def bucket_of(sandbox: Sandbox, key: str, now: int, *, writes: bool) -> Bucket:
    """The bucket of a key for reads or for writes."""
    bucket = sandbox.process_cache.get(_BUCKETS, {}).get((key, writes))
    if bucket is None:
        if len(sandbox.process_cache.get(_BUCKETS, ())) >= KEYS_REMEMBERED:
            forget(sandbox)
        memory: dict[tuple[str, bool], Bucket] = sandbox.process_cache.setdefault(_BUCKETS, {})
        rate, size = limit_of(sandbox) or SANDBOX_BUCKET
        bucket = memory[key, writes] = Bucket(rate, size, now)
    return bucket


def forget(sandbox: Sandbox) -> None:
    """Give every key full buckets again."""
    sandbox.process_cache.pop(_BUCKETS, None)

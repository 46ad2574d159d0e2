"""Rate limits (V55, V56): a token bucket for each key, reads and writes apart."""

from __future__ import annotations

from math import ceil
from typing import Final

from store_credit_mock.sandbox import Sandbox

__all__ = ["BUCKETS", "SANDBOX_BUCKET", "Bucket", "bucket_of"]

SANDBOX_BUCKET: Final = (25.0, 50)
"""Requests per second and size of the bucket on VINR's sandbox."""

KEYS_REMEMBERED: Final = 10_000
BUCKETS: Final = "vinr.buckets"
"""Where a sandbox's memory has them."""


class Bucket:
    """One bucket. Lives in this process only.

    Args:
        rate: Requests per second that it regains.
        size: Requests it holds.
        now: Unix milliseconds.
    """

    __slots__ = ("at", "left", "rate", "size")

    def __init__(self, rate: float, size: int, now: int) -> None:
        self.rate = rate
        self.size = size
        self.left = float(size)
        self.at = now

    def take(self, now: int) -> bool:
        """Take one request out; False if none is left."""
        left = self.left + max(0, now - self.at) * self.rate / 1000
        self.left = left = min(left, float(self.size))
        self.at = now
        if left < 1:
            return False
        self.left = left - 1
        return True

    @property
    def wait(self) -> int:
        """Whole seconds until one request is there again, at least 1."""
        return max(1, ceil((1 - self.left) / self.rate))

    @property
    def full_at(self) -> int:
        """Unix seconds when it will be full again."""
        return ceil(self.at / 1000 + (self.size - self.left) / self.rate)


def bucket_of(sandbox: Sandbox, key: str, now: int, *, writes: bool) -> Bucket:
    """The bucket of a key for reads or for writes."""
    memory: dict[tuple[str, bool], Bucket] | None = sandbox.memory.get(BUCKETS)
    if memory is None:
        memory = sandbox.memory[BUCKETS] = {}
    bucket = memory.get((key, writes))
    if bucket is None:
        if len(memory) >= KEYS_REMEMBERED:
            memory.clear()
        rate, size = sandbox.memory.get("vinr.rate_limit") or sandbox.options.rate_limit or SANDBOX_BUCKET
        bucket = memory[key, writes] = Bucket(rate, size, now)
    return bucket

"""Differences that are expected, each with its reason. One that does not happen any more fails the replay."""

from __future__ import annotations

from replaying.report import Known

__all__ = ["KNOWN"]

KNOWN: tuple[Known, ...] = ()

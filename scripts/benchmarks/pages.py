"""The page that keeps a measurement."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.machine import description
from benchmarks.rows import Row, as_markdown

__all__ = ["sdk_page"]


def sdk_page(rows: Sequence[Row]) -> str:
    """The measured rows with what they were measured on, as Markdown."""
    machine = "\n".join(f"- {line}" for line in description())
    return f"""# Speed of the SDK

Written by `scripts/bench sdk --write`; run `scripts/bench sdk` to measure on your own machine.

Figures are CPU time (user and system) in processes of their own, medians over rounds in which every contender takes its
turn. `ratio` is the median of the rounds' ratios of ours to the rival's, so that it can differ a little from the
quotient of the two medians; in rows without a rival it is our figure. A row without a target is for information. Where
`holds` says limit, the target cannot be reached: the measured bound stands below the table.

Measured on:

{machine}

{as_markdown(rows)}"""

"""Pictures of a report as SVG: bars, drawn by integer arithmetic, each with a title and a description in words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from store_credit_jobs.audit.amounts import grouped
from store_credit_jobs.audit.report import Figures, Line
from store_credit_jobs.audit.tables import visible

__all__ = ["PARTS", "months_picture", "shares_picture"]

PARTS: Final = (("used", "used"), ("expired", "expired"), ("authorized", "authorized"), ("free", "free to spend"))
"""What becomes of what was issued: the class of its colour, and its name."""

_WIDTH: Final = 720
_HEIGHT: Final = 220
_LEFT: Final = 8
_TOP: Final = 24
_FOOT: Final = 40
_ROW: Final = 34
_LABEL: Final = 60


def months_picture(key: str, title: str, lines: Sequence[Line], most: int = 36) -> str:
    """Draw what is outstanding of one currency by month, a bar for each; the months before the last `most` are one bar.

    Args:
        key: The beginning of the ids in the picture, unique on its page.
        title: What it shows.
        lines: At least one line of one currency, in the order of their months.
        most: How many months get a bar of their own.
    """
    currency = lines[0].currency
    early, late = lines[:-most], lines[-most:]
    bars = [(visible(line.name or ""), line.figures.outstanding) for line in late]
    if early:
        bars.insert(0, (f"before {bars[0][0]}", sum(line.figures.outstanding for line in early)))
    top = max(1, *(amount for _, amount in bars))
    step = (_WIDTH - 2 * _LEFT) * 10 // len(bars)
    drawn: list[str] = []
    each = max(1, len(bars) // 8)
    for place, (name, amount) in enumerate(bars):
        height = max(0, amount) * (_HEIGHT - _TOP - _FOOT) * 10 // top
        left, below = _LEFT * 10 + place * step, (_HEIGHT - _FOOT) * 10
        text = escape(f"{name}: {grouped(amount, currency)} {currency}")
        # At least a hair, so that a small amount is not nothing.
        height = max(height, 10) if amount > 0 else 0
        drawn.append(
            f'<rect class="free" x="{_tenths(left + step // 10)}" y="{_tenths(below - height)}" '
            f'width="{_tenths(step * 8 // 10)}" height="{_tenths(height)}"><title>{text}</title></rect>'
        )
        if place % each == 0:
            drawn.append(f'<text x="{_tenths(left + step // 10)}" y="{_HEIGHT - _FOOT + 18}">{escape(name)}</text>')
    peak = max(bars, key=lambda bar: bar[1])
    described = (
        f"{len(bars)} bars from {bars[0][0]} to {bars[-1][0]}. The highest is {peak[0]} with "
        f"{grouped(peak[1], currency)} {currency}. The table contains every figure."
    )
    axis = f'<line class="axis" x1="{_LEFT}" y1="{_HEIGHT - _FOOT}" x2="{_WIDTH - _LEFT}" y2="{_HEIGHT - _FOOT}"/>'
    scale = f'<text x="{_LEFT}" y="14">{escape(f"{grouped(top, currency)} {currency}")}</text>'
    return _svg(key, title, described, _HEIGHT, [scale, *drawn, axis])


def shares_picture(key: str, title: str, lines: Sequence[Line]) -> str:
    """Draw for each currency what became of what was issued, as shares of one bar: currencies do not compare.

    Args:
        key: The beginning of the ids in the picture, unique on its page.
        title: What it shows.
        lines: Figures of currencies.
    """
    drawn: list[str] = []
    described: list[str] = []
    for place, line in enumerate(lines):
        above = place * _ROW + 4
        name = escape(visible(line.currency))
        drawn.append(f'<text x="{_LEFT}" y="{above + 18}">{name}</text>')
        amounts = _parts(line.figures)
        whole = max(sum(amounts), 1)
        left = _LABEL * 10
        for (kind, said), amount in zip(PARTS, amounts, strict=True):
            width = amount * (_WIDTH - _LABEL - _LEFT) * 10 // whole
            if amount > 0:
                text = escape(f"{line.currency} {said}: {grouped(amount, line.currency)}")
                drawn.append(
                    f'<rect class="{kind}" x="{_tenths(left)}" y="{above}" width="{_tenths(max(width, 10))}" '
                    f'height="{_ROW - 10}"><title>{text}</title></rect>'
                )
            left += width
        percents = ", ".join(
            f"{amount * 100 // whole} % {said}" for (_, said), amount in zip(PARTS, amounts, strict=True) if amount > 0
        )
        described.append(f"{visible(line.currency)}: {percents or 'nothing'}.")
    text = f"Of the issued credit: {' '.join(described)} The table contains every figure."
    return _svg(key, title, text, max(len(lines), 1) * _ROW + 4, drawn)


def _parts(figures: Figures) -> tuple[int, ...]:
    free = figures.outstanding - figures.authorized
    # What is below 0 breaks a rule, and is listed there; no bar is that long.
    return tuple(max(0, amount) for amount in (figures.used, figures.expired, figures.authorized, free))


def _tenths(value: int) -> str:
    return f"{value // 10}.{value % 10}"


def _svg(key: str, title: str, described: str, height: int, drawn: Sequence[str]) -> str:
    return (
        f'<svg role="img" viewBox="0 0 {_WIDTH} {height}" aria-labelledby="{key}-title" aria-describedby="{key}-desc">'
        f'<title id="{key}-title">{escape(title)}</title><desc id="{key}-desc">{escape(described)}</desc>'
        f"{''.join(drawn)}</svg>"
    )

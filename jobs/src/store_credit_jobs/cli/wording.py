"""Money, durations and other people's words as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["amounts", "duration", "money", "plain", "requests", "rows"]


def money(minor: int, currency: str) -> str:
    """Write an amount of minor units: `money(123450, "USD")` is `USD 1,234.50`."""
    from store_credit import MoneyError, from_minor_units

    try:
        return f"{currency} {from_minor_units(minor, currency):,f}"
    except MoneyError:
        return f"{currency} {minor:,} minor units"


def amounts(done: Mapping[str, int], planned: Mapping[str, int]) -> Iterable[str]:
    """Write for each currency what is done of what was planned, in the order of the codes."""
    for currency in sorted({*done, *planned}):
        whole = planned.get(currency, 0)
        _, _, of = money(whole, currency).partition(" ")
        yield f"{money(done.get(currency, 0), currency)} of {of}"


def duration(seconds: float) -> str:
    """Write seconds as a clock does: `8 s`, `3:05`, `2:00:00`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    hours, rest = divmod(whole, 3600)
    return f"{hours}:{rest // 60:02}:{rest % 60:02}" if hours else f"{rest // 60}:{rest % 60:02}"


def requests(number: int) -> str:
    """Write a number of requests: `1 request`, `2,000 requests`."""
    return f"{number:,} request{'' if number == 1 else 's'}"


def rows(number: int) -> str:
    """Write a number of rows: `1 row`, `2,000 rows`."""
    return f"{number:,} row{'' if number == 1 else 's'}"


def plain(text: str) -> str:
    """Write a text of a file or a server so that it cannot move a terminal's cursor or begin a new line."""
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)

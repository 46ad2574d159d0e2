"""Many values in one test: what `pytest.mark.parametrize` does, as subtests, so that set-up and report are one."""

import functools
import inspect
import reprlib
from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["pairwise", "together"]

Test = Callable[..., Any]


def together(names: str | tuple[str, ...], values: Iterable[Any]) -> Callable[[Test], Test]:
    """Run a test with each of these values as a subtest: all are tried, and each that fails is told with its value."""
    wanted = (names,) if isinstance(names, str) else names
    rows = [(value,) if isinstance(names, str) else tuple(value) for value in values]
    assert rows, "a test of nothing"

    def decorate(test: Test) -> Test:
        kept = [one for one in inspect.signature(test).parameters.values() if one.name not in wanted]
        if "subtests" not in inspect.signature(test).parameters:
            kept.append(inspect.Parameter("subtests", inspect.Parameter.KEYWORD_ONLY))
        hands_on = any(one.name == "subtests" for one in inspect.signature(test).parameters.values())

        def calls(given: dict[str, Any]) -> Iterable[tuple[Any, Callable[[], Any]]]:
            subtests = given["subtests"] if hands_on else given.pop("subtests")
            for row in rows:
                call = functools.partial(test, **dict(zip(wanted, row, strict=True)), **given)
                yield subtests.test(msg=", ".join(map(reprlib.repr, row))), call

        @functools.wraps(test)
        def run(**given: Any) -> None:
            for subtest, call in calls(given):
                with subtest:
                    call()

        @functools.wraps(test)
        async def run_async(**given: Any) -> None:
            for subtest, call in calls(given):
                with subtest:
                    await call()

        made: Any = run_async if inspect.iscoroutinefunction(test) else run
        made.__signature__ = inspect.Signature(kept)
        return made

    return decorate


def pairwise(*factors: Iterable[Any]) -> list[tuple[Any, ...]]:
    """Rows in which every two values of different factors meet, and no more than that takes; always the same ones."""
    levels = [list(factor) for factor in factors]
    places = [(a, b) for a in range(len(levels)) for b in range(a)]
    missing = {(a, i, b, j) for a, b in places for i in range(len(levels[a])) for j in range(len(levels[b]))}
    rows: list[tuple[Any, ...]] = []
    while missing:
        row: dict[int, int] = {}
        a, i, b, j = min(missing)
        row[a], row[b] = i, j
        for place, level in enumerate(levels):
            if place not in row:
                gain = [sum(_pair(place, at, one, k) in missing for one, k in row.items()) for at in range(len(level))]
                row[place] = gain.index(max(gain))
        missing -= {_pair(x, row[x], y, row[y]) for x, y in places}
        rows.append(tuple(level[row[place]] for place, level in enumerate(levels)))
    return rows


def _pair(a: int, i: int, b: int, j: int) -> tuple[int, int, int, int]:
    return (a, i, b, j) if a > b else (b, j, a, i)

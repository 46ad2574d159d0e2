"""Taking turns: every round samples every contender once, so that a slow moment of the machine meets all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

__all__ = ["Sampler", "interleave"]

Sampler = Callable[[], float]


def interleave(samplers: Mapping[str, Sampler], rounds: int) -> dict[str, list[float]]:
    """Sample each contender once a round.

    Args:
        samplers: By name, a function that measures once and returns the figure.
        rounds: How many rounds count. One more is run before them and dropped: it warms up.

    Returns:
        The figures by name, one for each round that counts.
    """
    names = list(samplers)
    for name in names:
        samplers[name]()
    figures: dict[str, list[float]] = {name: [] for name in names}
    for turn in range(rounds):
        # Back and forth, so that nobody always comes after the same neighbour.
        for name in names if turn % 2 == 0 else reversed(names):
            figures[name].append(samplers[name]())
    return figures

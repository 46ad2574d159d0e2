"""What a forked child must not share with its parent: connections, and locks that a thread of the parent may hold.

A child that read from a connection of its parent would take another process's response for its own. So everything that
owns connections or locks registers here, and is told in the child before any other code of the child runs.
"""

from __future__ import annotations

import os
from typing import Protocol
from weakref import WeakSet

__all__ = ["renew_after_fork"]


class Renewable(Protocol):
    """Something that makes its connections and locks anew in a forked child."""

    def after_fork(self) -> None:
        """Forget what belongs to the parent, without closing it: the parent still uses it."""
        ...


_renewables: WeakSet[Renewable] = WeakSet()


def renew_after_fork(renewable: Renewable) -> None:
    """Have `after_fork` called in every child that is forked while the object lives."""
    _renewables.add(renewable)


def _renew_all() -> None:
    for renewable in list(_renewables):
        renewable.after_fork()


if hasattr(os, "register_at_fork"):  # Windows has no fork.
    os.register_at_fork(after_in_child=_renew_all)

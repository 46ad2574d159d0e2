"""The systems the mock plays, each in its own room."""

from __future__ import annotations

from store_credit_mock.systems.base import System

__all__ = ["default_systems"]


def default_systems() -> list[System]:
    """One of each system the document describes."""
    from store_credit_mock.systems.vinr import Vinr

    systems: list[System] = [Vinr()]
    try:
        from store_credit_mock.systems.spree import Spree
    except ImportError:
        return systems
    return [*systems, Spree()]

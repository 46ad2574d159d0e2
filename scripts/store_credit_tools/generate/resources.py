"""A tag of the document as one attribute of the clients."""

from __future__ import annotations

from dataclasses import dataclass

from store_credit_tools.generate.methods import Method

__all__ = ["Resource"]


@dataclass(frozen=True)
class Resource:
    """A tag of the document: `vinr.store_credit` is `client.store_credit` on the VINR clients."""

    tag: str
    attribute: str
    module: str
    class_name: str
    description: str
    methods: list[Method]

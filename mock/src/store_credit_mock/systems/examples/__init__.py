"""Operations that have no handler, served from the examples of their document: statelessly, the same each time."""

from store_credit_mock.systems.examples.system import Examples

__all__ = ["Examples"]

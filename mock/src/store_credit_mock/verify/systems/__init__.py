"""The systems that `verify` knows more of than their documents say."""

from __future__ import annotations

from typing import Final

from store_credit_mock.contract import Contract
from store_credit_mock.verify.systems.base import Argument, CannotRunError, VerifiedSystem, member
from store_credit_mock.verify.systems.spree import VerifiedSpree
from store_credit_mock.verify.systems.vinr import VerifiedVinr

__all__ = ["KNOWN", "Argument", "CannotRunError", "VerifiedSystem", "member", "verified_system"]

KNOWN: Final[dict[str, type[VerifiedSystem]]] = {"vinr": VerifiedVinr, "spree": VerifiedSpree}


def verified_system(name: str, contract: Contract) -> VerifiedSystem:
    """Make what is known of a system; of one that is not known, what its document says.

    Raises:
        ValueError: The document has no operation of it.
    """
    if not any(operation.system == name for operation in contract.operations.values()):
        known = ", ".join(sorted({operation.system for operation in contract.operations.values()})) or "none"
        raise ValueError(f"the document has no operation of {name}: its operationIds begin with {known}")
    return KNOWN.get(name, VerifiedSystem)(name, contract)

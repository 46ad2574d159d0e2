"""The systems that `verify` knows more of than their documents say."""

from __future__ import annotations

from typing import Final

from store_credit_mock.contract import Contract
from store_credit_mock.verify.systems.base import Argument, CannotRunError, VerifiedSystem, member
from store_credit_mock.verify.systems.spree import VerifiedSpree
from store_credit_mock.verify.systems.spree_v3 import VerifiedSpreeV3
from store_credit_mock.verify.systems.vinr import VerifiedVinr

__all__ = ["KNOWN", "Argument", "CannotRunError", "VerifiedSystem", "member", "verified_system"]

KNOWN: Final[dict[str, type[VerifiedSystem]]] = {
    "vinr": VerifiedVinr,
    "spree": VerifiedSpree,
    "spree_v3": VerifiedSpreeV3,
}


def verified_system(name: str | None, contract: Contract) -> VerifiedSystem:
    """Make what is known of a system; of one that is not known, what its document says.

    Args:
        name: First part of its operationIds; None for all operations of a document that has none of a known system.
        contract: The document, compiled.

    Raises:
        ValueError: The document has no operation of it, or a name is wanted.
    """
    if name is None:
        known = sorted(KNOWN.keys() & {operation.system for operation in contract.operations.values()})
        if known:
            told = " or ".join(name.replace("_", "-") for name in known)
            raise ValueError(f"--system is missing; select the system at this address: {told}")
        return VerifiedSystem("", contract)
    if name.replace("-", "_") in KNOWN:
        name = name.replace("-", "_")
    if not any(operation.system == name for operation in contract.operations.values()):
        begun = sorted({operation.system for operation in contract.operations.values()} - {""})
        known = f"its operationIds begin with {', '.join(begun)}" if begun else "omit --system to test all operations"
        raise ValueError(f"the OpenAPI document has no operations for the system {name}; {known}")
    return KNOWN.get(name, VerifiedSystem)(name, contract)

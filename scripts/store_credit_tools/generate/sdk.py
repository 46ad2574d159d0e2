"""The SDK as one use of `generate`: its templates, and the plan they render."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bootstrap import ROOT
from store_credit_tools.generate.build import generate
from store_credit_tools.generate.ir import Plan
from store_credit_tools.generate.parse import read_plan
from store_credit_tools.generate.parsed import Parsed

__all__ = ["GENERATED", "generate_sdk"]

GENERATED: Final = ("__init__.py", "client.py", "api", "models")
"""What the generator owns inside the package; everything else there is written by hand."""

_TEMPLATES: Final = ROOT / "sdk" / "templates"


def generate_sdk(document: Path, output: Path) -> Plan:
    """Write the generated part of the SDK for a document into an empty folder.

    Raises:
        GenerationError: As `generate`; or something in the document has no place in the SDK.
    """
    plans: list[Plan] = []

    def overlay(parsed: Parsed) -> Mapping[str, Any]:
        plans.append(read_plan(parsed.document))
        return {"plan": plans[0], "models": plans[0].models}

    generate(document, output, _TEMPLATES, overlay)
    return plans[0]

"""Descriptions of the document as docstrings: what an editor shows as plain text."""

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from store_credit_tools.generate.formatting import prose

DESCRIPTION = """\
Pays for the cart (V51).

> **Warning:** Send one call
> at a time.

- The first item is longer than
  one line.
- The second item.

The end."""


def test_a_list_keeps_its_items_and_a_quotation_loses_its_marks() -> None:
    """Each item on lines of its own, the further ones below its first word."""
    assert prose(DESCRIPTION, indent=4, width=30) == (
        "Pays for the cart.\n\n"
        "    Warning: Send one call at\n"
        "    a time.\n\n"
        "    - The first item is longer\n"
        "      than one line.\n"
        "    - The second item.\n\n"
        "    The end."
    )


def test_a_paragraph_that_begins_with_a_dash_inside_is_no_list() -> None:
    """Only at the beginning of a line does a dash begin an item."""
    assert prose("From 3 - 5 to\n7 -8.", width=60) == "From 3 - 5 to 7 -8."

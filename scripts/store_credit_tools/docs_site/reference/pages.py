"""All pages of the reference, in the order of the navigation."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.reference.commands import command_pages
from store_credit_tools.docs_site.reference.control_plane import control_pages
from store_credit_tools.docs_site.reference.sdk_pages import sdk_pages
from store_credit_tools.docs_site.reference.settings import settings_page
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.view_model import Page

__all__ = ["reference_pages"]


def reference_pages(
    register: Register, operations: Collection[str], samples: Mapping[str, Sequence[SampleSet]]
) -> tuple[Page, ...]:
    """Make them.

    Args:
        register: Where everything is; what the pages show is added.
        operations: The operationIds that have an entry of their own.
        samples: Those of each operation, by operationId.

    Raises:
        PagesError: Something that a page shows is missing; the text names it.
    """
    return (
        *sdk_pages(register, operations, samples),
        *control_pages(register),
        *command_pages(register),
        settings_page(register),
    )

"""Our models, made as our clients make them of a response's bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from store_credit._core import readers
from store_credit._core.response import Response
from store_credit.models import DOCUMENTS, SpreeStoreCredit, SpreeV3PageMeta, SpreeV3StoreCredit, VinrStoreCredit
from store_credit_tools.bench.contenders.reading import spree_flat, spree_v3, vinr, vinr_expanded

__all__ = ["OURS"]

_vinr_page = readers.page(VinrStoreCredit)
_spree_v3_page = readers.page(SpreeV3StoreCredit, SpreeV3PageMeta)
_spree_page = readers.page_of_resources(SpreeStoreCredit, DOCUMENTS["SpreeStoreCreditList"])


def _page(
    make: Callable[[Response], readers.PageData], read: Callable[[Iterable[Any]], None]
) -> Callable[[bytes], None]:
    return lambda content: read(make(Response(200, [], content)).items)


OURS = {
    "vinr": _page(_vinr_page, vinr),
    "vinr_expanded": _page(_vinr_page, vinr_expanded),
    "spree": _page(_spree_page, spree_flat),
    "spree_v3": _page(_spree_v3_page, spree_v3),
}
"""By the body's name: what is done with the content."""

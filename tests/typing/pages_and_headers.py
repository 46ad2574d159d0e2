"""Pages of lists and headers of webhooks, as mypy and pyright in strict mode see them. It is checked, never run."""

from collections.abc import Iterable
from email.message import Message
from typing import Any, assert_type

import httpx

from store_credit import (
    AsyncCursorPage,
    AsyncSpreeClient,
    AsyncVinrClient,
    CursorPage,
    NumberedPage,
    SpreeClient,
    VinrClient,
    webhooks,
)
from store_credit.models import SpreeStoreCredit, VinrStoreCredit


def pages(vinr: VinrClient, spree: SpreeClient) -> None:
    """A page's own records, and the pages around it."""
    page = vinr.store_credit.list()
    assert_type(page.first(), VinrStoreCredit | None)
    assert_type(page[0], VinrStoreCredit)
    assert_type(page[1:], list[VinrStoreCredit])
    assert_type(len(page), int)
    assert_type(list(page), list[VinrStoreCredit])
    assert_type(page.next_page(), CursorPage[VinrStoreCredit] | None)
    assert_type(page.previous_page(), CursorPage[VinrStoreCredit] | None)
    numbered = spree.store_credits.list(filter={"id_gt": 5})
    assert_type(numbered.previous_page(), NumberedPage[SpreeStoreCredit] | None)
    assert_type(numbered[-1], SpreeStoreCredit)

    page["sc_1"]  # type: ignore[call-overload]


async def awaited(vinr: AsyncVinrClient, spree: AsyncSpreeClient) -> None:
    """The same, awaited."""
    assert_type(await vinr.store_credit.list().first(), VinrStoreCredit | None)
    page = await vinr.store_credit.list()
    assert_type(page.first(), VinrStoreCredit | None)
    assert_type(page[0], VinrStoreCredit)
    assert_type(await page.previous_page(), AsyncCursorPage[VinrStoreCredit] | None)
    assert_type(await spree.store_credits.list().first(), SpreeStoreCredit | None)


def headers(
    body: bytes,
    message: Message,
    environ: dict[str, Any],
    scope: Iterable[tuple[bytes, bytes]],
    parsed: httpx.Headers,
) -> None:
    """Headers as servers have them."""
    webhooks.parse(body, message)
    webhooks.parse(body, environ)
    webhooks.parse(body, scope)
    webhooks.parse(body, parsed)
    assert_type(webhooks.test_headers(body, "whsec_1"), dict[str, str])
    webhooks.parse(body, webhooks.test_headers(body, "whsec_1", timestamp=1780000000))

    webhooks.parse(body, 5)  # type: ignore[arg-type]
    webhooks.test_headers(body, None)  # type: ignore[arg-type]

"""The text of the page that the SDK begins with: how to install it, the first calls, and where everything else is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from store_credit_tools.docs_site.reference.sdk_layout import METHOD_PAGES, NAME_PAGES, RECORD_PAGES

__all__ = ["LEAD", "overview"]

LEAD: Final = "Call the store credit APIs from Python: install the SDK, issue a first credit, and find every name."

_START: Final = """\
The package is not on PyPI yet; do not install a package of this name from there. In a clone of the repository, install
the SDK together with the mock, and start the mock:

```console
$ pip install ./sdk './mock[server]' ./jobs
$ store-credit-mock serve --samples
```

Paste the `export` lines that the mock prints into a second terminal, and run the samples there. `SpreeAdminClient`
calls Spree's API v3:

```python
from store_credit import SpreeAdminClient

with SpreeAdminClient() as spree:    # takes SPREE_URL and SPREE_ADMIN_KEY
    credit = spree.customers.store_credits.create(
        "cus_UkLWZg9DAJ", amount="25.00", currency="USD", memo="refund-1102"
    )
    print(credit.id, credit.amount_remaining)
```

`VinrClient` calls VINR, whose amounts are in minor units (`1000` is USD 10.00):

```python
from store_credit import VinrClient

with VinrClient() as vinr:    # takes VINR_SECRET_KEY and VINR_BASE_URL
    credit = vinr.store_credit.create(
        customer="cust_8aZ2", amount=1000, currency="USD", idempotency_key="refund-1103"
    )
    print(credit.id, credit.balance_remaining)
```

[Start here](page:index) shows VINR's call in other languages, too. For coding assistants,
[llms-sdk.txt](llms-sdk.txt) summarises the SDK in one short file.

## When a call fails

Every error is a [`StoreCreditError`](sdk:StoreCreditError); [SDK errors](page:sdk-errors) lists all of them. The SDK
resends only requests that are safe to repeat, at most twice by default. If it reports an unknown outcome
([`OutcomeUnknownError`](sdk:OutcomeUnknownError)), do not repeat the call: pass the error to
[`client.settle`](sdk:client.settle) ([Idempotency and retries](page:idempotency)). `timeout` limits each step of a
request (30 seconds by default), and `deadline` limits a whole call with all its attempts
([Timeouts and retries](page:timeouts)).
"""

_TOPICS: Final = {"sdk-clients": "Clients", "sdk-records": "Records and money", "sdk-observing": "Hooks and logs"}
"""What a page of names is about, where its title is longer than needed."""


def overview(exported: Iterable[str]) -> Iterator[str]:
    """Write the parts of the page, as Markdown.

    Args:
        exported: The names that the package exports; a topic lists its own in the order of its page.
    """
    yield _START
    yield "## Pages\n\n" + "\n".join(_pages())
    known = set(exported)
    rows = [
        f"- **[{_TOPICS.get(page.slug, page.title)}](page:{page.slug}):** "
        + ", ".join(f"[`{name}`](sdk:{name})" for name in page.names if name in known)
        for page in NAME_PAGES
    ]
    yield (
        "## Names\n\nImport each of these names from `store_credit`; a name is loaded only when it is first used.\n\n"
        + "\n".join(rows)
    )


def _pages() -> Iterator[str]:
    """A line for each page, in the order of the navigation."""
    clients, *others = NAME_PAGES
    for title, slug, about in (
        (clients.title, clients.slug, clients.lead),
        *((page.title, page.slug, page.about) for page in METHOD_PAGES),
        *((page.title, page.slug, page.lead) for page in (*others, *RECORD_PAGES)),
    ):
        yield f"- [{title}](page:{slug}): {about}"

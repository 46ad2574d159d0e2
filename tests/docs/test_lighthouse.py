"""What Lighthouse says of five pages, served beside a mock: accessibility, best practices and search engines.

Only if `STORE_CREDIT_LIGHTHOUSE_RUNS` says how often, since Lighthouse is 186 MB of packages and takes minutes:

    STORE_CREDIT_LIGHTHOUSE_RUNS=5 scripts/test --toolchain tests/docs/test_lighthouse.py -s

Performance depends on the machine. It is printed, as the median of the runs, and not judged.
"""

from __future__ import annotations

import json
import os
import subprocess

import pytest

from store_credit_tools.node import LIGHTHOUSE, NodeUnavailableError, program

pytestmark = [pytest.mark.toolchain, pytest.mark.slow]

PAGES = [
    "index.html",
    "vinr-store-credit.html",
    "spree-v3-admin-customers-store-credits.html",
    "errors.html",
    "testing.html",
]
LEAST = 98
RUNS = os.environ.get("STORE_CREDIT_LIGHTHOUSE_RUNS", "")


@pytest.mark.timeout(900)
def test_lighthouse_has_little_to_say(request: pytest.FixtureRequest, browser_arguments: list[str]) -> None:
    """At least 98 of 100 in each of the three, on every page."""
    if not RUNS:
        pytest.skip("STORE_CREDIT_LIGHTHOUSE_RUNS is not set, so that Lighthouse did not rate the pages")
    settings = {
        "chromium": request.getfixturevalue("chromium"),
        "arguments": browser_arguments,
        "address": request.getfixturevalue("served")[0],
        "pages": PAGES,
        "runs": int(RUNS),
    }
    try:
        command = [*program(LIGHTHOUSE, "rate.mjs"), json.dumps(settings)]
    except NodeUnavailableError as reason:
        pytest.skip(str(reason))
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=800, check=False)
    assert done.returncode == 0, done.stderr
    rated = [json.loads(line) for line in done.stdout.splitlines()]
    for one in rated:
        print(
            f"{one['page']:<50} accessibility {one['accessibility']:>3}, best practices {one['bestPractices']:>3},"
            f" SEO {one['seo']:>3}, performance {one['performance']:>3}"
        )

    assert [one["page"] for one in rated] == PAGES
    low = [one for one in rated if min(one["accessibility"], one["bestPractices"], one["seo"]) < LEAST]
    assert low == []

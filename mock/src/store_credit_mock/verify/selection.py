"""What of all that can be tried a run tries, and which checks count: `--only` and `--exclude`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from fnmatch import fnmatchcase

from store_credit_mock.verify.findings import BEHAVIOUR, NO_RESPONSE, SHAPE, Finding

__all__ = ["CHECKS", "WALKS", "Selection"]

WALKS = "from one operation to the next"
"""The item of the generated requests that follow the document's links."""
CHECKS = (
    BEHAVIOUR,
    SHAPE,
    NO_RESPONSE,
    "content_type_conformance",
    "ensure_resource_availability",
    "ignored_auth",
    "missing_required_header",
    "negative_data_rejection",
    "not_a_server_error",
    "positive_data_acceptance",
    "response_headers_conformance",
    "response_schema_conformance",
    "status_code_conformance",
    "unsupported_method",
    "use_after_free",
)
"""Names of the checks: ours, then those of schemathesis."""


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


class Selection:
    """Patterns over the names of scenarios, operations and checks; `*` stands for any text, and case does not count.

    Args:
        items: Names of the scenarios and operations there are.
        only: Try and count nothing else. Patterns of checks choose checks, the others what is tried.
        exclude: Leave these out of what is left.

    Raises:
        ValueError: A pattern matches nothing, or nothing is left.
    """

    def __init__(self, items: Iterable[str], only: Sequence[str] = (), exclude: Sequence[str] = ()) -> None:
        self._items = [*items, WALKS]
        known = [*self._items, *CHECKS]
        for flag, patterns in (("--only", only), ("--exclude", exclude)):
            for pattern in patterns:
                if not any(_matches(name, [pattern]) for name in known):
                    near = get_close_matches(pattern, known, 1, 0.5)
                    meant = f"; did you mean {near[0]!r}?" if near else "."
                    raise ValueError(
                        f"{flag} {pattern!r} matches no scenario, operation or check in this run{meant}"
                        f" The checks are {', '.join(CHECKS)}"
                    )
        self._only_checks = [pattern for pattern in only if any(_matches(name, [pattern]) for name in CHECKS)]
        self._only_items = [pattern for pattern in only if any(_matches(name, [pattern]) for name in self._items)]
        self._exclude = tuple(exclude)
        if not any(map(self.tries, self._items)) or not any(map(self._checks, CHECKS)):
            raise ValueError("--only and --exclude together leave nothing to run")

    def tries(self, item: str) -> bool:
        """Whether a scenario or an operation is tried."""
        chosen = not self._only_items or _matches(item, self._only_items)
        return chosen and not _matches(item, self._exclude)

    def takes(self, finding: Finding) -> bool:
        """Whether a finding counts at all."""
        return self._checks(finding.check) and not _matches(finding.operation, self._exclude)

    def _checks(self, check: str) -> bool:
        chosen = not self._only_checks or _matches(check, self._only_checks)
        return chosen and not _matches(check, self._exclude)

"""A recorded script: its steps, and the responses that are published beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from store_credit_mock.recording import ExchangeFile, RecordingError, read_file
from store_credit_mock.systems.spree.versions import PROFILES

__all__ = ["NUMBERED", "Answers", "Run", "Step", "answers", "in_scope", "read", "runs", "unknown_versions"]

NUMBERED = "4.5"
"""The version whose record numbers the script has in its addresses; its files have no suffix."""
_MIXED_LISTS = frozenset({"4.5", "4.10"})
"""Versions whose cache of lists leaves the filters out of its key (spree.md 13.2)."""
_NAME = re.compile(r"(.+?)(?:\.spree(\d+)\w*)?(?:\.(nocache|postgresql))?")
_NOT_ANSWERS = frozenset({"index", "sequence"})

_OUTSIDE = re.compile(
    r"/api/v2/storefront/(?:cart(?:/.*)?|checkout|checkout/(?:next|advance|complete|create_payment|payment_methods"
    r"|shipping_rates)|account/orders(?:/.*)?)"
    r"|/api/v2/platform/(?:users(?:/.*)?|payment_methods(?:/.*)?|webhooks/.*|orders/[^/]+|orders/[^/]+/cancel)"
)
"""What the real server answers and openapi.yaml leaves out."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        number: From 1.
        name: Of its response's file; None if it was only preparation.
        caller: Who sent it (`admin_app`, `alice`, `nobody`).
        method: In capitals.
        path: As recorded.
        query: Value, or list of values, by name.
        headers: As recorded, secrets as placeholders.
        body: JSON value, or raw text; None for no body.
        expected: The status, where only that is known.
        record_from: The step that made the record its path names.
        cart_from: The step that opened the cart its order token opens.
        order_from: The step that opened the cart which is the order its path names.
        back_office: What was done without a request.
    """

    number: int
    name: str | None
    caller: str
    method: str
    path: str
    query: Mapping[str, Any]
    headers: Mapping[str, str]
    body: Any
    expected: int | None
    record_from: int | None
    cart_from: int | None
    order_from: int | None
    back_office: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """One recorded run of the script.

    Attributes:
        profile: The Spree version, as the mock's option names it.
        variant: Empty for SQLite with the response cache on; `nocache` with it off; `postgresql` for PostgreSQL.
    """

    profile: str
    variant: str = ""

    def __str__(self) -> str:
        return self.profile + {"": "", "nocache": " without its cache", "postgresql": " over PostgreSQL"}[self.variant]

    @property
    def same_ids(self) -> bool:
        """Whether records have the numbers that the script has in its addresses.

        Over PostgreSQL they run ahead, because refused inserts use up numbers.
        """
        return self.profile == NUMBERED and self.variant != "postgresql"

    @property
    def options(self) -> Mapping[str, Any]:
        """What the mock is told, so that it is what was recorded."""
        return {
            "profile": self.profile,
            "spree_database": "postgresql" if self.variant == "postgresql" else "sqlite",
            # Where the cache of an older version was stale, a file of the run without it says what counts.
            "spree_response_cache": self.variant != "nocache" and self.profile not in _MIXED_LISTS,
        }


@dataclass(frozen=True, slots=True)
class Answers:
    """What a folder holds of one run.

    Attributes:
        of: The response to compare by the number of its step.
        passed_over: Names of the others, each with the reason.
    """

    of: Mapping[int, ExchangeFile]
    passed_over: Mapping[str, str]


def runs(folder: Path, script: Path | None = None) -> list[Run]:
    """The runs whose answers a folder holds.

    Args:
        folder: Where the responses are.
        script: Where `sequence.json` is; in the same folder if None.

    Raises:
        RecordingError: It holds none at all, or there is no script.
    """
    if not folder.is_dir():
        raise RecordingError(f"{folder}: is not a folder")
    steps = read(script or folder)
    every = [Run(profile, variant) for profile in PROFILES for variant in ("", "nocache", "postgresql")]
    found = [run for run in every if answers(folder, steps, run).of]
    if not found:
        raise RecordingError(f"{folder} contains no responses to the script; name a folder of exchange files")
    return found


def read(folder: Path) -> list[Step]:
    """Read the script of a folder.

    Raises:
        RecordingError: There is none, or it cannot be understood.
    """
    path = folder / "sequence.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_step(item) for item in content["steps"]]
    except OSError as error:
        raise RecordingError(f"{path}: cannot be read: {error.strerror}; name a folder with a sequence.json") from None
    except (ValueError, KeyError, TypeError) as error:
        raise RecordingError(f"{path}: is not a script: {error!r}") from None


def _step(item: dict[str, Any]) -> Step:
    request = cast("dict[str, Any]", item.get("request") or {})
    return Step(
        item["seq"], item.get("name"), item.get("as", "nobody"), request.get("method", ""), request.get("path", ""),
        request.get("query") or {}, request.get("headers") or {}, request.get("body"), item.get("expected_status"),
        item.get("record_from_step"), item.get("cart_from_step"), item.get("order_from_step"), item.get("back_office"),
    )  # fmt: skip


def in_scope(step: Step) -> bool:
    """Whether the mock answers this request itself; the others' effect comes through the control plane."""
    return step.back_office is None and _OUTSIDE.fullmatch(step.path) is None


def answers(folder: Path, steps: list[Step], run: Run) -> Answers:
    """The responses of a run.

    A file belongs to the step whose number it gives as `seq`, or else to the one it is named after.

    Raises:
        RecordingError: A step's file cannot be understood.
    """
    numbers = {step.name: step.number for step in steps if step.name is not None}
    names = {step.number: step.name for step in steps}
    candidates: list[tuple[bool, int, ExchangeFile]] = []
    passed_over: dict[str, str] = {}
    for path, name, of in _files(folder):
        if of != run:
            continue
        try:
            published = read_file(path)
        except RecordingError as error:
            if name in numbers:
                raise
            passed_over[path.stem] = str(error).removeprefix(f"{path}: ")
            continue
        number = published.number or numbers.get(name)
        if number not in names:
            passed_over[path.stem] = "no step of the script has its number or its name"
        elif not run.variant and run.profile in _MIXED_LISTS and path.with_name(f"{path.stem}.nocache.json").exists():
            passed_over[path.stem] = "the server's cache gave another list's response, which the mock does not imitate"
        else:
            candidates.append((names[number] != name, number, published))
    found: dict[int, ExchangeFile] = {}
    for _, number, published in sorted(candidates, key=lambda candidate: candidate[:2]):
        first = found.setdefault(number, published)
        if first is not published:
            passed_over[published.name] = "another file is compared in its place"
    return Answers(found, passed_over)


def unknown_versions(folder: Path) -> Mapping[str, str]:
    """Names of the files that are of a version the mock has no profile of, each with the reason."""
    return {
        path.stem: "the mock has no profile of this version of Spree" for path, _, run in _files(folder) if run is None
    }


def _files(folder: Path) -> Iterator[tuple[Path, str, Run | None]]:
    """Everything in a folder that may be a response: its name without suffixes, and its run."""
    versions = {profile.replace(".", ""): profile for profile in PROFILES}
    for path in sorted(path for path in folder.glob("*.json") if path.stem not in _NOT_ANSWERS):
        found = _NAME.fullmatch(path.stem)
        if found is None:
            continue
        name, digits, variant = found[1], found[2] or NUMBERED.replace(".", ""), found[3] or ""
        fitting = [known for known in versions if digits.startswith(known)]
        profile = versions[max(fitting, key=len)] if fitting else None
        yield path, name, None if profile is None else Run(profile, variant)

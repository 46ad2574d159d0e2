"""A recorded script: its steps, and the responses that are published beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from store_credit_mock.recording import ExchangeFile, RecordingError, read_file

__all__ = ["NUMBERED", "Answers", "Step", "answers", "in_scope", "profiles", "read", "run_of"]

_SUFFIX = {"4.5": "", "4.10": ".spree4103"}
"""What the names of a profile's files hold."""
NUMBERED = "4.5"
"""The version whose record numbers the script has in its addresses."""
_NO_CACHE = ".nocache"
_POSTGRESQL = ".postgresql"
_VARIANT = re.compile(r"\.(?:spree4103|nocache|postgresql)")
_NOT_ANSWERS = frozenset({"index", "sequence"})

_OUTSIDE = re.compile(
    r"/spree_oauth/.*"
    r"|/api/v2/storefront/(?:cart(?:/.*)?|checkout|checkout/(?:next|advance|complete|create_payment|payment_methods"
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
class Answers:
    """What a folder holds of one profile's run.

    Attributes:
        of: The response to compare by the number of its step.
        passed_over: Names of the others, each with the reason.
    """

    of: Mapping[int, ExchangeFile]
    passed_over: Mapping[str, str]


def profiles(folder: Path, script: Path | None = None) -> list[str]:
    """The profiles whose answers a folder holds.

    Args:
        folder: Where the responses are.
        script: Where `sequence.json` is; in the same folder if None.

    Raises:
        RecordingError: It holds none at all, or there is no script.
    """
    if not folder.is_dir():
        raise RecordingError(f"{folder}: is not a folder")
    steps = read(script or folder)
    found = [profile for profile in _SUFFIX if answers(folder, steps, profile).of]
    if not found:
        raise RecordingError(f"{folder}: holds no responses to the script; name a folder of exchange files")
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


def answers(folder: Path, steps: list[Step], profile: str) -> Answers:
    """The responses of a profile's run. A `.nocache` file takes the place of the main one, which is stale.

    A file belongs to the step whose number it gives as `seq`, or else to the one it is named after.

    Raises:
        RecordingError: A step's file cannot be understood.
    """
    numbers = {step.name: step.number for step in steps if step.name is not None}
    names = {step.number: step.name for step in steps}
    candidates: list[tuple[bool, bool, int, ExchangeFile]] = []
    passed_over: dict[str, str] = {}
    for path in _files(folder, profile):
        name = _VARIANT.sub("", path.stem)
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
        elif _POSTGRESQL in path.stem:
            passed_over[path.stem] = "PostgreSQL answers this otherwise"
        else:
            candidates.append((run_of(published) == "main", names[number] != name, number, published))
    found: dict[int, ExchangeFile] = {}
    for _, _, number, published in sorted(candidates, key=lambda candidate: candidate[:3]):
        first = found.setdefault(number, published)
        if first is not published:
            passed_over[published.name] = "another file is compared in its place"
    return Answers(found, passed_over)


def run_of(published: ExchangeFile) -> str:
    """Which run of the server a response comes from; times and numbers compare within a run."""
    return "nocache" if _NO_CACHE in published.name else "main"


def _files(folder: Path, profile: str) -> list[Path]:
    """Everything in a folder that may be a response of a profile's run."""
    paths = sorted(path for path in folder.glob("*.json") if path.stem not in _NOT_ANSWERS)
    return [path for path in paths if (_SUFFIX["4.10"] in path.stem) == (profile == "4.10")]

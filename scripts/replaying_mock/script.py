"""A recorded script: its steps, and the answers that are published beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

__all__ = ["Published", "ScriptError", "Step", "answers", "in_scope", "profiles", "read"]

SUFFIX = {"4.5": "", "4.10": ".spree4103"}
"""What the files of a profile's run end with."""

_OUTSIDE = re.compile(
    r"/spree_oauth/.*"
    r"|/api/v2/storefront/(?:cart(?:/.*)?|checkout|checkout/(?:next|advance|complete|create_payment|payment_methods"
    r"|shipping_rates)|account/orders(?:/.*)?)"
    r"|/api/v2/platform/(?:users(?:/.*)?|payment_methods(?:/.*)?|webhooks/.*|orders/[^/]+|orders/[^/]+/cancel)"
)
"""What the real server answers and openapi.yaml leaves out."""


class ScriptError(Exception):
    """The folder holds no script that can be played; the text says what to change."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        number: From 1.
        name: Of its answer's file; None if it was only preparation.
        caller: Who sent it (`admin_app`, `alice`, `nobody`).
        method: In capitals.
        path: As recorded.
        query: Value, or list of values, by name.
        headers: As recorded, secrets as placeholders.
        body: JSON value, or raw text; None is no body.
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
class Published:
    """A published answer.

    Attributes:
        run: Which run of the server it comes from; times and numbers compare within a run.
        name: Its file's name without `.json`.
        path: The request's path in that run, whose ids may be others.
    """

    run: str
    name: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: Any


def profiles(folder: Path) -> list[str]:
    """The profiles whose answers a folder holds; 4.5 in any case."""
    return [profile for profile, suffix in SUFFIX.items() if not suffix or any(folder.glob(f"*{suffix}.json"))]


def read(folder: Path) -> list[Step]:
    """Read the script of a folder.

    Raises:
        ScriptError: There is none, or it cannot be understood.
    """
    path = folder / "sequence.json"
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return [_step(item) for item in content["steps"]]
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read: {error.strerror}; name a folder with a sequence.json") from None
    except (ValueError, KeyError, TypeError) as error:
        raise ScriptError(f"{path}: is no script: {error!r}") from None


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


def answers(folder: Path, steps: list[Step], profile: str, *, needed: bool = True) -> dict[int, Published]:
    """The published answers of a profile's run by step. A `.nocache` file takes the place of the main one.

    Raises:
        ScriptError: A file cannot be understood, or there is none at all although one is needed.
    """
    found: dict[int, Published] = {}
    for step in steps:
        if step.name is None:
            continue
        suffix = SUFFIX[profile]
        paths = [folder / f"{step.name}{suffix}.json"]
        if not suffix:
            paths.insert(0, folder / f"{step.name}.nocache.json")
        path = next((path for path in paths if path.is_file()), None)
        if path is None:
            continue
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            if content["seq"] != step.number:
                # A name that two steps share belongs to the one its file numbers.
                continue
            response = content["response"]
            found[step.number] = Published(
                "nocache" if path.name.endswith(".nocache.json") else "main", path.stem, content["request"]["path"],
                response["status"], response["headers"], response["body"],
            )  # fmt: skip
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ScriptError(f"{path}: is no exchange: {error!r}") from None
    if needed and not found:
        raise ScriptError(f"{folder}: holds no answers of the {profile} run")
    return found

"""Asking, insisting on the response, and how a scenario is tried."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast

from store_credit_mock.control import Control
from store_credit_mock.http_libraries import httpx
from store_credit_mock.systems.control_route import ControlError
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.transport import UndocumentedError

__all__ = [
    "Attempt",
    "BrokenError",
    "Outcome",
    "Scenario",
    "ScenarioRegistry",
    "Target",
    "attempt",
    "check",
    "check_equal",
    "request_json",
    "run",
]


_NEEDS = {
    "control": "control plane",
    "receiver": "way to deliver webhooks to this machine",
}


class BrokenError(Exception):
    """The system does not hold to a scenario; the text says in what.

    Args:
        text: A sentence.
        place: The same without the values, by which a finding is known again; the text if None.
        general: Whether the place says it all, whichever scenario meets it, such as a status of an operation.
    """

    def __init__(self, text: str, place: str | None = None, *, general: bool = False) -> None:
        super().__init__(text)
        self.general = general
        self.place = text if place is None else place


@dataclass
class Target:
    """A system under test.

    Attributes:
        system: Which it is: `vinr`, `spree`.
        client: A client of it: base address and credentials that may do everything.
        ids: Ids that exist there, by what takes them: `customer`, `user_id`.
        control: The control plane, if a mock answers.
        receiver: The address on which `received` listens, to which the target can deliver webhooks.
        received: Waits for the next webhook that was delivered there: its body and its headers, None if none comes.
        made: Where what is made besides the document's records is kept, to be undone.
    """

    system: str
    client: httpx.Client
    made: CreatedRecords
    ids: Mapping[str, str] = field(default_factory=dict[str, str])
    control: Control | None = None
    receiver: str | None = None
    received: Callable[[], tuple[bytes, Mapping[str, str]] | None] | None = None

    @contextlib.contextmanager
    def undoing(self, what: str, undo: Callable[[], object]) -> Generator[None]:
        """Undo something at the end, however that comes about; what fails is tried once more when all is cleared up."""
        entry = (what, undo)
        self.made.undo.append(entry)
        try:
            yield
        finally:
            with contextlib.suppress(httpx.HTTPError, ControlError):
                undo()
                self.made.undo.remove(entry)


Attempt = Callable[[Any], None]


@dataclass(frozen=True)
class Scenario:
    """A named promise of a system: what it needs of a target besides the client, and how it is tried."""

    system: str
    title: str
    name: str
    needs: tuple[str, ...]
    attempt: Attempt


class ScenarioRegistry:
    """The scenarios of one module, in order.

    Args:
        system: Whose promises they are.
        title: As people call it.
    """

    def __init__(self, system: str, title: str) -> None:
        self._system = system
        self._title = title
        self.scenarios: list[Scenario] = []

    def __call__(self, name: str, *needs: str) -> Callable[[Attempt], Attempt]:
        """Register the function that tries a scenario."""

        def register(attempt: Attempt) -> Attempt:
            self.scenarios.append(Scenario(self._system, self._title, name, needs, attempt))
            return attempt

        return register


@dataclass(frozen=True)
class Outcome:
    """How a scenario went.

    Attributes:
        name: The scenario's.
        result: How it went.
        text: What broke, or why it was skipped.
        place: What broke, without values.
        general: Whether that is the same in whichever scenario.
        unread: Whether it ended because a response does not hold what the scenario reads from it.
    """

    name: str
    result: Literal["held", "broken", "skipped"]
    text: str = ""
    place: str = ""
    unread: bool = False
    general: bool = False

    def __str__(self) -> str:
        return f"{self.result:8}{self.name}{': ' if self.text else ''}{self.text}"


def run(target: Target, scenarios: Iterable[Scenario]) -> Iterator[Outcome]:
    """Try scenarios, in order."""
    for scenario in scenarios:
        yield attempt(target, scenario)


def attempt(target: Target, scenario: Scenario) -> Outcome:
    """Try one scenario."""
    missing = [_NEEDS[need] for need in scenario.needs if getattr(target, need) is None]
    if target.system != scenario.system:
        missing.insert(0, scenario.title)
    if missing:
        return Outcome(scenario.name, "skipped", f"the target has no {' and no '.join(missing)}")
    try:
        scenario.attempt(target)
    except BrokenError as error:
        return Outcome(scenario.name, "broken", str(error), error.place, general=error.general)
    except UndocumentedError as error:
        return Outcome(scenario.name, "skipped", str(error))
    except httpx.HTTPError as error:
        return Outcome(scenario.name, "broken", f"no response: {error or 'the connection failed'}", "no response")
    except ControlError as error:
        text = f"the control plane returned {error.status}: {error}"
        return Outcome(scenario.name, "broken", text, f"the control plane returned {error.status}")
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        # What Python says of it is about this program, not about the server.
        text = "a response does not contain what this scenario needs"
        return Outcome(scenario.name, "broken", text, text, unread=True)
    return Outcome(scenario.name, "held")


def check_equal(what: str, got: object, expected: object) -> None:
    """Insist that two JSON values are the same; 1000 is not 1000.0, and not true for 1."""
    if got != expected or _kinds(got) != _kinds(expected):
        raise BrokenError(f"{what} is {_short(got)}, expected {_short(expected)}", what)


def check(holds: bool, text: str) -> None:
    """Insist on anything else."""
    if not holds:
        raise BrokenError(text)


def _kinds(value: object) -> object:
    """The types inside a value."""
    if isinstance(value, dict):
        return {key: _kinds(inner) for key, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_kinds(inner) for inner in cast("list[object]", value)]
    return type(value)


def _short(value: object) -> str:
    try:
        text = json.dumps(value, ensure_ascii=True)
    except TypeError:
        text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}..."


def request_json(client: httpx.Client, method: str, path: str, expected: int, **how: Any) -> Any:
    """Send a request, check its status, and return its JSON.

    Raises:
        BrokenError: The status is another, or the body no JSON.
    """
    return answer(client, method, path, expected, **how)[0]


def answer(client: httpx.Client, method: str, path: str, expected: int, **how: Any) -> tuple[Any, httpx.Headers]:
    """The same with the headers."""
    got = client.request(method, path, **how)
    if got.status_code != expected:
        said = got.text[:300] if got.content else ""
        raise BrokenError(
            f"the status of {method} {path} is {got.status_code} instead of {expected}{' -- ' if said else ''}{said}",
            f"the status is {got.status_code} instead of {expected}",
            general=True,
        )
    if not got.content:
        return None, got.headers
    kind = got.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.endswith("json"):
        raise BrokenError(f"the content type of {method} {path} is {kind!r}", f"the content type is {kind!r}")
    try:
        return got.json(), got.headers
    except ValueError as error:
        raise BrokenError(f"the body of {method} {path} is not valid JSON", "the body is not valid JSON") from error

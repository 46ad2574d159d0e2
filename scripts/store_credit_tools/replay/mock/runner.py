"""Playing a script from its first step to its last, in observe mode, inside this process."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote, urlencode

from store_credit_mock import Engine, Options, Request, Response, Storage
from store_credit_mock.control.client import Control
from store_credit_mock.recording import ExchangeFile, RecordingError
from store_credit_tools.replay.differences import Difference
from store_credit_tools.replay.known_differences import MOCK, reason_for
from store_credit_tools.replay.mock.compare import SIDE, Comparison, sent_times
from store_credit_tools.replay.mock.out_of_scope_steps import Outside
from store_credit_tools.replay.mock.script import NUMBERED, Run, Step, answers, in_scope, read, runs, unknown_versions
from store_credit_tools.replay.mock.tokens import PATH, Tokens
from store_credit_tools.replay.report import MockReport

__all__ = ["play", "play_all", "responses"]

_HOST = "localhost:4545"
_USER = re.compile(r"/api/v2/platform/users/(\d+)")


def play(
    folder: Path, run: Run | None = None, storage: Storage | None = None, *, script: Path | None = None
) -> MockReport:
    """Play the script of a folder.

    Args:
        folder: Where the responses are.
        run: Whose answers are compared, and what the mock plays; the main run of Spree 4.5 if None.
        storage: Where the mock keeps its state; in memory if None.
        script: Where `sequence.json` is; in the same folder if None.

    Raises:
        RecordingError: There is no script, or no response of that run.
    """
    run = run or Run(NUMBERED)
    steps = read(script or folder)
    published = answers(folder, steps, run)
    if not published.of:
        raise RecordingError(f"{folder}: contains no responses from Spree {run}")
    player = _Player(steps, published.of, run, storage, {} if run.same_ids else _numbered(steps))
    report = player.run()
    report.passed_over = published.passed_over
    return report


def play_all(folder: Path, profile: str | None = None, *, script: Path | None = None) -> list[MockReport]:
    """Play every run that a folder has responses of, or every run of one Spree version.

    Files of versions that the mock has no profile of are named in the first report.

    Raises:
        RecordingError: There is no script, or there are no responses.
    """
    found = [run for run in runs(folder, script) if profile in {None, run.profile}]
    if not found:
        raise RecordingError(f"{folder}: contains no responses from Spree {profile}")
    reports = [play(folder, run, script=script) for run in found]
    reports[0].passed_over = {**reports[0].passed_over, **unknown_versions(folder)}
    return reports


def responses(script: Path, run: Run) -> Mapping[int, Response]:
    """Play a script, and return what the mock responds to each step in scope, by its number.

    Raises:
        RecordingError: There is no script.
    """
    steps = read(script)
    player = _Player(steps, {}, run, None, {} if run.same_ids else _numbered(steps))
    player.run()
    return player.responses


def _numbered(steps: list[Step]) -> Mapping[int, Any]:
    """What the mock answers as the version whose numbers the script has in its addresses, by step."""
    player = _Player(steps, {}, Run(NUMBERED))
    player.run()
    return player.data


class _Player:
    def __init__(
        self,
        steps: list[Step],
        published: Mapping[int, ExchangeFile],
        run: Run,
        storage: Storage | None = None,
        numbered: Mapping[int, Any] | None = None,
    ) -> None:
        self.data: dict[int, Any] = {}
        self.responses: dict[int, Response] = {}
        self._steps = steps
        self._published = published
        self._numbered = numbered or {}
        options = Options(strict=False, seed="replay", spree_token="unused", **run.options)  # noqa: S106
        self._engine = Engine(storage=storage, options=options)
        self._engine.raise_errors = True
        self._control = Control.inside(self._engine.control)
        self._outside = Outside(self._control)
        self._tokens = Tokens()
        self._comparison = Comparison(same_ids=run.same_ids, sent=sent_times(step.body for step in steps))
        self._ids: dict[int, str] = {}
        self._by_recorded: dict[tuple[str, str], str] = {}
        self._etags: dict[str, str] = {}
        self._refused: set[int] = set()
        self._report = MockReport(str(run), len(steps))

    def run(self) -> MockReport:
        for step in self._steps:
            self._control.advance(0.001)
            if in_scope(step):
                self._inside(step)
            else:
                self._beside(step)
        self._engine.close()
        return self._report

    def _beside(self, step: Step) -> None:
        report = self._report
        report.outside += 1
        status = self._outside.play(step)
        if step.method == "GET" and (user := _USER.fullmatch(step.path)):
            self._show_user(user[1])
        if step.number in self._published:
            report.outside_published += 1
        if step.expected is not None and status is not None and status != step.expected:
            report.outside_wrong.append(f"step {step.number}: {step.expected} expected, {status} here")
        elif step.back_office is not None and status is not None:
            report.outside_wrong.append(f"step {step.number}: {status} for {step.back_office}")

    def _show_user(self, user_id: str) -> None:
        """Have a user shown through a credit, as the server's cache has been asked for that user."""
        headers = {"Host": _HOST, "Authorization": f"Bearer {self._tokens.access.get('admin_app', '')}"}
        target = f"/api/v2/platform/store_credits?filter[user_id_eq]={user_id}&include=user&per_page=1"
        self._engine.handle(Request.build("GET", target, headers))

    def _inside(self, step: Step) -> None:
        report = self._report
        if step.record_from in self._refused:
            report.unanswered += 1
            return
        step = self._tokens.filled(step) if step.path == PATH else step
        request, target = self._request(step)
        response = self.responses[step.number] = self._engine.handle(request)
        self._learn(step, response, target)
        if step.path == PATH:
            self._tokens.learn(step, response)
        published = self._published.get(step.number)
        if published is None:
            if step.expected is None:
                report.unanswered += 1
            elif response.status == step.expected:
                report.statuses += 1
            else:
                report.wrong_statuses.append(f"step {step.number}: {step.expected} expected, {response.status} here")
            return
        found = self._comparison.differences(published, response, target)
        sent = step.headers.get("X-Request-Id")
        if sent is not None and response.header("x-request-id") != sent:
            what = f"{response.header('x-request-id')} where {sent} was sent"
            found.append(Difference(SIDE, "/response/headers/X-Request-Id", what))
        name = published.name
        reasons = [reason_for(MOCK, name, difference) for difference in found]
        if not found:
            report.equal.append(name)
        elif None not in reasons:
            report.excepted[name] = "; ".join(dict.fromkeys(filter(None, reasons)))
        else:
            report.different[name] = [f"{difference.where}: {difference.what}" for difference in found]
            report.numbers[name] = step.number

    # What is sent

    def _request(self, step: Step) -> tuple[Request, str]:
        path = self._path(step)
        query = "&".join(_pairs(step.query, self._tokens.access.get("admin_app", "")))
        body = b""
        if isinstance(step.body, str):
            body = step.body.encode()
        elif step.body is not None:
            body = json.dumps(step.body, ensure_ascii=False).encode()
        target = path + ("?" + query if query else "")
        headers = {"Host": _HOST}
        for name, value in step.headers.items():
            headers[name] = self._header(step, name, value, target)
        return Request.build(step.method, target, headers, body), target

    def _header(self, step: Step, name: str, value: str, target: str) -> str:
        if name == "Authorization":
            return value.replace("<token>", self._tokens.access.get(step.caller, "nobody has this token"))
        if name == "X-Spree-Order-Token" and value == "<token>" and step.cart_from is not None:
            return self._outside.carts[step.cart_from][1]
        if name == "If-None-Match":
            # The tag in the script is another run's; the one meant is what the same address gave before.
            return self._etags.get(target, value)
        return value

    def _path(self, step: Step) -> str:
        head, _, tail = step.path.rpartition("/")
        if step.order_from is not None:
            parts = step.path.split("/")
            parts[parts.index("orders") + 1] = self._outside.carts[step.order_from][0]
            return "/".join(parts)
        if step.record_from is not None and step.record_from in self._ids:
            return f"{head}/{self._ids[step.record_from]}"
        kind = head.rpartition("/")[2]
        return f"{head}/{self._by_recorded.get((kind, tail), tail)}"

    # What is learned from answers

    def _learn(self, step: Step, response: Response, target: str) -> None:
        """Note a response's tag and ids, and which record the script means by a number of another version."""
        tag = response.header("etag")
        if tag is not None:
            self._etags[target] = tag
        if response.status >= 500 and step.method == "POST":
            self._refused.add(step.number)
        if not response.body or response.status >= 300:
            return
        data = self.data[step.number] = json.loads(response.body).get("data")
        if isinstance(data, dict):
            self._ids[step.number] = cast("dict[str, str]", data)["id"]
        for other, own in _both(self._numbered.get(step.number), data):
            kind = str(other["type"])
            plural = kind[:-1] + "ies" if kind.endswith("y") else kind + "s"
            # A record is made before it is listed, where pages of two versions may hold others at the same place.
            self._by_recorded.setdefault((plural, str(other["id"])), str(own["id"]))


def _both(recorded: Any, mock: Any) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    left: list[Any] = cast("list[Any]", recorded) if isinstance(recorded, list) else [recorded]
    right: list[Any] = cast("list[Any]", mock) if isinstance(mock, list) else [mock]
    if len(left) == len(right):
        for one, other in zip(left, right, strict=True):
            if isinstance(one, dict) and isinstance(other, dict):
                yield cast("dict[str, Any]", one), cast("dict[str, Any]", other)


def _pairs(query: Mapping[str, Any], token: str) -> Iterator[str]:
    for name, value in query.items():
        texts: list[Any] = cast("list[Any]", value) if isinstance(value, list) else [value]
        for text in texts:
            filled = token if text == "<token>" else str(text)
            yield quote(name, safe="[]") + "=" + urlencode({"": filled}, safe=",")[1:]

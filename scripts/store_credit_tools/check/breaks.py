"""What of a changed document breaks those who use an earlier one: in what they send, read, call or receive."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Final

from bootstrap import ROOT
from store_credit_tools.check.grammar import METHODS
from store_credit_tools.check.schema_breaks import SchemaComparison, Side, follow
from store_credit_tools.check.source import Location, Node, Source, items, mapping
from store_credit_tools.extensions import PROMISED

__all__ = ["RELEASED", "allows_breaks", "announcing", "breaks", "check_breaks", "promises", "written"]

RELEASED: Final = ROOT / "tests" / "contract" / "released.json"
"""What the document promised when it was last released."""

_WORDS: Final = ("title", "summary", "description", "example", "examples")
"""What only people read."""
_NAMED: Final = frozenset(
    """
    paths webhooks schemas securitySchemes properties parameters headers responses content variables
    """.split()  # noqa: SIM905 - a list of these is read by columns
)
"""Members whose own members have names that the document chose: a property may be called `description`."""


def promises(value: Any, *, named: bool = False) -> Any:
    """What of a part of the document can break a client; `named` if its members have names that the document chose."""
    if isinstance(value, list):
        return [promises(item) for item in items(value)]
    if not isinstance(value, dict):
        return value
    return {
        name: promises(member, named=not named and name in _NAMED)
        for name, member in mapping(value).items()
        if named or (name in PROMISED if name.startswith("x-") else name not in _WORDS)
    }


def written(data: Node) -> str:
    """JSON with a line for each operation and each component, so that a release shows what changed."""

    def text(value: Any, depth: int) -> str:
        if not isinstance(value, dict) or not depth:
            return json.dumps(value, ensure_ascii=False)
        inner = (f"{json.dumps(name)}: {text(one, depth - 1)}" for name, one in mapping(value).items())
        return "{\n" + ",\n".join(inner) + "\n}"

    return text(data, 3) + "\n"


def allows_breaks(base: str, revision: str) -> bool:
    """Whether a version says that clients of an earlier one may break."""
    old, new = _numbers(base), _numbers(revision)
    return new[0] > old[0] or (new[0] == old[0] == 0 and new[1] > old[1])


def announcing(version: str) -> str:
    """The next version that says that clients of this one may break."""
    major, minor, _ = _numbers(version)
    return f"0.{minor + 1}.0" if major == 0 else f"{major + 1}.0.0"


def _numbers(version: str) -> tuple[int, int, int]:
    major, minor, patch = (int(one) for one in re.findall(r"\d+", version)[:3])
    return major, minor, patch


def check_breaks(source: Source) -> None:
    """Note what breaks users of the released document, unless `info.version` announces it."""
    released = json.loads(RELEASED.read_text("utf-8"))
    base, revision = str(released["info"]["version"]), str(mapping(source.data.get("info")).get("version"))
    if not re.fullmatch(r"\d+\.\d+\.\d+", revision) or allows_breaks(base, revision):
        return
    for place, what in breaks(released, source.data):
        remedy = f"take it back, or announce it: scripts/release {announcing(base)}, and a line in CHANGELOG.md"
        source.add(place, f"{what}, which breaks users of {base}", remedy)


def breaks(base: Node, revision: Node) -> list[tuple[Location, str]]:
    """Compare two documents.

    Args:
        base: The earlier one, or what `promises` kept of it.
        revision: The later one.

    Returns:
        The place in the later document of each change that breaks somebody, and what changed.
    """
    comparison = _Comparison(base, revision)
    comparison.run()
    return list(dict.fromkeys(comparison.found))


@dataclass
class _Comparison:
    base: Node
    revision: Node
    found: list[tuple[Location, str]] = field(default_factory=list[tuple[Location, str]])

    def run(self) -> None:
        self.schemas = SchemaComparison(self.base, self.revision, self.note)
        for path, item in mapping(self.base.get("paths")).items():
            here = ("paths", path)
            later = mapping(self.revision.get("paths")).get(path)
            if later is None:
                self.note(here, f"the path {path} is gone")
                continue
            self._servers(here, mapping(item), mapping(later), path)
            for method in METHODS:
                if method in item:
                    self._operation((*here, method), f"{method.upper()} {path}")
        self._webhooks()
        self._components()

    def note(self, place: Location, what: str) -> None:
        self.found.append((place, what))

    def _both(self, place: Location) -> tuple[Any, Any]:
        return follow(self.base, place)[1], follow(self.revision, place)[1]

    def _servers(self, place: Location, old: Node, new: Node, path: str) -> None:
        before = [one.get("url") for one in items(old.get("servers", self.base.get("servers")))]
        after = [one.get("url") for one in items(new.get("servers", self.revision.get("servers")))]
        for url in before:
            if url not in after:
                self.note((*place, "servers"), f"the server {url} of {path} is gone")

    def _operation(self, place: Location, said: str) -> None:
        old, new = (mapping(one) for one in self._both(place))
        if not new:
            self.note(place, f"{said} is gone")
            return
        if old.get("operationId") != new.get("operationId"):
            what = f"the operationId of {said} changed from {old.get('operationId')} to {new.get('operationId')}"
            self.note((*place, "operationId"), what)
        if old.get("tags") != new.get("tags"):
            self.note((*place, "tags"), f"the tag of {said} changed, which names its client")
        if "x-idempotent" in old and "x-idempotent" not in new:
            self.note(place, f"{said} is no longer `x-idempotent`, so it is no longer resent")
        if "x-creates" in new and "x-creates" not in old:
            self.note((*place, "x-creates"), f"{said} is now `x-creates`, so its outcome may be unknown")
        if "x-no-sdk-method" in new and "x-no-sdk-method" not in old:
            self.note((*place, "x-no-sdk-method"), f"{said} no longer has a method in the SDK")
        self._security(place, old, new, said)
        self._parameters(place, said)
        self._request_body(place, said)
        for status in mapping(old.get("responses")):
            self._response((*place, "responses", status), f"the response {status} of {said}")

    def _security(self, place: Location, old: Node, new: Node, said: str) -> None:
        before = items(old.get("security", self.base.get("security")))
        after = items(new.get("security", self.revision.get("security")))
        if after and not before:
            self.note((*place, "security"), f"{said} now requires credentials")
        for choice in before:
            if after and choice not in after:
                names = " and ".join(choice) or "none"
                self.note((*place, "security"), f"{said} no longer accepts the credentials {names}")

    def _parameters(self, place: Location, said: str) -> None:
        old, new = self._listed(self.base, place), self._listed(self.revision, place)
        for key, there in old.items():
            name = f"the {key[0]} parameter {key[1]} of {said}"
            if key not in new:
                self.note(place, f"{name} is gone")
                continue
            here = new[key]
            before, after = mapping(follow(self.base, there)[1]), mapping(follow(self.revision, here)[1])
            if after.get("required") is True and before.get("required") is not True:
                self.note(here, f"{name} is now required")
            for word in ("style", "explode"):
                if before.get(word) != after.get(word):
                    self.note(here, f"`{word}` of {name} changed from {before.get(word)} to {after.get(word)}")
            self._described(there, here, before, after, name)
        for key in new.keys() - old.keys():
            if mapping(follow(self.revision, new[key])[1]).get("required") is True:
                self.note(new[key], f"the {key[0]} parameter {key[1]} of {said} is new and required")

    def _described(self, there: Location, here: Location, before: Node, after: Node, name: str) -> None:
        there, here = follow(self.base, there)[0], follow(self.revision, here)[0]
        if "schema" in before and "schema" in after:
            self.schemas.compare((*there, "schema"), (*here, "schema"), Side.SENT, name)
        for media_type in mapping(before.get("content")):
            if media_type in mapping(after.get("content")):
                step = ("content", media_type, "schema")
                self.schemas.compare((*there, *step), (*here, *step), Side.SENT, name)

    @staticmethod
    def _listed(data: Node, place: Location) -> dict[tuple[str, str], Location]:
        found: dict[tuple[str, str], Location] = {}
        for holder in (place[:-1], place):
            for number in range(len(items(mapping(follow(data, holder)[1]).get("parameters")))):
                where = (*holder, "parameters", str(number))
                one = mapping(follow(data, where)[1])
                found[str(one.get("in")), str(one.get("name"))] = where
        return found

    def _request_body(self, place: Location, said: str) -> None:
        here = (*place, "requestBody")
        old, new = (mapping(one) for one in self._both(here))
        name = f"the request body of {said}"
        if old and not new:
            self.note(place, f"{name} is gone")
        elif new.get("required") is True and old.get("required") is not True:
            self.note(here, f"{name} is now required")
        if new:
            self._content(here, old, new, Side.SENT, name)

    def _content(self, place: Location, old: Node, new: Node, side: Side, name: str) -> None:
        for media_type in mapping(old.get("content")):
            if media_type not in mapping(new.get("content")):
                self.note((*place, "content"), f"{name} has no {media_type} any more")
                continue
            there, here = follow(self.base, place)[0], follow(self.revision, place)[0]
            step = ("content", media_type, "schema")
            self.schemas.compare((*there, *step), (*here, *step), side, name)

    def _response(self, place: Location, name: str) -> None:
        old, new = (mapping(one) for one in self._both(place))
        if not new:
            self.note(place[:-1], f"{name} is gone")
            return
        after = {header.lower(): header for header in mapping(new.get("headers"))}
        for header in mapping(old.get("headers")):
            if header.lower() not in after:
                self.note((*place, "headers"), f"the header {header} of {name} is gone")
                continue
            there, one = follow(self.base, (*follow(self.base, place)[0], "headers", header))
            here, other = follow(self.revision, (*follow(self.revision, place)[0], "headers", after[header.lower()]))
            if mapping(one).get("required") is True and mapping(other).get("required") is not True:
                self.note(here, f"the header {header} of {name} may now be missing")
            self.schemas.compare((*there, "schema"), (*here, "schema"), Side.RECEIVED, f"the header {header}")
        self._content(place, old, new, Side.RECEIVED, name)

    def _webhooks(self) -> None:
        for event in mapping(self.base.get("webhooks")):
            place = ("webhooks", event, "post")
            if follow(self.revision, place)[1] is None:
                self.note(("webhooks", event), f"the webhook {event} is gone")
                continue
            old, new = self._listed(self.base, place), self._listed(self.revision, place)
            for key in old:
                name = f"the header {key[1]} of the webhook {event}"
                if key not in new:
                    self.note(place, f"{name} is gone")
                    continue
                there, before = follow(self.base, old[key])
                here, after = follow(self.revision, new[key])
                if mapping(before).get("required") is True and mapping(after).get("required") is not True:
                    self.note(here, f"{name} may now be missing")
                self.schemas.compare((*there, "schema"), (*here, "schema"), Side.RECEIVED, name)
            body = (*place, "requestBody")
            before, after = (mapping(one) for one in self._both(body))
            self._content(body, before, after, Side.RECEIVED, f"the webhook {event}")
            ids = [mapping(one).get("operationId") for one in self._both(place)]
            if ids[0] != ids[1]:
                self.note((*place, "operationId"), f"the operationId of the webhook {event} changed")

    def _components(self) -> None:
        before, after = (mapping(mapping(data.get("components")).get("schemas")) for data in (self.base, self.revision))
        for name in before:
            if name not in after:
                self.note(("components", "schemas"), f"the schema {name} was removed, but its class is public")
        before, after = (
            mapping(mapping(data.get("components")).get("securitySchemes")) for data in (self.base, self.revision)
        )
        for name, scheme in before.items():
            place = ("components", "securitySchemes", name)
            later = mapping(after.get(name))
            if not later:
                self.note(place[:-1], f"the security scheme {name} is gone")
                continue
            for word in ("type", "in", "name", "scheme", "x-argument"):
                if scheme.get(word) != later.get(word):
                    what = (
                        f"`{word}` of the security scheme {name} changed from {scheme.get(word)} to {later.get(word)}"
                    )
                    self.note((*place, word), what)

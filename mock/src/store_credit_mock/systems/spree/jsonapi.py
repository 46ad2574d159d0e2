"""JSON:API documents as Spree's serializers make them: includes, sparse fields, order of what is included.

Rules: spree.md section 8 and 13.11. Included resources come depth first, each once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from store_credit_mock.systems.call import Abort, Call, SystemResponse
from store_credit_mock.systems.rails.money import money_text
from store_credit_mock.systems.rails.numbers import Numbers
from store_credit_mock.systems.rails.parameters import mapping
from store_credit_mock.systems.spree import errors, response_cache
from store_credit_mock.systems.spree.locales import numbers_of
from store_credit_mock.systems.spree.rails_params import parameters, tree
from store_credit_mock.systems.spree.versions import Profile, profile_of

__all__ = [
    "IncludeError", "Kind", "Relation", "View", "check_includes", "document", "identifier", "rendered", "response",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship.

    Attributes:
        data: Its `data` member: an identifier, a list of them, or None.
        targets: The records behind it, each with its kind.
        v5: Whether 5.x alone has it.
    """

    data: Callable[[View, Any], Any]
    targets: Callable[[View, Any], Sequence[tuple[Kind, Any]]]
    v5: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """How one kind of record becomes a resource.

    Attributes:
        type: JSON:API type.
        serializer: Name of the class that the real server's errors mention.
        attributes: The attributes of a record.
        relations: By name; None for a resource without the member (its includes crash, spree.md 13.6).
        whole: The whole resource at once, where nothing is left out; only to be quicker.
    """

    type: str
    serializer: str
    attributes: Callable[[View, Any], dict[str, Any]]
    relations: Mapping[str, Relation] | None = None
    whole: Callable[[View, Any], dict[str, Any]] | None = None

    def relations_at(self, profile: Profile) -> Mapping[str, Relation] | None:
        """The relationships that a version has; None for a resource without the member."""
        if self.relations is None or profile.is_v5:
            return self.relations
        kept = {name: relation for name, relation in self.relations.items() if not relation.v5}
        return kept or None


@dataclass(slots=True)
class View:
    """What one request wants to see.

    Attributes:
        call: The request.
        profile: The version played.
        includes: Dotted paths; None if nothing was asked for.
        fields: Names by JSON:API type.
        memory: What was read once for the whole document.
        numbers: How numbers are written.
        cached: Whether Spree's response cache is on.
        mixed: Whether it has given out what another serializer made.
    """

    call: Call
    profile: Profile
    includes: tuple[str, ...] | None
    fields: dict[str, frozenset[str]]
    memory: dict[Any, Any] = field(init=False)
    numbers: Numbers = field(init=False)
    cached: bool = field(init=False)
    mixed: bool = False

    def __post_init__(self) -> None:
        self.memory = {}
        self.numbers = numbers_of(self.call)
        self.cached = response_cache.is_on(self.call)

    def money(self, amount: int, currency: str | None) -> str | None:
        """Hundredths as text for people, in the shop's locale."""
        return money_text(amount, currency, *self.numbers)

    @property
    def whole(self) -> bool:
        """Whether nothing is left out, nothing is added and nothing comes from a cache."""
        return self.includes is None and not self.fields and not self.cached

    @classmethod
    def of(cls, call: Call) -> View:
        """Read `include` and `fields` of a request."""
        sent = tree(call) if call.body.kind == "none" else parameters(call)
        if "include" not in sent and "fields" not in sent:
            return cls(call, profile_of(call), None, {})
        include = sent.get("include")
        if isinstance(include, list) and profile_of(call).is_v5:
            raise errors.crash("include is a list; send one text")
        if isinstance(include, str) and not include.strip():
            include = None
        # As Ruby splits: empty names at the end do not count, others are names that nothing has.
        names = tuple(include.rstrip(",").split(",")) if isinstance(include, str) and include.rstrip(",") else ()
        fields = {
            name: frozenset(part for part in value.split(",") if part)
            for name, value in mapping(sent.get("fields")).items()
            if isinstance(value, str)
        }
        return cls(call, profile_of(call), names or None, fields)


def identifier(type_: str, identity: Any) -> dict[str, str] | None:
    """A resource identifier, or None without an id."""
    return None if identity is None else {"id": str(identity), "type": type_}


def rendered(view: View, kind: Kind, record: Any) -> dict[str, Any]:
    """One record as a resource."""
    chosen = view.fields.get(kind.type) if view.fields else None
    if chosen is None and kind.whole is not None and not view.cached:
        return kind.whole(view, record)

    def made() -> tuple[str, str, dict[str, Any]]:
        attributes = kind.attributes(view, record)
        if chosen is not None:
            attributes = {name: value for name, value in attributes.items() if name in chosen}
        return kind.serializer, kind.type, attributes

    serializer, type_, attributes = response_cache.kept(view.call, kind.type, record, chosen, made)
    view.mixed |= serializer != kind.serializer
    resource: dict[str, Any] = {"id": str(record.id), "type": type_, "attributes": attributes}
    relations = kind.relations_at(view.profile)
    if relations is not None:
        resource["relationships"] = {
            name: {"data": relation.data(view, record)}
            for name, relation in relations.items()
            if chosen is None or name in chosen
        }
    return resource


def response(view: View, status: int, kind: Kind, records: Any, **members: Any) -> SystemResponse:
    """Respond with `document`. One with a record of another serializer is outside the openapi.yaml by design."""
    body = document(view, kind, records, **members)
    return SystemResponse(status, body, checked=not view.mixed)


def document(view: View, kind: Kind, records: Any, **members: Any) -> dict[str, Any]:
    """A whole document around one record or a list of them.

    Raises:
        Abort: An include is not a relationship of the kind (400, what was written before is kept by the caller), or the
            kind has no relationships at all (500).
    """
    check_includes(view, kind)
    many = isinstance(records, list)
    found = cast("list[Any]", records) if many else [records]
    data = [rendered(view, kind, record) for record in found]
    result: dict[str, Any] = {"data": data if many else data[0]}
    if view.includes is not None:
        known: set[tuple[str, Any]] = set()
        included: list[dict[str, Any]] = []
        for record in found:
            included.extend(_included(view, kind, record, view.includes, known))
        result["included"] = included
    result.update(members)
    return result


class IncludeError(Abort):
    """An include the serializer refuses; raised after the handler has done its work (spree.md section 8)."""

    def __init__(self, answer: SystemResponse) -> None:
        super().__init__(answer)


def check_includes(view: View, kind: Kind) -> None:
    """Refuse an unknown include in the real server's words."""
    if view.includes is None:
        return
    for name in _heads(view.includes):
        relations = kind.relations_at(view.profile)
        if relations is None:
            raise IncludeError(errors.server_error())
        if name not in relations:
            text = f"{name} is not specified as a relationship on {kind.serializer}"
            raise IncludeError(errors.error(400, text))


def _heads(includes: Iterable[str]) -> dict[str, list[str]]:
    heads: dict[str, list[str]] = {}
    for name in includes:
        head, _, rest = name.partition(".")
        tails = heads.setdefault(head, [])
        if rest:
            tails.append(rest)
    return heads


def _included(
    view: View, kind: Kind, record: Any, includes: Iterable[str], known: set[tuple[str, Any]]
) -> Iterable[dict[str, Any]]:
    for head, tails in _heads(includes).items():
        relation = (kind.relations or {}).get(head)
        if relation is None:
            continue
        for target_kind, target in relation.targets(view, record):
            if tails:
                yield from _included(view, target_kind, target, tails, known)
            mark = (target_kind.type, target.id)
            if mark not in known:
                known.add(mark)
                yield rendered(view, target_kind, target)

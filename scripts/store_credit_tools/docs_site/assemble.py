"""Reads the whole site: one page for each resource of the document, one for each guide."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from store_credit_mock.contract import OperationDefinition
from store_credit_mock.contract.document import fragment, join
from store_credit_tools.docs_site.anchors import Anchors, Register, page_of_tag
from store_credit_tools.docs_site.changelog import read_changelog
from store_credit_tools.docs_site.document import ROOT, PagesError, Source
from store_credit_tools.docs_site.excerpts import excerpts
from store_credit_tools.docs_site.fields import AttributeReader, Writable
from store_credit_tools.docs_site.further_reading import FurtherReading
from store_credit_tools.docs_site.guides import Guide, Hole, Panel, read_guides
from store_credit_tools.docs_site.indexes import CatalogueReader
from store_credit_tools.docs_site.operations import OperationReader, body_schemas, sources_of
from store_credit_tools.docs_site.placement import homes_of
from store_credit_tools.docs_site.record_examples import included_examples, record_examples
from store_credit_tools.docs_site.reference.pages import reference_pages
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.schema_text import target_name, words_of
from store_credit_tools.docs_site.site_model import Site
from store_credit_tools.docs_site.version_differences import difference_tables
from store_credit_tools.docs_site.view_model import (
    Block,
    EventEntry,
    ObjectEntry,
    Page,
    Prose,
    RecordExample,
    RelatedEvent,
    RelatedEvents,
)

__all__ = ["read_site"]

_ORDER = ("create", "retrieve", "get", "update", "delete", "list")


def read_site(source: Source, guides: Path, changelog: str, samples: Mapping[str, Sequence[SampleSet]]) -> Site:
    """Read every page.

    Args:
        source: The document.
        guides: The folder of the guides.
        changelog: The text of CHANGELOG.md.
        samples: Those of each operation, by operationId.

    Raises:
        PagesError: The pages cannot be made; the text says where the fault is.
    """
    reader = _SiteReader(source, changelog, samples)
    try:
        return reader.read(read_guides(guides, _values(source)))
    except ValueError as error:
        raise PagesError(f"{source.document.source.name}: {error}") from error
    except (AttributeError, LookupError, TypeError) as error:
        # The pages are made for documents in the form of openapi.yaml; any other is refused rather than half shown.
        raise PagesError(
            f"{source.document.source.name}: it lacks something that the pages need, or has it in another form than"
            f" openapi.yaml: {error!r}. `scripts/check` names the places"
        ) from error


def _values(source: Source) -> Mapping[str, object]:
    """What holes inside a line of a guide may name."""
    return {
        "version": source.text("#/info", "version"),
        "operations": len(source.document.operations),
        "webhooks": len(source.document.webhooks),
        "description": source.text("#/info", "description"),
        "excerpt": excerpts(ROOT / "docs" / "programs"),
    }


class _SiteReader:
    def __init__(self, source: Source, changelog: str, samples: Mapping[str, Sequence[SampleSet]]) -> None:
        self.source = source
        self.changelog = changelog
        self.samples = samples
        self.register = Register()
        self.homes: Mapping[str, str] = {}

    def read(self, guides: Sequence[Guide]) -> Site:
        named = [str(tag["name"]) for tag in self.source.document.data.get("tags", ())]
        # A tag of webhooks alone has no page of its own: a guide shows them.
        tags = [tag for tag in named if any(self.source.operations_of(tag))]
        resources = {page_of_tag(tag): list(self.source.operations_of(tag)) for tag in tags}
        claimed = {schema: guide.slug for guide in guides for schema in guide.schemas}
        webhooks = list(self.source.document.webhooks.values())
        receivers = {guide.slug: webhooks for guide in guides if Hole("events", "") in guide.parts}
        self.homes = homes_of(self.source, {**resources, **receivers}, claimed)
        before = [self._guide(guide) for guide in guides if guide.position < 100]
        events = {event.id: event for page in before for event in page.blocks if isinstance(event, EventEntry)}
        ordered = [tag for _, group in self._tag_groups() for tag in group if tag in tags]
        ordered += [tag for tag in tags if tag not in ordered]
        main = [self._resource(tag, resources[page_of_tag(tag)], events) for tag in ordered]
        reference = reference_pages(self.register, self.source.document.operations, self.samples)
        after = [self._guide(guide) for guide in guides if guide.position >= 100]
        reading = FurtherReading(self.source, guides, self.register)
        info = self.source.document.data["info"]
        site = Site(
            title=info["title"],
            version=info["version"],
            summary=self.source.text("#/info", "summary"),
            pages=(*before, *map(reading.added, main), *reference, *after),
            places=self.register.places,
        )
        missing = set(self.source.section("components", "schemas")) - set(site.places.get("schema", ()))
        if missing:
            raise PagesError(f"{self.source.document.source.name}: no page shows {', '.join(sorted(missing))}")
        return site

    # Resources

    def _resource(self, tag: str, operations: Sequence[OperationDefinition], events: Mapping[str, EventEntry]) -> Page:
        slug = page_of_tag(tag)
        anchors = Anchors(slug, self.source.title_of(tag))
        main = self._main_schema(operations)
        sections = [name for name in self._sections(slug) if name != main]
        attributes = AttributeReader(self.source, slug, self.homes, {main, *sections}, anchors, self.register)
        operation_reader = OperationReader(self.source, attributes, self.samples)
        blocks: list[Block] = []
        # Calls on something else, such as store credit on an order, answer with a record of another page.
        if self.homes[main] == slug:
            examples = record_examples(self.source, sorted(operations, key=_rank))
            blocks.append(self._object(attributes, main, writable=self._writable(operations), examples=examples))
        blocks += [operation_reader.operation(one) for one in sorted(operations, key=_rank)]
        related = [events[one.id] for one in self.source.document.webhooks.values() if _resource_of(one) == tag]
        if related:
            places = self.register.places["operation"]
            blocks.append(
                RelatedEvents(
                    title="Related events",
                    anchor=anchors.heading("Related events"),
                    events=tuple(RelatedEvent(one.name, one.title, places[one.id]) for one in related),
                )
            )
        for name in sections:
            examples = included_examples(self.source, operations, name)
            blocks.append(self._object(attributes, name, examples=examples))
        lead, _, rest = self._tag_text(tag).partition("\n\n")
        if text := "\n\n".join(filter(None, (rest, self._elsewhere(tag)))):
            blocks.insert(0, Prose(text=text))
        return Page(
            slug=slug,
            title=self.source.title_of(tag),
            group=self._group(tag),
            lead=lead.replace("\n", " "),
            blocks=tuple(blocks),
            is_resource=True,
        )

    def _tag_text(self, tag: str) -> str:
        numbers = {one["name"]: number for number, one in enumerate(self.source.document.data["tags"])}
        return self.source.text(fragment("tags", str(numbers[tag])), "description")

    def _elsewhere(self, tag: str) -> str:
        """Where the vendor's own documentation describes a resource (`externalDocs`); empty if it is not named."""
        found = next(one for one in self.source.document.data["tags"] if one["name"] == tag).get("externalDocs")
        if not found:
            return ""
        vendor = self.source.systems[tag.partition(".")[0]].split()[0]
        return f"{vendor}'s documentation: [{found.get('description', found['url'])}]({found['url']})."

    def _group(self, tag: str) -> str:
        """What the document groups it under (`x-tagGroups`); else the system."""
        found = (name for name, tags in self._tag_groups() if tag in tags)
        return next(found, self.source.systems[tag.partition(".")[0]])

    def _tag_groups(self) -> Iterator[tuple[str, Sequence[str]]]:
        for group in self.source.document.data.get("x-tagGroups", ()):
            yield group["name"], group["tags"]

    def _main_schema(self, operations: Sequence[OperationDefinition]) -> str:
        """The schema of the record itself: what the operations answer, out of its envelope."""
        for operation in sorted(operations, key=_rank):
            for status in operation.definition["responses"]:
                place, response = self.source.resolve(join(operation.pointer, "responses", status))
                for media_type in response.get("content", {}) if status[0] == "2" else ():
                    location, schema = self.source.resolve(join(place, "content", media_type, "schema"))
                    data = schema.get("properties", {}).get("data", {})
                    return target_name(data.get("items", data)) or location.rpartition("/")[2]
        raise PagesError(f"{self.source.document.source.name}: {operations[0].id}: no operation answers with a record")

    def _sections(self, slug: str) -> Iterator[str]:
        """Schemas of a page that get a section of their own: resources of the JSON:API form."""
        for name, schema in self.source.section("components", "schemas").items():
            if self.homes[name] == slug and {"id", "type", "attributes"} <= set(schema.get("properties", {})):
                yield name

    def _writable(self, operations: Sequence[OperationDefinition]) -> Writable:
        found: dict[str, frozenset[str]] = {}
        for operation in operations:
            names: set[str] = set()
            for _, location in body_schemas(self.source, operation):
                names |= self._body_members(location)
            found[operation.id.rpartition(".")[2]] = frozenset(names)
        return Writable(found.get("create", frozenset()), found.get("update", frozenset()))

    def _body_members(self, location: str) -> set[str]:
        """Names a body may set; a body of one object member is an envelope."""
        place, schema = self.source.resolve(location)
        names = set(schema.get("properties", {}))
        if len(names) == 1:
            inner = join(place, "properties", *names)
            _, member = self.source.resolve(inner)
            return set(member["properties"]) if "properties" in member else names
        return names

    def _object(
        self,
        attributes: AttributeReader,
        schema: str,
        *,
        title: str = "",
        writable: Writable | None = None,
        examples: tuple[RecordExample, ...] = (),
        level: int = 2,
    ) -> ObjectEntry:
        location = fragment("components", "schemas", schema)
        definition = self.source.document.at(location)
        words = words_of(schema)
        has_members = "properties" in definition
        # On a page of its own nobody has to be told from which side a record is seen.
        title = title or f"The {words.removeprefix('admin ')} object"
        anchor = attributes.anchors.heading(title)
        self.register.place("schema", schema, attributes.anchors.place(anchor))
        prefix = words.replace(" ", "-")
        return ObjectEntry(
            schema=schema,
            title=title,
            anchor=anchor,
            description=self.source.text(location, "description"),
            type="" if has_members else attributes.shapes.plain(location),
            limits=() if has_members else attributes.shapes.limits(definition),
            group=attributes.members(location, (prefix,), writable=writable) if has_members else None,
            sources=sources_of(definition),
            examples=examples,
            level=level,
        )

    # Guides

    def _guide(self, guide: Guide) -> Page:
        anchors = Anchors(guide.slug, guide.title)
        attributes = AttributeReader(self.source, guide.slug, self.homes, set(guide.schemas), anchors, self.register)
        blocks: list[Block] = []
        for part in guide.parts:
            if isinstance(part, Hole):
                blocks += self._fill(part, attributes)
                continue
            prose = Prose(text=part.text, look=part.look) if isinstance(part, Panel) else Prose(text=part)
            for heading in re.findall(r"^#{2,6} (.+)$", prose.text, re.MULTILINE):
                anchors.heading(heading)
            blocks.append(prose)
        return Page(slug=guide.slug, title=guide.title, group=guide.group, lead=guide.lead, blocks=tuple(blocks))

    def _fill(self, hole: Hole, attributes: AttributeReader) -> list[Block]:
        if hole.name == "schema":
            title = self._title_in_guide(hole.argument, attributes.sections)
            return [self._object(attributes, hole.argument, title=title, level=3)]
        if hole.name == "events":
            reader = OperationReader(self.source, attributes, self.samples)
            return list(self._events(reader))
        if hole.name == "changelog":
            before, changes = read_changelog(self.changelog)
            return [*([Prose(text=before)] if before else ()), *changes]
        if hole.name == "differences":
            tables = difference_tables(self.source, hole.argument)
            for heading in tables:
                attributes.anchors.heading(heading)
            return [Prose(text=f"### {heading}\n\n{table}") for heading, table in tables.items()]
        catalogues = CatalogueReader(self.source, attributes.anchors, self.register)
        fill = {
            "error_codes": catalogues.error_codes,
            "refusals": catalogues.refusals,
            "headers": catalogues.headers,
            "schemes": catalogues.schemes,
            "decisions": catalogues.decisions,
        }
        return [fill[hole.name](hole.argument)]

    def _events(self, reader: OperationReader) -> Iterator[EventEntry]:
        """The events; one receiver takes all events of a system, and is shown with the first of them."""
        first: dict[str, EventEntry] = {}
        for one in self.source.document.webhooks.values():
            event = reader.event(one)
            earlier = first.setdefault(one.id.partition(".")[0], event)
            if earlier is not event and [sample.python for sample in event.samples] == [
                sample.python for sample in earlier.samples
            ]:
                samples = tuple(replace(sample, python="") for sample in event.samples)
                event = replace(event, samples=samples, receiver_with=earlier)
            yield event

    def _title_in_guide(self, schema: str, beside: Collection[str]) -> str:
        """The name of a schema, with its system where the guide shows schemas of several."""
        own = {one: self.source.system_of(one) for one in (schema, *beside)}
        words = words_of(schema)
        if len(set(own.values())) > 1:
            return f"{self.source.short_name(own[schema])} {words}"
        return words[0].upper() + words[1:]


def _resource_of(event: OperationDefinition) -> str:
    """The tag of the operations that an event is about: `vinr.store_credit` of VINR's `store_credit.created`."""
    return f"{event.id.partition('.')[0]}.{event.template.rpartition('.')[0]}"


def _rank(operation: OperationDefinition) -> int:
    name = operation.id.rpartition(".")[2]
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)

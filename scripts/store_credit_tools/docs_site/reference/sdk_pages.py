"""The pages of the SDK: what every client takes and raises, then the methods of each, then the classes of records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final, cast

import griffe

from store_credit_tools.docs_site.anchors import Register
from store_credit_tools.docs_site.document import PagesError
from store_credit_tools.docs_site.reference.docstrings import (
    described,
    load,
    members_of,
    public_members,
    source_of,
)
from store_credit_tools.docs_site.reference.sdk_entries import Entries, for_users
from store_credit_tools.docs_site.reference.sdk_layout import (
    CLIENTS,
    METHOD_PAGES,
    NAME_PAGES,
    RECORD_PAGES,
    ClientOfSdk,
    MethodPage,
    NamePage,
    RecordPage,
)
from store_credit_tools.docs_site.reference.sdk_overview import LEAD, overview
from store_credit_tools.docs_site.reference.sheet import Sheet
from store_credit_tools.docs_site.sample_sets import SampleSet
from store_credit_tools.docs_site.view_model import Page

__all__ = ["GROUP", "exported_names", "methods_of", "sdk_package", "sdk_pages"]

GROUP: Final = "Python SDK"
_PLACE: Final = "name it in scripts/store_credit_tools/docs_site/reference/sdk_layout.py"
_SHARED: Final = ("with_options", "settle", "request", "with_raw_response", "close")
"""What every client can do, in the order of its use."""
_INNER: Final = frozenset({"call", "fetch_page", "pages"})
"""Methods of clients that only generated code calls."""
_ONLY_OWN: Final = frozenset({"AsyncCursorPage", "AsyncNumberedPage", "AsyncCountedPage", "Resource"})
"""Classes whose base has an entry of its own: only what they add is shown."""


def sdk_package() -> griffe.Module:
    """The package `store_credit`.

    Raises:
        PagesError: It cannot be read.
    """
    return load("store_credit", "sdk/src")


def exported_names() -> tuple[str, ...]:
    """The names in its `__all__`."""
    return tuple(str(name) for name in sdk_package().exports or ())


def sdk_pages(
    register: Register, operations: Collection[str], samples: Mapping[str, Sequence[SampleSet]]
) -> Iterator[Page]:
    """Make the pages.

    Args:
        register: Where everything is.
        operations: The operationIds of the document, which methods link to.
        samples: Those of each operation, by operationId; a method shows the Python ones of its operation.

    Raises:
        PagesError: A name that is exported is on no page, or lacks a docstring.
    """
    pages = _Pages(register, operations, samples)
    missing = set(exported_names()) - {name for page in NAME_PAGES for name in page.names}
    if missing:
        raise PagesError(
            f"store_credit exports {', '.join(sorted(missing))}, which no page of the reference shows; {_PLACE}"
        )
    unplaced = [
        name for name in pages.models if not name.startswith(tuple(one for page in RECORD_PAGES for one in page.begins))
    ]
    if unplaced:
        raise PagesError(f"no page of the reference shows the record {unplaced[0]}; {_PLACE}")
    yield pages.overview()
    yield from (pages.names(page) for page in NAME_PAGES[:1])
    yield from (pages.methods(page) for page in METHOD_PAGES)
    yield from (pages.names(page) for page in NAME_PAGES[1:])
    yield from (pages.records(page) for page in RECORD_PAGES)


def methods_of(client: ClientOfSdk) -> Iterator[tuple[str, griffe.Class, griffe.Object]]:
    """The resources of a client: how each is reached from it, its class, and the property that gives it."""
    owner = sdk_package()[f"client.{client.name}"]
    yield from _resources(cast("griffe.Class", owner), "")


def _resources(owner: griffe.Class, path: str) -> Iterator[tuple[str, griffe.Class, griffe.Object]]:
    for name, one in members_of(owner, inherited=False).items():
        if isinstance(one, griffe.Attribute) and "property" in one.labels:
            module, _, kind = str(one.annotation).rpartition(".")
            place = f"api.{module}.{kind}" if module else f"{owner.module.name}.{kind}"
            found = cast("griffe.Class", sdk_package()[place])
            here = f"{path}{name}"
            yield here, found, one
            yield from _resources(found, f"{here}.")


class _Pages:
    def __init__(
        self, register: Register, operations: Collection[str], samples: Mapping[str, Sequence[SampleSet]]
    ) -> None:
        self.register = register
        self.operations = operations
        self.samples = samples
        self.package = sdk_package()
        self.models = {
            name: cast("griffe.Class", source_of(self.package["models"].members[name]))
            for name in sorted(map(str, self.package["models"].exports or ()))
            if isinstance(source_of(self.package["models"].members[name]), griffe.Class)
        }
        self.known = {name for page in NAME_PAGES for name in page.names} | set(self.models)

    def _sheet(self, slug: str, title: str, lead: str) -> tuple[Sheet, Entries]:
        sheet = Sheet(slug, title, GROUP, lead, self.register)
        return sheet, Entries(sheet, self.known)

    def overview(self) -> Page:
        """How to begin, what there is, and where."""
        sheet, _ = self._sheet("sdk", "Python SDK", LEAD)
        for text in overview(exported_names()):
            sheet.prose(text)
        return sheet.page()

    def names(self, page: NamePage) -> Page:
        sheet, entries = self._sheet(page.slug, page.title, page.lead)
        if page.slug == "sdk-errors":
            _, _, tree = described(self.package["_core.errors"]).text.partition("\n\n")
            kinds, _, rest = tree.partition("\n\n")
            sheet.prose(f"```text\n{kinds}\n```\n\n{rest}")
        for name in page.names:
            self._name(entries, name)
        if page.slug == "sdk-clients":
            self._shared(entries)
        if page.slug == "sdk-observing":
            sheet.prose(f"## Logs\n\n{described(self.package['_core.logs']).text}")
        return sheet.page()

    def _name(self, entries: Entries, name: str) -> None:
        found = source_of(self.package.members[name])
        if isinstance(found, griffe.Class):
            inherited = name not in _ONLY_OWN and not name.endswith("Error")
            if name.endswith("Client"):
                self._client(entries, found, name)
            else:
                entries.a_class(found, name, inherited=inherited)
        elif isinstance(found, griffe.Function):
            entries.function(found, name, name, (name,))
        elif isinstance(found, griffe.Module):
            if name == "models":
                self._models(entries)
            else:
                exported = {
                    function: source_of(found.members[str(function)]) for function in map(str, found.exports or ())
                }
                entries.module(found, name, exported)
        else:
            entries.constant(cast("griffe.Attribute", found), name)

    def _client(self, entries: Entries, found: griffe.Class, name: str) -> None:
        client = next(one for one in CLIENTS if one.name == name.removeprefix("Async"))
        if name != client.name:
            anchor = entries.sheet.heading(name)
            told = described(found).text.partition("\n\n")[0]
            text = (
                f"{told} It accepts the same arguments as `{client.name}`, and has the same resources and"
                " methods: await the methods, and iterate over a list with `async for`. It runs on asyncio and on trio."
                " Create it with `async with`, or await `close()` when you no longer need it."
            )
            code = f"async with {name}(...) as {client.variable}: ..."
            entries.sheet.entry(name, anchor, [("sdk", name)], code=code, language="python", text=text)
            return
        rows = [
            f"- [`{client.variable}.{path}`](sdk:{client.name}.{path}): {_first_line(described(one).text)}"
            for path, _, one in methods_of(client)
        ]
        extra = "Its resources and their methods:\n\n" + "\n".join(rows)
        entries.a_class(found, name, members=False, extra=extra)

    def _shared(self, entries: Entries) -> None:
        """What every client can do."""
        client = cast("griffe.Class", self.package["_core.client.SyncClient"])
        base = cast("griffe.Class", self.package["_core.client._Client"])
        found = {
            name: one
            for name, one in (*public_members(base), *public_members(client))
            if name not in _INNER and not name.startswith("_")
        }
        for name in (*_SHARED, *sorted(found.keys() - set(_SHARED))):
            one = found[name]
            title = f"client.{name}"
            if isinstance(one, griffe.Function):
                entries.function(one, title, title, (title,))
            else:
                anchor = entries.sheet.heading(title)
                annotation = str(getattr(one, "annotation", ""))
                entries.sheet.entry(
                    title,
                    anchor,
                    [("sdk", title)],
                    code=f"{title}: {annotation}",
                    language="python",
                    text=described(one).text,
                )

    def methods(self, page: MethodPage) -> Page:
        client = page.client
        others = {name for one in METHOD_PAGES if one.client is client and one is not page for name in one.resources}
        # The first page of a client has what none of them names, so that a new resource is on one.
        rest = page is next(one for one in METHOD_PAGES if one.client is client)
        chosen = [
            one
            for one in methods_of(client)
            if (name := one[0].partition(".")[0]) in page.resources or (rest and name not in others)
        ]
        names = ", ".join(f"`{client.variable}.{path}`" for path, _, _ in chosen)
        lead = f"The methods of {names}, each with its arguments, its result, its errors and a sample."
        sheet, entries = self._sheet(page.slug, page.title, lead)
        sheet.prose(
            f"[`{client.name}`](sdk:{client.name}) shows how to create the client. `Async{client.name}` has the same"
            " methods: await them, and iterate over a list with `async for`."
            " The samples run against `store-credit-mock serve --samples` ([Testing](page:testing#as-a-server))."
        )
        for path, resource, one in chosen:
            title = f"{client.variable}.{path}"
            anchor = sheet.heading(title)
            sheet.entry(title, anchor, [("sdk", f"{client.name}.{path}")], text=described(one).text)
            for method, function in public_members(resource, inherited=False):
                if not isinstance(function, griffe.Function):
                    continue
                operation = f"{client.operations}.{path}.{method}"
                more = (
                    f"For every field, and for sample responses, see [{operation}](operation:{operation})."
                    if operation in self.operations
                    else ""
                )
                call = f"{title}.{method}"
                entries.function(
                    function,
                    call,
                    call,
                    (f"{client.name}.{path}.{method}",),
                    level=3,
                    more=more,
                    samples=[_of_python(one) for one in self.samples.get(operation, ())],
                )
        return sheet.page()

    def _models(self, entries: Entries) -> None:
        anchor = entries.sheet.heading("models")
        rows = "\n".join(
            f"- [`{name}`](sdk:{name}): {_first_line(described(one).text)}" for name, one in self.models.items()
        )
        text = f"{for_users(described(self.package['models']).text)}\n\n{rows}"
        entries.sheet.entry(
            "models", anchor, [("sdk", "models")], code="from store_credit import models", language="python", text=text
        )

    def records(self, page: RecordPage) -> Page:
        lead = f"{page.lead} All inherit from [`Model`](sdk:Model)."
        sheet, entries = self._sheet(page.slug, page.title, lead)
        earlier = tuple(begin for one in RECORD_PAGES[: RECORD_PAGES.index(page)] for begin in one.begins)
        for name, found in self.models.items():
            if name.startswith(page.begins) and not (earlier and name.startswith(earlier)):
                entries.a_class(found, name, inherited=False)
        return sheet.page()


def _of_python(sample: SampleSet) -> SampleSet:
    """A sample without other languages and without its response, which the page of the operation shows."""
    return replace(sample, curl="", fetch="", ruby="", php="", go="", java="", response="", response_media_type="")


def _first_line(text: str) -> str:
    return " ".join(text.partition("\n\n")[0].split())

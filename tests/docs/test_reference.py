"""The reference of SDK, control plane, commands and environment: complete, light, and made from the sources alone."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click
import pytest
from pagetree import Tree, members, words

import store_credit
from bootstrap import ROOT
from store_credit_jobs.exit_codes import ExitCode
from store_credit_mock.factory import Engine
from store_credit_mock.server.command import command as serve
from store_credit_tools.docs_site.anchors import Register, slug_of
from store_credit_tools.docs_site.assemble import read_site
from store_credit_tools.docs_site.document import PagesError, Source
from store_credit_tools.docs_site.reference import sdk_pages
from store_credit_tools.docs_site.reference.commands import command_pages
from store_credit_tools.docs_site.reference.pages import reference_pages
from store_credit_tools.docs_site.reference.settings import check_described, variables_read
from store_credit_tools.docs_site.view_model import OperationEntry, Page, ReferenceEntry

Trees = Mapping[str, Tree]

PAGE_BYTES = 100_000
"""What a page of the reference may weigh in HTML."""
CLIENTS = {
    "VinrClient": "vinr",
    "SpreeClient": "spree",
    "SpreeAdminClient": "admin",
    "SpreeStoreClient": "store",
}


@pytest.fixture(scope="module")
def reference() -> tuple[Register, Mapping[str, Page]]:
    """The pages, and where everything on them is."""
    register = Register()
    return register, {page.slug: page for page in reference_pages(register, (), {})}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """A mock, whose control plane describes itself."""
    made = Engine()
    yield made
    made.close()


def entry_at(trees: Trees, page: str, anchor: str) -> str:
    """What the entry under a heading says."""
    tree = trees[f"{page}.html"]
    return words(tree.section(tree.ids[anchor]))


# The SDK


@pytest.mark.parametrize("name", store_credit.__all__)
def test_every_exported_name_has_an_entry(
    name: str, reference: tuple[Register, Mapping[str, Page]], trees: Trees, files: Mapping[str, bytes]
) -> None:
    """All of `store_credit.__all__`, in both forms, with the first line of its docstring."""
    place = reference[0].at("sdk", name)

    assert place is not None
    said = entry_at(trees, place.page, place.anchor)
    assert name in said
    text = files[f"{place.page}.md"].decode()
    assert place.anchor in {slug_of(title) for title in re.findall(r"^#+ (.+)$", text, re.MULTILINE)}
    told = inspect.getdoc(getattr(store_credit, name)) or ""
    if isinstance(getattr(store_credit, name), type) and not name.endswith("Client"):
        first = told.partition("\n\n")[0].replace("`", "").replace("\n", " ")
        assert first in said


@pytest.mark.parametrize("client", CLIENTS)
def test_every_method_of_a_client_has_its_arguments_and_errors(
    client: str, reference: tuple[Register, Mapping[str, Page]], trees: Trees
) -> None:
    """Found on the classes themselves: each public method of each resource, however deep."""
    seen = 0
    for path, method in _methods(getattr(store_credit, client), ""):
        place = reference[0].at("sdk", f"{client}.{path}")
        assert place is not None, path
        said = entry_at(trees, place.page, place.anchor)
        assert f"{CLIENTS[client]}.{path}(" in said.replace(" ", "")
        shown = members(trees[f"{place.page}.html"].section(trees[f"{place.page}.html"].ids[place.anchor]))
        taken = {name for name in inspect.signature(method).parameters if name not in {"self", "options"}}
        assert taken <= shown, path
        for error in re.findall(r"^ +(\w+Error): ", _raises(method), re.MULTILINE):
            assert error in said, path
        seen += 1

    assert seen >= 4


def _methods(owner: Any, prefix: str) -> Iterator[tuple[str, Any]]:
    for name in getattr(owner, "_resources", None) or [key for key in vars(owner) if not key.startswith("_")]:
        found = vars(owner)[name]
        if inspect.isfunction(found):
            yield f"{prefix}{name}", found
        elif hasattr(found, "func"):
            returned = str(found.func.__annotations__["return"])
            module, _, kind = returned.rpartition(".")
            home = import_module(f"store_credit.api.{module}") if module else inspect.getmodule(found.func)
            yield from _methods(getattr(home, kind), f"{prefix}{name}.")


def _raises(method: Any) -> str:
    return (inspect.getdoc(method) or "").partition("Raises:\n")[2]


def test_the_methods_of_two_clients_are_counted(reference: tuple[Register, Mapping[str, Page]]) -> None:
    """Against the operations of the document that have a method."""
    wanted = [name for name, one in Source.read().operations.items() if "x-no-sdk-method" not in one.definition]
    found = [name for name in reference[0].places["sdk"] if re.match(r"(Vinr|Spree\w*)Client\.\w+", name)]
    methods = [name for name in found if not any(other.startswith(f"{name}.") for other in found)]

    assert len(methods) == len(wanted) > 40


def test_options_logs_and_the_common_methods_are_there(trees: Trees) -> None:
    """What was on no page: timeouts, retries, hooks, logging, the fields of errors, the methods of records."""
    clients = words(trees["sdk-clients.html"].root)
    for name in ("timeout", "max_retries", "http_client", "event_hooks", "with_options", "settle", "extra_headers"):
        assert name in clients
    assert "max_retries: int = 2" in clients
    assert "STORE_CREDIT_LOG" in words(trees["sdk-observing.html"].root)
    assert "retry_after" in members(trees["sdk-errors.html"].root)
    records = words(trees["sdk-records.html"].root)
    for name in ("to_dict", "replace", "to_json", "last_response", "to_minor_units"):
        assert name in records


def test_a_name_that_no_page_shows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever exports a new name is told where to put it."""
    monkeypatch.setattr(sdk_pages, "exported_names", lambda: (*store_credit.__all__, "BrandNew"))

    with pytest.raises(PagesError, match="store_credit exports BrandNew, which no page of the reference shows"):
        list(sdk_pages.sdk_pages(Register(), (), {}))


def test_a_method_leads_to_its_operation(trees: Trees) -> None:
    """And the operation's page exists, as every link is checked."""
    tree = trees["sdk-vinr.html"]
    links = {one.get("href") for one in tree.all("a") if words(one) == "vinr.store_credit.create"}

    assert "vinr-store-credit.html#create-store-credit" in links


def test_a_page_of_the_reference_is_light(
    reference: tuple[Register, Mapping[str, Page]], files: Mapping[str, bytes]
) -> None:
    """Each below 100 kB of HTML, the heaviest with room for another method or two."""
    sizes = {slug: len(files[f"{slug}.html"]) for slug in reference[1]}

    assert {slug: size for slug, size in sizes.items() if size > PAGE_BYTES} == {}
    assert len(sizes) >= 20


def test_the_reference_has_groups_of_its_own_in_the_navigation(
    reference: tuple[Register, Mapping[str, Page]], files: Mapping[str, bytes], trees: Trees
) -> None:
    """In HTML, in llms.txt and in the search index."""
    groups = {page.group for page in reference[1].values()}
    assert groups == {"Python SDK", "Mock control plane", "Commands and settings"}
    headings = {words(one).rpartition(" ")[0] for one in trees["index.html"].all("summary")}
    index, search = files["llms.txt"].decode(), files["assets/search-index.js"].decode()
    for slug, page in reference[1].items():
        assert page.group in headings
        assert f"\n## {page.group}\n" in index
        assert f'["{slug}","{page.title}","{page.group}",' in search
    for name in ("client.settle", "Schedule a fault", "store-credit issue apply", "RateLimitError"):
        assert f'"{name}"' in search


# The control plane


def test_every_route_of_the_control_plane_has_an_entry(
    engine: Engine, reference: tuple[Register, Mapping[str, Page]], trees: Trees
) -> None:
    """A title in words, method and path, parameters, a sample, and the method of the typed client."""
    document = engine.control.document
    seen = 0
    for path, item in document["paths"].items():
        for verb, route in item.items():
            place = reference[0].at("route", route["operationId"])
            assert place is not None
            tree = trees[f"{place.page}.html"]
            section = tree.section(tree.ids[place.anchor])
            said = words(section)
            assert f"{verb.upper()} {path}" in said
            assert said.startswith(words_of(route["summary"]))
            assert 2 <= len(route["summary"].split()) <= 8, route["summary"]
            assert "curl " in said
            assert {one["name"] for one in route.get("parameters", [])} <= members(section)
            assert f".{route['x-method']} in Python, {route['operationId']} in the OpenAPI document." in said
            seen += 1

    assert seen == len(engine.control.routes) > 60


def words_of(text: str) -> str:
    """A text of the document as a browser shows it."""
    return " ".join(text.replace("`", "").split())


def test_every_schema_of_the_control_plane_shows_its_members(
    engine: Engine, reference: tuple[Register, Mapping[str, Page]], trees: Trees
) -> None:
    """Those that a route leads to, once each; a fault with all that it can do."""
    places = reference[0].places["control"]
    schemas = engine.control.document["components"]["schemas"]
    for name, place in places.items():
        tree = trees[f"{place.page}.html"]
        assert set(schemas[name].get("properties", {})) <= members(tree.section(tree.ids[place.anchor])), name

    assert {"Fault", "Clock", "Exchange", "Purchase", "ControlProblem"} <= set(places)
    bodies = {
        part["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
        for item in engine.control.document["paths"].values()
        for part in item.values()
        if "requestBody" in part
    }
    assert bodies <= set(places)


# The commands


def leaves(context: click.Context) -> Iterator[click.Context]:
    """Every command below one."""
    yield context
    if isinstance(context.command, click.Group):
        for name in context.command.list_commands(context):
            below = context.command.get_command(context, name)
            assert below is not None
            yield from leaves(click.Context(below, info_name=name, parent=context))


@pytest.mark.parametrize("name", ["store-credit-mock", "store-credit"])
def test_every_option_of_every_command_is_there(name: str, trees: Trees) -> None:
    """By asking the parsers."""
    from store_credit_jobs.cli.main import command as jobs
    from store_credit_mock.cli import command as mock

    tree = trees[f"command-{name}.html"]
    common = {"--account", "--workspace", "--config", "--json", "--log", "--quiet", "--debug"}
    seen = 0
    for context in leaves(click.Context({"store-credit": jobs, "store-credit-mock": mock}[name], info_name=name)):
        section = tree.section(tree.ids[slug_of(context.command_path)])
        said = words(section)
        shown = members(section)
        for one in context.command.get_params(context):
            if isinstance(one, click.Option) and not one.is_eager:
                wanted = {option for option in one.opts if option.startswith("--")}
                assert wanted <= shown or wanted <= common, (context.command_path, one.opts)
                seen += 1
        if not isinstance(context.command, click.Group):
            assert "Exit codes" in said, context.command_path

    assert seen > 60


def test_a_new_option_appears_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its default, its bounds, its variable and its help."""
    new = click.Option(["--brand-new"], type=click.IntRange(1, 9), default=4, help="what nobody has written down")
    monkeypatch.setattr(serve, "params", [*serve.params, new])
    page = next(iter(command_pages(Register())))
    (entry,) = [
        one for one in page.blocks if isinstance(one, ReferenceEntry) and one.title == "store-credit-mock serve"
    ]
    options = next(part for title, part in entry.parts if title == "Options")

    assert not isinstance(options, str)
    (found,) = [one for one in options.all if one.name == "--brand-new"]
    assert found.description == "What nobody has written down. Variable: `STORE_CREDIT_MOCK_SERVE_BRAND_NEW`."
    assert (found.default, found.limits) == ("4", ("1 to 9",))


def test_an_option_without_help_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever adds one is told so."""
    monkeypatch.setattr(serve, "params", [*serve.params, click.Option(["--brand-new"])])

    with pytest.raises(PagesError, match="store-credit-mock serve --brand-new: it has no help"):
        list(command_pages(Register()))


def test_the_exit_codes_are_those_of_the_commands(trees: Trees) -> None:
    """Of the jobs each member of the enumeration; of the mock what each command says."""
    said = words(trees["command-store-credit.html"].root)
    for code in ExitCode:
        assert re.search(rf"\b{code.value}: \w", said), code
    tree = trees["command-store-credit-mock.html"]
    verify = words(tree.section(tree.ids["store-credit-mock-verify"]))
    assert re.search(r"Exit codes 0: .*1: Findings\. 2: .*3: .*130: ", verify)


# The environment


def test_every_variable_that_is_read_is_described(trees: Trees) -> None:
    """As the sources have them today; options too."""
    said = words(trees["environment.html"].root)
    for part in ("sdk", "mock", "jobs"):
        found = variables_read(ROOT / part / "src")
        assert len(found) > 5, part
        assert [name for name in found if name not in said] == []
    for name in ("STORE_CREDIT_MOCK_SERVE_PORT", "STORE_CREDIT_BACKEND", "VINR_SECRET_KEY", "STORE_CREDIT_POSTGRES"):
        assert name in said


@pytest.mark.parametrize(
    "code",
    [
        'import os\nvalue = os.environ.get("PLANTED_NAME")\n',
        'import os\nvalue = os.environ["PLANTED_NAME"]\n',
        'from settings import environment\nvalue = environment("PLANTED_NAME")\n',
    ],
    ids=["get", "item", "ours"],
)
def test_a_variable_that_is_read_and_not_described_is_found(code: str, tmp_path: Path) -> None:
    """However it is read, with its line."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "module.py").write_text(code, "utf-8")
    found = variables_read(tmp_path / "src")

    with pytest.raises(PagesError, match=r"sdk/src/module\.py:2: the variable PLANTED_NAME is read"):
        check_described("sdk", found, {})
    with pytest.raises(PagesError, match="nothing in sdk/src reads the variable GONE"):
        check_described("sdk", {}, {"GONE": "Was read once."})


def test_a_variable_that_is_handed_on_by_name_is_found(tmp_path: Path) -> None:
    """Such as the one of an option; what a module exports under such a name is not one."""
    text = '__all__ = ["STORE_CREDIT_CONSTANT"]\n\noption("--x", envvar="STORE_CREDIT_X")\n'
    (tmp_path / "module.py").write_text(text, "utf-8")

    assert set(variables_read(tmp_path)) == {"STORE_CREDIT_X"}


# Other documents


@pytest.mark.takes_seconds
def test_a_document_without_security_has_its_pages(tmp_path: Path) -> None:
    """None of its operations says who may call it."""
    data = json.loads(json.dumps(Source.read().document.data))
    for item in data["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                cast("dict[str, Any]", operation).pop("security", None)
    document = tmp_path / "open.json"
    document.write_text(json.dumps(data), "utf-8")
    site = read_site(Source.read(document), ROOT / "docs" / "guides", "# Changelog\n", {})

    operations = [block for page in site.pages for block in page.blocks if isinstance(block, OperationEntry)]
    assert len(operations) > 40
    assert {one.authentication for one in operations} == {"none; the body says who asks"}
    assert {(one.try_it.header, one.try_it.prefix) for one in operations} == {("", "")}


def test_the_control_planes_document_ends_in_one_sentence(tmp_path: Path, engine: Engine) -> None:
    """It is not in the form of openapi.yaml: no traceback, and the sentence says what is missing."""
    document = tmp_path / "ctl.json"
    document.write_text(json.dumps(engine.control.document), "utf-8")

    with pytest.raises(PagesError, match=r"\.md shows the schema \w+, which ctl\.json does not have"):
        read_site(Source.read(document), ROOT / "docs" / "guides", "# Changelog\n", {})
    with pytest.raises(PagesError, match="has no description"):
        read_site(Source.read(document), tmp_path, "# Changelog\n", {})

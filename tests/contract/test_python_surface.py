"""The public names of both packages, with their signatures, change on purpose.

`tests/contract/python_surface.json` is what they were when the packages were last released. A change that would break
who uses them fails here until `info.version` announces it; what only comes is written down with the next release:

    scripts/test tests/contract/test_python_surface.py --release-document
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from store_credit_mock.contract import Document
from store_credit_tools.check.breaks import allows_breaks, announcing
from store_credit_tools.check.python_surface import (
    SURFACE,
    Entry,
    read_surface,
    surface,
    surface_breaks,
    written_surface,
)


@pytest.fixture(scope="module")
def names() -> Mapping[str, Entry]:
    """What there is now."""
    return surface()


@pytest.fixture(scope="module")
def released(request: pytest.FixtureRequest, names: Mapping[str, Entry]) -> tuple[str, Mapping[str, Entry]]:
    """The version released last and its names; with `--release-document` that is now."""
    if request.config.getoption("--release-document", default=False):
        SURFACE.write_text(written_surface(Document.read().version, names), "utf-8")
    return read_surface()


def test_no_public_name_changes_without_a_new_version(
    released: tuple[str, Mapping[str, Entry]], names: Mapping[str, Entry]
) -> None:
    """Neither a name nor a parameter goes, changes its type or its default, or becomes required."""
    version, before = released
    found = surface_breaks(before, names)
    announce = f"take it back, or announce it: scripts/release {announcing(version)}, and a line in CHANGELOG.md"

    assert len(names) > 500
    if not allows_breaks(version, Document.read().version):
        assert found == [], f"breaks users of {version}; {announce}"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("gone", "{name} is gone"),
        ("kind", "{name} was a method and is a property"),
        ("parameter gone", "{name}: the parameter amount is gone"),
        ("annotation", "{name}: the parameter amount is str now, not"),
        ("required", "{name}: the default of expires_at is now gone"),
        ("new", "{name}: the parameter reason is new and required"),
        ("renamed", "{name}: the parameter amount is gone"),
        ("keyword", "{name}: the parameter amount is positional only now, not keyword only"),
        ("returns", "{name}: it is None now, not VinrStoreCredit"),
        ("optional", ""),
    ],
)
def test_each_kind_of_break_is_found(change: str, said: str, names: Mapping[str, Entry]) -> None:
    """A name, its kind, a parameter and its type, default and place, and what is returned; one more breaks nobody."""
    name = next(one for one in names if one.endswith(".create") and "vinr" in one and "async" not in one.lower())
    old = names[name]
    amount = next(one for one in old.parameters if one[0] == "amount")
    others = tuple(one for one in old.parameters if one[0] != "amount")
    expires = next(one for one in old.parameters if one[0] == "expires_at")
    made: Entry | None = {
        "gone": None,
        "kind": replace(old, kind="property"),
        "parameter gone": replace(old, parameters=others),
        "annotation": replace(old, parameters=(*others, (*amount[:2], "str", amount[3]))),
        "required": replace(old, parameters=tuple((*one[:3], "") if one == expires else one for one in old.parameters)),
        "new": replace(old, parameters=(*old.parameters, ("reason", "KEYWORD_ONLY", "str", ""))),
        "renamed": replace(old, parameters=(*others, ("sum", *amount[1:]))),
        "keyword": replace(old, parameters=(*others, ("amount", "POSITIONAL_ONLY", *amount[2:]))),
        "returns": replace(old, returns="None"),
        "optional": replace(old, parameters=(*old.parameters, ("reason", "KEYWORD_ONLY", "str | None", "None"))),
    }[change]
    changed = {key: one for key, one in {**names, name: made}.items() if one is not None}
    found = surface_breaks(names, changed)

    assert any(one.startswith(said.format(name=name)) for one in found) if said else found == []

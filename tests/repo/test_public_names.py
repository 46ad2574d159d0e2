"""The public surface of the package is what it says, and changes on purpose."""

import tomllib

import store_credit
from bootstrap import ROOT


def test_public_names_are_sorted_and_there() -> None:
    """`__all__` is complete, without repetition and in order, so that adding a name is a visible decision."""
    names = store_credit.__all__

    assert list(names) == sorted(set(names))
    assert [name for name in names if not hasattr(store_credit, name)] == []


def test_nothing_else_looks_public() -> None:
    """A name without an underscore that is not in `__all__` is a submodule, not a forgotten export."""
    extra = {name for name in vars(store_credit) if not name.startswith("_")} - set(store_credit.__all__)
    modules = {name for name in extra if type(getattr(store_credit, name)).__name__ == "module"}

    assert extra - modules == set()


def test_the_version_is_the_one_the_package_was_built_with() -> None:
    """The number sent in requests and the number on the wheel are the same."""
    version = tomllib.loads((ROOT / "sdk" / "pyproject.toml").read_text("utf-8"))["project"]["version"]

    assert store_credit.__version__ == version

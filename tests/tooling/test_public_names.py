"""The public surface of the package is what it says, and changes on purpose."""

from importlib.metadata import version

import store_credit


def test_every_public_name_is_there_once() -> None:
    """`__all__` names nothing twice and nothing that cannot be imported; its order is ruff's to check."""
    names = store_credit.__all__

    assert len(names) == len(set(names))
    assert [name for name in names if not hasattr(store_credit, name)] == []


def test_nothing_of_ours_is_left_out() -> None:
    """What the package defines without an underscore and does not name in `__all__` is a forgotten export."""
    ours = {
        name
        for name, value in vars(store_credit).items()
        if getattr(value, "__module__", "").startswith("store_credit")
    }

    assert {name for name in ours if not name.startswith("_")} - set(store_credit.__all__) == set()


def test_the_version_is_the_one_the_package_was_built_with() -> None:
    """The number sent in requests and the number on the wheel are the same."""
    assert store_credit.__version__ == version("store-credit")

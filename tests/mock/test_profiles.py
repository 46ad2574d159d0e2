"""One option for the versions of all systems: `--profile 5.3 --profile spree-v3=6.0`."""

from __future__ import annotations

import os
from typing import Any

import pytest

from served_mock import served
from store_credit_mock import Mock


def chosen(**options: Any) -> list[str]:
    """The versions that a mock plays, of Spree and of its API v3."""
    with Mock(**options) as mock:
        return [mock.engine.sandbox.of_systems[name] for name in ("profile", "spree_v3_profile")]


def test_a_profile_may_name_its_system() -> None:
    """In code one value, or a list of them, and each system has its own default."""
    assert chosen() == ["4.5", "5.6"]
    assert chosen(profile="5.3") == ["5.3", "5.6"]
    assert chosen(profile="spree-v3=6.0-alpha") == chosen(profile="spree_v3=6.0-alpha") == ["4.5", "6.0-alpha"]
    assert chosen(profile=["5.3", "spree-v3=6.0"]) == chosen(profile="5.3", spree_v3_profile="6.0") == ["5.3", "6.0"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"profile": "spree-v4=6.0"}, "there is no system spree-v4; use spree-v3=..."),
        ({"profile": "spree-v3=7"}, "spree_v3_profile is one of 5.5, 5.6, 6.0-alpha, 6.0-alpha+ledger, 6.0, not '7'"),
        ({"profile": ["5.3", "4.5"]}, "profile is given twice"),
        ({"profile": "spree-v3=6.0", "spree_v3_profile": "5.6"}, "spree_v3_profile is given twice"),
        ({"spree_v3_secret_key": "pk_shop"}, "spree_v3_secret_key begins with sk_"),
    ],
)
def test_what_is_no_profile_is_said(options: dict[str, Any], said: str) -> None:
    """A system that there is not, a version that it has not, and two values for one option."""
    with pytest.raises(ValueError, match=said.replace("+", r"\+")):
        Mock(**options)


def test_the_command_takes_several() -> None:
    """Repeated on the command line, or parted by blanks in the environment."""
    options = ["--profile", "5.3", "--profile", "spree-v3=6.0-alpha+ledger"]
    environment = {**os.environ, "STORE_CREDIT_MOCK_SERVE_PROFILE": "4.10 spree-v3=6.0"}
    with served(*options) as line, served(environment=environment) as variable:
        names = ("profile", "spree_v3_profile", "spree_v3_secret_key")
        assert [line.started[name] for name in names] == ["5.3", "6.0-alpha+ledger", "sk_full"]
        assert [variable.started[name] for name in names] == ["4.10", "6.0", "sk_full"]

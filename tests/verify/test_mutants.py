"""A test of the verifier: the whole mock holds, and each seeded defect is found, with exit code 1."""

from __future__ import annotations

import re

import pytest

from mutants import Mutant
from served_mock import CONTROL_TOKEN
from store_credit_mock import Engine

from .conftest import Serve, Verify, credentials
from .defects import CONTROL, DEFECTS

ROWS = [(name, system) for name, (_, systems) in DEFECTS.items() for system in systems]


@pytest.mark.parametrize("system", ["vinr", "spree"])
@pytest.mark.parametrize("control", [True, False])
def test_the_whole_mock_holds(system: str, control: bool, engine: Engine, serve: Serve, verify: Verify) -> None:
    """With the control plane nothing is left out; without, what needs it is named."""
    token = ["--control-token", CONTROL_TOKEN] if control else []

    code, said = verify(serve(engine), *credentials(system), *token, "--no-generated")

    assert code == 0
    assert " 0 broken" in said
    assert ("skipped" in said.partition(" 0 broken")[0]) == (not control)


@pytest.mark.parametrize(("name", "system"), ROWS, ids=[f"{system}: {name}" for name, system in ROWS])
def test_a_defect_is_found(name: str, system: str, engine: Engine, reach: Serve, verify: Verify) -> None:
    """Exit code 1, and each finding with a line of curl."""
    address = reach(Mutant(engine, DEFECTS[name][0]))

    code, said = verify(
        address, *credentials(system), "--control-token", CONTROL_TOKEN, "--no-generated", "--timeout=1"
    )

    assert code == 1, said
    assert re.search(r"^\[1\] server: ", said, re.MULTILINE)
    assert f"{address}/" in said.partition("[1] server: ")[2]


@pytest.mark.parametrize("name", CONTROL)
def test_a_defect_of_the_events_is_found(name: str, engine: Engine, reach: Serve, verify: Verify) -> None:
    """What is delivered is looked at too."""
    address = reach(Mutant(engine, CONTROL[name], control=True))

    code, said = verify(address, *credentials("vinr"), "--control-token", CONTROL_TOKEN, "--no-generated")

    assert code == 1
    assert said.count("broken   ") == 1
    assert "the signature of store_credit.created is not valid" in said


@pytest.mark.parametrize(("name", "system"), [("wrong_schema", "vinr"), ("leak_after_delete", "spree")])
def test_a_defect_is_found_over_http(name: str, system: str, engine: Engine, serve: Serve, verify: Verify) -> None:
    """The same through a socket."""
    address = serve(Mutant(engine, DEFECTS[name][0]))

    code, said = verify(address, *credentials(system), "--control-token", CONTROL_TOKEN, "--no-generated")

    assert code == 1, said
    assert f"curl -sS -i -H '{'X-Api-Key: ' if system == 'vinr' else 'Authorization: Bearer '}'\"$" in said

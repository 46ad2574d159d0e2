"""`verify --system spree-v3`: each version holds with its accept file, and each seeded defect is found."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from mutants import MUTANTS, SPREE_V3_KEY, Change, Mutant
from served_mock import CONTROL_TOKEN
from store_credit_mock import Contract, Engine, Options

from .conftest import Serve, Verify

RECORDED = ["5.5", "5.6", "6.0-alpha"]
SCENARIOS = ["--no-generated", "--timeout", "5"]
DEFECTS: dict[str, Change] = dict(MUTANTS)


@pytest.fixture
def engine(request: pytest.FixtureRequest, store_credit_mock_contract: Contract) -> Iterator[Engine]:
    """A mock of a version, in observe mode: it answers as the recorded servers do."""
    options = Options(
        strict=False,
        control_token=CONTROL_TOKEN,
        spree_v3_secret_key=SPREE_V3_KEY,
        spree_v3_profile=getattr(request, "param", "5.6"),
    )
    made = Engine(store_credit_mock_contract, None, options)
    yield made
    made.close()


def opened() -> list[str]:
    """The options that open such a mock."""
    return ["--system", "spree-v3", "--secret-key", SPREE_V3_KEY, "--control-token", CONTROL_TOKEN]


@pytest.mark.parametrize("engine", RECORDED, indirect=True)
def test_a_recorded_version_holds_with_its_accept_file(engine: Engine, serve: Serve, verify: Verify) -> None:
    """No behaviour is broken, and what the version does otherwise than the document is accepted with a reason."""
    version = engine.sandbox.of_systems["spree_v3_profile"]

    code, said = verify(serve(engine), *opened(), *SCENARIOS, "--accept", f"spree-v3-{version}")

    assert code == 0, said
    assert " 0 broken" in said


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found(name: str, engine: Engine, reach: Serve, verify: Verify) -> None:
    """Exit code 1 although the accept file of the version is there."""
    address = reach(Mutant(engine, DEFECTS[name]))

    code, said = verify(address, *opened(), *SCENARIOS, "--accept", "spree-v3-5.6")

    assert code == 1, said
    assert re.search(r"^\[1\] server: ", said, re.MULTILINE), said


def test_released_6_0_has_no_accept_file_and_it_is_said_in_one_sentence(
    engine: Engine, reach: Serve, verify: Verify
) -> None:
    """It was never recorded; nothing is made up for it."""
    code, said = verify(reach(engine), *opened(), *SCENARIOS, "--accept", "spree-v3-6.0")

    assert code == 2
    assert "no release of Spree 6.0 has been recorded yet" in said
    assert "Traceback" not in said

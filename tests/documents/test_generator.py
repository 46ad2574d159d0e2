"""The generator on small documents of one construct each: what a call sends and returns, or why there is none."""

from pathlib import Path

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from generator_cases import CALLS, FOLDER, REFUSALS, Case, check

from store_credit_tools.generate.parsed import GenerationError
from store_credit_tools.generate.sdk import generate_sdk

pytestmark = pytest.mark.takes_seconds


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the packages are, each made once."""
    return tmp_path_factory.mktemp("documents")


@pytest.mark.parametrize("case", CALLS, ids=str)
def test_a_call_sends_what_the_document_says(case: Case, folder: Path) -> None:
    """On the sync and on the async client."""
    check(case, folder)


@pytest.mark.parametrize("case", REFUSALS, ids=str)
def test_what_cannot_be_generated_is_refused(case: Case, tmp_path: Path) -> None:
    """In one sentence with the file, the line and the construct."""
    with pytest.raises(GenerationError) as refused:
        generate_sdk(FOLDER / f"{case.document}.yaml", tmp_path / "client")

    said = str(refused.value)
    assert said.startswith(f"{case.document}.yaml:{case.said['line']}: ")
    assert case.said["refused"] in said
    assert "\n" not in said

"""A test of the tests: each seeded defect is caught, and it is said by what; the whole mock passes everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import orjson
import pytest

from http_library import httpx
from mutants import MUTANTS, Mutant
from store_credit_mock import Contract, Engine, Request
from store_credit_mock.contract import Document
from store_credit_mock.control import Control
from store_credit_mock.server.app import App
from store_credit_mock.systems.spree import Spree
from store_credit_mock.systems.spree_v3 import SpreeV3
from store_credit_mock.systems.system import System
from store_credit_mock.systems.vinr import Vinr
from store_credit_mock.verify.created_records import CreatedRecords
from store_credit_mock.verify.scenarios import Outcome, Target, run
from store_credit_mock.verify.systems import KNOWN

from .probe import Report, probe
from .world import SPREE_TOKEN, VINR_KEY, fill

VINR = "vinr: "
CREDITS = "spree.store_credits: "
V3 = "spree-v3: "
EACH = ("spree.store_credits: ", "spree.store_credit_categories: ", "spree.store_credit_types: ")
SPENDING = {
    VINR + "spending lowers the balance everywhere",
    VINR + "the books add up",
    VINR + "what has expired is not spent",
    CREDITS + "spending shows everywhere",
    CREDITS + "the books add up",
    V3 + "spending shows everywhere",
    V3 + "no credit is spent twice",
}

CREATED = {system + "what was created is there" for system in (VINR, CREDITS, V3)}

# Which scenarios notice a defect, besides others that come to use what it spoils.
NOTICED: dict[str, set[str]] = {
    "wrong_schema": CREATED,
    "wrong_status": CREATED,
    "wrong_content_type": CREATED,
    "lost_write": CREATED,
    "ignored_auth": {
        VINR + "nothing without a key",
        VINR + "a restricted key does only what it was given",
        *(each + "nothing without a token" for each in EACH),
        V3 + "nothing without a key",
        V3 + "a key does what its scopes say",
    },
    "leak_after_delete": {each + "what was deleted is gone" for each in (*EACH, V3)},
    "stale_retrieve": SPENDING,
    "stale_list": SPENDING,
    "replay_runs_twice": {
        VINR + "a key runs once",
        VINR + "a replay says that it is one",
        VINR + "a key is not for other content",
        V3 + "a key runs once",
        V3 + "a replay says that it is one",
        V3 + "a key is not for other content",
        V3 + "a refusal is kept, and not the correction",
        V3 + "a delete under a key is a delete once more",
        V3 + "a key has at most 255 characters",
    },
}
# Defects that nothing but the scenarios named above may notice, lest a scenario be broken by whatever comes.
NOTICED_BY_THESE_ONLY = {"ignored_auth", "leak_after_delete", "stale_retrieve", "stale_list", "replay_runs_twice"}


def tried(targets: list[Target]) -> list[Outcome]:
    """What came of every scenario of each system."""
    return [outcome for target in targets for outcome in run(target, KNOWN[target.system].scenarios)]


def test_the_whole_mock_holds_to_every_scenario(
    engine_of: Callable[[], Engine], target_of: Callable[..., list[Target]]
) -> None:
    """None is broken, and none is skipped."""
    outcomes = tried(target_of(engine_of()))

    print(*outcomes, sep="\n")
    assert {outcome.result for outcome in outcomes} == {"held"}
    assert len(outcomes) == len({outcome.name for outcome in outcomes}) == 84


@pytest.mark.parametrize("name", MUTANTS)
def test_scenarios_notice_a_defect(
    name: str, engine_of: Callable[[], Engine], target_of: Callable[..., list[Target]]
) -> None:
    """The scenarios that are made for a defect are broken by it."""
    outcomes = tried(target_of(Mutant(engine_of(), MUTANTS[name])))

    broken = {outcome.name for outcome in outcomes if outcome.result == "broken"}
    print(*(outcome for outcome in outcomes if outcome.result == "broken"), sep="\n")
    assert broken >= NOTICED[name]
    if name in NOTICED_BY_THESE_ONLY:
        assert broken == NOTICED[name]


def test_a_scenario_that_cannot_be_tried_is_skipped_aloud(store_credit_mock_contract: Contract) -> None:
    """A target of another system, or without a way to spend, is told what was not tried."""
    vinr, spree = KNOWN["vinr"], KNOWN["spree"]
    nothing = CreatedRecords(spree("spree", store_credit_mock_contract))
    with httpx.Client(base_url="http://nobody.test") as client:
        elsewhere = list(run(Target("spree", client, nothing), vinr.scenarios))
        poor = list(run(Target("spree", client, nothing), [one for one in spree.scenarios if one.needs]))

    assert {outcome.text for outcome in elsewhere if "control" not in outcome.text} == {"the target has no VINR"}
    assert {outcome.text for outcome in poor} == {"the target has no control plane"}
    assert {outcome.result for outcome in (*elsewhere, *poor)} == {"skipped"}


def probed(
    document: Document, engine: Engine, name: str | None, only: str, phases: tuple[str, ...], examples: int
) -> Report:
    world = fill(Control.inside(engine.control))
    mock = engine if name is None else Mutant(engine, MUTANTS[name])
    return probe(document, App(mock), world, examples=examples, only=only, phases=phases)  # pyright: ignore[reportArgumentType]


# What schemathesis notices by itself. Balances and replays are beyond any check of single answers.
CAUGHT: list[tuple[str, str, str, tuple[str, ...], int]] = [
    ("wrong_schema", "response_schema_conformance", r"store_credits?\.retrieve", ("examples",), 5),
    ("wrong_status", "status_code_conformance", r"store_credits?\.retrieve", ("examples",), 5),
    ("wrong_content_type", "content_type_conformance", r"store_credits?\.retrieve", ("examples",), 5),
    ("ignored_auth", "ignored_auth", r"store_credits?\.retrieve", ("examples",), 5),
    ("leak_after_delete", "use_after_free", r"store_credit_types", ("stateful",), 200),
]
WALKED_TO = {"leak_after_delete"}
"""What only a walk meets, and where walks go depends on what else is loaded. The scenarios meet it always."""


@pytest.mark.takes_seconds
@pytest.mark.parametrize(("name", "check", "only", "phases", "examples"), CAUGHT, ids=[row[0] for row in CAUGHT])
def test_schemathesis_catches_a_defect(
    name: str,
    check: str,
    only: str,
    phases: tuple[str, ...],
    examples: int,
    document: Document,
    engine_of: Callable[[], Engine],
    long: bool,
) -> None:
    """The check that is made for a defect fails, and no other; without the defect none does."""
    if name in WALKED_TO and not long:
        pytest.skip("only with --hypothesis-profile=long")

    report = probed(document, engine_of(), name, only, phases, examples)
    print(*report.findings, sep="\n")
    assert check in report.caught
    # A record that is shown in place of a 404 is shown whatever else is wrong with the request.
    assert report.caught <= {check, "negative_data_rejection"}
    assert probed(document, engine_of(), None, only, phases, examples).caught == set()


@pytest.mark.slow
def test_schemathesis_catches_a_lost_write(document: Document, engine_of: Callable[[], Engine], long: bool) -> None:
    """It takes walks of many steps, so that only the long run waits for them; the scenarios take milliseconds."""
    if not long:
        pytest.skip("only with --hypothesis-profile=long")

    report = probed(document, engine_of(), "lost_write", r"spree\.store_credits\.", ("stateful",), 100)

    assert report.caught == {"ensure_resource_availability"}


# Defects in the engine's own rules


def _spoil_schema(answer: Any) -> None:
    answer.body = {**orjson.loads(answer.bytes()), "amount": "1000"}


def _spoil_status(answer: Any) -> None:
    answer.status = 202


def _spoil_content_type(answer: Any) -> None:
    answer.media_type = "text/plain"


SPOILERS = {"schema": _spoil_schema, "status": _spoil_status, "content type": _spoil_content_type}
OPERATION = "vinr.store_credit.retrieve"


def spoiled(spoil: Callable[[Any], None]) -> list[System]:
    """The systems, one of whose rules gives a wrong response."""
    vinr = Vinr()
    rule = vinr.operations[OPERATION]

    def wrong(call: Any) -> Any:
        answer = rule(call)
        spoil(answer)
        return answer

    vinr.operations = {**vinr.operations, OPERATION: wrong}
    return [vinr, Spree(), SpreeV3()]


@pytest.mark.parametrize("kind", SPOILERS)
@pytest.mark.parametrize("strict", [True, False])
def test_the_engine_catches_its_own_defect(kind: str, strict: bool, engine_of: Callable[..., Engine]) -> None:
    """A rule that breaks the document: a 500 in strict mode that says so, and a violation on record in both modes."""
    engine = engine_of(strict=strict, systems=spoiled(SPOILERS[kind]))
    fill(Control.inside(engine.control))

    answer = engine.handle(Request.build("GET", "/v1/store-credit/sc_probe00", {"X-Api-Key": VINR_KEY}))

    recorded = list(engine.exchanges)[-1].violations
    assert [violation.side for violation in recorded] == ["response"]
    assert answer.header("x-mock-violation") is not None
    if strict:
        assert answer.status == 500
        assert "violates the OpenAPI document" in orjson.loads(answer.body)["error"]["message"]
    else:
        assert answer.status in {200, 202}


@pytest.mark.takes_seconds
@pytest.mark.parametrize("kind", SPOILERS)
def test_schemathesis_sees_what_the_strict_engine_makes_of_it(
    kind: str, document: Document, engine_of: Callable[..., Engine]
) -> None:
    """The strict engine's 500 fails the check for server errors."""
    engine = engine_of(systems=spoiled(SPOILERS[kind]))

    report = probed(document, engine, None, r"vinr\.store_credit\.retrieve", ("coverage",), 5)

    assert report.caught == {"not_a_server_error"}


def test_the_token_is_not_shown(document: Document, engine_of: Callable[[], Engine]) -> None:
    """What a finding says of the request holds no credentials."""
    report = probed(document, engine_of(), "wrong_status", r"store_credits?\.retrieve", ("examples",), 5)

    text = "\n".join(map(str, report.findings))
    assert "answered 202" in text
    assert SPREE_TOKEN not in text
    assert VINR_KEY not in text

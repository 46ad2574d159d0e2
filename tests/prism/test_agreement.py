"""Prism and the mock agree on accept or reject over one generated corpus; each disagreement is listed with its reason.

Compared is what each says of the request and the document, not its response: a record the mock does not have, or a rule
of the system that says no, is not a refusal here. Prism refuses where it names a violation, finds no operation, or will
not produce a response (`by_prism`). The mock, strict, refuses where it records a violation of the request or gives 401
(or anything but success, where only the credentials were changed: Spree's storefront has no 401 for a missing token).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import zip_longest

import httpx
import pytest

from store_credit_mock import Contract
from store_credit_mock.contract import Document
from store_credit_mock.contract.document import BUNDLED

from .corpus import SYSTEMS, corpus
from .disagreements import KEPT_FROM_PRISM, PRISM_ACCEPTS, PRISM_REFUSES
from .limits import LIMITS, STRICTER
from .probes import RIGHT, Names, Probe
from .process import Prism, running
from .route_probes import CREDENTIALS
from .sandbox import Answered, Sandboxes
from .traffic import by_prism, document

CONNECTIONS = 8
# A machine with other work to do lets Prism wait.
PATIENCE_SECONDS = 300

OPEN = ("spree.oauth.token", "spree.oauth.revoke", "spree_v3.admin.auth.login", "spree_v3.store.auth.login")
"""Operations that sign somebody in or out: a 401 of theirs is about what the body says."""

TOO_LARGE = {"spree_v3": 500}
"""How systems answer numbers that their database cannot hold, recorded of amounts; a failure of the mock is raised."""
VERSIONS = ("5.6", "6.0")
"""Of Spree's API v3; an operation is asked of the first that has it."""


@dataclass(frozen=True)
class Corpus:
    """Every request with what the mock says of it."""

    probes: list[Probe]
    answers: list[Answered]
    names_of: Callable[[str], Names]

    def refused(self) -> Iterator[tuple[Probe, bool]]:
        """Whether the mock refuses, for each."""
        for probe, answer in zip(self.probes, self.answers, strict=True):
            unknown = (answer.status == 401 and probe.operation not in OPEN) or (
                answer.status >= 400 and probe.kind.startswith(CREDENTIALS)
            )
            yield probe, bool(answer.violations) or unknown


@pytest.fixture(scope="module")
def asked(store_credit_mock_contract: Contract) -> Iterator[Corpus]:
    """The corpus, and the mock's opinion of it."""
    sandboxes = Sandboxes(store_credit_mock_contract, document(), VERSIONS)
    probes = corpus(document(), sandboxes.names_of)
    yield Corpus(probes, [sandboxes.of(probe.operation).ask(probe) for probe in probes], sandboxes.names_of)
    sandboxes.close()


@pytest.fixture(scope="module")
def opinions(
    asked: Corpus, prism_command: list[str], tmp_path_factory: pytest.TempPathFactory
) -> dict[int, httpx.Response]:
    """Prism's answers by the number of the request, those kept from it left out. In a process of its own: the other
    tests go on if a request ends it."""
    wanted = [number for number, probe in enumerate(asked.probes) if probe.kind not in KEPT_FROM_PRISM]
    folder = tmp_path_factory.mktemp("agreement")
    with running(prism_command, "mock", BUNDLED, folder) as prism:
        found = asyncio.run(_ask_prism(prism, asked.probes, wanted))
        assert prism.ended is None, prism.log()
    return found


async def _ask_prism(prism: Prism, probes: list[Probe], wanted: list[int]) -> dict[int, httpx.Response]:
    found: dict[int, httpx.Response] = {}
    waiting = iter(wanted)
    limits = httpx.Limits(max_connections=CONNECTIONS)

    async def work(client: httpx.AsyncClient) -> None:
        for number in waiting:
            probe = probes[number]
            try:
                found[number] = await client.request(
                    probe.method, prism.url + probe.target, headers=list(probe.headers), content=probe.body
                )
            except httpx.HTTPError as error:
                raise AssertionError(f"Prism gave no response to {probe}: {error!r}\n{prism.log(20)}") from error

    async with (
        httpx.AsyncClient(trust_env=False, timeout=PATIENCE_SECONDS, limits=limits) as client,
        asyncio.TaskGroup() as tasks,
    ):
        for _ in range(CONNECTIONS):
            tasks.create_task(work(client))
    return found


def test_the_corpus_is_the_same_each_time_and_leaves_no_operation_out(asked: Corpus, document: Document) -> None:
    """At least 2,000 requests, no two alike; each operation has right ones and wrong ones of many kinds."""
    again = corpus(document, asked.names_of)
    kinds = {name: Counter[str]() for name in document.operations if name.startswith(SYSTEMS)}
    for probe in asked.probes:
        kinds[probe.operation][probe.kind] += 1

    assert again == asked.probes
    assert len({(one.method, one.target, one.headers, one.body) for one in again}) == len(again) >= 2000
    for name, counted in kinds.items():
        assert sum(kind.startswith(RIGHT) for kind in counted) >= 4, name
        assert sum(not kind.startswith(RIGHT) for kind in counted) >= 10, name


def test_the_mock_keeps_the_document_over_the_whole_corpus(asked: Corpus) -> None:
    """It takes what is right and refuses what is wrong, never fails, and what the document shows succeeds."""
    wrong = [
        f"{probe}: {answer}"
        for (probe, refused), answer in zip(asked.refused(), asked.answers, strict=True)
        if refused is probe.kind.startswith(RIGHT)
        or (answer.status >= 500 and answer.status != TOO_LARGE.get(probe.operation.partition(".")[0]))
        or answer.broken
        or (refused and answer.status < 400)
        # The example of a password or a refresh token is nobody's.
        or (probe.kind == RIGHT + "example" and answer.status >= 300 and probe.operation != "spree.oauth.token")
    ]

    assert not wrong, _listed(wrong)


@pytest.mark.slow
def test_prism_and_the_mock_agree_but_for_the_list(
    asked: Corpus, opinions: dict[int, httpx.Response], capsys: pytest.CaptureFixture[str]
) -> None:
    """Each request of a kind on the list is judged as the list says, each other one alike by both."""
    agreed, listed, kept = Counter[bool](), Counter[str](), Counter[str]()
    wrong: list[str] = []
    for number, (probe, refused) in enumerate(asked.refused()):
        if probe.kind in KEPT_FROM_PRISM:
            kept[KEPT_FROM_PRISM[probe.kind]] += 1
            if not refused:
                wrong.append(f"{probe}: is kept from Prism, and the mock accepts it")
            continue
        found = by_prism(opinions[number])
        reason = PRISM_ACCEPTS.get(probe.kind) or PRISM_REFUSES.get(probe.kind)
        expected = (probe.kind in PRISM_REFUSES, probe.kind in PRISM_ACCEPTS) if reason else (refused, refused)
        if (bool(found), refused) != expected:
            unlisted = "listed otherwise" if reason else "not listed"
            wrong.append(f"{probe}: Prism {_verb(found)} {found.said}, the mock {_verb(refused)}; {unlisted}")
        elif reason:
            listed[reason] += 1
        else:
            agreed[refused] += 1
    with capsys.disabled():
        print(
            f"\n{len(asked.probes)} requests in {len({probe.kind for probe in asked.probes})} kinds on "
            f"{len({probe.operation for probe in asked.probes})} operations: "
            f"{agreed.total()} agreed ({agreed[False]} accepted, {agreed[True]} refused), {listed.total()} disagreed "
            f"for {len(listed)} listed reasons, {kept.total()} kept from Prism, {len(wrong)} not listed"
        )
        rows = [f"  {count:4} {reason}" for reason, count in (listed + kept).most_common()]
        half = (len(rows) + 1) // 2
        for left, right in zip_longest(rows[:half], rows[half:], fillvalue=""):
            print(f"{left:40}{right}".rstrip())

    assert not wrong, _listed(wrong)


def test_the_list_is_exact(asked: Corpus) -> None:
    """No kind is listed that the corpus lacks, or twice; each reason is one that test_limits.py shows."""
    tables = (PRISM_ACCEPTS, PRISM_REFUSES, KEPT_FROM_PRISM)
    kinds = [kind for table in tables for kind in table]

    assert len(kinds) == len(set(kinds))
    assert set(kinds) <= {probe.kind for probe in asked.probes}
    assert set(PRISM_ACCEPTS.values()) | set(KEPT_FROM_PRISM.values()) <= set(LIMITS)
    assert set(PRISM_REFUSES.values()) <= set(STRICTER)
    assert all(kind.startswith(RIGHT) for kind in PRISM_REFUSES)
    assert not any(kind.startswith(RIGHT) for kind in PRISM_ACCEPTS)


def _listed(wrong: list[str]) -> str:
    return "\n".join([f"{len(wrong)}:", *(one[:400] for one in wrong[:30])])


def _verb(refused: object) -> str:
    return "refuses" if refused else "accepts"

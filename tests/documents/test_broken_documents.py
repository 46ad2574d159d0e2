"""Documents with something odd in one place: they are read, or refused in one sentence, whatever it is."""

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openapi_python_client", reason="the generator is not installed here")

from generator_cases import FOLDER, document_of

from store_credit_tools.generate.parsed import GenerationError, Parsed
from store_credit_tools.generate.sdk import generate_sdk, read_plan

ODD: list[Any] = [
    None,
    True,
    5,
    1.5,
    "",
    "x",
    [],
    [1],
    [None],
    {},
    {"a": 1},
    {"$ref": "#/nowhere"},
    {"$ref": 5},
    {"type": "object", "properties": 5},
]


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of everything in a document."""
    if path:
        yield path
    for key, value in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        yield from places(value, (*path, key))


@pytest.mark.parametrize("seed", range(4))
def test_an_odd_value_anywhere_is_read_or_refused_in_one_sentence(seed: int) -> None:
    """150 of them for each seed; nothing but the generator's own error is raised."""
    choose = random.Random(seed)
    names = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    refused: list[str] = []
    for _ in range(150):
        document = copy.deepcopy(document_of(choose.choice(names)))
        del document["x-cases"]
        *path, last = choose.choice([one for one in places(document) if len(one) > 1])
        holder: Any = document
        for key in path:
            holder = holder[key]
        holder[last] = copy.deepcopy(choose.choice(ODD))
        try:
            read_plan(Parsed(document, Path("client"), simplify=True))
        except GenerationError as error:
            refused.append(str(error))
    assert refused
    assert all(refused)
    assert not any("\n" in said for said in refused)


def test_a_value_that_holds_itself_is_refused(tmp_path: Path) -> None:
    """As YAML's anchors can make one."""
    document = tmp_path / "openapi.yaml"
    document.write_text(
        "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"
        "components: {schemas: {A: &a {type: object, properties: {a: *a}}}}\n"
    )
    with pytest.raises(GenerationError, match=r"^openapi\.yaml:4: nests too deeply"):
        generate_sdk(document, tmp_path / "client")

"""No import cycle of any kind: at the top of a file, inside a function or for type checkers only.

Which package may import which is in `[tool.importlinter]` of pyproject.toml, checked by `scripts/lint`.
"""

from __future__ import annotations

import graphlib

import grimp
import pytest


@pytest.mark.parametrize(
    ("package", "left_out"),
    [
        ("store_credit_mock", ()),
        # Records refer to each other, as the document's schemas do.
        ("store_credit", ("store_credit.models",)),
        ("store_credit_tools", ()),
    ],
)
def test_no_module_imports_itself_by_way_of_others(package: str, left_out: tuple[str, ...]) -> None:
    graph = grimp.build_graph(package, exclude_type_checking_imports=False, cache_dir=None)
    edges = {
        module: graph.find_modules_directly_imported_by(module)
        for module in graph.modules
        if not module.startswith(left_out or ("-",))
    }

    assert len(edges) > 40
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))

"""The names of the tests: the same in every process, so that they can be shared out among several and run again."""

from __future__ import annotations

import re

import pytest

from bootstrap import ROOT


def test_no_name_of_a_test_changes_from_run_to_run(request: pytest.FixtureRequest) -> None:
    """No address of an object and no path of this machine is part of one.

    All tests that were collected with this one are looked at: in a run of everything, everything. `pytest -n 2` refuses
    to run where two processes name a test differently.
    """
    names = [item.nodeid for item in request.session.items]
    changing = re.compile(rf"0x[0-9a-f]{{6,}}|{re.escape(str(ROOT))}", re.IGNORECASE)

    assert [name for name in names if changing.search(name)] == []
    assert len(set(names)) == len(names)

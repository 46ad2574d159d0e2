"""Every method of the SDK against `prism mock --errors`: what it sends is accepted, what is answered is understood."""

import json

import pytest

from store_credit_mock.contract import Document

from .methods import Method, Outcome, calls, methods, run
from .process import Prism
from .traffic import answers

METHODS = list(methods())

every_method = pytest.mark.parametrize("method", METHODS, ids=str)


def faults(outcome: Outcome) -> list[str]:
    """What is wrong with a call that should have gone well."""
    found = list(outcome.violations)
    if outcome.error is not None:
        found.append(f"{type(outcome.error).__name__}: {outcome.error}")
    found += [f"answered {one.status_code}" for one in outcome.responses if not 200 <= one.status_code < 300]
    return found if outcome.responses else [*found, "no response was seen"]


@pytest.mark.parametrize("waits", [True, False], ids=["sync", "async"])
def test_the_clients_have_a_method_for_every_operation_and_no_other(document: Document, waits: bool) -> None:
    """What the tests below go through is all there is: a new operation is among it, or this fails."""
    found = [method.operation for method in METHODS if method.waits is waits]

    wanted = [name for name, one in document.operations.items() if "x-no-sdk-method" not in one.definition]
    assert sorted(found) == sorted(wanted)


@every_method
def test_what_it_sends_is_accepted(mock: Prism, document: Document, method: Method) -> None:
    """With the arguments of every example, with each kind of credential, and with every argument at once."""
    found = {call.name: faults(run(method, mock.url, call.arguments)) for call in calls(document, method)}

    assert not any(found.values()), found


@every_method
def test_every_answer_of_the_document_reaches_the_caller(mock: Prism, document: Document, method: Method) -> None:
    """Each success is a result, each error is raised with its status and body; Prism finds both sides right."""
    call = next(calls(document, method))
    wrong: dict[str, object] = {}
    for answer in answers(document, document.operations[method.operation]):
        # Without this Prism would give the first example of the lowest status only.
        outcome = run(method, mock.url, call.arguments, extra_headers=answer.prefer)
        said = outcome.responses[-1] if outcome.responses else None
        if answer.success:
            found: list[object] = list(faults(outcome))
        else:
            found = [*outcome.violations]
            if getattr(outcome.error, "status_code", None) != answer.status:
                found.append(outcome.error or "nothing was raised")
        if said is not None and said.content != answer.content:
            try:
                if json.loads(said.content) != answer.value:
                    found.append(f"answered {said.content!r}")
            except ValueError:
                found.append(f"answered {said.content!r}")
        if found:
            wrong[str(answer)] = found

    assert wrong == {}

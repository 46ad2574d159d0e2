"""Every method of the SDK against `prism mock --errors`: what it sends is accepted, what is answered is understood."""

import pytest

from store_credit_mock.contract import Document

from .methods import Method, Outcome, calls, methods, public_methods, run
from .process import Prism

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
    wanted = sorted(name for name, one in document.operations.items() if "x-no-sdk-method" not in one.definition)
    assert sorted(public_methods(waits)) == wanted
    assert sorted(method.operation for method in METHODS if method.waits is waits) == wanted


@every_method
def test_what_it_sends_is_accepted(mock: Prism, document: Document, method: Method) -> None:
    """With the arguments of every example, with each kind of credential, and with every argument at once."""
    found = {call.name: faults(run(method, mock.url, call.arguments)) for call in calls(document, method)}

    assert not any(found.values()), found

"""What was expected and what was found instead: the mock's, which the proxy compares with too (`--drift`)."""

from store_credit_mock.recording.differences import (
    Difference,
    Same,
    as_list,
    as_object,
    compare,
    equal_by_value,
    pointer,
    shown,
)

__all__ = ["Difference", "Same", "as_list", "as_object", "compare", "equal_by_value", "pointer", "shown"]

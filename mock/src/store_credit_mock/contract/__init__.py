"""`openapi.yaml`, compiled: operations found by method and path, both sides of an exchange checked against it.

Knows neither systems nor storage. Everything is compiled when a `Contract` is made; what cannot be compiled stops it.
"""

from store_credit_mock.contract.body import Body, read_body
from store_credit_mock.contract.contract import Contract
from store_credit_mock.contract.document import Document, DocumentError, OperationDefinition
from store_credit_mock.contract.exchange_validator import ExchangeValidator, OperationMatch, ValidationResult
from store_credit_mock.contract.operation import Match, Operation, Schema
from store_credit_mock.contract.parameters import coerce, read_query
from store_credit_mock.contract.secret_names import SecretNames
from store_credit_mock.contract.serialization_cache import SerializedPage, SerializedRecord
from store_credit_mock.contract.violation import Violation

__all__ = [
    "Body",
    "Contract",
    "Document",
    "DocumentError",
    "ExchangeValidator",
    "Match",
    "Operation",
    "OperationDefinition",
    "OperationMatch",
    "Schema",
    "SecretNames",
    "SerializedPage",
    "SerializedRecord",
    "ValidationResult",
    "Violation",
    "coerce",
    "read_body",
    "read_query",
]

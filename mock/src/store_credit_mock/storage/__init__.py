"""Where sandboxes are kept: one set of SQL statements, on SQLite or on PostgreSQL.

Statements are written once, with `?` for each value, in the SQL both understand: `RETURNING` and
`ON CONFLICT ... DO UPDATE` are there; booleans are BIGINT 0 and 1, times are BIGINT Unix milliseconds, JSON is TEXT.
Every statement names the sandbox. A literal `?` or `%` in a statement is not allowed.
"""

from store_credit_mock.storage.base import SNAPSHOTS, Row, Storage, StorageError, Table, Value, check_rows
from store_credit_mock.storage.factory import open_storage
from store_credit_mock.storage.sqlite import SQLiteStorage

__all__ = [
    "SNAPSHOTS",
    "Row",
    "SQLiteStorage",
    "Storage",
    "StorageError",
    "Table",
    "Value",
    "check_rows",
    "open_storage",
]

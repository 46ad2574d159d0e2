"""From the text after `--db` to a storage."""

from __future__ import annotations

from store_credit_mock.storage.base import Storage, StorageError
from store_credit_mock.storage.sqlite import SQLiteStorage

__all__ = ["open_storage"]


def open_storage(address: str = ":memory:") -> Storage:
    """Open `:memory:`, a file, or `postgresql://...`.

    Raises:
        StorageError: It cannot be opened; the text says what to do, and names the extra that is missing.
    """
    if address.startswith(("postgresql://", "postgres://")):
        try:
            from store_credit_mock.storage.postgresql import PostgreSQLStorage
        except ImportError as error:
            raise StorageError(
                "PostgreSQL needs the `postgres` extra: pip install 'store-credit-mock[postgres]'"
            ) from error
        return PostgreSQLStorage(address)
    if not address:
        raise StorageError("--db is empty; use a file name, `:memory:` or postgresql://...")
    if "://" in address:
        scheme = address.partition("://")[0]
        raise StorageError(f"{scheme}:// is not supported; use a file name, `:memory:` or postgresql://...")
    return SQLiteStorage(address)

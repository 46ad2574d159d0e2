"""The command `store-credit`."""

"""Credit from one system to another."""

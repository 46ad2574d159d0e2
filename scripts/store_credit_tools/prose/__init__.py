"""The sentences that a reader sees, where each of them stands, and the words that none of them should have."""

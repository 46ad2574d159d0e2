"""Carries a plan out: claims, paces, sends, records, and checks at the end."""

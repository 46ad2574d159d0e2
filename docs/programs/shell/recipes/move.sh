#!/usr/bin/env bash
# The recipe "Move from another platform"; tests/docs/test_recipes.py runs it twice.
# >>> program
export OLD_TOKEN=old-shop NEW_KEY=sk_full
store-credit move export --account old -o old.jsonl
store-credit move map old.jsonl --to new -o map.csv
store-credit move plan --from old --to new --map map.csv
store-credit move apply move.plan.jsonl --quiet
store-credit move verify move.plan.jsonl
# <<< program

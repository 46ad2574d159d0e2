#!/usr/bin/env bash
# The recipe "Reconcile with the books"; tests/docs/test_recipes.py runs it.
# >>> program
export VINR_SECRET_KEY=sk_test_any
store-credit init --system vinr --url http://127.0.0.1:4010 --token-env VINR_SECRET_KEY

# Something to audit: the books below say this, and EUR 10.00 that nobody issued.
curl -sS -o issued.json -H "X-Api-Key: $VINR_SECRET_KEY" http://127.0.0.1:4010/v1/store-credit \
    -d customer=cust_8aZ2 -d amount=2500 -d currency=USD
cat > books.csv <<'CSV'
customer,currency,amount
cust_8aZ2,USD,25.00
cust_8aZ2,EUR,10.00
CSV

store-credit audit --against books.csv -o report.md || echo "exit code $?"
# <<< program

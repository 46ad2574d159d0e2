"""`python -m store_credit_mock`."""

from store_credit_mock.cli import main

main()

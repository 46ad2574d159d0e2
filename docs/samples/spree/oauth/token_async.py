"""Fetch the token of an application, as an async client does automatically."""

# The part shown begins here.
import asyncio

from store_credit import AsyncClientCredentials


async def main() -> None:
    # Give it to a client, AsyncSpreeClient(token=fetch),
    # which fetches a token when it needs one.
    # Set SPREE_URL in the environment.
    fetch = AsyncClientCredentials(
        "example-client-id", "example-client-secret"
    )
    token = await fetch()

    print(len(token), "letters")


asyncio.run(main())
# The part shown ends here.

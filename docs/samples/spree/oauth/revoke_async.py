"""End the token of an application, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeClient


async def main() -> None:
    # Set SPREE_URL in the environment.
    async with AsyncSpreeClient() as spree:
        response = await spree.request(
            "POST",
            "/spree_oauth/revoke",
            json={
                "token": "example-access-token",
                "client_id": "example-client-id",
                "client_secret": "example-client-secret",
            },
        )

    print(response.status_code)


asyncio.run(main())
# The part shown ends here.

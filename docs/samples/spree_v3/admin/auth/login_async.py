"""Sign a member of staff in; the token lives for five minutes, with the async client."""

# The part shown begins here.
import asyncio

from store_credit import AsyncSpreeAdminClient


async def main() -> None:
    # Set SPREE_URL in the environment.
    async with AsyncSpreeAdminClient() as admin:
        session = await admin.auth.login(
            email="desk@shop.example",
            password="example-password",
        )

    print(session.user.email, session.user.roles)


asyncio.run(main())
# The part shown ends here.

"""Take Spree's events: verify the signature over the raw body, then read the event."""

# The part shown begins here.
from collections.abc import Mapping

from store_credit import (
    WebhookVerificationError,
    spree_webhooks,
)


def receive(
    body: bytes, headers: Mapping[str, str]
) -> int:
    """Take one delivery, as raw as it came, and give the status to answer with."""
    try:
        # Takes the endpoint's secret from
        # SPREE_WEBHOOK_SECRET.
        event = spree_webhooks.parse(body, headers)
    except WebhookVerificationError as error:
        print("refused:", error)
        return 400
    if event.name == "store_credit.created":
        print(
            event.id,
            "issued:",
            event.data.id,
            event.data.amount,
        )
    elif event.name == "store_credit.updated":
        # Also when nothing of it has changed,
        # such as after an edit of the memo.
        print(
            event.id,
            "changed:",
            event.data.id,
            event.data.amount_remaining,
        )
    elif event.name == "store_credit.deleted":
        print(
            event.id,
            "deleted:",
            event.data.id,
            event.data.amount,
        )
    return 200


# The part shown ends here.


def serve(port: int) -> None:
    """Receive on this machine until Ctrl-C, to try it with the mock; 0 takes any free port."""
    from http.server import (
        BaseHTTPRequestHandler,
        HTTPServer,
    )

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(
                int(self.headers["Content-Length"])
            )
            self.send_response(
                receive(body, dict(self.headers.items()))
            )
            self.end_headers()

    with HTTPServer(
        ("127.0.0.1", port), Receiver
    ) as server:
        print(
            f"http://127.0.0.1:{server.server_port}/",
            flush=True,
        )
        server.serve_forever()


if __name__ == "__main__":
    import sys

    serve(
        int(sys.argv[1]) if len(sys.argv) > 1 else 4011
    )

"""The recipe "Test a webhook"; `tests/docs/test_recipes.py` runs it."""

# >>> program
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue

import httpx

from store_credit import VinrClient, WebhookVerificationError, webhooks
from store_credit_mock.control import Control

URL = "http://127.0.0.1:4010"
SECRET = "whsec_of_my_tests"

seen: set[str] = set()  # in production a table of your database
done = Queue[str]()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        try:
            event = webhooks.parse(body, self.headers, secret=SECRET)
        except WebhookVerificationError as error:
            self.send_response(400)
            self.end_headers()
            done.put(f"refused: {error.check}")
            return
        self.send_response(200)
        self.end_headers()
        if event.id in seen:
            done.put("again: ignored")
            return
        seen.add(event.id)
        if event.type == "store_credit.created":
            done.put(f"issued: {event.data.object.amount} {event.data.object.currency}")

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=server.serve_forever, daemon=True).start()

address = f"http://127.0.0.1:{server.server_port}/hooks"

control = Control.connect(URL, "control")
endpoint = control.vinr.add_endpoint(address, secret=SECRET)
vinr = VinrClient(api_key="sk_test_any", base_url=URL)
vinr.store_credit.create(customer="cust_8aZ2", amount=1000, currency="USD")
print(done.get(timeout=10))

control.vinr.duplicate(control.vinr.events()[0].id)  # VINR may deliver an event twice
print(done.get(timeout=10))

body = b'{"id":"evt_1","type":"store_credit.created"}'
httpx.post(address, content=body, headers=webhooks.test_headers(body, "whsec_of_somebody_else"))
print(done.get(timeout=10))

control.vinr.remove_endpoint(endpoint.id)
server.shutdown()
server.server_close()
# <<< program

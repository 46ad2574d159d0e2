// The recipe "Refund to store credit" on VINR; tests/docs/test_recipes_in_node.py runs it.

// >>> program
import { setTimeout as sleep } from "node:timers/promises";

const CREDITS = "http://127.0.0.1:4010/v1/store-credit";
const HEADERS = { "X-Api-Key": "sk_test_any", "Content-Type": "application/json" };

// Issue the credit of a return, once, however often it is called for that return.
async function refund(returnId, customer, cents) {
  const headers = { ...HEADERS, "Idempotency-Key": `refund-${returnId}` };
  const body = JSON.stringify({ customer, amount: cents, currency: "USD" });
  for (let attempt = 1; ; attempt++) {
    try {
      const signal = AbortSignal.timeout(10_000); // milliseconds
      const response = await fetch(CREDITS, { method: "POST", headers, body, signal });
      if (response.ok) return (await response.json()).id;
      const refused = response.status < 500 && !response.headers.has("Retry-After");
      throw Object.assign(new Error(`${response.status}: ${await response.text()}`), { refused });
    } catch (error) {
      if (error.refused || attempt === 5) throw error; // after five: unknown; call it again later
      await sleep(2 ** attempt * 500); // then send the same request with the same key
    }
  }
}

const first = await refund("1301", "cust_8aZ2", 2599);
const again = await refund("1301", "cust_8aZ2", 2599); // a second click, or after a restart
console.log("the same credit:", again === first ? "yes" : "no");
const response = await fetch(`${CREDITS}/${first}`, { headers: HEADERS });
const credit = await response.json();
console.log(credit.amount, credit.currency);
// <<< program

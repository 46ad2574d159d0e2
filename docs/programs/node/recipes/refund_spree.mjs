// The recipe "Refund to store credit" on Spree v3; tests/docs/test_recipes_in_node.py runs it.

// >>> program
import { setTimeout as sleep } from "node:timers/promises";

const API = "http://127.0.0.1:4010/api/v3/admin";
const GRACE = 120_000; // milliseconds; a request without a response is no longer running then

async function call(method, path, body, key) {
  const headers = { "X-Spree-Api-Key": "sk_full", "Content-Type": "application/json" };
  if (key) headers["Idempotency-Key"] = key;
  const signal = AbortSignal.timeout(30_000); // milliseconds
  const content = body && JSON.stringify(body);
  const response = await fetch(API + path, { method, headers, body: content, signal });
  if (response.ok) return response.json();
  const refused = response.status < 500;
  throw Object.assign(new Error(`${response.status}: ${await response.text()}`), { refused });
}

async function find(path, memo) {
  for (let page = 1; page; ) {
    const { data, meta } = await call("GET", `${path}?sort=-created_at&limit=100&page=${page}`);
    const found = data.find((one) => one.memo === memo);
    if (found) return found;
    page = meta.next; // null on the last page
  }
}

// Issue the credit of a return, once. Call it for one return at a time.
async function refund(returnId, customerId, amount) {
  const mark = `refund-${returnId}`;
  const path = `/customers/${customerId}/store_credits`;
  for (let attempt = 1; ; attempt++) {
    const issued = await find(path, mark);
    if (issued) return issued.id;
    try {
      return (await call("POST", path, { amount, currency: "USD", memo: mark }, mark)).id;
    } catch (error) {
      // After the third attempt, the outcome is unknown: call it again later.
      if (error.refused || attempt === 3) throw error;
      // Then look for the memo; if it is not there, send again with the same key.
      await sleep(GRACE);
    }
  }
}

const { data } = await call("GET", "/customers?q[email_eq]=alice@example.com");
const alice = data.find((one) => one.email === "alice@example.com");
const first = await refund("1301", alice.id, "25.99");
const again = await refund("1301", alice.id, "25.99"); // a second click, or after a restart
console.log("the same credit:", again === first ? "yes" : "no");
const credit = await call("GET", `/customers/${alice.id}/store_credits/${first}`);
console.log(credit.amount, credit.currency, credit.memo);
// <<< program

// The guide "Idempotency and retries"; tests/docs/test_basics_in_node.py runs it and loses responses.

// >>> program
import { setTimeout as sleep } from "node:timers/promises";

const url = `${process.env.VINR_BASE_URL}/v1/store-credit`;

async function issue(key, credit) {
  const headers = {
    "X-Api-Key": process.env.VINR_SECRET_KEY,
    "Idempotency-Key": key, // the same on every attempt, and so is the body
    "Content-Type": "application/json",
  };
  const body = JSON.stringify(credit);
  let unknown = false; // whether an attempt may have issued the credit
  for (let attempt = 1; ; attempt++) {
    let problem;
    let again = true;
    let pause = Math.random() * 500 * 2 ** attempt; // milliseconds: backoff with jitter
    try {
      const signal = AbortSignal.timeout(30_000); // milliseconds, for each attempt
      const response = await fetch(url, { method: "POST", headers, body, signal });
      const text = await response.text();
      if (response.ok) return JSON.parse(text);
      const { status } = response;
      const retryAfter = Number(response.headers.get("Retry-After")) || 0; // seconds
      problem = `${status}: ${text}`;
      // A 409 with Retry-After: an earlier attempt with this key is still running.
      const running = status === 409 && retryAfter > 0;
      again = (status >= 500 || status === 429 || running) && retryAfter <= 120;
      unknown ||= status >= 500 || running;
      pause += retryAfter * 1000;
    } catch (error) {
      problem = error.cause ?? error; // no usable response: the credit may have been issued
      unknown = true;
    }
    if (!again || attempt === 5) {
      const outcome = unknown ? "outcome unknown, send it again with the same key" : "rejected";
      throw new Error(`${key}: ${outcome} (${problem})`);
    }
    await sleep(pause);
  }
}

const order = { customer: "cust_8aZ2", amount: 1000, currency: "USD" };
const credit = await issue("refund-1501", order);
console.log(credit.id, credit.balance_remaining);
// <<< program

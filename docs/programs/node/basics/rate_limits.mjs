// The guide "Rate limits"; tests/docs/test_basics_in_node.py runs it and rejects requests with a 429.

// >>> program
import { setTimeout as sleep } from "node:timers/promises";

// options are those of fetch; for a POST to VINR, they include the idempotency key.
async function send(url, options) {
  for (let attempt = 1; ; attempt++) {
    const signal = AbortSignal.timeout(30_000); // milliseconds, a new one for each attempt
    const response = await fetch(url, { ...options, signal });
    const seconds = Number(response.headers.get("Retry-After")) || 1;
    if (response.status !== 429 || attempt === 5 || seconds > 120) return response;
    await response.body?.cancel(); // frees the connection
    await sleep((seconds + Math.random()) * 1000);
  }
}

// Call this before the next request: it waits if this response has used up the limit.
async function pace(response) {
  const left = response.headers.get("X-RateLimit-Remaining");
  const full = Number(response.headers.get("X-RateLimit-Reset")); // Unix time in seconds
  if (left === "0" && full) await sleep(Math.max(0, full * 1000 - Date.now()));
}

const headers = { "X-Api-Key": process.env.VINR_SECRET_KEY };
const response = await send(`${process.env.VINR_BASE_URL}/v1/store-credit?limit=1`, { headers });
console.log(response.status, response.headers.get("X-RateLimit-Remaining"), "requests left");
await pace(response);
// <<< program

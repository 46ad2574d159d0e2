// The guide "Requests and responses"; tests/docs/test_basics_in_node.py runs it on errors of all systems.

// >>> program
async function problemOf(response) {
  const { status } = response;
  const text = await response.text();
  try {
    const { error, errors } = JSON.parse(text);
    if (typeof error === "string") return { status, message: error, details: errors }; // Spree v2
    return { status, ...error }; // VINR: code, message, param; Spree v3: code, message, details
  } catch {
    return { status, message: text }; // not JSON, for example a proxy's page
  }
}

const response = await fetch(`${process.env.VINR_BASE_URL}/v1/store-credit`, {
  method: "POST",
  headers: {
    "X-Api-Key": process.env.VINR_SECRET_KEY,
    "Idempotency-Key": "refund-1451",
    "Content-Type": "application/json",
  },
  body: JSON.stringify({ customer: "cust_unknown", amount: 1000, currency: "USD" }),
  signal: AbortSignal.timeout(30_000), // milliseconds
});
if (!response.ok) {
  const { status, code, param, message, request_id } = await problemOf(response);
  console.log(status, code, param, message, request_id);
}
// <<< program

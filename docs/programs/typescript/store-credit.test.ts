// Store credit against the mock, with Node's own test runner and no dependency but
// store-credit-mock. The guide "Testing from TypeScript" quotes the parts between >>> and <<<.
import assert from 'node:assert/strict'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, beforeEach, test } from 'node:test'
// >>> start
import { start, type Mock } from 'store-credit-mock'

let mock: Mock
before(async () => { mock = await start() })
after(async () => { await mock.stop() })
// <<< start

interface Credit { id: string, balance_remaining: number }

// >>> client
// Your own code: it takes the address from outside, and sends the same key again
// when no response arrives.
class StoreCredit {
  constructor (readonly baseUrl: string, readonly apiKey: string) {}

  async issue (customer: string, amount: number, idempotencyKey: string): Promise<Credit> {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': idempotencyKey },
      body: JSON.stringify({ customer, amount, currency: 'USD' })
    }
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.call<Credit>('/v1/store-credit', init)
      } catch (error) {
        // fetch throws a TypeError if no response arrives.
        if (!(error instanceof TypeError) || attempt === 3) throw error
      }
    }
  }

  async list (): Promise<Credit[]> {
    return (await this.call<{ data: Credit[] }>('/v1/store-credit?limit=100')).data
  }

  private async call<Result> (
    path: string,
    init: RequestInit & { headers?: Record<string, string> } = {}
  ): Promise<Result> {
    const headers = { ...init.headers, 'X-Api-Key': this.apiKey }
    const response = await fetch(this.baseUrl + path, { ...init, headers })
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
    return await response.json() as Result
  }
}

const shop = (): StoreCredit => new StoreCredit(mock.url, 'sk_test_any')
// <<< client

// >>> control
// The control plane: everything below /_mock/, with its own token.
async function control<Result = unknown> (
  method: string,
  path: string,
  body?: object
): Promise<Result> {
  const headers = {
    Authorization: `Bearer ${mock.controlToken}`,
    'Content-Type': 'application/json'
  }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${mock.url}/_mock${path}`, { method, headers, ...sent })
  if (!response.ok) {
    throw new Error(`${method} /_mock${path}: ${response.status} ${await response.text()}`)
  }
  return (response.status === 204 ? undefined : await response.json()) as Result
}
// <<< control

// >>> reset
beforeEach(async () => { await control('POST', '/reset') })
// <<< reset

// >>> verify
interface Exchange {
  request: { method: string, path: string, body: string }
  response: { status: number }
  violations: Array<{ message: string }>
}

interface Exchanges { total: number, data: Exchange[] }

// After each test: nothing that was sent or answered broke the document,
// and the books add up.
afterEach(async () => {
  const { data } = await control<Exchanges>('GET', '/exchanges?violations=true')
  const violations = data.flatMap(exchange => exchange.violations)
  assert.deepEqual(violations.map(({ message }) => message), [])
  assert.equal((await control<{ holds: boolean }>('GET', '/invariants')).holds, true)
})
// <<< verify

// >>> purchase
test('a purchase spends credit', async () => {
  await shop().issue('cust_8aZ2', 1000, 'ts-order-1')
  const purchase = { customer: 'cust_8aZ2', amount: 400, currency: 'USD' }
  await control('POST', '/vinr/purchases', purchase)
  assert.deepEqual((await shop().list()).map(credit => credit.balance_remaining), [600])
})
// <<< purchase

// >>> fault
test('a lost response does not issue a second credit', async () => {
  const operation = 'vinr.store_credit.create'
  await control('POST', '/faults', { operation, nth: 1, drop: true, when: 'after' })
  await shop().issue('cust_8aZ2', 1000, 'ts-order-2')
  assert.equal((await shop().list()).length, 1)
  const sent = await control<Exchanges>('GET', `/exchanges?operation=${operation}`)
  assert.equal(sent.total, 2)
})
// <<< fault

// >>> clock
test('expired credit is not spent', async () => {
  const { now } = await control<{ now: number }>('POST', '/clock/freeze', {
    at: '2030-01-01T00:00:00Z'
  })
  // The clock counts milliseconds, VINR seconds.
  const inAnHour = now / 1000 + 3600
  await fetch(`${mock.url}/v1/store-credit`, {
    method: 'POST',
    headers: { 'X-Api-Key': 'sk_test_any', 'Content-Type': 'application/json' },
    body: JSON.stringify({
      customer: 'cust_8aZ2',
      amount: 1000,
      currency: 'USD',
      expires_at: inAnHour
    })
  })
  await control('POST', '/clock/advance', { seconds: 3600 })
  const purchase = { customer: 'cust_8aZ2', amount: 400, currency: 'USD' }
  const paid = await control<{ paid_by_credit: number }>('POST', '/vinr/purchases', purchase)
  assert.equal(paid.paid_by_credit, 0)
})
// <<< clock

// >>> webhook
function genuine (
  body: string,
  signature: string,
  timestamp: string,
  secret: string
): boolean {
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false
  const hmac = createHmac('sha256', secret).update(`${timestamp}.${body}`)
  // Compared as bytes: a header may hold anything.
  const expected = Buffer.from(hmac.digest('hex'))
  const received = Buffer.from(signature)
  return received.length === expected.length && timingSafeEqual(received, expected)
}

test('an event arrives, signed', { timeout: 60_000 }, async () => {
  const receiver = createServer().listen(0, '127.0.0.1')
  try {
    await once(receiver, 'listening')
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`
    const endpoint = await control<{ secret: string }>('POST', '/vinr/webhook-endpoints', {
      url, enabled_events: ['store_credit.created']
    })
    const arrived = once(receiver, 'request')
    const { id } = await shop().issue('cust_8aZ2', 1000, 'ts-order-3')
    const [request, response] = await arrived
    let body = ''
    request.setEncoding('utf8') // a letter may be cut between two parts
    for await (const part of request) body += part
    response.writeHead(204).end()
    const { 'x-vinr-signature': signature, 'x-vinr-timestamp': timestamp } = request.headers
    assert.ok(genuine(body, signature, timestamp, endpoint.secret))
    assert.equal(JSON.parse(body).data.object.id, id)
  } finally {
    receiver.close()
  }
})
// <<< webhook

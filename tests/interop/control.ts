// What openapi-typescript makes of the control plane's document, used strictly: compiled by `tsc --strict`, then run
// against a served mock. In: ADDRESS and TOKEN in the environment. Out: one line of JSON.
import createClient from 'openapi-fetch'
import type { components, paths } from './control-types'

type Schemas = components['schemas']
declare const process: { env: Record<string, string | undefined>, exitCode?: number }

const { ADDRESS: baseUrl = '', TOKEN = '' } = process.env
const client = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${TOKEN}` } })

// What a call gives, or an error that says what the mock said; `error` is the schema of every refusal.
async function given<Data> (call: Promise<{ data?: Data, error?: Schemas['ControlProblem'], response: Response }>): Promise<Data> {
  const { data, error, response } = await call
  if (data === undefined) throw new Error(`${response.status}: ${error?.error ?? 'nothing'}`)
  return data
}

async function main (): Promise<void> {
  const endpoint: Schemas['SignedEndpoint'] = await given(client.POST('/_mock/vinr/webhook-endpoints', {
    body: { url: 'http://127.0.0.1:9/', enabled_events: ['store_credit.created'] }
  }))
  const secret: string = endpoint.secret
  const issued = await fetch(`${baseUrl}/v1/store-credit`, {
    method: 'POST',
    headers: { 'X-Api-Key': 'sk_test_typescript', 'Content-Type': 'application/json' },
    body: JSON.stringify({ customer: 'cust_8aZ2', amount: 1000, currency: 'USD' })
  })
  const purchase = await given(client.POST('/_mock/vinr/purchases', {
    body: { customer: 'cust_8aZ2', amount: 400, currency: 'USD' }
  }))
  const parts: Array<{ credit: string, amount: number }> = purchase.parts
  const { data: deliveries, held } = await given(client.GET('/_mock/vinr/deliveries'))
  const states: Array<'pending' | 'delivered' | 'failed'> = deliveries.map(({ state }) => state)
  const exchanges = await given(client.GET('/_mock/exchanges', { params: { query: { limit: 10, system: 'vinr' } } }))
  const seen: Array<[string | null, number, number]> = exchanges.data.map(
    ({ operation, response, violations }) => [operation, response.status, violations.length]
  )
  const customers: string[] = (await given(client.GET('/_mock/vinr/customers'))).map(({ id }) => id)
  const { error } = await client.GET('/_mock/vinr/purchases/{id}', { params: { path: { id: 'pur_none' } } })
  const refused: string = error === undefined ? '' : error.error
  const cart = await given(client.POST('/_mock/spree/carts', { body: { currency: 'USD' } }))

  // @ts-expect-error a list has no member of its own name
  void exchanges.exchanges
  // @ts-expect-error an amount is a number of minor units
  void ((): Schemas['NewPurchase'] => ({ customer: 'cust_8aZ2', amount: '4.00', currency: 'USD' }))
  // @ts-expect-error an endpoint that is listed has no secret
  void ((one: Schemas['Endpoint']) => one.secret)

  console.log(JSON.stringify({
    status: issued.status, endpoint: endpoint.id, secret: secret.length, parts: parts.map(({ amount }) => amount), states, held,
    events: deliveries.map(({ event }) => event), seen, customers, refused, cart: [cart.number, cart.total, cart.payments.length]
  }))
}

main().catch(error => {
  console.error(error)
  process.exitCode = 1
})

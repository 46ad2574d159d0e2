// A server that receives signed events of VINR and of Spree's API v3, with nothing but Node.
// The guide "Webhooks" quotes the parts between >>> and <<<.
import { createServer } from 'node:http'
// >>> verify
import { createHmac, timingSafeEqual } from 'node:crypto'

// body: the raw bytes, a Buffer. A missing header is undefined.
function isGenuine (body, signature = '', timestamp = '', secret) {
  if (!/^\d+$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > 300) return false
  const expected = Buffer.from(createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex'))
  const received = Buffer.from(signature)
  return received.length === expected.length && timingSafeEqual(received, expected)
}
// <<< verify

// >>> receiver
function secretFrom (name) {
  if (!process.env[name]) throw new Error(`${name} is not set`) // with an empty secret, anybody could sign
  return process.env[name]
}

const systems = {
  '/vinr': { prefix: 'x-vinr', secret: secretFrom('VINR_WEBHOOK_SECRET') },
  '/spree': { prefix: 'x-spree-webhook', secret: secretFrom('SPREE_WEBHOOK_SECRET') }
}

const server = createServer(async (request, response) => {
  const system = systems[request.url]
  if (!system) return response.writeHead(404).end()
  const chunks = []
  let size = 0
  try {
    for await (const chunk of request) {
      if ((size += chunk.length) > 1_000_000) return request.destroy() // bytes; no event is as large
      chunks.push(chunk)
    }
  } catch {
    return // the client left before its body was complete: uncaught, that would end the process
  }
  const body = Buffer.concat(chunks) // in Express: express.raw({ type: 'application/json' }) leaves it in request.body
  const { [`${system.prefix}-signature`]: signature, [`${system.prefix}-timestamp`]: timestamp } = request.headers
  if (!isGenuine(body, signature, timestamp, system.secret)) return response.writeHead(400).end()
  response.writeHead(204).end() // respond first, and do the work afterwards
  const event = JSON.parse(body)
  console.log(event.type ?? event.name, event.id) // VINR: type, Spree: name
})
// <<< receiver

server.listen(0, '127.0.0.1', () => console.log(server.address().port))

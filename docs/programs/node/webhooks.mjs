// A server that receives signed events of VINR and of Spree's API v3,
// with nothing but Node.
// The guide "Webhooks" quotes the parts between >>> and <<<.
import { createServer } from 'node:http'
// >>> verify
import { createHmac, timingSafeEqual } from 'node:crypto'

// body: the raw bytes, a Buffer. A missing header is undefined.
function isGenuine (body, signature = '', timestamp = '', secret) {
  const age = Math.abs(Date.now() / 1000 - Number(timestamp))
  if (!/^\d+$/.test(timestamp) || age > 300) return false
  const hmac = createHmac('sha256', secret).update(`${timestamp}.`).update(body)
  const expected = Buffer.from(hmac.digest('hex'))
  const received = Buffer.from(signature)
  return received.length === expected.length && timingSafeEqual(received, expected)
}
// <<< verify

// >>> receiver
function secretFrom (name) {
  // With an empty secret, anybody could sign.
  if (!process.env[name]) throw new Error(`${name} is not set`)
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
      size += chunk.length
      // In bytes; no event is as large.
      if (size > 1_000_000) return request.destroy()
      chunks.push(chunk)
    }
  } catch {
    // The client left before its body was complete: uncaught, that would end the process.
    return
  }
  // In Express, express.raw({ type: 'application/json' }) leaves the body in request.body.
  const body = Buffer.concat(chunks)
  const signature = request.headers[`${system.prefix}-signature`]
  const timestamp = request.headers[`${system.prefix}-timestamp`]
  if (!isGenuine(body, signature, timestamp, system.secret)) {
    return response.writeHead(400).end()
  }
  // Respond first, and do the work afterwards.
  response.writeHead(204).end()
  const event = JSON.parse(body)
  console.log(event.type ?? event.name, event.id) // VINR: type, Spree: name
})
// <<< receiver

server.listen(0, '127.0.0.1', () => console.log(server.address().port))

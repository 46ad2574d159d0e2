'use strict'
// `start()`: a served mock for the time of a test run.

const { createInterface } = require('node:readline')
const { LauncherError, launch, send, whyNotFetched } = require('./launcher.js')

const OPTIONS = ['args', 'env', 'log', 'timeout']
const PATIENCE_MS = 120_000 // uv and pipx may have to fetch the mock first
const GRACE_MS = 10_000
const KEPT_LINES = 20

const running = new Set()
process.on('exit', () => { for (const child of running) send(child, 'SIGTERM') })

/** Serve a fresh mock on a free port; what it takes and gives is in start.d.ts. */
async function start (options = {}) {
  for (const name of Object.keys(options)) {
    if (!OPTIONS.includes(name)) throw new TypeError(`start() has no option ${name}; it has ${OPTIONS.join(', ')}`)
  }
  const { args = [], env = process.env, log = () => {}, timeout = PATIENCE_MS } = options
  const { child, launcher } = launch(['serve', '--port', '0', '--json', ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  const said = []
  createInterface({ input: child.stderr }).on('line', line => {
    said.push(line)
    if (said.length > KEPT_LINES) said.shift()
    log(line)
  })
  // Not 'exit': what it said last may still be on its way then.
  const ended = new Promise(resolve => {
    child.on('close', (code, signal) => { running.delete(child); resolve(signal ?? `exit code ${code}`) })
    child.on('error', error => { running.delete(child); resolve(error.message) })
  })
  let stopping
  const stop = () => (stopping ??= end(child, ended))
  const startup = await readyLine(child, ended, timeout).catch(async error => {
    await stop()
    const reason = error.timedOut ? undefined : whyNotFetched(launcher, env)
    throw new LauncherError([`the mock did not start: ${error.message}`, ...said, ...(reason ? [reason] : [])].join('\n'))
  })
  return new Mock(startup, stop)
}

/** Tokens are behind getters, so that a mock that is printed or compared shows none. */
class Mock {
  #startup
  #stop

  constructor (startup, stop) {
    this.url = startup.address
    this.#startup = startup
    this.#stop = stop
  }

  get controlToken () { return this.#startup.control_token }
  get startup () { return this.#startup }
  stop () { return this.#stop() }
}

function readyLine (child, ended, timeout) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(Object.assign(new Error(`it was not ready after ${timeout} ms`), { timedOut: true }))
    }, timeout)
    const lines = createInterface({ input: child.stdout })
    lines.once('line', line => {
      clearTimeout(timer)
      lines.close()
      child.stdout.resume() // whatever else is said must not fill the pipe
      try { resolve(JSON.parse(line)) } catch { reject(new Error(`it said ${line}`)) }
    })
    ended.then(how => { clearTimeout(timer); reject(new Error(how)) })
  })
}

async function end (child, ended) {
  if (!running.has(child)) return
  send(child, 'SIGTERM')
  const timer = setTimeout(() => send(child, 'SIGKILL'), GRACE_MS)
  await ended
  clearTimeout(timer)
}

module.exports = { LauncherError, start }

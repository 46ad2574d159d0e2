#!/usr/bin/env node
'use strict'
// `npx store-credit-mock ...`: the mock's own command, with its arguments, streams, signals and exit code passed through.

const { LauncherError, NAME, launch, send, whyNotFetched } = require('../lib/launcher.js')

const CANNOT_START = 2 // as the mock's own commands say it
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT']

function fail (message) {
  console.error(`${NAME}: ${message}`)
  process.exitCode = CANNOT_START
}

function main () {
  let running
  // Before anything is started, so that no signal can end this process and leave the mock behind.
  for (const signal of SIGNALS) process.on(signal, () => running && send(running, signal))
  let started
  try {
    started = launch(process.argv.slice(2), { env: process.env, stdio: 'inherit' })
  } catch (error) {
    if (!(error instanceof LauncherError)) throw error
    return fail(error.message)
  }
  const { child, launcher } = started
  running = child
  child.on('error', error => fail(`${launcher.file} cannot be run: ${error.message}`))
  child.on('exit', (code, signal) => {
    for (const each of SIGNALS) process.removeAllListeners(each)
    if (signal !== null) return process.kill(process.pid, signal)
    process.exitCode = code
    const reason = code === 0 ? undefined : whyNotFetched(launcher, process.env)
    if (reason !== undefined) console.error(`${NAME}: ${reason}`)
  })
}

main()

'use strict'
// How the mock, which is a Python program, is started here: by a Python of the user's, by uv, or by pipx.

const { spawn, spawnSync } = require('node:child_process')
const { accessSync, constants, statSync } = require('node:fs')
const path = require('node:path')
const { version } = require('../package.json')

const NAME = 'store-credit-mock'
const VARIABLE = 'STORE_CREDIT_MOCK_PYTHON'
// All of it: what `serve`, `proxy`, `verify` and a database need. Exactly this version, as the two come out together.
const EXTRAS = 'server,tls,proxy,verify,postgres'
const PACKAGE = `${NAME}[${EXTRAS}]==${version}`
const POSIX = process.platform !== 'win32'
const FROM_A_CHECKOUT = `pip install ./sdk './mock[${EXTRAS}]'`

/** Nothing here can start the mock; the message says what is missing and how to get it. */
class LauncherError extends Error {
  name = 'LauncherError'
}

/**
 * Find what starts the mock.
 *
 * @param {NodeJS.ProcessEnv} env The environment whose PATH is searched.
 * @returns {{ file: string, args: string[], fetches: boolean }} What to run in front of the mock's own arguments, and whether
 *   it fetches the mock from the package index.
 * @throws {LauncherError} There is nothing.
 */
function findLauncher (env) {
  const python = env[VARIABLE]
  if (python) {
    checkPython(python, env)
    return { file: python, args: ['-m', 'store_credit_mock'], fetches: false }
  }
  const uvx = onPath('uvx', env)
  if (uvx) return { file: uvx, args: ['--from', PACKAGE, NAME], fetches: true }
  const uv = onPath('uv', env)
  if (uv) return { file: uv, args: ['tool', 'run', '--from', PACKAGE, NAME], fetches: true }
  const pipx = onPath('pipx', env)
  if (pipx) return { file: pipx, args: ['run', '--spec', PACKAGE, NAME], fetches: true }
  throw new LauncherError(`the mock is a Python program, and nothing that can run it was found. One of these is enough:
  uv     npx ${NAME} then fetches the mock by itself: https://docs.astral.sh/uv/
  pipx   the same: https://pipx.pypa.io/
  Python 3.11 or newer in which ${NAME} is installed; name it: ${VARIABLE}=/path/to/python
         (from a checkout of the kit: ${FROM_A_CHECKOUT})`)
}

function checkPython (python, env) {
  // Looks for the package without importing it.
  const code = `import importlib.util as u, sys; sys.exit(3 if u.find_spec('store_credit_mock') is None else 0)`
  const done = spawnSync(python, ['-c', code], { env, encoding: 'utf8', stdio: ['ignore', 'ignore', 'pipe'] })
  if (done.error) throw new LauncherError(`${VARIABLE}=${python} cannot be run: ${done.error.message}`)
  if (done.status === 3) {
    throw new LauncherError(`${VARIABLE}=${python} does not have the package store_credit_mock; install it there:
  from a checkout of the kit: ${python} -m ${FROM_A_CHECKOUT}`)
  }
  if (done.status !== 0) {
    throw new LauncherError(`${VARIABLE}=${python} is not a usable Python: ${done.stderr.trim() || `exit code ${done.status}`}`)
  }
}

function onPath (name, env) {
  for (const folder of (env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, POSIX ? name : `${name}.exe`)
    try {
      accessSync(file, constants.X_OK)
      if (folder && statSync(file).isFile()) return file
    } catch { /* not here */ }
  }
}

/**
 * What makes `serve` end when this process is gone, SIGKILL included, whatever a launcher puts in between.
 *
 * @param {NodeJS.ProcessEnv} env What the user has chosen wins.
 */
function withUs (env) {
  // Process 1 of a container ends all others with itself, and is not to be watched.
  return process.pid === 1 ? env : { STORE_CREDIT_MOCK_SERVE_EXIT_WITH_PARENT: String(process.pid), ...env }
}

/**
 * Start the mock in a process group of its own, so that one signal reaches all that a launcher puts in between, once.
 *
 * @param {string[]} args The arguments of `store-credit-mock`.
 * @param {import('node:child_process').SpawnOptions} options `env` and `stdio`.
 * @throws {LauncherError} Nothing here can start it.
 */
function launch (args, options) {
  const launcher = findLauncher(options.env)
  const env = withUs(options.env)
  const child = spawn(launcher.file, [...launcher.args, ...args], { ...options, env, detached: POSIX })
  return { child, launcher }
}

/** Send a signal to all that `launch` started, also when only what a launcher started is left; nothing happens if all is gone. */
function send (child, signal) {
  if (child.pid === undefined) return
  try {
    if (POSIX) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

/**
 * Say why a launcher that fetches the mock failed, if it was because it could not fetch it.
 *
 * @returns {string | undefined} The reason to print.
 */
function whyNotFetched (launcher, env) {
  if (!launcher.fetches) return
  const done = spawnSync(launcher.file, [...launcher.args, '--version'], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.status === 0) return
  return `${path.basename(launcher.file)} could not fetch ${PACKAGE}. Where it is not on the package index, use a checkout of the kit:
  ${FROM_A_CHECKOUT}, then ${VARIABLE}=/path/to/that/python`
}

module.exports = { LauncherError, NAME, launch, send, whyNotFetched }

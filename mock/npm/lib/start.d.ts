/** How a mock is started. */
export interface StartOptions {
  /** More arguments of `store-credit-mock serve`, such as `['--seed', '7', '--observe']`; `--port` among them wins. */
  args?: readonly string[]
  /** The environment of the mock and of what starts it; by default this process's. */
  env?: Readonly<Record<string, string | undefined>>
  /** Called with each line the mock writes to stderr. By default they are dropped, unless it does not start. */
  log?: (line: string) => void
  /** Milliseconds to wait until it is ready; by default 120,000, as the mock may have to be fetched first. */
  timeout?: number
}

/** What `serve --json` says at the start. */
export interface Startup {
  readonly address: string
  readonly control_token: string
  /** The version of openapi.yaml. */
  readonly document: string
  readonly mode: 'strict' | 'observe'
  /** Opens the inspector in a browser, once. */
  readonly inspector: string
  /** Opens Spree's Platform API. */
  readonly spree_token: string
  readonly [more: string]: unknown
}

/** A running mock. */
export interface Mock {
  /** Its address, without a slash at the end: the base URL of VINR and of Spree, and of `/_mock/`. */
  readonly url: string
  /** Opens `/_mock/`: `Authorization: Bearer <controlToken>`. */
  readonly controlToken: string
  readonly startup: Startup
  /** End it with all it keeps in memory; resolves once the process is gone. May be called again. */
  stop (): Promise<void>
}

/** Nothing here can start the mock, or it did not start; the message says why and what to do. */
export declare class LauncherError extends Error {
  override name: 'LauncherError'
}

/**
 * Serve a fresh mock on a free port of this machine. Several may run at once. One that is not stopped keeps Node running, and ends
 * when Node exits.
 *
 * @throws LauncherError It did not start.
 */
export declare function start (options?: StartOptions): Promise<Mock>

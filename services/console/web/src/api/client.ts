import createClient, { type Middleware } from 'openapi-fetch'
import { syncClock } from '../composables/clock'
import { loginCount, renewLogin } from '../composables/session'
import { newKey } from './key'
import { Problem } from './problem'
import type { paths } from './schema'

/** Longest wait for an answer, in milliseconds. */
const WAIT_MS = 30_000

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE'])

/**
 * Sends a request. An expired login asks for the password in a dialog and then sends the request once more, so that
 * nothing that was typed is lost.
 */
async function send(request: Request): Promise<Response> {
  const again = request.clone()
  const login = loginCount()
  const response = await fetchWithin(request)
  const path = new URL(request.url).pathname
  if (response.status !== 401 || path.endsWith('/login') || path.endsWith('/me')) return response
  // A late answer to what was sent under the login before says nothing of the one there is now.
  if (loginCount() !== login) return fetchWithin(again)
  return (await renewLogin()) ? fetchWithin(again) : response
}

async function fetchWithin(request: Request): Promise<Response> {
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), WAIT_MS)
  const forward = () => stop.abort()
  request.signal.addEventListener('abort', forward)
  try {
    const response = await fetch(request, { signal: stop.signal })
    syncClock(response.headers.get('date'))
    return response
  } catch (error) {
    throw Problem.unreachable(error)
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', forward)
  }
}

const headers: Middleware = {
  onRequest({ request }) {
    if (!CHANGING.has(request.method)) return
    request.headers.set('X-Huiyin-Request', '1')
    if (!request.headers.has('Idempotency-Key')) request.headers.set('Idempotency-Key', newKey())
  },
}

/** The service's API by its OpenAPI document. Give what it returns to `take`. */
export const api = createClient<paths>({ baseUrl: location.origin, credentials: 'same-origin', fetch: send })
api.use(headers)

interface Answer<T> {
  data?: T
  error?: unknown
  response: Response
}

/** The data of an answer; throws a `Problem` for any other outcome. */
export async function take<T>(answer: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await answer.catch((cause: unknown) => {
    throw Problem.unreachable(cause)
  })
  if (!response.ok) throw Problem.of(response.status, error)
  return data as T
}

/** What a request by hand may carry. */
export interface RequestOptions {
  query?: Record<string, string | number | boolean | undefined | null>
  body?: unknown
  /** `decided_version` of the matter the decision rests on. */
  ifMatch?: number
  /** Repeating with the same key is safe; one is made when left out. */
  key?: string
  signal?: AbortSignal
}

/** A request by hand, for what does not fit the typed client, like an address chosen at run time. */
export async function request<T>(method: string, path: string, options: RequestOptions = {}): Promise<T> {
  const url = new URL(`/api/v1${path}`, location.origin)
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') url.searchParams.set(name, String(value))
  }
  const response = await send(new Request(url.href, init(method, options))).catch((cause: unknown) => {
    throw Problem.unreachable(cause)
  })
  const text = await response.text()
  const body = text ? parsed(text) : undefined
  if (!response.ok) throw Problem.of(response.status, body)
  return body as T
}

function init(method: string, options: RequestOptions): RequestInit {
  const given = new Headers({ Accept: 'application/json' })
  if (CHANGING.has(method)) {
    given.set('X-Huiyin-Request', '1')
    given.set('Idempotency-Key', options.key ?? newKey())
  }
  if (options.ifMatch !== undefined) given.set('If-Match', `"${options.ifMatch}"`)
  if (options.body !== undefined) given.set('Content-Type', 'application/json')
  const body = options.body === undefined ? undefined : JSON.stringify(options.body)
  return { method, headers: given, body, signal: options.signal, credentials: 'same-origin' }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Headers of an action on a matter, for `params.header` of the typed client. */
export function deciding(version: number, key = newKey()): { 'If-Match': string; 'Idempotency-Key': string } {
  return { 'If-Match': `"${version}"`, 'Idempotency-Key': key }
}

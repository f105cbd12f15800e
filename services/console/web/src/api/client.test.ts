import { beforeEach, expect, test, vi } from 'vitest'

const ME = { name: 'zhang', server_time: '2026-11-22T10:00:00+08:00' }

function json(status: number, body: unknown): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
}

/** Answers each path with what is queued for it, in order. */
function answering(answers: Record<string, Promise<Response>[]>): string[] {
  const asked: string[] = []
  vi.stubGlobal('fetch', (request: Request) => {
    const path = new URL(request.url).pathname
    asked.push(path)
    return answers[path]?.shift() ?? Promise.reject(new Error(`not expected: ${path}`))
  })
  return asked
}

beforeEach(() => {
  vi.resetModules()
  vi.stubGlobal('location', { origin: 'http://127.0.0.1' })
})

test('a refusal that comes after the new login asks for no password: what was sent is sent again', async () => {
  let refuse: (response: Response) => void = () => undefined
  const late = new Promise<Response>((resolve) => (refuse = resolve))
  const asked = answering({
    '/api/v1/queue': [late, Promise.resolve(json(200, { rows: [] }))],
    '/api/v1/login': [Promise.resolve(json(200, {}))],
    '/api/v1/me': [Promise.resolve(json(200, ME))],
  })
  const { request } = await import('./client')
  const session = await import('../composables/session')
  session.me.value = ME as never
  const queue = request('GET', '/queue')
  await session.login('zhang', 'secret')
  refuse(json(401, { title: '登录已过期' }))
  expect(await queue).toEqual({ rows: [] })
  expect(session.expired.value).toBe(false)
  expect(asked.filter((path) => path.endsWith('/queue'))).toHaveLength(2)
})

test('a refusal under the login there is asks for the password, and goes on once it is given', async () => {
  answering({
    '/api/v1/queue': [Promise.resolve(json(401, {})), Promise.resolve(json(200, { rows: [] }))],
  })
  const { request } = await import('./client')
  const session = await import('../composables/session')
  session.me.value = ME as never
  const queue = request('GET', '/queue')
  await vi.waitFor(() => expect(session.expired.value).toBe(true))
  session.settleLogin(true)
  expect(await queue).toEqual({ rows: [] })
})

// An HTTP client of a node, with a token or with a login.

import { randomUUID } from 'node:crypto'

export class Client {
  constructor(url, headers) {
    this.url = url
    this.headers = headers
  }

  /** With a bearer token. */
  static withToken(url, token) {
    return new Client(url, { authorization: `Bearer ${token}` })
  }

  /** With a session, as the console has one. */
  static async login(url, name, password) {
    const client = new Client(url, { 'x-huiyin-request': '1' })
    const answer = await client.send('POST', '/api/v1/login', { name, password })
    if (answer.status !== 200) throw new Error(`login of ${name}: ${answer.status} ${answer.text}`)
    client.headers.cookie = answer.headers.get('set-cookie').split(';')[0]
    return client
  }

  /** Any request: `{status, headers, text, body}`; `body` is null when the answer is not JSON. */
  async send(method, path, body, headers = {}) {
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(this.url + path, {
      method,
      headers: { ...this.headers, ...json, ...headers },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
    })
    const text = await response.text()
    let parsed = null
    try {
      parsed = JSON.parse(text)
    } catch {
      // Pages and files are no JSON.
    }
    return { status: response.status, headers: response.headers, text, body: parsed }
  }

  /** `GET` under /api/v1 that has to succeed. */
  async read(path) {
    return accept(await this.send('GET', `/api/v1${path}`), `GET ${path}`)
  }

  /** `POST` under /api/v1 that has to succeed. */
  async post(path, body, headers) {
    return accept(await this.send('POST', `/api/v1${path}`, body, headers), `POST ${path}`)
  }

  matter(no) {
    return this.read(`/matters/${no}`)
  }

  /** An action on a matter as it stands now. */
  async act(no, action, body = {}) {
    const seen = await this.send('GET', `/api/v1/matters/${no}`)
    accept(seen, `GET /matters/${no}`)
    const headers = { 'idempotency-key': randomUUID() }
    if (seen.headers.has('etag')) headers['if-match'] = seen.headers.get('etag')
    return this.post(`/matters/${no}/${action}`, body, headers)
  }

  /** Pushes posts in portions; gives back how many were accepted. */
  async push(posts) {
    let accepted = 0
    for (let from = 0; from < posts.length; from += 500) {
      const receipt = await this.post('/posts', posts.slice(from, from + 500))
      if (receipt.refused.length) throw new Error(`refused: ${JSON.stringify(receipt.refused[0])}`)
      accepted += receipt.accepted
    }
    return accepted
  }
}

function accept(answer, what) {
  if (answer.status < 200 || answer.status > 299) throw new Error(`${what}: ${answer.status} ${answer.text}`)
  return answer.body
}

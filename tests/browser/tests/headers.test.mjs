// What the console's files are served with.

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { Client } from '../harness/client.mjs'
import { Node } from '../harness/node.mjs'

const POLICY = [
  "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data: blob:", "font-src 'self'", "connect-src 'self'",
  "worker-src 'self'", "manifest-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
]

/** Smaller files gain nothing from packing. */
const PACKED_BYTES_MIN = 1024

let node
let visitor
before(async () => {
  node = await Node.start()
  visitor = new Client(node.url, {})
})
after(() => node?.stop())

const ROUTES = ['/', '/login', '/queue?view=all', '/matters/20261122-00001', '/briefings/2026-10', '/no/such/page']

for (const path of ROUTES) {
  test(`${path} is the console under the policy`, async () => {
    const answer = await visitor.send('GET', path)
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type'), /^text\/html/)
    const policy = answer.headers.get('content-security-policy').split(';').map((part) => part.trim())
    assert.deepEqual(policy.filter(Boolean).sort(), [...POLICY].sort())
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(answer.headers.get('referrer-policy'), /same-origin|no-referrer/)
    assert.match(answer.headers.get('cache-control'), /no-cache|no-store/, 'an upgrade must be seen at once')
    assert.match(answer.text, /<div id="app">/)
  })
}

test('files with a hash in their name are kept, compressed and typed', async () => {
  const page = await visitor.send('GET', '/')
  const files = [...page.text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, path]) => path)
  assert.ok(files.length > 0, page.text)
  for (const file of files) {
    const response = await fetch(node.url + file, { headers: { 'accept-encoding': 'gzip' } })
    assert.equal(response.status, 200)
    assert.match(response.headers.get('cache-control'), /immutable/)
    const bytes = (await response.arrayBuffer()).byteLength
    if (bytes >= PACKED_BYTES_MIN) assert.equal(response.headers.get('content-encoding'), 'gzip', file)
    assert.match(response.headers.get('content-type'), file.endsWith('.css') ? /^text\/css/ : /^text\/javascript/)
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  }
})

test('a file that is not there is not the page', async () => {
  const answer = await visitor.send('GET', '/assets/none-00000000.js')
  assert.equal(answer.status, 404)
})

test('an unknown API address stays a problem', async () => {
  const answer = await visitor.send('GET', '/api/v1/nothing')
  assert.equal(answer.status, 404)
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/)
})

// A department's endpoint: keeps what it was sent.

import { once } from 'node:events'
import { createServer } from 'node:http'

export class Receiver {
  /** Requests so far: `{path, headers, body}`. */
  received = []

  static async start() {
    const receiver = new Receiver()
    receiver.server = createServer(async (request, response) => {
      let body = ''
      for await (const bytes of request) body += bytes
      receiver.received.push({ path: request.url, headers: request.headers, body })
      response.writeHead(204).end()
    }).listen(0, '127.0.0.1')
    await once(receiver.server, 'listening')
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/`
    return receiver
  }

  /** What spoke of this matter. */
  about(no) {
    return this.received.filter((request) => request.body.includes(no))
  }

  stop() {
    this.server.closeAllConnections()
    this.server.close()
  }
}

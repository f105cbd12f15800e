// A line between browser and node that can be cut and mended.

import { once } from 'node:events'
import { connect, createServer } from 'node:net'

export class Cutter {
  /** Lines open now. */
  lines = new Set()

  static async before(url) {
    const cutter = new Cutter()
    const { hostname, port } = new URL(url)
    cutter.cut = false
    cutter.server = createServer((near) => {
      if (cutter.cut) return near.destroy()
      const far = connect(Number(port), hostname)
      const line = { near, far, asked: '' }
      cutter.lines.add(line)
      near.on('data', (bytes) => (line.asked += bytes.toString('latin1').slice(0, 4096)))
      near.pipe(far).pipe(near)
      for (const end of [near, far]) {
        end.on('error', () => {})
        end.on('close', () => {
          near.destroy()
          far.destroy()
          cutter.lines.delete(line)
        })
      }
    }).listen(0, '127.0.0.1')
    await once(cutter.server, 'listening')
    cutter.url = `http://127.0.0.1:${cutter.server.address().port}`
    return cutter
  }

  /** Ends every line and refuses new ones until `mend`. */
  sever() {
    this.cut = true
    for (const { near } of this.lines) near.destroy()
  }

  mend() {
    this.cut = false
  }

  /** Lines that carry live events now. */
  following() {
    return [...this.lines].filter((line) => /GET \/api\/v1\/events/.test(line.asked.slice(line.asked.lastIndexOf('GET ')))).length
  }

  stop() {
    this.sever()
    this.server.close()
  }
}

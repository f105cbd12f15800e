/// <reference lib="webworker" />
// One connection per browser, shared by every tab: HTTP/1.1 allows six per host, and the seventh tab would hang.
import { Connection } from './connection'
import type { FromLive, ToLive } from './protocol'

declare const self: SharedWorkerGlobalScope

const ports = new Set<MessagePort>()
let connection: Connection | null = null

function tell(message: FromLive): void {
  for (const port of ports) port.postMessage(message)
}

function hear(port: MessagePort, message: ToLive): void {
  if (message.t === 'hello') {
    connection ??= new Connection(tell)
    ports.add(port)
    for (const missed of connection.join(message.after)) port.postMessage(missed)
  } else if (message.t === 'restart') {
    connection?.restart()
  } else {
    ports.delete(port)
    if (ports.size > 0) return
    connection?.close()
    connection = null
  }
}

self.onconnect = (event) => {
  const port = event.ports[0]
  if (port) port.onmessage = (message: MessageEvent<ToLive>) => hear(port, message.data)
}

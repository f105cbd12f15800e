// One connection to the service's live events, with replay. Runs in the shared worker, or in a tab where there is none.
import type { LiveEvent } from '../api/types'
import type { ClaimEvent, FromLive, LiveState } from './protocol'

/** Entries kept for tabs that join later. */
const KEPT_MAX = 2000
/** Wait before a closed stream is opened again, and between looks at whether the service answers. */
const RETRY_MS = 3000
const PROBE_MS = 15_000
const PROBE_WAIT_MS = 8000

/** What the connection needs of its surroundings; tests give their own. */
export interface Surroundings {
  open: (url: string) => EventSource
  /** Whether the service answers. */
  probe: () => Promise<boolean>
  now: () => number
}

export const surroundings: Surroundings = {
  open: (url) => new EventSource(url),
  probe: async () => {
    const stop = new AbortController()
    const timer = setTimeout(() => stop.abort(), PROBE_WAIT_MS)
    try {
      return (await fetch('/healthz', { signal: stop.signal, cache: 'no-store' })).ok
    } catch {
      return false
    } finally {
      clearTimeout(timer)
    }
  },
  now: () => Date.now(),
}

/** The connection; everything it learns goes to `tell`. */
export class Connection {
  private source: EventSource | null = null
  private state: LiveState = 'connecting'
  private since: number
  private last: number | null = null
  private first: number | null = null
  private kept: LiveEvent[] = []
  private retry: ReturnType<typeof setTimeout> | undefined
  private prober: ReturnType<typeof setInterval> | undefined

  constructor(
    private readonly tell: (message: FromLive) => void,
    private readonly around: Surroundings = surroundings,
  ) {
    this.since = around.now()
  }

  /** Begins, or lets one more tab join that knows everything up to `after`; gives what this tab missed. */
  join(after: number | null): FromLive[] {
    const missed: FromLive[] = [{ t: 'state', state: this.state, since: this.since }]
    if (!this.source && this.retry === undefined) {
      this.last ??= after
      this.first ??= this.last
      this.open()
      return missed
    }
    if (after === null) return missed
    if (this.first === null || after < this.first) missed.push({ t: 'gap' })
    else for (const entry of this.kept) if (entry.number > after) missed.push({ t: 'entry', entry })
    return missed
  }

  /** Opens anew, after a login. */
  restart(): void {
    this.close()
    this.open()
  }

  /** Ends it. */
  close(): void {
    clearTimeout(this.retry)
    clearInterval(this.prober)
    this.retry = undefined
    this.source?.close()
    this.source = null
  }

  private open(): void {
    this.retry = undefined
    const url = this.last === null ? '/api/v1/events' : `/api/v1/events?after=${this.last}`
    const source = this.around.open(url)
    this.source = source
    source.onopen = () => this.change('live')
    source.onerror = () => this.failed(source)
    source.onmessage = (event) => this.entry(JSON.parse(event.data) as LiveEvent)
    source.addEventListener('claim', (event) => {
      this.tell({ t: 'claim', claim: JSON.parse((event as MessageEvent<string>).data) as ClaimEvent })
    })
    clearInterval(this.prober)
    this.prober = setInterval(() => void this.look(), PROBE_MS)
  }

  private entry(entry: LiveEvent): void {
    if (this.last !== null && entry.number <= this.last) return
    this.first ??= entry.number - 1
    this.last = entry.number
    this.kept.push(entry)
    if (this.kept.length > KEPT_MAX) this.first = this.kept.shift()?.number ?? this.first
    this.tell({ t: 'entry', entry })
  }

  private failed(source: EventSource): void {
    if (source !== this.source) return
    this.change('lost')
    // The browser comes back by itself from a broken stream, not from a refused one.
    if (source.readyState === 2) this.later()
  }

  private later(): void {
    this.source?.close()
    this.source = null
    clearTimeout(this.retry)
    this.retry = setTimeout(() => this.open(), RETRY_MS)
  }

  /** A cable that is pulled breaks no stream for minutes; asking does. */
  private async look(): Promise<void> {
    const asked = this.source
    const answers = await this.around.probe()
    if (answers || !asked || asked !== this.source || this.state !== 'live') return
    this.change('lost')
    this.later()
  }

  private change(state: LiveState): void {
    if (state !== this.state) this.since = this.around.now()
    this.state = state
    this.tell({ t: 'state', state, since: this.since })
  }
}

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Connection, type Surroundings } from './connection'
import type { FromLive } from './protocol'

class Stream {
  readyState = 1
  onopen: (() => void) | null = null
  onerror: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  claims: ((event: { data: string }) => void)[] = []
  constructor(readonly url: string) {}
  addEventListener(_: string, listener: (event: { data: string }) => void): void {
    this.claims.push(listener)
  }
  close(): void {
    this.readyState = 2
  }
  entry(number: number): void {
    this.onmessage?.({ data: JSON.stringify({ number, matter: `m${number}`, version: 1, kind: 'opened', at: '', role: 'machine' }) })
  }
}

function world() {
  const streams: Stream[] = []
  const told: FromLive[] = []
  const around: Surroundings & { answers: boolean } = {
    answers: true,
    open: (url) => {
      const stream = new Stream(url)
      streams.push(stream)
      return stream as unknown as EventSource
    },
    probe: () => Promise.resolve(around.answers),
    now: () => 0,
  }
  const connection = new Connection((message) => told.push(message), around)
  const last = () => streams[streams.length - 1] as Stream
  const numbers = (messages: FromLive[]) => messages.flatMap((message) => (message.t === 'entry' ? [message.entry.number] : []))
  return { streams, told, around, connection, last, numbers }
}

describe('connection', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('begins after what the first tab knows and tells each entry once', () => {
    const { connection, last, told, numbers } = world()
    connection.join(7)
    expect(last().url).toBe('/api/v1/events?after=7')
    last().onopen?.()
    for (const number of [8, 9, 9, 8, 10]) last().entry(number)
    expect(numbers(told)).toEqual([8, 9, 10])
  })

  it('replays to a later tab what it missed', () => {
    const { connection, last, streams, numbers } = world()
    connection.join(7)
    for (const number of [8, 9, 10]) last().entry(number)
    expect(numbers(connection.join(8))).toEqual([9, 10])
    expect(streams.length).toBe(1)
  })

  it('says so when a tab missed more than it can replay', () => {
    const { connection, last } = world()
    connection.join(7)
    last().entry(8)
    expect(connection.join(3)).toContainEqual({ t: 'gap' })
  })

  it('comes back after a refused stream, from the last number', () => {
    const { connection, last, told, streams } = world()
    connection.join(7)
    last().entry(8)
    last().readyState = 2
    last().onerror?.()
    expect(told).toContainEqual({ t: 'state', state: 'lost', since: 0 })
    vi.advanceTimersByTime(5000)
    expect(streams.length).toBe(2)
    expect(last().url).toBe('/api/v1/events?after=8')
  })

  it('leaves a broken stream to the browser, which comes back by itself', () => {
    const { connection, last, streams } = world()
    connection.join(7)
    last().readyState = 0
    last().onerror?.()
    vi.advanceTimersByTime(10_000)
    expect(streams.length).toBe(1)
  })

  it('notices a silent end, like a pulled cable', async () => {
    const { connection, last, around, streams, told } = world()
    connection.join(7)
    last().onopen?.()
    around.answers = false
    await vi.advanceTimersByTimeAsync(20_000)
    expect(told.some((message) => message.t === 'state' && message.state === 'lost')).toBe(true)
    expect(streams.length).toBeGreaterThan(1)
  })

  it('passes claims on', () => {
    const { connection, last, told } = world()
    connection.join(null)
    expect(last().url).toBe('/api/v1/events')
    last().claims[0]?.({ data: '{"matter":"m1","claim":null}' })
    expect(told).toContainEqual({ t: 'claim', claim: { matter: 'm1', claim: null } })
  })
})

import { onScopeDispose, ref } from 'vue'
import { Connection } from '../live/connection'
import type { ClaimEvent, FromLive, LiveState, ToLive } from '../live/protocol'
import StreamWorker from '../live/stream.worker?sharedworker'
import type { LiveEvent } from '../api/types'
import { onLogin } from './session'

/** State of the live connection. */
export const liveState = ref<LiveState>('connecting')

/** When it came to this state, in milliseconds of this machine. */
export const liveSince = ref(Date.now())

const onEntries = new Set<(entry: LiveEvent) => void>()
const onClaims = new Set<(claim: ClaimEvent) => void>()
const onGaps = new Set<() => void>()
let post: ((message: ToLive) => void) | null = null

function hear(message: FromLive): void {
  if (message.t === 'state') {
    liveState.value = message.state
    liveSince.value = message.since
  } else if (message.t === 'entry') {
    for (const then of [...onEntries]) then(message.entry)
  } else if (message.t === 'claim') {
    for (const then of [...onClaims]) then(message.claim)
  } else {
    for (const then of [...onGaps]) then()
  }
}

/** Connects this tab, once; `after` is the last ledger number it knows. */
export function connectLive(after: number | null): void {
  if (post) return
  post = typeof SharedWorker === 'undefined' ? alone() : shared()
  post({ t: 'hello', after })
  addEventListener('pagehide', () => post?.({ t: 'bye' }))
  addEventListener('pageshow', (event) => event.persisted && post?.({ t: 'hello', after: null }))
}

function shared(): (message: ToLive) => void {
  const worker = new StreamWorker({ name: 'huiyin-live' })
  worker.port.onmessage = (event: MessageEvent<FromLive>) => hear(event.data)
  worker.port.start()
  return (message) => worker.port.postMessage(message)
}

function alone(): (message: ToLive) => void {
  const connection = new Connection(hear)
  return (message) => {
    if (message.t === 'hello') connection.join(message.after).forEach(hear)
    else if (message.t === 'restart') connection.restart()
    else connection.close()
  }
}

/** Ends this tab's part, at logout. */
export function disconnectLive(): void {
  post?.({ t: 'bye' })
  post = null
  liveState.value = 'connecting'
}

onLogin(() => post?.({ t: 'restart' }))

/** What a component wants to hear, for as long as it lives. */
export interface LiveHandlers {
  /** A ledger entry: that something happened, not what it says. */
  entry?: (entry: LiveEvent) => void
  claim?: (claim: ClaimEvent) => void
  /** Events were missed for good: fetch anew. */
  gap?: () => void
}

/** Listens to live events while the component lives. */
export function useLive(handlers: LiveHandlers): void {
  const { entry, claim, gap } = handlers
  if (entry) onEntries.add(entry)
  if (claim) onClaims.add(claim)
  if (gap) onGaps.add(gap)
  onScopeDispose(() => {
    if (entry) onEntries.delete(entry)
    if (claim) onClaims.delete(claim)
    if (gap) onGaps.delete(gap)
  })
}

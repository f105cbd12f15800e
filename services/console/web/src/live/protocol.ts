// What the tabs and the shared worker tell each other.
import type { Claim, LiveEvent } from '../api/types'

/** `lost`: no connection, trying again. */
export type LiveState = 'connecting' | 'live' | 'lost'

/** A matter was claimed or released. */
export interface ClaimEvent {
  matter: string
  claim: Claim | null
}

/** From the connection to a tab. `gap`: events were missed that cannot be replayed; fetch anew. */
export type FromLive =
  | { t: 'state'; state: LiveState; since: number }
  | { t: 'entry'; entry: LiveEvent }
  | { t: 'claim'; claim: ClaimEvent }
  | { t: 'gap' }

/** From a tab to the connection. `after`: the last ledger number the tab knows. */
export type ToLive = { t: 'hello'; after: number | null } | { t: 'bye' } | { t: 'restart' }

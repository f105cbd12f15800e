import { readonly, ref } from 'vue'

/** Server time minus ours, in milliseconds. */
let offset = 0
let exact = false
const ticking = ref(Date.now())

/** Server time in milliseconds, once a second. */
export const now = readonly(ticking)

/**
 * Takes the server's time from an answer: exact from `server_time` (RFC 3339), to the second from a `Date` header, which
 * counts only until an exact one is known.
 */
export function syncClock(time: string | null | undefined, isExact = false): void {
  const server = time ? Date.parse(time) : Number.NaN
  if (Number.isNaN(server) || (exact && !isExact)) return
  offset = server - Date.now()
  exact ||= isExact
  ticking.value = server
}

/** Server time now, in milliseconds. */
export function serverNow(): number {
  return Date.now() + offset
}

/** The ticking server time. */
export function useNow(): typeof now {
  return now
}

setInterval(() => (ticking.value = serverNow()), 1000)

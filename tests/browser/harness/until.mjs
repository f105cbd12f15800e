// Waiting for a condition.

import { setTimeout as pause } from 'node:timers/promises'

/** Far more than any condition needs, so that only a hang meets it. */
const WAIT_MS_MAX = 60_000
const PAUSE_MS_MAX = 250

/** Asks again and again, less and less often, until `look` gives something true, and gives that back. */
export async function until(what, look) {
  const end = Date.now() + WAIT_MS_MAX
  let next = 5
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > end) throw new Error(`waited ${WAIT_MS_MAX / 1000} s in vain: ${typeof what === 'function' ? what() : what}`)
    await pause(next)
    next = Math.min(PAUSE_MS_MAX, next * 1.5)
  }
}

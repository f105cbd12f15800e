// Surges of today and yesterday, fetched now and then while somebody looks at them.
import { onActivated, onDeactivated, onMounted, onScopeDispose } from 'vue'
import { api, take } from '../api/client'
import type { components } from '../api/schema'
import { date } from './format'
import { useLoad } from './load'
import { me } from './session'

export type SurgeList = components['schemas']['SurgeList']

/** They change slowly; the service counts them in a few milliseconds. */
const EVERY_MS = 5 * 60_000

/** Fetches surges at once and every few minutes while the page is shown. A unit's liaison may not see them and asks for none. */
export function useSurges() {
  const loaded = useLoad((signal) => take(api.GET('/api/v1/statistics/surges', { signal })))
  let timer: ReturnType<typeof setInterval> | undefined

  function stop(): void {
    clearInterval(timer)
    timer = undefined
  }
  function start(): void {
    if (timer !== undefined || me.value?.role === 'liaison') return
    void loaded.reload()
    timer = setInterval(() => !document.hidden && void loaded.reload(), EVERY_MS)
  }
  onMounted(start)
  onActivated(start)
  onDeactivated(stop)
  onScopeDispose(stop)
  return loaded
}

/** The day the answer calls today. */
export const todayOf = (list: SurgeList): string => date(list.at)

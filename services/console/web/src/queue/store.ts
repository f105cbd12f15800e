// The queue of this tab: every open matter the person may see, and the rows on the screen. Rows on the screen never move by
// themselves: changes are shown in place, what is new waits until the officer asks for it.
import { computed, ref, shallowRef } from 'vue'
import { take, api } from '../api/client'
import type { ClaimEvent } from '../live/protocol'
import type { Claim, LiveEvent, QueueRow } from '../api/types'
import { syncClock } from '../composables/clock'
import { connectLive } from '../composables/live'
import { useLoad } from '../composables/load'
import { me } from '../composables/session'
import { remembered } from '../composables/remembered'
import { learnUnit } from '../composables/catalogue'
import { Changes } from './changes'
import { GONE, arrange, countViews, fits, isEnded, passes, VIEWS, type Filter, type View } from './order'
import { rowOf } from './row'

const known = new Map<string, QueueRow>()
/** Versions of matters we have the outcome of, so that our own events are not fetched again. */
const seen = new Map<string, number>()
let arrivals = new Set<string>()

/** Rows on the screen, in their order. */
export const rows = shallowRef<QueueRow[]>([])
/** Where a row stands on the screen. */
const places = new Map<string, number>()

export const view = ref<View>('new')
export const filter = ref<Filter>({ q: '', grade: '', unit: '' })
/** Number of the current matter; empty when nothing is on the screen. */
export const current = ref('')
/** Matters that fit but are not on the screen yet. */
export const waiting = ref(0)
/** Live changes are held back. */
export const paused = remembered('huiyin.queue.paused', false)
export const counts = ref<Record<View, number>>({ new: 0, mine: 0, waiting: 0, overdue: 0, all: 0 })
/** Matters with danger to life that nobody has decided on. */
export const endangered = shallowRef<QueueRow[]>([])
/** Units of open matters, most matters first. */
export const units = shallowRef<{ id: string; name: string; count: number }[]>([])

const user = () => me.value?.name ?? ''

export const queue = useLoad((signal) => take(api.GET('/api/v1/queue', { params: { query: { view: 'all', limit: 10_000 } }, signal })))
const changes = new Changes(refresh)

/** Fetches the queue and shows it; what was current stays so. */
export async function loadQueue(): Promise<void> {
  await queue.reload()
  const answer = queue.data.value
  if (!answer || queue.problem.value) {
    // Whoever may not see the queue follows other pages live all the same.
    if (queue.problem.value?.status === 403) connectLive(null)
    return
  }
  syncClock(answer.at)
  known.clear()
  for (const row of answer.rows) remember(row)
  show()
  connectLive(answer.event)
}

function remember(row: QueueRow): void {
  known.set(row.no, row)
  learnUnit(row.unit, row.unit_name)
}

/** Arranges the screen anew, with what waited. Where the current matter is gone, the one at its place becomes current, or the first. */
export function show(fromTop = false): void {
  for (const row of [...known.values()]) if (isEnded(row)) known.delete(row.no)
  arrivals = new Set()
  const before = fromTop ? 0 : (places.get(current.value) ?? 0)
  rows.value = arrange(known.values(), view.value, user(), filter.value)
  places.clear()
  rows.value.forEach((row, index) => places.set(row.no, index))
  if (!places.has(current.value)) current.value = rows.value[Math.min(before, rows.value.length - 1)]?.no ?? ''
  tally()
}

function tally(): void {
  counts.value = countViews(known.values(), user())
  tallyDanger()
  const found = new Map<string, { id: string; name: string; count: number }>()
  for (const row of known.values()) {
    if (!row.unit || isEnded(row)) continue
    const unit = found.get(row.unit)
    if (unit) unit.count++
    else found.set(row.unit, { id: row.unit, name: row.unit_name ?? row.unit, count: 1 })
  }
  units.value = [...found.values()].sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
  tallyWaiting()
}

/** Takes rows as they are now: in place on the screen, or among those that wait. */
export function put(changed: readonly QueueRow[]): void {
  const next = rows.value.slice()
  const tallied = { ...counts.value }
  let danger = false
  let isNew = false
  for (const row of changed) {
    const before = known.get(row.no)
    remember(row)
    count(tallied, before, -1)
    count(tallied, row, 1)
    danger ||= row.danger || before?.danger === true
    const at = places.get(row.no)
    if (at !== undefined) next[at] = row
    else {
      arrivals.add(row.no)
      isNew = true
    }
  }
  rows.value = next
  counts.value = tallied
  if (danger) tallyDanger()
  if (isNew) tallyWaiting()
}

function count(into: Record<View, number>, row: QueueRow | undefined, by: number): void {
  if (row) for (const { value } of VIEWS) if (fits(row, value, user())) into[value] += by
}

/** Past cases that were filled in later have no deadline and raise no alarm. */
function tallyDanger(): void {
  endangered.value = [...known.values()].filter((row) => row.danger && row.state === 'new' && row.due)
}

function tallyWaiting(): void {
  let found = 0
  for (const no of arrivals) {
    const row = known.get(no)
    if (row && !places.has(no) && fits(row, view.value, user()) && passes(row, filter.value)) found++
  }
  waiting.value = found
}

/** Changes a row on the screen at once; the function it returns puts it back. */
export function patch(no: string, change: Partial<QueueRow>): () => unknown {
  const before = known.get(no)
  if (!before) return () => undefined
  const changed = { ...before, ...change }
  put([changed])
  // What others did meanwhile stays.
  return () => known.get(no) === changed && put([before])
}

export function rowFor(no: string): QueueRow | undefined {
  return known.get(no)
}

/** Where the matter stands on the screen; -1 when it does not. */
export function placeOf(no: string): number {
  return places.get(no) ?? -1
}

export const currentRow = computed(() => {
  const row = rows.value[placeOf(current.value)]
  return row?.no === current.value ? row : undefined
})

/** Whether the row still belongs to the view it is shown in. */
export function isSettled(row: QueueRow): boolean {
  return !fits(row, view.value, user())
}

/** Makes the row `step` further down current; gives its place. */
export function move(step: number): number {
  const last = rows.value.length - 1
  const at = Math.max(0, Math.min(last, Math.max(0, placeOf(current.value)) + step))
  current.value = rows.value[at]?.no ?? ''
  return at
}

/** Makes the next row current that still wants a decision; gives its place. */
export function moveOn(): number {
  const from = placeOf(current.value)
  for (let at = from + 1; at < rows.value.length; at++) {
    const row = rows.value[at]
    if (row && !isSettled(row)) {
      current.value = row.no
      return at
    }
  }
  return from
}

/** The matter after an action or a look at it. */
export function learn(matter: Parameters<typeof rowOf>[0]): void {
  seen.set(matter.no, Math.max(seen.get(matter.no) ?? 0, matter.version))
  const row = rowOf(matter)
  if (known.has(matter.no) || !isEnded(row)) put([row])
}

/** Something happened to a matter. */
export function hearEntry(entry: LiveEvent): void {
  if (entry.version <= (seen.get(entry.matter) ?? 0)) return
  changes.add(entry.matter)
}

export function hearClaim({ matter, claim }: ClaimEvent): void {
  setClaim(matter, claim)
}

export function setClaim(no: string, claim: Claim | null): void {
  const row = known.get(no)
  if (row) put([{ ...row, claim }])
}

/** Fetches what changed: one by one when few, else the whole queue. */
async function refresh(changed: string[]): Promise<void> {
  if (paused.value) return changes.hold(changed)
  if (changed.length > 25) {
    await queue.reload()
    const answer = queue.data.value
    if (answer && !queue.problem.value) replaceAll(answer)
    return
  }
  const matters = await Promise.all(changed.map((no) => fetchMatter(no)))
  const found: QueueRow[] = []
  for (const matter of matters) {
    if (!matter) continue
    seen.set(matter.no, Math.max(seen.get(matter.no) ?? 0, matter.version))
    const row = rowOf(matter)
    if (known.has(matter.no) || !isEnded(row)) found.push(row)
  }
  if (found.length > 0) put(found)
}

async function fetchMatter(no: string) {
  try {
    return await take(api.GET('/api/v1/matters/{no}', { params: { path: { no } } }))
  } catch {
    // Not to be seen any more, or out of reach for now; the next whole fetch settles it.
    return null
  }
}

/** Takes a whole queue without moving the screen: rows that are gone are shown as ended. */
function replaceAll({ rows: fresh, total }: { rows: readonly QueueRow[]; total: number }): void {
  // With more than one answer holds, a row that is missing may be there still.
  const left = new Set(total > fresh.length ? [] : known.keys())
  const changed: QueueRow[] = []
  for (const row of fresh) {
    left.delete(row.no)
    const before = known.get(row.no)
    if (!before || before.decided_version !== row.decided_version || before.posts !== row.posts || before.overdue !== row.overdue || before.claim?.by !== row.claim?.by || before.heat?.posts_day !== row.heat?.posts_day) changed.push(row)
  }
  for (const no of left) {
    const row = known.get(no)
    if (row && !isEnded(row)) changed.push({ ...row, state: GONE, claim: null })
  }
  if (changed.length > 0) put(changed)
}

/** Holds live changes back, or shows what was held. */
export function setPaused(on: boolean): void {
  paused.value = on
  if (!on) changes.release()
}

/** How many matters changed while paused. */
export const held = changes.held

/** Events were lost: everything is fetched, the screen stays. */
export async function recover(): Promise<void> {
  await queue.reload()
  const answer = queue.data.value
  if (answer && !queue.problem.value) replaceAll(answer)
}

/** Forgets everything, at logout. */
export function forget(): void {
  known.clear()
  seen.clear()
  places.clear()
  rows.value = []
  queue.data.value = null
  current.value = ''
  tally()
}

// Rows selected for doing the same to all of them.
import { computed, shallowRef } from 'vue'
import { current, move, placeOf, rows } from './store'

const chosen = shallowRef<ReadonlySet<string>>(new Set())

/** Numbers of the selected matters. */
export const selection = chosen

/** Selected rows on the screen, in their order. */
export const selectedRows = computed(() => rows.value.filter((row) => chosen.value.has(row.no)))

/** Selects the matter, or no longer. */
export function toggle(no: string): void {
  if (!no) return
  const next = new Set(chosen.value)
  if (!next.delete(no)) next.add(no)
  chosen.value = next
}

/** Moves on by `step` and selects both the row left and the row reached; gives its place. */
export function extend(step: number): number {
  const next = new Set(chosen.value)
  if (current.value) next.add(current.value)
  const at = move(step)
  if (current.value) next.add(current.value)
  chosen.value = next
  return at
}

/** Selects everything from the current row to another, as a click with Shift does. */
export function selectThrough(no: string): void {
  const ends = [placeOf(current.value), placeOf(no)].sort((a, b) => a - b)
  const next = new Set(chosen.value)
  for (const row of rows.value.slice(Math.max(0, ends[0] ?? 0), (ends[1] ?? -1) + 1)) next.add(row.no)
  chosen.value = next
}

export function clearSelection(): void {
  chosen.value = new Set()
}

// What the officer has chosen for a matter but not sent yet: kept while looking at others.
import { computed, shallowRef } from 'vue'
import type { QueueRow } from '../api/types'
import { unitName } from '../composables/catalogue'
import type { Decision } from './actions'
import { openedRow } from './detail'

/** Unit to lead (empty: none yet), units to help, grade to confirm. */
export interface Choice {
  lead: string
  helping: string[]
  grade: string
}

const choices = shallowRef<ReadonlyMap<string, Choice>>(new Map())

/** What is proposed: the machine's unit only where it was sure. */
function proposed(row: QueueRow): Choice {
  const sure = row.state !== 'new' || row.decision === 'unit'
  return { lead: (sure && row.unit) || '', helping: [], grade: row.grade }
}

export function choiceFor(row: QueueRow): Choice {
  return choices.value.get(row.no) ?? proposed(row)
}

export const choice = computed<Choice>(() => (openedRow.value ? choiceFor(openedRow.value) : { lead: '', helping: [], grade: '' }))

/** Changes what is chosen for the current matter. */
export function choose(change: Partial<Choice>): void {
  const row = openedRow.value
  if (!row) return
  const next = { ...choiceFor(row), ...change }
  next.helping = next.helping.filter((unit) => unit !== next.lead)
  choices.value = new Map(choices.value).set(row.no, next)
}

/** The assignment a choice amounts to; null while no unit is chosen. */
export function assignment(row: QueueRow): Decision | null {
  const { lead, helping, grade } = choiceFor(row)
  if (!lead) return null
  const leadName = lead === row.unit && row.unit_name ? row.unit_name : unitName(lead)
  return { kind: 'assign', lead, leadName, assist: helping, grade }
}

/** Forgets what was chosen, once it was sent. */
export function dropChoice(no: string): void {
  const next = new Map(choices.value)
  next.delete(no)
  choices.value = next
}

// 领办: who works on a matter, shown to everybody.
import { shallowRef } from 'vue'
import { api, take } from '../api/client'
import type { Claim, QueueRow } from '../api/types'
import { Problem } from '../api/problem'
import { serverNow } from '../composables/clock'
import { me } from '../composables/session'
import { showToast } from '../composables/toast'
import { rowFor, setClaim } from './store'

/** Somebody else works on it: the dialog asks whether to take it over. */
export const contested = shallowRef<{ no: string; title: string; detail: string } | null>(null)

/** Whether the person asking works on it. */
export function isMine(row: QueueRow): boolean {
  return Boolean(row.claim) && row.claim?.by === me.value?.name
}

/** Claims the matter, or releases it when it is one's own. */
export async function toggleClaim(row: QueueRow, takeOver = false): Promise<void> {
  const before = row.claim ?? null
  const mine = isMine(row)
  const since = new Date(serverNow()).toISOString()
  const own: Claim = { by: me.value?.name ?? '', name: me.value?.display_name ?? '', since, until: since }
  if (!before || mine) setClaim(row.no, mine ? null : own)
  try {
    const params = { path: { no: row.no } }
    const answer = mine
      ? await take(api.POST('/api/v1/matters/{no}/release', { params, body: {} }))
      : await take(api.POST('/api/v1/matters/{no}/claim', { params, body: { take_over: takeOver } }))
    setClaim(row.no, answer.claim ?? null)
    contested.value = null
  } catch (error) {
    const problem = Problem.unreachable(error)
    const held = problem.body?.claim
    if (rowFor(row.no)) setClaim(row.no, held ?? before)
    if (problem.isConflict && !mine) contested.value = { no: row.no, title: row.title ?? row.no, detail: problem.detail }
    else showToast({ text: `${mine ? '释放' : '领办'}未成功：${problem.detail}`, tone: 'bad', action: { label: '重试', run: () => void toggleClaim(rowFor(row.no) ?? row, takeOver) } })
  }
}

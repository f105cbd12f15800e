// What the officer does to matters: shown at once, rolled back when refused, taken back with Z while there is time.
import { ref, shallowRef } from 'vue'
import { api, deciding, take } from '../api/client'
import { newKey } from '../api/key'
import type { Matter, QueueRow } from '../api/types'
import { Problem } from '../api/problem'
import { serverNow } from '../composables/clock'
import { me } from '../composables/session'
import { hideToast, showToast } from '../composables/toast'
import { reloadDetail, updateDetail } from './detail'
import { current, learn, patch, placeOf, rowFor } from './store'

/** An action on one matter. */
export type Decision =
  | { kind: 'assign'; lead: string; leadName: string; assist: string[]; grade: string; instruction?: string }
  | { kind: 'dismiss'; reason: string }
  | { kind: 'grade'; grade: string }

/** What became of a decision. */
export interface Outcome {
  no: string
  title: string
  /** What was done, for the person. */
  text: string
  matter?: Matter
  problem?: Problem
}

/** The last thing done, which Z takes back. */
interface Done {
  outcomes: Promise<Outcome[]>
}

const AT_ONCE = 4

let last: Done | null = null
/** Decisions that were refused, for the detail of their matter to show. */
export const refusals = shallowRef(new Map<string, { problem: Problem; again: () => void }>())
export const busy = ref(0)

const WORDS: Record<Decision['kind'], string> = { assign: '交办', dismiss: '不予办理', grade: '定级' }

function send(row: QueueRow, decision: Decision, key: string): Promise<Matter> {
  const params = { path: { no: row.no }, header: deciding(row.decided_version, key) }
  if (decision.kind === 'dismiss') return take(api.POST('/api/v1/matters/{no}/dismiss', { params, body: { reason: decision.reason } }))
  if (decision.kind === 'grade') return take(api.POST('/api/v1/matters/{no}/grade', { params, body: { grade: decision.grade } }))
  const { lead, assist, grade, instruction } = decision
  return take(api.POST('/api/v1/matters/{no}/assign', { params, body: { lead, assist, grade, instruction: instruction || undefined } }))
}

function foreseen(decision: Decision): Partial<QueueRow> {
  if (decision.kind === 'dismiss') return { state: 'dismissed', claim: null }
  if (decision.kind === 'grade') return { grade: decision.grade, grade_confirmed: true }
  const { lead, leadName, grade } = decision
  return { state: 'assigned', unit: lead, unit_name: leadName, grade, grade_confirmed: true, claim: null }
}

function told(decision: Decision): string {
  return decision.kind === 'assign' ? `已交办${decision.leadName}` : `已${WORDS[decision.kind]}`
}

/** Decides on one matter: the row changes at once, and back when it is refused. */
async function attempt(row: QueueRow, decision: Decision, key: string): Promise<Outcome> {
  const rollBack = patch(row.no, foreseen(decision))
  const outcome = { no: row.no, title: row.title ?? row.no, text: told(decision) }
  busy.value++
  try {
    const matter = await send(row, decision, key)
    learn(matter)
    updateDetail(matter)
    return { ...outcome, matter }
  } catch (error) {
    const problem = Problem.unreachable(error)
    rollBack()
    if (problem.isConflict) await lookAgain(row.no)
    return { ...outcome, problem }
  } finally {
    busy.value--
  }
}

/** Fetches the state that made an action impossible, so that the screen shows it. */
export async function lookAgain(no: string): Promise<void> {
  try {
    learn(await take(api.GET('/api/v1/matters/{no}', { params: { path: { no } } })))
  } catch {
    // The refusal is shown all the same; the row keeps what it showed.
  }
  reloadDetail()
}

/** Decides on one matter and offers to take it back. A refusal is told by a toast and beside the matter, unless `quiet`. */
export async function decide(row: QueueRow, decision: Decision, key = newKey(), quiet = false): Promise<Outcome> {
  refuse(row.no, null)
  const outcome = attempt(row, decision, key)
  last = { outcomes: outcome.then((one) => [one]) }
  const done = await outcome
  if (done.problem && quiet) return done
  if (done.problem) {
    const { problem } = done
    // The key stays: when the first request did arrive after all, the repeat changes nothing.
    const again = () => void decide(rowFor(row.no) ?? row, decision, problem.mayRetry ? key : newKey())
    refuse(row.no, { problem, again })
    showToast({
      text: `「${done.title}」未能${WORDS[decision.kind]}：${problem.detail}`,
      tone: 'bad',
      action: problem.mayRetry ? { label: '重试', run: again } : undefined,
    })
  } else offerUndo(`${done.text}：${done.title}`, [done])
  return done
}

/** Decides on many, a few at once; the outcomes are in the order of the rows. */
export async function decideAll(all: readonly { row: QueueRow; decision: Decision }[], progress: (outcome: Outcome) => void): Promise<Outcome[]> {
  const outcomes: Outcome[] = new Array<Outcome>(all.length)
  let next = 0
  const work = async () => {
    while (next < all.length) {
      const at = next++
      const item = all[at]
      if (!item) return
      const outcome = await attempt(item.row, item.decision, newKey())
      outcomes[at] = outcome
      progress(outcome)
    }
  }
  const finished = Promise.all(Array.from({ length: Math.min(AT_ONCE, all.length) }, work)).then(() => outcomes)
  last = { outcomes: finished }
  const done = await finished
  const good = done.filter((one) => !one.problem)
  if (good.length > 0) offerUndo(`已办理 ${good.length} 件`, good)
  return done
}

/** Keeps why an action on a matter was refused, for its detail to show; null forgets it. */
export function refuse(no: string, refusal: { problem: Problem; again: () => void } | null): void {
  const next = new Map(refusals.value)
  if (refusal) next.set(no, refusal)
  else next.delete(no)
  refusals.value = next
}

function offerUndo(text: string, done: readonly Outcome[]): void {
  const ends = done.map((one) => (one.matter?.undo ? Date.parse(one.matter.undo.until) : serverNow() + (me.value?.undo_seconds ?? 0) * 1000))
  const until = Math.min(...ends)
  const left = until - serverNow()
  if (left <= 0) return
  showToast({ text, tone: 'good', since: serverNow(), until, action: { label: '撤销', key: 'Z', run: () => void undo() } }, left)
}

/** Takes the last decision back, each matter of it for itself; says which could not be. */
export async function undo(): Promise<void> {
  const taken = last
  last = null
  if (!taken) {
    showToast({ text: '没有可撤销的操作。' })
    return
  }
  hideToast()
  const outcomes = (await taken.outcomes).filter((one) => one.matter)
  const failures: string[] = []
  await Promise.all(
    outcomes.map(async ({ no, title, matter }) => {
      if (!matter) return
      try {
        const back = await take(api.POST('/api/v1/matters/{no}/undo', { params: { path: { no }, header: deciding(matter.decided_version) }, body: {} }))
        learn(back)
        updateDetail(back)
      } catch (error) {
        failures.push(`「${title}」${Problem.unreachable(error).detail}`)
        await lookAgain(no)
      }
    }),
  )
  const back = outcomes.find(({ no }) => placeOf(no) >= 0)
  if (back) current.value = back.no
  if (failures.length > 0) showToast({ text: `未能撤销：${failures.join('；')}`, tone: 'bad' })
  else if (outcomes.length > 0) showToast({ text: outcomes.length > 1 ? `已撤销 ${outcomes.length} 件` : `已撤销：${outcomes[0]?.title ?? ''}` })
}

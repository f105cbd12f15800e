// The same done to many matters, each with its own outcome.
import { reactive } from 'vue'
import type { QueueRow } from '../api/types'
import { decideAll, type Decision, type Outcome } from './actions'
import { rowFor } from './store'

/** One matter of a bulk action. */
export interface BulkItem {
  no: string
  title: string
  state: 'waiting' | 'done' | 'failed' | 'skipped'
  /** What was done, or why not. */
  text: string
}

/** A bulk action and how far it is. */
export interface BulkRun {
  title: string
  items: BulkItem[]
}

/** What to do with a row, or why nothing. */
export type Plan = (row: QueueRow) => Decision | string

/** Begins a bulk action. `again` repeats what failed. */
export function startBulk(title: string, rows: readonly QueueRow[], plan: Plan): { run: BulkRun; again: () => Promise<void>; finished: Promise<void> } {
  const planned = rows.map((row) => ({ row, decision: plan(row) }))
  const run = reactive<BulkRun>({
    title,
    items: planned.map(({ row, decision }) => ({
      no: row.no,
      title: row.title ?? row.no,
      state: typeof decision === 'string' ? 'skipped' : 'waiting',
      text: typeof decision === 'string' ? decision : '',
    })),
  })
  const work = async (numbers: ReadonlySet<string>) => {
    const todo: { row: QueueRow; decision: Decision }[] = []
    for (const { row, decision } of planned) {
      if (typeof decision !== 'string' && numbers.has(row.no)) todo.push({ row: rowFor(row.no) ?? row, decision })
    }
    await decideAll(todo, (outcome) => settle(run, outcome))
  }
  const again = () => {
    const failed = run.items.filter((item) => item.state === 'failed')
    for (const item of failed) item.state = 'waiting'
    return work(new Set(failed.map((item) => item.no)))
  }
  return { run, again, finished: work(new Set(planned.map(({ row }) => row.no))) }
}

function settle(run: BulkRun, outcome: Outcome): void {
  const item = run.items.find((each) => each.no === outcome.no)
  if (!item) return
  item.state = outcome.problem ? 'failed' : 'done'
  item.text = outcome.problem ? `${outcome.problem.title}：${outcome.problem.detail}` : outcome.text
}

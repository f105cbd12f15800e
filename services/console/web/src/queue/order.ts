// The order of the queue and which rows a view shows; the same rules as the service's.
import { gradeLevel } from '../composables/format'
import type { QueueRow } from '../api/types'

/** Views of the queue, in the order of their tabs. */
export const VIEWS = [
  { value: 'new', name: '待研判' },
  { value: 'mine', name: '我处理的' },
  { value: 'waiting', name: '待反馈' },
  { value: 'overdue', name: '超时' },
  { value: 'all', name: '全部' },
] as const

export type View = (typeof VIEWS)[number]['value']

/** What the officer narrows the view to; empty means any. */
export interface Filter {
  q: string
  grade: string
  unit: string
}

/** State of a row that the service no longer lists; how it ended is not known here. */
export const GONE = 'gone'

const ENDED = new Set(['closed', 'dismissed', 'merged', GONE])

/** Nothing is left to do about it. */
export function isEnded(row: QueueRow): boolean {
  return ENDED.has(row.state)
}

/** Whether a view shows the row; `user` is the login name. */
export function fits(row: QueueRow, view: View, user: string): boolean {
  if (isEnded(row)) return false
  if (view === 'new') return row.state === 'new'
  if (view === 'mine') return row.claim?.by === user
  if (view === 'waiting') return row.state === 'assigned' || row.state === 'accepted'
  if (view === 'overdue') return row.overdue
  return true
}

/** Whether the row passes the filter. */
export function passes(row: QueueRow, filter: Filter): boolean {
  if (filter.grade && row.grade !== filter.grade) return false
  if (filter.unit && row.unit !== filter.unit) return false
  if (!filter.q) return true
  const q = filter.q
  return [row.title, row.no, row.unit_name, row.place_name, row.source].some((text) => text?.includes(q))
}

function moment(time: string | null | undefined): number {
  return time ? Date.parse(time) : Number.MAX_SAFE_INTEGER
}

/** Rows of a view and filter: danger to life first, then the grade in force, then what is due next, then what came first. */
export function arrange(rows: Iterable<QueueRow>, view: View, user: string, filter: Filter): QueueRow[] {
  const found: { row: QueueRow; due: number; received: number; level: number }[] = []
  for (const row of rows) {
    if (!fits(row, view, user) || !passes(row, filter)) continue
    // Times are read once, not at every comparison.
    found.push({ row, due: moment(row.due), received: moment(row.received_at), level: gradeLevel(row.grade) })
  }
  found.sort(
    (a, b) =>
      Number(b.row.danger) - Number(a.row.danger) ||
      a.level - b.level ||
      a.due - b.due ||
      a.received - b.received ||
      (a.row.no < b.row.no ? -1 : 1),
  )
  return found.map((each) => each.row)
}

/** How many rows each view has. */
export function countViews(rows: Iterable<QueueRow>, user: string): Record<View, number> {
  const counts: Record<View, number> = { new: 0, mine: 0, waiting: 0, overdue: 0, all: 0 }
  for (const row of rows) for (const { value } of VIEWS) if (fits(row, value, user)) counts[value]++
  return counts
}

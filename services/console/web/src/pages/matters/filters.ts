/** The filters of the list of matters, and how the console's address and the API's query spell them. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

/** Filters with a control of their own, in the order of the form. */
export const FIELDS = [
  'q',
  'state',
  'grade',
  'place',
  'unit',
  'system',
  'source',
  'overdue',
  'danger',
  'decision',
  'from',
  'to',
  'order',
] as const
export type Field = (typeof FIELDS)[number]
export type Filters = Partial<Record<Field, string>>

/** What an address asks for: filters, further conditions a figure of the briefing linked to, and the page. */
export interface Asked {
  filters: Filters
  further: Record<string, string>
  cursor?: string
}

/** Parts of the address that say how to show the list, not which matters are in it. */
const PRESENTATION = new Set(['cursor', 'limit', 'count'])
const STATES_OPEN = 'new,assigned,accepted,responded'
const MAX_LENGTH = 200

export function parse(query: LocationQuery): Asked {
  const asked: Asked = { filters: {}, further: {} }
  for (const [key, raw] of Object.entries(query)) {
    const value = (Array.isArray(raw) ? raw.filter(Boolean).join(',') : (raw ?? '')).trim().slice(0, MAX_LENGTH)
    if (!value) continue
    if (key === 'cursor') asked.cursor = value
    else if (isField(key)) asked.filters[key] = value
    else if (!PRESENTATION.has(key)) asked.further[key] = value
  }
  return asked
}

/** The address for these filters: first page, empty values left out, in a fixed order. */
export function toLocation(filters: Filters, further: Record<string, string> = {}, cursor?: string): LocationQueryRaw {
  const query: Record<string, string> = {}
  for (const key of FIELDS) {
    const value = filters[key]?.trim()
    if (value) query[key] = value
  }
  for (const key of Object.keys(further).sort()) query[key] = further[key]!
  if (cursor) query.cursor = cursor
  return query
}

/** The API takes the address as it stands; only how many rows to show is added, and the total. */
export function toApi(asked: Asked, limit: number): Record<string, string> {
  const query: Record<string, string> = { ...asked.further, ...asked.filters, count: 'true', limit: String(limit) }
  if (asked.cursor) query.cursor = asked.cursor
  return query
}

export function isFiltered(asked: Asked): boolean {
  return Object.keys(asked.filters).some((key) => key !== 'order') || Object.keys(asked.further).length > 0
}

/** States as the form offers them: `open` stands for all that are not ended. */
export const STATE_CHOICES: [string, string][] = [
  ['', '全部状态'],
  [STATES_OPEN, '未办结'],
  ['new', '待研判'],
  ['assigned', '待签收'],
  ['accepted', '办理中'],
  ['responded', '已回应'],
  ['closed', '已办结'],
  ['dismissed', '不予办理'],
  ['merged', '已合并'],
]

/** The last day meant by an exclusive end: `2026-11-01` ends with 31 October. Other spellings come back as they are. */
export function lastDay(to: string | undefined): string {
  return shiftDay(to, -1)
}

/** The exclusive end that a last day means. */
export function endAfter(day: string | undefined): string {
  return shiftDay(day, 1)
}

function shiftDay(day: string | undefined, by: number): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(day ?? '')
  if (!found) return ''
  const moved = new Date(Date.UTC(Number(found[1]), Number(found[2]) - 1, Number(found[3]) + by))
  return moved.toISOString().slice(0, 10)
}

/** The day of a `from`, for the date control. */
export function firstDay(from: string | undefined): string {
  return /^\d{4}-\d{2}-\d{2}/.exec(from ?? '')?.[0] ?? ''
}

function isField(key: string): key is Field {
  return (FIELDS as readonly string[]).includes(key)
}

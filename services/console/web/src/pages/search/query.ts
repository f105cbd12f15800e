/** The query of the search page as its address spells it. */
import type { LocationQuery, LocationQueryRaw } from 'vue-router'

export const FACETS = ['kind', 'source', 'place', 'system', 'state', 'grade'] as const
export type Facet = (typeof FACETS)[number]
const FIELDS = ['q', ...FACETS, 'unit', 'from', 'to', 'order'] as const
export type SearchField = (typeof FIELDS)[number]

export interface SearchAsked {
  fields: Partial<Record<SearchField, string>>
  offset: number
}

/** Hits shown at once, and the furthest one that can be asked for. */
export const PAGE_HITS = 20
const OFFSET_MAX = 2_000
const MAX_LENGTH = 200

export function parse(query: LocationQuery): SearchAsked {
  const asked: SearchAsked = { fields: {}, offset: 0 }
  for (const key of FIELDS) {
    const raw = query[key]
    const value = ((Array.isArray(raw) ? raw[0] : raw) ?? '').trim().slice(0, MAX_LENGTH)
    if (value) asked.fields[key] = value
  }
  const offset = Number(query.offset)
  if (Number.isInteger(offset) && offset > 0) asked.offset = Math.min(offset, OFFSET_MAX)
  return asked
}

export function toLocation(asked: SearchAsked): LocationQueryRaw {
  const query: Record<string, string> = {}
  for (const key of FIELDS) {
    const value = asked.fields[key]
    if (value) query[key] = value
  }
  if (asked.offset > 0) query.offset = String(asked.offset)
  return query
}

export function toApi(asked: SearchAsked): Record<string, string> {
  const query: Record<string, string> = { ...asked.fields, limit: String(PAGE_HITS) }
  if (asked.offset > 0) query.offset = String(asked.offset)
  return query
}

/** The same query on its first page with one facet set, or taken off when it was set to that value. */
export function withFacet(asked: SearchAsked, facet: Facet, value: string): SearchAsked {
  const fields = { ...asked.fields }
  if (fields[facet] === value) delete fields[facet]
  else fields[facet] = value
  return { fields, offset: 0 }
}

/** The month `2026-10` as first day and exclusive end. */
export function ofMonth(month: string): { from: string; to: string } {
  const [year = 0, number = 0] = month.split('-').map(Number)
  const next = number === 12 ? [year + 1, 1] : [year, number + 1]
  return { from: `${month}-01`, to: `${String(next[0]).padStart(4, '0')}-${String(next[1]).padStart(2, '0')}-01` }
}

/** Whether there is anything to search for: words, or at least one facet. */
export function isAsked(asked: SearchAsked): boolean {
  return Object.keys(asked.fields).some((key) => key !== 'order')
}

/** Everything that one page about a matter shows. */
import { api, request, take } from '../../api/client'
import type { Candidate, Matter, Post } from '../../api/types'
import type { LedgerEntry } from './timeline'

export const PAGE_POSTS = 20
const PAGE_ENTRIES = 200
/** A matter with more entries than this shows its first ones; a guard against reading without end. */
const ENTRIES_MAX = 2_000

/** A matter with the numbers merged into it and not split off since. */
export type MatterShown = Matter & { absorbed: string[] }

export interface MatterFile {
  matter: MatterShown
  entries: LedgerEntry[]
  posts: Post[]
  next: string | null
  /** Names of units that only the posts' assessments mention, by id. */
  named: [string, string][]
  /** The number asked for was merged into this one. */
  movedTo?: string
}

export async function loadFile(no: string, signal: AbortSignal): Promise<MatterFile> {
  const found = await request<Matter>('GET', `/matters/${encodeURIComponent(no)}`, { signal })
  const [entries, page] = await Promise.all([
    allEntries(found.no, signal),
    take(api.GET('/api/v1/matters/{no}/posts', { params: { path: { no: found.no }, query: { limit: PAGE_POSTS } }, signal })),
  ])
  const file: MatterFile = {
    matter: { ...found, absorbed: absorbedIn(entries) },
    entries,
    posts: page.posts,
    next: page.next ?? null,
    named: namesIn(page.posts),
  }
  return found.no === no ? file : { ...file, movedTo: found.no }
}

async function allEntries(no: string, signal: AbortSignal): Promise<LedgerEntry[]> {
  const all: LedgerEntry[] = []
  let after: number | undefined
  do {
    const page = await take(
      api.GET('/api/v1/matters/{no}/entries', { params: { path: { no }, query: { after, limit: PAGE_ENTRIES } }, signal }),
    )
    all.push(...(page.entries as unknown as LedgerEntry[]))
    after = page.next ?? undefined
  } while (after !== undefined && all.length < ENTRIES_MAX)
  return all
}

function namesIn(posts: readonly Post[]): [string, string][] {
  const names: [string, string][] = []
  for (const post of posts) {
    for (const one of post.assessment.candidates as unknown as Candidate[]) {
      if (one.unit && one.unit_name) names.push([one.unit, one.unit_name])
    }
  }
  return names
}

/** Matters merged into this one and not split off since. */
export function absorbedIn(entries: readonly LedgerEntry[]): string[] {
  const inside = new Set<string>()
  for (const { kind, event } of entries) {
    if (kind === 'absorbed') inside.add(String(event.from))
    if (kind === 'released') inside.delete(String(event.to))
  }
  return [...inside]
}

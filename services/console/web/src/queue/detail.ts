// The current matter in full: the matter, its posts and its ledger entries. What was looked at is kept for a while, and the
// next row is fetched ahead.
import { computed, ref, shallowRef, triggerRef, watch } from 'vue'
import { api, take } from '../api/client'
import type { Candidate, Entry, Matter, Post } from '../api/types'
import { Problem } from '../api/problem'
import { learnUnit } from '../composables/catalogue'
import { current, currentRow, placeOf, rowFor, rows } from './store'

/** A matter as the right side shows it. */
export interface Detail {
  matter: Matter
  posts: Post[]
  /** There are more posts than shown. */
  morePosts: boolean
  entries: Entry[]
}

/**
 * Wait before the right side follows, counted from the frame that shows the new row, and longer by what that frame took: so
 * the list answers a key at once, and holding J neither draws nor fetches every row it passes, however slow the machine.
 */
const SETTLE_MS = 80
const SETTLE_MS_MAX = 400
/** Rest on a row after which the next one is fetched ahead. */
const REST_MS = 250
const KEPT_MAX = 60
/** Candidates shown; their order numbers them, on the screen, in the dialog of R and on the keyboard. */
const CANDIDATES_SHOWN = 5
const POSTS_SHOWN = 20

const kept = new Map<string, Detail>()
const problem = shallowRef<Problem | null>(null)
const revision = ref(0)
const shown = shallowRef<Detail | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
let idle: ReturnType<typeof setTimeout> | undefined
let followed = 0

/** The matter the right side shows: the current one, a moment after the list has shown it. */
const opened = ref('')

export const openedRow = computed(() => {
  const row = rows.value[placeOf(opened.value)]
  return row?.no === opened.value ? row : undefined
})

export const detail = computed(() => (shown.value?.matter.no === opened.value ? shown.value : null))
export const detailProblem = problem

/** Candidates for the current matter by its first post, the best first. */
export const candidates = computed<Candidate[]>(() => {
  const found = detail.value
  if (!found) return []
  const id = found.matter.first_post.id
  const first = found.posts.find((post) => post.id === id) ?? found.posts[found.posts.length - 1]
  return first ? candidatesOf(first) : []
})

async function fetchDetail(no: string): Promise<Detail> {
  const path = { no }
  const [matter, posts, entries] = await Promise.all([
    take(api.GET('/api/v1/matters/{no}', { params: { path } })),
    take(api.GET('/api/v1/matters/{no}/posts', { params: { path, query: { limit: POSTS_SHOWN } } })),
    take(api.GET('/api/v1/matters/{no}/entries', { params: { path, query: { limit: 200 } } })),
  ])
  for (const candidate of posts.posts.flatMap(candidatesOf)) learnUnit(candidate.unit, candidate.unit_name)
  return { matter, posts: posts.posts, morePosts: Boolean(posts.next), entries: entries.entries }
}

function keep(no: string, found: Detail): void {
  kept.delete(no)
  kept.set(no, found)
  const oldest = kept.keys().next().value
  if (kept.size > KEPT_MAX && oldest !== undefined) kept.delete(oldest)
}

async function load(no: string): Promise<void> {
  try {
    const found = await fetchDetail(no)
    keep(no, found)
    if (opened.value !== no) return
    problem.value = null
    shown.value = found
    ahead()
  } catch (error) {
    if (opened.value === no) problem.value = Problem.unreachable(error)
  }
}

/** Fetches the next row once the officer rests on this one. */
function ahead(): void {
  clearTimeout(idle)
  idle = setTimeout(() => {
    const next = rows.value[placeOf(opened.value) + 1]
    if (!next || isFresh(next.no)) return
    // Fetching ahead is a favour; when it fails, opening the row tells.
    void fetchDetail(next.no).then((found) => keep(next.no, found), () => undefined)
  }, REST_MS)
}

/** What was kept still stands: nothing was decided since, and no post has joined. */
function isFresh(no: string): boolean {
  const row = rowFor(no)
  const matter = kept.get(no)?.matter
  return Boolean(row && matter && matter.decided_version === row.decided_version && matter.posts === row.posts)
}

/** What the right side shows below the posts: drawn in turns, so that a key pressed meanwhile need not wait for all of it. */
export const drawn = shallowRef<{ no: string; candidates: Candidate[]; entries: Entry[] }>({ no: '', candidates: [], entries: [] })
let turn: ReturnType<typeof setTimeout> | undefined

watch(detail, (found) => {
  clearTimeout(turn)
  if (!found) return
  const { no } = found.matter
  const all = { no, candidates: candidates.value, entries: found.entries }
  if (drawn.value.no === no) drawn.value = all
  else {
    turn = setTimeout(() => {
      drawn.value = { ...drawn.value, candidates: all.candidates }
      turn = setTimeout(() => (drawn.value = all))
    })
  }
})

/** Fetches the current matter anew. */
export function reloadDetail(): void {
  revision.value++
}

/** The outcome of an action on a matter: shown at once, posts and entries follow. */
export function updateDetail(matter: Matter): void {
  const before = kept.get(matter.no)
  if (before) keep(matter.no, { ...before, matter })
  if (shown.value?.matter.no === matter.no) {
    shown.value = { ...shown.value, matter }
    triggerRef(shown)
    reloadDetail()
  }
}

/** Follows the current row while the queue is open. */
export function followCurrent(): void {
  watch(
    [current, () => currentRow.value?.decided_version, () => currentRow.value?.posts, revision],
    ([no]) => {
      clearTimeout(timer)
      clearTimeout(idle)
      if (no === opened.value) follow(no)
      else if (!opened.value) follow(no)
      else settle(no)
    },
    { immediate: true },
  )
}

function settle(no: string): void {
  const began = performance.now()
  requestAnimationFrame(() => {
    // The next task begins when the frame has been handed over.
    clearTimeout(timer)
    timer = setTimeout(() => {
      const took = performance.now() - began
      if (no === current.value) timer = setTimeout(() => follow(no), Math.min(SETTLE_MS + took, SETTLE_MS_MAX))
    })
  })
}

function follow(no: string): void {
  if (no !== opened.value) {
    opened.value = no
    problem.value = null
    shown.value = kept.get(no) ?? null
    if (isFresh(no) && followed === revision.value) return ahead()
  }
  followed = revision.value
  if (no) void load(no)
}

function candidatesOf(post: Post): Candidate[] {
  const all = post.assessment.candidates as unknown as Candidate[]
  return all.filter((each) => each.unit || each.score > 0).slice(0, CANDIDATES_SHOWN)
}

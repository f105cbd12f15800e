// The further concerns of a matter's first post, each with the matter it became.
import type { Matter, Post } from '../api/types'

export interface Concern {
  /** Its line of work, by which it is opened. */
  system: string
  /** Who would answer, or the line of work. */
  name: string
  /** The words it rests on. */
  terms: string[]
  /** The matter it became. */
  no?: string
  /** It may be opened: the post is the matter's own first one, and the matter is open. */
  open: boolean
}

export function concernsOf(matter: Matter, post: Post | undefined): Concern[] {
  if (!post) return []
  const first = post.id === matter.first_post.id && post.source === matter.first_post.source
  const may = first && !matter.ended_at && !matter.beside
  return post.assessment.further.map((one) => {
    const no = matter.further.find((each) => each.system === one.system)?.no
    return { system: one.system, name: one.unit_name || one.system, terms: one.terms, ...(no ? { no } : {}), open: may && !no }
  })
}

/** The one that F opens. */
export function nextConcern(concerns: readonly Concern[]): Concern | undefined {
  return concerns.find((each) => each.open)
}

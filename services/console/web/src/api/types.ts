// Shorter names for the schemas of the API.
import type { components } from './schema'

type Schemas = components['schemas']

export type MatterSummary = Schemas['MatterSummary']
export type Matter = Schemas['MatterView']
export type Post = Schemas['PostView']
export type Entry = Schemas['EntryView']
export type Unit = Schemas['UnitView']
export type Me = Schemas['Me']
export type LiveEvent = Schemas['EventView']
export type Deadline = Schemas['DeadlineView']
/** Who works on a matter, for now. */
export type Claim = Schemas['ClaimView']
/** One matter in the queue. */
export type QueueRow = Schemas['QueueRowView']
/** How much a matter is spoken of. */
export type Heat = Schemas['HeatView']
/** A subject that is spoken of more than it uses to be, at one place. */
export type Surge = Schemas['SurgeView']
/** The wording of a clause. */
export type ClauseText = Schemas['ClauseView']

/** A word of the post that spoke for a candidate. */
export interface Term {
  text: string
  weight: number
  /** Byte offset (UTF-8) of its first place in title, line feed and text. */
  start: number
}

/** A clause a candidate rests on. `key` is missing in records made before clauses could be opened. */
export interface Clause {
  key?: string
  document: string
  clause: string
}

/** A system and its unit that may be responsible. */
export interface Candidate {
  system: string
  unit?: string
  unit_name?: string
  score: number
  terms: Term[]
  clauses: Clause[]
  /** Why this one, or why not. */
  why: string
}

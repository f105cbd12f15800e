import type { Matter, QueueRow } from '../api/types'

/** A matter as a row of the queue. */
export function rowOf(matter: Matter): QueueRow {
  const unit = matter.lead ?? matter.suggested
  const unmet = matter.deadlines.filter((each) => !each.met_at && !matter.ended_at)
  const next = unmet.sort((a, b) => Date.parse(a.due) - Date.parse(b.due))[0]
  return {
    no: matter.no,
    decided_version: matter.decided_version,
    state: matter.state,
    title: matter.title,
    source: matter.first_post.source,
    place: matter.place?.code,
    place_name: matter.place?.name,
    system: matter.system,
    unit: unit?.id,
    unit_name: unit?.name,
    decision: matter.suggestion.decision,
    grade: matter.grade,
    grade_confirmed: matter.grade_confirmed,
    danger: matter.danger,
    posts: matter.posts,
    received_at: matter.received_at,
    due: next?.due,
    due_kind: next?.kind,
    overdue: matter.overdue,
    claim: matter.claim,
    // As in the queue: what is quiet has none.
    heat: matter.heat.level === 'quiet' ? undefined : matter.heat,
  }
}

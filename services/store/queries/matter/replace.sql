on conflict (no) do update set version = excluded.version, decided_version = excluded.decided_version,
  state = excluded.state, title = excluded.title, place = excluded.place, system = excluded.system,
  unit = excluded.unit, decision = excluded.decision, grade = excluded.grade, graded = excluded.graded,
  danger = excluded.danger, backfill = excluded.backfill, posts = excluded.posts,
  received_at = excluded.received_at, next_due = excluded.next_due, ended_at = excluded.ended_at, body = excluded.body

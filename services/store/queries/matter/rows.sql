select 'matter|' || cast(version as text) || '|' || cast(decided_version as text) || '|' || state || '|' || title || '|' || place
  || '|' || system || '|' || unit || '|' || grade || '|' || cast(graded as text) || '|' || cast(danger as text)
  || '|' || cast(backfill as text) || '|' || cast(posts as text) || '|' || cast(received_at as text)
  || '|' || cast(next_due as text) || '|' || coalesce(cast(ended_at as text), '') as line
  from matter where no = $1
union all
select 'assignment|' || cast(number as text) || '|' || unit || '|' || part || '|' || state || '|' || cast(assigned_at as text)
  || '|' || coalesce(cast(answered_at as text), '')
  from assignment where matter = $1
union all
select 'response|' || cast(number as text) || '|' || unit || '|' || kind || '|' || channel || '|' || cast(at as text)
  from response where matter = $1
union all
select 'commitment|' || cast(number as text) || '|' || owner || '|' || due || '|' || cast(published as text)
  || '|' || coalesce(cast(kept as text), '') || '|' || cast(at as text)
  from commitment where matter = $1
union all
select 'deadline|' || kind || '|' || cast(assignment as text) || '|' || cast(due as text)
  || '|' || coalesce(cast(met_at as text), '') || '|' || cast(passed as text) || '|' || cast(started as text)
  from deadline where matter = $1

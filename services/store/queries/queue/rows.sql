select * from (
  select m.no, m.decided_version, m.state, m.title, m.place, m.system, m.unit, m.decision, m.grade, m.graded, m.danger,
    m.posts, m.received_at, m.body,
    case m.grade when 'extreme' then 0 when 'major' then 1 when 'considerable' then 2 else 3 end as grade_rank,
    coalesce((select min(d.due) from deadline d where d.matter = m.no and d.met_at is null), 9223372036854775807) as due
  from matter m where {wheres}
) open
order by open.danger desc, open.grade_rank, open.due, open.received_at, open.no
limit {limit}

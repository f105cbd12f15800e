select matter, cast(count(*) as bigint) as posts, cast(count(distinct source) as bigint) as sources,
  cast(coalesce(sum(case when spoken > $2 and spoken <= $3 then 1 else 0 end), 0) as bigint) as later,
  cast(coalesce(sum(case when spoken > $1 and spoken <= $2 then 1 else 0 end), 0) as bigint) as earlier
from (
  select s.matter, s.source, {spoken} as spoken
  from membership s
  join post p on p.source = s.source and p.id = s.id and p.revision = 0
  where s.matter in ({matters})
) posts
group by matter

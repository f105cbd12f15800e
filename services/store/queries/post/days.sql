select cast((spoken + 28800000000) / 86400000000 as bigint) as day, source, place, system, cast(count(*) as bigint) as posts
from (
  select {spoken} as spoken, p.source, m.place, m.system
  from post p
  join membership s on s.source = p.source and s.id = p.id
  join matter m on m.no = s.matter
  where p.received_at >= $1 and p.received_at < $3 and p.revision = 0 and m.place <> '' and m.system <> ''
) posts
where spoken >= $1 and spoken < $2
group by 1, source, place, system
order by 1, source, place, system

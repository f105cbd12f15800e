select d.* from (
  select *, cast(shard as text) || ':' || cast(log_offset as text) as sort_key from dead_letter
) as d
where (d.at, d.sort_key) < ($1, $2)
order by d.at desc, d.sort_key desc limit $3

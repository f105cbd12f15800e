update delivery set state = 'dropped', last_error = coalesce(last_error, '通道停用过久，已取消')
where id in (
  select id from delivery where state = 'waiting' and created_at < $1 and leased_until < $1 and attempts_before = 0
  order by id limit $2
)

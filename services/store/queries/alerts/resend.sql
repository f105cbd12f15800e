update delivery set state = 'waiting', attempts_before = attempts, next_try_at = $2, leased_until = 0, sent_at = null
where id = $1 and (state <> 'waiting' or leased_until <= $2)
  and exists (select 1 from channel c where c.id = delivery.channel and c.deleted_at is null)

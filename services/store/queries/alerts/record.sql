update delivery set state = $3, leased_until = 0, next_try_at = $4, sent_at = $5, last_status = $6, last_error = $7
where id = $1 and state = 'waiting' and leased_until = $2

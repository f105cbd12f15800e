update channel set last_error = $3, failing_since = coalesce(failing_since, $2), failures = failures + 1,
  rest_until = case when $4 > rest_until then $4 else rest_until end,
  state = case when $5 = 1 and state <> 'paused' then $6 else state end
where id = $1

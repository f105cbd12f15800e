update channel set last_ok_at = $2, last_error = null, failing_since = null, failures = 0, rest_until = 0,
  state = case when state = 'failing' then 'active' else state end
where id = $1

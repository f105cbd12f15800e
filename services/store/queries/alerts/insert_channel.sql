insert into channel (
  id, name, kind, url, unit, signing, secret, state, created_at, failures, rest_until, window_start, window_sent
)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0)

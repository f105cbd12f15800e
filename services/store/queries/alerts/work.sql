select d.id, d.message, d.matter, d.kind, d.payload, d.attempts, d.attempts_before, d.created_at as delivery_created_at,
  c.id as channel, c.kind as channel_kind, c.url, c.signing, c.secret, c.old_secret, c.old_secret_until, c.failures,
  c.failing_since, c.window_start, c.window_sent
from delivery d
join channel c on c.id = d.channel
where d.id = $1

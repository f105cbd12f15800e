select d.id, d.channel, c.name as channel_name, d.message, d.matter, d.kind, d.summary, d.payload, d.state, d.attempts,
  d.created_at, d.next_try_at, d.sent_at, d.last_status, d.last_error
from delivery d
join channel c on c.id = d.channel

select p.key, p.fingerprint, p.received_at, p.published_at, p.backfill, a.place, c.title, c.text
from post p
join assessment a on a.post = p.key
join post_content c on c.post = p.key
where p.key in

select p.key, p.source, p.id, p.fingerprint, p.received_at, p.published_at, p.backfill, a.place, c.title, c.text, s.matter
from post p
join membership s on s.source = p.source and s.id = p.id
join assessment a on a.post = p.key
join post_content c on c.post = p.key
where p.fate = 'matter' and p.key in

select p.key, p.source, p.id, p.revision, p.received_at, p.published_at, p.aside, p.reason, s.matter,
  c.title, c.text, c.url, c.place as given_place,
  a.decision, a.system, a.unit, a.unit_name, a.assist, a.place, a.place_name, a.grade, a.danger, a.catalogue, a.model, a.candidates, a.evidence
from post p
join assessment a on a.post = p.key
left join post_content c on c.post = p.key
left join membership s on s.source = p.source and s.id = p.id

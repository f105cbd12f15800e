select p.key, p.source, p.id, s.matter
from post p
join membership s on s.source = p.source and s.id = p.id
where p.fate = 'matter' and p.key in

select p.source, p.id, p.digest, s.matter
from post p left join membership s on s.source = p.source and s.id = p.id
where (p.source, p.id) in

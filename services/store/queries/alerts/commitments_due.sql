select p.matter, p.number, p.owner, p.due
from commitment p
join matter m on m.no = p.matter
where p.kept is null and p.due >= $1 and p.due <= $2 and m.state <> 'merged'
order by p.due, p.matter, p.number
limit $3

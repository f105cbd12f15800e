select count(*) filter (where c.kept is null) as open, count(*) filter (where c.kept is null and c.due < $1) as overdue,
  count(*) filter (where c.kept = 1) as kept, count(*) filter (where c.kept = 0) as broken
from commitment c where $2 = '' or c.owner = $2

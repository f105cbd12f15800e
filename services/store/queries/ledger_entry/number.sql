update ledger_entry set number = waiting.number
from (
  select position, $1 + row_number() over (order by position) as number
  from ledger_entry where number is null order by position limit $2
) as waiting
where waiting.position = ledger_entry.position

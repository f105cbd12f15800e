select c.*, coalesce(w.waiting, 0) as waiting
from channel c
left join (select channel, count(*) as waiting from delivery where state = 'waiting' group by channel) w on w.channel = c.id
where c.deleted_at is null
order by c.id

-- Deliveries that may be tried now: of each channel so many that no more than $2 are under way, first tries of one matter
-- in order. Channels that work come before those that failed last time, and each channel's first before anyone's second.
select ranked.id, ranked.channel
from (
  select d.id, d.channel, c.failures, d.next_try_at,
    row_number() over (partition by d.channel order by d.next_try_at, d.id) + coalesce(f.under_way, 0) as place
  from delivery d
  join channel c on c.id = d.channel
  left join (
    select channel, count(*) as under_way from delivery where state = 'waiting' and leased_until > $1 group by channel
  ) f on f.channel = d.channel
  where d.state = 'waiting' and d.next_try_at <= $1 and d.leased_until <= $1
    and c.state <> 'paused' and c.deleted_at is null and c.rest_until <= $1
    and not exists (
      select 1 from delivery e
      where e.state = 'waiting' and e.channel = d.channel and e.matter = d.matter and e.id < d.id
        and (e.attempts = 0 or e.leased_until > $1)
    )
) ranked
where ranked.place <= $2
order by case when ranked.failures = 0 then 0 else 1 end, ranked.place, ranked.next_try_at, ranked.id
limit $3

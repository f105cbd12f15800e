insert into counter (name, next) values ($1, 1 + $2)
on conflict (name) do update set next = counter.next + $2
returning next

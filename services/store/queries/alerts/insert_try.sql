insert into delivery_try (delivery, number, at, status, millis, error, excerpt)
values ($1, $2, $3, $4, $5, $6, $7)
on conflict do nothing

insert into claim (matter, holder, name, since, until) values ($1, $2, $3, $4, $5)
on conflict (matter) do update set holder = excluded.holder, name = excluded.name, until = excluded.until,
  since = case when claim.holder = excluded.holder and claim.until > excluded.since then claim.since else excluded.since end
  where claim.holder = excluded.holder or claim.until <= excluded.since or $6 = 1
returning since

insert into alert_rule (id, channel, name, units, grades, kinds, places, enabled, created_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)

update alert_rule set name = $2, units = $3, grades = $4, kinds = $5, places = $6, enabled = $7
where id = $1

update delivery set leased_until = $2, attempts = attempts + 1
where id = $1 and state = 'waiting' and leased_until <= $3

update channel set name = $2, url = $3, unit = $4, state = $5
where id = $1 and deleted_at is null

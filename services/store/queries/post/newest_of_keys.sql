with newest as materialized (
  select column1 as band, (select post from post_band where band = column1 order by post desc limit 1 offset $1) as before
  from (values {keys}) keys
)
select post_band.band, post_band.post
from newest join post_band on post_band.band = newest.band and (newest.before is null or post_band.post > newest.before)
order by post_band.band, post_band.post

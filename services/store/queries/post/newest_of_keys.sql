select band, post from (
  select band, post, row_number() over (partition by band order by post desc) as nth from post_band where band in ({keys})
) newest
where nth <= $1 order by band, post

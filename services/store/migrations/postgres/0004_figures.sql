-- What the month's figures count by, so that counting does not read the folded matters.
create index matter_by_month on matter (received_at, state, danger, backfill, decision, grade, system, place, posts, no);

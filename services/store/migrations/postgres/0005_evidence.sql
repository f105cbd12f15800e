-- What a proposal rests on, as JSON (domain::Evidence). Empty for posts stored before it was kept whole: those have their
-- candidates in the column of that name.
alter table assessment add column evidence text collate "C" not null default '';

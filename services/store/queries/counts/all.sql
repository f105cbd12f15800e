select 'matter' as name, state as key, cast(count(*) as bigint) as value from matter group by state
union all
select 'in_matters', '', cast(count(*) as bigint) from membership
union all
-- A post whose first text was set aside and a later one was not belongs to its matter.
select 'aside', p.aside, cast(count(*) as bigint) from post p
  where p.revision = 0 and p.fate = 'aside'
    and not exists (select 1 from membership s where s.source = p.source and s.id = p.id)
  group by p.aside
union all
select 'revisions', '', cast(count(*) as bigint) from post where revision > 0
union all
select 'dead_letters', '', cast(count(*) as bigint) from dead_letter
union all
select 'abstained', '', cast(count(*) as bigint) from matter where decision = 'abstain' and state <> 'merged'
union all
select 'overdue', '', cast(count(distinct matter) as bigint) from deadline where met_at is null and due < $1
union all
select 'entries', '', cast(count(*) as bigint) from ledger_entry
union all
select 'commitments', '', cast(count(*) as bigint) from commitment
union all
select 'kept', '', cast(count(*) as bigint) from commitment where kept = 1
union all
select 'broken', '', cast(count(*) as bigint) from commitment where kept = 0

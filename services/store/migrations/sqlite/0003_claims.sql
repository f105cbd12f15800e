-- Who of the duty office works on a matter just now: a courtesy among colleagues, not part of the ledger.
create table claim (
  matter text primary key, holder text not null, name text not null, since bigint not null, until bigint not null
) without rowid;
create index claim_by_holder on claim (holder, matter);

-- Who of the duty office works on a matter just now: a courtesy among colleagues, not part of the ledger.
create table claim (
  matter text collate "C" primary key, holder text collate "C" not null, name text collate "C" not null,
  since bigint not null, until bigint not null
);
create index claim_by_holder on claim (holder, matter);

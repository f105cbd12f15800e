-- Times are microseconds since 1970 UTC; booleans are 0 or 1. Nothing here says who wrote a post.

create table counter (name text collate "C" primary key, next bigint not null);
create table lease (name text collate "C" primary key, holder text collate "C" not null, until bigint not null);
create table checkpoint (
  consumer text collate "C" not null, topic text collate "C" not null, shard bigint not null, next bigint not null,
  primary key (consumer, topic, shard)
);

create table catalogue_version (
  version text collate "C" primary key, effective_from text collate "C" not null, digest text collate "C" not null, adopted_at bigint not null, files bytea not null
);

create table post (
  key bigint primary key, source text collate "C" not null, id text collate "C" not null, digest text collate "C" not null, revision bigint not null,
  received_at bigint not null, published_at bigint, backfill bigint not null check (backfill in (0, 1)),
  fate text collate "C" not null check (fate in ('matter', 'aside')), aside text collate "C" not null, reason text collate "C" not null,
  fingerprint bytea not null,
  check ((fate = 'aside') = (aside <> '')),
  unique (source, id, digest)
);
create index post_by_receipt on post (received_at, key);
create table post_content (
  post bigint primary key references post (key), title text collate "C" not null, text text collate "C" not null, url text collate "C" not null, place text collate "C" not null
);
create table post_band (band bigint not null, post bigint not null, primary key (band, post));
create table assessment (
  post bigint primary key references post (key), decision text collate "C" not null check (decision in ('unit', 'abstain', 'aside')),
  system text collate "C" not null, unit text collate "C" not null, unit_name text collate "C" not null, assist text collate "C" not null, place text collate "C" not null,
  place_name text collate "C" not null, grade text collate "C" not null, danger bigint not null check (danger in (0, 1)),
  catalogue text collate "C" not null, model text collate "C" not null, candidates text collate "C" not null
);
create table membership (source text collate "C" not null, id text collate "C" not null, matter text collate "C" not null, primary key (source, id));
create index membership_by_matter on membership (matter, source, id);

create table ledger_entry (
  position bigint generated always as identity primary key, matter text collate "C" not null, version bigint not null, at bigint not null,
  kind text collate "C" not null, actor text collate "C" not null, role text collate "C" not null, facts text collate "C" not null, leaf bytea not null,
  number bigint unique,
  unique (matter, version)
);
create index ledger_entry_unnumbered on ledger_entry (position) where number is null;
create table entry_content (
  matter text collate "C" not null, version bigint not null, salt bytea not null, body text collate "C" not null, primary key (matter, version)
);
-- The ledger is append-only: a number may be given once, nothing else may change.
create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and old.number is null and new.number is not null
    and (new.position, new.matter, new.version, new.at, new.kind, new.actor, new.role, new.facts, new.leaf)
      is not distinct from (old.position, old.matter, old.version, old.at, old.kind, old.actor, old.role, old.facts, old.leaf)
  then
    return new;
  end if;
  raise exception 'ledger entries are append-only';
end $$;
create trigger ledger_entry_is_never_changed before update or delete on ledger_entry
  for each row execute function refuse_ledger_change();
create trigger ledger_entry_is_never_emptied before truncate on ledger_entry
  for each statement execute function refuse_ledger_change();

create table matter (
  no text collate "C" primary key, version bigint not null, decided_version bigint not null,
  state text collate "C" not null check (state in ('new', 'assigned', 'accepted', 'responded', 'closed', 'dismissed', 'merged')),
  title text collate "C" not null, place text collate "C" not null, system text collate "C" not null, unit text collate "C" not null,
  decision text collate "C" not null check (decision in ('unit', 'abstain')),
  grade text collate "C" not null check (grade in ('extreme', 'major', 'considerable', 'ordinary')),
  graded bigint not null check (graded in (0, 1)), danger bigint not null check (danger in (0, 1)),
  backfill bigint not null check (backfill in (0, 1)), posts bigint not null, received_at bigint not null,
  next_due bigint not null, ended_at bigint, body text collate "C" not null
);
create index matter_by_receipt on matter (received_at, no);
create index matter_by_due on matter (next_due, no);
create index matter_by_state on matter (state, received_at, no);
create table assignment (
  matter text collate "C" not null, number bigint not null, unit text collate "C" not null, part text collate "C" not null check (part in ('lead', 'assist')),
  state text collate "C" not null check (state in ('pending', 'accepted', 'rejected', 'overridden')), assigned_at bigint not null,
  answered_at bigint, primary key (matter, number)
);
create index assignment_by_unit on assignment (unit, matter);
create table response (
  matter text collate "C" not null, number bigint not null, unit text collate "C" not null, kind text collate "C" not null, channel text collate "C" not null, at bigint not null,
  primary key (matter, number)
);
create table commitment (
  matter text collate "C" not null, number bigint not null, owner text collate "C" not null, due text collate "C" not null, published bigint not null, kept bigint,
  at bigint not null, primary key (matter, number)
);
create index commitment_by_due on commitment (due, matter, number);
create table deadline (
  matter text collate "C" not null, kind text collate "C" not null, assignment bigint not null, due bigint not null, met_at bigint,
  passed bigint not null check (passed in (0, 1)), started bigint not null, primary key (matter, kind, assignment, started)
);
create index deadline_running on deadline (due, matter) where met_at is null and passed = 0;

create table idempotency (
  key text collate "C" primary key, body_digest bytea not null, matter text collate "C" not null, version bigint not null, at bigint not null
);
create table staff (
  name text collate "C" primary key, display_name text collate "C" not null, password_hash text collate "C" not null, role text collate "C" not null, unit text,
  created_at bigint not null, disabled_at bigint
);
create table token (
  name text collate "C" primary key, digest bytea not null unique, role text, unit text, may_push bigint not null check (may_push in (0, 1)),
  created_at bigint not null, revoked_at bigint
);
create table session (id text collate "C" primary key, staff text collate "C" not null, expires_at bigint not null);
create table source_state (
  source text collate "C" primary key, kind text collate "C" not null, state text collate "C" not null check (state in ('ok', 'unchanged', 'empty', 'failed')),
  message text collate "C" not null, last_try_at bigint not null, last_ok_at bigint, last_change_at bigint, accepted bigint not null,
  repeated bigint not null, refused bigint not null, cursor text collate "C" not null
);
create table dead_letter (
  shard bigint not null, log_offset bigint not null, topic text collate "C" not null, origin text collate "C" not null, source text collate "C" not null,
  id text collate "C" not null, reason text collate "C" not null, excerpt text collate "C" not null, at bigint not null, primary key (shard, log_offset)
);

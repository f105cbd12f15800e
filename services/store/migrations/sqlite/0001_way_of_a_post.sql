-- Times are microseconds since 1970 UTC; booleans are 0 or 1. Nothing here says who wrote a post.

create table counter (name text primary key, next bigint not null) without rowid;
create table lease (name text primary key, holder text not null, until bigint not null) without rowid;
create table checkpoint (
  consumer text not null, topic text not null, shard bigint not null, next bigint not null,
  primary key (consumer, topic, shard)
) without rowid;

create table catalogue_version (
  version text primary key, effective_from text not null, digest text not null, adopted_at bigint not null, files blob not null
) without rowid;

create table post (
  key bigint primary key, source text not null, id text not null, digest text not null, revision bigint not null,
  received_at bigint not null, published_at bigint, backfill bigint not null check (backfill in (0, 1)),
  fate text not null check (fate in ('matter', 'aside')), aside text not null, reason text not null,
  fingerprint blob not null,
  check ((fate = 'aside') = (aside <> '')),
  unique (source, id, digest)
);
create index post_by_receipt on post (received_at, key);
create table post_content (
  post bigint primary key references post (key), title text not null, text text not null, url text not null, place text not null
);
create table post_band (band bigint not null, post bigint not null, primary key (band, post)) without rowid;
create table assessment (
  post bigint primary key references post (key), decision text not null check (decision in ('unit', 'abstain', 'aside')),
  system text not null, unit text not null, unit_name text not null, assist text not null, place text not null,
  place_name text not null, grade text not null, danger bigint not null check (danger in (0, 1)),
  catalogue text not null, model text not null, candidates text not null
);
create table membership (source text not null, id text not null, matter text not null, primary key (source, id)) without rowid;
create index membership_by_matter on membership (matter, source, id);

create table ledger_entry (
  position integer primary key autoincrement, matter text not null, version bigint not null, at bigint not null,
  kind text not null, actor text not null, role text not null, facts text not null, leaf blob not null,
  number bigint unique,
  unique (matter, version)
);
create index ledger_entry_unnumbered on ledger_entry (position) where number is null;
create table entry_content (
  matter text not null, version bigint not null, salt blob not null, body text not null, primary key (matter, version)
);
-- The ledger is append-only: a number may be given once, nothing else may change.
create trigger ledger_entry_is_never_changed before update on ledger_entry
  when old.number is not null or new.number is null or new.position is not old.position or new.matter is not old.matter
    or new.version is not old.version or new.at is not old.at or new.kind is not old.kind or new.actor is not old.actor
    or new.role is not old.role or new.facts is not old.facts or new.leaf is not old.leaf
  begin select raise(abort, 'ledger entries are append-only'); end;
create trigger ledger_entry_is_never_deleted before delete on ledger_entry
  begin select raise(abort, 'ledger entries are append-only'); end;

create table matter (
  no text primary key, version bigint not null, decided_version bigint not null,
  state text not null check (state in ('new', 'assigned', 'accepted', 'responded', 'closed', 'dismissed', 'merged')),
  title text not null, place text not null, system text not null, unit text not null,
  decision text not null check (decision in ('unit', 'abstain')),
  grade text not null check (grade in ('extreme', 'major', 'considerable', 'ordinary')),
  graded bigint not null check (graded in (0, 1)), danger bigint not null check (danger in (0, 1)),
  backfill bigint not null check (backfill in (0, 1)), posts bigint not null, received_at bigint not null,
  next_due bigint not null, ended_at bigint, body text not null
) without rowid;
create index matter_by_receipt on matter (received_at, no);
create index matter_by_due on matter (next_due, no);
create index matter_by_state on matter (state, received_at, no);
create table assignment (
  matter text not null, number bigint not null, unit text not null, part text not null check (part in ('lead', 'assist')),
  state text not null check (state in ('pending', 'accepted', 'rejected', 'overridden')), assigned_at bigint not null,
  answered_at bigint, primary key (matter, number)
) without rowid;
create index assignment_by_unit on assignment (unit, matter);
create table response (
  matter text not null, number bigint not null, unit text not null, kind text not null, channel text not null, at bigint not null,
  primary key (matter, number)
) without rowid;
create table commitment (
  matter text not null, number bigint not null, owner text not null, due text not null, published bigint not null, kept bigint,
  at bigint not null, primary key (matter, number)
) without rowid;
create index commitment_by_due on commitment (due, matter, number);
create table deadline (
  matter text not null, kind text not null, assignment bigint not null, due bigint not null, met_at bigint,
  passed bigint not null check (passed in (0, 1)), started bigint not null, primary key (matter, kind, assignment, started)
) without rowid;
create index deadline_running on deadline (due, matter) where met_at is null and passed = 0;

create table idempotency (
  key text primary key, body_digest blob not null, matter text not null, version bigint not null, at bigint not null
) without rowid;
create table staff (
  name text primary key, display_name text not null, password_hash text not null, role text not null, unit text,
  created_at bigint not null, disabled_at bigint
) without rowid;
create table token (
  name text primary key, digest blob not null unique, role text, unit text, may_push bigint not null check (may_push in (0, 1)),
  created_at bigint not null, revoked_at bigint
) without rowid;
create table session (id text primary key, staff text not null, expires_at bigint not null) without rowid;
create table source_state (
  source text primary key, kind text not null, state text not null check (state in ('ok', 'unchanged', 'empty', 'failed')),
  message text not null, last_try_at bigint not null, last_ok_at bigint, last_change_at bigint, accepted bigint not null,
  repeated bigint not null, refused bigint not null, cursor text not null
) without rowid;
create table dead_letter (
  shard bigint not null, log_offset bigint not null, topic text not null, origin text not null, source text not null,
  id text not null, reason text not null, excerpt text not null, at bigint not null, primary key (shard, log_offset)
) without rowid;

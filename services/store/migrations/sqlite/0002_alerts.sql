-- Alerts: channels, rules, deliveries and every try. Channels keep their signing secrets here, since signing needs them:
-- whoever can read this database or a copy of it can sign in our name. Lists are JSON arrays.

create table channel (
  id bigint primary key, name text not null, kind text not null check (kind in ('webhook', 'wecom', 'dingtalk', 'feishu')),
  url text not null, unit text, signing text not null check (signing in ('none', 'hmac', 'ed25519')),
  secret text not null, old_secret text, old_secret_until bigint,
  state text not null check (state in ('active', 'paused', 'failing')), created_at bigint not null, deleted_at bigint,
  last_ok_at bigint, last_error text, failing_since bigint, failures bigint not null, rest_until bigint not null,
  window_start bigint not null, window_sent bigint not null
) without rowid;
create table alert_rule (
  id bigint primary key, channel bigint not null references channel (id), name text not null, units text not null,
  grades text not null, kinds text not null, places text not null, enabled bigint not null check (enabled in (0, 1)),
  created_at bigint not null
) without rowid;
create table delivery (
  id bigint primary key, channel bigint not null references channel (id), cause text not null, message text not null,
  matter text not null, kind text not null, summary text not null, payload text not null,
  state text not null check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts bigint not null, attempts_before bigint not null, created_at bigint not null, next_try_at bigint not null,
  leased_until bigint not null, sent_at bigint, last_status bigint, last_error text,
  unique (channel, cause)
) without rowid;
create index delivery_due on delivery (next_try_at, id) where state = 'waiting';
create index delivery_in_order on delivery (channel, matter, id) where state = 'waiting';
create index delivery_by_matter on delivery (matter, id);
create index delivery_by_state on delivery (state, id);
create table delivery_try (
  delivery bigint not null references delivery (id), number bigint not null, at bigint not null, status bigint,
  millis bigint not null, error text, excerpt text, primary key (delivery, number)
) without rowid;
create index commitment_open_by_due on commitment (due) where kept is null;

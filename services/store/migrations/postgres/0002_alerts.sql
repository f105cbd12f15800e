-- Alerts: channels, rules, deliveries and every try. Channels keep their signing secrets here, since signing needs them:
-- whoever can read this database or a copy of it can sign in our name. Lists are JSON arrays.

create table channel (
  id bigint primary key, name text collate "C" not null, kind text collate "C" not null check (kind in ('webhook', 'wecom', 'dingtalk', 'feishu')),
  url text collate "C" not null, unit text collate "C", signing text collate "C" not null check (signing in ('none', 'hmac', 'ed25519')),
  secret text collate "C" not null, old_secret text collate "C", old_secret_until bigint,
  state text collate "C" not null check (state in ('active', 'paused', 'failing')), created_at bigint not null, deleted_at bigint,
  last_ok_at bigint, last_error text collate "C", failing_since bigint, failures bigint not null, rest_until bigint not null,
  window_start bigint not null, window_sent bigint not null
);
create table alert_rule (
  id bigint primary key, channel bigint not null references channel (id), name text collate "C" not null, units text collate "C" not null,
  grades text collate "C" not null, kinds text collate "C" not null, places text collate "C" not null, enabled bigint not null check (enabled in (0, 1)),
  created_at bigint not null
);
create table delivery (
  id bigint primary key, channel bigint not null references channel (id), cause text collate "C" not null, message text collate "C" not null,
  matter text collate "C" not null, kind text collate "C" not null, summary text collate "C" not null, payload text collate "C" not null,
  state text collate "C" not null check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts bigint not null, attempts_before bigint not null, created_at bigint not null, next_try_at bigint not null,
  leased_until bigint not null, sent_at bigint, last_status bigint, last_error text collate "C",
  unique (channel, cause)
);
create index delivery_due on delivery (next_try_at, id) where state = 'waiting';
create index delivery_in_order on delivery (channel, matter, id) where state = 'waiting';
create index delivery_by_matter on delivery (matter, id);
create index delivery_by_state on delivery (state, id);
create table delivery_try (
  delivery bigint not null references delivery (id), number bigint not null, at bigint not null, status bigint,
  millis bigint not null, error text collate "C", excerpt text collate "C", primary key (delivery, number)
);
create index commitment_open_by_due on commitment (due) where kept is null;

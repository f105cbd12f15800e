on conflict (source) do update set kind = excluded.kind, state = excluded.state, message = excluded.message,
  last_try_at = excluded.last_try_at, last_ok_at = coalesce(excluded.last_ok_at, source_state.last_ok_at),
  last_change_at = coalesce(excluded.last_change_at, source_state.last_change_at),
  accepted = source_state.accepted + excluded.accepted, repeated = source_state.repeated + excluded.repeated,
  refused = source_state.refused + excluded.refused,
  cursor = case when excluded.cursor = '' then source_state.cursor else excluded.cursor end

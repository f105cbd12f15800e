on conflict (name) do update set display_name = excluded.display_name, password_hash = excluded.password_hash,
  role = excluded.role, unit = excluded.unit, disabled_at = excluded.disabled_at

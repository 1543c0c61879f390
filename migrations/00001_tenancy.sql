-- Row-level security is the second wall: every query names its desk, and these
-- policies hold should one forget. The role guichet_app serves, owns nothing
-- and cannot bypass them; guichet_owner migrates. ENABLE and not FORCE: under
-- FORCE a data migration by the owner would touch no row and say nothing.

-- +goose Up
-- +goose StatementBegin
create function protect(t regclass) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', t);
  -- The bare expression, not a sub-select: it serves as an index condition.
  execute format('create policy desk on %s using (desk_id = nullif(current_setting(''app.desk_id'', true), '''')::uuid)'
    ' with check (desk_id = nullif(current_setting(''app.desk_id'', true), '''')::uuid)', t);
  -- No delete: what happened stays, and a verb that erases will say so.
  execute format('grant select, insert, update on %s to guichet_app', t);
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A customer's person reaches that customer's rows alone. "own" is the column
-- that names the customer, "also" what he may read, never write, beside his own.
create function protect_customer(t regclass, own name default 'customer_id', also text default 'false') returns void language plpgsql as $$
declare
  -- "case" and not "or": the planner takes "or" for a clause that one row in two
  -- hundred passes, and would rather sort a whole desk than walk an index.
  mine text := format($f$(case when nullif(current_setting('app.customer_id', true), '') is null then true
    else %I = nullif(current_setting('app.customer_id', true), '')::uuid end)$f$, own);
begin
  execute format('create policy customer_read on %s as restrictive for select using (%s or %s)', t, mine, also);
  execute format('create policy customer_add on %s as restrictive for insert with check (%s)', t, mine);
  execute format('create policy customer_change on %s as restrictive for update using (%s) with check (%s)', t, mine, mine);
  execute format('create policy customer_remove on %s as restrictive for delete using (%s)', t, mine);
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- What only the desk sees. A customer's act may write such rows (a decision, an
-- event), it can never read them.
create function protect_internal(t regclass, internal text) returns void language plpgsql as $$
begin
  execute format('create policy internal on %s as restrictive for select using ('
    'nullif(current_setting(''app.customer_id'', true), '''') is null or not (%s))', t, internal);
end $$;
-- +goose StatementEnd

-- +goose Down
drop function protect_internal(regclass, text);
drop function protect_customer(regclass, name, text);
drop function protect(regclass);

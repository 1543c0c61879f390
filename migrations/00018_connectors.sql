-- Interfaces at Microsoft that file and read requests by themselves, where a
-- partner's plan lets them.

-- +goose Up
create table connectors (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  kind text not null check (kind in ('azure_support', 'partner_center')),
  enabled boolean not null,
  settings jsonb not null,          -- tenant, application, and since when its secrets are kept
  secret bytea not null,            -- sealed; empty: none
  checked_at timestamptz,           -- when it was last tried
  heard_at timestamptz,             -- when it last answered as asked
  trouble text not null default '', -- why it does not
  detail text not null default '',  -- their words, for people who mend it
  plan text not null default '',    -- the support plan, as the newest request there tells it
  next_at timestamptz,              -- not asked again before
  failures integer not null default 0,
  revision integer not null default 1,
  changed_at timestamptz not null,
  changed_by uuid,
  primary key (desk_id, kind),
  foreign key (desk_id, changed_by) references people (desk_id, id)
);
select protect('connectors');
create policy customer on connectors as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
-- Whoever files a request by a connector does so in the desk's name; the secrets
-- and the switch are the desk's own people's.
select protect_subcontractor('connectors', 'false');

-- +goose Down
drop table connectors;

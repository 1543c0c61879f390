-- Where a desk hands requests on, and the support contracts that it does so by.

-- +goose Up
-- Immutable versions of what the desk goes by; a desk without one goes by what is
-- shipped.
create table handovers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  version integer not null check (version > 0),
  policy jsonb not null,
  approval text not null check (approval in ('never', 'severe', 'always')),
  contact jsonb not null,
  providers jsonb not null,
  publishers jsonb not null,
  act text not null,
  note text not null,
  person_id uuid not null,
  restored_from integer, -- the version that this one brought back
  created_at timestamptz not null,
  primary key (desk_id, version),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('handovers');
create policy customer on handovers as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('handovers', 'true', 'false'); -- who escalates must know where to
revoke update on handovers from guichet_app;

create table partner_plans (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  kind text not null,
  name text not null,
  access_id text not null,
  contract bytea not null, -- sealed; empty: none
  expires date,            -- the last day
  remaining integer check (remaining >= 0),
  families text[] not null,
  languages text[] not null,
  active boolean not null,
  revision integer not null default 1,
  created_at timestamptz not null,
  primary key (desk_id, id)
);
create unique index partner_plans_name on partner_plans (desk_id, lower(name));
select protect('partner_plans');
create policy customer on partner_plans as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('partner_plans', 'true', 'false');

-- +goose Down
drop table partner_plans;
drop table handovers;

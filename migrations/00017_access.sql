-- What the partner may do in a customer's tenant: delegated relationships as
-- Microsoft tells them or as somebody typed them in, what else is known of a
-- customer, the reading of the partner's own tenant, and who was warned.

-- +goose Up
create table access_relationships (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  customer_id uuid not null,
  code text not null default '',   -- Microsoft's id, guid-guid; '' for one typed in without it
  name text not null,
  status text not null,
  roles text[],                    -- template ids; null: nobody told
  groups jsonb,                    -- the partner's groups with their roles; null: nobody told
  activated_at timestamptz,
  ends_at timestamptz,
  auto_extend boolean not null,
  source text not null check (source in ('graph', 'hand', 'csv')),
  etag text not null default '',
  groups_at timestamptz,           -- when its groups were last read
  gone_at timestamptz,             -- when Microsoft no longer listed it
  told_at timestamptz not null,    -- when it was last read or typed in
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create unique index access_relationships_code on access_relationships (desk_id, lower(code)) where code <> '';
create index access_relationships_customer on access_relationships (desk_id, customer_id);
create index access_relationships_ends on access_relationships (desk_id, ends_at) where ends_at is not null;
select protect('access_relationships');
create policy customer on access_relationships as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('access_relationships', customer_given('customer_id'), 'false');
grant delete on access_relationships to guichet_app; -- one typed in by mistake

-- What no relationship tells: one row a customer of whom somebody said so.
create table access_facts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  customer_id uuid not null,
  azure_role text not null check (azure_role in ('unknown', 'none', 'support_request_contributor', 'contributor', 'owner')),
  reseller text not null check (reseller in ('unknown', 'yes', 'no')),
  entra_premium text not null check (entra_premium in ('unknown', 'yes', 'no')),
  told_at timestamptz not null,
  person_id uuid,
  primary key (desk_id, customer_id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('access_facts');
create policy customer on access_facts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('access_facts', customer_given('customer_id'), 'false');

-- The reading of the partner's own tenant: one row a desk that ever wanted it.
create table access_readers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  tenant text not null,
  state text not null check (state in ('asked', 'connected', 'lost', 'off')),
  consented_at timestamptz,
  consented_by uuid,
  polled_at timestamptz,
  heard_at timestamptz,
  next_at timestamptz,
  failures integer not null default 0,
  problem text not null default '',
  detail text not null default '',
  hour_at timestamptz,
  calls integer not null default 0,
  whole_at timestamptz,
  refused jsonb not null default '[]',
  strangers integer not null default 0, -- relationships with companies that are no customers here
  created_at timestamptz not null,
  primary key (desk_id),
  foreign key (desk_id, consented_by) references people (desk_id, id)
);
select protect('access_readers');
create policy customer on access_readers as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('access_readers', 'true', 'false');

-- A consent that somebody asked for; who comes back must bring its state.
create table access_asks (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  state_hash bytea not null,
  person_id uuid not null,
  session text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (desk_id, state_hash),
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade
);
select protect('access_asks');
create policy customer on access_asks as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('access_asks', 'false');
grant delete on access_asks to guichet_app; -- once it can come back no more

-- Of which end the desk was warned, once for each number of days. An end that
-- moves is another one.
create table access_warnings (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  relationship_id uuid not null,
  ends_at timestamptz not null,
  days smallint not null check (days in (30, 7, 1)),
  round uuid not null,             -- what one letter tells
  warned_at timestamptz not null,
  primary key (desk_id, relationship_id, ends_at, days),
  foreign key (desk_id, relationship_id) references access_relationships (desk_id, id) on delete cascade
);
create index access_warnings_round on access_warnings (desk_id, round);
select protect('access_warnings');
create policy customer on access_warnings as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('access_warnings', 'false');

-- +goose Down
drop table access_warnings;
drop table access_asks;
drop table access_readers;
drop table access_facts;
drop table access_relationships;

-- What a desk offers, in versions, and what it promised on each ticket.

-- +goose Up
-- A version is immutable: what was promised on the day of a ticket can be shown later.
create table offers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  version integer not null,
  content jsonb not null,
  note text not null default '',
  person_id uuid,
  restored_from integer,
  created_at timestamptz not null,
  primary key (desk_id, version),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('offers');
revoke update, delete on offers from guichet_app;
-- The offer is public; a customer's act reads it and cannot write any.
create policy customer_add on offers as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);

-- A desk has one draft. The revision grows with each change, so that of two
-- people who edit at once the second is told.
create table offer_drafts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  based_on integer not null,
  revision integer not null,
  content jsonb not null,
  person_id uuid not null,
  updated_at timestamptz not null,
  primary key (desk_id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('offer_drafts');
create policy customer on offer_drafts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on offer_drafts to guichet_app; -- a draft that is published or given up is gone

-- Which support type a customer, or one of his contracts, has and from when to
-- when; the days are the desk's.
create table agreements (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  customer_id uuid not null,
  name text not null default '',          -- of the contract
  support_type text not null,
  services text[] not null default '{}',  -- none: all
  users integer not null default 0,       -- billed by the month where the type is
  starts date not null,
  ends date,                              -- the last day
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  check (ends is null or ends >= starts)
);
create index agreements_customer on agreements (desk_id, customer_id, starts desc, id);
select protect('agreements');
select protect_customer('agreements');
-- He reads his own and writes none.
create policy customer_writes_none on agreements as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_changes_none on agreements as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on agreements to guichet_app; -- one that was entered by mistake

alter table tickets
  add offer integer not null default 0,          -- the version on the day it came
  add support_type text not null default '',
  add promises jsonb not null default '[]',
  add warn_at timestamptz;                       -- when somebody must be told next
update tickets set promises = jsonb_build_array(jsonb_build_object('clock', clock, 'offer', 0, 'type', '', 'began', due_from, 'from', due_from, 'due', due_at))
  where clock <> '' and due_at is not null;
-- The clocks that ring are found over all desks at once; the function below
-- tells which desks have some, and nothing else.
create index tickets_warn on tickets (warn_at) where warn_at is not null;
create index tickets_warn_desk on tickets (desk_id, warn_at, id) where warn_at is not null;
-- Open tickets whose clocks may be reckoned anew, however many have ended.
create index tickets_open on tickets (desk_id, id) where state not in ('resolved', 'closed');

-- +goose StatementBegin
create function desks_to_warn(at timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct desk_id from (select desk_id from tickets where warn_at <= at order by warn_at limit 10000) ringing limit most
$$;
-- +goose StatementEnd
revoke all on function desks_to_warn(timestamptz, integer) from public;
grant execute on function desks_to_warn(timestamptz, integer) to guichet_app;

-- A promise that has ended: what attainment is reckoned from.
create table kept_promises (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  clock text not null,
  support_type text not null,
  offer integer not null,
  impact text not null,
  target integer not null,   -- minutes of open time; 0: it only counted
  spent integer not null,    -- seconds; of open time where there is a target
  ending text not null check (ending in ('met', 'missed', 'dropped', 'counted')),
  began_at timestamptz not null,
  ended_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade
);
create index kept_promises_ended on kept_promises (desk_id, ended_at, id);
select protect('kept_promises');
select protect_customer('kept_promises');

-- The price that a customer accepted with his request.
create table acceptances (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  ticket_id uuid not null,
  customer_id uuid not null,
  person_id uuid not null,
  offer integer not null,
  support_type text not null,
  quote jsonb not null,
  created_at timestamptz not null,
  primary key (desk_id, ticket_id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('acceptances');
select protect_customer('acceptances');
revoke update on acceptances from guichet_app; -- what was accepted stays

-- Reckoning all open clocks anew after the offer or an agreement changed.
create table recalculations (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  person_id uuid,
  reason text not null check (reason in ('offer', 'agreement')),
  customer_id uuid, -- null: all
  total integer not null default 0,
  done integer not null default 0,
  changed integer not null default 0,
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  created_at timestamptz not null,
  began_at timestamptz,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index recalculations_newest on recalculations (desk_id, created_at desc, id desc);
select protect('recalculations');
create policy customer on recalculations as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

-- A subcontractor's people work by the offer and by what their customers agreed
-- on, and change neither.
select protect_subcontractor('offers', 'true', 'false');
select protect_subcontractor('offer_drafts', 'false');
select protect_subcontractor('agreements', customer_given('customer_id'), 'false');
select protect_subcontractor('kept_promises');
select protect_subcontractor('acceptances');
select protect_subcontractor('recalculations', 'false');

-- Hours are part of the offer now.
alter table desks drop column hours;

-- +goose Down
alter table desks add hours jsonb not null default '{"zone": "UTC", "weekly": {}}';
drop table recalculations;
drop table acceptances;
drop table kept_promises;
drop function desks_to_warn(timestamptz, integer);
alter table tickets drop column offer, drop column support_type, drop column promises, drop column warn_at;
drop table agreements;
drop table offer_drafts;
drop table offers;

-- What Microsoft has published, and what the desk recorded by hand: gathered for
-- each customer's tenant, stored once a desk, with who is touched.

-- +goose Up
-- A customer's tenant that lets the portal read its service health. One row a
-- customer that was ever asked.
create table connections (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  customer_id uuid not null,
  tenant text not null,    -- that was asked: a customer's may change
  state text not null check (state in ('asked', 'connected', 'lost', 'off')),
  consented_at timestamptz,
  consented_by uuid,
  polled_at timestamptz,   -- the last try
  heard_at timestamptz,    -- the last that was answered whole
  next_at timestamptz,     -- null: not before somebody acts
  failures integer not null default 0,
  problem text not null default '',  -- a key: what is wrong
  detail text not null default '',   -- what the other side said
  hour_at timestamptz,     -- the hour whose calls are counted
  calls integer not null default 0,
  whole_at timestamptz,    -- when all was read, not only what had changed
  refused jsonb not null default '[]', -- entries of replies that were not taken, the newest first
  created_at timestamptz not null,
  primary key (desk_id, customer_id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, consented_by) references people (desk_id, id)
);
create index connections_due on connections (next_at) where next_at is not null;
create index connections_due_desk on connections (desk_id, next_at, customer_id) where next_at is not null;
create index connections_lost on connections (desk_id, customer_id) where state = 'lost';
select protect('connections');
create policy customer on connections as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('connections', 'false');

-- Desks whose connections are due, over all desks: their ids and nothing else.
-- +goose StatementBegin
create function desks_to_poll(at timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct desk_id from (select desk_id from connections where next_at <= at order by next_at limit 10000) due limit most
$$;
-- +goose StatementEnd
revoke all on function desks_to_poll(timestamptz, integer) from public;
grant execute on function desks_to_poll(timestamptz, integer) to guichet_app;

-- Whether another desk, too, says that a tenant is its customer's. Consent is given
-- to the portal, not to a desk, and the browser that brings it proves nothing: who
-- merely enters a stranger's tenant must not read what it told another desk.
create index customers_by_tenant on customers (tenant) where tenant <> '';
-- +goose StatementBegin
create function tenant_contested(named text) returns boolean
language sql stable security definer set search_path = public, pg_temp as $$
  select exists (select from customers where tenant = named and active and desk_id <> nullif(current_setting('app.desk_id', true), '')::uuid)
$$;
-- +goose StatementEnd
revoke all on function tenant_contested(text) from public;
grant execute on function tenant_contested(text) to guichet_app;

-- What is published for everyone and needs no customer's consent: one row a desk
-- that has switched it on or off or was ever told any.
create table public_feeds (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  wanted boolean not null,
  polled_at timestamptz,
  heard_at timestamptz,
  problem text not null default '',
  detail text not null default '',
  refused jsonb not null default '[]',
  primary key (desk_id)
);
select protect('public_feeds');
create policy customer on public_feeds as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('public_feeds', 'false');

-- A consent that was asked for: what comes back must bring the state, within the
-- session that asked.
create table consent_asks (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  state_hash bytea not null,
  customer_id uuid not null,
  person_id uuid not null,
  session text not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  primary key (desk_id, state_hash),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade
);
select protect('consent_asks');
create policy customer on consent_asks as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('consent_asks', 'false');
grant delete on consent_asks to guichet_app; -- once it can come back no more

-- Azure subscriptions of a connected customer whose health is read.
create table watched_subscriptions (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  customer_id uuid not null,
  subscription uuid not null,
  name text not null default '',
  active boolean not null default true,
  heard_at timestamptz,
  problem text not null default '',
  detail text not null default '',
  created_at timestamptz not null,
  primary key (desk_id, customer_id, subscription),
  foreign key (desk_id, customer_id) references connections (desk_id, customer_id)
);
select protect('watched_subscriptions');
create policy customer on watched_subscriptions as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('watched_subscriptions', 'false');

-- Services of a customer's tenant, as its last health overview tells.
create table service_states (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  customer_id uuid not null,
  service text not null,
  status text not null,
  heard_at timestamptz not null,
  primary key (desk_id, customer_id, service),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
select protect('service_states');
select protect_customer('service_states');
select protect_subcontractor('service_states', customer_given('customer_id'), 'false');
grant delete on service_states to guichet_app; -- a service that the tenant no longer has

create table issues (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  source text not null check (source in ('graph', 'azure', 'hand')),
  kind text not null check (kind in ('issue', 'message')),
  code text not null,
  title text not null,
  service text not null,
  feature text not null default '',
  classification text not null default '',
  status text not null default '',
  origin text not null default '',
  severity text not null default '',
  impact text not null default '',
  places text[] not null default '{}',
  everyone boolean not null default false, -- touches all customers of the desk
  public boolean not null default false,   -- told to visitors of the desk's page
  over boolean not null default false,
  started_at timestamptz not null,
  ended_at timestamptz,
  changed_at timestamptz not null,         -- by the publisher's clock
  next_at timestamptz,                     -- when the publisher says more
  words jsonb not null default '{}',       -- the partner's own, by language
  said_at timestamptz,                     -- when the partner last changed them
  word_at timestamptz,                     -- when the partner says more
  author_id uuid,
  digest bytea not null default '',        -- of all that was published of it
  first_seen_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, author_id) references people (desk_id, id),
  check (not over or ended_at is not null)
);
create unique index issues_code on issues (desk_id, source, code);
-- What is matched and shown is open; what has ended is history.
create index issues_open on issues (desk_id, started_at desc, id desc) where not over and kind = 'issue';
create index issues_over on issues (desk_id, ended_at desc, id desc) where over and kind = 'issue';
create index issues_over_service on issues (desk_id, service, ended_at desc, id desc) where over and kind = 'issue';
create index issues_messages on issues (desk_id, changed_at desc, id desc) where kind = 'message';
select protect('issues');

create table issue_customers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  issue_id uuid not null,
  customer_id uuid not null,
  first_seen_at timestamptz not null,
  seen_at timestamptz not null,
  primary key (desk_id, issue_id, customer_id),
  foreign key (desk_id, issue_id) references issues (desk_id, id) on delete cascade,
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create index issue_customers_customer on issue_customers (desk_id, customer_id, issue_id);
select protect('issue_customers');
select protect_customer('issue_customers');
select protect_subcontractor('issue_customers', customer_given('customer_id'), 'false');
grant delete on issue_customers to guichet_app; -- an agent chose too many
create policy customer_removes_none on issue_customers as restrictive for delete using (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_writes_none on issue_customers as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_changes_none on issue_customers as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);

-- Whether an issue touches somebody whom the reader's scope reaches. In plpgsql
-- for the reason ticket_in_sight is.
-- +goose StatementBegin
create function issue_in_sight(of_desk uuid, issue uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.issue_customers c where c.desk_id = of_desk and c.issue_id = issue);
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A customer's person reads the rows of which "sees" is true, and writes none.
create function protect_sight(t regclass, sees text) returns void language plpgsql as $$
begin
  execute format('create policy customer_read on %s as restrictive for select using '
    '(case when nullif(current_setting(''app.customer_id'', true), '''') is null then true else (%s) end)', t, sees);
  execute format('create policy customer_add on %s as restrictive for insert with check (nullif(current_setting(''app.customer_id'', true), '''') is null)', t);
  execute format('create policy customer_change on %s as restrictive for update using (nullif(current_setting(''app.customer_id'', true), '''') is null)', t);
  execute format('create policy customer_remove on %s as restrictive for delete using (nullif(current_setting(''app.customer_id'', true), '''') is null)', t);
end $$;
-- +goose StatementEnd

select protect_sight('issues', 'everyone or issue_in_sight(desk_id, id)');
select protect_subcontractor('issues', 'everyone or issue_in_sight(desk_id, id)', 'false');

-- What the publisher said, each piece once, whatever it says later.
create table issue_posts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  issue_id uuid not null,
  posted_at timestamptz not null,
  digest bytea not null,
  kind text not null default '',
  body text not null,       -- plain text
  parts jsonb not null,     -- its labelled parts
  seen_at timestamptz not null,
  primary key (desk_id, issue_id, posted_at, digest),
  foreign key (desk_id, issue_id) references issues (desk_id, id) on delete cascade
);
select protect('issue_posts');
-- +goose StatementBegin
create function issue_readable(of_desk uuid, issue uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.issues i where i.desk_id = of_desk and i.id = issue);
end $$;
-- +goose StatementEnd
select protect_sight('issue_posts', 'issue_readable(desk_id, issue_id)');
select protect_subcontractor('issue_posts', 'issue_readable(desk_id, issue_id)', 'false');

-- What somebody read on Microsoft's public status page and passes on by hand.
create table health_notes (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  fr text not null default '',
  en text not null default '',
  person_id uuid not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create unique index health_notes_one on health_notes (desk_id) where ended_at is null;
select protect('health_notes');
select protect_sight('health_notes', 'true');
select protect_subcontractor('health_notes', 'true', 'false');

-- Which issue covers a ticket, or may.
create table ticket_issues (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  ticket_id uuid not null,
  issue_id uuid not null,
  customer_id uuid not null,
  state text not null check (state in ('proposed', 'attached', 'refused', 'detached', 'persists')),
  score smallint not null,              -- percent
  reasons jsonb not null default '[]',
  by text not null check (by in ('rules', 'person', 'customer')),
  person_id uuid,
  told_at timestamptz,                  -- the last news of the issue that the customer was told
  asked_at timestamptz,                 -- when he was asked whether it works again
  works boolean,                        -- what he answered
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (desk_id, ticket_id, issue_id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, issue_id) references issues (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
-- A ticket has one cause at a time.
create unique index ticket_issues_one on ticket_issues (desk_id, ticket_id) where state = 'attached';
create index ticket_issues_issue on ticket_issues (desk_id, issue_id, state, ticket_id);
select protect('ticket_issues');
select protect_customer('ticket_issues');
select protect_internal('ticket_issues', $$state in ('proposed', 'refused')$$);
select protect_subcontractor('ticket_issues');

-- +goose Down
drop table ticket_issues;
drop table health_notes;
drop table issue_posts;
drop function issue_readable(uuid, uuid);
drop table issue_customers cascade;
drop table issues;
drop function protect_sight(regclass, text);
drop function issue_in_sight(uuid, uuid);
drop table service_states;
drop table watched_subscriptions;
drop table consent_asks;
drop table public_feeds;
drop function desks_to_poll(timestamptz, integer);
drop function tenant_contested(text);
drop index customers_by_tenant;
drop table connections;

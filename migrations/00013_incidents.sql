-- Problems that several customers share, as their own tickets tell before anybody
-- has published anything.

-- +goose Up
-- What the customers whom it touches may read. The desk's own file is beside it.
create table incidents (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  number bigint not null,
  kind text not null check (kind in ('regional_multitenant', 'network_outage')),
  service text not null,
  region text not null default '',
  state text not null check (state in ('proposed', 'open', 'mitigated', 'closed', 'dismissed', 'merged')),
  public boolean not null default false,
  words jsonb not null default '{}', -- for customers, by language
  said_at timestamptz,
  next_at timestamptz,               -- when the desk says more
  started_at timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id)
);
create unique index incidents_number on incidents (desk_id, number);
create index incidents_open on incidents (desk_id, started_at desc, id) where state in ('proposed', 'open', 'mitigated');
create index incidents_over on incidents (desk_id, ended_at desc, id) where state in ('closed', 'dismissed', 'merged');
select protect('incidents');

create table incident_tickets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  incident_id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  state text not null check (state in ('joined', 'left')),
  by text not null check (by in ('rules', 'person', 'customer')),
  person_id uuid,
  joined_at timestamptz not null,
  changed_at timestamptz not null,
  settled_at timestamptz,            -- when the ticket was last brought into line; null: it is to be
  primary key (desk_id, incident_id, ticket_id),
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create unique index incident_tickets_one on incident_tickets (desk_id, ticket_id) where state = 'joined';
create index incident_tickets_customer on incident_tickets (desk_id, customer_id, incident_id) where state = 'joined';
create index incident_tickets_ticket on incident_tickets (desk_id, ticket_id);
create index incident_tickets_unsettled on incident_tickets (desk_id, incident_id, ticket_id) where settled_at is null;
select protect('incident_tickets');
select protect_customer('incident_tickets');
select protect_subcontractor('incident_tickets', 'ticket_in_sight(desk_id, ticket_id)', 'false');

-- +goose StatementBegin
create function incident_in_sight(of_desk uuid, incident uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.incident_tickets t where t.desk_id = of_desk and t.incident_id = incident and t.state = 'joined');
end $$;
-- +goose StatementEnd
-- A proposal is not yet anybody's business but the desk's. What the desk made
-- public is everybody's.
select protect_sight('incidents', $$state in ('open', 'mitigated', 'closed') and (public or incident_in_sight(desk_id, id))$$);
select protect_subcontractor('incidents', 'incident_in_sight(desk_id, id)', 'false');

-- A customer's person joins what he may read, and nothing whose id he guessed.
-- +goose StatementBegin
create function incident_readable(of_desk uuid, incident uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.incidents i where i.desk_id = of_desk and i.id = incident);
end $$;
-- +goose StatementEnd
create policy customer_joins on incident_tickets as restrictive for insert with check
  (case when nullif(current_setting('app.customer_id', true), '') is null then true else incident_readable(desk_id, incident_id) end);

-- The desk's file of an incident.
create table incident_files (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  incident_id uuid not null,
  title text not null,
  evidence jsonb not null default '{}', -- what detection saw
  opened_by uuid,                       -- null: detection
  summary text not null default '',
  reason text not null default '',      -- why it was dismissed or merged
  merged_into uuid,
  request text not null default '',     -- the number of the request at Microsoft: one for all its tickets
  requested_at timestamptz,
  requested_by uuid,
  revision integer not null default 1,
  changed_at timestamptz not null,
  primary key (desk_id, incident_id),
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, merged_into) references incidents (desk_id, id),
  foreign key (desk_id, opened_by) references people (desk_id, id),
  foreign key (desk_id, requested_by) references people (desk_id, id)
);
-- One request is of one incident.
create unique index incident_files_request on incident_files (desk_id, request) where request <> '';
select protect('incident_files');
create policy customer on incident_files as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('incident_files', 'false');

create table incident_issues (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  incident_id uuid not null,
  issue_id uuid not null,
  person_id uuid,
  created_at timestamptz not null,
  primary key (desk_id, incident_id, issue_id),
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, issue_id) references issues (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index incident_issues_issue on incident_issues (desk_id, issue_id);
select protect('incident_issues');
create policy customer on incident_issues as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('incident_issues', 'false');
grant delete on incident_issues to guichet_app; -- linked by mistake

-- What happened to an incident, for its time line.
create table incident_events (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  incident_id uuid not null,
  person_id uuid,
  kind text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index incident_events_incident on incident_events (desk_id, incident_id, created_at, id);
select protect('incident_events');
create policy customer on incident_events as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('incident_events', 'false');

-- One word to all tickets of an issue or an incident, sent as a job.
create table announcements (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  issue_id uuid,
  incident_id uuid,
  person_id uuid not null,
  texts jsonb not null,     -- by language
  state text not null check (state in ('waiting', 'running', 'done', 'failed')),
  total integer not null default 0,
  done integer not null default 0,
  skipped integer not null default 0, -- ended or left meanwhile
  key uuid,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, issue_id) references issues (desk_id, id),
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  check ((issue_id is null) <> (incident_id is null))
);
create index announcements_issue on announcements (desk_id, issue_id, created_at) where issue_id is not null;
create index announcements_incident on announcements (desk_id, incident_id, created_at) where incident_id is not null;
create unique index announcements_key on announcements (desk_id, person_id, key) where key is not null;
select protect('announcements');
create policy customer on announcements as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('announcements', 'false');

-- How many customers usually complain, by service, place and hour of the week.
create table usual_complaints (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  service text not null,
  region text not null,
  hour smallint not null check (hour between 0 and 167), -- of the week, from Monday 0 h, in the desk's zone
  customers integer not null,                            -- over all weeks counted
  weeks smallint not null,
  primary key (desk_id, service, region, hour)
);
select protect('usual_complaints');
create policy customer on usual_complaints as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('usual_complaints', 'false');
grant delete on usual_complaints to guichet_app; -- counted anew

-- How far a desk's tickets were looked through for incidents. Its row is also
-- what two that open an incident at once queue for, so that one is seen by the
-- other.
create table watches (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  incidents bigint not null default 0, -- the last number given
  watched_at timestamptz,
  counted_at timestamptz,              -- when what is usual was last counted
  customers integer not null default 0, -- active ones, then
  primary key (desk_id)
);
select protect('watches');
create policy customer on watches as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('watches', 'false');

-- Desks at which a ticket has come since an instant: their ids and nothing else.
-- +goose StatementBegin
create function desks_to_watch(since timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select d.id from desks d where exists (select from tickets t where t.desk_id = d.id and t.created_at >= desks_to_watch.since) limit most
$$;
-- +goose StatementEnd
revoke all on function desks_to_watch(timestamptz, integer) from public;
grant execute on function desks_to_watch(timestamptz, integer) to guichet_app;

-- An incident decides of its tickets, in the name of whoever opened it.
alter table decisions drop constraint decisions_by_check, add check (by in ('rules', 'person', 'incident'));

-- +goose Down
update decisions set by = 'person' where by = 'incident';
alter table decisions drop constraint decisions_by_check, add check (by in ('rules', 'person'));
drop function desks_to_watch(timestamptz, integer);
drop table watches;
drop table usual_complaints;
drop table announcements;
drop table incident_events;
drop table incident_issues;
drop table incident_files;
drop table incident_tickets cascade;
drop table incidents;
drop function incident_readable(uuid, uuid);
drop function incident_in_sight(uuid, uuid);

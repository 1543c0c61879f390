-- Requests handed on: to Microsoft, to the indirect provider, to whoever must act.
-- A customer never reads one: what he hears of it the desk writes on his ticket.

-- +goose Up
alter table tickets drop constraint tickets_state_check,
  add constraint tickets_state_check check (state in ('new', 'open', 'waiting_customer', 'waiting_microsoft', 'waiting_third_party', 'resolved', 'closed'));

alter table watches add column escalations bigint not null default 0; -- the last number given

create table escalations (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  number bigint not null,
  ticket_id uuid not null,             -- the one that it was begun on; others join it
  customer_id uuid not null,
  incident_id uuid,                    -- whose one request this is
  workload text not null,
  target text not null check (target in ('microsoft', 'provider', 'publisher', 'msrc', 'other_partner', 'nobody')),
  portal text not null default '',
  route jsonb not null,                -- the way that was worked out, and who chose another and why
  plan jsonb not null default '{}',    -- the partner's plan as it was taken
  severity text not null default '' check (severity in ('', 'A', 'B', 'C')),
  state text not null check (state in ('preparing', 'approval', 'ready', 'filed', 'waits_us', 'waits_customer', 'mitigated', 'ended')),
  ending text not null default '' check (ending in ('', 'solved', 'unsolved', 'returned', 'withdrawn')),
  reason text not null default '',     -- why it was begun against the decision
  ended_why text not null default '',
  request text not null default '',    -- their number: digits, and text, since one may begin with a zero
  remote jsonb not null default '{}',  -- how a connector finds it
  answers jsonb not null default '{}', -- what people typed into the dossier
  clearance jsonb not null default '{}',
  prepared_by uuid not null,
  filed_by uuid,
  filed_at timestamptz,
  reply_due_at timestamptz,            -- when they promised to answer first
  replied_at timestamptz,
  mitigated_at timestamptz,
  ended_at timestamptz,
  due_at timestamptz,                  -- by when whoever owes something owes it
  reminded_at timestamptz,             -- when somebody was told that due_at has passed
  credit jsonb not null default '{}',  -- what may be claimed for the outage
  revision integer not null default 1,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  -- What nobody owes by a given time comes last; never null, so a keyset can pass it.
  queue_at timestamptz not null generated always as (coalesce(due_at, 'infinity'::timestamptz)) stored,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, incident_id) references incidents (desk_id, id),
  foreign key (desk_id, prepared_by) references people (desk_id, id),
  foreign key (desk_id, filed_by) references people (desk_id, id),
  check ((ended_at is null) = (state <> 'ended')),
  check ((ending = '') = (state <> 'ended'))
);
create unique index escalations_number on escalations (desk_id, number);
-- A number of theirs is one request, whoever's ticket it was typed on.
create unique index escalations_request on escalations (desk_id, request) where request <> '';
create index escalations_live on escalations (desk_id, queue_at, id) where ended_at is null;
create index escalations_over on escalations (desk_id, ended_at desc, id desc) where ended_at is not null;
create index escalations_customer on escalations (desk_id, customer_id, created_at desc, id desc);
create unique index escalations_incident on escalations (desk_id, incident_id) where incident_id is not null and ended_at is null;
create index escalations_due on escalations (due_at) where ended_at is null and due_at is not null;
select protect('escalations');
create policy customer on escalations as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('escalations');

-- +goose StatementBegin
create function escalation_in_sight(of_desk uuid, escalation uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.escalations e where e.desk_id = of_desk and e.id = escalation);
end $$;
-- +goose StatementEnd

-- One request serves many tickets; a ticket waits on one request at a time.
create table escalation_tickets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  escalation_id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  live boolean not null,               -- false once it left, or the escalation ended
  person_id uuid,
  joined_at timestamptz not null,
  left_at timestamptz,
  primary key (desk_id, escalation_id, ticket_id),
  foreign key (desk_id, escalation_id) references escalations (desk_id, id) on delete cascade,
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create unique index escalation_tickets_live on escalation_tickets (desk_id, ticket_id) where live;
create index escalation_tickets_ticket on escalation_tickets (desk_id, ticket_id, joined_at desc);
select protect('escalation_tickets');
create policy customer on escalation_tickets as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('escalation_tickets', 'ticket_in_sight(desk_id, ticket_id) and escalation_in_sight(desk_id, escalation_id)');

-- What was said between them and the desk, as a record.
create table escalation_entries (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  escalation_id uuid not null,
  side text not null check (side in ('them', 'us')),
  source text not null check (source in ('person', 'azure_support', 'partner_center', 'handoff', 'mail')),
  remote text not null default '',     -- its name at the source, so that it is taken once
  person_id uuid,                      -- who entered or wrote it
  author text not null default '',     -- of theirs
  body text not null,
  at timestamptz not null,             -- when it was said
  relay text not null default '' check (relay in ('', 'sent', 'needless')),
  relayed_by uuid,
  relayed_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, escalation_id) references escalations (desk_id, id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, relayed_by) references people (desk_id, id)
);
create index escalation_entries_story on escalation_entries (desk_id, escalation_id, at, id);
create unique index escalation_entries_remote on escalation_entries (desk_id, escalation_id, source, remote) where remote <> '';
select protect('escalation_entries');
create policy customer on escalation_entries as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('escalation_entries', 'escalation_in_sight(desk_id, escalation_id)');

create table escalation_events (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  escalation_id uuid not null,
  person_id uuid,
  kind text not null,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, escalation_id) references escalations (desk_id, id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index escalation_events_story on escalation_events (desk_id, escalation_id, created_at, id);
select protect('escalation_events');
create policy customer on escalation_events as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('escalation_events', 'escalation_in_sight(desk_id, escalation_id)');

-- +goose Down
drop table escalation_events;
drop table escalation_entries;
drop table escalation_tickets;
drop function escalation_in_sight(uuid, uuid);
drop table escalations;
alter table watches drop column escalations;
alter table tickets drop constraint tickets_state_check,
  add constraint tickets_state_check check (state in ('new', 'open', 'waiting_customer', 'waiting_microsoft', 'resolved', 'closed'));

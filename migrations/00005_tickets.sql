-- +goose Up
create table rulesets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  version integer not null,
  rules jsonb not null,
  person_id uuid,
  created_at timestamptz not null,
  primary key (desk_id, version),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('rulesets');
revoke update, delete on rulesets from guichet_app; -- a version is immutable
-- A customer's own submission is judged by the rules; it cannot write any.
create policy customer_add on rulesets as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);

-- The desk is held by the customer, and by the ticket in all that belongs to one.
-- A key to desks besides would have everybody who submits lock that one row.
create table tickets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  number bigint not null,
  customer_id uuid not null,
  requester_id uuid not null,
  assignee_id uuid,
  kind text not null,
  subject text not null,
  service text not null,
  region text not null default '',
  affected text not null,
  impact text not null,
  since timestamptz,
  language text not null default '',
  state text not null check (state in ('new', 'open', 'waiting_customer', 'waiting_microsoft', 'resolved', 'closed')),
  priority smallint not null check (priority between 1 and 4),
  outcome text not null default '',
  category text not null default '',
  confirmed boolean not null default false,
  clock text not null default '',
  due_from timestamptz,
  due_at timestamptz,
  replied_at timestamptz,
  last_at timestamptz not null,
  last_side text not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  -- What is not due sorts after all that is; never null, so a keyset can pass it.
  queue_at timestamptz not null generated always as (coalesce(due_at, 'infinity'::timestamptz)) stored,
  primary key (desk_id, id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, requester_id) references people (desk_id, id),
  foreign key (desk_id, assignee_id) references people (desk_id, id)
);
-- What hangs on a ticket names its customer too, and cannot name another.
create unique index tickets_of_customer on tickets (desk_id, id, customer_id);
create unique index tickets_number on tickets (desk_id, number);
-- The queue reads open tickets only, however many have ended.
create index tickets_queue on tickets (desk_id, queue_at, id) where state not in ('resolved', 'closed');
create index tickets_queue_assignee on tickets (desk_id, assignee_id, queue_at, id) where state not in ('resolved', 'closed');
create index tickets_queue_state on tickets (desk_id, state, queue_at, id) where state not in ('resolved', 'closed');
create index tickets_active on tickets (desk_id, last_at desc, id desc) where state not in ('resolved', 'closed');
create index tickets_ended on tickets (desk_id, last_at desc, id desc) where state in ('resolved', 'closed');
-- So do a customer's lists, unless they ask for all.
create index tickets_customer_open on tickets (desk_id, customer_id, last_at desc, id desc) where state not in ('resolved', 'closed');
create index tickets_requester_open on tickets (desk_id, requester_id, last_at desc, id desc) where state not in ('resolved', 'closed');
create index tickets_customer on tickets (desk_id, customer_id, last_at desc, id desc);
create index tickets_requester on tickets (desk_id, requester_id, last_at desc, id desc);
create index tickets_service on tickets (desk_id, service, created_at) where state not in ('resolved', 'closed');
select protect('tickets');
select protect_customer('tickets');

create table followers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  ticket_id uuid not null,
  person_id uuid not null,
  customer_id uuid not null,
  primary key (desk_id, ticket_id, person_id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade
);
create index followers_person on followers (desk_id, person_id, ticket_id);
select protect('followers');
select protect_customer('followers');

create table messages (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  author_id uuid not null,
  side text not null check (side in ('customer', 'desk')),
  internal boolean not null default false,
  body text not null,
  key uuid,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, author_id) references people (desk_id, id)
);
create index messages_ticket on messages (desk_id, ticket_id, created_at, id);
-- One form sends one message: the second press of a button finds the first.
create unique index messages_key on messages (desk_id, author_id, key) where key is not null;
select protect('messages');
select protect_customer('messages');
select protect_internal('messages', 'internal');

create table findings (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  author_id uuid not null,
  kind text not null,
  result text not null,
  text text not null,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, author_id) references people (desk_id, id)
);
create index findings_ticket on findings (desk_id, ticket_id, created_at, id);
select protect('findings');
select protect_customer('findings');
select protect_internal('findings', 'true');

create table decisions (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  outcome text not null,
  category text not null,
  by text not null check (by in ('rules', 'person')),
  ruleset integer not null,
  verdict jsonb not null,
  person_id uuid,
  reason text not null default '',
  confirmed_by uuid,
  confirmed_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, confirmed_by) references people (desk_id, id)
);
create index decisions_ticket on decisions (desk_id, ticket_id, created_at desc, id desc);
select protect('decisions');
select protect_customer('decisions');
select protect_internal('decisions', 'true');

create table events (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  actor_id uuid,
  kind text not null,
  internal boolean not null,
  data jsonb not null default '{}',
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, actor_id) references people (desk_id, id)
);
create index events_ticket on events (desk_id, ticket_id, created_at, id);
select protect('events');
select protect_customer('events');
select protect_internal('events', 'internal');

-- How many other customers opened a ticket on this service since then. A
-- customer's own act needs the figure for its triage, and may learn no more.
-- +goose StatementBegin
create function similar_tickets(named text, not_customer uuid, not_before timestamptz) returns integer
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
  -- In plpgsql a session plans this once, in sql at each call.
  return (select count(distinct customer_id)::int from (
    select customer_id from tickets
    where desk_id = nullif(current_setting('app.desk_id', true), '')::uuid and service = named and created_at >= not_before
      and state not in ('resolved', 'closed') and customer_id <> not_customer
    limit 500) near);
end $$;
-- +goose StatementEnd
revoke all on function similar_tickets(text, uuid, timestamptz) from public;
grant execute on function similar_tickets(text, uuid, timestamptz) to guichet_app;

-- +goose Down
drop function similar_tickets(text, uuid, timestamptz);
drop table events;
drop table decisions;
drop table findings;
drop table messages;
drop table followers;
drop table tickets;
drop table rulesets;

-- Letters to people, and what they are to tell.

-- +goose Up

-- What a person chose to be told of, and when: an object of topic and choice. What is
-- not in it is as the portal ships it.
alter table people add column letters jsonb not null default '{}';

-- The way of one letter to one person. Its row is written before the mail server is
-- spoken to and after: what was lost between stands at "sending", and is sent again
-- under the same name.
create table deliveries (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,                       -- of the letter: its Message-ID is made of it
  kind text not null,
  person_id uuid not null,
  ticket_id uuid,
  customer_id uuid,                       -- the ticket's
  state text not null check (state in ('gathering', 'waiting', 'sending', 'sent', 'bounced', 'dropped')),
  address text not null default '',       -- that it went to
  began_at timestamptz not null,          -- when the first of what it tells happened
  due_at timestamptz not null,            -- not sent before
  tries integer not null default 0,
  tried_at timestamptz,                   -- the last time that the mail server was spoken to
  sent_at timestamptz,                    -- when it took the letter
  answer text not null default '',        -- what it said
  bounced_at timestamptz,
  reason text not null default '',        -- why it came back
  permanent boolean not null default false,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  check ((ticket_id is null) = (customer_id is null))
);
-- One letter at a time gathers what happens on a ticket for a person.
create unique index deliveries_gathering on deliveries (desk_id, person_id, ticket_id) where state = 'gathering';
create index deliveries_ticket on deliveries (desk_id, ticket_id, began_at) where ticket_id is not null;
create index deliveries_bounced on deliveries (desk_id, person_id, bounced_at) where state = 'bounced';
create index deliveries_sending on deliveries (desk_id, tried_at) where state = 'sending';
select protect('deliveries');
select protect_customer('deliveries');
select protect_subcontractor('deliveries');

-- What a letter is to tell of a ticket, until it is told and after.
create table notices (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  person_id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  about text not null,
  message uuid,
  delivery_id uuid,                       -- null: it waits for its reader's daily letter
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, message) references messages (desk_id, id) on delete cascade,
  foreign key (desk_id, delivery_id) references deliveries (desk_id, id) on delete cascade
);
create index notices_delivery on notices (desk_id, delivery_id, created_at) where delivery_id is not null;
create index notices_daily on notices (desk_id, person_id, created_at) where delivery_id is null;
create index notices_ticket on notices (desk_id, ticket_id);
select protect('notices');
select protect_customer('notices');
select protect_subcontractor('notices');

-- +goose Down
drop table notices;
drop table deliveries;
alter table people drop column letters;

-- Work, what it costs, time that was bought beforehand, and statements.

-- +goose Up
-- Time that a customer bought beforehand. What is drawn is counted here, by an
-- update that never goes beyond it.
create table blocks (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  customer_id uuid not null,
  name text not null,
  minutes integer not null check (minutes > 0),
  used integer not null default 0,
  price numeric,
  currency text not null,
  starts date not null,
  expires date,            -- the last day
  closed_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  check (used >= 0 and used <= minutes),
  check (expires is null or expires >= starts)
);
create index blocks_customer on blocks (desk_id, customer_id, starts desc, id);
select protect('blocks');
select protect_customer('blocks');
create policy customer_writes_none on blocks as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_changes_none on blocks as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);

-- Work under way: a person does one thing at a time.
create table timers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  person_id uuid not null,
  ticket_id uuid not null,
  started_at timestamptz not null,
  primary key (desk_id, person_id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, ticket_id) references tickets (desk_id, id) on delete cascade
);
select protect('timers');
create policy customer on timers as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on timers to guichet_app; -- one that was stopped

create table time_entries (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  person_id uuid not null,
  text text not null,
  billable boolean not null,
  began_at timestamptz not null,
  ended_at timestamptz not null,
  key uuid,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  check (ended_at > began_at)
);
create index time_entries_ticket on time_entries (desk_id, ticket_id, began_at desc, id);
create unique index time_entries_key on time_entries (desk_id, person_id, key); -- a form sent twice
select protect('time_entries');
create policy customer on time_entries as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on time_entries to guichet_app; -- its author may take it back until it is approved

-- Which entry took how much of which block, so that it can be given back.
create table draws (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  entry_id uuid not null,
  block_id uuid not null,
  minutes integer not null check (minutes > 0),
  primary key (desk_id, entry_id, block_id),
  foreign key (desk_id, entry_id) references time_entries (desk_id, id),
  foreign key (desk_id, block_id) references blocks (desk_id, id)
);
create index draws_block on draws (desk_id, block_id);
select protect('draws');
create policy customer on draws as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on draws to guichet_app; -- what was given back

-- A statement's number is taken with it, so that none is left out; issuing waits
-- here for another of the same month.
create table statement_numbers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  month text not null,
  last integer not null,
  primary key (desk_id, month)
);
select protect('statement_numbers');
create policy customer on statement_numbers as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

create table statements (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  customer_id uuid not null,
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  seq integer not null,
  content jsonb not null default '{}',
  person_id uuid not null,
  issued_at timestamptz not null,
  primary key (desk_id, id),
  unique (desk_id, id, customer_id),
  unique (desk_id, month, seq),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create unique index statements_month on statements (desk_id, customer_id, month); -- one a customer and month, however many issue it
select protect('statements');
select protect_customer('statements');
create policy customer_writes_none on statements as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_changes_none on statements as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);

-- What a customer owes. The source says what for and is there once, however
-- often it is proposed. What stands on a statement is not changed any more.
create table charges (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  customer_id uuid not null,
  ticket_id uuid,
  entry_id uuid,
  source text not null,
  kind text not null check (kind in ('time', 'incident', 'month', 'block', 'manual')),
  state text not null check (state in ('proposed', 'approved', 'waived')),
  offer integer not null,
  support_type text not null,
  bill jsonb not null,     -- its lines and their sum
  amount numeric not null, -- the sum once more, to add up
  currency text not null,
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  text text not null,
  worker text not null default '',
  done_at timestamptz not null,
  reason text not null default '',
  decided_by uuid,
  decided_at timestamptz,
  statement_id uuid,
  created_at timestamptz not null,
  primary key (desk_id, id),
  unique (desk_id, source),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id),
  foreign key (desk_id, entry_id) references time_entries (desk_id, id),
  foreign key (desk_id, decided_by) references people (desk_id, id),
  foreign key (desk_id, statement_id, customer_id) references statements (desk_id, id, customer_id),
  check (statement_id is null or state = 'approved')
);
create index charges_state on charges (desk_id, state, month, customer_id, done_at, id);
create index charges_customer on charges (desk_id, customer_id, state, month, done_at, id);
create index charges_open on charges (desk_id, month, customer_id) where statement_id is null and state <> 'waived';
create index charges_statement on charges (desk_id, statement_id, done_at, id) where statement_id is not null;
create unique index charges_entry on charges (desk_id, entry_id) where entry_id is not null;
select protect('charges');
select protect_customer('charges');
select protect_internal('charges', 'statement_id is null'); -- he reads what was issued to him
create policy customer_writes_none on charges as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_changes_none on charges as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_removes_none on charges as restrictive for delete using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on charges to guichet_app; -- with the entry that its author takes back

-- A subcontractor's people log what they do, which may draw from their
-- customers' blocks; what it costs, and statements, no page shows them.
select protect_subcontractor('blocks', customer_given('customer_id'));
select protect_subcontractor('charges', customer_given('customer_id'));
select protect_subcontractor('time_entries');
select protect_subcontractor('timers');
select protect_subcontractor('draws', 'exists (select from time_entries e where e.desk_id = draws.desk_id and e.id = entry_id)');
select protect_subcontractor('statements', 'false');
select protect_subcontractor('statement_numbers', 'false');

-- +goose Down
drop table charges;
drop table statements;
drop table statement_numbers;
drop table draws;
drop table time_entries;
drop table timers;
drop table blocks;

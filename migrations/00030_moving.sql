-- Moving in and out: what another system called things, files that are read into a
-- desk, what was taken out of it, and people who are to be forgotten.

-- +goose Up

-- What the system that they came from called them; empty for our own.
alter table customers add column external text not null default '';
alter table people add column external text not null default '',
  add column erased_at timestamptz; -- he asked to be forgotten, and is
alter table tickets add column external text not null default '';
create unique index customers_external on customers (desk_id, external) where external <> '';
create unique index people_external on people (desk_id, external) where external <> '';
create unique index tickets_external on tickets (desk_id, external) where external <> '';

-- A file that an admin sends: first it is read, then what was good in it is added.
create table imports (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  kind text not null check (kind in ('customers', 'people', 'tickets', 'messages')),
  name text not null,                       -- as its sender called it, cleaned
  bytes bigint not null,
  sum text not null,                        -- SHA-256, in hexadecimal
  blob text not null,                       -- its name in the bucket, until it is read
  encoding text not null default '',
  comma text not null default '',
  unread text[] not null default '{}',      -- names of columns that say nothing here
  state text not null check (state in ('reading', 'read', 'adding', 'done', 'failed', 'dropped')),
  problem text not null default '',         -- why nothing of it could be read
  at integer not null default 0,            -- the last line that was read, or added
  good integer not null default 0,
  known integer not null default 0,
  bad integer not null default 0,
  added integer not null default 0,
  person_id uuid not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  check (added <= good)
);
create index imports_newest on imports (desk_id, created_at desc, id desc);
-- One at a time: two would judge by what the other is about to add.
create unique index imports_one on imports (desk_id) where state in ('reading', 'adding');
select protect('imports');
create policy customer on imports as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('imports', 'false');

create table import_lines (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  import_id uuid not null,
  line integer not null,
  state text not null check (state in ('good', 'known', 'bad', 'added')),
  cells jsonb not null,                     -- by the names of the columns; emptied when it is added
  problems jsonb not null default '[]',
  primary key (desk_id, import_id, line),
  foreign key (desk_id, import_id) references imports (desk_id, id) on delete cascade
);
create index import_lines_state on import_lines (desk_id, import_id, state, line);
select protect('import_lines');
create policy customer on import_lines as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('import_lines', 'false');
grant delete on import_lines to guichet_app; -- of a file that is given up, or long done

-- What was taken out of a desk, and by whom.
create table exports (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  form text not null check (form in ('jsonl', 'csv')),
  files boolean not null,
  state text not null check (state in ('running', 'done', 'broken')),
  rows bigint not null default 0,
  bytes bigint not null default 0,
  person_id uuid not null,
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index exports_newest on exports (desk_id, created_at desc, id desc);
create unique index exports_one on exports (desk_id) where state = 'running';
select protect('exports');
create policy customer on exports as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('exports', 'false');

-- That a person was erased, when and by whom: nothing of whom he was.
create table erasures (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  person_id uuid not null,
  erased_by uuid not null,
  files integer not null,
  mails integer not null,
  created_at timestamptz not null,
  primary key (desk_id, person_id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, erased_by) references people (desk_id, id)
);
select protect('erasures');
create policy customer on erasures as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('erasures', 'false');

-- What is only about a person goes with him.
grant delete on sign_in_links, identities, mails, followers to guichet_app;

-- +goose Down
revoke delete on sign_in_links, identities, mails, followers from guichet_app;
drop table erasures;
drop table exports;
drop table import_lines;
drop table imports;
alter table tickets drop column external;
alter table people drop column external, drop column erased_at;
alter table customers drop column external;

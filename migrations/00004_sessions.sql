-- Sessions are global: the cookie arrives before its desk is known. The token
-- is stored as a hash; the columns make a session listable and revocable.

-- +goose Up
create table sessions (
  token text primary key,
  data jsonb not null,
  expires_at timestamptz not null,
  person_id uuid generated always as ((data -> 'values' ->> 'person')::uuid) stored,
  seen_at timestamptz not null default now()
);
create index sessions_person on sessions (person_id) where person_id is not null;
create index sessions_expiry on sessions (expires_at);
grant select, insert, update, delete on sessions to guichet_app;

-- The second way in, for the day the identity provider is down: single use,
-- short, mailed to an address the desk already knows.
create table sign_in_links (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  person_id uuid not null,
  token_hash bytea not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id),
  unique (desk_id, token_hash),
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade
);
create index sign_in_links_person on sign_in_links (desk_id, person_id, created_at desc);
select protect('sign_in_links');
create policy customer on sign_in_links as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

-- +goose Down
drop table sign_in_links;
drop table sessions;

-- The programs' door: who may come in, what was already done for whom, and when a
-- ticket last changed, so that another system can ask for what is new.

-- +goose Up

-- A token lets a program act as a person of the desk, within its scopes. Of its
-- text only the hash is kept.
create table api_tokens (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  name text not null,
  scopes text[] not null check (cardinality(scopes) > 0),
  person_id uuid not null,                            -- in whose name it acts
  hash bytea not null check (octet_length(hash) = 32), -- SHA-256
  hint text not null,                                 -- how its text begins, to tell it from others
  ends_at timestamptz,
  used_at timestamptz,                                -- to the minute
  revoked_at timestamptz,
  created_by uuid not null,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id),
  foreign key (desk_id, created_by) references people (desk_id, id)
);
create unique index api_tokens_hash on api_tokens (desk_id, hash);
create index api_tokens_bearer on api_tokens (hash); -- the desk follows from the token
create index api_tokens_person on api_tokens (desk_id, person_id);
select protect('api_tokens');
create policy customer on api_tokens as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('api_tokens', 'false');

-- Requests that may be sent again: the same key of the same token is done once. A
-- row without a status is under way until then.
create table api_requests (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  token_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  hash bytea not null check (octet_length(hash) = 32), -- of method, path and body
  status smallint,
  location text not null default '',
  etag text not null default '',
  body bytea not null default '',
  held_until timestamptz not null,
  created_at timestamptz not null,
  primary key (desk_id, token_id, key),
  foreign key (desk_id, token_id) references api_tokens (desk_id, id) on delete cascade
);
create index api_requests_old on api_requests (desk_id, created_at);
select protect('api_requests');
create policy customer on api_requests as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('api_requests', 'false');
grant delete on api_requests to guichet_app; -- a day later nobody asks again

-- Whoever holds a token says which desk is meant by nothing but the token. The
-- answer is for one that is neither revoked nor of a person who was switched off.
-- +goose StatementBegin
create function token_bearer(hash bytea) returns table (desk_id uuid, id uuid, person_id uuid, scopes text[], ends_at timestamptz, used_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select t.desk_id, t.id, t.person_id, t.scopes, t.ends_at, t.used_at
  from api_tokens t join people p on p.desk_id = t.desk_id and p.id = t.person_id and p.active and p.customer_id is null
  where t.hash = token_bearer.hash and t.revoked_at is null
$$;
-- +goose StatementEnd
revoke all on function token_bearer(bytea) from public;
grant execute on function token_bearer(bytea) to guichet_app;

-- When a ticket's row last changed, whoever changed it. Whoever waited for the row
-- comes later: the clock, and not the time at which his transaction began.
alter table tickets add column changed_at timestamptz not null default now();
-- +goose StatementBegin
create function tickets_changed() returns trigger language plpgsql as $$
begin
  new.changed_at := clock_timestamp();
  return new;
end $$;
-- +goose StatementEnd
create trigger changed before update on tickets for each row execute function tickets_changed();
create index tickets_changed on tickets (desk_id, changed_at, id);

-- +goose Down
drop index tickets_changed;
drop trigger changed on tickets;
drop function tickets_changed();
alter table tickets drop column changed_at;
drop function token_bearer(bytea);
drop table api_requests;
drop table api_tokens;

-- Desks and identities are global: a desk is known before anybody is, and one
-- identity may stand at several desks.

-- +goose Up
create table desks (
  id uuid primary key,
  slug text not null unique,
  name text not null,
  tenant text not null default '',
  language text not null check (language in ('fr', 'en')),
  zone text not null,
  accent text not null default '',
  email text not null default '',
  phone text not null default '',
  website text not null default '',
  address text not null default '',
  hours jsonb not null,
  email_sign_in boolean not null default true,
  issuer text not null default '',
  client_id text not null default '',
  client_secret bytea not null default '', -- sealed by the application
  created_at timestamptz not null
);
grant select, insert, update on desks to guichet_app;

-- A person is (issuer, subject): for Microsoft Entra the issuer carries the
-- tenant and the subject is the object id. Never an e-mail.
create table identities (
  id uuid primary key,
  issuer text not null,
  tenant text not null default '',
  subject text not null,
  created_at timestamptz not null,
  unique (issuer, subject)
);
grant select, insert, update on identities to guichet_app;

-- Ticket numbers come from one sequence a desk: many clients submitting at once
-- do not queue behind a counter row. A number lost to a failed submission is a gap.
create schema numbers;
grant usage on schema numbers to guichet_app;
-- +goose StatementBegin
create function open_numbers(desk uuid, first bigint) returns void language plpgsql security definer set search_path = pg_catalog as $$
begin
  execute format('create sequence if not exists numbers.%I start %s', desk::text, greatest(first, 1));
  execute format('grant usage, select, update on sequence numbers.%I to guichet_app', desk::text);
end $$;
-- +goose StatementEnd
revoke all on function open_numbers(uuid, bigint) from public;
grant execute on function open_numbers(uuid, bigint) to guichet_app;

-- +goose Down
drop schema numbers cascade;
drop function open_numbers(uuid, bigint);
drop table identities;
drop table desks;

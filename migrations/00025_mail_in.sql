-- Mails that people send to a desk. Each is kept raw in the bucket before anything
-- is made of it; its row says what was made of it, or what it waits for.

-- +goose Up
create table mails (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  blob text not null,                       -- its name in the bucket
  bytes bigint not null check (bytes >= 0),
  sum text not null,                        -- SHA-256, in hexadecimal
  via text not null check (via in ('smtp', 'lmtp', 'imap', 'graph')),
  peer text not null default '',            -- who handed it to us: an address of the network
  helo text not null default '',            -- and what it calls itself
  envelope text not null default '',        -- whom failures concern (MAIL FROM)
  recipients text[] not null,               -- of ours, as the envelope names them
  message_id text not null default '',      -- empty until it is read
  from_name text not null default '',
  from_email text not null default '',
  subject text not null default '',
  automatic text not null default '',
  state text not null check (state in ('waiting', 'taken', 'quarantined', 'ignored', 'duplicate', 'dropped')),
  reason text not null default '',
  vouched jsonb not null default '{}',      -- what SPF, DKIM and DMARC say
  problems jsonb not null default '[]',     -- what could not be read as it should
  bounce jsonb,                             -- of a bounce, what it says
  quoted text not null default '',          -- what the sender only quotes
  html boolean not null default false,      -- it can be shown as it was sent
  number bigint,                            -- of the ticket that it speaks of, by a signature or by a person's word
  ticket_id uuid,
  customer_id uuid,
  message uuid,                             -- that it became
  person_id uuid,                           -- who decided about it; null: the portal
  decided_at timestamptz,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, message) references messages (desk_id, id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
-- One mail is taken once, by however many ways and addresses it comes.
create unique index mails_once on mails (desk_id, message_id, from_email) where message_id <> '' and state <> 'duplicate';
create index mails_ticket on mails (desk_id, ticket_id) where ticket_id is not null;
create index mails_state on mails (desk_id, state, created_at desc, id desc) where state in ('quarantined', 'ignored', 'dropped');
create index mails_sender on mails (desk_id, from_email, created_at) where from_email <> '';
create index mails_blob on mails (desk_id, blob);
select protect('mails');
select protect_customer('mails');
select protect_subcontractor('mails');

-- How a desk takes mail, and the mailbox that is read for it.
create table mail_settings (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  addresses text[] not null default '{}',   -- of the desk's own, which lead to its address here
  unknown text not null default 'quarantine' check (unknown in ('quarantine', 'ignore')),
  mailbox jsonb not null default '{}',      -- how it is reached, without its secret
  secret bytea,                             -- sealed
  place jsonb not null default '{}',        -- how far it was read
  failures integer not null default 0,
  trouble text not null default '',         -- why it could not be read, "" when it was
  read_at timestamptz,
  next_at timestamptz,                      -- not before
  revision integer not null default 0,
  person_id uuid,
  changed_at timestamptz,
  primary key (desk_id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('mail_settings');
create policy customer on mail_settings as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('mail_settings', 'false');

-- The clock asks which desks have a mailbox to be read, and learns no more of them.
create index mail_settings_on on mail_settings (next_at) where mailbox @> '{"on": true}';
-- +goose StatementBegin
create function desks_with_mailbox(at timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select desk_id from mail_settings where mailbox @> '{"on": true}' and (next_at is null or next_at <= at) order by read_at nulls first limit most
$$;
-- +goose StatementEnd
revoke all on function desks_with_mailbox(timestamptz, integer) from public;
grant execute on function desks_with_mailbox(timestamptz, integer) to guichet_app;

-- +goose Down
drop function desks_with_mailbox(timestamptz, integer);
drop table mail_settings;
drop table mails;

-- What becomes of letters: whether they arrived, and which addresses fail. The domain in
-- whose name a desk writes, and its own words for its letters.

-- +goose Up
alter table deliveries drop constraint deliveries_state_check;
alter table deliveries add constraint deliveries_state_check check (state in ('gathering', 'waiting', 'sending', 'sent', 'delivered', 'bounced', 'dropped'));
alter table deliveries add column delivered_at timestamptz; -- when its reader's server said that it arrived
create index deliveries_over on deliveries (desk_id, began_at) where state in ('sent', 'delivered', 'bounced', 'dropped');
create index deliveries_owed on deliveries (desk_id, due_at) where state in ('gathering', 'waiting');
grant delete on deliveries, notices to guichet_app; -- what is old is swept

-- The clock asks which desks have letters that should have left, and learns no more.
-- +goose StatementBegin
create function desks_owing_letters(due timestamptz, news timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select desk_id from deliveries where state in ('gathering', 'waiting') and due_at < due
  union select desk_id from notices where delivery_id is null and created_at < news limit most
$$;
-- +goose StatementEnd
revoke all on function desks_owing_letters(timestamptz, timestamptz, integer) from public;
grant execute on function desks_owing_letters(timestamptz, timestamptz, integer) to guichet_app;

alter table people add column bounces integer not null default 0;       -- letters to his address that came back for good, one after the other
alter table people add column failing_since timestamptz;                -- nothing is sent there from then on but what he asks for
alter table people add column failing text not null default '';         -- what the other server said

-- The domain in whose name a desk's letters go out.
create table senders (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  domain text not null default '',
  mailbox text not null default '',         -- before the @
  selector text not null default '',
  public_key text not null default '',      -- PKIX, in base64: what the DNS must hold
  private_key bytea,                        -- sealed
  checks jsonb not null default '[]',       -- what the DNS held when it was asked last
  checked_at timestamptz,
  verified_at timestamptz,                  -- null: letters go from the installation's address
  revision integer not null default 0,
  person_id uuid,
  changed_at timestamptz,
  primary key (desk_id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index senders_verified on senders (domain) where verified_at is not null;
select protect('senders');
create policy customer on senders as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('senders', 'false');

-- A domain is one desk's. Who asks holds the name until his transaction ends, so that of
-- two who verify it at once one is refused; he learns of the other that there is one.
-- +goose StatementBegin
create function sender_domain_free(name text) returns boolean
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('sender domain ' || name, 0));
  return not exists (select from senders s where s.domain = name and s.verified_at is not null
    and s.desk_id is distinct from nullif(current_setting('app.desk_id', true), '')::uuid);
end $$;
-- +goose StatementEnd
revoke all on function sender_domain_free(text) from public;
grant execute on function sender_domain_free(text) to guichet_app;

-- Mail to a desk's own address, where its domain sends mail here.
-- +goose StatementBegin
create function desk_of_sender(box text, name text) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select desk_id from senders where domain = name and mailbox = box and verified_at is not null limit 1
$$;
-- +goose StatementEnd
revoke all on function desk_of_sender(text, text) from public;
grant execute on function desk_of_sender(text, text) to guichet_app;

-- A desk's own words, one row each time that they were changed: the last one holds, and
-- an empty one brings back what the portal ships.
create table letter_texts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  kind text not null,
  language text not null check (language in ('fr', 'en')),
  revision integer not null check (revision > 0),
  body text not null,
  person_id uuid not null,
  created_at timestamptz not null,
  primary key (desk_id, kind, language, revision),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('letter_texts');
create policy customer on letter_texts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('letter_texts', 'false');

-- +goose Down
drop table letter_texts;
drop function desk_of_sender(text, text);
drop function sender_domain_free(text);
drop table senders;
alter table people drop column bounces, drop column failing_since, drop column failing;
drop function desks_owing_letters(timestamptz, timestamptz, integer);
revoke delete on deliveries, notices from guichet_app;
drop index deliveries_owed;
drop index deliveries_over;
alter table deliveries drop column delivered_at;
alter table deliveries drop constraint deliveries_state_check;
alter table deliveries add constraint deliveries_state_check check (state in ('gathering', 'waiting', 'sending', 'sent', 'bounced', 'dropped'));

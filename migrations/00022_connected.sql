-- What connectors and plans carry further: files that go to Microsoft, what a
-- partner's plan promises and when it ends, files that go with a hand-off.

-- +goose Up

-- How a file of a dossier stands at Microsoft. Whoever sends one holds it for a
-- while, so that of two workers one sends it, and one that dies leaves it to the
-- next.
alter table evidence_files
  add column sending text not null default '' check (sending in ('', 'waiting', 'sent', 'refused')),
  add column sent_name text not null default '',  -- its name there, the same however often it is sent
  add column sent_at timestamptz,
  add column trouble text not null default '',    -- why it is not there
  add column detail text not null default '',     -- their words, for people who mend it
  add column held_until timestamptz,
  add check ((sending = '') = (sent_name = '')),
  add check ((sending = 'sent') = (sent_at is not null));
create unique index evidence_files_sent_name on evidence_files (desk_id, escalation_id, sent_name) where sent_name <> '';

-- Minutes to the first reply by severity, where the plan itself states them.
alter table partner_plans add column replies jsonb not null default '{}';

-- Of which plan's end the desk was warned, once for each number of days. An end
-- that moves is another one.
create table plan_warnings (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  plan_id uuid not null,
  expires date not null,
  days smallint not null check (days in (30, 7, 1)),
  round uuid not null,             -- what one letter tells
  warned_at timestamptz not null,
  primary key (desk_id, plan_id, expires, days),
  foreign key (desk_id, plan_id) references partner_plans (desk_id, id) on delete cascade
);
create index plan_warnings_round on plan_warnings (desk_id, round);
select protect('plan_warnings');
create policy customer on plan_warnings as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('plan_warnings', 'false');

-- The files of a hand-off, as far as its provider's own people read them: those of
-- the dossier that was handed over and no others, while the link holds, without
-- those that came after it was over for the reseller. It takes what is asked for
-- from the hand-off alone: no file of another escalation can be named.
-- +goose StatementBegin
create function handed_files(handoff uuid) returns table (id uuid, name text, type text, bytes bigint, blob text, created_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select f.id, f.name, f.type, f.bytes, f.blob, f.created_at
  from handoffs h join provider_links l on l.id = h.link_id and l.state = 'active'
    join evidence_files f on f.desk_id = h.reseller_id and f.escalation_id = h.escalation_id
  where h.id = handed_files.handoff and h.provider_id = nullif(current_setting('app.desk_id', true), '')::uuid
    and nullif(current_setting('app.customer_id', true), '') is null and nullif(current_setting('app.subcontractor_id', true), '') is null
    and f.removed_at is null and f.created_at <= coalesce(h.reseller_done, 'infinity')
  order by f.created_at, f.id
$$;
-- +goose StatementEnd
revoke all on function handed_files(uuid) from public;
grant execute on function handed_files(uuid) to guichet_app;

-- What waits without a date is asked after, too (internal/desk/reminders.go).
update escalations set remind_at = changed_at + case state when 'waits_us' then interval '1 day' else interval '3 days' end
  where state in ('waits_us', 'waits_customer') and due_at is null;

-- +goose Down
drop function handed_files(uuid);
drop table plan_warnings;
alter table partner_plans drop column replies;
drop index evidence_files_sent_name;
alter table evidence_files drop column held_until, drop column detail, drop column trouble, drop column sent_at, drop column sent_name, drop column sending;

-- What is owed on escalations and was not given, and what became of them: figures of
-- a day, and of a month, as other reports have them.

-- +goose Up
-- When somebody must next be told; null while nothing is owed by a time.
alter table escalations add column remind_at timestamptz;
update escalations set remind_at = due_at where ended_at is null;
create index escalations_remind on escalations (remind_at) where remind_at is not null;

-- +goose StatementBegin
create function desks_to_remind(at timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct desk_id from (select desk_id from escalations where remind_at <= at order by remind_at limit 10000) owed limit most
$$;
-- +goose StatementEnd
revoke all on function desks_to_remind(timestamptz, integer) from public;
grant execute on function desks_to_remind(timestamptz, integer) to guichet_app;

-- Tickets by the day on which they came, and how many of them were handed on since.
create table daily_escalated (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  day date not null,
  customer_id uuid not null,
  category text not null,
  tickets integer not null,
  escalated integer not null, -- of these
  against integer not null,   -- of these: although the desk was to settle it itself
  primary key (desk_id, day, customer_id, category),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create index daily_escalated_customer on daily_escalated (desk_id, customer_id, day);
select protect('daily_escalated');
select protect_subcontractor('daily_escalated', 'false');

-- What happened to escalations on a day: each filing, first reply and end on its own.
create table daily_escalations (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  day date not null,
  customer_id uuid not null,
  target text not null,
  workload text not null,
  severity text not null,
  filed integer not null,
  solved integer not null,
  unsolved integer not null,
  returned integer not null,
  withdrawn integer not null,
  replies integer not null,
  met integer not null,             -- first replies that kept their promise
  missed integer not null,          -- that came too late, or never
  dropped integer not null,         -- that nobody needed any more
  reply_seconds bigint not null,    -- of all replies, since filing
  promised_seconds bigint not null, -- of those met or missed
  solved_seconds bigint not null,   -- of those solved, since filing
  primary key (desk_id, day, customer_id, target, workload, severity),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create index daily_escalations_customer on daily_escalations (desk_id, customer_id, day);
select protect('daily_escalations');
select protect_subcontractor('daily_escalations', 'false');

-- The same by month, of all customers: what a page is read from.
create table monthly_escalated (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  month date not null,
  category text not null,
  tickets integer not null,
  escalated integer not null,
  against integer not null,
  primary key (desk_id, month, category)
);
select protect('monthly_escalated');
select protect_subcontractor('monthly_escalated', 'false');

create table monthly_escalations (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  month date not null,
  target text not null,
  workload text not null,
  severity text not null,
  filed integer not null,
  solved integer not null,
  unsolved integer not null,
  returned integer not null,
  withdrawn integer not null,
  replies integer not null,
  met integer not null,
  missed integer not null,
  dropped integer not null,
  reply_seconds bigint not null,
  promised_seconds bigint not null,
  solved_seconds bigint not null,
  primary key (desk_id, month, target, workload, severity)
);
select protect('monthly_escalations');
select protect_subcontractor('monthly_escalations', 'false');

-- As in other figures: they compare customers, and what a day no longer holds goes.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['daily_escalated', 'daily_escalations', 'monthly_escalated', 'monthly_escalations'] loop
    execute format('create policy customer on %I as restrictive for all using (case when nullif(current_setting(''app.customer_id'', true), '''') is null then true else false end)', t);
    execute format('grant delete on %I to guichet_app', t);
  end loop;
end $$;
-- +goose StatementEnd

-- Tickets that came before there were escalations: the days that are counted already
-- are not counted again.
insert into daily_escalated (desk_id, day, customer_id, category, tickets, escalated, against)
select t.desk_id, (t.created_at at time zone d.zone)::date, t.customer_id, t.category, count(*), 0, 0 from tickets t join desks d on d.id = t.desk_id group by 1, 2, 3, 4;
insert into monthly_escalated (desk_id, month, category, tickets, escalated, against)
select desk_id, date_trunc('month', day)::date, category, sum(tickets), 0, 0 from daily_escalated group by 1, 2, 3;

-- What was touched on a day, and what a day holds.
create index escalations_changed on escalations (desk_id, changed_at);
create index escalations_filed on escalations (desk_id, filed_at) where filed_at is not null;
create index escalations_replied on escalations (desk_id, replied_at) where replied_at is not null;
create index escalation_tickets_joined on escalation_tickets (desk_id, joined_at);
-- Two short lists of a report.
create index escalations_returned on escalations (desk_id, ended_at desc, id desc) where ending = 'returned';
create index escalations_credit on escalations (desk_id, created_at desc, id desc) where credit @> '{"worth": true}';

-- +goose Down
drop index escalations_credit;
drop index escalations_returned;
drop index escalation_tickets_joined;
drop index escalations_replied;
drop index escalations_filed;
drop index escalations_changed;
drop table monthly_escalations;
drop table monthly_escalated;
drop table daily_escalations;
drop table daily_escalated;
drop function desks_to_remind(timestamptz, integer);
drop index escalations_remind;
alter table escalations drop column remind_at;

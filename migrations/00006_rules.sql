-- Rules that a desk writes itself: versions with their notes, one draft, tries
-- on past tickets, facts that people set right, and what the hint has learned.

-- +goose Up
alter table rulesets
  add note text not null default '',
  add no_hint boolean not null default false,
  add restored_from integer; -- the version that this one brought back

-- A desk has one draft. The revision grows with each change, so that of two
-- people who edit at once the second is told.
create table ruleset_drafts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  based_on integer not null,
  revision integer not null,
  no_hint boolean not null default false,
  rules jsonb not null,
  person_id uuid not null,
  updated_at timestamptz not null,
  primary key (desk_id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
select protect('ruleset_drafts');
create policy customer on ruleset_drafts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on ruleset_drafts to guichet_app; -- a draft that is published or given up is gone

-- A try of rules on past tickets, and what it would change.
create table trials (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  person_id uuid not null,
  based_on integer not null,
  revision integer not null, -- of the draft that was tried
  no_hint boolean not null default false,
  rules jsonb not null,
  most integer not null,
  since timestamptz,
  until timestamptz,
  state text not null check (state in ('waiting', 'running', 'done', 'stopped', 'failed')),
  total integer not null default 0,
  tried integer not null default 0,
  changed integer not null default 0,
  judged integer not null default 0, -- whose decision a person confirmed or made
  agreed_before integer not null default 0,
  agreed_after integer not null default 0,
  better integer not null default 0,
  worse integer not null default 0,
  created_at timestamptz not null,
  began_at timestamptz,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index trials_newest on trials (desk_id, created_at desc, id desc);
-- One at a time: a trial reads much, and two at once would only slow each other.
create unique index trials_running on trials (desk_id) where state in ('waiting', 'running');
select protect('trials');
create policy customer on trials as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

create table trial_changes (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  trial_id uuid not null,
  number bigint not null,
  subject text not null,
  was_outcome text not null,
  was_category text not null,
  was_rule text not null,
  outcome text not null,
  category text not null,
  rule text not null,
  person_outcome text not null default '', -- what people decided; '' where nobody did
  person_category text not null default '',
  effect text not null check (effect in ('better', 'worse', 'neither', 'unjudged')),
  primary key (desk_id, trial_id, number),
  foreign key (desk_id, trial_id) references trials (desk_id, id) on delete cascade
);
select protect('trial_changes');
create policy customer on trial_changes as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

-- A fact of a ticket that a person set right; the newest of a name holds, and
-- null takes the correction back.
create table corrections (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  person_id uuid not null,
  fact text not null,
  value jsonb,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index corrections_ticket on corrections (desk_id, ticket_id, created_at, id);
select protect('corrections');
select protect_customer('corrections');
select protect_internal('corrections', 'true');

-- What the hint learned from the desk's own decisions; the newest serves. A
-- customer's submission is judged with it too.
create table hint_models (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  version integer not null,
  examples integer not null,
  model bytea not null,
  created_at timestamptz not null,
  primary key (desk_id, version)
);
select protect('hint_models');
create policy customer_add on hint_models as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_change on hint_models as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_remove on hint_models as restrictive for delete using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on hint_models to guichet_app; -- only the newest is kept

alter table tickets
  add tags text[] not null default '{}',
  add team text not null default '';

-- How often each rule fired, and what people decided instead, over some weeks:
-- answered from the index alone.
alter table decisions add rule text not null default '';
update decisions set rule = coalesce(verdict ->> 'rule', '');
create index decisions_rule on decisions (desk_id, created_at, rule, by, ticket_id) include (customer_id); -- which the policies ask for

-- What people decided, for the hint to learn from.
create index decisions_settled on decisions (desk_id, created_at desc, id desc) where by = 'person' or confirmed_by is not null;

-- +goose Down
drop index decisions_settled;
drop index decisions_rule;
alter table decisions drop column rule;
alter table tickets drop column tags, drop column team;
drop table hint_models;
drop table corrections;
drop table trial_changes;
drop table trials;
drop table ruleset_drafts;
alter table rulesets drop column note, drop column no_hint, drop column restored_from;

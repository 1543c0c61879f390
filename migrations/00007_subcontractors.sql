-- Companies that give a desk's support in its name. Their people are agents of
-- the desk, held to the customers and services given to their company by three
-- settings beside app.desk_id and app.customer_id, local to the transaction as
-- those are: app.subcontractor_id, app.customers ('*' or UUIDs parted by commas)
-- and app.services ('*' or names in hexadecimal parted by commas, so that no name
-- can say more than itself).

-- +goose Up
create table subcontractors (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  name text not null,
  tenant text not null default '',
  all_customers boolean not null,
  customers uuid[] not null,
  all_services boolean not null,
  services text[] not null,
  always boolean not null,
  hours jsonb not null,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (desk_id, id)
);
create unique index subcontractors_tenant on subcontractors (desk_id, tenant) where tenant <> '';
create unique index subcontractors_name on subcontractors (desk_id, lower(name));
select protect('subcontractors');
create policy customer on subcontractors as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);

alter table people
  add subcontractor_id uuid,
  add foreign key (desk_id, subcontractor_id) references subcontractors (desk_id, id),
  add check (subcontractor_id is null or role in ('agent', 'lead'));
create index people_by_subcontractor on people (desk_id, subcontractor_id) where subcontractor_id is not null;

-- Whether the reader's scope reaches a ticket. In plpgsql, since a sub-select in
-- a policy would stand in everybody's plans, and tickets with it.
-- +goose StatementBegin
create function ticket_in_sight(of_desk uuid, ticket uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.tickets t where t.desk_id = of_desk and t.id = ticket);
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- A subcontractor's person reads the rows of which "sees" is true, and writes
-- those of which "works" is (the same, unless said otherwise). Unasked it is what
-- hangs on a ticket: the row's columns desk_id and ticket_id lead to it.
create function protect_subcontractor(t regclass, sees text default 'ticket_in_sight(desk_id, ticket_id)', works text default null) returns void language plpgsql as $$
declare
  -- "case" and not "or", as in protect_customer.
  given text := 'case when nullif(current_setting(''app.subcontractor_id'', true), '''') is null then true else (%s) end';
begin
  execute format('create policy subcontractor_read on %s as restrictive for select using (' || given || ')', t, sees);
  execute format('create policy subcontractor_add on %s as restrictive for insert with check (' || given || ')', t, coalesce(works, sees));
  execute format('create policy subcontractor_change on %s as restrictive for update using (' || given || ') with check (' || given || ')', t, coalesce(works, sees), coalesce(works, sees));
  execute format('create policy subcontractor_remove on %s as restrictive for delete using (' || given || ')', t, coalesce(works, sees));
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
-- The condition that the customer named by a column is given to the subcontractor.
-- A list that was not set gives nothing.
create function customer_given(own name) returns text language sql as $$
  select format($f$case when current_setting('app.customers', true) = '*' then true
    else %I = any (string_to_array(nullif(current_setting('app.customers', true), '*'), ',')::uuid[]) end$f$, own)
$$;
-- +goose StatementEnd

select protect_subcontractor('tickets', customer_given('customer_id') || $$ and case when current_setting('app.services', true) = '*' then true
  else encode(convert_to(service, 'UTF8'), 'hex') = any (string_to_array(current_setting('app.services', true), ',')) end$$);
select protect_subcontractor('followers');
select protect_subcontractor('messages');
select protect_subcontractor('findings');
select protect_subcontractor('decisions');
select protect_subcontractor('events');
select protect_subcontractor('corrections');

select protect_subcontractor('customers', customer_given('id'), 'false');
-- The desk's people are known by name to whoever works beside them; he changes
-- his own company's alone, which is how he sets his preferences.
select protect_subcontractor('people', 'customer_id is null or ' || customer_given('customer_id'),
  $$subcontractor_id = nullif(current_setting('app.subcontractor_id', true), '')::uuid$$);
create policy subcontractor_join on people as restrictive for insert with check (nullif(current_setting('app.subcontractor_id', true), '') is null);
select protect_subcontractor('subcontractors', $$id = nullif(current_setting('app.subcontractor_id', true), '')::uuid$$, 'false');
select protect_subcontractor('sign_in_links', 'false');

-- Tickets that he works are judged by the rules and the hint; he writes neither.
select protect_subcontractor('rulesets', 'true', 'false');
select protect_subcontractor('hint_models', 'true', 'false');
select protect_subcontractor('ruleset_drafts', 'false');
select protect_subcontractor('trials', 'false');
select protect_subcontractor('trial_changes', 'false');

-- +goose Down
-- +goose StatementBegin
do $$
declare p record;
begin
  for p in select tablename, policyname from pg_policies where schemaname = 'public' and policyname like 'subcontractor\_%' loop
    execute format('drop policy %I on %I', p.policyname, p.tablename);
  end loop;
end $$;
-- +goose StatementEnd
drop function customer_given(name);
drop function protect_subcontractor(regclass, text, text);
drop function ticket_in_sight(uuid, uuid);
alter table people drop column subcontractor_id;
drop table subcontractors;

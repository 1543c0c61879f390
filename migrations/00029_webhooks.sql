-- Webhooks: where another system wants to hear at once of what happened, what was
-- sent to it, and what it answered.

-- +goose Up

create table webhooks (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  url text not null,
  events text[] not null check (cardinality(events) > 0),
  texts boolean not null,                      -- whether what people wrote goes along
  secret bytea not null,                       -- sealed
  old_secret bytea not null default '',        -- the one before, sealed
  old_until timestamptz,                       -- until when it signs too
  active boolean not null,
  off_reason text not null default '' check (off_reason in ('', 'gone', 'failing')),
  failing_since timestamptz,                   -- null: the last try went well
  failures integer not null default 0,         -- in a row
  rest_until timestamptz,                      -- its receiver is left alone until then
  held_until timestamptz,                      -- a worker sends until then
  created_by uuid not null,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, created_by) references people (desk_id, id)
);
select protect('webhooks');
create policy customer on webhooks as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('webhooks', 'false');
grant delete on webhooks to guichet_app; -- with all that was sent

-- One message to one webhook. Its row is written by the transaction that made what it
-- tells: nothing is told that was rolled back, and nothing is lost. The id is the
-- header webhook-id, the body what is signed.
create table webhook_deliveries (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  webhook_id uuid not null,
  event text not null,
  body text not null,
  state text not null check (state in ('waiting', 'delivered', 'failed')),
  tries integer not null default 0,            -- since it was last begun
  due_at timestamptz not null,                 -- when it is tried next
  created_at timestamptz not null,
  ended_at timestamptz,
  primary key (desk_id, id),
  foreign key (desk_id, webhook_id) references webhooks (desk_id, id) on delete cascade
);
create index webhook_deliveries_log on webhook_deliveries (desk_id, webhook_id, created_at desc, id desc);
create index webhook_deliveries_due on webhook_deliveries (desk_id, webhook_id, due_at, id) where state = 'waiting';
create index webhook_deliveries_waiting on webhook_deliveries (due_at) where state = 'waiting'; -- of all desks
create index webhook_deliveries_old on webhook_deliveries (desk_id, created_at);
select protect('webhook_deliveries');
create policy customer on webhook_deliveries as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('webhook_deliveries', 'false');
grant delete on webhook_deliveries to guichet_app; -- a month later

create table webhook_attempts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  delivery_id uuid not null,
  status integer not null,                     -- HTTP; 0: none came
  trouble text not null,                       -- why none came
  took_ms integer not null,
  answer text not null,                        -- the first kilobyte of it
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, delivery_id) references webhook_deliveries (desk_id, id) on delete cascade
);
create index webhook_attempts_delivery on webhook_attempts (desk_id, delivery_id, created_at, id);
select protect('webhook_attempts');
create policy customer on webhook_attempts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('webhook_attempts', 'false');
grant delete on webhook_attempts to guichet_app; -- with its delivery

-- What a transaction did, for whichever webhooks of the desk want to know: a customer
-- writes, and what follows is none of his. Answers which webhooks have something to
-- send now, and null alone for a desk without any. "kinds" are the lines of the time
-- line that it wrote.
-- +goose StatementBegin
create function tell_webhooks(home uuid, happened jsonb, at timestamptz) returns setof uuid
language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  if home is distinct from nullif(current_setting('app.desk_id', true), '')::uuid then
    return;
  end if;
  if not exists (select from webhooks w where w.desk_id = home and w.active) then
    return next null; -- nobody wants to know of anything
    return;
  end if;
  -- What each message tells is looked up row by row, by its key: there are few.
  return query
  with made as (
    insert into webhook_deliveries (desk_id, id, webhook_id, event, body, state, due_at, created_at)
    select home, gen_random_uuid(), w.id, h.event, jsonb_build_object('type', h.event, 'timestamp', at, 'data', jsonb_strip_nulls(jsonb_build_object(
      'ticket', (select jsonb_build_object('number', t.number, 'id', t.id, 'path', '/api/v1/tickets/' || t.number, 'state', t.state, 'priority', t.priority,
          'impact', t.impact, 'outcome', t.outcome, 'category', t.category, 'service', t.service, 'customer_id', t.customer_id, 'assignee_id', t.assignee_id,
          'subject', case when w.texts then t.subject end) from tickets t where t.desk_id = home and t.id = h.ticket),
      'message', (select jsonb_build_object('id', m.id, 'side', m.side, 'author_id', m.author_id, 'body', case when w.texts then m.body end)
        from messages m where m.desk_id = home and m.id = h.message),
      'finding', (select jsonb_build_object('id', f.id, 'kind', f.kind, 'result', f.result, 'author_id', f.author_id, 'text', case when w.texts then f.text end)
        from findings f where f.desk_id = home and f.id = h.finding),
      'decision', case when h.event = 'decision.made' then (select jsonb_build_object('id', d.id, 'outcome', d.outcome, 'category', d.category, 'by', d.by, 'confirmed', d.confirmed_at is not null)
        from decisions d where d.desk_id = home and d.ticket_id = h.ticket order by d.created_at desc, d.id desc limit 1) end,
      'incident', (select jsonb_build_object('number', i.number, 'path', '/api/v1/incidents/' || i.number, 'state', i.state, 'service', i.service, 'region', i.region)
        from incidents i where i.desk_id = home and i.id = h.incident),
      'escalation', (select jsonb_build_object('number', e.number, 'path', '/api/v1/escalations/' || e.number, 'state', e.state, 'target', e.target, 'severity', e.severity,
          'request', e.request, 'customer_id', e.customer_id) from escalations e where e.desk_id = home and e.id = h.escalation),
      'changed', h.kinds)))::text, 'waiting', at, at
    from jsonb_to_recordset(happened) as h (event text, kinds jsonb, ticket uuid, message uuid, finding uuid, incident uuid, escalation uuid)
    join webhooks w on w.desk_id = home and w.active and h.event = any (w.events)
    returning webhook_id)
  select distinct made.webhook_id from made;
end $$;
-- +goose StatementEnd
revoke all on function tell_webhooks(uuid, jsonb, timestamptz) from public;
grant execute on function tell_webhooks(uuid, jsonb, timestamptz) to guichet_app;

-- Which webhooks have something to send, at whatever desk, for the clock.
-- +goose StatementBegin
create function due_webhooks(at timestamptz, most integer) returns table (desk_id uuid, webhook_id uuid)
language sql stable security definer set search_path = public, pg_temp as $$
  select w.desk_id, w.id from (
    select distinct d.desk_id, d.webhook_id from webhook_deliveries d where d.state = 'waiting' and d.due_at <= at) due
  join webhooks w on w.desk_id = due.desk_id and w.id = due.webhook_id and w.active
    and (w.rest_until is null or w.rest_until <= at) and (w.held_until is null or w.held_until < at)
  limit most
$$;
-- +goose StatementEnd
revoke all on function due_webhooks(timestamptz, integer) from public;
grant execute on function due_webhooks(timestamptz, integer) to guichet_app;

-- +goose Down
drop function due_webhooks(timestamptz, integer);
drop function tell_webhooks(uuid, jsonb, timestamptz);
drop table webhook_attempts;
drop table webhook_deliveries;
drop table webhooks;

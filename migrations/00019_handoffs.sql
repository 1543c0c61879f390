-- Requests that a reseller's desk hands to the desk of its provider on the same
-- installation. These three tables are all that crosses desks, beside the counts
-- of the early-warning circle: either of the two desks reads a row, nobody else
-- does, and what is handed over is copied into it, so that neither reads a table
-- of the other's.
--
-- What each side can do with that:
--   * A desk that was not asked, or did not agree, is handed nothing: a hand-off
--     hangs on a link that both have agreed to.
--   * Each writes items of its own side alone, while the link holds; nobody changes
--     or takes back an item; the receiver alone marks it taken, once.
--   * The reseller cannot say which ticket a hand-off became, nor the provider which
--     escalation it is; each ends it for itself.
--   * Customers' people reach none of it. A subcontractor's person reads the
--     hand-off of a ticket that he may see, and writes nothing.

-- +goose Up
create table provider_links (
  id uuid not null,
  reseller_id uuid not null references desks,
  provider_id uuid not null references desks,
  state text not null check (state in ('asked', 'active', 'ended')),
  asked_by text not null check (asked_by in ('reseller', 'provider')),
  customer_id uuid,       -- the provider's customer that the reseller is
  speaker_id uuid,        -- that customer's person, in whose name the reseller speaks
  reseller_by uuid,       -- who agreed there
  provider_by uuid,       -- and here
  asked_at timestamptz not null,
  agreed_at timestamptz,
  ended_at timestamptz,
  ended_by text not null default '' check (ended_by in ('', 'reseller', 'provider')),
  primary key (id),
  unique (id, reseller_id, provider_id),
  foreign key (provider_id, customer_id) references customers (desk_id, id),
  foreign key (provider_id, speaker_id) references people (desk_id, id),
  foreign key (provider_id, provider_by) references people (desk_id, id),
  foreign key (reseller_id, reseller_by) references people (desk_id, id),
  check (reseller_id <> provider_id),
  check (state <> 'active' or customer_id is not null and speaker_id is not null and agreed_at is not null),
  check ((ended_at is null) = (state <> 'ended')),
  check ((ended_by = '') = (state <> 'ended'))
);
create unique index provider_links_pair on provider_links (reseller_id, provider_id) where state <> 'ended';
create unique index provider_links_customer on provider_links (provider_id, customer_id) where state <> 'ended';

-- One request, as it was sent.
create table handoffs (
  id uuid not null,
  link_id uuid not null,
  reseller_id uuid not null,
  provider_id uuid not null,
  escalation_id uuid not null,  -- the reseller's
  ticket_id uuid,               -- the provider's, null until its desk has taken it
  number bigint,                -- of that ticket
  request jsonb not null,       -- what the ticket is made of
  dossier jsonb not null,
  reseller_done timestamptz,    -- when it was over for each side
  provider_done timestamptz,
  created_at timestamptz not null,
  primary key (id),
  unique (id, reseller_id, provider_id),
  foreign key (link_id, reseller_id, provider_id) references provider_links (id, reseller_id, provider_id),
  foreign key (reseller_id, escalation_id) references escalations (desk_id, id) on delete cascade,
  foreign key (provider_id, ticket_id) references tickets (desk_id, id) on delete cascade,
  check ((ticket_id is null) = (number is null))
);
create unique index handoffs_escalation on handoffs (reseller_id, escalation_id) where reseller_done is null;
create unique index handoffs_ticket on handoffs (provider_id, ticket_id) where ticket_id is not null;
create index handoffs_link on handoffs (link_id, created_at desc);

-- What one side tells the other of it, in the order told.
create table handoff_items (
  handoff_id uuid not null,
  side text not null check (side in ('reseller', 'provider')),
  seq integer not null,
  reseller_id uuid not null,
  provider_id uuid not null,
  kind text not null check (side = 'reseller' and kind in ('opened', 'message', 'state', 'ended')
    or side = 'provider' and kind in ('taken', 'message', 'state', 'returned', 'closed')),
  key text not null,            -- names the act, so that a second press adds nothing
  data jsonb not null,
  created_at timestamptz not null,
  taken_at timestamptz,         -- when the other side did what follows
  primary key (handoff_id, side, seq),
  unique (handoff_id, side, key),
  foreign key (handoff_id, reseller_id, provider_id) references handoffs (id, reseller_id, provider_id) on delete cascade
);
create index handoff_items_untaken on handoff_items (handoff_id, side, seq) where taken_at is null;

alter table provider_links enable row level security;
alter table handoffs enable row level security;
alter table handoff_items enable row level security;
grant select, insert on provider_links, handoffs, handoff_items to guichet_app;
grant update (state, customer_id, speaker_id, reseller_by, provider_by, agreed_at, ended_at, ended_by) on provider_links to guichet_app;
grant update (ticket_id, number, reseller_done, provider_done) on handoffs to guichet_app;
grant update (taken_at) on handoff_items to guichet_app;

create policy desk on provider_links using (nullif(current_setting('app.desk_id', true), '')::uuid in (reseller_id, provider_id));
create policy customer on provider_links as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
create policy subcontractor on provider_links as restrictive for all using (nullif(current_setting('app.subcontractor_id', true), '') is null);
create policy asks on provider_links as restrictive for insert with check (state = 'asked' and agreed_at is null and case asked_by
  when 'reseller' then reseller_id = nullif(current_setting('app.desk_id', true), '')::uuid and customer_id is null and speaker_id is null and provider_by is null
  else provider_id = nullif(current_setting('app.desk_id', true), '')::uuid and customer_id is not null and speaker_id is not null and reseller_by is null end);

-- Whether a desk of the reader's scope has a link that holds. In plpgsql for the
-- reason ticket_in_sight is.
-- +goose StatementBegin
create function link_holds(link uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.provider_links l where l.id = link and l.state = 'active');
end $$;
-- +goose StatementEnd

-- +goose StatementBegin
create function handoff_holds(handoff uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.handoffs h join public.provider_links l on l.id = h.link_id where h.id = handoff and l.state = 'active');
end $$;
-- +goose StatementEnd

create policy desk on handoffs using (nullif(current_setting('app.desk_id', true), '')::uuid in (reseller_id, provider_id));
create policy customer on handoffs as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
create policy subcontractor_read on handoffs as restrictive for select using (
  case when nullif(current_setting('app.subcontractor_id', true), '') is null then true else ticket_in_sight(provider_id, ticket_id) end);
create policy subcontractor_add on handoffs as restrictive for insert with check (nullif(current_setting('app.subcontractor_id', true), '') is null);
create policy subcontractor_change on handoffs as restrictive for update using (nullif(current_setting('app.subcontractor_id', true), '') is null);
create policy hands_over on handoffs as restrictive for insert with check (reseller_id = nullif(current_setting('app.desk_id', true), '')::uuid
  and ticket_id is null and reseller_done is null and provider_done is null and link_holds(link_id));

create policy desk on handoff_items using (nullif(current_setting('app.desk_id', true), '')::uuid in (reseller_id, provider_id));
create policy customer on handoff_items as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
create policy subcontractor on handoff_items as restrictive for all using (nullif(current_setting('app.subcontractor_id', true), '') is null);
create policy tells on handoff_items as restrictive for insert with check (taken_at is null and handoff_holds(handoff_id)
  and case side when 'reseller' then reseller_id else provider_id end = nullif(current_setting('app.desk_id', true), '')::uuid);
create policy takes on handoff_items as restrictive for update
  using (taken_at is null and case side when 'reseller' then provider_id else reseller_id end = nullif(current_setting('app.desk_id', true), '')::uuid)
  with check (taken_at is not null);

-- What either side may change of a link: a policy cannot compare a row with what
-- it was. Who stands by no desk migrates.
-- +goose StatementBegin
create function provider_link_of_two() returns trigger language plpgsql as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
  mine text := case me when old.reseller_id then 'reseller' else 'provider' end;
begin
  if me is null then
    return new;
  end if;
  if old.state = 'ended'
    or new.state = 'asked' and old.state <> 'asked'
    or new.state = 'active' and old.state = 'asked' and old.asked_by = mine
    or new.state = 'ended' and new.ended_by <> mine
    or mine = 'reseller' and (new.customer_id, new.speaker_id, new.provider_by) is distinct from (old.customer_id, old.speaker_id, old.provider_by)
    or mine = 'provider' and new.reseller_by is distinct from old.reseller_by
    or old.customer_id is not null and new.customer_id is distinct from old.customer_id
    or old.agreed_at is not null and new.agreed_at is distinct from old.agreed_at
    or mine = 'provider' and new.speaker_id is not null and not exists (select from public.people p
      where p.desk_id = me and p.id = new.speaker_id and p.customer_id = new.customer_id) then
    raise insufficient_privilege using message = 'row-level security: a link is of two desks';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger of_two before update on provider_links for each row execute function provider_link_of_two();

-- +goose StatementBegin
create function handoff_of_two() returns trigger language plpgsql as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
begin
  if me is null then
    return new;
  end if;
  if me = old.reseller_id and (new.ticket_id, new.number, new.provider_done) is distinct from (old.ticket_id, old.number, old.provider_done)
    or me = old.provider_id and new.reseller_done is distinct from old.reseller_done
    or old.ticket_id is not null and (new.ticket_id, new.number) is distinct from (old.ticket_id, old.number)
    or old.reseller_done is not null and new.reseller_done is distinct from old.reseller_done
    or old.provider_done is not null and new.provider_done is distinct from old.provider_done then
    raise insufficient_privilege using message = 'row-level security: a hand-off is of two desks';
  end if;
  return new;
end $$;
-- +goose StatementEnd
create trigger of_two before update on handoffs for each row execute function handoff_of_two();

-- Whether the desk of the transaction hands over to another, or works for one: all
-- that a customer's or a subcontractor's act needs to know, to leave word of itself
-- to a job of the desk.
-- +goose StatementBegin
create function crosses_desks(of_desk uuid, side text) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select of_desk = nullif(current_setting('app.desk_id', true), '')::uuid and exists (select from provider_links l where l.state = 'active'
    and case crosses_desks.side when 'reseller' then l.reseller_id else l.provider_id end = of_desk)
$$;
-- +goose StatementEnd
revoke all on function crosses_desks(uuid, text) from public;
grant execute on function crosses_desks(uuid, text) to guichet_app;

-- +goose Down
drop function crosses_desks(uuid, text);
drop table handoff_items;
drop table handoffs;
drop table provider_links;
drop function handoff_of_two();
drop function provider_link_of_two();
drop function handoff_holds(uuid);
drop function link_holds(uuid);

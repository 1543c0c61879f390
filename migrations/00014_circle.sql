-- The early-warning circle: desks of one installation that tell each other, and
-- nobody else, how many customers complain about which service and where. All
-- that ever leaves a desk is a row of circle_counts, and no desk reads another's:
-- seen_elsewhere() answers a band, where enough customers of enough desks stand
-- behind it.
--
-- What a hostile member can do, and what it gains:
--   * It asks. Its own rows never count towards what it is told, so that adding to
--     them moves nothing it can see, and fewer than three others are never told of.
--   * It asks again and again. Only slices of five minutes that are over are read,
--     and nobody, not even their desk, writes in one that is over: within a slice
--     every question has the same answer.
--   * It leaves and comes back. Out is out at once, which a friend can watch: one
--     more question within the slice, and no third, since back in it counts, and is
--     told anything, from the next slice on.
--   * It writes text, other places, huge or negative figures. Names are a closed
--     list, figures end at 25, and within a band one desk counts for half of it.
--   * It has a friend. Two members of a circle of four that count together learn,
--     where each of the two others has at least one customer complaining, that both
--     have, and about how many together (one question a slice, the friend's figure
--     moved between). Of a circle of three they learn nothing. Three of four learn
--     the same of the fourth alone; three anywhere can cry wolf. No threshold helps
--     against members who are one person: therefore nobody joins who was not let in,
--     and only the operator lets in, who knows which companies are companies. With
--     few members a line says more about each of them than with many.

-- +goose Up
-- The desks that the operator lets take part. The role that serves cannot add
-- one: it can only let a desk's admin join or leave.
create table circle (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  let_at timestamptz not null,
  joined_at timestamptz, -- null: let, and not in it
  joined_by uuid,
  primary key (desk_id),
  foreign key (desk_id, joined_by) references people (desk_id, id)
);
select protect('circle');
create policy customer on circle as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('circle', 'false');
revoke insert, update on circle from guichet_app;
grant update (joined_at, joined_by) on circle to guichet_app;
-- Nobody was in it before he joined.
create policy joins_now on circle as restrictive for update using (true) with check (joined_at is null or joined_at >= now());

-- Figures are of five minutes each, by the database's own clock: the writer's
-- cannot be trusted, nor can that of a transaction left open.
create function circle_slice() returns timestamptz language sql volatile parallel restricted as $$
  select date_bin('5 minutes', clock_timestamp(), timestamptz '2000-01-01 00:00:00+00')
$$;

-- Whether a desk of the reader's scope is in the circle. In plpgsql for the reason
-- ticket_in_sight is.
-- +goose StatementBegin
create function in_circle(of_desk uuid) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return exists (select from public.circle c where c.desk_id = of_desk and c.joined_at is not null);
end $$;
-- +goose StatementEnd

-- Customers of a desk that complained within the last hour, as counted during a
-- slice. Services and places are lists, lest a name carry a message.
create table circle_counts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  at timestamptz not null default circle_slice(),
  service text not null check (service in (
    'Exchange Online', 'Microsoft Teams', 'SharePoint Online', 'OneDrive for Business', 'Microsoft 365 Apps', 'Office for the web',
    'Microsoft Entra', 'Microsoft 365 suite', 'Microsoft Intune', 'Microsoft Defender XDR', 'Microsoft Purview', 'Microsoft Copilot',
    'Planner', 'Microsoft Forms', 'Microsoft Bookings', 'OneNote', 'Windows 365', 'Microsoft Graph', 'Power BI', 'Power Apps',
    'Microsoft Power Automate', 'Dynamics 365 Apps', 'Dynamics 365 Business Central', 'Azure Virtual Machines', 'Azure App Service',
    'Azure Functions', 'Azure SQL Database', 'Azure Storage', 'Azure Virtual Network', 'Azure VPN Gateway', 'Azure ExpressRoute',
    'Azure Load Balancer', 'Azure Kubernetes Service', 'Azure Container Apps', 'Azure Container Registry', 'Azure Cosmos DB',
    'Azure OpenAI Service', 'Azure SignalR Service', 'Azure Virtual Desktop', 'Azure DevOps', 'Azure portal')),
  region text not null check (region in ('', -- not said
    'africa', 'asia', 'australia', 'austria', 'belgium', 'brazil', 'canada', 'centralus', 'china', 'denmark', 'eastasia', 'eastus',
    'eastus2', 'europe', 'finland', 'france', 'germany', 'india', 'ireland', 'israel', 'italy', 'japan', 'korea', 'luxembourg',
    'netherlands', 'northamerica', 'northcentralus', 'northeurope', 'norway', 'poland', 'portugal', 'qatar', 'southafrica', 'southamerica',
    'southcentralus', 'southeastasia', 'spain', 'sweden', 'switzerland', 'uae', 'uk', 'westeurope', 'westus', 'westus2', 'westus3')),
  customers smallint not null check (customers between 0 and 25), -- half of the highest band
  primary key (desk_id, at, service, region)
);
select protect('circle_counts');
create policy customer on circle_counts as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('circle_counts', 'false');
-- A slice that is over stays as it is, as long as it may be read.
create policy counts_now on circle_counts as restrictive for insert with check (at = circle_slice() and in_circle(desk_id));
create policy corrects_now on circle_counts as restrictive for update using (at = circle_slice()) with check (at = circle_slice() and in_circle(desk_id));
create policy forgets on circle_counts as restrictive for delete using (at < now() - interval '1 day' or not in_circle(desk_id));
grant delete on circle_counts to guichet_app;

-- What the desk of the transaction may know of all others in the circle: services
-- and places of which, in the last slice, at least three other desks counted at
-- least five customers. "at_least" is the band, 5, 10, 25 or 50; "since" the quarter
-- of an hour in which it began, within three hours and over gaps of a quarter.
-- +goose StatementBegin
create function seen_elsewhere() returns table (service text, region text, at_least integer, since timestamptz)
language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
  slice timestamptz := circle_slice(); -- the one that is not over
begin
  if nullif(current_setting('app.customer_id', true), '') is not null
    or nullif(current_setting('app.subcontractor_id', true), '') is not null
    or not exists (select from circle c where c.desk_id = me and c.joined_at <= slice - interval '5 minutes') then
    return;
  end if;
  return query
  with reached as materialized (
    select n.at, n.service, n.region, case
        when sum(least(n.customers, 25)) >= 50 then 50
        when sum(least(n.customers, 13)) >= 25 then 25
        when sum(least(n.customers, 5)) >= 10 then 10
        else 5 end as band
    from circle c join circle_counts n on n.desk_id = c.desk_id and n.at < slice and n.at >= slice - interval '3 hours' and n.customers > 0
    where c.desk_id <> me and c.joined_at <= n.at
    group by n.at, n.service, n.region
    having count(*) >= 3 and sum(least(n.customers, 3)) >= 5
  ), begun as (
    select r.*, coalesce(r.at - lag(r.at) over (partition by r.service, r.region order by r.at) > interval '15 minutes', true) as anew
    from reached r
  )
  select b.service, b.region, b.band, date_bin('15 minutes', (select max(f.at) from begun f
      where f.service = b.service and f.region = b.region and f.anew), timestamptz '2000-01-01 00:00:00+00')
  from begun b where b.at = slice - interval '5 minutes'
  order by b.band desc, b.service, b.region;
end $$;
-- +goose StatementEnd
revoke all on function seen_elsewhere() from public;
grant execute on function seen_elsewhere() to guichet_app;

-- The circle as the operator reads it, who connects as the owner; anybody else
-- finds his own desk in it.
-- +goose StatementBegin
create function circle_desks() returns table (slug text, name text, let_at timestamptz, joined_at timestamptz) language sql stable as $$
  select d.slug, d.name, c.let_at, c.joined_at from public.desks d join public.circle c on c.desk_id = d.id order by d.name
$$;
-- +goose StatementEnd
revoke all on function circle_desks() from public;

-- +goose Down
drop function circle_desks();
drop function seen_elsewhere();
drop table circle_counts;
drop function in_circle(uuid);
drop function circle_slice();
drop table circle;

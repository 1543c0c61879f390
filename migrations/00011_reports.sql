-- What reports are read from: figures of a day, and of a month, by customer. No
-- report reads a ticket, so that it takes as long in ten years as today.

-- +goose Up
-- Promises that ended on a day, in the desk's zone.
create table daily_figures (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  day date not null,
  customer_id uuid not null,
  support_type text not null,
  clock text not null,
  met integer not null,
  missed integer not null,
  dropped integer not null,
  counted integer not null,  -- of a clock that promises nothing
  seconds bigint not null,   -- spent, of all but the dropped ones
  primary key (desk_id, day, customer_id, support_type, clock),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create index daily_figures_customer on daily_figures (desk_id, customer_id, day);
select protect('daily_figures');
select protect_subcontractor('daily_figures', 'false');

-- Tickets by the hour, on the desk's clock on the wall, at which they came.
create table hourly_tickets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  day date not null,
  hour smallint not null check (hour between 0 and 23),
  customer_id uuid not null,
  tickets integer not null,
  closed integer not null,   -- of these, while the desk was closed
  primary key (desk_id, day, hour, customer_id),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
-- The week of one customer is read from here; that of all, from monthly_tickets.
create index hourly_tickets_customer on hourly_tickets (desk_id, customer_id, day);
select protect('hourly_tickets');
select protect_subcontractor('hourly_tickets', 'false');

-- Time worked and what is charged for it. Time alone stands in the currency of
-- the offer.
create table daily_work (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  day date not null,
  customer_id uuid not null,
  currency text not null,    -- ISO 4217
  minutes integer not null,
  billable integer not null, -- of these
  amount numeric not null,
  primary key (desk_id, day, customer_id, currency),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
select protect('daily_work');
select protect_subcontractor('daily_work', 'false');

-- The same by month, which a page is read from. "month" is its first day. Those
-- of one customer are few enough by day.
create table monthly_figures (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  month date not null,
  support_type text not null,
  clock text not null,
  met integer not null,
  missed integer not null,
  dropped integer not null,
  counted integer not null,
  seconds bigint not null,
  primary key (desk_id, month, support_type, clock)
);
select protect('monthly_figures');
select protect_subcontractor('monthly_figures', 'false');

-- All customers side by side: one row where the clocks would be three, so that
-- two years of five hundred are twelve thousand rows.
create table monthly_customers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  month date not null,
  customer_id uuid not null,
  support_type text not null,
  first_met integer not null,
  first_missed integer not null,
  first_dropped integer not null,
  next_met integer not null,
  next_missed integer not null,
  next_dropped integer not null,
  resolution_met integer not null,
  resolution_missed integer not null,
  resolution_dropped integer not null,
  primary key (desk_id, month, customer_id, support_type),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
select protect('monthly_customers');
select protect_subcontractor('monthly_customers', 'false');

create table monthly_tickets (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  month date not null,
  weekday smallint not null check (weekday between 0 and 6), -- 0 is Monday
  hour smallint not null check (hour between 0 and 23),
  tickets integer not null,
  closed integer not null,
  primary key (desk_id, month, weekday, hour)
);
select protect('monthly_tickets');
select protect_subcontractor('monthly_tickets', 'false');

create table monthly_work (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  month date not null,
  customer_id uuid not null,
  currency text not null,
  minutes integer not null,
  billable integer not null,
  amount numeric not null,
  primary key (desk_id, month, customer_id, currency),
  foreign key (desk_id, customer_id) references customers (desk_id, id)
);
create index monthly_work_customer on monthly_work (desk_id, customer_id, month);
select protect('monthly_work');
select protect_subcontractor('monthly_work', 'false');

-- Which days are counted, and when. A day counted before it was over, or in a
-- zone that the desk has left, is counted again.
create table rolled_up (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  day date not null,
  zone text not null,
  rolled_at timestamptz not null,
  primary key (desk_id, day)
);
select protect('rolled_up');
select protect_subcontractor('rolled_up', 'false');

-- Figures compare customers: they are the desk's alone. What a day no longer
-- holds is taken out when it is counted again. "case", as a bare "is null" is
-- taken for a clause that one row in two hundred passes, and years are sorted
-- where they would be hashed.
-- +goose StatementBegin
do $$
declare t text;
begin
  foreach t in array array['daily_figures', 'hourly_tickets', 'daily_work', 'monthly_figures', 'monthly_customers', 'monthly_tickets', 'monthly_work', 'rolled_up'] loop
    execute format('create policy customer on %I as restrictive for all using (case when nullif(current_setting(''app.customer_id'', true), '''') is null then true else false end)', t);
    execute format('grant delete on %I to guichet_app', t);
  end loop;
end $$;
-- +goose StatementEnd

-- The tickets of a day, without walking through all there ever were.
create index tickets_created on tickets (desk_id, created_at) include (customer_id);

-- Work is counted by the day on which it was done.
create index time_entries_ended on time_entries (desk_id, ended_at);
create index charges_done on charges (desk_id, done_at);

-- +goose Down
drop index charges_done;
drop index time_entries_ended;
drop index tickets_created;
drop table rolled_up;
drop table monthly_work;
drop table monthly_tickets;
drop table monthly_customers;
drop table monthly_figures;
drop table daily_work;
drop table hourly_tickets;
drop table daily_figures;

-- +goose Up
create table customers (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  name text not null,
  tenant text not null default '',
  initial_domain text not null default '',
  domains text[] not null default '{}',
  relationship text not null check (relationship in ('direct', 'reseller', 'provider')),
  region text not null default '',
  priority boolean not null default false,
  open_door boolean not null default true,
  note text not null default '',
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (desk_id, id)
);
create unique index customers_tenant on customers (desk_id, tenant) where tenant <> '';
create unique index customers_name on customers (desk_id, lower(name));
select protect('customers');
select protect_customer('customers', 'id');

create table people (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  customer_id uuid,
  identity_id uuid references identities,
  name text not null,
  email text not null,
  role text not null check (role in ('contact', 'manager', 'agent', 'lead', 'admin')),
  language text not null default '',
  zone text not null default '',
  keys_off boolean not null default false,
  active boolean not null default true,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  check ((customer_id is null) = (role in ('agent', 'lead', 'admin')))
);
create unique index people_identity on people (desk_id, identity_id) where identity_id is not null;
create unique index people_email on people (desk_id, coalesce(customer_id, '00000000-0000-0000-0000-000000000000'), email);
create index people_by_email on people (desk_id, email);
create index people_by_customer on people (desk_id, customer_id, name);
select protect('people');
-- A customer reads the names of the desk's people who answer him.
select protect_customer('people', 'customer_id', 'customer_id is null');

-- +goose Down
drop table people;
drop table customers;

-- What somebody has typed and not sent, so that he finds it again on another
-- machine. "about" says which form it was typed into, "fields" is the form as a
-- browser would send it. Nobody reads another's.

-- +goose Up
create table drafts (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  person_id uuid not null,
  about text not null check (length(about) between 1 and 80),
  customer_id uuid,       -- of a customer's person
  subcontractor_id uuid,  -- of a subcontractor's
  fields text not null check (octet_length(fields) <= 65536),
  updated_at timestamptz not null,
  primary key (desk_id, person_id, about),
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade,
  foreign key (desk_id, customer_id) references customers (desk_id, id),
  foreign key (desk_id, subcontractor_id) references subcontractors (desk_id, id)
);
create index drafts_by_age on drafts (desk_id, updated_at);
select protect('drafts');
select protect_customer('drafts');
select protect_subcontractor('drafts', $$subcontractor_id = nullif(current_setting('app.subcontractor_id', true), '')::uuid$$);
grant delete on drafts to guichet_app;

-- +goose Down
drop table drafts;

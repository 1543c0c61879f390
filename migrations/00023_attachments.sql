-- Files that people send with what they write. Their bytes are in the bucket,
-- under names that say nothing; a row says what they are and whose.

-- +goose Up
create table attachments (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  ticket_id uuid not null,
  customer_id uuid not null,
  message_id uuid,                          -- that it came with
  finding_id uuid,
  internal boolean not null,                -- with a note or a finding: the desk's alone
  name text not null,                       -- as whoever sent it called it, cleaned
  type text not null,                       -- what its first bytes say, never what was told
  bytes bigint not null check (bytes >= 0),
  blob text not null,                       -- its name in the bucket
  sum text not null,                        -- SHA-256, in hexadecimal
  width integer not null default 0,         -- of an image that a page can show
  height integer not null default 0,
  preview text not null default '',         -- the blob of its small picture
  inline boolean not null default false,    -- stands inside a mail's text
  content_id text not null default '',      -- how that text calls it
  state text not null check (state in ('kept', 'quarantined', 'infected', 'removed')),
  signature text not null default '',       -- what a scanner found in it
  person_id uuid not null,
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, message_id) references messages (desk_id, id) on delete cascade,
  foreign key (desk_id, finding_id) references findings (desk_id, id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
create index attachments_ticket on attachments (desk_id, ticket_id, created_at, id);
create index attachments_person on attachments (desk_id, person_id);
create index attachments_blob on attachments (desk_id, blob);
create index attachments_preview on attachments (desk_id, preview) where preview <> '';
select protect('attachments');
select protect_customer('attachments');
select protect_internal('attachments', 'internal');
select protect_subcontractor('attachments');

-- Files on their way in: of a form that is not sent yet, or that came back. They
-- are their person's alone, and go when he sends the form, or after a day.
create table uploads (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  person_id uuid not null,
  customer_id uuid,                         -- the person's
  subcontractor_id uuid,                    -- the person's
  name text not null,
  type text not null default '',            -- once it is whole
  bytes bigint not null check (bytes >= 0), -- of the whole file
  received bigint not null check (received between 0 and bytes),
  pieces text[] not null default '{}',      -- blobs of what has come, in their order
  blob text not null default '',            -- once it is whole
  sum text not null default '',
  mark text not null default '',            -- tells the same file sent again
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, person_id) references people (desk_id, id) on delete cascade
);
create index uploads_person on uploads (desk_id, person_id, created_at);
create index uploads_age on uploads (desk_id, created_at);
select protect('uploads');
grant delete on uploads to guichet_app;
select protect_customer('uploads');
select protect_subcontractor('uploads', $$subcontractor_id = nullif(current_setting('app.subcontractor_id', true), '')::uuid$$);

-- How large files may be, and which are refused; empty: as a new desk has it.
alter table desks add files jsonb not null default '{}';

-- +goose Down
alter table desks drop column files;
drop table uploads;
drop table attachments;

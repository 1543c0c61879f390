-- Files that go with the dossier of an escalation. Their bytes are in the bucket;
-- secrets were covered before they were kept. A customer never reads one.

-- +goose Up
create table evidence_files (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  id uuid not null,
  escalation_id uuid not null,
  name text not null,                  -- as whoever sent it called it, cleaned
  type text not null,                  -- as it was told, never trusted
  bytes bigint not null check (bytes > 0),
  blob text not null,                  -- its name in the bucket
  sum text not null,                   -- SHA-256, in hexadecimal
  masked jsonb not null default '[]',  -- how many secrets of which kind were covered
  person_id uuid not null,
  removed_at timestamptz,              -- then its bytes are gone, and that it was there stays
  created_at timestamptz not null,
  primary key (desk_id, id),
  foreign key (desk_id, escalation_id) references escalations (desk_id, id) on delete cascade,
  foreign key (desk_id, person_id) references people (desk_id, id)
);
-- One dossier has a file once, however often it is sent.
create unique index evidence_files_sum on evidence_files (desk_id, escalation_id, sum) where removed_at is null;
create unique index evidence_files_blob on evidence_files (desk_id, blob);
select protect('evidence_files');
create policy customer on evidence_files as restrictive for all using (nullif(current_setting('app.customer_id', true), '') is null);
select protect_subcontractor('evidence_files', 'escalation_in_sight(desk_id, escalation_id)');

-- +goose Down
drop table evidence_files;

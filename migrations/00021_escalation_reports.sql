-- What is owed on escalations and was not given, and what became of them: figures of
-- a day, and of a month, as other reports have them.

-- +goose Up
-- When somebody must next be told; null while nothing is owed by a time.
alter table escalations add column remind_at timestamptz;
update escalations set remind_at = due_at where ended_at is null;
create index escalations_remind on escalations (remind_at) where remind_at is not null;

-- +goose StatementBegin
create function desks_to_remind(at timestamptz, most integer) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as $$
  select distinct desk_id from (select desk_id from escalations where remind_at <= at order by remind_at limit 10000) owed limit most
$$;
-- +goose StatementEnd
revoke all on function desks_to_remind(timestamptz, integer) from public;
grant execute on function desks_to_remind(timestamptz, integer) to guichet_app;

-- +goose Down
drop function desks_to_remind(timestamptz, integer);
drop index escalations_remind;
alter table escalations drop column remind_at;

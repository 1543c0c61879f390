-- Files that a virus scanner cannot look through: too large for it, or packed so
-- that it gives up. They wait for an admin's word.

-- +goose Up
alter table attachments drop constraint attachments_state_check;
alter table attachments add constraint attachments_state_check check (state in ('kept', 'quarantined', 'unscanned', 'infected', 'removed'));
create index attachments_unscanned on attachments (desk_id, created_at) where state = 'unscanned';

-- +goose Down
drop index attachments_unscanned;
update attachments set state = 'quarantined' where state = 'unscanned';
alter table attachments drop constraint attachments_state_check;
alter table attachments add constraint attachments_state_check check (state in ('kept', 'quarantined', 'infected', 'removed'));

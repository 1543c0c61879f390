-- +goose Up
-- Letters that are no part of a ticket's conversation have a subject of their own. The
-- one that all letters about a ticket share is a subject too, and no text.
alter table letter_texts add column subject text not null default '';
update letter_texts set subject = body, body = '' where kind = 'subject';

-- What says that a letter arrived comes once a letter and is swept after a month.
create index mails_reports on mails (desk_id, created_at) where state = 'ignored' and reason = 'bounce';

-- +goose Down
drop index mails_reports;
update letter_texts set body = subject where kind = 'subject';
alter table letter_texts drop column subject;

-- +goose Up
-- Letters that are no part of a ticket's conversation have a subject of their own. The
-- one that all letters about a ticket share is a subject too, and no text.
alter table letter_texts add column subject text not null default '';
update letter_texts set subject = body, body = '' where kind = 'subject';

-- A report that a letter arrived has said all it has to say, and comes once a letter: it
-- is swept. All other mail is kept, whoever asks.
grant delete on mails to guichet_app;
create policy receipts on mails as restrictive for delete using (state = 'ignored' and reason = 'bounce' and (bounce->>'delivered')::boolean is true);

-- +goose Down
drop policy receipts on mails;
revoke delete on mails from guichet_app;
update letter_texts set body = subject where kind = 'subject';
alter table letter_texts drop column subject;

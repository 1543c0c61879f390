-- Help that a customer reads before he writes, with what it saved; and orders
-- of subscriptions, which a manager of the customer may have to approve.

-- +goose Up
-- +goose StatementBegin
-- Words without their accents: who types in a hurry leaves them out. What is
-- stored generated must be immutable, which the extension unaccent is not. The
-- French stop words that only their accents told from others go with them.
create function plain_words(words text) returns text language sql immutable parallel safe as $$
  select regexp_replace(replace(replace(translate(lower(words),
    'àáâãäåçèéêëìíîïñòóôõöùúûüýÿÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ',
    'aaaaaaceeeeiiiinooooouuuuyyaaaaaaceeeeiiiinooooouuuuy'), 'œ', 'oe'), 'æ', 'ae'),
    '\m(a|ete|etes|etais|etait|etaient|etant|meme|memes)\M', ' ', 'g')
$$;
-- +goose StatementEnd

-- An article in one language or in both; the title of a language that it lacks
-- is empty. There is no index on the words: @@ is not leakproof, so that under
-- row security no index condition can be made of it. A desk's own articles are
-- found by the primary key, and are few.
create table articles (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid references desks,
  id uuid not null,
  service text not null default '', -- a service, a family of them, or any
  title_fr text not null default '',
  body_fr text not null default '',
  title_en text not null default '',
  body_en text not null default '',
  published boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  search_fr tsvector not null generated always as
    (setweight(to_tsvector('french', plain_words(title_fr)), 'A') || setweight(to_tsvector('french', plain_words(body_fr)), 'B')) stored,
  search_en tsvector not null generated always as
    (setweight(to_tsvector('english', plain_words(title_en)), 'A') || setweight(to_tsvector('english', plain_words(body_en)), 'B')) stored,
  primary key (desk_id, id),
  check (title_fr <> '' or title_en <> '')
);
select protect('articles');
create policy customer_read on articles as restrictive for select using (nullif(current_setting('app.customer_id', true), '') is null or published);
create policy customer_add on articles as restrictive for insert with check (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_change on articles as restrictive for update using (nullif(current_setting('app.customer_id', true), '') is null);
create policy customer_remove on articles as restrictive for delete using (nullif(current_setting('app.customer_id', true), '') is null);
grant delete on articles to guichet_app; -- an article that is wrong is gone

-- How often an article was shown, opened, and enough. Whoever reads it counts,
-- so that customers' people write here; none of it tells who.
create table article_days (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  article_id uuid not null,
  day date not null,
  shown integer not null default 0,
  opened integer not null default 0,
  solved integer not null default 0,
  primary key (desk_id, article_id, day),
  foreign key (desk_id, article_id) references articles (desk_id, id) on delete cascade
);
select protect('article_days');
alter table desks add approve_orders boolean not null default false;

-- What a ticket of kind "subscription" orders, where the form asked for it.
create table subscription_orders (
  desk_id uuid not null default nullif(current_setting('app.desk_id', true), '')::uuid,
  ticket_id uuid not null,
  customer_id uuid not null,
  action text not null check (action in ('buy', 'add_seats', 'remove_seats', 'cancel', 'renew')),
  product text not null,
  seats integer not null default 0, -- 0 where the action needs none
  wished_on date,
  commitment text not null check (commitment in ('monthly', 'annual', 'three_years', 'unknown')),
  approval text not null check (approval in ('none', 'waiting', 'approved', 'refused')),
  approver_id uuid,
  decided_at timestamptz,
  reason text not null default '',
  primary key (desk_id, ticket_id),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade,
  foreign key (desk_id, approver_id) references people (desk_id, id)
);
select protect('subscription_orders');
select protect_customer('subscription_orders');
select protect_subcontractor('subscription_orders');
select protect_subcontractor('articles', 'true', 'false');
select protect_subcontractor('article_days', 'true');

-- The commercial queue reads its own tickets only, however many others are open.
create index tickets_queue_commercial on tickets (desk_id, queue_at, id)
  where kind in ('subscription', 'billing') and state not in ('resolved', 'closed');

-- +goose Down
drop index tickets_queue_commercial;
drop table subscription_orders;
alter table desks drop column approve_orders;
drop table article_days;
drop table articles;
drop function plain_words(text);

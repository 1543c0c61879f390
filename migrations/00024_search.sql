-- The words that tickets are found by. They are stemmed and folded before they
-- come here (internal/search), so that no dictionary and no extension has to be
-- installed.
--
-- The role that serves can neither read the words nor write the table: @@ is not leakproof,
-- so that under row security no index condition can be made of it, and what only
-- the desk sees stands in the same row as what the customer does, lest a question
-- of two words miss a ticket that has one in a message and one in a note. The
-- functions below are the only way in, and they hold every reader to his scope by
-- the settings of his transaction: words that only the desk sees begin with "~",
-- and a question of a customer's person that names one is not answered. Without
-- naming one, no such word can be hit, excluded, counted or ranked by.

-- +goose Up
create table search_texts (
  desk_id uuid not null,
  ticket_id uuid not null,
  part smallint not null,              -- a long ticket has several, so that an answer never rewrites it all
  number bigint not null,
  customer_id uuid not null,
  at timestamptz not null,             -- when it was last added to
  stale boolean not null default false, -- to be written anew from the ticket
  words tsvector not null,
  primary key (desk_id, ticket_id, part),
  foreign key (desk_id, ticket_id, customer_id) references tickets (desk_id, id, customer_id) on delete cascade
);
select protect('search_texts');
select protect_customer('search_texts');
select protect_subcontractor('search_texts');
revoke all on search_texts from guichet_app;
grant select (desk_id, ticket_id, part, number, customer_id, at, stale) on search_texts to guichet_app; -- all but the words
create index search_texts_words on search_texts using gin (words);
create index search_texts_stale on search_texts (desk_id, number desc) where stale;

-- A name as names are compared, and as words: whole, without accents and without
-- a language.
create function plain_name(name text) returns text language sql immutable parallel safe as $$
  select replace(replace(translate(lower(name), 'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy'), 'œ', 'oe'), 'æ', 'ae')
$$;
create function name_words(names text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple', regexp_replace(replace(replace(translate(lower(names),
    'àáâãäåçèéêëìíîïñòóôõöùúûüýÿ', 'aaaaaaceeeeiiiinooooouuuuyy'), 'œ', 'oe'), 'æ', 'ae'), '[^[:alnum:]]+', ' ', 'g'))
$$;

-- Marks that no text can hold narrow a question to a desk's tickets of certain
-- numbers, 4,096, 32,768 or 262,144 of them at a time, or to a customer's. They are
-- short, so that desks and customers may share one: whoever asks compares the ids.
create function search_marks(of_desk uuid, of_customer uuid, number bigint) returns tsvector language sql immutable parallel safe as $$
  select array_to_tsvector(array['=' || right(of_desk::text, 8) || 'a' || (number >> 12), '=' || right(of_desk::text, 8) || 'b' || (number >> 15),
    '=' || right(of_desk::text, 8) || 'c' || (number >> 18), '=' || right(of_customer::text, 12)])
$$;

-- Whether the transaction's scope reaches a ticket of a desk. What runs as the
-- owner of the tables has no policy above it, and asks this.
-- +goose StatementBegin
create function search_reaches(of_desk uuid, of_customer uuid, of_service text) returns boolean language plpgsql stable parallel safe cost 1 as $$
begin
  return of_desk = nullif(current_setting('app.desk_id', true), '')::uuid
    and (nullif(current_setting('app.customer_id', true), '') is null or of_customer = current_setting('app.customer_id', true)::uuid)
    and (nullif(current_setting('app.subcontractor_id', true), '') is null
      or (case when current_setting('app.customers', true) = '*' then true
          else of_customer = any (string_to_array(nullif(current_setting('app.customers', true), '*'), ',')::uuid[]) end)
        and (case when current_setting('app.services', true) = '*' then true
          else encode(convert_to(of_service, 'UTF8'), 'hex') = any (string_to_array(current_setting('app.services', true), ',')) end));
end $$;
-- +goose StatementEnd

-- The words of new tickets.
-- +goose StatementBegin
create function add_search_texts(tickets uuid[], texts text[]) returns void language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  insert into search_texts (desk_id, ticket_id, part, number, customer_id, at, words)
  select t.desk_id, t.id, 0, t.number, t.customer_id, t.last_at,
    n.words::tsvector || setweight(name_words(c.name || ' ' || c.initial_domain || ' ' || p.name || ' ' || p.email), 'B') || search_marks(t.desk_id, t.customer_id, t.number)
  from unnest(add_search_texts.tickets, texts) n (id, words)
    join tickets t on t.desk_id = nullif(current_setting('app.desk_id', true), '')::uuid and t.id = n.id
    join customers c on c.desk_id = t.desk_id and c.id = t.customer_id
    join people p on p.desk_id = t.desk_id and p.id = t.requester_id
  where search_reaches(t.desk_id, t.customer_id, t.service)
  on conflict (desk_id, ticket_id, part) do nothing;
end $$;
-- +goose StatementEnd

-- Adds words to a ticket. A part that is full stays as it is: the next begins with
-- the same subject and names.
-- +goose StatementBegin
create function add_search_words(ticket uuid, added text) returns void language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
  first search_texts;
  last search_texts;
begin
  if not exists (select from tickets t where t.desk_id = me and t.id = ticket and search_reaches(t.desk_id, t.customer_id, t.service)) then
    return;
  end if;
  -- Whoever writes a ticket's words holds its first part.
  select * into first from search_texts s where s.desk_id = me and s.ticket_id = ticket and s.part = 0 for update;
  if not found then
    perform add_search_texts(array[ticket], array[added]);
    return;
  end if;
  select * into last from search_texts s where s.desk_id = me and s.ticket_id = ticket order by s.part desc limit 1;
  if length(last.words) < 800 then
    update search_texts s set words = s.words || added::tsvector, at = now() where s.desk_id = me and s.ticket_id = ticket and s.part = last.part;
  else
    insert into search_texts (desk_id, ticket_id, part, number, customer_id, at, words)
    values (me, ticket, last.part + 1, first.number, first.customer_id, now(),
      ts_filter(first.words, '{a,b}') || added::tsvector || search_marks(me, first.customer_id, first.number));
  end if;
end $$;
-- +goose StatementEnd

-- Tickets of the transaction's desk whose words are to be written anew, the newest
-- first, held until its end.
-- +goose StatementBegin
create function stale_search_texts(most integer) returns setof uuid language plpgsql volatile security definer set search_path = public, pg_temp as $$
begin
  if nullif(current_setting('app.customer_id', true), '') is not null or nullif(current_setting('app.subcontractor_id', true), '') is not null then
    return;
  end if;
  return query select s.ticket_id from search_texts s
    where s.desk_id = nullif(current_setting('app.desk_id', true), '')::uuid and s.stale and s.part = 0
    order by s.number desc limit most for update skip locked;
end $$;
-- +goose StatementEnd

-- Writes a ticket's words anew, those of all its messages in one.
-- +goose StatementBegin
create function renew_search_texts(tickets uuid[], texts text[]) returns void language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
begin
  if nullif(current_setting('app.customer_id', true), '') is not null or nullif(current_setting('app.subcontractor_id', true), '') is not null then
    return;
  end if;
  delete from search_texts s where s.desk_id = me and s.ticket_id = any(renew_search_texts.tickets) and s.part > 0;
  update search_texts s set stale = false, at = t.last_at,
    words = n.words::tsvector || setweight(name_words(c.name || ' ' || c.initial_domain || ' ' || p.name || ' ' || p.email), 'B') || search_marks(t.desk_id, t.customer_id, t.number)
  from unnest(renew_search_texts.tickets, texts) n (id, words)
    join tickets t on t.desk_id = me and t.id = n.id
    join customers c on c.desk_id = me and c.id = t.customer_id
    join people p on p.desk_id = me and p.id = t.requester_id
  where s.desk_id = me and s.ticket_id = t.id and s.part = 0;
end $$;
-- +goose StatementEnd

-- Has the words of a customer's, or of a person's, tickets written anew: a name
-- in them has changed or must be forgotten.
-- +goose StatementBegin
create function stale_search(of uuid) returns void language plpgsql volatile security definer set search_path = public, pg_temp as $$
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
begin
  update search_texts s set stale = true from tickets t
  where t.desk_id = me and (t.customer_id = of or t.requester_id = of or t.id = of) and search_reaches(t.desk_id, t.customer_id, t.service)
    and s.desk_id = me and s.ticket_id = t.id and s.part = 0;
end $$;
-- +goose StatementEnd

-- The newest tickets that answer a question, at most so many, numbered below a
-- bound: only those in the scope of the transaction and, where "own" names a
-- person, only his own and those that he follows. It reads the numbers downwards
-- in stretches that grow, and never more of them than it needs: a word that stands
-- everywhere costs no more than one that stands in a thousand tickets.
-- +goose StatementBegin
create function search_hits(asked text, own uuid, below bigint, most integer)
returns table (ticket_id uuid, number bigint, at timestamptz, rank real) language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
  customer uuid := nullif(current_setting('app.customer_id', true), '')::uuid;
  outside boolean := nullif(current_setting('app.subcontractor_id', true), '') is not null;
  question tsquery := asked::tsquery;
  mark text := '=' || right(me::text, 8);
  width integer;
  top bigint;
  steps integer := 0;
  wanted integer := least(most, 5000);
  got integer;
begin
  if me is null or customer is not null and position('~' in question::text) > 0 then
    return;
  end if;
  select max(t.number) into top from tickets t where t.desk_id = me;
  top := least(top, below - 1);
  while top >= 0 and wanted > 0 loop
    width := case when steps > 5 and (top + 1) % 262144 = 0 then 18 when steps > 2 and (top + 1) % 32768 = 0 then 15 else 12 end;
    return query
      select h.ticket_id, h.number, h.at, ts_rank('{0.1, 0.2, 0.6, 1.0}', h.words, question) from (
        select s.ticket_id, s.number, s.at, s.words from search_texts s
        where s.words @@ (question && ('''' || mark || case width when 12 then 'a' when 15 then 'b' else 'c' end || (top >> width) || ''''
            || case when customer is null then '' else '&''=' || right(customer::text, 12) || '''' end)::tsquery)
          and s.desk_id = me and s.number <= top and (customer is null or s.customer_id = customer)
          and (not outside and own is null or exists (select from tickets t where t.desk_id = me and t.id = s.ticket_id
            and search_reaches(t.desk_id, t.customer_id, t.service)
            and (own is null or t.requester_id = own or exists (select from followers f where f.desk_id = me and f.ticket_id = t.id and f.person_id = own))))
        order by s.number desc limit wanted) h;
    get diagnostics got = row_count;
    wanted := wanted - got;
    top := ((top >> width) << width) - 1;
    steps := steps + 1;
  end loop;
end $$;
-- +goose StatementEnd

revoke all on function search_hits(text, uuid, bigint, integer), add_search_texts(uuid[], text[]), add_search_words(uuid, text),
  stale_search_texts(integer), renew_search_texts(uuid[], text[]), stale_search(uuid) from public;
grant execute on function search_hits(text, uuid, bigint, integer), add_search_texts(uuid[], text[]), add_search_words(uuid, text),
  stale_search_texts(integer), renew_search_texts(uuid[], text[]), stale_search(uuid) to guichet_app;

-- What was there before is found when a job has read it.
insert into search_texts (desk_id, ticket_id, part, number, customer_id, at, stale, words)
select t.desk_id, t.id, 0, t.number, t.customer_id, t.last_at, true, '' from tickets t;

-- +goose Down
drop function search_hits(text, uuid, bigint, integer);
drop function stale_search(uuid);
drop function renew_search_texts(uuid[], text[]);
drop function stale_search_texts(integer);
drop function add_search_words(uuid, text);
drop function add_search_texts(uuid[], text[]);
drop function search_reaches(uuid, uuid, text);
drop function search_marks(uuid, uuid, bigint);
drop function name_words(text);
drop function plain_name(text);
drop table search_texts;

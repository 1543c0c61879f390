-- +goose Up
-- The newest tickets that a question may be answered by, at most so many, numbered below
-- a bound, each with its rank or, where it does not answer the question after all,
-- none: only those in the scope of the transaction and, where "own" names a person,
-- only his own and those that he follows. "terms" are the parts of the question that must
-- hold, and "without" what must not, of words alone: the words' index answers these by
-- itself and finds no less. Phrases are looked for in what it finds. However seldom
-- their words follow one another, no more tickets are read than asked for; whoever gets
-- so many asks again, below the last.
--
-- It reads the numbers downwards in stretches, and never more of them than it needs: a
-- word that stands everywhere costs no more than one that stands in a thousand tickets,
-- and of one that stands nowhere the stretches are long. How long the next may be is
-- told by what the ones before it held.
--
-- Each stretch is asked for by the one plan that a session makes: the words' own index,
-- whatever the question (planning each stretch by itself took more than reading it). No
-- other can be chosen: the desk is compared so that no index serves, and to walk through
-- the whole table is forbidden. Each term is a condition of its own, for then the index
-- leaps from what one of them has to the next that another may have; within one
-- question it asks of each ticket that holds the rarest word whether it answers.
--
-- Whoever has few tickets of his own has these looked
-- through instead: of a large company's they may be few among very many.
drop function search_hits(text, uuid, bigint, integer);
-- +goose StatementBegin
create function search_hits(asked text, terms text[], without text, own uuid, below bigint, most integer)
returns table (ticket_id uuid, number bigint, at timestamptz, rank real) language plpgsql stable security definer rows 200
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off set jit = off as $$
#variable_conflict use_column
declare
  me uuid := nullif(current_setting('app.desk_id', true), '')::uuid;
  customer uuid := nullif(current_setting('app.customer_id', true), '')::uuid;
  outside boolean := nullif(current_setting('app.subcontractor_id', true), '') is not null;
  question tsquery := asked::tsquery;
  any_word tsquery := '!''='''; -- costs the index nothing; to name another twice would
  first tsquery := coalesce(terms[1]::tsquery, any_word);
  second tsquery := coalesce(terms[2]::tsquery, any_word);
  third tsquery := coalesce(terms[3]::tsquery, any_word);
  others tsquery := coalesce(nullif(array_to_string(terms[4:], '&'), '')::tsquery, any_word);
  absent tsquery := coalesce(nullif(without, '')::tsquery, any_word);
  company tsquery := any_word;
  exact boolean := position('<' in asked) = 0;
  mark text := '''=' || right(me::text, 8);
  stretch text;
  width integer := 12;
  top bigint;
  bottom bigint;
  read bigint := 0;
  found integer := 0;
  wanted integer := least(most, 5000);
  got integer;
  mine uuid[];
begin
  if me is null or customer is not null and position('~' in asked || array_to_string(terms, '&') || without) > 0 then
    return;
  end if;
  if customer is not null then
    company := ('''=' || right(customer::text, 12) || '''')::tsquery;
  end if;
  select max(t.number) into top from tickets t where t.desk_id = me;
  top := least(top, below - 1);
  if own is not null then
    select array_agg(o.id) into mine from (select t.id from tickets t where t.desk_id = me and t.requester_id = own
      union select f.ticket_id from followers f where f.desk_id = me and f.person_id = own limit 2001) o;
    if mine is null then
      return;
    end if;
    if cardinality(mine) <= 2000 then
      return query
        select h.ticket_id, h.number, h.at, ts_rank('{0.1, 0.2, 0.6, 1.0}', h.words, question) from (
          select s.ticket_id, s.number, s.at, s.words from unnest(mine) o (id) cross join lateral (
            select s.* from search_texts s where s.desk_id = me and s.ticket_id = o.id offset 0) s
          where s.words @@ question and s.number <= top and (customer is null or s.customer_id = customer)
            and (not outside or exists (select from tickets t where t.desk_id = me and t.id = s.ticket_id and search_reaches(t.desk_id, t.customer_id, t.service)))
          order by s.number desc limit wanted) h;
      return;
    end if;
  end if;
  while top >= 0 and wanted > 0 loop
    bottom := (top >> width) << width;
    stretch := mark || case width when 12 then 'a' when 15 then 'b' else 'c' end || (top >> width) || '''';
    if width = 18 and read >= 32768 and (found + 1) * top / read <= 2 * wanted then -- a million more and another
      while bottom > 0 and top - bottom < 2097152 loop
        bottom := bottom - 262144;
        stretch := stretch || '|' || mark || 'c' || (bottom >> 18) || '''';
      end loop;
    end if;
    return query
      select h.ticket_id, h.number, h.at, case when exact or h.words @@ question then ts_rank('{0.1, 0.2, 0.6, 1.0}', h.words, question) end from (
        select s.ticket_id, s.number, s.at, s.words from search_texts s
        where s.words @@ stretch::tsquery and s.words @@ company and s.words @@ first and s.words @@ second and s.words @@ third
          and s.words @@ others and s.words @@ absent
          and s.desk_id is not distinct from me and s.number <= top and s.number >= bottom and (customer is null or s.customer_id = customer)
          and (not outside and own is null or exists (select from tickets t where t.desk_id = me and t.id = s.ticket_id
            and search_reaches(t.desk_id, t.customer_id, t.service)
            and (own is null or t.requester_id = own or exists (select from followers f where f.desk_id = me and f.ticket_id = t.id and f.person_id = own))))
        order by s.number desc limit wanted) h;
    get diagnostics got = row_count;
    wanted := wanted - got;
    found := found + got;
    read := read + top - bottom + 1;
    top := bottom - 1;
    -- No more than twice what is wanted is to be expected of a stretch.
    width := case when read < 512 then 12 when (found + 1) * 262144 / read <= 2 * wanted then 18
      when (found + 1) * 32768 / read <= 2 * wanted then 15 else 12 end;
  end loop;
end $$;
-- +goose StatementEnd
revoke all on function search_hits(text, text[], text, uuid, bigint, integer) from public;
grant execute on function search_hits(text, text[], text, uuid, bigint, integer) to guichet_app;

-- +goose Down
drop function search_hits(text, text[], text, uuid, bigint, integer);
-- +goose StatementBegin
create function search_hits(asked text, own uuid, below bigint, most integer)
returns table (ticket_id uuid, number bigint, at timestamptz, rank real) language plpgsql stable security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan set enable_seqscan = off as $$
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
    width := case when steps > 5 then 18 when steps > 2 then 15 else 12 end;
    return query
      select h.ticket_id, h.number, h.at, ts_rank('{0.1, 0.2, 0.6, 1.0}', h.words, question) from (
        select s.ticket_id, s.number, s.at, s.words from search_texts s
        where s.words @@ (question && ('''' || mark || case width when 12 then 'a' when 15 then 'b' else 'c' end || (top >> width) || ''''
            || case when customer is null then '' else '&''=' || right(customer::text, 12) || '''' end)::tsquery)
          and s.desk_id is not distinct from me and s.number <= top and (customer is null or s.customer_id = customer)
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
revoke all on function search_hits(text, uuid, bigint, integer) from public;
grant execute on function search_hits(text, uuid, bigint, integer) to guichet_app;

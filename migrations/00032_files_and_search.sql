-- +goose Up
-- Files that a virus scanner cannot look through, too large for it, or packed so that
-- it gives up, wait for an admin's word.
alter table attachments drop constraint attachments_state_check;
alter table attachments add constraint attachments_state_check check (state in ('kept', 'quarantined', 'unscanned', 'infected', 'removed'));
create index attachments_unscanned on attachments (desk_id, created_at) where state = 'unscanned';

-- The newest tickets that answer a question, at most so many, numbered below a
-- bound: only those in the scope of the transaction and, where "own" names a
-- person, only his own and those that he follows. It reads the numbers downwards
-- in stretches that grow, and never more of them than it needs: a word that stands
-- everywhere costs no more than one that stands in a thousand tickets.
--
-- Each stretch is asked for by the one plan that a session makes: the words' own index,
-- whatever the question (planning each stretch by itself took more than reading it). No
-- other can be chosen: the desk is compared so that no index serves, and to walk through
-- the whole table is forbidden.
-- +goose StatementBegin
create or replace function search_hits(asked text, own uuid, below bigint, most integer)
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

-- +goose Down
-- search_hits stays as it is: it answers the same.
drop index attachments_unscanned;
update attachments set state = 'quarantined' where state = 'unscanned';
alter table attachments drop constraint attachments_state_check;
alter table attachments add constraint attachments_state_check check (state in ('kept', 'quarantined', 'infected', 'removed'));

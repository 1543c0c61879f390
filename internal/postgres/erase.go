package postgres

import (
	"guichet/internal/desk"
)

// PersonsTraces counts what erasing a person takes away.
func (t *Tx) PersonsTraces(p desk.Person) (desk.Traces, error) {
	return one[desk.Traces](t, `select (select count(*) from attachments a where a.desk_id = @desk and a.person_id = @person and a.state <> 'removed')::int as files,
		(select count(*) from mails m where m.desk_id = @desk and `+ofPerson+`)::int as mails,
		(select count(*) from tickets t where t.desk_id = @desk and t.requester_id = @person)::int as tickets,
		(select count(*) from messages s where s.desk_id = @desk and s.author_id = @person)::int as messages`, args{"person": p.ID, "email": p.Email})
}

// ofPerson finds the mails of a person, and what came back of letters to him.
const ofPerson = `(m.from_email = @email or m.bounce ->> 'recipient' = @email or m.envelope = @email
	or exists (select from messages s where s.desk_id = @desk and s.id = m.message and s.author_id = @person))`

// BlobsOfPerson lists the blobs of what a person sent. Others may have them too: see
// KnownBlobs.
func (t *Tx) BlobsOfPerson(p desk.Person) ([]string, error) {
	return scalars[string](t, `select b from (
			select unnest(array[a.blob, a.preview]) as b from attachments a where a.desk_id = @desk and a.person_id = @person
			union select unnest(u.blob || u.pieces) from uploads u where u.desk_id = @desk and u.person_id = @person
			union select m.blob from mails m where m.desk_id = @desk and `+ofPerson+`) sent where b <> ''`, args{"person": p.ID, "email": p.Email})
}

// ErasePerson makes a person nobody: now is what is left of him, gone what his files
// are called. What he wrote, and what was decided about it, stays.
func (t *Tx) ErasePerson(was, now desk.Person, gone string) error {
	me := args{"person": was.ID}
	t.write(`select stale_search(a.ticket_id) from (select distinct f.ticket_id from attachments f where f.desk_id = @desk and f.person_id = @person) a`, me)
	t.FindAnew(was.ID)
	t.write(`update attachments set state = 'removed', name = @gone, blob = '', preview = '', sum = '', signature = '', content_id = '', width = 0, height = 0
		where desk_id = @desk and person_id = @person`, args{"person": was.ID, "gone": gone})
	t.write(`delete from mails m where m.desk_id = @desk and `+ofPerson, args{"person": was.ID, "email": was.Email})
	t.write(`update deliveries set address = '', answer = '', reason = '', state = case when state in ('gathering', 'waiting') then 'dropped' else state end
		where desk_id = @desk and person_id = @person`, me)
	t.write(`update api_tokens set revoked_at = @now where desk_id = @desk and person_id = @person and revoked_at is null`, args{"person": was.ID, "now": t.Now})
	t.write(`delete from uploads where desk_id = @desk and person_id = @person`, me)
	t.write(`delete from drafts where desk_id = @desk and person_id = @person`, me)
	t.write(`delete from sign_in_links where desk_id = @desk and person_id = @person`, me)
	t.write(`delete from followers where desk_id = @desk and person_id = @person`, me)
	t.write(`delete from import_lines l where l.desk_id = @desk and exists (select from jsonb_each_text(l.cells) c where lower(c.value) = any(@words))`,
		args{"words": []string{was.Email}})
	t.forgetName(was, now.Name)
	return found(t.exec(`update people set name = @name, email = @email, language = '', zone = '', keys_off = false, letters = '{}', active = false, identity_id = null,
		external = '', failing = '', failing_since = null, bounces = 0, erased_at = @now where desk_id = @desk and id = @person and erased_at is null`, args{"person": was.ID, "name": now.Name, "email": now.Email, "now": t.Now}))
}

// forgetName takes a person's name and address out of the time lines, which tell in
// words whom a ticket was given to and whose mail came back.
func (t *Tx) forgetName(was desk.Person, now string) {
	const (
		forgotten = `(select jsonb_object_agg(d.key, case when jsonb_typeof(d.value) = 'string'
			then to_jsonb(array_to_string(array_replace(array_replace(string_to_array(d.value #>> '{}', ', '), @name, @gone), @email, @gone), ', ')) else d.value end) from jsonb_each(e.data) d)`
		speaks = `exists (select from jsonb_each_text(case when jsonb_typeof(e.data) = 'object' then e.data else '{}' end) d where string_to_array(d.value, ', ') && array[@name::text, @email::text])`
	)
	a := args{"name": was.Name, "email": was.Email, "gone": now}
	t.write(`update escalation_events e set data = `+forgotten+` where e.desk_id = @desk and `+speaks, a)
	a = args{"name": was.Name, "email": was.Email, "gone": now, "customer": orNull(was.CustomerID)}
	t.write(`update events e set data = `+forgotten+` where e.desk_id = @desk and (@customer::uuid is null or e.customer_id = @customer::uuid) and `+speaks, a)
}

// AddErasure writes that somebody was erased, and by whom.
func (t *Tx) AddErasure(e desk.Erasure) {
	t.write(`insert into erasures (desk_id, person_id, erased_by, files, mails, created_at) values (@desk, @person, @by, @files, @mails, @now)`,
		args{"person": e.PersonID, "by": e.ErasedBy, "files": e.Files, "mails": e.Mails, "now": t.Now})
}

// ForgetIdentity erases how somebody signs in, unless he does at another desk too.
func (g *GlobalTx) ForgetIdentity(id desk.ID) error {
	// The reference of another desk's person holds it, whom nobody here may see.
	nested, err := g.tx.Begin(g.ctx)
	if err != nil {
		return err
	}
	if _, err := nested.Exec(g.ctx, `delete from identities where id = $1`, id); err != nil {
		return nested.Rollback(g.ctx)
	}
	return nested.Commit(g.ctx)
}

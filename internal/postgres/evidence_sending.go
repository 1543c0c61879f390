package postgres

import (
	"time"

	"guichet/internal/desk"
)

// SentNames lists the names that files of an escalation have at Microsoft, those of
// files that were removed here among them.
func (t *Tx) SentNames(escalation desk.ID) ([]string, error) {
	return scalars[string](t, `select f.sent_name from evidence_files f where f.desk_id = @desk and f.escalation_id = @escalation and f.sent_name <> ''`,
		args{"escalation": escalation})
}

// StageEvidence says that a file is to be sent, under which name, or why it never
// will be. One that was staged stays as it is.
func (t *Tx) StageEvidence(f desk.EvidenceFile) {
	t.write(`update evidence_files f set sending = @sending, sent_name = @name, trouble = @trouble, detail = @detail
		where f.desk_id = @desk and f.id = @id and f.sending = ''`, args{"id": f.ID, "sending": f.Sending, "name": f.SentName, "trouble": f.Trouble, "detail": storable(f.Detail)})
}

// HoldEvidence gives the caller the next file of an escalation that waits to be
// sent, until then or SaveSending. What another holds is left to it. Errors:
// ErrNotFound when there is none.
func (t *Tx) HoldEvidence(escalation desk.ID, until time.Time) (desk.EvidenceFile, error) {
	return one[desk.EvidenceFile](t, `with next as (select x.id from evidence_files x where x.desk_id = @desk and x.escalation_id = @escalation and x.sending = 'waiting'
				and x.removed_at is null and (x.held_until is null or x.held_until <= @now) order by x.created_at, x.id limit 1 for update skip locked),
			f as (update evidence_files u set held_until = @until from next where u.desk_id = @desk and u.id = next.id returning u.*)
		select `+evidenceColumns+` from f left join people p on p.desk_id = @desk and p.id = f.person_id`,
		args{"escalation": escalation, "until": until, "now": t.Now})
}

// SaveSending writes how a file stands at Microsoft; one that waits is held until
// then by nobody.
func (t *Tx) SaveSending(f desk.EvidenceFile, until time.Time) {
	t.write(`update evidence_files f set sending = @sending, sent_at = @sent, trouble = @trouble, detail = @detail, held_until = @until
		where f.desk_id = @desk and f.id = @id and f.sending = 'waiting'`,
		args{"id": f.ID, "sending": f.Sending, "sent": f.SentAt, "trouble": f.Trouble, "detail": storable(f.Detail), "until": until})
}

// SendingHeld is until when no file of an escalation that waits can be held; nil
// where none waits.
func (t *Tx) SendingHeld(escalation desk.ID) (*time.Time, error) {
	return scalar[*time.Time](t, `select min(f.held_until) from evidence_files f where f.desk_id = @desk and f.escalation_id = @escalation and f.sending = 'waiting' and f.removed_at is null`,
		args{"escalation": escalation})
}

// SendEvidenceAgain lets files of an escalation wait again that were refused for one
// of these reasons, and tells whether there were any.
func (t *Tx) SendEvidenceAgain(escalation desk.ID, but []desk.RefusalKind) (bool, error) {
	n, err := t.exec(`update evidence_files f set sending = 'waiting', trouble = '', detail = '', held_until = null
		where f.desk_id = @desk and f.escalation_id = @escalation and f.sending = 'refused' and f.removed_at is null and f.trouble <> all (@but::text[])`,
		args{"escalation": escalation, "but": column(but, func(k desk.RefusalKind) string { return string(k) })})
	return n > 0, err
}

package postgres

import "guichet/internal/desk"

const letterText = `select t.kind, t.language, t.revision, t.subject, t.body, t.person_id, p.name as person_name, t.created_at
	from letter_texts t join people p on p.desk_id = @desk and p.id = t.person_id where t.desk_id = @desk`

// LetterTexts lists the desk's own words as they stand: the last of each kind and
// language.
func (t *Tx) LetterTexts() ([]desk.LetterText, error) {
	return many[desk.LetterText](t, `select distinct on (x.kind, x.language) x.* from (`+letterText+`) x order by x.kind, x.language, x.revision desc`, args{})
}

// LetterHistory lists the last changes of a kind, the newest first.
func (t *Tx) LetterHistory(k desk.LetterKind) ([]desk.LetterText, error) {
	return many[desk.LetterText](t, letterText+` and t.kind = @kind order by t.created_at desc, t.revision desc, t.language limit 30`, args{"kind": string(k)})
}

// AddLetterText has words hold from now on. Errors: ErrConflict when that revision is
// there already.
func (t *Tx) AddLetterText(x desk.LetterText) error {
	n, err := t.exec(`insert into letter_texts (desk_id, kind, language, revision, subject, body, person_id, created_at)
		values (@desk, @kind, @language, @revision, @subject, @body, @person, @created) on conflict do nothing`,
		args{"kind": string(x.Kind), "language": x.Language, "revision": x.Revision, "subject": x.Subject, "body": x.Body, "person": x.PersonID, "created": t.Now})
	if err == nil && n == 0 {
		err = desk.ErrConflict
	}
	return err
}

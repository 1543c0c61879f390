package postgres

import "guichet/internal/desk"

const evidenceColumns = `f.id, f.escalation_id, f.name, f.type, f.bytes, f.blob, f.sum, f.masked, f.person_id, coalesce(p.name, '') as person_name, f.created_at,
	f.sending, f.sent_name, f.sent_at, f.trouble, f.detail`

// Evidence lists the files of an escalation's dossier, the oldest first.
func (t *Tx) Evidence(escalation desk.ID) ([]desk.EvidenceFile, error) {
	return many[desk.EvidenceFile](t, `select `+evidenceColumns+` from evidence_files f left join people p on p.desk_id = @desk and p.id = f.person_id
		where f.desk_id = @desk and f.escalation_id = @escalation and f.removed_at is null order by f.created_at, f.id limit @most`, args{"escalation": escalation, "most": desk.MaxDossierFiles})
}

// EvidenceFile reads one of them. Errors: ErrNotFound.
func (t *Tx) EvidenceFile(escalation, id desk.ID) (desk.EvidenceFile, error) {
	return one[desk.EvidenceFile](t, `select `+evidenceColumns+` from evidence_files f left join people p on p.desk_id = @desk and p.id = f.person_id
		where f.desk_id = @desk and f.escalation_id = @escalation and f.id = @id and f.removed_at is null`,
		args{"escalation": escalation, "id": id})
}

// AddEvidence stores a file's row, and tells whether it is new: a dossier has the
// same bytes once. Errors: ErrNotFound for another's escalation.
func (t *Tx) AddEvidence(f desk.EvidenceFile) (bool, error) {
	n, err := t.exec(`insert into evidence_files (desk_id, id, escalation_id, name, type, bytes, blob, sum, masked, person_id, created_at)
		values (@desk, @id, @escalation, @name, @type, @bytes, @blob, @sum, @masked, @person, @created)
		on conflict (desk_id, escalation_id, sum) where removed_at is null do nothing`,
		args{"id": f.ID, "escalation": f.EscalationID, "name": f.Name, "type": f.Type, "bytes": f.Bytes, "blob": f.Blob, "sum": f.Sum,
			"masked": f.Masked, "person": f.PersonID, "created": f.CreatedAt})
	return n == 1, err
}

// RemoveEvidence notes that a file was taken out. Errors: ErrNotFound.
func (t *Tx) RemoveEvidence(escalation, id desk.ID) error {
	n, err := t.exec(`update evidence_files set removed_at = @now where desk_id = @desk and escalation_id = @escalation and id = @id and removed_at is null`,
		args{"escalation": escalation, "id": id, "now": t.Now})
	if err == nil && n == 0 {
		return desk.ErrNotFound
	}
	return err
}

// KnownBlobs picks those blobs that a row names.
func (t *Tx) KnownBlobs(names []string) ([]string, error) {
	return scalars[string](t, `select f.blob from evidence_files f where f.desk_id = @desk and f.blob = any(@names) and f.removed_at is null
		union select a.blob from attachments a where a.desk_id = @desk and a.blob = any(@names) and a.state in ('kept', 'quarantined', 'unscanned')
		union select a.preview from attachments a where a.desk_id = @desk and a.preview = any(@names) and a.preview <> '' and a.state = 'kept'
		union select m.blob from mails m where m.desk_id = @desk and m.blob = any(@names)
		union select i.blob from imports i where i.desk_id = @desk and i.blob = any(@names)
		union select b from uploads u, unnest(u.blob || u.pieces) b where u.desk_id = @desk and b = any(@names)`, args{"names": names})
}

package postgres

import (
	"time"

	"guichet/internal/desk"
)

const (
	attachmentFields = `a.id, a.ticket_id, a.customer_id, coalesce(a.message_id, ` + nobody + `) as message_id, coalesce(a.finding_id, ` + nobody + `) as finding_id,
	a.internal, a.name, a.type, a.bytes, a.blob, a.sum, a.width, a.height, a.preview, a.inline, a.content_id, a.state, a.signature, a.person_id, p.name as person_name, a.created_at`
	ofTicket = `select ` + attachmentFields + ` from attachments a join people p on p.desk_id = @desk and p.id = a.person_id
	where a.desk_id = @desk and a.ticket_id = @ticket and (not a.internal or @inside::boolean) order by a.created_at, a.id`
)

// Attachments lists the files of a ticket that its reader may know of, the oldest
// first.
func (t *Tx) Attachments(ticket desk.ID, who desk.Person) ([]desk.Attachment, error) {
	return many[desk.Attachment](t, ofTicket, args{"ticket": ticket, "inside": who.Role.DeskSide()})
}

// Attachment reads one of them. Errors: ErrNotFound.
func (t *Tx) Attachment(ticket, id desk.ID, who desk.Person) (desk.Attachment, error) {
	return one[desk.Attachment](t, `select `+attachmentFields+` from attachments a join people p on p.desk_id = @desk and p.id = a.person_id
		where a.desk_id = @desk and a.ticket_id = @ticket and a.id = @id and (not a.internal or @inside::boolean)`,
		args{"ticket": ticket, "id": id, "inside": who.Role.DeskSide()})
}

// AttachmentByID reads a file for the job that looks into it. Errors: ErrNotFound.
func (t *Tx) AttachmentByID(id desk.ID) (desk.Attachment, error) {
	return one[desk.Attachment](t, `select `+attachmentFields+` from attachments a join people p on p.desk_id = @desk and p.id = a.person_id
		where a.desk_id = @desk and a.id = @id`, args{"id": id})
}

// AddAttachments puts files on a ticket, which each of them names.
func (t *Tx) AddAttachments(list []desk.Attachment) {
	for _, a := range list {
		t.write(`insert into attachments (desk_id, id, ticket_id, customer_id, message_id, finding_id, internal, name, type, bytes, blob, sum, width, height, inline, content_id, state, person_id, created_at)
			values (@desk, @id, @ticket, @customer, @message, @finding, @internal, @name, @type, @bytes, @blob, @sum, @width, @height, @inline, @content, @state, @person, @created)`,
			args{"id": a.ID, "ticket": a.TicketID, "customer": a.CustomerID, "message": orNull(a.MessageID), "finding": orNull(a.FindingID), "internal": a.Internal,
				"name": a.Name, "type": a.Type, "bytes": a.Bytes, "blob": a.Blob, "sum": a.Sum, "width": a.Width, "height": a.Height, "inline": a.Inline,
				"content": a.ContentID, "state": a.State, "person": a.PersonID, "created": a.CreatedAt})
		t.FindBy(a.TicketID, a.Name, a.Internal)
	}
}

// mostUnscanned is how many files a page lists that wait for a verdict.
const mostUnscanned = 100

// UnscannedFiles lists the files that wait for a verdict, the oldest first.
func (t *Tx) UnscannedFiles() ([]desk.UnscannedFile, error) {
	return many[desk.UnscannedFile](t, `select `+attachmentFields+`, k.number, c.name as customer_name from attachments a
			join people p on p.desk_id = @desk and p.id = a.person_id join tickets k on k.desk_id = @desk and k.id = a.ticket_id
			join customers c on c.desk_id = @desk and c.id = a.customer_id
		where a.desk_id = @desk and a.state = 'unscanned' order by a.created_at, a.id limit @most`, args{"most": mostUnscanned})
}

// SaveAttachment writes what was found out about a file since it came. Errors:
// ErrNotFound.
func (t *Tx) SaveAttachment(a desk.Attachment) error {
	n, err := t.exec(`update attachments set state = @state, signature = @signature, preview = @preview, width = @width, height = @height
		where desk_id = @desk and id = @id and ticket_id = @ticket and internal = @internal`,
		args{"id": a.ID, "ticket": a.TicketID, "internal": a.Internal, "state": a.State, "signature": a.Signature, "preview": a.Preview, "width": a.Width, "height": a.Height})
	return found(n, err)
}

const uploadColumns = `u.id, u.person_id, coalesce(u.customer_id, ` + nobody + `) as customer_id, coalesce(u.subcontractor_id, ` + nobody + `) as subcontractor_id,
	u.name, u.type, u.bytes, u.received, u.pieces, u.blob, u.sum, u.mark, u.created_at`

// AddUpload begins to keep a person's file.
func (t *Tx) AddUpload(u desk.Upload) {
	t.write(`insert into uploads (desk_id, id, person_id, customer_id, subcontractor_id, name, type, bytes, received, pieces, blob, sum, mark, created_at)
		values (@desk, @id, @person, @customer, @subcontractor, @name, @type, @bytes, @received, @pieces, @blob, @sum, @mark, @created)`,
		args{"id": u.ID, "person": u.PersonID, "customer": orNull(u.CustomerID), "subcontractor": orNull(u.SubcontractorID), "name": u.Name, "type": u.Type,
			"bytes": u.Bytes, "received": u.Received, "pieces": u.Pieces, "blob": u.Blob, "sum": u.Sum, "mark": u.Mark, "created": u.CreatedAt})
}

// Upload reads a file that a person sends. Errors: ErrNotFound, also for another's.
func (t *Tx) Upload(id, person desk.ID) (desk.Upload, error) {
	return one[desk.Upload](t, `select `+uploadColumns+` from uploads u where u.desk_id = @desk and u.id = @id and u.person_id = @person`, args{"id": id, "person": person})
}

// Uploads reads those of a person's files that a form names and that are whole, in
// the order in which they came.
func (t *Tx) Uploads(ids []desk.ID, person desk.ID) ([]desk.Upload, error) {
	return many[desk.Upload](t, `select `+uploadColumns+` from uploads u where u.desk_id = @desk and u.id = any(@ids) and u.person_id = @person and u.blob <> ''
		order by u.created_at, u.id`, args{"ids": ids, "person": person})
}

// BegunUpload finds a file that a person began to send. Errors: ErrNotFound.
func (t *Tx) BegunUpload(person desk.ID, name, mark string, size int64) (desk.Upload, error) {
	return one[desk.Upload](t, `select `+uploadColumns+` from uploads u where u.desk_id = @desk and u.person_id = @person and u.name = @name and u.mark = @mark
		and u.bytes = @bytes and u.blob = '' order by u.created_at desc limit 1`, args{"person": person, "name": name, "mark": mark, "bytes": size})
}

// WaitingUploads counts a person's files that wait for a form, and their bytes.
func (t *Tx) WaitingUploads(person desk.ID) (n, bytes int64, err error) {
	list, err := many[struct{ N, Bytes int64 }](t, `select count(*) as n, coalesce(sum(u.bytes), 0)::bigint as bytes from uploads u where u.desk_id = @desk and u.person_id = @person`, args{"person": person})
	if err != nil || len(list) == 0 {
		return 0, 0, err
	}
	return list[0].N, list[0].Bytes, nil
}

// SaveUpload writes how much of a file has come, if it stood where its sender took
// it to stand. Errors: ErrConflict when it did not.
func (t *Tx) SaveUpload(u desk.Upload, stood int64) error {
	n, err := t.exec(`update uploads set received = @received, pieces = @pieces, blob = @blob, sum = @sum, type = @type
		where desk_id = @desk and id = @id and person_id = @person and received = @stood and blob = ''`,
		args{"id": u.ID, "person": u.PersonID, "received": u.Received, "pieces": u.Pieces, "blob": u.Blob, "sum": u.Sum, "type": u.Type, "stood": stood})
	if err == nil && n == 0 {
		return desk.ErrConflict
	}
	return err
}

// TakeUploads removes those of a person's files that a form names and that are
// whole, and returns them: they are the form's now.
func (t *Tx) TakeUploads(ids []desk.ID, person desk.ID) ([]desk.Upload, error) {
	return many[desk.Upload](t, `with u as (delete from uploads u where u.desk_id = @desk and u.id = any(@ids) and u.person_id = @person and u.blob <> '' returning *)
		select `+uploadColumns+` from u where u.desk_id = @desk order by u.created_at, u.id`, args{"ids": ids, "person": person})
}

// RemoveUpload forgets a file that a person sent. Errors: ErrNotFound.
func (t *Tx) RemoveUpload(id, person desk.ID) error {
	n, err := t.exec(`delete from uploads u where u.desk_id = @desk and u.id = @id and u.person_id = @person`, args{"id": id, "person": person})
	return found(n, err)
}

// ForgetUploads forgets files whose form never came.
func (t *Tx) ForgetUploads(before time.Time) {
	t.write(`delete from uploads u where u.desk_id = @desk and u.created_at < @before`, args{"before": before})
}

package postgres

import (
	"time"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const mailColumns = `m.id, m.blob, m.bytes, m.sum, m.via, m.peer, m.helo, m.envelope, m.recipients, m.message_id, m.from_name, m.from_email, m.subject, m.automatic,
	m.state, m.reason, m.vouched, m.problems, m.bounce, m.quoted, m.html, coalesce(m.number, 0) as number, coalesce(m.ticket_id, ` + nobody + `) as ticket_id,
	coalesce(m.customer_id, ` + nobody + `) as customer_id, coalesce(m.message, ` + nobody + `) as message, coalesce(m.person_id, ` + nobody + `) as person_id, m.decided_at, m.created_at`

// AddMail keeps that a mail came in, before anything is made of it.
func (t *Tx) AddMail(m desk.Mail) {
	t.write(`insert into mails (desk_id, id, blob, bytes, sum, via, peer, helo, envelope, recipients, vouched, state, created_at)
		values (@desk, @id, @blob, @bytes, @sum, @via, @peer, @helo, @envelope, @recipients, @vouched, @state, @created)`,
		args{"id": m.ID, "blob": m.Blob, "bytes": m.Bytes, "sum": m.Sum, "via": m.Via, "peer": m.Peer, "helo": m.Helo, "envelope": m.Envelope,
			"recipients": m.Recipients, "vouched": m.Vouched, "state": m.State, "created": m.CreatedAt})
}

// Mail reads one. Errors: ErrNotFound.
func (t *Tx) Mail(id desk.ID) (desk.Mail, error) {
	return one[desk.Mail](t, `select `+mailColumns+` from mails m where m.desk_id = @desk and m.id = @id`, args{"id": id})
}

// LockMail reads one that the transaction will change. Errors: ErrNotFound.
func (t *Tx) LockMail(id desk.ID) (desk.Mail, error) {
	return one[desk.Mail](t, `select `+mailColumns+` from mails m where m.desk_id = @desk and m.id = @id for update of m`, args{"id": id})
}

// SaveMail writes what was read of a mail, and what became of it. Errors: ErrNotFound;
// ErrConflict when the same mail was taken already.
func (t *Tx) SaveMail(m desk.Mail) error {
	n, err := t.exec(`update mails set message_id = @message_id, from_name = @from_name, from_email = @from_email, subject = @subject, automatic = @automatic,
		state = @state, reason = @reason, vouched = @vouched, problems = @problems, bounce = @bounce, quoted = @quoted, html = @html, number = @number,
		ticket_id = @ticket, customer_id = @customer, message = @message, person_id = @person, decided_at = @decided where desk_id = @desk and id = @id`,
		args{"id": m.ID, "message_id": m.MessageID, "from_name": m.FromName, "from_email": m.FromEmail, "subject": m.Subject, "automatic": m.Automatic,
			"state": m.State, "reason": m.Reason, "vouched": m.Vouched, "problems": m.Problems, "bounce": m.Bounce, "quoted": m.Quoted, "html": m.HTML, "number": numbered(m.Number),
			"ticket": orNull(m.TicketID), "customer": orNull(m.CustomerID), "message": orNull(m.Message), "person": orNull(m.PersonID), "decided": m.DecidedAt})
	return found(n, err)
}

func numbered(n int64) *int64 {
	if n == 0 {
		return nil
	}
	return &n
}

// MailTaken finds the mail that another is a second copy of. Errors: ErrNotFound.
func (t *Tx) MailTaken(messageID, from string) (desk.Mail, error) {
	return one[desk.Mail](t, `select `+mailColumns+` from mails m where m.desk_id = @desk and m.message_id = @message_id and m.from_email = @from and m.state <> 'duplicate'`,
		args{"message_id": messageID, "from": from})
}

// RecentMails counts what a sender sent since an instant.
func (t *Tx) RecentMails(from string, since time.Time) (int64, error) {
	return scalar[int64](t, `select count(*) from mails m where m.desk_id = @desk and m.from_email = @from and m.created_at >= @since and m.state <> 'duplicate'`,
		args{"from": from, "since": since})
}

// Mails lists those in some states, without receipts of our letters, the newest first, from before one of them.
func (t *Tx) Mails(states []desk.MailState, before desk.ID) ([]desk.Mail, error) {
	return many[desk.Mail](t, `select `+mailColumns+` from mails m where m.desk_id = @desk and m.state = any(@states) and m.bounce->>'delivered' is null
		and (@before = `+nobody+` or (m.created_at, m.id) < (select b.created_at, b.id from mails b where b.desk_id = @desk and b.id = @before))
		order by m.created_at desc, m.id desc limit @most`, args{"states": states, "before": before, "most": desk.PageSize + 1})
}

// MailOf is the mail that became a message of a ticket, of the customer's side unless
// inside. Errors: ErrNotFound.
func (t *Tx) MailOf(ticket, message desk.ID, inside bool) (desk.Mail, error) {
	return one[desk.Mail](t, `select `+mailColumns+` from mails m join messages s on s.desk_id = @desk and s.id = m.message
		where m.desk_id = @desk and m.ticket_id = @ticket and m.message = @message and m.state = 'taken' and (@inside::boolean or s.side = 'customer' and not s.internal)`,
		args{"ticket": ticket, "message": message, "inside": inside})
}

// byMail is what a ticket's page says of its messages that came by mail. What one of
// the desk quotes may be more than he meant to tell: it stays at the desk.
const byMail = `select m.id, m.message, m.from_email as from, m.vouched, m.quoted, m.html from mails m join messages s on s.desk_id = @desk and s.id = m.message
	where m.desk_id = @desk and m.ticket_id = @ticket and m.state = 'taken' and (@inside::boolean or s.side = 'customer' and not s.internal)`

// askSent asks for the files of a ticket's messages, and which came by mail.
func (t *Tx) askSent(th *desk.Thread, inside bool) {
	a := args{"ticket": th.Ticket.ID, "inside": inside}
	ask(t, &th.Files, ofTicket, a)
	ask(t, &th.Mails, byMail, a)
	if inside {
		ask(t, &th.Letters, lettersOf, args{"ticket": th.Ticket.ID})
	}
}

// MessageByKey finds what a form, or a mail, already became. Errors: ErrNotFound.
func (t *Tx) MessageByKey(author, key desk.ID) (desk.Message, error) {
	return one[desk.Message](t, `select m.id, m.ticket_id, m.customer_id, m.author_id, m.side, m.internal, m.body, `+noKey+`, m.created_at from messages m
		where m.desk_id = @desk and m.author_id = @author and m.key = @key`, args{"author": author, "key": key})
}

// PlaceInText says that a file stands inside a mail's text, and how that calls it.
func (t *Tx) PlaceInText(message, file desk.ID, contentID string) {
	t.write(`update attachments set inline = true, content_id = @content where desk_id = @desk and message_id = @message and id = @id`,
		args{"message": message, "id": file, "content": contentID})
}

// CustomersByDomain lists the active customers that a mail domain belongs to.
func (t *Tx) CustomersByDomain(domain string) ([]desk.Customer, error) {
	return many[desk.Customer](t, `select `+customerColumns+` from customers c where c.desk_id = @desk and c.active and (c.domains @> array[@domain::text] or c.initial_domain = @domain::text)
		order by c.id limit 2`, args{"domain": domain})
}

const mailSettings = `s.addresses, s.unknown, s.mailbox, s.secret, s.place, s.failures, s.trouble, s.read_at, s.next_at, s.revision,
	coalesce(s.person_id, ` + nobody + `) as person_id, s.changed_at`

// MailSettings reads how the desk takes mail, held until the transaction ends where it
// writes. Errors: ErrNotFound where nobody said anything yet.
func (t *Tx) MailSettings() (desk.MailSettings, error) {
	sql := `select ` + mailSettings + ` from mail_settings s where s.desk_id = @desk`
	if t.tx != nil {
		sql += ` for update of s`
	}
	return one[desk.MailSettings](t, sql, args{})
}

// SaveMailSettings writes them.
func (t *Tx) SaveMailSettings(s desk.MailSettings) {
	t.write(`insert into mail_settings (desk_id, addresses, unknown, mailbox, secret, place, failures, trouble, read_at, next_at, revision, person_id, changed_at)
		values (@desk, @addresses, @unknown, @mailbox, @secret, @place, @failures, @trouble, @read, @next, @revision, @person, @changed)
		on conflict (desk_id) do update set addresses = @addresses, unknown = @unknown, mailbox = @mailbox, secret = @secret, place = @place, failures = @failures,
			trouble = @trouble, read_at = @read, next_at = @next, revision = @revision, person_id = @person, changed_at = @changed`,
		args{"addresses": s.Addresses, "unknown": s.Unknown, "mailbox": s.Mailbox, "secret": s.Secret, "place": s.Place, "failures": s.Failures, "trouble": s.Trouble,
			"read": s.ReadAt, "next": s.NextAt, "revision": s.Revision, "person": orNull(s.PersonID), "changed": s.ChangedAt})
}

// DesksWithMailbox lists the desks whose mailbox is to be read now.
func (g *GlobalTx) DesksWithMailbox(most int) ([]desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desks_with_mailbox($1, $2)`, g.Now, most)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[desk.ID])
}

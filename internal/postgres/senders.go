package postgres

import (
	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

// Sender is in whose name the desk's letters go out, held until the transaction ends
// where it writes. Errors: ErrNotFound where nobody said anything yet.
func (t *Tx) Sender() (desk.Sender, error) {
	return one[desk.Sender](t, `select s.domain, s.mailbox, s.selector, s.public_key, s.private_key, s.checks, s.checked_at, s.verified_at, s.revision,
		coalesce(s.person_id, `+nobody+`) as person_id, s.changed_at from senders s where s.desk_id = @desk`, args{})
}

// SaveSender writes it, unless somebody else did since it was read. Errors: ErrConflict.
func (t *Tx) SaveSender(s desk.Sender, was int) error {
	n, err := t.exec(`insert into senders (desk_id, domain, mailbox, selector, public_key, private_key, checks, checked_at, verified_at, revision, person_id, changed_at)
		values (@desk, @domain, @mailbox, @selector, @public, @private, @checks, @checked, @verified, @revision, @person, @changed)
		on conflict (desk_id) do update set domain = @domain, mailbox = @mailbox, selector = @selector, public_key = @public, private_key = @private, checks = @checks,
			checked_at = @checked, verified_at = @verified, revision = @revision, person_id = @person, changed_at = @changed where senders.revision = @was`,
		args{"domain": s.Domain, "mailbox": s.Mailbox, "selector": s.Selector, "public": s.PublicKey, "private": s.PrivateKey, "checks": checks(s.Checks),
			"checked": s.CheckedAt, "verified": s.VerifiedAt, "revision": s.Revision, "person": orNull(s.PersonID), "changed": s.ChangedAt, "was": was})
	if err == nil && n == 0 {
		err = desk.ErrConflict
	}
	return err
}

func checks(list []desk.DNSCheck) []desk.DNSCheck {
	if list == nil {
		return []desk.DNSCheck{}
	}
	return list
}

// SenderDomainFree tells whether no other desk has verified a domain, and holds its name
// until the transaction ends.
func (t *Tx) SenderDomainFree(domain string) (bool, error) {
	return scalar[bool](t, `select sender_domain_free(@domain) from (select @desk::uuid) as d`, args{"domain": domain})
}

// DeskOfSender is the desk whose letters are from an address. Errors: ErrNotFound.
func (g *GlobalTx) DeskOfSender(mailbox, domain string) (desk.ID, error) {
	rows, err := g.tx.Query(g.ctx, `select desk_of_sender($1, $2)`, mailbox, domain)
	if err != nil {
		return desk.Nobody, err
	}
	id, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[desk.ID])
	return id, translate(err)
}

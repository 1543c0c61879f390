package postgres

import (
	"errors"

	"github.com/jackc/pgx/v5"

	"guichet/internal/desk"
)

const deskColumns = `d.id, d.slug, d.name, d.tenant, d.language, d.zone, d.accent, d.email, d.phone, d.website, d.address,
	d.email_sign_in, d.issuer, d.client_id, d.client_secret <> '' as has_secret, d.approve_orders, d.files, d.created_at`

func globalOne[T any](g *GlobalTx, sql string, a pgx.StrictNamedArgs) (T, error) {
	rows, err := g.tx.Query(g.ctx, sql, a)
	if err != nil {
		var zero T
		return zero, err
	}
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[T])
	return v, translate(err)
}

func globalMany[T any](g *GlobalTx, sql string, a pgx.StrictNamedArgs) ([]T, error) {
	rows, err := g.tx.Query(g.ctx, sql, a)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[T])
}

// Desk reads one by slug. Errors: ErrNotFound.
func (g *GlobalTx) Desk(slug string) (desk.Desk, error) {
	return globalOne[desk.Desk](g, `select `+deskColumns+` from desks d where d.slug = @slug`, pgx.StrictNamedArgs{"slug": slug})
}

// DeskByID reads one for a job. Errors: ErrNotFound.
func (g *GlobalTx) DeskByID(id desk.ID) (desk.Desk, error) {
	return globalOne[desk.Desk](g, `select `+deskColumns+` from desks d where d.id = @id`, pgx.StrictNamedArgs{"id": id})
}

// Desks lists all desks of the installation by name.
func (g *GlobalTx) Desks() ([]desk.Desk, error) {
	return globalMany[desk.Desk](g, `select `+deskColumns+` from desks d order by d.name limit 1000`, nil)
}

// DesksAfter lists some desks in the order of their ids, for work that reaches all of them.
func (g *GlobalTx) DesksAfter(id desk.ID, most int) ([]desk.Desk, error) {
	return globalMany[desk.Desk](g, `select `+deskColumns+` from desks d where d.id > @after order by d.id limit @most`, pgx.StrictNamedArgs{"after": id, "most": most})
}

// AddDesk opens a desk whose tickets are numbered from first. Errors: Invalid
// on "slug" when taken.
func (g *GlobalTx) AddDesk(d desk.Desk, first int64) error {
	_, err := g.tx.Exec(g.ctx, `insert into desks (id, slug, name, tenant, language, zone, accent, email, phone, website, address, email_sign_in, issuer, client_id, approve_orders, created_at)
		values (@id, @slug, @name, @tenant, @language, @zone, @accent, @email, @phone, @website, @address, @email_sign_in, @issuer, @client_id, @approve_orders, @now)`,
		deskArgs(d, pgx.StrictNamedArgs{"slug": d.Slug, "tenant": d.Tenant, "now": g.Now}))
	if err != nil {
		return err
	}
	_, err = g.tx.Exec(g.ctx, `select open_numbers(@id, @first)`, pgx.StrictNamedArgs{"id": d.ID, "first": first})
	return err
}

// SaveDesk writes a desk's settings. Errors: ErrNotFound.
func (g *GlobalTx) SaveDesk(d desk.Desk) error {
	tag, err := g.tx.Exec(g.ctx, `update desks set name = @name, language = @language, zone = @zone, accent = @accent, email = @email, phone = @phone,
		website = @website, address = @address, email_sign_in = @email_sign_in, issuer = @issuer, client_id = @client_id, approve_orders = @approve_orders where id = @id`,
		deskArgs(d, pgx.StrictNamedArgs{}))
	return found(tag.RowsAffected(), err)
}

// SaveFileLimits writes which files a desk takes. Errors: ErrNotFound.
func (g *GlobalTx) SaveFileLimits(id desk.ID, l desk.FileLimits) error {
	tag, err := g.tx.Exec(g.ctx, `update desks set files = @files where id = @id`, pgx.StrictNamedArgs{"id": id, "files": l})
	return found(tag.RowsAffected(), err)
}

func deskArgs(d desk.Desk, a pgx.StrictNamedArgs) pgx.StrictNamedArgs {
	for k, v := range map[string]any{"id": d.ID, "name": d.Name, "language": d.Language, "zone": d.Zone, "accent": d.Accent, "email": d.Email, "phone": d.Phone,
		"website": d.Website, "address": d.Address, "email_sign_in": d.EmailSignIn, "issuer": d.Issuer, "client_id": d.ClientID, "approve_orders": d.ApproveOrders} {
		a[k] = v
	}
	return a
}

// SealedSecret reads the sealed client secret of a desk's own issuer.
func (g *GlobalTx) SealedSecret(id desk.ID) ([]byte, error) {
	var b []byte
	err := g.tx.QueryRow(g.ctx, `select client_secret from desks where id = $1`, id).Scan(&b)
	return b, err
}

// SealSecret stores a sealed client secret.
func (g *GlobalTx) SealSecret(id desk.ID, sealed []byte) error {
	_, err := g.tx.Exec(g.ctx, `update desks set client_secret = $2 where id = $1`, id, sealed)
	return err
}

// Identity finds or records a verified identity and returns its id.
func (g *GlobalTx) Identity(issuer, tenant, subject string) (desk.ID, error) {
	var id desk.ID
	err := g.tx.QueryRow(g.ctx, `select id from identities where issuer = $1 and subject = $2`, issuer, subject).Scan(&id)
	if err == nil || !errors.Is(err, pgx.ErrNoRows) {
		return id, err
	}
	err = g.tx.QueryRow(g.ctx, `insert into identities (id, issuer, tenant, subject, created_at) values ($1, $2, $3, $4, $5)
		on conflict (issuer, subject) do update set subject = excluded.subject returning id`, desk.NewID(), issuer, tenant, subject, g.Now).Scan(&id)
	return id, err
}

package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/entra"
	"guichet/internal/postgres"
)

var errNotMigrated = errors.New("the database is not migrated: run guichet migrate")

// SignInConfig is the installation's registration with Microsoft Entra.
type SignInConfig struct {
	Authority, ClientID, ClientSecret string
	BaseURL                           string // where the identity provider sends people back to
	AllowPrivate                      bool   // demo and tests: an identity provider on this machine
}

// ReturnPath is where the identity provider of a desk sends people back to.
// Desks that share Entra share one path, as Entra wants each address registered.
// A desk's own issuer has a path to itself, which tells its answers from
// others': it must never be shown a code that another provider gave (RFC 9700,
// section 4.4.2.2).
func ReturnPath(d desk.Desk) string {
	if d.Issuer == "" {
		return "/sign-in/return"
	}
	return "/" + d.Slug + "/sign-in/return"
}

// HasProvider tells whether anybody can vouch for people of this desk; where
// nobody does, the mailed link is the only way in.
func (a *App) HasProvider(d desk.Desk) bool { return d.Issuer != "" || a.signIn.ClientID != "" }

// provider is the desk's own issuer when it has one, else Microsoft Entra.
func (a *App) provider(ctx context.Context, d desk.Desk) (*entra.Provider, error) {
	cfg := entra.Config{Authority: a.signIn.Authority, ClientID: a.signIn.ClientID, ClientSecret: a.signIn.ClientSecret,
		RedirectURL: a.signIn.BaseURL + ReturnPath(d), AllowPrivate: a.signIn.AllowPrivate, Now: a.now}
	if d.Issuer == "" {
		p, _ := a.oidc.LoadOrStore(desk.Nobody, knownProvider{provider: entra.Multitenant(cfg)})
		return p.(knownProvider).provider, nil
	}
	var sealed []byte
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		sealed, err = tx.SealedSecret(d.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	settings := d.Issuer + "\n" + d.ClientID + "\n" + string(sealed)
	if p, ok := a.oidc.Load(d.ID); ok && p.(knownProvider).settings == settings {
		return p.(knownProvider).provider, nil
	}
	cfg.Authority, cfg.ClientID = d.Issuer, d.ClientID
	if cfg.ClientSecret, err = a.secrets.Unseal(sealed); err != nil {
		return nil, fmt.Errorf("client secret of %s: %w", d.Slug, err)
	}
	p := entra.Single(cfg)
	a.oidc.Store(d.ID, knownProvider{settings, p})
	return p, nil
}

// knownProvider is a provider with what a desk's settings said when it was made.
type knownProvider struct {
	settings string
	provider *entra.Provider
}

// SignInStart is a sign-in under way: what the browser is sent with, and what
// must come back.
type SignInStart = entra.Start

// ErrRefused is an answer of the identity provider that proves nobody: a spent
// code, a forged token, a provider that cannot be reached.
var ErrRefused = errors.New("sign-in refused")

// BeginSignIn makes the request that the browser carries to the identity
// provider; the caller keeps its state, nonce and verifier in the session.
func (a *App) BeginSignIn(ctx context.Context, d desk.Desk) (SignInStart, error) {
	p, err := a.provider(ctx, d)
	if err != nil {
		return SignInStart{}, err
	}
	return p.Begin(ctx, entra.Hints{})
}

// SignIn turns the provider's answer into a person of this desk. Errors:
// ErrRefused; ErrStranger when the desk knows neither the person nor his company.
func (a *App) SignIn(ctx context.Context, d desk.Desk, code string, s SignInStart) (desk.Person, error) {
	p, err := a.provider(ctx, d)
	if err != nil {
		return desk.Person{}, err
	}
	id, err := p.Complete(ctx, code, s)
	if err != nil {
		return desk.Person{}, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	return a.admit(ctx, d, id)
}

// admit finds or makes the person behind a verified identity. Known by
// (issuer, subject) first. An invitation is taken up once, by its address, and
// only by somebody of the company it was made for. Anybody of an onboarded
// tenant may come in as a contact where the customer's door is open; a desk role
// is honoured only from the desk's own tenant, since each tenant's administrator
// assigns application roles as he likes.
func (a *App) admit(ctx context.Context, d desk.Desk, id entra.Identity) (desk.Person, error) {
	var identity desk.ID
	err := a.db.Global(ctx, func(tx *postgres.GlobalTx) (err error) {
		identity, err = tx.Identity(id.Issuer, id.Tenant, id.Subject)
		return err
	})
	if err != nil {
		return desk.Person{}, err
	}
	p, err := a.recognise(ctx, d, id, identity)
	if errors.Is(err, desk.ErrConflict) || errors.Is(err, desk.ErrStranger) { // two first sign-ins at once: he may be known by now
		p, err = a.recognise(ctx, d, id, identity)
	}
	if errors.Is(err, desk.ErrConflict) { // his address is another person's
		err = fmt.Errorf("%w: %w", desk.ErrStranger, err)
	}
	return p, err
}

func (a *App) recognise(ctx context.Context, d desk.Desk, id entra.Identity, identity desk.ID) (p desk.Person, err error) {
	err = a.db.Update(ctx, desk.Scope{Desk: d.ID}, func(tx *postgres.Tx) (err error) {
		p, err = tx.PersonByIdentity(identity)
		if errors.Is(err, desk.ErrNotFound) {
			p, err = newcomer(tx, d, id, identity)
		}
		if err == nil && !stillWelcome(tx, d, p, id) {
			err = desk.ErrStranger
		}
		return err
	})
	return p, err
}

// stillWelcome holds a known person to the company he belongs to: a tenant that
// left the desk takes its people along.
func stillWelcome(tx *postgres.Tx, d desk.Desk, p desk.Person, id entra.Identity) bool {
	if !p.Active {
		return false
	}
	vouched := id.Tenant == "" // the desk's own issuer vouches for its people
	if p.SubcontractorID != desk.Nobody {
		c, err := tx.Subcontractor(p.SubcontractorID)
		return err == nil && c.Active && (vouched || c.Tenant == id.Tenant)
	}
	if p.Role.DeskSide() {
		return vouched || id.Tenant == d.Tenant
	}
	c, err := tx.Customer(p.CustomerID)
	return err == nil && c.Active && (vouched || c.Tenant == id.Tenant)
}

func newcomer(tx *postgres.Tx, d desk.Desk, id entra.Identity, identity desk.ID) (desk.Person, error) {
	if id.Tenant == "" {
		return invitedByIssuer(tx, id, identity)
	}
	if id.Tenant == d.Tenant {
		p, err := takeUp(tx, id, identity, desk.Nobody, desk.Nobody)
		if errors.Is(err, desk.ErrStranger) && deskRole(id.Roles) != "" {
			return join(tx, id, identity, desk.PersonSettings{Role: deskRole(id.Roles)})
		}
		return p, err
	}
	// A company may buy from the desk and work for it too; who was invited to work is no contact.
	if p, err := lent(tx, id, identity); !errors.Is(err, desk.ErrStranger) {
		return p, err
	}
	c, err := tx.CustomerByTenant(id.Tenant)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Person{}, desk.ErrStranger
	}
	if err != nil {
		return desk.Person{}, err
	}
	p, err := takeUp(tx, id, identity, c.ID, desk.Nobody)
	if errors.Is(err, desk.ErrStranger) && c.OpenDoor {
		return join(tx, id, identity, desk.PersonSettings{Role: desk.Contact, CustomerID: c.ID})
	}
	return p, err
}

// lent takes up an invitation that an admin made for a subcontractor's person.
// Whatever roles his own tenant gives him count for nothing. Errors: ErrStranger.
func lent(tx *postgres.Tx, id entra.Identity, identity desk.ID) (desk.Person, error) {
	c, err := tx.SubcontractorByTenant(id.Tenant)
	if errors.Is(err, desk.ErrNotFound) {
		return desk.Person{}, desk.ErrStranger
	}
	if err != nil {
		return desk.Person{}, err
	}
	return takeUp(tx, id, identity, desk.Nobody, c.ID)
}

// takeUp binds an invitation made for this company.
func takeUp(tx *postgres.Tx, id entra.Identity, identity, customer, subcontractor desk.ID) (desk.Person, error) {
	p, err := tx.Invited(strings.ToLower(id.Email), customer, subcontractor)
	if errors.Is(err, desk.ErrNotFound) {
		return p, desk.ErrStranger
	}
	if err != nil {
		return p, err
	}
	p.IdentityID = identity
	return p, tx.Bind(p.ID, identity)
}

// invitedByIssuer binds an invitation by an address that the desk's own issuer
// says it has verified; such an issuer brings no tenant to tell companies apart.
func invitedByIssuer(tx *postgres.Tx, id entra.Identity, identity desk.ID) (desk.Person, error) {
	if !id.EmailVerified {
		return desk.Person{}, desk.ErrStranger
	}
	people, err := tx.PeopleByEmail(strings.ToLower(id.Email))
	if err != nil {
		return desk.Person{}, err
	}
	if len(people) != 1 || people[0].IdentityID != desk.Nobody {
		return desk.Person{}, desk.ErrStranger
	}
	people[0].IdentityID = identity
	return people[0], tx.Bind(people[0].ID, identity)
}

func join(tx *postgres.Tx, id entra.Identity, identity desk.ID, s desk.PersonSettings) (desk.Person, error) {
	s.Name, s.Email = id.Name, id.Email
	if s.Name == "" {
		s.Name = s.Email
	}
	p, err := desk.NewPerson(s)
	var invalid desk.Invalid
	if errors.As(err, &invalid) { // a token without a usable name or address
		return p, fmt.Errorf("%w: %w", desk.ErrStranger, err)
	}
	p.IdentityID = identity
	if err = tx.AddPerson(p); errors.As(err, &invalid) {
		err = fmt.Errorf("%w: %s", desk.ErrConflict, err)
	}
	return p, err
}

// deskRole reads the application role that the desk's own tenant assigned.
func deskRole(roles []string) desk.Role {
	found := desk.Role("")
	for _, r := range roles {
		switch r {
		case "Desk.Admin":
			return desk.Admin
		case "Desk.Lead":
			found = desk.Lead
		case "Desk.Agent":
			if found == "" {
				found = desk.Agent
			}
		}
	}
	return found
}

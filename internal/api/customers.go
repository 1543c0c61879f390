package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// Customer is a company that buys from the partner.
type Customer struct {
	ID            desk.ID   `json:"id" format:"uuid"`
	Name          string    `json:"name"`
	Tenant        string    `json:"tenant" doc:"Its Microsoft tenant id; empty while unknown."`
	InitialDomain string    `json:"initial_domain" doc:"Such as contoso.onmicrosoft.com."`
	Domains       []string  `json:"domains"`
	Relationship  string    `json:"relationship" enum:"direct,reseller,provider" doc:"What the partner is for this customer."`
	Region        string    `json:"region"`
	Priority      bool      `json:"priority"`
	OpenDoor      bool      `json:"open_door" doc:"Whether anyone of the tenant may sign in as a contact."`
	Note          string    `json:"note" doc:"Read by the desk alone."`
	Active        bool      `json:"active"`
	CreatedAt     time.Time `json:"created_at"`
}

// Person is somebody who can sign in.
type Person struct {
	ID     desk.ID `json:"id" format:"uuid"`
	Name   string  `json:"name"`
	Email  string  `json:"email"`
	Role   string  `json:"role" enum:"contact,manager,agent,lead,admin"`
	Active bool    `json:"active"`
}

// OneCustomer names a customer.
type OneCustomer struct {
	ID desk.ID `path:"id" format:"uuid"`
}

type customerQuery struct {
	Short
	Text string `query:"text" maxLength:"100" doc:"Part of the name."`
}

// CustomerAnswer is one customer.
type CustomerAnswer struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Customer
}

type newCustomer struct {
	Body struct {
		Name          string   `json:"name" minLength:"1" maxLength:"80"`
		Tenant        string   `json:"tenant,omitempty" maxLength:"36"`
		InitialDomain string   `json:"initial_domain,omitempty" maxLength:"253"`
		Domains       []string `json:"domains,omitempty" maxItems:"50"`
		Relationship  string   `json:"relationship,omitempty" enum:"direct,reseller,provider" default:"direct"`
		Region        string   `json:"region,omitempty" maxLength:"60"`
		Priority      bool     `json:"priority,omitempty"`
		OpenDoor      bool     `json:"open_door,omitempty"`
		Note          string   `json:"note,omitempty" maxLength:"2000"`
	}
}

type customerChange struct {
	OneCustomer
	IfMatch string `header:"If-Match" doc:"The ETag that you read: the change is refused with 412 when the customer has changed since."`
	Body    struct {
		Name          *string   `json:"name,omitempty" minLength:"1" maxLength:"80"`
		Tenant        *string   `json:"tenant,omitempty" maxLength:"36"`
		InitialDomain *string   `json:"initial_domain,omitempty" maxLength:"253"`
		Domains       *[]string `json:"domains,omitempty" maxItems:"50"`
		Relationship  *string   `json:"relationship,omitempty" enum:"direct,reseller,provider"`
		Region        *string   `json:"region,omitempty" maxLength:"60"`
		Priority      *bool     `json:"priority,omitempty"`
		OpenDoor      *bool     `json:"open_door,omitempty"`
		Note          *string   `json:"note,omitempty" maxLength:"2000"`
		Active        *bool     `json:"active,omitempty" doc:"false ends the sessions of its people."`
	}
}

func (d *door) customerRoutes(h huma.API) {
	const tag = "Customers and people"
	add(d, h, op(http.MethodGet, "/customers", desk.ScopeCustomersRead, tag, "listCustomers", "Customers by name"), d.listCustomers)
	add(d, h, op(http.MethodPost, "/customers", desk.ScopeCustomersWrite, tag, "createCustomer", "Take a customer on"), d.createCustomer)
	add(d, h, op(http.MethodGet, "/customers/{id}", desk.ScopeCustomersRead, tag, "readCustomer", "One customer"), d.readCustomer)
	add(d, h, op(http.MethodPatch, "/customers/{id}", desk.ScopeCustomersWrite, tag, "changeCustomer", "Change a customer's settings"), d.changeCustomer)
	add(d, h, op(http.MethodGet, "/customers/{id}/people", desk.ScopePeopleRead, tag, "listCustomerPeople", "A customer's people"), d.customerPeople)
	add(d, h, op(http.MethodGet, "/people", desk.ScopePeopleRead, tag, "listPeople", "The desk's people, to whom a ticket can be given"),
		func(ctx context.Context, who desk.Actor, in *Paged) (*Listed[Person], error) {
			list, err := d.app.Agents(ctx, who)
			if err != nil {
				return nil, err
			}
			return people(list, *in, "/people")
		})
}

func customer(c desk.Customer) Customer {
	return Customer{c.ID, c.Name, c.Tenant, c.InitialDomain, append([]string{}, c.Domains...), string(c.Relationship), c.Region, c.Priority, c.OpenDoor, c.Note, c.Active, c.CreatedAt.UTC()}
}

func people(list []desk.Person, p Paged, base string) (*Listed[Person], error) {
	return windowed(list, p, base, func(p desk.Person) string { return p.ID.String() },
		func(p desk.Person) Person { return Person{p.ID, p.Name, p.Email, string(p.Role), p.Active} })
}

// peopleQuery names a customer whose people are listed.
type peopleQuery struct {
	OneCustomer
	Paged
}

func (d *door) listCustomers(ctx context.Context, who desk.Actor, in *customerQuery) (*Listed[Customer], error) {
	after, err := base64.RawURLEncoding.DecodeString(in.Cursor)
	if err != nil {
		return nil, badCursor()
	}
	list, next, err := d.app.Customers(ctx, who, in.Text, string(after))
	if err != nil {
		return nil, err
	}
	if len(list) > in.Limit {
		list, next = list[:in.Limit], list[in.Limit-1].Name
	}
	items := make([]Customer, len(list))
	for i, c := range list {
		items[i] = customer(c)
	}
	query := in.limitQuery()
	if in.Text != "" {
		query.Set("text", in.Text)
	}
	return listed(items, base64.RawURLEncoding.EncodeToString([]byte(next)), "/customers", query), nil
}

func (d *door) readCustomer(ctx context.Context, who desk.Actor, in *OneCustomer) (*CustomerAnswer, error) {
	c, _, err := d.app.Customer(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return &CustomerAnswer{ETag: customerTag(c), Body: customer(c)}, nil
}

// customerTag tells one state of a customer from another.
func customerTag(c desk.Customer) string {
	text, _ := json.Marshal(customer(c))
	return shortHash(string(text))
}

func shortHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (d *door) customerPeople(ctx context.Context, who desk.Actor, in *peopleQuery) (*Listed[Person], error) {
	_, list, err := d.app.Customer(ctx, who, in.ID)
	if err != nil {
		return nil, err
	}
	return people(list, in.Paged, "/customers/"+in.ID.String()+"/people")
}

func (d *door) createCustomer(ctx context.Context, who desk.Actor, in *newCustomer) (*CustomerAnswer, error) {
	b := in.Body
	id, err := d.app.AddCustomer(ctx, who, desk.CustomerSettings{Name: b.Name, Tenant: b.Tenant, InitialDomain: b.InitialDomain, Domains: strings.Join(b.Domains, "\n"),
		Region: b.Region, Note: b.Note, Relationship: desk.Relationship(b.Relationship), Priority: b.Priority, OpenDoor: b.OpenDoor})
	if err != nil {
		return nil, err
	}
	out, err := d.readCustomer(ctx, who, &OneCustomer{id})
	if err == nil {
		out.Location = Path + "/customers/" + id.String()
	}
	return out, err
}

func (d *door) changeCustomer(ctx context.Context, who desk.Actor, in *customerChange) (*CustomerAnswer, error) {
	err := d.app.PatchCustomer(ctx, who, in.ID, func(c desk.Customer) (desk.CustomerSettings, error) {
		s := desk.CustomerSettings{Name: c.Name, Tenant: c.Tenant, InitialDomain: c.InitialDomain, Domains: strings.Join(c.Domains, "\n"), Region: c.Region, Note: c.Note,
			Relationship: c.Relationship, Priority: c.Priority, OpenDoor: c.OpenDoor, Active: c.Active}
		if in.IfMatch != "" && in.IfMatch != "*" && !strings.HasPrefix(strings.TrimPrefix(strings.TrimSpace(in.IfMatch), `"`), customerTag(c)+".") {
			return s, app.ErrChanged
		}
		b := in.Body
		put(&s.Name, b.Name)
		put(&s.Tenant, b.Tenant)
		put(&s.InitialDomain, b.InitialDomain)
		put(&s.Region, b.Region)
		put(&s.Note, b.Note)
		put((*string)(&s.Relationship), b.Relationship)
		put(&s.Priority, b.Priority)
		put(&s.OpenDoor, b.OpenDoor)
		put(&s.Active, b.Active)
		if b.Domains != nil {
			s.Domains = strings.Join(*b.Domains, "\n")
		}
		return s, nil
	})
	if err != nil {
		return nil, err
	}
	return d.readCustomer(ctx, who, &in.OneCustomer)
}

func put[T any](to, from *T) {
	if from != nil {
		*to = *from
	}
}

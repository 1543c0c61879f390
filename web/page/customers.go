package page

import (
	"context"
	"net/url"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// CustomerList is a page of a desk's customers by name.
type CustomerList struct {
	Text  string // what was searched for
	After string // the name this page starts after, "" for the first page
	Next  string // the name the next page starts after, "" when there is none
	Rows  []desk.Customer
	Types map[desk.ID]desk.SupportType // what each has today
}

// href is the same search from another place.
func (l CustomerList) href(f Frame, after string) string {
	q := url.Values{}
	if l.Text != "" {
		q.Set("q", l.Text)
	}
	if after != "" {
		q.Set("after", after)
	}
	if len(q) == 0 {
		return f.Href("/settings/customers")
	}
	return f.Href("/settings/customers?" + q.Encode())
}

// CustomerForm is what an admin says of a customer.
type CustomerForm struct {
	desk.CustomerSettings
	Problems desk.Problems
	Blocks   BlockPanel        // beside the form
	Health   desk.Connection   // the same; its state is "" for one who was never asked
	Routes   []desk.UsualRoute // the same: where his requests go
	Access   desk.CustomersAccess
	Handed   []desk.EscalationRow // his newest escalations
}

// CustomerFormOf is the form as the customer stands.
func CustomerFormOf(c desk.Customer) CustomerForm {
	return CustomerForm{CustomerSettings: desk.CustomerSettings{Name: c.Name, Tenant: c.Tenant, InitialDomain: c.InitialDomain, Domains: strings.Join(c.Domains, "\n"),
		Region: c.Region, Note: c.Note, Relationship: c.Relationship, Priority: c.Priority, OpenDoor: c.OpenDoor, Active: c.Active}}
}

// relationships are the choices, each explained in a line.
func relationships(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, r := range desk.Relationships() {
		options = append(options, ui.Option{Value: string(r), Text: i18n.T(ctx, "relationship."+string(r)), Hint: i18n.T(ctx, "relationship."+string(r)+"_is")})
	}
	return options
}

// domain is the name a customer's people have after the @, as far as it is known.
func domain(c desk.Customer) string {
	if len(c.Domains) > 0 {
		return c.Domains[0]
	}
	return c.InitialDomain
}

// known is a value for a table, where a blank would look forgotten.
func known(value string) string {
	if value == "" {
		return "–"
	}
	return value
}

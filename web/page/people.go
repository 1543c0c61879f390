package page

import (
	"context"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// PersonForm is what an admin says of a person. Customer is zero for the
// desk's own people.
type PersonForm struct {
	desk.PersonSettings
	Customer  desk.Customer
	Employers []desk.Subcontractor // who can lend a person to the desk
	Problems  desk.Problems
}

// PersonFormOf is the form as the person stands.
func PersonFormOf(p desk.Person, c desk.Customer) PersonForm {
	return PersonForm{Customer: c, PersonSettings: desk.PersonSettings{Name: p.Name, Email: p.Email, Language: p.Language, Role: p.Role,
		CustomerID: p.CustomerID, SubcontractorID: p.SubcontractorID, Active: p.Active}}
}

// roles are the choices on the person's side, each explained in a line.
func (p PersonForm) roles(ctx context.Context) []ui.Option {
	side := desk.DeskRoles()
	if p.CustomerID != desk.Nobody {
		side = desk.CustomerRoles()
	}
	var options []ui.Option
	for _, r := range side {
		options = append(options, ui.Option{Value: string(r), Text: i18n.T(ctx, "role."+string(r)), Hint: i18n.T(ctx, "role."+string(r)+"_does")})
	}
	return options
}

// home is the list that shows the person.
func (p PersonForm) home(f Frame) string {
	if p.CustomerID != desk.Nobody {
		return f.Href("/settings/customers/" + p.CustomerID.String())
	}
	return f.Href("/settings/people")
}

// listName is what that list is called.
func (p PersonForm) listName(ctx context.Context) string {
	if p.CustomerID != desk.Nobody {
		return p.Customer.Name
	}
	return i18n.T(ctx, "people.title")
}

// place is where an invitation leads: the customer, else the desk.
func (p PersonForm) place(f Frame) string {
	if p.CustomerID != desk.Nobody {
		return p.Customer.Name
	}
	return f.Who.Desk.Name
}

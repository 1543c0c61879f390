package page

import (
	"context"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// SubcontractorForm is what an admin says of a subcontractor, and the customers
// that he can give to it.
type SubcontractorForm struct {
	desk.SubcontractorSettings
	Grantable []desk.Customer
	Problems  desk.Problems
}

// SubcontractorFormOf is the form as the subcontractor stands.
func SubcontractorFormOf(c desk.Subcontractor) SubcontractorForm {
	return SubcontractorForm{SubcontractorSettings: c.Settings()}
}

// NewSubcontractorForm is the form nobody has filled in yet: working hours as
// the desk's zone has them, nothing given.
func NewSubcontractorForm(d desk.Desk) SubcontractorForm {
	return SubcontractorForm{SubcontractorSettings: desk.SubcontractorSettings{Zone: d.Zone}}
}

// customers are the options of those who can be given.
func (s SubcontractorForm) customers() []ui.OptionGroup {
	var options []ui.Option
	for _, c := range s.Grantable {
		options = append(options, ui.Option{Value: c.ID.String(), Text: c.Name})
	}
	return []ui.OptionGroup{{Options: options}}
}

func (s SubcontractorForm) given() []string {
	out := make([]string, len(s.Customers))
	for i, id := range s.Customers {
		out[i] = id.String()
	}
	return out
}

// allServices are the options of the services, by family.
func allServices(ctx context.Context) []ui.OptionGroup {
	byFamily := map[string][]ui.Option{}
	for _, s := range desk.Services() {
		byFamily[s.Family] = append(byFamily[s.Family], ui.Option{Value: s.Name, Text: serviceName(i18n.From(ctx), s.Name)})
	}
	var out []ui.OptionGroup
	for _, f := range families {
		out = append(out, ui.OptionGroup{Title: f.title, Options: byFamily[f.name]})
	}
	return append(out, ui.OptionGroup{Title: i18n.T(ctx, "subcontractor.other_services"), Options: byFamily["other"]})
}

// dayField asks for the hours of a day of the week.
func (s SubcontractorForm) dayField(ctx context.Context, day string) ui.Field {
	return ui.Field{Name: day, Label: i18n.T(ctx, "weekday."+day), Value: shown(s.Week[day]), Error: problemOf(ctx, s.Problems, day),
		More: map[string]any{"placeholder": "08:30-12:30, 13:30-18:00", "aria-describedby": "hours-hint"}}
}

// customersGiven, servicesGiven and hoursGiven tell in words what is given.
func customersGiven(ctx context.Context, c desk.Subcontractor) string {
	if c.AllCustomers {
		return i18n.T(ctx, "subcontractors.every_customer")
	}
	return i18n.N(ctx, "subcontractors.customers_given", len(c.Customers))
}

func servicesGiven(ctx context.Context, c desk.Subcontractor) string {
	if c.AllServices {
		return i18n.T(ctx, "subcontractors.every_service")
	}
	if len(c.Services) > 3 {
		return i18n.N(ctx, "subcontractors.services_given", len(c.Services))
	}
	names := make([]string, len(c.Services))
	for i, name := range c.Services {
		names[i] = serviceName(i18n.From(ctx), name)
	}
	return strings.Join(names, ", ")
}

func hoursGiven(ctx context.Context, c desk.Subcontractor) string {
	if c.Always {
		return i18n.T(ctx, "subcontractors.any_hour")
	}
	return i18n.N(ctx, "subcontractors.days", len(c.Hours.Weekly))
}

// Companies names the subcontractors by their ids.
type Companies map[desk.ID]string

// CompaniesOf is the names of a list.
func CompaniesOf(list []desk.Subcontractor) Companies {
	names := Companies{}
	for _, c := range list {
		names[c.ID] = c.Name
	}
	return names
}

// employers are who can employ a person of the desk: the desk itself first.
// One that was switched off stays where it is the answer already.
func (p PersonForm) employers(f Frame) []ui.Option {
	options := []ui.Option{{Text: f.Who.Desk.Name}}
	for _, c := range p.Employers {
		if c.Active || c.ID == p.SubcontractorID {
			options = append(options, ui.Option{Value: c.ID.String(), Text: c.Name})
		}
	}
	return options
}

// employer is the answer as the list has it.
func (p PersonForm) employer() string {
	if p.SubcontractorID == desk.Nobody {
		return ""
	}
	return p.SubcontractorID.String()
}

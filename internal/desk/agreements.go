package desk

import (
	"slices"
	"strings"
)

// AgreementSettings is what an admin says of an agreement, as he types it.
type AgreementSettings struct {
	Name, SupportType string
	Services          []string
	Users             string
	Starts, Ends      string // 2026-12-24; an open end is ""
}

// AgreementSettingsOf is an agreement as its form shows it.
func AgreementSettingsOf(a Agreement) AgreementSettings {
	s := AgreementSettings{Name: a.Name, SupportType: a.SupportType, Services: a.Services, Users: number(a.Users), Starts: string(a.Starts)}
	if a.Ends != nil {
		s.Ends = string(*a.Ends)
	}
	return s
}

// maxUsers is of one customer; pricing.MostUsers is the same.
const maxUsers = 1_000_000

// NewAgreement gives a customer a support type of the offer, beside what he has
// agreed on already. Errors: Invalid, by field.
func NewAgreement(customer ID, s AgreementSettings, o Offer, others []Agreement) (Agreement, error) {
	return Agreement{ID: NewID(), CustomerID: customer}.With(s, o, others)
}

// With changes an agreement; others may hold what it was. Errors: Invalid, by
// field.
func (a Agreement) With(s AgreementSettings, o Offer, others []Agreement) (Agreement, error) {
	var p Problems
	kept := a.SupportType != "" && o.Current(a.SupportType) == s.SupportType // by a successor: it is what he has
	if !kept {
		a.SupportType = s.SupportType
	}
	a.Name, a.Services = clean(s.Name), slices.Clone(s.Services)
	slices.Sort(a.Services)
	a.Services = slices.Compact(a.Services)
	p.Text("contract", a.Name, 0, 80)
	if _, ok := o.Type(o.Current(a.SupportType)); !ok {
		p.Add("support_type", "error.choose")
	}
	checkServices(&p, "services", a.Services)
	users, ok := wholeNumber(s.Users)
	if a.Users = users; !ok || users > maxUsers {
		p.Add("users", "error.offer.users")
	}
	if a.Starts, ok = ParseDay(strings.TrimSpace(s.Starts)); !ok {
		p.Add("starts", "error.date")
	}
	a.Ends = nil
	if text := strings.TrimSpace(s.Ends); text != "" {
		end, ok := ParseDay(text)
		switch {
		case !ok:
			p.Add("ends", "error.date")
		case end < a.Starts:
			p.Add("ends", "error.offer.ends")
		}
		a.Ends = &end
	}
	for _, other := range others {
		if other.ID != a.ID && a.meets(other) {
			p.Add("starts", "error.offer.overlap", "Name", other.Name, "Starts", string(other.Starts))
		}
	}
	return a, p.Err()
}

// wholeNumber reads a number of at least 0; nothing is 0.
func wholeNumber(text string) (int, bool) {
	text = strings.Join(strings.Fields(text), "")
	n := 0
	for _, r := range text {
		if r < '0' || r > '9' || n > maxUsers {
			return 0, false
		}
		n = n*10 + int(r-'0')
	}
	return n, true
}

// meets tells two agreements that would both hold for a service on a day, and
// neither more closely.
func (a Agreement) meets(b Agreement) bool {
	apart := a.Ends != nil && *a.Ends < b.Starts || b.Ends != nil && *b.Ends < a.Starts
	if apart || (len(a.Services) > 0) != (len(b.Services) > 0) {
		return false
	}
	return len(a.Services) == 0 || slices.ContainsFunc(services, func(s Service) bool {
		return ServiceAmong(a.Services, s.Name) && ServiceAmong(b.Services, s.Name)
	})
}

// HoldsOn tells an agreement of that day.
func (a Agreement) HoldsOn(day Day) bool { return a.Starts <= day && (a.Ends == nil || *a.Ends >= day) }

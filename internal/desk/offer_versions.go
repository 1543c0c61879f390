package desk

import (
	"fmt"
	"time"

	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// OfferVersion is a published offer. Version 0 is what a desk has before it
// publishes its first.
type OfferVersion struct {
	Version      int
	Content      Offer
	Note         string
	PersonID     ID
	Author       string
	RestoredFrom int
	CreatedAt    time.Time
}

// OfferDraft is what a desk's admins are working on.
type OfferDraft struct {
	BasedOn   int
	Revision  int
	Content   Offer
	PersonID  ID
	Author    string
	UpdatedAt time.Time
}

// FirstOffer is what a desk that has published none promises: one type, office
// hours, replies and no price.
func FirstOffer(d Desk) OfferVersion {
	reply := func(minutes int) Targets { return Targets{FirstReply: minutes, NextReply: minutes} }
	return OfferVersion{Content: Offer{
		Currency: "EUR", Default: "standard",
		Calendars: []OfferCalendar{{Key: "office", Name: Text{"fr": "Heures de bureau", "en": "Office hours"}, Spec: OfficeHours(d.Zone)}},
		Types: []SupportType{{
			Key: "standard", Name: Text{"fr": "Standard", "en": "Standard"}, Calendar: "office", Languages: []string{"fr", "en"},
			Contacts: []ContactMethod{{Method: "portal"}, {Method: "email"}, {Method: "phone"}},
			Targets:  map[Impact]Targets{Stopped: reply(60), Slowed: reply(120), Minor: reply(240)},
			Terms:    pricing.Terms{Model: pricing.Included},
		}},
		Baseline: ShippedBaseline(),
		Ladder:   []Rung{{Before: 15, Tell: "assignee"}, {Before: 0, Tell: "leads"}, {Before: -60, Tell: "admins"}},
		Indexed:  true,
	}}
}

// OpenOffer is a version whose calendars are read: what clocks and prices go by.
type OpenOffer struct {
	OfferVersion
	calendars map[string]hours.Calendar
}

// Open reads the calendars. Errors: a calendar that no form would have let in.
func (v OfferVersion) Open() (OpenOffer, error) {
	o := OpenOffer{v, map[string]hours.Calendar{}}
	for _, c := range v.Content.Calendars {
		read, err := hours.Parse(c.Spec)
		if err != nil {
			return o, fmt.Errorf("offer %d, hours %s: %w", v.Version, c.Key, err)
		}
		o.calendars[c.Key] = read
	}
	return o, nil
}

// Calendar is the hours of that key; none is open at any time.
func (o OpenOffer) Calendar(key string) hours.Calendar {
	if c, ok := o.calendars[key]; ok {
		return c
	}
	return hours.Always()
}

// Level is the type of that key, or its successor, as clocks go by it; where the
// version has neither, its default.
func (o OpenOffer) Level(key string) Level {
	t, ok := o.Content.Type(o.Content.Current(key))
	if !ok {
		t, _ = o.Content.Type(o.Content.Default)
	}
	return Level{Offer: o.Version, Type: t, Calendar: o.Calendar(t.Calendar), Ladder: o.Content.Ladder, Currency: o.Content.Currency}
}

// Level is what a ticket is promised: a support type of one version of the
// offer, with the calendar that its clocks run by.
type Level struct {
	Offer    int
	Type     SupportType
	Calendar hours.Calendar
	Ladder   []Rung
	Currency string
}

// Agreement is which support type a customer, or one of his contracts, has.
type Agreement struct {
	ID          ID        `json:"id"`
	CustomerID  ID        `json:"customer_id"`
	Name        string    `json:"name"` // of the contract, "" for the customer as a whole
	SupportType string    `json:"support_type"`
	Services    []string  `json:"services"` // families or services; none: all
	Users       int       `json:"users"`
	Starts      Day       `json:"starts"`
	Ends        *Day      `json:"ends"` // the last day, nil while open
	CreatedAt   time.Time `json:"created_at"`
}

// Applying is the agreement that holds for a service on a day: the one that
// names the service before one for all, the later before the earlier.
func Applying(list []Agreement, service string, day Day) (Agreement, bool) {
	var best Agreement
	found := false
	for _, a := range list {
		if a.Starts > day || a.Ends != nil && *a.Ends < day || !ServiceAmong(a.Services, service) {
			continue
		}
		closer := (len(a.Services) > 0) != (len(best.Services) > 0)
		if !found || closer && len(a.Services) > 0 || !closer && a.Starts > best.Starts {
			best, found = a, true
		}
	}
	return best, found
}

// Day is a date without a time: 2026-11-25. Days compare as texts do.
type Day string

// DayOf is the date on which an instant falls in a zone.
func DayOf(t time.Time, zone *time.Location) Day { return Day(t.In(zone).Format(time.DateOnly)) }

// ParseDay reads a date from a form.
func ParseDay(s string) (Day, bool) {
	t, err := time.Parse(time.DateOnly, s)
	return Day(s), err == nil && t.Year() >= 2000 && t.Year() < 2100
}

// At is the midnight at which the day begins in a zone.
func (d Day) At(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(time.DateOnly, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// FirstReplies is when a ticket sent now would be answered, by impact; an impact
// that is promised nothing is left out.
func (l Level) FirstReplies(now time.Time) map[Impact]time.Time {
	out := map[Impact]time.Time{}
	for _, i := range Impacts {
		target := l.Type.Targets[i].Of(FirstReply)
		if target == 0 {
			continue
		}
		if at, err := l.Calendar.Deadline(now, target); err == nil {
			out[i] = at
		}
	}
	return out
}

package server

import (
	"context"
	"net/http"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/page"
)

// serviceHealth is the state of services: to a customer's people of their own
// company, to the desk's of a customer or over all, to a visitor what the desk
// tells everybody. Nobody is sent to sign in: it may be sign-in that is down.
func (s *Server) serviceHealth(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	switch {
	case !who.SignedIn():
		return s.publicHealth(w, r, who)
	case who.Off != nil:
		return *who.Off
	}
	k := s.sheetKey(r, who)
	sheet, err := s.sheets.find(k, s.app.Now(), func() (page.HealthSheet, time.Duration, error) { return s.drawHealth(r, who, k) })
	if err != nil {
		return err
	}
	m := page.Mine{}
	if m.Tickets, err = s.app.InTrouble(r.Context(), who); err != nil {
		return err
	}
	if k.reader == page.HealthOverall {
		if m.Choice, err = s.sickCustomers(r, who); err != nil {
			return err
		}
	}
	return s.renderTagged(w, r, page.HealthPage(s.frame(r, who, "health"), sheet.HealthSheet, m))
}

// sheetKey is whose state of services a reader asks for. A customer's person
// has no choice.
func (s *Server) sheetKey(r *http.Request, who desk.Actor) sheetKey {
	p := i18n.From(r.Context())
	k := sheetKey{desk: who.Desk, reader: page.HealthPublic, lang: p.Lang(), zone: p.Zone().String()}
	switch {
	case who.DeskSide():
		k.reader = page.HealthOverall
		if id, err := desk.ParseID(r.URL.Query().Get("customer")); err == nil {
			k.reader, k.customer = page.HealthDesk, id
		}
	case who.SignedIn():
		k.reader, k.customer = page.HealthCustomer, who.Person.CustomerID
	}
	return k
}

// drawHealth draws a sheet, and tells for how long it is new enough: while
// something is wrong, news counts for more.
func (s *Server) drawHealth(r *http.Request, who desk.Actor, k sheetKey) (page.HealthSheet, time.Duration, error) {
	ctx := context.WithoutCancel(r.Context()) // others wait for the same
	zone := i18n.From(ctx).Zone()
	var v desk.HealthView
	var err error
	if k.reader == page.HealthPublic {
		v, err = s.app.PublicHealth(ctx, who.Desk, zone)
	} else {
		v, err = s.app.Health(ctx, who, k.customer, zone)
	}
	if err != nil {
		return page.HealthSheet{}, 0, err
	}
	fresh := 15 * time.Second
	if len(v.Open) > 0 {
		fresh = 5 * time.Second
	}
	h := page.Health{HealthView: v, Desk: who.Desk, Reader: k.reader}
	drawing, err := drawn(ctx, page.HealthDrawing(h))
	if err != nil {
		return page.HealthSheet{}, 0, err
	}
	return page.CutSheet(ctx, h, string(drawing)), fresh, nil
}

// publicHealth is the page of a visitor: for all who are nobody in particular
// the copy of this minute.
func (s *Server) publicHealth(w http.ResponseWriter, r *http.Request, who desk.Actor) error {
	k := s.sheetKey(r, who)
	sheet, err := s.sheets.find(k, s.app.Now(), func() (page.HealthSheet, time.Duration, error) { return s.drawHealth(r, who, k) })
	if err != nil {
		return err
	}
	if !s.isAnybody(r, who) {
		return s.renderTagged(w, r, page.HealthPage(s.frame(r, who, "health"), sheet.HealthSheet, page.Mine{}))
	}
	p := i18n.From(r.Context())
	c := copyKey{page: "health", desk: who.Desk, lang: k.lang, shown: k.zone, theme: chosenTheme(r), minute: p.Now().Unix() / 60}
	found, err := s.homes.find(c, func() (copied, error) {
		f := page.Frame{Who: who, Path: r.URL.Path, Section: "health", Theme: c.theme, Base: s.address()}
		whole, err := drawn(context.WithoutCancel(r.Context()), page.HealthPage(f, sheet.HealthSheet, page.Mine{}))
		if err != nil {
			return copied{}, err
		}
		return copyOf(whole)
	})
	if err == nil {
		found.send(w, r, time.Minute-time.Duration(p.Now().Second())*time.Second)
	}
	return err
}

// sickCustomers is the list from which a desk's person picks whose services he
// looks at, nil while he has not asked for it.
func (s *Server) sickCustomers(r *http.Request, who desk.Actor) (*page.CustomerChoice, error) {
	q := r.URL.Query()
	if !q.Has("q") {
		return nil, nil
	}
	c := page.CustomerChoice{Text: searched(r)}
	var err error
	c.Customers, c.Next, err = s.app.Customers(r.Context(), who, c.Text, q.Get("after"))
	return &c, err
}

package demo

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"guichet/internal/app"
	"guichet/internal/desk"
)

// billedFirst is the customer who has bought time and gets a statement; billedToo
// has amounts that wait for review.
const billedFirst, billedToo = "fabrique-lumen", "hotel-du-lac"

// works is what agents note of their work, in turn.
var works = []struct {
	minutes int
	text    string
	free    bool
}{
	{75, "Diagnostic à distance, puis correction de la configuration", false},
	{40, "Analyse des journaux et vérification des droits", false},
	{60, "Prise en main à distance avec l’utilisateur, réglage refait", false},
	{15, "Explication par téléphone", true},
	{90, "Reprise des comptes et contrôle avec le client", false},
	{25, "Recherche dans la documentation et essai sur un compte de test", false},
}

// mostWork is how many tickets have time noted on them.
const mostWork = 16

// sell sells a customer ten hours, before he asks for any.
func (l *loader) sell(ctx context.Context) error {
	admin := l.ofRole(desk.Admin)
	l.clock = daytime(l.now.AddDate(0, -2, 0), admin.Desk.Location())
	return l.app.AddBlock(ctx, admin, l.ids["alpine/"+billedFirst], desk.BlockSettings{Name: "Forfait de 10 heures", Time: "10 h", Price: "850",
		Expires: string(desk.DayOf(l.now.AddDate(1, 0, 0), admin.Desk.Location()))})
}

// charges lets Alpine's agents note their time, issues last month's statement of
// one customer and leaves the rest to be reviewed. What it all costs is for the
// offer to say.
func (l *loader) charges(ctx context.Context) error {
	lead := l.ofRole(desk.Lead)
	first := l.ids["alpine/"+billedFirst]
	l.clock = l.now
	rows, err := l.worked(ctx, lead)
	if err != nil {
		return err
	}
	for i, r := range rows {
		if err := l.logged(ctx, lead, r, i); err != nil {
			return fmt.Errorf("time on %d: %w", r.Number, err)
		}
	}
	return l.bill(ctx, lead, first)
}

// ofRole is one of Alpine's people.
func (l *loader) ofRole(role desk.Role) desk.Actor {
	var found desk.Actor
	for _, a := range l.people {
		if a.Desk.Slug == "alpine" && a.Person.Role == role && (!found.SignedIn() || a.Person.Email < found.Person.Email) {
			found = a
		}
	}
	return found
}

// worked picks the tickets that somebody has worked on, the oldest first, those
// of the customer with prepaid time before all others.
func (l *loader) worked(ctx context.Context, lead desk.Actor) ([]desk.Row, error) {
	c, _, err := l.app.Customer(ctx, lead, l.ids["alpine/"+billedFirst])
	if err != nil {
		return nil, err
	}
	var rows []desk.Row
	for _, view := range []desk.View{desk.ViewEnded, desk.ViewAll} {
		page, _, err := l.app.ReadQueue(ctx, lead, desk.QueueFilter{View: view, Sort: "activity"})
		if err != nil {
			return nil, err
		}
		rows = append(rows, page...)
	}
	rows = slices.DeleteFunc(rows, func(r desk.Row) bool { return r.AssigneeName == "" || l.now.Sub(r.CreatedAt) < 4*time.Hour })
	slices.SortFunc(rows, func(a, b desk.Row) int {
		return cmp.Or(-compareBools(a.CustomerName == c.Name, b.CustomerName == c.Name), a.CreatedAt.Compare(b.CreatedAt))
	})
	return rows[:min(len(rows), mostWork)], nil
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// logged notes the i-th piece of work, some while after the ticket came.
func (l *loader) logged(ctx context.Context, lead desk.Actor, r desk.Row, i int) error {
	who := lead
	for _, a := range l.people {
		if a.Desk.ID == lead.Desk.ID && a.Person.Name == r.AssigneeName {
			who = a
		}
	}
	w := works[i%len(works)]
	l.set(who, r.CreatedAt.Add(time.Duration(w.minutes+20)*time.Minute))
	if l.clock.After(l.now) {
		l.clock = l.now
	}
	return l.app.LogTime(ctx, who, r.Number, desk.Work{Spent: fmt.Sprint(w.minutes), Text: w.text, Billable: !w.free, Key: desk.NewID()}, false)
}

// bill proposes last month, approves what the first customer owes of it and
// issues his statement. An amount by hand is on it whatever the offer prices.
func (l *loader) bill(ctx context.Context, lead desk.Actor, first desk.ID) error {
	zone := lead.Desk.Location()
	this := desk.MonthOf(l.now, zone)
	last := this.Add(-1)
	l.clock = daytime(this.At(zone).Add(33*time.Hour), zone)
	if l.clock.After(l.now) {
		l.clock = l.now
	}
	err := errors.Join(
		l.app.ChargeMonths(ctx, app.ChargeMonth{Desk: lead.Desk.ID}),
		l.app.AddCharge(ctx, lead, desk.Extra{Customer: first, Month: string(last), Text: "Déplacement à l’atelier, remplacement d’une borne Wi-Fi", Amount: "180", Key: desk.NewID()}),
		l.app.AddCharge(ctx, lead, desk.Extra{Customer: l.ids["alpine/"+billedToo], Month: string(last), Text: "Reprise de trois boîtes partagées, au forfait", Amount: "240", Key: desk.NewID()}))
	if err != nil {
		return err
	}
	rows, _, err := l.app.Charges(ctx, lead, desk.ChargeFilter{State: desk.Proposed, Customer: first})
	if err != nil {
		return err
	}
	var ids []desk.ID
	for _, r := range rows {
		if r.Month <= last {
			ids = append(ids, r.ID)
		}
	}
	if _, err := l.app.DecideCharges(ctx, lead, ids, app.Approve, ""); err != nil {
		return err
	}
	if _, err := l.app.IssueStatement(ctx, lead, first, last); err != nil {
		return err
	}
	l.clock = l.now
	return l.app.AddCharge(ctx, lead, desk.Extra{Customer: l.ids["alpine/"+billedToo], Month: string(this), Text: "Geste commercial sur le mois dernier", Amount: "-30", Key: desk.NewID()})
}

package page

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"time"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// timeSteps is how many columns the cumulative chart has at most.
const timeSteps = 12

// growth is how many tickets and customers there were by an instant.
type growth struct {
	at                 time.Time
	tickets, customers int
}

// growing counts the tickets by their time, in even steps from the first to the
// last. Of tickets that the page leaves out nothing is counted.
func (i Incident) growing() []growth {
	list := i.Story.Tickets
	if len(list) == 0 {
		return nil
	}
	from, to := list[0].CreatedAt, list[len(list)-1].CreatedAt
	steps := min(timeSteps, len(list))
	out := make([]growth, steps)
	for n := range out {
		end := to
		if n < steps-1 {
			end = from.Add(to.Sub(from) * time.Duration(n+1) / time.Duration(steps))
		}
		g := growth{at: end}
		seen := map[desk.ID]bool{}
		for _, k := range list {
			if !k.CreatedAt.After(end) {
				g.tickets++
				seen[k.CustomerID] = true
			}
		}
		g.customers = len(seen)
		out[n] = g
	}
	return out
}

func (i Incident) growthChart(ctx context.Context) ui.Chart {
	p, list := i18n.From(ctx), i.growing()
	last := list[len(list)-1]
	return ui.Chart{ID: "growth", Title: p.T("incident.growth"), Words: p.T("incident.growth_words", "From", p.When(i.Story.Tickets[0].CreatedAt), "To", p.When(last.at),
		"Tickets", p.N("incident.tickets", last.tickets), "Customers", p.N("incident.customers", last.customers))}
}

func (i Incident) growthColumns(ctx context.Context) (out []ui.Column) {
	p, list := i18n.From(ctx), i.growing()
	most := list[len(list)-1].tickets
	for n, g := range list {
		c := ui.Column{Height: 100 * g.tickets / most, Text: strconv.Itoa(g.tickets)}
		if n == 0 || n == len(list)-1 || n%3 == 0 && len(list)-n > 2 { // room for a clock time is for every third
			c.Label = p.Clock(g.at)
		}
		out = append(out, c)
	}
	return out
}

func (i Incident) growthTable(ctx context.Context) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("incident.growth"), Heads: []string{p.T("incident.until"), p.T("incident.tickets_head"), p.T("incident.customers_head")}}
	for _, g := range i.growing() {
		t.Rows = append(t.Rows, ui.Cells(p.When(g.at), strconv.Itoa(g.tickets), strconv.Itoa(g.customers)))
	}
	return t
}

// placed is how much comes from a place.
type placed struct {
	name               string
	tickets, customers int
}

func (i Incident) byPlace() []placed {
	var list []placed
	seen := map[string]map[desk.ID]bool{}
	for _, k := range i.Story.Tickets {
		n := slices.IndexFunc(list, func(p placed) bool { return p.name == k.Region })
		if n < 0 {
			n, list = len(list), append(list, placed{name: k.Region})
			seen[k.Region] = map[desk.ID]bool{}
		}
		list[n].tickets++
		seen[k.Region][k.CustomerID] = true
		list[n].customers = len(seen[k.Region])
	}
	slices.SortStableFunc(list, func(a, b placed) int { return cmp.Compare(b.customers, a.customers) })
	return list
}

func (i Incident) placeChart(ctx context.Context) ui.Chart {
	p, list := i18n.From(ctx), i.byPlace()
	return ui.Chart{ID: "places", Title: p.T("incident.places"), Words: p.T("incident.places_words", "Place", incidentUnplaced(ctx, list[0].name), "Customers", p.N("incident.customers", list[0].customers))}
}

func (i Incident) placeBars(ctx context.Context) (out []ui.BarRow) {
	list := i.byPlace()
	most := 1
	for _, n := range list {
		most = max(most, n.tickets)
	}
	for _, n := range list[:min(len(list), timeSteps)] {
		out = append(out, ui.BarRow{Name: incidentUnplaced(ctx, n.name), Text: incidentReach(ctx, n.customers, n.tickets), Wide: 100 * n.tickets / most, Thick: 100 * n.customers / most})
	}
	return out
}

func (i Incident) placeTable(ctx context.Context) ui.FigureTable {
	p := i18n.From(ctx)
	t := ui.FigureTable{Caption: p.T("incident.places"), Heads: []string{p.T("incident.region"), p.T("incident.customers_head"), p.T("incident.tickets_head")}}
	for _, n := range i.byPlace() {
		t.Rows = append(t.Rows, ui.Cells(incidentUnplaced(ctx, n.name), strconv.Itoa(n.customers), strconv.Itoa(n.tickets)))
	}
	return t
}

// incidentUnplaced is a place, or that none is known.
func incidentUnplaced(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, "incident.unplaced")
	}
	return name
}

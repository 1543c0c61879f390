package page

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// ChargeList is one page of the review.
type ChargeList struct {
	Filter   desk.ChargeFilter
	Customer string // whom the filter keeps, "" for all
	Rows     []desk.ChargeRow
	Next     desk.ChargeCursor
	Chosen   map[desk.ID]bool // of a form that came back
	Reason   string
	Problems desk.Problems
}

// href is the list with another filter, from the top unless After says more.
func (l ChargeList) href(f Frame, filter desk.ChargeFilter) string {
	return f.Href(ChargesPath(filter))
}

// ChargesPath is the address of the review with a filter, within its desk.
func ChargesPath(filter desk.ChargeFilter) string { return "/charges" + chargeQuery(filter) }

func chargeQuery(filter desk.ChargeFilter) string {
	q := url.Values{}
	if filter.State != desk.Proposed {
		q.Set("state", string(filter.State))
	}
	if filter.Customer != desk.Nobody {
		q.Set("customer", filter.Customer.String())
	}
	if filter.Month != "" {
		q.Set("month", string(filter.Month))
	}
	if !filter.After.Zero() {
		q.Set("after", filter.After.String())
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// tabs are the states to look at.
func (l ChargeList) tabs(ctx context.Context, f Frame) []ui.NavItem {
	var items []ui.NavItem
	for _, s := range desk.ChargeStates {
		with := l.Filter
		with.State, with.After = s, desk.ChargeCursor{}
		items = append(items, ui.NavItem{Text: i18n.T(ctx, "charges.tab."+string(s)), Href: l.href(f, with), Current: s == l.Filter.State})
	}
	return items
}

// chargeGroup is the rows of one customer and month on a page.
type chargeGroup struct {
	Customer desk.ID
	Name     string
	Month    desk.Month
	Rows     []desk.ChargeRow
}

func (l ChargeList) groups() []chargeGroup {
	var groups []chargeGroup
	for _, r := range l.Rows {
		if n := len(groups); n == 0 || groups[n-1].Customer != r.CustomerID || groups[n-1].Month != r.Month {
			groups = append(groups, chargeGroup{r.CustomerID, r.CustomerName, r.Month, nil})
		}
		last := &groups[len(groups)-1]
		last.Rows = append(last.Rows, r)
	}
	return groups
}

// href is the list of one customer's month.
func (g chargeGroup) href(l ChargeList, f Frame) string {
	return l.href(f, desk.ChargeFilter{State: l.Filter.State, Customer: g.Customer, Month: g.Month})
}

// OneCharge is a charge with all that can be done to it.
type OneCharge struct {
	Charge   desk.ChargeRow
	Type     desk.Text // the support type that priced it, nil for none
	Amount   string    // of an adjustment that came back
	Reason   string
	Waiving  bool // the reason that came back is of a waiver
	Problems desk.Problems
}

func (o OneCharge) path(f Frame, below string) string {
	return f.Href("/charges/" + o.Charge.ID.String() + below)
}

// of is what is wrong with the waiver, or with the adjustment.
func (o OneCharge) of(waiver bool) desk.Problems {
	if waiver != o.Waiving {
		return nil
	}
	return o.Problems
}

// ExtraForm is an amount that somebody enters.
type ExtraForm struct {
	desk.Extra
	Name     string // of the customer
	Currency string
	Problems desk.Problems
}

// reason is the field that says why, of the waiver or of the adjustment; the
// one that came back has the plain id.
func (o OneCharge) reason(ctx context.Context, waiver bool, hint string) ui.Field {
	f := ui.Field{Name: "reason", Label: i18n.T(ctx, "charges.reason"), Hint: i18n.T(ctx, hint), Required: true, More: templ.Attributes{"id": "reason"}}
	if waiver != o.Waiving {
		f.More["id"] = "reason-other"
		return f
	}
	f.Value, f.Error = shown(o.Reason), problemOf(ctx, o.Problems, "reason")
	return f
}

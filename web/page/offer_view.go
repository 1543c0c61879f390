package page

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/web/ui"
)

// OfferOf is the page of an offer as it stands.
func OfferOf(p *i18n.Printer, b desk.OfferBook) Offer {
	o := Offer{Book: b, At: b.Mark(), General: generalOf(p, b.Offer())}
	o.Was = o.General
	return o
}

// generalOf is what belongs to no type, as its form shows it.
func generalOf(p *i18n.Printer, of desk.Offer) desk.GeneralSettings {
	s := desk.GeneralSettings{Default: of.Default, Indexed: of.Indexed, Baseline: of.Baseline}
	for _, r := range of.Ladder {
		text := span(p, max(r.Before, -r.Before))
		if r.Before == 0 {
			text = "0"
		}
		s.Ladder = append(s.Ladder, desk.RungSettings{Time: text, Late: r.Before < 0, Tell: r.Tell})
	}
	return s
}

// Read takes what was typed of the offer as a whole; rows that say nothing are
// left out.
func (o Offer) Read(v url.Values) Offer {
	o.At, o.Was = ReadDraftMark(v.Get("at")), desk.GeneralSettings{}
	_ = json.Unmarshal([]byte(v.Get("was")), &o.Was) // ours; without it the comparison is the poorer
	s := desk.GeneralSettings{Default: v.Get("default"), Indexed: v.Has("indexed")}
	for n := range desk.MaxRungs + 1 {
		row := "rung_" + strconv.Itoa(n)
		if r := (desk.RungSettings{Time: v.Get(row + "_time"), Late: v.Get(row+"_side") == "true", Tell: v.Get(row + "_tell")}); strings.TrimSpace(r.Time) != "" || r.Tell != "" {
			s.Ladder = append(s.Ladder, r)
		}
	}
	for n := range desk.MaxBaseline + 1 {
		row := "baseline_" + strconv.Itoa(n)
		if ask := readText(v, row); strings.TrimSpace(ask["fr"]+ask["en"]) != "" {
			s.Baseline = append(s.Baseline, desk.Boundary{Ask: ask, Who: v.Get(row + "_who")})
		}
	}
	o.General = s
	return o
}

// Behind tells who changed the offer meanwhile; what was typed is kept.
func (o Offer) Behind() Offer {
	o.Conflict, o.At = OfferConflictOf(o.Book), o.Book.Mark()
	o.Conflict.Typed = true
	return o
}

func (o Offer) differences(p *i18n.Printer) (theirs, yours []offerFact) {
	of := o.Book.Offer()
	was, _ := of.WithGeneral(o.Was)
	typed, _ := of.WithGeneral(o.General)
	there := generalFacts(p, of)
	return compareFacts(generalFacts(p, was), there), compareFacts(there, generalFacts(p, typed))
}

func (o Offer) was() string {
	b, _ := json.Marshal(o.Was)
	return string(b)
}

func (o Offer) saveText(p *i18n.Printer) string {
	if o.Conflict != nil && o.Conflict.Typed {
		return p.T("offer.save_over")
	}
	return p.T("offer.save")
}

// rungs are the rows of the warnings, and two empty ones.
func (o Offer) rungs() []desk.RungSettings {
	rows := slices.Clone(o.General.Ladder)
	for spare := 2; spare > 0 && len(rows) < desk.MaxRungs; spare-- {
		rows = append(rows, desk.RungSettings{})
	}
	return rows
}

// boundaries are the rows of who does what, and three empty ones.
func (o Offer) boundaries() []desk.Boundary {
	rows := slices.Clone(o.General.Baseline)
	for spare := 3; spare > 0 && len(rows) < desk.MaxBaseline; spare-- {
		rows = append(rows, desk.Boundary{Who: "desk"})
	}
	return rows
}

func rungSides(ctx context.Context) []ui.Option {
	return []ui.Option{{Value: "false", Text: i18n.T(ctx, "offer.before")}, {Value: "true", Text: i18n.T(ctx, "offer.after")}}
}

func rungTells(ctx context.Context) []ui.Option {
	out := []ui.Option{{Text: i18n.T(ctx, "offer.nobody")}}
	for _, who := range desk.RungTells {
		out = append(out, ui.Option{Value: who, Text: i18n.T(ctx, "offer.tells."+who)})
	}
	return out
}

func partyOptions(ctx context.Context) []ui.Option {
	var out []ui.Option
	for _, who := range desk.BoundaryParties {
		out = append(out, ui.Option{Value: who, Text: i18n.T(ctx, "offer.party."+who)})
	}
	return out
}

// removed are the published types that the draft lacks.
func (o Offer) removed() []desk.SupportType {
	var out []desk.SupportType
	for _, t := range o.Book.Published.Content.Types {
		if _, there := o.Book.Offer().Type(t.Key); !there {
			out = append(out, t)
		}
	}
	return out
}

// factsOf are a type's facts beside those that are published.
func (o Offer) factsOf(p *i18n.Printer, t desk.SupportType) []offerFact {
	now := typeFacts(p, o.Book.Offer(), t)
	was, there := o.Book.Published.Content.Type(t.Key)
	if !there {
		return compareFacts(now, now)
	}
	return compareFacts(typeFacts(p, o.Book.Published.Content, was), now)
}

// changeOf tells what became of a type: "added", "edited", or nothing.
func (o Offer) changeOf(p *i18n.Printer, t desk.SupportType) string {
	if _, there := o.Book.Published.Content.Type(t.Key); !there {
		return "added"
	}
	if anyChanged(o.factsOf(p, t)) {
		return "edited"
	}
	return ""
}

// sentences say what changed in a part of the offer, in all for "".
func (o Offer) sentences(p *i18n.Printer, part string) []string {
	return sentences(p, o.Book.Published.Content, o.Book.Offer(), part)
}

func sentences(p *i18n.Printer, was, now desk.Offer, part string) []string {
	var out []string
	for _, c := range desk.CompareOffers(was, now) {
		if part == "" || c.Part == part {
			out = append(out, changeSentence(p, was, now, c))
		}
	}
	return out
}

func (o Offer) calendarNames(ctx context.Context) string {
	var names []string
	for _, c := range o.Book.Offer().Calendars {
		names = append(names, inWords(ctx, c.Name))
	}
	return strings.Join(names, ", ")
}

func onlyChanged(facts []offerFact) []offerFact {
	return slices.DeleteFunc(slices.Clone(facts), func(f offerFact) bool { return !f.changed() })
}

// advice says what to do after somebody was faster.
func (c OfferConflict) advice(ctx context.Context) string {
	switch {
	case c.Gone:
		return i18n.T(ctx, "offer.conflict_gone")
	case c.Typed:
		return i18n.T(ctx, "offer.conflict_typed")
	}
	return i18n.T(ctx, "offer.conflict_look")
}

// faultHref leads to the form of what is wrong.
func faultHref(f Frame, e desk.OfferFault) string {
	switch e.Part {
	case "type":
		return offerHref(f, "types", e.Key)
	case "hours":
		return hoursHref(f, e.Key)
	case "prices":
		return f.Href("/settings/prices")
	}
	return offerHref(f)
}

func faultPlace(ctx context.Context, e desk.OfferFault) string {
	if len(e.Name) > 0 {
		return i18n.T(ctx, "offer.fault_of", "Name", inWords(ctx, e.Name))
	}
	return i18n.T(ctx, "offer.part."+e.Part)
}

// saveOver is what the button of a form says.
func saveOver(p *i18n.Printer, c *OfferConflict) string {
	if c != nil {
		return p.T("offer.save_over")
	}
	return p.T("offer.save")
}

func textNames(ctx context.Context, list []desk.Text) string {
	var names []string
	for _, t := range list {
		names = append(names, inWords(ctx, t))
	}
	return strings.Join(names, ", ")
}

// priceColumns head the table of prices; priceCells fill a row of it.
func priceColumns(p *i18n.Printer) []string {
	return []string{p.T("offer.price.model"), p.T("offer.price.incident"), p.T("offer.price.hour"), p.T("offer.price.monthly"), p.T("offer.price.factors")}
}

func priceCells(p *i18n.Printer, currency string, t desk.SupportType) []string {
	amount := func(number string) string {
		if number == "" {
			return ""
		}
		return p.Money(number, currency)
	}
	hour := amount(t.Terms.Hour)
	if t.Terms.Overage != "" {
		hour = strings.TrimSpace(hour + " " + p.T("offer.per_overage", "Price", amount(t.Terms.Overage)))
	}
	var factors []string
	for n, percent := range []int{t.Terms.Factors.OffHours, t.Terms.Factors.Weekend, t.Terms.Factors.Holiday} {
		if percent > 0 {
			factors = append(factors, p.T("offer.factor_is", "When", p.T("offer.factor."+desk.PriceFactors[n]), "Percent", percent))
		}
	}
	return []string{among(p, "offer.model.", string(t.Terms.Model), desk.PriceModels()), amount(t.Terms.Incident), hour, amount(t.Terms.Monthly), strings.Join(factors, ", ")}
}

package page

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// labelled is one thing that an offer says, in words.
type labelled struct {
	Label, Text string
	Quiet       bool // worth telling only where it changed
}

// offerFact is the same beside what it was.
type offerFact struct{ Label, Was, Now string }

func (f offerFact) changed() bool { return f.Was != f.Now }

// compareFacts sets two lists of the same labels side by side.
func compareFacts(was, now []labelled) []offerFact {
	var out []offerFact
	for i, n := range now {
		f := offerFact{n.Label, was[i].Text, n.Text}
		if f.changed() || n.Text != "" && !n.Quiet {
			out = append(out, f)
		}
	}
	return out
}

func anyChanged(list []offerFact) bool {
	for _, f := range list {
		if f.changed() {
			return true
		}
	}
	return false
}

// among is the word for a value of a closed list; what somebody typed beside it
// stays as it is.
func among(p *i18n.Printer, family, value string, list []string) string {
	if slices.Contains(list, value) {
		return p.T(family + value)
	}
	return shown(value)
}

func told(p *i18n.Printer, t desk.Text) string { return shown(t.In(string(p.Lang()))) }

func inEach(p *i18n.Printer, label string, t desk.Text) []labelled {
	var out []labelled
	for _, l := range i18n.Langs() {
		out = append(out, labelled{p.T("offer.in", "Label", label, "Language", p.T("language."+string(l))), shown(t[string(l)]), true})
	}
	return out
}

// typeFacts are all that a type says besides its name.
func typeFacts(p *i18n.Printer, o desk.Offer, t desk.SupportType) []labelled {
	out := inEach(p, p.T("offer.name"), t.Name)
	out = append(out, inEach(p, p.T("offer.summary"), t.Summary)...)
	fact := func(label, text string) { out = append(out, labelled{Label: label, Text: text}) }
	fact(p.T("offer.calendar"), hoursName(p, o, t.Calendar))
	for _, i := range desk.Impacts {
		fact(p.T("impact."+string(i)), targetsText(p, t.Targets[i]))
	}
	fact(p.T("offer.contacts"), contactsText(p, o, t.Contacts))
	fact(p.T("offer.languages"), namesOf(t.Languages, func(l string) string { return among(p, "offer.speaks.", l, desk.SpokenLanguages) }))
	fact(p.T("offer.services"), orAll(p, servicesText(p, t.Services)))
	fact(p.T("offer.kinds"), orAll(p, namesOf(t.Kinds, func(k string) string { return among(p, "kind.", k, desk.Kinds) })))
	fact(p.T("offer.givers"), giversText(p, o, t.Givers))
	fact(p.T("offer.price"), termsText(p, o.Currency, t))
	return out
}

func orAll(p *i18n.Printer, text string) string { return cmp.Or(text, p.T("offer.all")) }

func namesOf(list []string, name func(string) string) string {
	var out []string
	for _, s := range list {
		out = append(out, shown(name(s)))
	}
	return strings.Join(out, ", ")
}

func hoursName(p *i18n.Printer, o desk.Offer, key string) string {
	if c, ok := o.Hours(key); ok {
		return told(p, c.Name)
	}
	return shown(key)
}

func typeName(p *i18n.Printer, o desk.Offer, key string) string {
	if t, ok := o.Type(o.Current(key)); ok {
		return told(p, t.Name)
	}
	return shown(key)
}

// serviceOrFamily names a service, or a whole family of them.
func serviceOrFamily(p *i18n.Printer, s string) string {
	for _, f := range desk.ServiceFamilies {
		if s == f {
			return p.T("offer.family." + f)
		}
	}
	return serviceName(p, s)
}

func servicesText(p *i18n.Printer, list []string) string {
	return namesOf(list, func(s string) string { return serviceOrFamily(p, s) })
}

// targetsText is what is promised for one impact.
func targetsText(p *i18n.Printer, g desk.Targets) string {
	var out []string
	for n, minutes := range []int{g.FirstReply, g.NextReply, g.Resolution} {
		if minutes > 0 {
			out = append(out, p.T("offer.target_is", "Clock", p.T("offer.clock."+string(desk.TargetClocks[n])), "Time", span(p, minutes)))
		}
	}
	if len(out) == 0 {
		return p.T("offer.no_target")
	}
	return strings.Join(out, ", ")
}

func contactsText(p *i18n.Printer, o desk.Offer, list []desk.ContactMethod) string {
	var out []string
	for _, c := range list {
		text := among(p, "offer.method.", c.Method, desk.ContactMethods)
		if c.Value != "" {
			text += " " + shown(c.Value)
		}
		if c.Calendar != "" {
			text += " (" + hoursName(p, o, c.Calendar) + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

func giversText(p *i18n.Printer, o desk.Offer, list []desk.Giver) string {
	if len(list) == 0 {
		return p.T("offer.given.desk")
	}
	var out []string
	for _, g := range list {
		text := among(p, "offer.given.", g.Kind, desk.GiverKinds)
		if g.Company != "" {
			text = p.T("offer.given_by", "How", text, "Company", shown(g.Company))
		}
		if s := servicesText(p, g.Services); s != "" {
			text += ", " + s
		}
		if g.Calendar != "" {
			text += " (" + hoursName(p, o, g.Calendar) + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// termsText is a price in a line.
func termsText(p *i18n.Printer, currency string, t desk.SupportType) string {
	out := []string{among(p, "offer.model.", string(t.Terms.Model), desk.PriceModels())}
	add := func(number string, say func(price string) string) {
		if number != "" {
			out = append(out, say(p.Money(number, currency)))
		}
	}
	add(t.Terms.Incident, func(price string) string { return p.T("offer.per_request", "Price", price) })
	add(t.Terms.Hour, func(price string) string { return p.T("offer.per_hour", "Price", price) })
	add(t.Terms.Overage, func(price string) string { return p.T("offer.per_overage", "Price", price) })
	add(t.Terms.Monthly, func(price string) string { return p.T("offer.per_user", "Price", price) })
	if t.Terms.Step > 0 {
		out = append(out, p.T("offer.by_step", "Time", span(p, t.Terms.Step)))
	}
	if t.Terms.Minimum > 0 {
		out = append(out, p.T("offer.at_least", "Time", span(p, t.Terms.Minimum)))
	}
	for n, percent := range []int{t.Terms.Factors.OffHours, t.Terms.Factors.Weekend, t.Terms.Factors.Holiday} {
		if percent > 0 {
			out = append(out, p.T("offer.factor_is", "When", p.T("offer.factor."+desk.PriceFactors[n]), "Percent", percent))
		}
	}
	return strings.Join(out, ", ")
}

// calendarFacts are all that a calendar says.
func calendarFacts(p *i18n.Printer, c desk.OfferCalendar) []labelled {
	out := inEach(p, p.T("offer.name"), c.Name)
	out = append(out, labelled{Label: p.T("offer.zone"), Text: shown(strings.ReplaceAll(c.Spec.Zone, "_", " "))})
	for _, day := range desk.Weekdays {
		out = append(out, labelled{Label: p.T("offer.day." + day), Text: cmp.Or(shown(strings.Join(c.Spec.Weekly[day], ", ")), p.T("offer.closed_day"))})
	}
	s := desk.HoursSettingsOf(c)
	flat := func(text string) string { return shown(strings.ReplaceAll(text, "\n", "; ")) }
	return append(out, labelled{Label: p.T("offer.holidays"), Text: shown(c.Spec.Holidays)}, labelled{Label: p.T("offer.closed"), Text: flat(s.Closed)},
		labelled{Label: p.T("offer.open"), Text: flat(s.Open)})
}

// generalFacts are what belongs to no type.
func generalFacts(p *i18n.Printer, o desk.Offer) []labelled {
	indexed := p.T("offer.not_indexed")
	if o.Indexed {
		indexed = p.T("offer.indexed_yes")
	}
	return []labelled{{Label: p.T("offer.default"), Text: typeName(p, o, o.Default)}, {Label: p.T("offer.indexed_short"), Text: indexed},
		{Label: p.T("offer.ladder"), Text: ladderText(p, o.Ladder)}, {Label: p.T("offer.baseline"), Text: baselineText(p, o.Baseline)}}
}

func ladderText(p *i18n.Printer, list []desk.Rung) string {
	var out []string
	for _, r := range list {
		out = append(out, rungText(p, r))
	}
	return strings.Join(out, "; ")
}

// rungText is one step of the warnings: "15 min avant : la personne chargée".
func rungText(p *i18n.Printer, r desk.Rung) string {
	who := among(p, "offer.tells.", r.Tell, desk.RungTells)
	switch {
	case r.Before > 0:
		return p.T("offer.rung_before", "Time", span(p, r.Before), "Who", who)
	case r.Before < 0:
		return p.T("offer.rung_after", "Time", span(p, -r.Before), "Who", who)
	}
	return p.T("offer.rung_at", "Who", who)
}

func baselineText(p *i18n.Printer, list []desk.Boundary) string {
	var out []string
	for _, b := range list {
		out = append(out, told(p, b.Ask)+" → "+among(p, "offer.party.", b.Who, desk.BoundaryParties))
	}
	return strings.Join(out, "; ")
}

// priceFacts are what all prices have in common.
func priceFacts(p *i18n.Printer, o desk.Offer) []labelled {
	out := []labelled{{Label: p.T("offer.currency"), Text: shown(o.Currency)}}
	for _, tax := range inEach(p, p.T("offer.tax"), o.Tax) {
		tax.Quiet = false
		out = append(out, tax)
	}
	return out
}

// versionName is what a version is called: its number, or the one of before all.
func versionName(p *i18n.Printer, version int) string {
	if version == 0 {
		return p.T("offer.version_first")
	}
	return p.T("offer.version", "Version", strconv.Itoa(version))
}

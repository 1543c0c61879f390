package page

import (
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// changeSentence says one difference between two offers.
func changeSentence(p *i18n.Printer, was, now desk.Offer, c desk.OfferChange) string {
	name := told(p, c.Name)
	switch {
	case c.Added() && c.Part == "type":
		return p.T("offer.change.type_added", "Name", name)
	case c.Removed() && c.Part == "type":
		if next := now.Current(c.Key); next != c.Key {
			return p.T("offer.change.type_succeeded", "Name", name, "Next", typeName(p, now, next))
		}
		return p.T("offer.change.type_removed", "Name", name)
	case c.Added():
		return p.T("offer.change.hours_added", "Name", name)
	case c.Removed():
		return p.T("offer.change.hours_removed", "Name", name)
	}
	what := changeField(p, c)
	if name != "" {
		what = p.T("offer.change.of", "Name", name, "Field", what)
	}
	before, after := changeValue(p, was, c, c.Was), changeValue(p, now, c, c.Now)
	switch {
	case changedWhole[c.Field]:
		return p.T("offer.change.edited", "What", what)
	case before == "":
		return p.T("offer.change.set", "What", what, "Now", after)
	case after == "":
		return p.T("offer.change.cleared", "What", what, "Was", before)
	}
	return p.T("offer.change.from_to", "What", what, "Was", before, "Now", after)
}

// changedWhole are lists too long to be told within a sentence.
var changedWhole = map[string]bool{"givers": true, "contacts": true, "baseline": true, "ladder": true, "order": true}

// changeField names what differs.
func changeField(p *i18n.Printer, c desk.OfferChange) string {
	kind, rest, _ := strings.Cut(c.Field, ".")
	switch kind {
	case "name", "summary", "tax":
		label := map[string]string{"name": p.T("offer.name"), "summary": p.T("offer.summary"), "tax": p.T("offer.tax")}[kind]
		return p.T("offer.in", "Label", label, "Language", p.T("language."+rest))
	case "target":
		impact, clock, _ := strings.Cut(rest, ".")
		return p.T("offer.target_of", "Clock", p.T("offer.clock."+clock), "Impact", p.T("impact."+impact))
	case "price":
		return p.T("offer.price." + rest)
	case "weekly":
		return p.T("offer.day." + rest)
	case "open":
		return p.T("offer.open_on", "Date", rest)
	}
	return p.T("offer.field." + c.Field)
}

// changeValue is what a field said, in words.
func changeValue(p *i18n.Printer, o desk.Offer, c desk.OfferChange, value string) string {
	kind, rest, _ := strings.Cut(c.Field, ".")
	if value == "" {
		switch kind {
		case "weekly":
			return p.T("offer.closed_day")
		case "services", "kinds":
			return p.T("offer.all")
		}
		return ""
	}
	list := strings.Split(value, ",")
	switch {
	case kind == "target", rest == "step", rest == "minimum":
		n, _ := strconv.Atoi(value)
		return span(p, n)
	case c.Field == "calendar":
		return hoursName(p, o, value)
	case c.Field == "default":
		return typeName(p, o, value)
	case c.Field == "services":
		return servicesText(p, list)
	case c.Field == "kinds":
		return namesOf(list, func(k string) string { return among(p, "kind.", k, desk.Kinds) })
	case c.Field == "languages":
		return namesOf(list, func(l string) string { return among(p, "offer.speaks.", l, desk.SpokenLanguages) })
	case c.Field == "indexed":
		if value == "true" {
			return p.T("offer.indexed_yes")
		}
		return p.T("offer.not_indexed")
	case c.Field == "price.model":
		return among(p, "offer.model.", value, desk.PriceModels())
	case kind == "price" && (rest == "offhours" || rest == "weekend" || rest == "holiday"):
		return p.T("offer.percent", "Percent", value)
	case kind == "price":
		return p.Money(value, o.Currency)
	}
	return shown(value)
}

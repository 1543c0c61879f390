package page

import (
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"guichet/internal/desk"
	"guichet/internal/i18n"
)

// compared is one line of the comparison: what is compared, and the lines that
// each type has for it.
type compared struct {
	Label   string
	Strong  bool
	Details bool // all lines but the first say more of it
	Cells   [][]string
}

// comparison lays the support types side by side. What no type says anything of
// is left out.
func (s Support) comparison(ctx context.Context, f Frame) []compared {
	p, o := i18n.From(ctx), s.Offer.Content
	var rows []compared
	add := func(row compared, cell func(desk.SupportType) []string) {
		said := false
		for _, t := range o.Types {
			lines := cell(t)
			said = said || len(lines) > 0
			row.Cells = append(row.Cells, lines)
		}
		if said {
			rows = append(rows, row)
		}
	}
	add(compared{Label: p.T("published.for_whom")}, func(t desk.SupportType) []string { return oneLine(t.Summary.In(string(p.Lang()))) })
	add(compared{Label: p.T("published.services")}, func(t desk.SupportType) []string { return oneLine(coveredServices(p, t.Services)) })
	add(compared{Label: p.T("published.requests")}, func(t desk.SupportType) []string { return oneLine(coveredKinds(p, t.Kinds)) })
	for _, i := range desk.Impacts {
		add(compared{Label: p.T("impact." + string(i))}, func(t desk.SupportType) []string { return s.targets(p, t, i) })
	}
	add(compared{Label: p.T("published.hours")}, func(t desk.SupportType) []string {
		c, _ := o.Hours(t.Calendar)
		return weekInWords(ctx, c)
	})
	add(compared{Label: p.T("published.contacts")}, func(t desk.SupportType) []string { return s.contacts(ctx, t) })
	add(compared{Label: p.T("published.languages")}, func(t desk.SupportType) []string { return oneLine(languagesInWords(p, t.Languages)) })
	add(compared{Label: p.T("published.given_by")}, func(t desk.SupportType) []string { return s.givers(p, f.Who.Desk, t) })
	add(compared{Label: p.T("published.price"), Strong: true, Details: true}, func(t desk.SupportType) []string { return priceInWords(p, t.Terms, o.Currency) })
	return rows
}

func oneLine(text string) []string {
	if text == "" {
		return nil
	}
	return []string{capital(text)}
}

// capital is a text that begins with one.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

// coveredServices names services and families; none are all.
func coveredServices(p *i18n.Printer, list []string) string {
	if len(list) == 0 {
		return p.T("published.all_services")
	}
	var names []string
	for _, name := range list {
		names = append(names, familyName(p, name))
	}
	return strings.Join(names, ", ")
}

// familyName is a family's name, or a service's.
func familyName(p *i18n.Printer, name string) string {
	if i := slices.IndexFunc(families, func(f struct{ name, title string }) bool { return f.name == name }); i >= 0 {
		return families[i].title
	}
	if name == "other" {
		return p.T("new.rest")
	}
	return serviceName(p, name)
}

func coveredKinds(p *i18n.Printer, list []string) string {
	if len(list) == 0 {
		return p.T("published.all_kinds")
	}
	var names []string
	for _, kind := range []string{"problem", "question", "subscription", "billing"} {
		if slices.Contains(list, kind) {
			names = append(names, strings.ToLower(p.T("kind."+kind)))
		}
	}
	return strings.Join(names, ", ")
}

// targets says what a type promises for an impact, clock by clock; the next
// reply is told where it takes another time than the first.
func (s Support) targets(p *i18n.Printer, t desk.SupportType, i desk.Impact) []string {
	targets := t.Targets[i]
	var lines []string
	say := func(clock desk.Clock, minutes int) {
		if minutes == 0 {
			return
		}
		within := p.T("support.working", "Duration", openTime(p, minutes))
		if c, ok := s.Offer.Content.Hours(t.Calendar); !ok || dayAndNight(c.Spec) {
			within = p.T("published.within_always", "Duration", openTime(p, minutes))
		}
		lines = append(lines, p.T("published.clock."+string(clock), "Within", within))
	}
	say(desk.FirstReply, targets.FirstReply)
	if targets.NextReply != targets.FirstReply {
		say(desk.NextReply, targets.NextReply)
	}
	say(desk.Resolution, targets.Resolution)
	return lines
}

// openTime writes an amount of open time. It is never told in days: a desk's day
// is shorter than a clock's.
func openTime(p *i18n.Printer, minutes int) string {
	if minutes >= 24*60 && minutes%60 == 0 {
		return p.T("time.hours", "Hours", minutes/60)
	}
	return p.Duration(time.Duration(minutes) * time.Minute)
}

// languagesNamed are those that the catalogues have a name for.
var languagesNamed = []string{"fr", "en", "de", "es", "it", "nl", "pt", "pl", "ar"}

func languagesInWords(p *i18n.Printer, list []string) string {
	var names []string
	for _, l := range list {
		if slices.Contains(languagesNamed, l) {
			names = append(names, p.T("published.language."+l))
		} else {
			names = append(names, strings.ToUpper(l))
		}
	}
	return strings.Join(names, ", ")
}

// givers says who gives a type of support, and for what and when where it is
// shared.
func (s Support) givers(p *i18n.Printer, d desk.Desk, t desk.SupportType) []string {
	if len(t.Givers) == 0 {
		return []string{d.Name}
	}
	var lines []string
	for _, g := range t.Givers {
		who := g.Company
		switch {
		case g.Kind == desk.GivenResold && who != "":
			who = p.T("published.resold", "Company", who)
		case g.Kind == desk.GivenOutsource && who != "":
			who = p.T("published.outsourced", "Company", who)
		case who == "":
			who = d.Name
		}
		var limits []string
		if len(g.Services) > 0 {
			limits = append(limits, coveredServices(p, g.Services))
		}
		if c, ok := s.Offer.Content.Hours(g.Calendar); ok {
			limits = append(limits, c.Name.In(string(p.Lang())))
		}
		if len(limits) > 0 {
			who = p.T("published.given_for", "Who", who, "What", strings.Join(limits, ", "))
		}
		lines = append(lines, who)
	}
	return lines
}

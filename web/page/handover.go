package page

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/desk"
	"guichet/internal/i18n"
	"guichet/internal/route"
	"guichet/web/ui"
)

// Handover is where a desk's escalations go, as an admin changes it.
type Handover struct {
	Book     desk.HandoverBook
	Approval string // as chosen
	Conflict bool   // somebody was faster
	Problems desk.Problems
}

// handoverHref is an address of these settings.
func handoverHref(f Frame, path ...string) string {
	return f.Href("/settings/escalation" + strings.Join(append([]string{""}, path...), "/"))
}

func lineNumber(n int) string { return strconv.Itoa(n) }

// lineWhen says when a line fits.
func lineWhen(p *i18n.Printer, l route.Line) string {
	var parts []string
	if l.Vulnerability {
		parts = append(parts, p.T("handover.vulnerability_when"))
	}
	for _, c := range []struct{ list, word string }{{"relation", l.Relation}, {"channel", l.Channel}, {"family", l.Family}, {"workload", l.Workload},
		{"topic", l.Topic}, {"kind", l.Kind}, {"category", l.Category}, {"plan", l.Plan}} {
		if c.word != "" {
			parts = append(parts, routeWord(p, c.list, c.word))
		}
	}
	if len(parts) == 0 {
		return p.T("handover.else")
	}
	return upperFirst(strings.Join(parts, " · "))
}

// lineGoes says where a line leads.
func lineGoes(p *i18n.Printer, l route.Line) string {
	return upperFirst(routeTo(p, l.Target, l.Portal))
}

// handoverVersion names a version.
func handoverVersion(p *i18n.Printer, version int) string {
	if version == 0 {
		return p.T("handover.shipped")
	}
	return p.T("handover.version", "Version", strconv.Itoa(version))
}

// handoverAct says what a version changed.
func handoverAct(p *i18n.Printer, h desk.Handover) string {
	switch {
	case h.Act != desk.HandoverRestored:
		return among(p, "handover.act.", h.Act, desk.HandoverActs)
	case h.RestoredFrom == 0:
		return p.T("handover.restored_shipped")
	}
	return p.T("handover.restored_from", "Version", strconv.Itoa(h.RestoredFrom))
}

// conflictWords say who was faster, and with what.
func conflictWords(p *i18n.Printer, now desk.Handover) string {
	return p.T("handover.conflict", "Who", now.Author, "Version", strconv.Itoa(now.Version), "What", strings.ToLower(handoverAct(p, now)))
}

// approvals are the choices of when a lead must agree.
func approvals(ctx context.Context) []ui.Option {
	var options []ui.Option
	for _, a := range desk.Approvals {
		options = append(options, ui.Option{Value: a, Text: i18n.T(ctx, "handover.approval_"+a)})
	}
	return options
}

// LineForm is a line as typed.
type LineForm struct {
	At       int // the version it was made from
	Number   int // 0 for a new one
	Place    int // where a new one goes, from 1
	Line     route.Line
	Note     string // why it is changed
	Now      desk.Handover
	Conflict bool
	Problems desk.Problems
}

// ReadLineForm reads a line from a form.
func ReadLineForm(v url.Values, number int) LineForm {
	at, _ := strconv.Atoi(v.Get("at"))
	place, _ := strconv.Atoi(v.Get("place"))
	f := LineForm{At: at, Number: number, Place: max(place, 1), Note: v.Get("note"), Line: route.Line{
		Relation: v.Get("relation"), Channel: v.Get("channel"), Family: v.Get("family"), Workload: v.Get("workload"), Topic: v.Get("topic"),
		Kind: v.Get("kind"), Category: v.Get("category"), Plan: v.Get("plan"), Vulnerability: v.Has("vulnerability"),
		Target: route.Target(v.Get("target")), Portal: v.Get("portal"),
	}}
	for _, lang := range []string{"fr", "en"} {
		if text := strings.TrimSpace(strings.ReplaceAll(v.Get("note_"+lang), "\r\n", "\n")); text != "" {
			if f.Line.Note == nil {
				f.Line.Note = map[string]string{}
			}
			f.Line.Note[lang] = text
		}
	}
	return f
}

func (l LineForm) title(p *i18n.Printer) string {
	if l.Number == 0 {
		return p.T("handover.new_line")
	}
	return p.T("handover.edit_line", "Line", strconv.Itoa(l.Number))
}

func (l LineForm) action(f Frame) string {
	if l.Number == 0 {
		return handoverHref(f, "lines")
	}
	return handoverHref(f, "lines", strconv.Itoa(l.Number))
}

// word asks for one condition of a line.
func (l LineForm) word(ctx context.Context, key, value string) (ui.Field, []ui.Option) {
	p, f := i18n.From(ctx), asked(ctx, l.Problems, key, value, "")
	return f, routeOptions(p, f.Name, p.T("handover.any"))
}

func (l LineForm) targets(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for _, t := range route.Targets() {
		options = append(options, ui.Option{Value: string(t), Text: upperFirst(p.T("route.target." + string(t)))})
	}
	return options
}

// portals are those of Microsoft: the other targets have but one, or none.
func (l LineForm) portals(p *i18n.Printer) []ui.Option {
	options := []ui.Option{{Text: p.T("handover.no_portal")}}
	for _, o := range route.Portals() {
		if o.Target == route.Microsoft {
			options = append(options, ui.Option{Value: o.Key, Text: upperFirst(portalName(p, o))})
		}
	}
	return options
}

func (l LineForm) places(p *i18n.Printer) []ui.Option {
	options := []ui.Option{{Value: "1", Text: p.T("handover.place_first")}}
	for i, line := range l.Now.Policy.Lines {
		if i+1 < len(l.Now.Policy.Lines) { // nothing stands behind the last one
			options = append(options, ui.Option{Value: strconv.Itoa(i + 2), Text: p.T("handover.place_after", "Line", strconv.Itoa(i+1)) + " (" + lineWhen(p, line) + ")"})
		}
	}
	return options
}

// ContactForm is who answers for the partner, as typed.
type ContactForm struct {
	At       int
	Contact  desk.HandoverContact
	Now      desk.Handover
	Conflict bool
	Problems desk.Problems
}

// ReadContactForm reads it from a form.
func ReadContactForm(v url.Values) ContactForm {
	at, _ := strconv.Atoi(v.Get("at"))
	return ContactForm{At: at, Contact: desk.HandoverContact{Name: v.Get("contact_name"), Email: v.Get("contact_email"), Phone: v.Get("contact_phone"),
		Zone: v.Get("contact_zone"), Language: v.Get("contact_language"), Country: v.Get("contact_country"),
		Extra: strings.FieldsFunc(v.Get("contact_extra"), func(r rune) bool { return r == '\n' || r == '\r' || r == ',' || r == ';' || r == ' ' }), NightName: v.Get("contact_night_name"), NightPhone: v.Get("contact_night_phone")}}
}

func spokenOptions(p *i18n.Printer) []ui.Option {
	var options []ui.Option
	for _, l := range desk.SpokenLanguages {
		options = append(options, ui.Option{Value: l, Text: upperFirst(p.T("offer.speaks." + l))})
	}
	return options
}

// contactLines are the details that are known, as a card shows them.
func contactLines(p *i18n.Printer, c desk.HandoverContact) [][2]string {
	var lines [][2]string
	night := strings.Join(slices.DeleteFunc([]string{c.NightName, c.NightPhone}, func(s string) bool { return s == "" }), ", ")
	for _, l := range [][2]string{{"handover.contact_name", c.Name}, {"handover.contact_email", c.Email}, {"handover.contact_phone", c.Phone},
		{"handover.contact_language", among(p, "offer.speaks.", c.Language, desk.SpokenLanguages)}, {"handover.contact_country", p.Region(c.Country)},
		{"handover.contact_zone", strings.ReplaceAll(c.Zone, "_", " ")}, {"handover.contact_night", night}} {
		if l[1] == "" {
			l[1] = p.T("handover.contact_none")
		}
		lines = append(lines, [2]string{p.T(l[0]), shown(l[1])})
	}
	if len(c.Extra) > 0 {
		lines = append(lines, [2]string{p.T("handover.contact_extra"), shown(strings.Join(c.Extra, ", "))})
	}
	return lines
}

package desk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"guichet/internal/route"
)

const (
	mostParties = 30
	mostExtra   = 10
	maxLineNote = 500
)

var countryShape = regexp.MustCompile(`^[A-Z]{2}$`)

// check judges a version whole. What is wrong with a line is named "line.3.target",
// with a party "providers.2.email"; counting begins at 1.
func (h Handover) check() Problems {
	var p Problems
	p.Text("note", h.Note, 0, MaxVersionNote)
	p.OneOf("approval", h.Approval, Approvals...)
	for _, wrong := range h.Policy.Check() {
		p.Add(lineField(wrong.Line, wrong.Field), wrong.Key, pairs(wrong.Args)...)
	}
	for i, l := range h.Policy.Lines {
		for lang, text := range l.Note {
			p.OneOf(lineField(i+1, "note"), lang, "fr", "en")
			p.Text(lineField(i+1, "note_"+lang), text, 0, maxLineNote)
		}
	}
	h.Contact.check(&p)
	checkParties(&p, "providers", h.Providers)
	checkParties(&p, "publishers", h.Publishers)
	return p
}

func lineField(line int, field string) string {
	if line == 0 {
		return ""
	}
	return strings.TrimSuffix("line."+strconv.Itoa(line)+"."+field, ".")
}

// pairs are a message's values in the order of their names.
func pairs(args map[string]string) (list []any) {
	for _, name := range sortedKeys(args) {
		list = append(list, name, args[name])
	}
	return list
}

func sortedKeys(args map[string]string) []string {
	names := make([]string, 0, len(args))
	for name := range args {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Clean trims what people paste, and drops what was left empty.
func (c HandoverContact) Clean() HandoverContact {
	c.Name, c.Email, c.Phone = clean(c.Name), strings.ToLower(clean(c.Email)), clean(c.Phone)
	c.NightName, c.NightPhone, c.Country = clean(c.NightName), clean(c.NightPhone), strings.ToUpper(clean(c.Country))
	var extra []string
	for _, e := range c.Extra {
		if e = strings.ToLower(clean(e)); e != "" && !slices.Contains(extra, e) {
			extra = append(extra, e)
		}
	}
	c.Extra = extra
	return c
}

func (c HandoverContact) check(p *Problems) {
	p.Text("contact_name", c.Name, 0, 80)
	p.Text("contact_night_name", c.NightName, 0, 80)
	if c.Email != "" {
		p.Email("contact_email", c.Email)
	}
	if c.Phone != "" && !phoneShape.MatchString(c.Phone) {
		p.Add("contact_phone", "error.offer.phone")
	}
	if c.NightPhone != "" && !phoneShape.MatchString(c.NightPhone) {
		p.Add("contact_night_phone", "error.offer.phone")
	}
	if _, err := time.LoadLocation(c.Zone); c.Zone != "" && (err != nil || c.Zone == "Local") {
		p.Add("contact_zone", "error.zone")
	}
	if c.Language != "" {
		p.OneOf("contact_language", c.Language, SpokenLanguages...)
	}
	if c.Country != "" && !countryShape.MatchString(c.Country) {
		p.Add("contact_country", "error.country")
	}
	if len(c.Extra) > mostExtra {
		p.Add("contact_extra", "error.too_many", "Most", mostExtra)
	}
	for _, e := range c.Extra {
		p.Email("contact_extra", e)
	}
}

// NewHandoverParty is a provider or a publisher as typed, with the key that its
// name gives among those there are.
func NewHandoverParty(s HandoverProvider, others []HandoverProvider) HandoverProvider {
	s = s.clean()
	base := route.KeyOf(s.Name)
	s.Key = base
	// "new" is the address of the form that adds one.
	for n := 2; s.Key == "new" || slices.ContainsFunc(others, func(o HandoverProvider) bool { return o.Key == s.Key }); n++ {
		s.Key = base + "_" + strconv.Itoa(n)
	}
	return s
}

func (s HandoverProvider) clean() HandoverProvider {
	s.Name, s.Email, s.Phone = clean(s.Name), strings.ToLower(clean(s.Email)), clean(s.Phone)
	s.Portal, s.Desk = strings.TrimSpace(s.Portal), strings.ToLower(clean(s.Desk))
	return s
}

func checkParties(p *Problems, list string, parties []HandoverProvider) {
	if len(parties) > mostParties {
		p.Add(list, "error.too_many", "Most", mostParties)
		return
	}
	for i, s := range parties {
		field := func(name string) string { return list + "." + strconv.Itoa(i+1) + "." + name }
		p.Text(field("name"), s.Name, 1, 80)
		if s.Email != "" {
			p.Email(field("email"), s.Email)
		}
		if s.Phone != "" && !phoneShape.MatchString(s.Phone) {
			p.Add(field("phone"), "error.offer.phone")
		}
		if s.Portal != "" && (!isHTTPS(s.Portal) || len(s.Portal) > 400) {
			p.Add(field("portal"), "error.website")
		}
		if s.Desk != "" && (!slugShape.MatchString(s.Desk) || len(s.Desk) > 40) {
			p.Add(field("desk"), "error.slug")
		}
	}
}

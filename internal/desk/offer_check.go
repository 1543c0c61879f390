package desk

import (
	"regexp"
	"slices"
	"strconv"

	"guichet/internal/pricing"
)

// The most that an offer holds.
const (
	MaxTypes     = 20
	MaxCalendars = 20
	MaxBaseline  = 100
	MaxRungs     = 10
	MaxGivers    = 8
	MaxTarget    = 60 * 24 * 60 // minutes
	MaxRung      = 7 * 24 * 60  // minutes before or behind a deadline
)

// SpokenLanguages are those that a type can be given in.
var SpokenLanguages = []string{"fr", "en", "de", "es", "it", "nl", "pt"}

// ServiceFamilies are the families of services, in the order a form shows them.
var ServiceFamilies = []string{"m365", "azure", "dynamics", "power", "other"}

var (
	offerKeyShape = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)
	phoneShape    = regexp.MustCompile(`^\+?[0-9][0-9 ().\-]{3,30}[0-9]$`)
)

// Check finds what keeps an offer from being published, by its parts. language is
// the desk's, in which names must be.
func (o Offer) Check(language string) []OfferFault {
	var faults []OfferFault
	add := func(part, key string, name Text, p Problems) {
		for _, q := range p {
			faults = append(faults, OfferFault{part, key, name, q})
		}
	}
	for _, c := range o.Calendars {
		add("hours", c.Key, c.Name, o.checkHours(c, language))
	}
	for _, t := range o.Types {
		add("type", t.Key, t.Name, o.checkType(t, language))
	}
	add("prices", "", nil, o.checkPrices())
	add("general", "", nil, o.checkGeneral())
	return faults
}

// checkType judges a type beside the rest of the offer, by the form's fields.
func (o Offer) checkType(t SupportType, language string) Problems {
	var p Problems
	if !offerKeyShape.MatchString(t.Key) {
		p.Add("name_"+language, "error.offer.key")
	}
	same := 0
	for _, other := range o.Types {
		if other.Key == t.Key {
			same++
		}
	}
	if same > 1 {
		p.Add("name_"+language, "error.taken")
	}
	checkNames(&p, t.Name, language)
	checkTexts(&p, "summary", t.Summary, 400)
	if _, ok := o.Hours(t.Calendar); !ok {
		p.Add("calendar", "error.choose")
	}
	checkServices(&p, "services", t.Services)
	for _, k := range t.Kinds {
		p.OneOf("kinds", k, Kinds...)
	}
	if len(t.Languages) == 0 {
		p.Add("languages", "error.offer.no_language")
	}
	for _, l := range t.Languages {
		p.OneOf("languages", l, SpokenLanguages...)
	}
	o.checkGivers(&p, t.Givers)
	o.checkContacts(&p, t.Contacts)
	o.checkTargets(&p, t)
	p.Merge(checkTerms(t.Terms, o.Currency))
	return p
}

func checkNames(p *Problems, name Text, language string) {
	p.Text("name_"+language, name[language], 1, 60)
	checkTexts(p, "name", name, 60)
}

func checkTexts(p *Problems, field string, t Text, most int) {
	for _, lang := range []string{"fr", "en"} {
		p.Text(field+"_"+lang, t[lang], 0, most)
	}
}

// checkServices lets in families and services that there are.
func checkServices(p *Problems, field string, list []string) {
	for _, s := range list {
		if _, known := ServiceNamed(s); !known && !slices.Contains(ServiceFamilies, s) || s == "" {
			p.Add(field, "error.choose")
		}
	}
}

func (o Offer) checkGivers(p *Problems, givers []Giver) {
	if len(givers) > MaxGivers {
		p.Add("givers", "error.too_many", "Most", MaxGivers)
	}
	for n, g := range givers {
		field := "giver_" + strconv.Itoa(n)
		p.OneOf(field+"_kind", g.Kind, GiverKinds...)
		if (g.Kind == GivenResold || g.Kind == GivenOutsource) && g.Company == "" {
			p.Add(field+"_company", "error.offer.company")
		}
		p.Text(field+"_company", g.Company, 0, 80)
		checkServices(p, field+"_services", g.Services)
		o.checkOwnHours(p, field+"_calendar", g.Calendar)
	}
}

// checkOwnHours lets a part of a type keep the type's hours, or name others.
func (o Offer) checkOwnHours(p *Problems, field, calendar string) {
	if _, ok := o.Hours(calendar); calendar != "" && !ok {
		p.Add(field, "error.choose")
	}
}

func (o Offer) checkContacts(p *Problems, list []ContactMethod) {
	if len(list) == 0 {
		p.Add("contacts", "error.offer.no_contact")
	}
	seen := map[string]bool{}
	for _, c := range list {
		p.OneOf("contacts", c.Method, ContactMethods...)
		if seen[c.Method] {
			p.Add("contacts", "error.taken")
		}
		seen[c.Method] = true
		field := "contact_" + c.Method + "_value"
		p.Text(field, c.Value, 0, 200)
		switch {
		case c.Method == "chat" && (c.Value == "" || !isHTTPS(c.Value)):
			p.Add(field, "error.offer.chat")
		case c.Value == "":
		case c.Method == "phone" && !phoneShape.MatchString(c.Value):
			p.Add(field, "error.offer.phone")
		case c.Method == "email":
			p.Email(field, c.Value)
		}
		o.checkOwnHours(p, "contact_"+c.Method+"_calendar", c.Calendar)
	}
}

// checkTargets judges what is promised by impact.
func (o Offer) checkTargets(p *Problems, t SupportType) {
	any := false
	for _, i := range Impacts {
		for _, c := range TargetClocks {
			minutes, field := t.Targets[i].minutes(c), TargetField(i, c)
			any = any || minutes > 0
			if minutes < 0 {
				p.Add(field, "error.offer.target")
			}
			if minutes > MaxTarget {
				p.Add(field, "error.offer.target_long", "Days", MaxTarget/24/60)
			}
		}
		if g := t.Targets[i]; g.Resolution > 0 && g.Resolution < g.FirstReply {
			p.Add(TargetField(i, Resolution), "error.offer.target_order")
		}
	}
	for i := range t.Targets {
		if !slices.Contains(Impacts, i) {
			p.Add("targets", "error.choose")
		}
	}
	if c, ok := o.Hours(t.Calendar); any && ok && neverOpen(c.Spec) {
		p.Add("calendar", "error.offer.never_open")
	}
}

// TargetClocks are the clocks that a type can give a target.
var TargetClocks = []Clock{FirstReply, NextReply, Resolution}

// TargetField names the field of a target in a form.
func TargetField(i Impact, c Clock) string { return "target_" + string(i) + "_" + string(c) }

func (t Targets) minutes(c Clock) int {
	switch c {
	case FirstReply:
		return t.FirstReply
	case NextReply:
		return t.NextReply
	}
	return t.Resolution
}

// checkTerms says what is wrong with a price, by the form's fields.
func checkTerms(t pricing.Terms, currency string) Problems {
	var p Problems
	for _, f := range t.Check(currency) {
		field := priceFields[f.Field]
		if field == "" {
			field = f.Field
		}
		if f.Field == "currency" { // told once, with the prices
			if f.Key != "fault.price.no_currency" {
				continue
			}
			field = "model"
		}
		p.Add(field, f.Key, append([]any{"Value", f.Value}, f.Args...)...)
	}
	return p
}

// priceFields are the fields of terms as the form names them.
var priceFields = map[string]string{"factors.offhours": "factor_offhours", "factors.weekend": "factor_weekend", "factors.holiday": "factor_holiday"}

func (o Offer) checkPrices() Problems {
	var p Problems
	for _, f := range (pricing.Terms{Model: pricing.Included}).Check(o.Currency) {
		p.Add(f.Field, f.Key, append([]any{"Value", f.Value}, f.Args...)...)
	}
	checkTexts(&p, "tax", o.Tax, 120)
	return p
}

// checkGeneral judges what belongs to no type.
func (o Offer) checkGeneral() Problems {
	var p Problems
	if _, ok := o.Type(o.Default); !ok {
		p.Add("default", "error.offer.default")
	}
	if len(o.Types) > MaxTypes {
		p.Add("default", "error.offer.too_many_types", "Most", MaxTypes)
	}
	if len(o.Calendars) > MaxCalendars {
		p.Add("default", "error.offer.too_many_hours", "Most", MaxCalendars)
	}
	if len(o.Baseline) > MaxBaseline {
		p.Add("baseline_"+strconv.Itoa(MaxBaseline)+"_fr", "error.too_many", "Most", MaxBaseline)
	}
	for n, b := range o.Baseline {
		field := "baseline_" + strconv.Itoa(n)
		if b.Ask.In("") == "" {
			p.Add(field+"_fr", "error.required")
		}
		checkTexts(&p, field, b.Ask, 200)
		p.OneOf(field+"_who", b.Who, BoundaryParties...)
	}
	if len(o.Ladder) > MaxRungs {
		p.Add("rung_"+strconv.Itoa(MaxRungs)+"_time", "error.too_many", "Most", MaxRungs)
	}
	for n, r := range o.Ladder {
		field := "rung_" + strconv.Itoa(n)
		if r.Before > MaxRung || r.Before < -MaxRung {
			p.Add(field+"_time", "error.offer.rung_long", "Days", MaxRung/24/60)
		}
		if n > 0 && r.Before > o.Ladder[n-1].Before {
			p.Add(field+"_time", "error.offer.rung_order")
		}
		p.OneOf(field+"_tell", r.Tell, RungTells...)
	}
	return p
}

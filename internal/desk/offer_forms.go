package desk

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"guichet/internal/pricing"
)

// TypeSettings is what an admin says of a support type, as he types it.
type TypeSettings struct {
	Name, Summary    Text
	Calendar         string
	Services, Kinds  []string
	Languages        []string
	Givers           []GiverSettings
	Contacts         []ContactMethod
	Targets          map[string]string // by TargetField
	Model            string
	Incident, Hour   string
	Monthly, Overage string
	Step, Minimum    string
	Factors          map[string]string // percents, by the kind of time
}

// GiverSettings is a row of who gives a type; one of no kind is left out.
type GiverSettings = Giver

// NewType reads a type from its form; key is "" for a new one. Errors: Invalid,
// by field; the type is what could be read.
func (o Offer) NewType(key string, s TypeSettings, language string) (SupportType, error) {
	t := SupportType{Key: key, Name: tidied(s.Name), Summary: tidied(s.Summary), Calendar: s.Calendar, Services: s.Services, Kinds: s.Kinds,
		Languages: s.Languages, Targets: map[Impact]Targets{}}
	var p Problems
	if key == "" {
		t.Key = freeOfferKey(t.Name, "type", func(k string) bool {
			_, taken := o.Type(k)
			_, gone := o.Successors[k]
			return taken || gone
		})
	}
	for _, g := range s.Givers {
		if g.Kind != "" || clean(g.Company) != "" {
			g.Company = clean(g.Company)
			t.Givers = append(t.Givers, g)
		}
	}
	for _, c := range s.Contacts {
		c.Value = clean(c.Value)
		t.Contacts = append(t.Contacts, c)
	}
	for _, i := range Impacts {
		read := func(c Clock) int {
			minutes, ok := ParseMinutes(s.Targets[TargetField(i, c)])
			if !ok {
				p.Add(TargetField(i, c), "error.offer.target")
			}
			return minutes
		}
		if g := (Targets{read(FirstReply), read(NextReply), read(Resolution)}); g != (Targets{}) {
			t.Targets[i] = g
		}
	}
	t.Terms = s.terms(&p)
	p.Merge(o.with(t).checkType(t, language))
	if key == "" && len(o.Types) >= MaxTypes {
		p.Add("name_"+language, "error.offer.too_many_types", "Most", MaxTypes)
	}
	return t, p.Err()
}

func (o Offer) with(t SupportType) Offer {
	o.PutType(t)
	return o
}

// terms reads the price part; what a model does not use is left out.
func (s TypeSettings) terms(p *Problems) pricing.Terms {
	t := pricing.Terms{Model: pricing.Model(s.Model), Incident: priceText(s.Incident), Hour: priceText(s.Hour), Monthly: priceText(s.Monthly), Overage: priceText(s.Overage)}
	whole := func(field, text, fault string, args ...any) int {
		text = strings.TrimSuffix(strings.Join(strings.Fields(text), ""), "%")
		if text == "" {
			return 0
		}
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			p.Add(field, fault, append([]any{"Value", text}, args...)...)
		}
		return int(n)
	}
	t.Step = whole("step", s.Step, "fault.price.step")
	minimum, ok := ParseMinutes(s.Minimum)
	if !ok {
		p.Add("minimum", "fault.price.minimum", "Value", s.Minimum, "Most", pricing.MostMinimum)
	}
	t.Minimum = minimum
	factor := func(kind pricing.Kind) int {
		return whole("factor_"+string(kind), s.Factors[string(kind)], "fault.price.factor", "Least", pricing.LeastFactor, "Most", pricing.MostFactor)
	}
	t.Factors = pricing.Factors{OffHours: factor(pricing.OffHours), Weekend: factor(pricing.Weekend), Holiday: factor(pricing.Holiday)}
	if t.Model != pricing.Hour && t.Model != pricing.Prepaid {
		t.Hour, t.Overage, t.Step, t.Minimum = "", "", 0, 0
	}
	if t.Model != pricing.Prepaid {
		t.Overage = ""
	}
	if t.Model != pricing.Incident {
		t.Incident = ""
	}
	if t.Model == pricing.Included {
		t.Factors = pricing.Factors{}
	}
	return t
}

// priceText reads a price as people write it: "1 250,00" is 1250.00.
func priceText(s string) string {
	s = strings.Join(strings.Fields(s), "")
	if !strings.Contains(s, ".") && strings.Count(s, ",") == 1 {
		s = strings.Replace(s, ",", ".", 1)
	}
	return s
}

// TypeSettingsOf is a type as its form shows it; span writes minutes.
func TypeSettingsOf(t SupportType, span func(minutes int) string) TypeSettings {
	s := TypeSettings{Name: t.Name, Summary: t.Summary, Calendar: t.Calendar, Services: t.Services, Kinds: t.Kinds, Languages: t.Languages,
		Givers: t.Givers, Contacts: t.Contacts, Targets: map[string]string{}, Model: string(t.Terms.Model), Incident: t.Terms.Incident,
		Hour: t.Terms.Hour, Monthly: t.Terms.Monthly, Overage: t.Terms.Overage, Factors: map[string]string{}}
	for i, g := range t.Targets {
		for _, c := range TargetClocks {
			if m := g.minutes(c); m > 0 {
				s.Targets[TargetField(i, c)] = span(m)
			}
		}
	}
	s.Step = number(t.Terms.Step)
	if t.Terms.Minimum > 0 {
		s.Minimum = span(t.Terms.Minimum)
	}
	s.Factors["offhours"], s.Factors["weekend"], s.Factors["holiday"] = number(t.Terms.Factors.OffHours), number(t.Terms.Factors.Weekend), number(t.Terms.Factors.Holiday)
	return s
}

// PriceSteps and PriceModels are what a form offers.
func PriceSteps() []int { return pricing.Steps }

// PriceModels lists them by name.
func PriceModels() []string {
	out := make([]string, len(pricing.Models))
	for i, m := range pricing.Models {
		out[i] = string(m)
	}
	return out
}

// PriceFactors are the kinds of time that may cost more.
var PriceFactors = []string{string(pricing.OffHours), string(pricing.Weekend), string(pricing.Holiday)}

var spanShape = regexp.MustCompile(`^(?:(\d{1,4}) ?(?:j|d|jours?|days?))? ?(?:(\d{1,5}) ?(?:h|heures?|hours?))? ?(?:(\d{1,6}) ?(?:m|mn|min|minutes?)?)?$`)

// ParseMinutes reads an amount of time as people type it: "90", "30 min",
// "2 h 30", "3 j", "3 d". A day is 24 hours; nothing is 0.
func ParseMinutes(text string) (minutes int, ok bool) {
	m := spanShape.FindStringSubmatch(strings.ToLower(clean(text)))
	if m == nil {
		return 0, false
	}
	for i, unit := range []int{24 * 60, 60, 1} {
		n, _ := strconv.Atoi(m[i+1])
		minutes += n * unit
	}
	return minutes, true
}

// freeOfferKey makes a key from a name, one that is not taken.
func freeOfferKey(name Text, base string, taken func(string) bool) string {
	if s := slug(name.In("fr")); s != "" {
		base = s
	}
	key := base
	for n := 2; taken(key) || key == "new"; n++ { // the form of a new one has that address
		suffix := "_" + strconv.Itoa(n)
		key = strings.TrimRight(base[:min(len(base), maxKey-len(suffix))], "_") + suffix
	}
	return key
}

// GeneralSettings is what an admin says of the offer as a whole.
type GeneralSettings struct {
	Default  string
	Indexed  bool
	Baseline []Boundary
	Ladder   []RungSettings
}

// RungSettings is a step of the warnings as it is typed; one without a time and
// nobody to tell is left out.
type RungSettings struct {
	Time string
	Late bool // behind the deadline
	Tell string
}

// WithGeneral is the offer with them. Errors: Invalid, by field; the offer is
// what could be read.
func (o Offer) WithGeneral(s GeneralSettings) (Offer, error) {
	var p Problems
	o.Default, o.Indexed, o.Baseline, o.Ladder = s.Default, s.Indexed, nil, nil
	for _, b := range s.Baseline {
		if b.Ask = tidied(b.Ask); len(b.Ask) > 0 {
			o.Baseline = append(o.Baseline, b)
		}
	}
	for n, r := range s.Ladder {
		if strings.TrimSpace(r.Time) == "" && r.Tell == "" {
			continue
		}
		minutes, ok := ParseMinutes(r.Time)
		if !ok || strings.TrimSpace(r.Time) == "" {
			p.Add("rung_"+strconv.Itoa(n)+"_time", "error.offer.target")
		}
		if r.Late {
			minutes = -minutes
		}
		o.Ladder = append(o.Ladder, Rung{minutes, r.Tell})
	}
	for _, q := range o.checkGeneral() { // by the rows as they were typed, whatever their order
		if q.Key != "error.offer.rung_order" {
			p.Add(q.Field, q.Key, q.Args...)
		}
	}
	slices.SortStableFunc(o.Ladder, func(a, b Rung) int { return b.Before - a.Before })
	return o, p.Err()
}

// PriceSettings is what all prices have in common.
type PriceSettings struct {
	Currency string
	Tax      Text
}

// WithPrices is the offer with them. Errors: Invalid, by field, also where a
// type's price does not go with the currency.
func (o Offer) WithPrices(s PriceSettings) (Offer, error) {
	o.Currency, o.Tax = strings.ToUpper(clean(s.Currency)), tidied(s.Tax)
	p := o.checkPrices()
	for _, t := range o.Types {
		if faults := checkTerms(t.Terms, o.Currency); len(faults) > 0 && len(p) == 0 {
			p.Add("currency", "error.offer.currency_type", "Name", t.Name)
		}
	}
	return o, p.Err()
}

package desk_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"guichet/internal/desk"
	"guichet/internal/hours"
	"guichet/internal/pricing"
)

// first is the offer that a desk begins with.
func first(t *testing.T) desk.Offer {
	t.Helper()
	d, err := desk.NewDesk("alpine", "Alpine", "fr", "Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return desk.FirstOffer(d).Content
}

func wrongFields(err error) []string {
	var invalid desk.Invalid
	if !errors.As(err, &invalid) {
		return nil
	}
	var out []string
	for _, p := range invalid.Problems {
		out = append(out, p.Field+" "+strings.TrimPrefix(p.Key, "error."))
	}
	return out
}

func TestTheFirstOfferCanBePublished(t *testing.T) {
	t.Parallel()
	o := first(t)
	if faults := o.Check("fr"); len(faults) > 0 {
		t.Errorf("%+v", faults)
	}
	if list := desk.ShippedBaseline(); len(list) != 12 || len(o.Baseline) != 12 {
		t.Errorf("%d lines of the baseline", len(list))
	}
	for _, b := range o.Baseline {
		if b.Ask["fr"] == "" || b.Ask["en"] == "" {
			t.Errorf("%v is not in both languages", b.Ask)
		}
	}
}

func TestTimesAreReadAsPeopleTypeThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{"": 0, " ": 0, "90": 90, "30 min": 30, "30min": 30, "30 m": 30, "1 h": 60, "1h": 60, "2 h 30": 150, "2h30": 150, "2\u202fh\u202f05": 125,
		"2 h 30 min": 150, "3 j": 3 * 1440, "3 d": 3 * 1440, "3J": 3 * 1440, "1 jour": 1440, "2 days 4 hours": 2*1440 + 240, "1 j 2 h 30": 1440 + 150, "0": 0} {
		if got, ok := desk.ParseMinutes(text); !ok || got != want {
			t.Errorf("%q is %d (%v), want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"-5", "1,5 h", "1.5", "soon", "h", "1 h 2 h", "30 s", "\x00", "99999999999"} {
		if got, ok := desk.ParseMinutes(text); ok {
			t.Errorf("%q is %d", text, got)
		}
	}
}

func TestATypeIsJudgedAtItsFields(t *testing.T) {
	t.Parallel()
	o := first(t)
	o.Calendars = append(o.Calendars, desk.OfferCalendar{Key: "never", Name: desk.Text{"fr": "Jamais"}, Spec: hours.Spec{Zone: "UTC"}})
	target := func(field, text string) func(*desk.TypeSettings) {
		return func(s *desk.TypeSettings) { s.Targets[field] = text }
	}
	price := func(model, hour, step string) func(*desk.TypeSettings) {
		return func(s *desk.TypeSettings) { s.Model, s.Hour, s.Step = model, hour, step }
	}
	for want, change := range map[string]func(*desk.TypeSettings){
		"name_fr required":            func(s *desk.TypeSettings) { s.Name = desk.Text{"en": "Only English"} },
		"name_en too_long":            func(s *desk.TypeSettings) { s.Name["en"] = strings.Repeat("é", 61) },
		"summary_en encoding":         func(s *desk.TypeSettings) { s.Summary = desk.Text{"en": "\xff"} },
		"calendar choose":             func(s *desk.TypeSettings) { s.Calendar = "gone" },
		"calendar offer.never_open":   func(s *desk.TypeSettings) { s.Calendar = "never" },
		"services choose":             func(s *desk.TypeSettings) { s.Services = []string{"m365", "Lotus Notes"} },
		"kinds choose":                func(s *desk.TypeSettings) { s.Kinds = []string{"party"} },
		"languages offer.no_language": func(s *desk.TypeSettings) { s.Languages = nil },
		"languages choose":            func(s *desk.TypeSettings) { s.Languages = []string{"fr", "tlh"} },
		"contacts offer.no_contact":   func(s *desk.TypeSettings) { s.Contacts = nil },
		"contacts choose":             func(s *desk.TypeSettings) { s.Contacts = []desk.ContactMethod{{Method: "pigeon"}} },
		"contact_chat_value offer.chat": func(s *desk.TypeSettings) {
			s.Contacts = []desk.ContactMethod{{Method: "chat", Value: "http://x.example"}}
		},
		"contact_phone_value offer.phone":             func(s *desk.TypeSettings) { s.Contacts = []desk.ContactMethod{{Method: "phone", Value: "call me"}} },
		"contact_email_value email":                   func(s *desk.TypeSettings) { s.Contacts = []desk.ContactMethod{{Method: "email", Value: "x"}} },
		"contact_email_calendar choose":               func(s *desk.TypeSettings) { s.Contacts = []desk.ContactMethod{{Method: "email", Calendar: "gone"}} },
		"giver_0_company offer.company":               func(s *desk.TypeSettings) { s.Givers = []desk.Giver{{Kind: desk.GivenResold}} },
		"giver_0_kind choose":                         func(s *desk.TypeSettings) { s.Givers = []desk.Giver{{Kind: "lent", Company: "x"}} },
		"giver_0_services choose":                     func(s *desk.TypeSettings) { s.Givers = []desk.Giver{{Kind: "desk", Services: []string{"x"}}} },
		"givers too_many":                             func(s *desk.TypeSettings) { s.Givers = slices.Repeat([]desk.Giver{{Kind: "desk"}}, 9) },
		"target_stopped_first_reply offer.target":     target("target_stopped_first_reply", "soon"),
		"target_minor_next_reply offer.target":        target("target_minor_next_reply", "-5"),
		"target_minor_resolution offer.target_long":   target("target_minor_resolution", "61 d"),
		"target_slowed_resolution offer.target_order": target("target_slowed_resolution", "1 h 59"),
		"model fault.price.model":                     price("", "", ""),
		"hour fault.price.missing":                    price("hour", "", "15"),
		"hour fault.price.negative":                   price("hour", "-1", "15"),
		"hour fault.price.number":                     price("hour", "a lot", "15"),
		"hour fault.price.decimals":                   price("hour", "1.234", "15"),
		"step fault.price.step":                       price("hour", "90,00", "7"),
		"factor_weekend fault.price.factor": func(s *desk.TypeSettings) {
			s.Model, s.Incident, s.Factors["weekend"] = "incident", "50", "50"
		},
		"minimum fault.price.minimum": func(s *desk.TypeSettings) { s.Model, s.Hour, s.Step, s.Minimum = "hour", "90", "15", "2 d" },
	} {
		s := desk.TypeSettingsOf(o.Types[0], strconv.Itoa)
		s.Name = desk.Text{"fr": "Autre"}
		change(&s)
		if _, err := o.NewType("", s, "fr"); !slices.Equal(wrongFields(err), []string{want}) {
			t.Errorf("%v, want %s", wrongFields(err), want)
		}
	}
}

func TestAPriceNeedsACurrency(t *testing.T) {
	t.Parallel()
	o := first(t)
	o.Types[0].Terms = pricing.Terms{Model: pricing.Incident, Incident: "50.00"}
	for currency, want := range map[string]string{"": "currency offer.currency_type", "JPY": "currency offer.currency_type", "euro": "currency fault.price.currency"} {
		if _, err := o.WithPrices(desk.PriceSettings{Currency: currency}); !slices.Equal(wrongFields(err), []string{want}) {
			t.Errorf("%q: %v", currency, wrongFields(err))
		}
	}
	if _, err := o.WithPrices(desk.PriceSettings{Currency: " chf "}); err != nil {
		t.Error(err)
	}
}

func TestHoursAreJudgedAtTheirFields(t *testing.T) {
	t.Parallel()
	o := first(t)
	for want, change := range map[string]func(*desk.HoursSettings){
		"mon hours.overlap":       func(s *desk.HoursSettings) { s.Days["mon"] = "08:00-12:00, 11:00-13:00" },
		"tue hours.block":         func(s *desk.HoursSettings) { s.Days["tue"] = "08:00-08:00" },
		"wed hours.block":         func(s *desk.HoursSettings) { s.Days["wed"] = "morning" },
		"thu hours.overlap":       func(s *desk.HoursSettings) { s.Days["thu"] = "20:00-09:00" }, // into Friday's first
		"zone hours.zone":         func(s *desk.HoursSettings) { s.Zone = "Europe/Lyon" },
		"holidays hours.holidays": func(s *desk.HoursSettings) { s.Holidays = "zz" },
		"closed hours.date":       func(s *desk.HoursSettings) { s.Closed = "2026-12-24\n24/12/2026" },
		"open hours.date":         func(s *desk.HoursSettings) { s.Open = "2026-13-01 08:00-12:00" },
		"open hours.block":        func(s *desk.HoursSettings) { s.Open = "2026-12-26" },
		"open offer.open_twice":   func(s *desk.HoursSettings) { s.Open = "2026-12-26 08:00-09:00\n2026-12-26 10:00-11:00" },
		"name_fr required":        func(s *desk.HoursSettings) { s.Name = nil },
		"mon offer.hours_never":   func(s *desk.HoursSettings) { s.Days = nil },
	} {
		s := desk.HoursSettingsOf(o.Calendars[0])
		change(&s)
		if _, err := o.NewHours("office", s, "fr"); !slices.Equal(wrongFields(err), []string{want}) {
			t.Errorf("%v, want %s", wrongFields(err), want)
		}
	}
	s := desk.HoursSettingsOf(o.Calendars[0])
	s.Days["mon"], s.Days["sat"], s.Presets = "8h-12h30; 13:30 – 18h", "x", map[string]string{"sat": "all"}
	c, err := o.NewHours("office", s, "fr")
	if err != nil || !slices.Equal(c.Spec.Weekly["mon"], []string{"08:00-12:30", "13:30-18:00"}) || !slices.Equal(c.Spec.Weekly["sat"], []string{"00:00-24:00"}) {
		t.Errorf("%v (%v)", c.Spec.Weekly, err)
	}
}

func TestTheComingDaysSayWhy(t *testing.T) {
	t.Parallel()
	c := first(t).Calendars[0]
	c.Spec.Closed, c.Spec.Open = []string{"2026-12-24"}, map[string][]string{"2026-12-26": {"10:00-12:00"}}
	var why []string
	for _, d := range c.Coming(time.Date(2026, 12, 23, 23, 30, 0, 0, time.UTC), 4) { // the 24th in Paris
		why = append(why, d.Date.Format("02")+" "+d.Why+" "+d.Blocks.Total().String())
	}
	if want := []string{"24 closed 0s", "25  8h30m0s", "26 open 2h0m0s", "27 weekly 0s"}; !slices.Equal(why, want) {
		t.Errorf("%q", why)
	}
}

func TestATypeInUseNeedsASuccessor(t *testing.T) {
	t.Parallel()
	o := first(t)
	for _, key := range []string{"gold", "silver"} {
		other := o.Types[0]
		other.Key, other.Name = key, desk.Text{"fr": key}
		o.PutType(other)
	}
	inUse := map[string]int{"gold": 3}
	if err := o.RemoveType("gold", "", inUse); !slices.Equal(wrongFields(err), []string{"successor offer.type_used"}) {
		t.Errorf("without: %v", err)
	}
	for _, wrong := range []string{"gold", "bronze"} {
		if err := o.RemoveType("gold", wrong, inUse); !slices.Equal(wrongFields(err), []string{"successor choose"}) {
			t.Errorf("succeeded by %s: %v", wrong, err)
		}
	}
	if err := o.RemoveType("standard", "", inUse); !slices.Equal(wrongFields(err), []string{"successor offer.type_default"}) {
		t.Errorf("the default: %v", err)
	}
	if err := o.RemoveType("gold", "silver", inUse); err != nil || o.Current("gold") != "silver" {
		t.Errorf("succeeded: %v, %s", err, o.Current("gold"))
	}
	if err := o.RemoveType("silver", "", inUse); !slices.Equal(wrongFields(err), []string{"successor offer.type_used"}) {
		t.Errorf("whom they have now: %v", err)
	}
	if err := o.RemoveType("silver", "standard", inUse); err != nil || o.Current("gold") != "standard" {
		t.Errorf("a chain: %v, %s", err, o.Current("gold"))
	}
	open, err := desk.OfferVersion{Content: o}.Open()
	if err != nil || open.Level("gold").Type.Key != "standard" {
		t.Errorf("they are promised %s (%v)", open.Level("gold").Type.Key, err)
	}
	if err := o.RemoveHours("office"); !slices.Equal(wrongFields(err), []string{"removal offer.hours_used"}) {
		t.Errorf("hours in use: %v", err)
	}
}

func TestEveryChangeIsTold(t *testing.T) {
	t.Parallel()
	was := first(t)
	for want, change := range map[string]func(*desk.Offer){
		"": func(o *desk.Offer) {
			o.Types[0].Services, o.Types[0].Kinds, o.Types[0].Givers, o.Tax = []string{}, []string{}, []desk.Giver{}, desk.Text{}
		},
		"type standard target.stopped.first_reply 60>30": func(o *desk.Offer) {
			o.Types[0].Targets[desk.Stopped] = desk.Targets{FirstReply: 30, NextReply: 60}
		},
		"type standard price.monthly >3.00":                 func(o *desk.Offer) { o.Types[0].Terms.Monthly = "3.00" },
		"type gold  >gold":                                  func(o *desk.Offer) { o.PutType(desk.SupportType{Key: "gold"}) },
		"type standard  standard>":                          func(o *desk.Offer) { o.Types = nil },
		"hours office weekly.mon 08:30-12:30, 13:30-18:00>": func(o *desk.Offer) { delete(o.Calendars[0].Spec.Weekly, "mon") },
		"prices  tax.fr >TTC":                               func(o *desk.Offer) { o.Tax = desk.Text{"fr": "TTC"} },
		"general  indexed true>false":                       func(o *desk.Offer) { o.Indexed = false },
	} {
		now := first(t)
		change(&now)
		var got []string
		for _, c := range desk.CompareOffers(was, now) {
			if c.Field == "order" || c.Field == "default" {
				continue
			}
			got = append(got, c.Part+" "+c.Key+" "+c.Field+" "+c.Was+">"+c.Now)
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// A draft comes back from its table as it went in, and a comparison of any offer
// with itself is empty; the opposite comparison tells as much.
func TestComparingIsSymmetric(t *testing.T) {
	t.Parallel()
	base := first(t)
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) desk.Offer {
			o := base
			o.Types = nil
			for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d"}), 0, 4, rapid.ID).Draw(t, name) {
				o.Types = append(o.Types, desk.SupportType{Key: key, Calendar: rapid.SampledFrom([]string{"office", "night"}).Draw(t, "calendar"),
					Targets: map[desk.Impact]desk.Targets{desk.Minor: {FirstReply: rapid.IntRange(0, 2).Draw(t, "minutes")}}})
			}
			return o
		}
		a, b := draw("a"), draw("b")
		if list := desk.CompareOffers(a, a); len(list) > 0 {
			t.Fatalf("an offer differs from itself: %+v", list)
		}
		there, back := desk.CompareOffers(a, b), desk.CompareOffers(b, a)
		if len(there) != len(back) {
			t.Fatalf("%d changes there, %d back", len(there), len(back))
		}
		var stored desk.Offer
		bytes, err := json.Marshal(b)
		if err != nil || json.Unmarshal(bytes, &stored) != nil {
			t.Fatal(err)
		}
		if list := desk.CompareOffers(b, stored); len(list) > 0 {
			t.Fatalf("stored, it differs: %+v", list)
		}
	})
}
